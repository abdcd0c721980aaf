import Foundation

/// verl's settings of a run, as overrides of its configuration. Keys and traps: verl 0.9.1; a test composes every one of
/// them on verl's own files.
public enum VerlOverrides {
  /// The name of the configuration that the overrides are laid over.
  public static func configuration(_ stage: TrainingStage) -> String {
    stage == .sft ? "sft_trainer_engine" : "ppo_trainer"
  }

  /// The overrides, in a fixed order; those that a person named come last and win.
  ///
  /// - Parameter folder: the run's folder as the machines of the run know it: verl wants absolute paths in places.
  public static func list(_ spec: RunSpecification, folder: String, rows: Int, hasValidation: Bool) -> [String] {
    let pairs =
      spec.stage == .sft
      ? sft(spec, folder, rows: rows, hasValidation) : grpo(spec, folder, rows: rows, hasValidation)
    let own = spec.extra.sorted { $0.key < $1.key }.map { ($0.key, quoted($0.value)) }
    let named = Set(own.map(\.0))
    return (pairs.list.filter { !named.contains($0.key) }.map { ($0.key, $0.value) } + own).map { "\($0.0)=\($0.1)" }
  }

  /// Keys with their values, in order.
  private struct Overrides {
    var list: [(key: String, value: String)] = []

    mutating func add(_ key: String, _ value: String) { list.append((key, value)) }

    static func + (first: Overrides, second: Overrides) -> Overrides { Overrides(list: first.list + second.list) }
  }

  private static func quoted(_ value: RunValue) -> String {
    guard case .text(let text) = value else { return value.words }
    return quoted(text)
  }

