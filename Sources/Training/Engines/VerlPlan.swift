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
  public static func list(_ spec: RunSpecification, folder: String, hasValidation: Bool) -> [String] {
    let pairs =
      spec.stage == .sft
      ? sft(spec, folder, hasValidation) : grpo(spec, folder, hasValidation)
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

  private static func common(_ spec: RunSpecification, _ folder: String) -> Overrides {
    var pairs = Overrides()
    // Without this verl wants an account at a service.
    pairs.add(
      "trainer.logger", spec.tracker == .none ? "[console,file]" : "[console,file,\(spec.tracker.rawValue)]")
    pairs.add("trainer.project_name", quoted(spec.trackerProject))
    pairs.add("trainer.experiment_name", spec.stage.rawValue)
    pairs.add("trainer.default_local_dir", quoted(folder + "/checkpoints"))
    pairs.add("trainer.n_gpus_per_node", String(spec.gpus))
    pairs.add("trainer.nnodes", String(spec.nodes))
    pairs.add("trainer.save_freq", String(spec.saveEvery))
    pairs.add("trainer.total_epochs", String(spec.epochs))
    pairs.add("trainer.resume_mode", "auto")
    if spec.maxSteps > 0 {
      pairs.add("trainer.total_training_steps", String(spec.maxSteps))
    }
    return pairs
  }

  /// The model, or the copy that travels with the run.
  private static func model(_ spec: RunSpecification) -> String { quoted(path(spec.model)) }

  private static func path(_ name: String) -> String {
    CarriedModel.names.contains(name) ? LaunchPlan.folderMark + "/" + name : name
  }

  /// Adapters, which verl keeps in its checkpoints; `verl.model_merger` writes them as `lora_adapter`.
  private static func lora(_ spec: RunSpecification, at model: String) -> Overrides {
    var pairs = Overrides()
    guard spec.loraRank > 0 else { return pairs }
    pairs.add(model + ".lora_rank", String(spec.loraRank))
    pairs.add(model + ".lora_alpha", String(spec.loraAlpha))
    let names = spec.loraTargets.list
    pairs.add(model + ".target_modules", names == ["all-linear"] ? names[0] : "[\(names.joined(separator: ","))]")
    return pairs
  }

  private static func warmup(_ spec: RunSpecification) -> (ratio: String, steps: String) {
    let value = spec.warmup
    return value < 1 ? (RunValue.number(value).words, "-1") : ("0.0", String(Int(value)))
  }

  /// verl knows two schedules by name.
  private static func schedule(_ spec: RunSpecification) -> String {
    [.constant, .constantWithWarmup].contains(spec.schedule) ? "constant" : "cosine"
  }

  private static func sft(
    _ spec: RunSpecification, _ folder: String, _ hasValidation: Bool
  ) -> Overrides {
    let warm = warmup(spec)
    var pairs = Overrides()
    pairs.add("data.train_files", quoted(folder + "/verl-data/train.parquet"))
    pairs.add("data.val_files", hasValidation ? quoted(folder + "/verl-data/validation.parquet") : "null")
    pairs.add("data.train_batch_size", String(spec.batch))
    pairs.add("data.micro_batch_size_per_gpu", String(spec.microBatch))
    pairs.add("data.use_dynamic_bsz", "True")
    pairs.add("data.max_token_len_per_gpu", String(max(spec.tokensPerGPU, spec.maxLength)))
    pairs.add("data.max_length", String(spec.maxLength))
    pairs.add("data.truncation", "error")
    pairs.add("data.messages_key", "messages")
    pairs.add("model.path", model(spec))
    pairs.add("optim.lr", number(spec.learningRate))
    pairs.add("optim.weight_decay", number(spec.weightDecay))
    pairs.add("optim.clip_grad", number(spec.maxGradNorm))
    pairs.add("optim.lr_scheduler_type", schedule(spec))
    pairs.add("optim.lr_warmup_steps_ratio", warm.ratio)
    pairs.add("optim.lr_warmup_steps", warm.steps)
    pairs.add("engine.param_offload", flag(spec.offload == .on))
    pairs.add("engine.optimizer_offload", flag(spec.offload == .on))
    pairs.add("trainer.seed", String(spec.seed))
    pairs.add("trainer.max_ckpt_to_keep", String(spec.keepCheckpoints))
    pairs.add("trainer.test_freq", hasValidation ? String(spec.saveEvery) : "-1")
    pairs.add("checkpoint.save_contents", "[model,optimizer,extra,hf_model]")
    pairs.add("model.enable_gradient_checkpointing", spec.gradientCheckpointing == .off ? "False" : "True")
    if !spec.tokenizer.isEmpty { pairs.add("model.tokenizer_path", quoted(path(spec.tokenizer))) }
    return pairs + lora(spec, at: "model") + common(spec, folder)
  }

  private static func flag(_ isOn: Bool) -> String { isOn ? "True" : "False" }

  private static func number(_ value: Double) -> String { RunValue.number(value).words }

  private static func grpo(
    _ spec: RunSpecification, _ folder: String, _ hasValidation: Bool
  ) -> Overrides {
    let warm = warmup(spec)
    let actor = "actor_rollout_ref.actor"
    let rollout = "actor_rollout_ref.rollout"
    let usesKL = spec.kl > 0
    let length = spec.maxPrompt + spec.maxCompletion
    let tokens = String(max(spec.tokensPerGPU, length))
    let train = folder + "/data/train.jsonl"
    var pairs = Overrides()
    pairs.add("algorithm.adv_estimator", "grpo")
    pairs.add("algorithm.use_kl_in_reward", "False")
    pairs.add("data.train_files", quoted(train))
    pairs.add("data.val_files", quoted(hasValidation ? folder + "/data/validation.jsonl" : train))
    pairs.add("data.train_batch_size", String(spec.batch))
    pairs.add("data.max_prompt_length", String(spec.maxPrompt))
    pairs.add("data.max_response_length", String(spec.maxCompletion))
    pairs.add("data.filter_overlong_prompts", spec.overlong == .drop ? "True" : "False")
    pairs.add("data.truncation", "error")
    pairs.add("data.seed", String(spec.seed))
    pairs.add("actor_rollout_ref.model.path", model(spec))
    pairs.add(
      "actor_rollout_ref.model.enable_gradient_checkpointing",
      spec.gradientCheckpointing == .off ? "False" : "True")
    pairs.add("\(actor).optim.lr", number(spec.learningRate))
    pairs.add("\(actor).optim.weight_decay", number(spec.weightDecay))
    pairs.add("\(actor).optim.lr_scheduler_type", schedule(spec))
    pairs.add("\(actor).optim.lr_warmup_steps_ratio", warm.ratio)
    pairs.add("\(actor).optim.lr_warmup_steps", warm.steps)
    pairs.add("\(actor).grad_clip", number(spec.maxGradNorm))
    pairs.add("\(actor).ppo_mini_batch_size", String(spec.batch))
    pairs.add("\(actor).use_dynamic_bsz", "True")
    pairs.add("\(actor).ppo_max_token_len_per_gpu", tokens)
    pairs.add("\(actor).use_kl_loss", usesKL ? "True" : "False")
    pairs.add("\(actor).kl_loss_coef", number(spec.kl))
    pairs.add("\(actor).kl_loss_type", "low_var_kl")
    pairs.add("\(actor).fsdp_config.param_offload", flag(spec.offload == .on))
    pairs.add("\(actor).fsdp_config.optimizer_offload", flag(spec.offload == .on))
    pairs.add("\(actor).checkpoint.save_contents", "[model,optimizer,extra,hf_model]")
    pairs.add("\(rollout).name", spec.sampler.rawValue)
    pairs.add("\(rollout).n", String(spec.samples))
    pairs.add("\(rollout).temperature", number(spec.temperature))
    pairs.add("\(rollout).top_p", number(spec.topP))
    pairs.add("\(rollout).tensor_model_parallel_size", String(spec.tensorParallel))
    pairs.add("\(rollout).gpu_memory_utilization", number(spec.samplerMemory))
    pairs.add("\(rollout).log_prob_micro_batch_size_per_gpu", String(spec.microBatch))
    pairs.add("actor_rollout_ref.ref.log_prob_micro_batch_size_per_gpu", String(spec.microBatch))
    // The top-level 'custom_reward_function' composes too, and is never read.
    pairs.add("reward.custom_reward_function.path", quoted(folder + "/scripts/reward.py"))
    pairs.add("reward.custom_reward_function.name", "compute_score")
    pairs.add("trainer.test_freq", "-1")
    pairs.add("trainer.val_before_train", "False")
    pairs.add("trainer.max_actor_ckpt_to_keep", String(spec.keepCheckpoints))
    if spec.sampleEvery > 0 {
      pairs.add("trainer.rollout_data_dir", quoted(folder + "/rollouts"))
    }
    // Samples come from the adapters' own weights, which are loaded layer by layer.
    if spec.loraRank > 0 { pairs.add("\(rollout).load_format", "safetensors") }
    return pairs + lora(spec, at: "actor_rollout_ref.model") + common(spec, folder)
  }
}

extension LaunchPlan {
  /// Plans verl's own entry points. The directory is a placeholder until the run's is known.
  mutating func planVerl(_ spec: RunSpecification, _ python: String, rows: Int, hasValidation: Bool) {
    let folder = Self.folderMark
    let overrides = VerlOverrides.list(
      spec, folder: folder, hasValidation: hasValidation)
    switch spec.stage {
    case .sft:
      preparation = [[python, "scripts/verl_parquet.py", "."]]
      // Several machines are one Ray cluster, one machine needs none.
      command =
        spec.nodes > 1
        ? [python, "-m", "verl.trainer.sft_trainer_ray"] + overrides
        : [
          python, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", String(spec.gpus), "-m",
          "verl.trainer.sft_trainer",
        ] + overrides
    case .rl: command = [python, "-m", "verl.trainer.main_ppo"] + overrides
    }
    rehearsal = [python, "scripts/verl_check.py", VerlOverrides.configuration(spec.stage), "overrides.txt", "--strict"]
    environment["HYDRA_FULL_ERROR"] = "1"
    files["overrides.txt"] = Array((overrides.joined(separator: "\n") + "\n").utf8)
  }

  /// Stands for the run's folder in commands until it has its name.
  public static let folderMark = "@RUN@"
}
