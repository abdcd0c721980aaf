import Formatting
import Foundation

/// What can be said about a specification without starting anything.
struct SpecificationChecks {
  var spec: RunSpecification
  var data: TrainingData
  private(set) var problems: [RunSettingError] = []
  private(set) var warnings: [String] = []

  init(_ spec: RunSpecification, _ data: TrainingData) {
    self.spec = spec
    self.data = data
    checkData()
    checkModel()
    checkBatches()
    checkResources()
  }

  private mutating func add(_ key: String, _ message: String) { problems.append(RunSettingError(key, message)) }

  private mutating func checkData() {
    if let kind = data.kind, kind != spec.stage.rawValue {
      add(
        "data",
        "is a set for '\(kind)', not for '\(spec.stage.rawValue)'; write one with 'deepcritic export "
          + "\(spec.stage.rawValue)'")
      return
    }
    let suitable: [String] =
      switch (spec.stage, spec.engine) {
      case (.sft, _): ["messages", "prompt-completion", "openai", "deepcritic"]
      case (.rl, .trl): ["trl"]
      case (.rl, .verl): ["verl"]
      }
    if let format = data.format, !suitable.contains(format) {
      add(
        "data",
        "has rows in the shape '\(format)', which \(spec.engine.rawValue) cannot read here; write it "
          + "with 'deepcritic "
          + "export \(spec.stage.rawValue) --format \(suitable[0])'")
    }
  }

  private mutating func checkModel() {
    if spec.model.isEmpty { return add("model", "is missing: name the base model's folder with --model") }
    for (key, path) in [("model", spec.model), ("tokenizer", spec.tokenizer)] {
      guard spec.launcher == .local || spec.carryModel == .on else {
        checkElsewhere(key, path)
        continue
      }
      if spec.carryModel == .on, spec.launcher != .local, !path.isEmpty, !path.hasPrefix("/") {
        add(key, "names no folder of this machine, which 'carry_model' would copy: \(path)")
        continue
      }
      guard path.hasPrefix("/") || path.hasPrefix(".") || path.hasPrefix("~") else { continue }
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
        add(key, "names no folder: \(path)")
        continue
      }
      let file = key == "model" ? "config.json" : "tokenizer_config.json"
      if !FileManager.default.fileExists(atPath: path + "/" + file) { add(key, "has no \(file): \(path)") }
    }
  }

  /// A path of another machine is judged there; what no machine could find is judged here.
  private mutating func checkElsewhere(_ key: String, _ path: String) {
    if path.hasPrefix(".") || path.hasPrefix("~") {
      add(key, "must be a full path or a name, since the run starts elsewhere: \(path)")
    } else if path.hasPrefix("/"), FileManager.default.fileExists(atPath: path), spec.launcher != .slurm {
      warnings.append("'\(key)' must be at \(path) there too; carry_model = \"on\" sends it along")
    }
  }

  private var devices: Int {
    spec.device == .cpu ? 1 : max(spec.gpus, 1) * spec.nodes
  }

  private mutating func checkBatches() {
    let rows = data.rows["train.jsonl"] ?? 0
    let batch = spec.batch
    if batch > rows { add("batch", "is \(batch), but there are only \(rows) rows; set it to \(rows) or less") }
    switch spec.engine {
    case .trl:
      let samples = spec.stage == .rl ? spec.samples : 1
      let together = spec.microBatch * devices
      if batch * samples % together != 0 {
        let product = samples > 1 ? "\(batch) × \(samples) = \(batch * samples)" : "\(batch)"
        add(
          "micro_batch",
          "must divide the sequences of a step: \(product) cannot be shared by \(devices) × \(spec.microBatch)"
        )
      }
    case .verl:
      let sequences = spec.stage == .rl ? batch * spec.samples : batch
      if sequences % devices != 0 {
        add(
          "batch",
          "gives \(sequences) sequences, which \(devices) GPUs cannot "
            + "share alike")
      }
      if spec.stage == .rl, devices % spec.tensorParallel != 0 {
        add("tensor_parallel", "must divide the \(devices) GPUs")
      }
    }
    let extra = spec.extra
    if spec.engine == .trl, case .integer(let generations) = extra["num_generations"] {
      if generations != spec.samples {
        add("trl.num_generations", "contradicts 'samples', which is \(spec.samples); set that one")
      }
    }
  }

  private mutating func checkResources() {
    if data.rows["validation.jsonl"] == 0 {
      warnings.append("validation.jsonl has no rows, so the run has no validation loss")
    }
    checkPlace()
    if spec.engine == .verl {
      if spec.device == .cpu { add("engine", "is verl, which needs GPUs; on a processor only trl trains") }
      if spec.gpus == 0 { add("gpus", "is 0, and verl needs at least one") }
      if spec.schedule == .linear { add("schedule", "is linear, which verl lacks: cosine or constant") }
    }
    if spec.engine == .trl, spec.sharding != .off, spec.gpusPerNode < 2 {
      add("sharding", "is \(spec.sharding.rawValue), which needs several GPUs; 'gpus' is \(spec.gpusPerNode)")
    }
    if spec.engine == .verl, spec.sharding == .zero2 || spec.sharding == .zero3 {
      add("sharding", "is \(spec.sharding.rawValue), which verl lacks: it always uses FSDP")
    }
    if spec.loraRank > 0, spec.loraTargets.list.isEmpty { add("lora_targets", "is empty") }
    if spec.engine == .trl, spec.nodes > 1 {
      add("nodes", "is \(spec.nodes): trl trains on one machine here; verl on several")
    }
    if spec.engine == .trl, spec.stage == .rl, spec.kl > 0 {
      warnings.append("'kl' above 0 keeps a second copy of the model in memory")
    }
    guard spec.engine == .verl else { return }
    let longest =
      spec.stage == .sft ? spec.maxLength : spec.maxPrompt + spec.maxCompletion
    if spec.tokensPerGPU < longest {
      warnings.append("'tokens_per_gpu' is raised to \(longest), the longest sequence")
    }
  }
}

