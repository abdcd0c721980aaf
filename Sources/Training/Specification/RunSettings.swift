// The documentation of a setting is its summary.
// swift-format-ignore: AllPublicDeclarationsHaveDocumentation
/// The table of settings: the only place where a key, its type, its range, its defaults and its words are said. Files,
/// command lines, forms, documentation and checks read it, as rows (``RunSetting/all``, in this order) or by property:
///
/// ```swift
/// let rows = spec.batch * spec.samples
/// try spec.set(\.learningRate, to: 3e-5)
/// ```
///
/// Learning rates, batches, epochs, warm-up, lengths and samples are the paper's (appendix; the method's summary says which
/// are weakly sourced).
public struct RunSettings: Sendable {
  /// Learning rate schedule.
  public enum Schedule: String, SettingChoice {
    case cosine, linear, constant
    case constantWithWarmup = "constant_with_warmup"
  }

  /// What becomes of rows that are too long.
  public enum OverlongRows: String, SettingChoice { case refuse, drop }

  /// Numbers that weights are computed with.
  public enum Precision: String, SettingChoice { case auto, bf16, fp32 }

  /// On, off, or as the device wants it.
  public enum AutomaticSwitch: String, SettingChoice { case auto, on, off }

  /// On or off.
  public enum Switch: String, SettingChoice { case on, off }

  /// What trains.
  public enum Device: String, SettingChoice { case auto, cpu, gpu }

  /// The server that samples critiques for verl.
  public enum Sampler: String, SettingChoice { case vllm, sglang }

  /// Where a run is tracked besides the workspace.
  public enum Tracker: String, SettingChoice { case none, trackio, wandb, tensorboard }

  /// What the GPUs of a run share out among them.
  public enum Sharding: String, SettingChoice { case off, fsdp, zero2, zero3 }

  static let table = RunSettings()

  /// Small enough that no product of two settings overflows.
  private static let large = 1_000_000_000
  private static let positive = 1...large
  private static let natural = 0...large

  public let model = SettingKey("model", .run, "", "The base model: a folder, or a name that the engine can load")
  public let tokenizer = SettingKey("tokenizer", .run, "", "A folder with another tokenizer than the model's")
  public let seed = SettingKey<Int>("seed", .run, natural, 42, "Seed of shuffling and sampling")

  public let learningRate = SettingKey<Double>(
    "learning_rate", .train, 1e-12...1, 1e-5, rl: 1e-6, "The highest rate of the schedule")
  public let schedule = SettingKey<Schedule>(
    "schedule", .train, .cosine, rl: .constant, "Learning rate schedule")
  public let warmup = SettingKey<Double>(
    "warmup", .train, 0...1e9, 0.1, rl: 0, "Warm-up: a share of all steps below 1, else a number of steps")
  public let epochs = SettingKey<Int>(
    "epochs", .train, 1...100_000, 3, rl: 1, "How often the data is gone through")
  public let maxSteps = SettingKey<Int>("max_steps", .train, natural, 0, "Steps in all; 0 to go by epochs")
  public let batch = SettingKey<Int>(
    "batch", .train, positive, 64, rl: 128,
    "Rows of one step; in reinforcement learning prompts, each answered 'samples' times")
  public let microBatch = SettingKey<Int>(
    "micro_batch", .train, positive, 1, rl: 8, "Sequences that a device computes at once")
  public let maxLength = SettingKey<Int>(
    "max_length", .train, positive, 16384, only: .sft, "Longest row in tokens")
  public let maxPrompt = SettingKey<Int>(
    "max_prompt", .train, positive, 4096, only: .rl, "Longest prompt in tokens")
  public let maxCompletion = SettingKey<Int>(
    "max_completion", .train, positive, 8192, only: .rl, "Longest sampled critique in tokens")
  public let overlong = SettingKey<OverlongRows>(
    "overlong", .train, .refuse, "What becomes of longer rows; nothing is ever cut off")
  public let samples = SettingKey<Int>(
    "samples", .train, 2...4096, 8, only: .rl, "Critiques sampled for each prompt")
  public let temperature = SettingKey<Double>(
    "temperature", .train, 0.01...10, 1, only: .rl, "Temperature of these samples")
  public let topP = SettingKey<Double>(
    "top_p", .train, 0.01...1, 1, only: .rl, "Top-p of the samples")
  public let kl = SettingKey<Double>(
    "kl", .train, 0...100, 0, only: .rl,
    "Weight of the divergence from the base model; 0 spares the memory of a second model")
  public let weightDecay = SettingKey<Double>("weight_decay", .train, 0...10, 0, "Decay of the weights")
  public let maxGradNorm = SettingKey<Double>(
    "max_grad_norm", .train, 0...1e6, 1, "Gradients are cut to this norm")
  public let precision = SettingKey<Precision>("precision", .train, .auto, "Numbers; auto is bf16 on a GPU")
  public let gradientCheckpointing = SettingKey<AutomaticSwitch>(
    "gradient_checkpointing", .train, .auto,
    "Recompute activations instead of keeping them; auto is on where a GPU trains")