  /// A text as Hydra's grammar reads it back: plain where it may be, else in quotes.
  static func quoted(_ text: String) -> String {
    let plain = text.utf8.allSatisfy { byte in
      (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
        || [0x2F, 0x2E, 0x5F, 0x2D].contains(byte)
    }
    if plain, !text.isEmpty { return text }
    // A list or a map is written as such.
    if let first = text.first, first == "[" || first == "{" { return text }
    return "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }

  private static func steps(_ spec: RunSpecification, _ rows: Int) -> Int {
    spec.integer("max_steps") > 0
      ? spec.integer("max_steps") : rows / max(spec.integer("batch"), 1) * spec.integer("epochs")
  }

  private static func common(_ spec: RunSpecification, _ folder: String) -> Overrides {
    var pairs = Overrides()
    // Without this verl wants an account at a service.
    pairs.add("trainer.logger", "[console,file]")
    pairs.add("trainer.project_name", "deepcritic")
    pairs.add("trainer.experiment_name", spec.stage.rawValue)
    pairs.add("trainer.default_local_dir", quoted(folder + "/checkpoints"))
    pairs.add("trainer.n_gpus_per_node", String(spec.integer("gpus")))
    pairs.add("trainer.nnodes", String(spec.integer("nodes")))
    pairs.add("trainer.save_freq", String(spec.integer("save_every")))
    pairs.add("trainer.total_epochs", String(spec.integer("epochs")))
    pairs.add("trainer.resume_mode", "auto")
    if spec.integer("max_steps") > 0 {
      pairs.add("trainer.total_training_steps", String(spec.integer("max_steps")))
    }
    return pairs
  }

  private static func model(_ spec: RunSpecification) -> String { quoted(spec.text("model")) }

  private static func warmup(_ spec: RunSpecification) -> (ratio: String, steps: String) {
    let value = spec.number("warmup")
    return value < 1 ? (RunValue.number(value).words, "-1") : ("0.0", String(Int(value)))
  }

  /// verl knows two schedules by name.
  private static func schedule(_ spec: RunSpecification) -> String {
    spec.text("schedule").hasPrefix("constant") ? "constant" : "cosine"
  }

  private static func sft(
    _ spec: RunSpecification, _ folder: String, rows: Int, _ hasValidation: Bool
  ) -> Overrides {
    let warm = warmup(spec)
    var pairs = Overrides()
    pairs.add("data.train_files", quoted(folder + "/verl-data/train.parquet"))
    pairs.add("data.val_files", hasValidation ? quoted(folder + "/verl-data/validation.parquet") : "null")
    pairs.add("data.train_batch_size", String(spec.integer("batch")))
    pairs.add("data.micro_batch_size_per_gpu", String(spec.integer("micro_batch")))
    pairs.add("data.use_dynamic_bsz", "True")
    pairs.add("data.max_token_len_per_gpu", String(max(spec.integer("tokens_per_gpu"), spec.integer("max_length"))))
    pairs.add("data.max_length", String(spec.integer("max_length")))
    pairs.add("data.truncation", "error")
    pairs.add("data.messages_key", "messages")
    pairs.add("model.path", model(spec))
    pairs.add("optim.lr", spec["learning_rate"].words)
    pairs.add("optim.weight_decay", spec["weight_decay"].words)
    pairs.add("optim.clip_grad", spec["max_grad_norm"].words)
    pairs.add("optim.lr_scheduler_type", schedule(spec))
    pairs.add("optim.lr_warmup_steps_ratio", warm.ratio)
    pairs.add("optim.lr_warmup_steps", warm.steps)
    pairs.add("engine.param_offload", flag(spec.text("offload")))
    pairs.add("engine.optimizer_offload", flag(spec.text("offload")))
    pairs.add("trainer.seed", String(spec.integer("seed")))
    pairs.add("trainer.max_ckpt_to_keep", String(spec.integer("keep_checkpoints")))
    pairs.add("trainer.test_freq", hasValidation ? String(spec.integer("save_every")) : "-1")
    pairs.add("checkpoint.save_contents", "[model,optimizer,extra,hf_model]")
    pairs.add("model.enable_gradient_checkpointing", spec.text("gradient_checkpointing") == "off" ? "False" : "True")
    if !spec.text("tokenizer").isEmpty { pairs.add("model.tokenizer_path", quoted(spec.text("tokenizer"))) }
    return pairs + common(spec, folder)
  }

  private static func flag(_ word: String) -> String { word == "on" ? "True" : "False" }

  private static func grpo(
    _ spec: RunSpecification, _ folder: String, rows: Int, _ hasValidation: Bool
  ) -> Overrides {
    let warm = warmup(spec)
    let actor = "actor_rollout_ref.actor"
    let rollout = "actor_rollout_ref.rollout"
    let usesKL = spec.number("kl") > 0
    let length = spec.integer("max_prompt") + spec.integer("max_completion")
    let tokens = String(max(spec.integer("tokens_per_gpu"), length))
    let train = folder + "/data/train.jsonl"
    var pairs = Overrides()
    pairs.add("algorithm.adv_estimator", "grpo")
    pairs.add("algorithm.use_kl_in_reward", "False")
    pairs.add("data.train_files", quoted(train))
    pairs.add("data.val_files", quoted(hasValidation ? folder + "/data/validation.jsonl" : train))
    pairs.add("data.train_batch_size", String(spec.integer("batch")))
    pairs.add("data.max_prompt_length", String(spec.integer("max_prompt")))
    pairs.add("data.max_response_length", String(spec.integer("max_completion")))
    pairs.add("data.filter_overlong_prompts", spec.text("overlong") == "drop" ? "True" : "False")
    pairs.add("data.truncation", "error")
    pairs.add("data.seed", String(spec.integer("seed")))
    pairs.add("actor_rollout_ref.model.path", model(spec))
    pairs.add(
      "actor_rollout_ref.model.enable_gradient_checkpointing",
      spec.text("gradient_checkpointing") == "off" ? "False" : "True")
    pairs.add("\(actor).optim.lr", spec["learning_rate"].words)
    pairs.add("\(actor).optim.weight_decay", spec["weight_decay"].words)
    pairs.add("\(actor).optim.lr_scheduler_type", schedule(spec))
    pairs.add("\(actor).optim.lr_warmup_steps_ratio", warm.ratio)
    pairs.add("\(actor).optim.lr_warmup_steps", warm.steps)
    pairs.add("\(actor).grad_clip", spec["max_grad_norm"].words)
    pairs.add("\(actor).ppo_mini_batch_size", String(spec.integer("batch")))
    pairs.add("\(actor).use_dynamic_bsz", "True")
    pairs.add("\(actor).ppo_max_token_len_per_gpu", tokens)
    pairs.add("\(actor).use_kl_loss", usesKL ? "True" : "False")
    pairs.add("\(actor).kl_loss_coef", spec["kl"].words)
    pairs.add("\(actor).kl_loss_type", "low_var_kl")
    pairs.add("\(actor).fsdp_config.param_offload", flag(spec.text("offload")))
    pairs.add("\(actor).fsdp_config.optimizer_offload", flag(spec.text("offload")))
    pairs.add("\(actor).checkpoint.save_contents", "[model,optimizer,extra,hf_model]")
    pairs.add("\(rollout).name", spec.text("sampler"))
    pairs.add("\(rollout).n", String(spec.integer("samples")))
    pairs.add("\(rollout).temperature", spec["temperature"].words)
    pairs.add("\(rollout).top_p", spec["top_p"].words)
    pairs.add("\(rollout).tensor_model_parallel_size", String(spec.integer("tensor_parallel")))
    pairs.add("\(rollout).gpu_memory_utilization", spec["sampler_memory"].words)
    pairs.add("\(rollout).log_prob_micro_batch_size_per_gpu", String(spec.integer("micro_batch")))
    pairs.add("actor_rollout_ref.ref.log_prob_micro_batch_size_per_gpu", String(spec.integer("micro_batch")))
    // The top-level 'custom_reward_function' composes too, and is never read.
    pairs.add("reward.custom_reward_function.path", quoted(folder + "/scripts/reward.py"))
    pairs.add("reward.custom_reward_function.name", "compute_score")
    pairs.add("trainer.test_freq", "-1")
    pairs.add("trainer.val_before_train", "False")
    pairs.add("trainer.max_actor_ckpt_to_keep", String(spec.integer("keep_checkpoints")))
    if spec.integer("sample_every") > 0 {
      pairs.add("trainer.rollout_data_dir", quoted(folder + "/rollouts"))
    }
    return pairs + common(spec, folder)
  }
}

extension LaunchPlan {
  /// Plans verl's own entry points. The folder stands in for the run's until it is known where the run goes.
  mutating func planVerl(_ spec: RunSpecification, _ python: String, rows: Int, hasValidation: Bool) {
    let folder = Self.folderMark
    let overrides = VerlOverrides.list(
      spec, folder: folder, rows: rows, hasValidation: hasValidation)
    switch spec.stage {
    case .sft:
      preparation = [[python, "scripts/verl_parquet.py", "."]]
      // Several machines are one Ray cluster, one machine needs none.
      command =
        spec.integer("nodes") > 1
        ? [python, "-m", "verl.trainer.sft_trainer_ray"] + overrides
        : [
          python, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", String(spec.integer("gpus")), "-m",
          "verl.trainer.sft_trainer",
        ] + overrides
    case .rl: command = [python, "-m", "verl.trainer.main_ppo"] + overrides
    }
    environment["HYDRA_FULL_ERROR"] = "1"
    files["overrides.txt"] = Array((overrides.joined(separator: "\n") + "\n").utf8)
  }

  /// Stands for the run's folder in commands until it has its name.
  public static let folderMark = "@RUN@"
}
