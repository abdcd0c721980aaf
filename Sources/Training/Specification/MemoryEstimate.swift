import Formatting
import Foundation
import JSON

/// The sizes of a model that its memory depends on, from its `config.json`.
public struct ModelShape: Sendable, Hashable {
  var layers: Int
  var hidden: Int
  var intermediate: Int
  var vocabulary: Int
  /// Weights of all layers and embeddings.
  public var parameters: Int

  init(parameters: Int, layers: Int, hidden: Int, intermediate: Int, vocabulary: Int) {
    self.parameters = parameters
    (self.layers, self.hidden, self.intermediate, self.vocabulary) = (layers, hidden, intermediate, vocabulary)
  }

  /// Reads a folder's `config.json`; `nil` where it names no such sizes.
  ///
  /// Parameters are counted for decoders with gated feed-forward layers (Llama, Qwen, Mistral), mixtures of experts too.
  public init?(folder: String) {
    guard let data = PlainFile.data(folder + "/config.json"),
      let root = try? JSONDocument(parsing: [UInt8](data)).root
    else { return nil }
    let text = root["text_config"] ?? root
    guard let hidden = text["hidden_size"]?.int, let layers = text["num_hidden_layers"]?.int,
      let vocabulary = text["vocab_size"]?.int, let heads = text["num_attention_heads"]?.int,
      [hidden, layers, vocabulary, heads].allSatisfy({ (1...10_000_000).contains($0) })
    else { return nil }
    let head = text["head_dim"]?.int ?? hidden / heads
    let keyHeads = text["num_key_value_heads"]?.int ?? heads
    let experts = text["num_experts"]?.int ?? text["num_local_experts"]?.int ?? 1
    intermediate =
      (experts > 1 ? text["moe_intermediate_size"]?.int : nil) ?? text["intermediate_size"]?.int ?? 4 * hidden
    guard [head, keyHeads, experts, intermediate].allSatisfy({ (1...10_000_000).contains($0) }) else { return nil }
    // In floating point, since a file can name sizes whose products overflow.
    let width = Double(hidden)
    let layer =
      2 * width * Double(heads + keyHeads) * Double(head) + 3 * width * Double(intermediate) * Double(experts) + 2
      * width
    let isTied = text["tie_word_embeddings"]?.bool ?? root["tie_word_embeddings"]?.bool ?? false
    let all = Double(vocabulary) * width * (isTied ? 1 : 2) + Double(layers) * layer + width
    guard all < 1e15 else { return nil }
    (self.hidden, self.layers, self.vocabulary) = (hidden, layers, vocabulary)
    parameters = Int(all)
  }
}

/// Memory that training takes on each device, roughly.
///
/// Weights, gradients and optimizer: bytes a weight by precision and sharding, as in Rajbhandari et al., "ZeRO: Memory
/// Optimizations Toward Training Trillion Parameter Models" (2020), section 3: 2 + 2 + 12 with Adam in mixed precision,
/// the parts divided by the devices that share them. TRL keeps weights, gradients and both moments in the model's own
/// precision: 8 bytes in bf16, 16 in fp32. Adapters have gradients and moments of their own only (Hu et al., "LoRA", 2021).
/// Activations: 34 bytes a token, layer and hidden unit in 16 bits without the attention matrix, 2 where they are computed
/// again (Korthikanti et al., "Reducing Activation Recomputation in Large Transformer Models", 2022, sections 4 and 5).
/// Logits and their gradient have 32 bits.
public struct MemoryEstimate: Sendable, Hashable, Codable {
  /// Bytes of the weights.
  public var weights: Int
  /// Bytes of the gradients.
  public var gradients: Int
  /// Bytes of the optimizer's moments, and of its own copy of the weights.
  public var optimizer: Int
  /// Bytes of what is kept for the gradients, at the longest sequences.
  public var activations: Int
  /// Bytes of the logits and their gradient.
  public var logits: Int
  /// Bytes of the model that divergence is measured from.
  public var reference: Int

  /// All of it.
  public var total: Int {
    Int(saturating: [weights, gradients, optimizer, activations, logits, reference].reduce(0) { $0 + Double($1) })
  }

  /// - Parameters:
  ///   - isOnGPU: whether a GPU trains, which decides about precision and recomputation that are left to the device.
  ///   - longest: tokens of the longest row, where they were counted.
  public init(_ spec: RunSpecification, _ shape: ModelShape, isOnGPU: Bool, longest: Int? = nil) {
    let all = Double(shape.parameters)
    let isSmall = spec.precision == .bf16 || (spec.precision == .auto && isOnGPU)
    let number = isSmall ? 2.0 : 4.0
    let devices = Double(max(spec.gpusPerNode, 1) * (isOnGPU ? spec.nodes : 1))
    // What all weights and those that are trained take: weight, gradient, optimizer.
    var bytes = (weight: number, gradient: number, optimizer: 2 * number)
    if spec.engine == .verl || spec.sharding == .zero2 || spec.sharding == .zero3 {
      bytes = isSmall ? (2, 2, 12) : (4, 4, 8)
    }
    let sharesAll = spec.engine == .verl || spec.sharding == .fsdp || spec.sharding == .zero3
    let weightShare = sharesAll ? devices : 1
    let stateShare = sharesAll || spec.sharding == .zero2 ? devices : 1
    let adapters = Double(spec.loraRank) * Double(shape.layers) * Double(11 * shape.hidden + 3 * shape.intermediate)
    let trained = spec.loraRank > 0 ? adapters : all
    weights = Int(saturating: (all + (spec.loraRank > 0 ? adapters : 0)) * bytes.weight / weightShare)
    gradients = Int(saturating: trained * bytes.gradient / stateShare)
    optimizer = Int(saturating: trained * bytes.optimizer / stateShare)
    let limit =
      spec.stage == .sft
      ? min(spec.maxLength, longest ?? .max) : min(spec.maxPrompt, longest ?? .max) + spec.maxCompletion
    let tokens = Double(spec.engine == .verl ? max(spec.tokensPerGPU, limit) : spec.microBatch * limit)
    let again = spec.gradientCheckpointing == .on || (spec.gradientCheckpointing == .auto && isOnGPU)
    let unit = tokens * Double(shape.hidden) * number / 2
    let layers = Double(shape.layers)
    // Where they are computed again, one layer at a time has all of its own.
    activations = Int(saturating: again ? unit * (2 * layers + 34) : unit * 34 * layers)
    logits = Int(saturating: tokens * Double(shape.vocabulary) * 8)
    // Adapters are switched off for the model that they were laid over.
    reference = spec.stage == .rl && spec.kl > 0 && spec.loraRank == 0 ? Int(saturating: all * number / weightShare) : 0
  }

  /// What it is made of, the largest part first.
  public var parts: String {
    [
      ("weights", weights), ("gradients", gradients), ("optimizer", optimizer), ("activations", activations),
      ("logits", logits), ("reference model", reference),
    ].filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }.map { "\($0.0) \(Figures.size($0.1))" }.joined(separator: ", ")
  }
}

extension RunSpecification {
  /// What training takes on each device; `nil` where the model's folder is not on this machine, or names no sizes.
  public var memoryEstimate: MemoryEstimate? {
    guard !self.model.isEmpty, let shape = ModelShape(folder: HomePath.expanded(self.model)) else {
      return nil
    }
    return MemoryEstimate(
      self, shape, isOnGPU: self.device == .gpu || (self.device == .auto && self.launcher != .local))
  }
}