  public let loraRank = SettingKey<Int>(
    "lora_rank", .train, 0...4096, 0, "Rank of LoRA adapters; 0 trains all weights")
  public let loraAlpha = SettingKey<Int>("lora_alpha", .train, 1...65536, 32, "Scale of LoRA adapters")
  public let loraTargets = SettingKey(
    "lora_targets", .train, "all-linear", "Layers with LoRA adapters: all-linear, or names with commas between")

  public let logEvery = SettingKey<Int>("log_every", .watch, positive, 1, "Steps between two logs")
  public let saveEvery = SettingKey<Int>(
    "save_every", .watch, positive, 100, rl: 20, "Steps between two checkpoints")
  public let keepCheckpoints = SettingKey<Int>(
    "keep_checkpoints", .watch, 1...1000, 2, "Checkpoints that are kept")
  public let sampleEvery = SettingKey<Int>(
    "sample_every", .watch, natural, 10, only: .rl, "Steps between two looks at sampled critiques; 0 for none")
  public let samplesShown = SettingKey<Int>(
    "samples_shown", .watch, 1...64, 4, only: .rl, "Sampled critiques of each look")

  public let tracker = SettingKey<Tracker>(
    "tracker", .watch, .none, "Tracker that gets the run's values too; its key stays in the environment")
  public let trackerProject = SettingKey("tracker_project", .watch, "deepcritic", "Project of the tracker")

  public let device = SettingKey<Device>("device", .resources, .auto, "What trains")
  public let gpus = SettingKey<Int>(
    "gpus", .resources, 0...1024, 1, "GPUs of each machine; ignored on a processor")
  public let nodes = SettingKey<Int>("nodes", .resources, 1...4096, 1, "Machines")
  public let threads = SettingKey<Int>(
    "threads", .resources, 0...4096, 0, "Threads of a processor; 0 for all")
  public let sharding = SettingKey<Sharding>(
    "sharding", .resources, .off, "Shares weights and optimizer among GPUs (trl; verl always uses FSDP)")
  public let tensorParallel = SettingKey<Int>(
    "tensor_parallel", .resources, 1...64, 1, only: .rl, "GPUs that share one sampling model (verl)")
  public let sampler = SettingKey<Sampler>(
    "sampler", .resources, .vllm, only: .rl, "Engine that samples critiques (verl)")
  public let samplerMemory = SettingKey<Double>(
    "sampler_memory", .resources, 0.05...0.98, 0.6, only: .rl, "Share of a GPU's memory for sampling (verl)")
  public let tokensPerGPU = SettingKey<Int>(
    "tokens_per_gpu", .resources, positive, 32768, "Tokens that a GPU computes at once (verl)")
  public let offload = SettingKey<Switch>(
    "offload", .resources, .on, "Keeps weights and optimizer in main memory (verl)")
  public let python = SettingKey(
    "python", .resources, "python3", "The interpreter on other machines (all but local)")
  public let output = SettingKey(
    "output", .resources, "", "Folder that all machines see, for checkpoints and model (Ray)")
  public let rayAddress = SettingKey(
    "ray_address", .resources, "", "Address of the Ray cluster; else RAY_ADDRESS, else this machine's (Ray)")
  public let carryModel = SettingKey<Switch>(
    "carry_model", .resources, .off, "Copies the model of this machine into the run's folder, so that it travels along")
  public let cpus = SettingKey<Int>(
    "cpus", .resources, 0...4096, 0, "CPUs of each machine of a cluster; 0 for the cluster's default")
  public let memory = SettingKey<Int>(
    "memory", .resources, 0...65536, 0, "Memory of each machine of a cluster in GB; 0 for the cluster's default")
  public let sharedMemory = SettingKey<Int>(
    "shared_memory", .resources, 1...4096, 16, "Size of /dev/shm in GB (KubeRay, SkyPilot with an image)")
  public let timeLimit = SettingKey(
    "time_limit", .resources, "24:00:00", "Longest time of a job, as SLURM writes it (SLURM, KubeRay)")
  public let partition = SettingKey("partition", .resources, "", "Partition of a SLURM job")
  public let account = SettingKey("account", .resources, "", "Account of a SLURM job")
  public let secrets = SettingKey(
    "secrets", .resources, "", "Names of variables that hold secrets, such as HF_TOKEN, with commas between")
  public let secretName = SettingKey(
    "secret_name", .resources, "deepcritic", "Kubernetes secret that holds them (KubeRay)")
  public let volume = SettingKey(
    "volume", .resources, "deepcritic-runs", "Volume claim for files and results (KubeRay)")
  public let bucket = SettingKey(
    "bucket", .resources, "", "Bucket for results, such as s3://bucket/runs (SkyPilot)")
  public let setup = SettingKey(
    "setup", .resources, "",
    "Shell line to run before the trainer starts, on the first machine, such as: module load cuda")
  public let extraSbatch = SettingKey(
    "extra_sbatch", .resources, "", "Options of your own for SLURM, such as: --constraint=h100 --exclusive")
  public let extraYAML = SettingKey(
    "extra_yaml", .resources, "", "YAML file to merge into the written one; its key 'pod' goes to every pod (KubeRay)")
  public let image = SettingKey("image", .resources, "", "Container image (KubeRay, SkyPilot)")
  public let accelerator = SettingKey("accelerator", .resources, "H100", "Kind of GPU (SkyPilot)")
}
