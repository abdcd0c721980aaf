import Foundation
import Testing

@testable import Training

@Suite struct MemoryTests {
  /// Qwen2.5-7B as its own files say: 7 615 616 512 weights.
  private static let qwen = """
    {"hidden_size": 3584, "num_hidden_layers": 28, "intermediate_size": 18944, "vocab_size": 152064,
     "num_attention_heads": 28, "num_key_value_heads": 4, "tie_word_embeddings": false}
    """

  private func shape(_ text: String = qwen) throws -> ModelShape? {
    let folder = NSTemporaryDirectory() + "deepcritic-shape-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/config.json"))
    return ModelShape(folder: folder)
  }

  private func estimate(_ stage: TrainingStage = .sft, engine: TrainingEngine = .trl, _ changes: [String: String] = [:])
    throws -> MemoryEstimate
  {
    var spec = RunSpecification(stage: stage, engine: engine)
    for (key, value) in changes { try spec.set(key, to: value) }
    return MemoryEstimate(spec, try #require(try shape()), isOnGPU: true)
  }

  @Test func weightsAreCountedFromTheConfiguration() throws {
    // The 129 024 that lack are the biases of queries, keys and values.
    let shape = try #require(try shape())
    #expect(7_615_616_512 - shape.parameters == 28 * (3584 + 2 * 512))
    #expect(try self.shape("{}") == nil && ModelShape(folder: "/nowhere") == nil)
    #expect(
      try self.shape(#"{"hidden_size": -1, "num_hidden_layers": 1, "vocab_size": 9, "num_attention_heads": 1}"#) == nil)
    // Sizes whose products overflow.
    for size in ["head_dim", "num_key_value_heads", "num_experts", "intermediate_size"] {
      #expect(
        try self.shape(
          #"{"hidden_size": 9, "num_hidden_layers": 9, "vocab_size": 9, "num_attention_heads": 9, "\#(size)": 4611686018427387904}"#
        )
          == nil)
    }
    #expect(
      try self.shape(
        #"{"hidden_size": 9999999, "num_hidden_layers": 9999999, "vocab_size": 9999999, "num_attention_heads": 9999999}"#
      ) == nil)
  }

  @Test func allWeightsTakeEightBytesInSixteenBitsAndSixteenInThirtyTwo() throws {
    let parameters = try #require(try shape()).parameters
    let small = try estimate()
    #expect(small.weights + small.gradients + small.optimizer == 8 * parameters)
    let large = try estimate(["precision": "fp32"])
    #expect(large.weights + large.gradients + large.optimizer == 16 * parameters)
    #expect(large.activations == 2 * small.activations && large.logits == small.logits)
  }

  private func estimate(_ changes: [String: String]) throws -> MemoryEstimate { try estimate(.sft, changes) }

  @Test func shardingDividesWhatItShares() throws {
    let parameters = try #require(try shape()).parameters
    let two = try estimate(["sharding": "zero2", "gpus": "8"])
    #expect(two.weights == 2 * parameters && two.gradients == parameters / 4 && two.optimizer == parameters * 12 / 8)
    let three = try estimate(["sharding": "zero3", "gpus": "8"])
    #expect(three.weights == parameters / 4 && three.optimizer == two.optimizer && three.total < two.total)
    let fsdp = try estimate(["sharding": "fsdp", "gpus": "8"])
    #expect(fsdp.weights + fsdp.gradients + fsdp.optimizer <= parameters)
  }

  @Test func adaptersHaveSmallGradientsAndNoReference() throws {
    let (all, lora) = (try estimate(.rl, ["kl": "0.1"]), try estimate(.rl, ["kl": "0.1", "lora_rank": "16"]))
    #expect(lora.gradients * 100 < all.gradients && lora.optimizer * 100 < all.optimizer)
    #expect(all.reference > 0 && lora.reference == 0 && lora.weights > all.weights)
  }

  @Test func activationsComputedAgainAreFew() throws {
    let (again, kept) = (try estimate(), try estimate(["gradient_checkpointing": "off"]))
    let token = 16384 * 3584
    #expect(again.activations == token * (2 * 28 + 34) && kept.activations == token * 34 * 28)
    #expect(again.parts.hasPrefix("optimizer 30.5 GB"))
  }
}