extension SpecificationChecks {
  private mutating func checkPlace() {
    for name in spec.secrets.list {
      let isName = name.utf8.allSatisfy { byte in
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
      }
      guard isName, !(0x30...0x39).contains(name.utf8.first ?? 0x30) else {
        // A value that was given by mistake is not repeated.
        add("secrets", "must be names of variables, such as HF_TOKEN; values stay in the environment")
        break
      }
      if ["hf_", "sk-", "sk_", "ghp_"].contains(where: { name.hasPrefix($0) }) {
        add("secrets", "looks like a secret itself; give the name of its variable, such as HF_TOKEN")
        break
      }
    }
    for (key, name) in [("secret_name", spec.secretName), ("volume", spec.volume)] where spec.launcher == .kuberay {
      let isName = name.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || [0x2D, 0x2E].contains($0)
      }
      if name.isEmpty || !isName { add(key, "is not a valid Kubernetes name: '\(name)'") }
    }
    if [.slurm, .kuberay].contains(spec.launcher), SlurmTime.seconds(spec.timeLimit) == nil {
      add("time_limit", "must be minutes, hours:minutes:seconds or days-hours:minutes:seconds, not '\(spec.timeLimit)'")
    }
    if spec.launcher == .skypilot, !spec.bucket.isEmpty, !spec.bucket.contains("://") {
      add("bucket", "must begin with its kind, such as s3://, gs:// or r2://: '\(spec.bucket)'")
    }
  }
}

/// What an engine said about a run before it began.
public struct EngineFacts: Sendable, Hashable, Codable {
  /// A GPU.
  public struct GPU: Sendable, Hashable, Codable {
    /// Its name.
    public var name: String
    /// Its memory in bytes.
    public var memory: Int
  }

  /// The problems.
  public var problems: [RunSettingError] = []
  /// Weights of the model.
  public var parameters: Int?
  /// Layers of the model, and the sizes that its memory depends on.
  public var layers: Int?
  /// Units of its hidden states.
  public var hidden: Int?
  /// Units within its feed-forward layers.
  public var intermediate: Int?
  /// Tokens that it knows.
  public var vocabulary: Int?
  /// The GPUs of this machine.
  public var gpus: [GPU]?
  /// The longest sequence that the model was made for.
  public var context: Int?
  /// Tokens of the longest row.
  public var longest: Int?
  /// "cpu" or "gpu": what will train.
  public var device: String?
  /// Versions of the packages that matter.
  public var versions: [String: String]?

  /// Memory on each device, given what the engine counted.
  func estimate(_ spec: RunSpecification) -> MemoryEstimate? {
    guard let parameters else { return nil }
    // A model of the hub has no folder here; the engine has read its configuration.
    let shape = ModelShape(
      parameters: parameters, layers: layers ?? 0, hidden: hidden ?? 0, intermediate: intermediate ?? 0,
      vocabulary: vocabulary ?? 0)
    let isOnGPU = spec.launcher == .local ? device == "gpu" : spec.device != .cpu
    return MemoryEstimate(spec, shape, isOnGPU: isOnGPU, longest: longest)
  }

  /// Problems and guesses about memory and disk, given what the engine said.
  func conclusions(_ spec: RunSpecification, free: Int64) -> (problems: [RunSettingError], warnings: [String]) {
    var problems: [RunSettingError] = []
    var warnings: [String] = []
    if let context {
      let wanted =
        spec.stage == .sft
        ? min(spec.maxLength, longest ?? .max)
        : min(spec.maxPrompt, longest ?? .max) + spec.maxCompletion
      if wanted > context {
        problems.append(
          RunSettingError(
            spec.stage == .sft ? "max_length" : "max_completion",
            "needs sequences of \(wanted) tokens, and the model was made for \(context)"))
      }
    }
    if device == "gpu", let gpus, spec.gpus > gpus.count {
      problems.append(RunSettingError("gpus", "is \(spec.gpus), and this machine has \(gpus.count)"))
    }
    if device == "cpu", spec.gpus > 1 {
      problems.append(RunSettingError("gpus", "is \(spec.gpus), and this machine has none"))
    }
    guard let parameters else { return (problems, warnings) }
    if device == "gpu", let memory = gpus?.first?.memory, let estimate = estimate(spec) {
      if Double(estimate.total) > 0.95 * Double(memory) {
        warnings.append(
          "the model may not fit: about \(Figures.size(estimate.total)) of \(Figures.size(memory)) on a GPU "
            + "(\(estimate.parts))")
      }
    }
    // A checkpoint holds weights and optimizer; one more is written before the oldest is deleted.
    // With adapters it holds only those, of which the gradients have at least a byte for each.
    let trained = spec.loraRank > 0 ? estimate(spec)?.gradients ?? parameters : parameters
    let checkpoint = Double(trained) * 12
    let needed = checkpoint * Double(spec.keepCheckpoints + 1) + Double(parameters) * 4
    if needed > Double(free) {
      problems.append(
        RunSettingError(
          "keep_checkpoints",
          "needs about \(Figures.size(Int(saturating: needed))) of disk (\(spec.keepCheckpoints) checkpoints of "
            + "\(Figures.size(Int(saturating: checkpoint)))), and \(Figures.size(Int(free))) are free; keep fewer, or free some space"
        ))
    }
    return (problems, warnings)
  }
}
