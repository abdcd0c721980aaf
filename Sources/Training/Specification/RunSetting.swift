/// What is trained: the two stages of the method.
public enum TrainingStage: String, Sendable, Hashable, Codable, CaseIterable {
  /// Supervised fine-tuning on curated critiques (paper, section 3.1).
  case sft
  /// Reinforcement learning with the first wrong step as ground truth (paper, section 3.2).
  case rl
}

/// Who trains.
public enum TrainingEngine: String, Sendable, Hashable, Codable, CaseIterable {
  /// Hugging Face's TRL: one machine, processor or GPUs.
  case trl
  /// verl: one machine or a cluster of GPUs, as in the paper.
  case verl
}

/// Where a run is started.
public enum Launcher: String, Sendable, Hashable, Codable, CaseIterable {
  /// A process of this machine.
  case local
  /// A job of a Ray cluster.
  case ray
  /// A script for SLURM, to be submitted by hand.
  case slurm = "script:slurm"
  /// A RayJob for KubeRay, to be applied by hand.
  case kuberay = "script:kuberay"
  /// A task for SkyPilot, to be launched by hand.
  case skypilot = "script:skypilot"

  /// Whether files are written for a person to take elsewhere.
  public var isScript: Bool { self == .slurm || self == .kuberay || self == .skypilot }
}

/// One row of the table of settings: the only place where a key, its range, its defaults and its words are said.
public struct RunSetting: Sendable, Hashable {
  /// What a value may be.
  public enum Kind: Sendable, Hashable {
    /// A whole number of a range.
    case integer(ClosedRange<Int>)
    /// A number of a range.
    case number(ClosedRange<Double>)
    /// Any text.
    case text
    /// One of some words.
    case choice([String])
  }

  /// The key, in files and on command lines.
  public let key: String
  /// The table of the file that it stands in.
  public let group: String
  /// What it may be.
  public let kind: Kind
  /// The stages that it counts for.
  public let stages: [TrainingStage]
  /// The value for supervised fine-tuning unless another is named.
  public let sft: RunValue
  /// The value for reinforcement learning unless another is named.
  public let rl: RunValue
  /// A sentence without its full stop.
  public let summary: String

  init(
    _ key: String, _ group: String, _ kind: Kind, _ sft: RunValue, rl: RunValue? = nil,
    only stage: TrainingStage? = nil, _ summary: String
  ) {
    self.key = key
    self.group = group
    self.kind = kind
    self.stages = stage.map { [$0] } ?? TrainingStage.allCases
    self.sft = sft
    self.rl = rl ?? sft
    self.summary = summary
  }

  /// The value unless another is named.
  public func standard(_ stage: TrainingStage) -> RunValue { stage == .sft ? sft : rl }

  /// The setting with a key.
  public static func named(_ key: String) -> RunSetting? { all.first { $0.key == key } }

  private static let large = Int.max >> 16
  private static let positive = 1...large
  private static let natural = 0...large

