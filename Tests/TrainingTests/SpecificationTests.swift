import Foundation
import Testing

@testable import Training

@Suite struct SpecificationTests {
  @Test func defaultsAreThePapers() {
    let sft = RunSpecification(stage: .sft, engine: .trl)
    #expect(sft.learningRate == 1e-5 && sft.batch == 64 && sft.epochs == 3)
    #expect(sft.warmup == 0.1 && sft.schedule == .cosine && sft.maxLength == 16384)
    let rl = RunSpecification(stage: .rl, engine: .verl)
    #expect(rl.learningRate == 1e-6 && rl.batch == 128 && rl.samples == 8)
  }

  @Test func theTableHasEverySettingOnce() throws {
    let keys = RunSetting.all.map(\.key)
    #expect(keys.first == "model" && keys.last == "accelerator" && Set(keys).count == keys.count)
    #expect(Mirror(reflecting: RunSettings.table).children.count == keys.count)
    // What a person types and what the program sets are the same.
    var typed = RunSpecification(stage: .rl, engine: .verl)
    var set = typed
    try typed.set("kl", to: "1")
    try typed.set("resources.device", to: "cpu")
    try set.set(\.kl, to: 1)
    try set.set(\.device, to: .cpu)
    #expect(typed == set && typed.kl == 1 && typed.device == .cpu && typed.batch == 128)
    #expect(throws: RunSettingError.self) { try set.set(\.samples, to: 1) }
  }

  @Test(arguments: [
    ("batch", "0", "'batch' must be a whole number, 1 or more, not '0'"),
    ("batch", "many", "'batch' must be a whole number"), ("batch", "3.5", "'batch' must be a whole number"),
    ("learning_rate", "fast", "'learning_rate' must be a number"), ("learning_rate", "nan", "'learning_rate' must be"),
    ("train.schedule", "steep", "'schedule' is one of cosine"),
    (
      "engine", "jax",
      "'engine' is one of trl, "
        + "verl, not 'jax'"
    ),
    ("bacth", "4", "'bacth' is not a setting; did you mean batch?"),
    ("watch.batch", "4", "'watch.batch' is not a setting"),
    ("trl.hub_token", "hf_x", "'trl.hub_token' looks like a secret"), ("trl.", "1", "'trl.' is not a valid key"),
    ("verl.a b", "1", "'verl.a b' is not a valid key"), ("model", "a\nb", "'model' must not hold line ends"),
    (
      "verl.custom_reward_function.path", "x.py",
      "is never read by verl: the key is "
        + "'reward.custom_reward_function.path'"
    ),
  ]) func refuses(key: String, value: String, words: String) {
    var spec = RunSpecification(stage: .sft, engine: .trl)
    let before = spec
    do throws(RunSettingError) {
      try spec.set(key, to: value)
      Issue.record("\(key)=\(value) was taken")
    } catch {
      #expect("\(error)".contains(words), "\(error)")
    }
    #expect(spec == before)
  }

  @Test func aFileGivesBackWhatWroteIt() throws {
    var spec = RunSpecification(stage: .rl, engine: .verl)
    spec.launcher = .slurm
    spec.data = String(repeating: "ab", count: 32)
    for (key, value) in [
      ("learning_rate", "2.5e-07"), ("model", "/models/a \"b\" \\c"), ("warmup", "20"), ("train.top_p", "0.95"),
      ("verl.actor_rollout_ref.rollout.enforce_eager", "true"), ("trl.adam_beta2", "0.95"),
    ] { try spec.set(key, to: value) }
    var again = RunSpecification(stage: .sft, engine: .trl)
    try again.read(toml: spec.toml, file: "spec.toml")
    #expect(again.toml == spec.toml)
    #expect(again.extra == ["actor_rollout_ref.rollout.enforce_eager": .flag(true)])
    #expect(again.warmup == 20 && again.launcher == .slurm && again.data == spec.data)
  }

  @Test func aFileNamesEveryKeyThatItCannotMean() throws {
    var spec = RunSpecification(stage: .sft, engine: .trl)
    let text = """
      [train]
      batch = "many"
      colour = 3
      epochs = [1, 2]
      [trl]
      nested.key = 1
      """
    let error = #expect(throws: SpecificationError.self) { try spec.read(toml: text, file: "mine.toml") }
    let words = "\(try #require(error))"
    #expect(error?.problems.map(\.key).sorted() == ["batch", "train.colour", "train.epochs"])
    #expect(words.hasPrefix("mine.toml: ") && spec.extra["nested.key"] == .integer(1))
    let broken = #expect(throws: SpecificationError.self) { try spec.read(toml: "a = = 2", file: "mine.toml") }
    #expect("\(try #require(broken))".contains("mine.toml:1"))
  }

  @Test func checksNameTheSetting() throws {
    let bench = try Bench()
    func problems(_ stage: TrainingStage, _ changes: [String: String], data: String) throws -> [String] {
      var spec = try bench.specification(stage)
      for (key, value) in changes { try spec.set(key, to: value) }
      return SpecificationChecks(spec, try TrainingData(data, workspace: bench.workspace)).problems.map { "\($0)" }
    }
    let sft = try bench.data()
    let rl = try bench.data(.rl)
    #expect(try problems(.sft, [:], data: sft).isEmpty)
    #expect(try problems(.rl, [:], data: rl).isEmpty)
    #expect(try problems(.rl, [:], data: sft).first?.hasPrefix("'data' is a set for 'sft', not for 'rl'") == true)
    #expect(try problems(.sft, ["micro_batch": "3"], data: sft).first?.contains("'micro_batch' must divide") == true)
    #expect(try problems(.rl, ["micro_batch": "7"], data: rl).first?.contains("4 × 8 = 32") == true)
    #expect(try problems(.sft, ["batch": "9", "micro_batch": "1"], data: sft).first?.contains("only 8 rows") == true)
    #expect(try problems(.sft, ["model": "/nowhere/at/all"], data: sft) == ["'model' names no folder: /nowhere/at/all"])
    #expect(try problems(.sft, ["engine": "verl", "device": "cpu"], data: sft).first?.contains("needs GPUs") == true)
    #expect(try problems(.rl, ["engine": "verl"], data: rl).first?.contains("--format verl") == true)
    #expect(
      try problems(.sft, ["nodes": "2"], data: sft).first
        == "'nodes' is 2: trl trains on one machine here; verl on several")
    #expect(try problems(.rl, ["trl.num_generations": "4"], data: rl).first?.contains("'trl.num_generations'") == true)
  }

  @Test func whatTheEngineSaidIsHeld() throws {
    var spec = RunSpecification(stage: .rl, engine: .trl)
    try spec.set("max_completion", to: "4000")
    var facts = EngineFacts()
    facts.parameters = 7_000_000_000
    facts.context = 4096
    facts.longest = 500
    facts.device = "gpu"
    facts.gpus = [EngineFacts.GPU(name: "small", memory: 24_000_000_000)]
    let short = facts.conclusions(spec, free: 10_000_000_000)
    #expect(short.problems.map(\.key) == ["max_completion", "keep_checkpoints"])
    #expect("\(short.problems[1])".contains("84.0 GB") && "\(short.problems[1])".contains("10.0 GB are free"))
    #expect(short.warnings.first?.contains("may not fit") == true)
    try spec.set("max_completion", to: "1000")
    #expect(facts.conclusions(spec, free: .max).problems.isEmpty)
    try spec.set("gpus", to: "2")
    #expect("\(facts.conclusions(spec, free: .max).problems)".contains("this machine has 1"))
  }
}