  /// All of them, in the order of the file. Learning rates, batches, epochs, warm-up, lengths and samples are the paper's
  /// (appendix; the method's summary says which are weakly sourced).
  public static let all: [RunSetting] = [
    RunSetting("model", "run", .text, .text(""), "The base model: a folder, or a name that the engine can load"),
    RunSetting("tokenizer", "run", .text, .text(""), "A folder with another tokenizer than the model's"),
    RunSetting("seed", "run", .integer(natural), .integer(42), "Seed of shuffling and sampling"),

    RunSetting(
      "learning_rate", "train", .number(1e-12...1), .number(1e-5), rl: .number(1e-6), "The highest rate of the schedule"
    ),
    RunSetting(
      "schedule", "train", .choice(["cosine", "linear", "constant", "constant_with_warmup"]), .text("cosine"),
      rl: .text("constant"), "How the learning rate goes on"),
    RunSetting(
      "warmup", "train", .number(0...1e9), .number(0.1), rl: .number(0),
      "Warm-up: a share of all steps below 1, else a number of steps"),
    RunSetting(
      "epochs", "train", .integer(1...100_000), .integer(3), rl: .integer(1),
      "How often the data is "
        + "gone through"),
    RunSetting("max_steps", "train", .integer(natural), .integer(0), "Steps in all; 0 to go by epochs"),
    RunSetting(
      "batch", "train", .integer(positive), .integer(64), rl: .integer(128),
      "Rows of one step; in reinforcement learning prompts, each answered 'samples' times"),
    RunSetting(
      "micro_batch", "train", .integer(positive), .integer(1), rl: .integer(8),
      "Sequences that a device "
        + "computes at once"),
    RunSetting(
      "max_length", "train", .integer(positive), .integer(16384), only: .sft, "Longest row in tokens"),
    RunSetting("max_prompt", "train", .integer(positive), .integer(4096), only: .rl, "Longest prompt in tokens"),
    RunSetting(
      "max_completion", "train", .integer(positive), .integer(8192), only: .rl, "Longest sampled critique in tokens"),
    RunSetting(
      "overlong", "train", .choice(["refuse", "drop"]), .text("refuse"),
      "What becomes of longer rows; nothing is ever cut off"),
    RunSetting("samples", "train", .integer(2...4096), .integer(8), only: .rl, "Critiques sampled for each prompt"),
    RunSetting("temperature", "train", .number(0.01...10), .number(1), only: .rl, "Temperature of these samples"),
    RunSetting("top_p", "train", .number(0.01...1), .number(1), only: .rl, "Share of probability of these samples"),
    RunSetting(
      "kl", "train", .number(0...100), .number(0), only: .rl,
      "Weight of the divergence from the base model; 0 spares the memory of a second model"),
    RunSetting("weight_decay", "train", .number(0...10), .number(0), "Decay of the weights"),
    RunSetting("max_grad_norm", "train", .number(0...1e6), .number(1), "Gradients are cut to this norm"),
    RunSetting(
      "precision", "train", .choice(["auto", "bf16", "fp32"]), .text("auto"), "Numbers; auto is bf16 on a GPU"),
    RunSetting(
      "gradient_checkpointing", "train", .choice(["auto", "on", "off"]), .text("auto"),
      "Computes anew instead of keeping; auto is on where a GPU trains"),

    RunSetting("log_every", "watch", .integer(positive), .integer(1), "Steps between two logs"),
    RunSetting(
      "save_every", "watch", .integer(positive), .integer(100), rl: .integer(20),
      "Steps between two "
        + "checkpoints"),
    RunSetting("keep_checkpoints", "watch", .integer(1...1000), .integer(2), "Checkpoints that are kept"),
    RunSetting(
      "sample_every", "watch", .integer(natural), .integer(10), only: .rl,
      "Steps between two looks at sampled critiques; 0 for none"),
    RunSetting(
      "samples_shown", "watch", .integer(1...64), .integer(4), only: .rl, "Sampled critiques of each look"),

    RunSetting("device", "resources", .choice(["auto", "cpu", "gpu"]), .text("auto"), "What trains"),
    RunSetting("gpus", "resources", .integer(0...1024), .integer(1), "GPUs of each machine; ignored on a processor"),
    RunSetting("nodes", "resources", .integer(1...4096), .integer(1), "Machines"),
    RunSetting("threads", "resources", .integer(0...4096), .integer(0), "Threads of a processor; 0 for all"),
    RunSetting(
      "tensor_parallel", "resources", .integer(1...64), .integer(1), only: .rl,
      "GPUs that share one sampling "
        + "model (verl)"),
    RunSetting(
      "sampler", "resources", .choice(["vllm", "sglang"]), .text("vllm"), only: .rl, "Who samples critiques (verl)"),
    RunSetting(
      "sampler_memory", "resources", .number(0.05...0.98), .number(0.6), only: .rl,
      "Share of a GPU's memory for sampling (verl)"),
    RunSetting(
      "tokens_per_gpu", "resources", .integer(positive), .integer(32768), "Tokens that a GPU computes at once (verl)"),
    RunSetting(
      "offload", "resources", .choice(["on", "off"]), .text("on"),
      "Keeps weights and optimizer in "
        + "main memory (verl)"),
    RunSetting("python", "resources", .text, .text("python3"), "The interpreter on other machines (all but local)"),
    RunSetting(
      "output", "resources", .text, .text(""), "Folder that all machines see, for checkpoints and model (Ray)"),
    RunSetting("time_limit", "resources", .text, .text("24:00:00"), "Longest time of a SLURM job"),
    RunSetting("partition", "resources", .text, .text(""), "Partition of a SLURM job"),
    RunSetting("image", "resources", .text, .text(""), "Container image (KubeRay, SkyPilot)"),
    RunSetting("accelerator", "resources", .text, .text("H100"), "Kind of GPU (SkyPilot)"),
  ]
}
