import Foundation
import JSON

/// What a run writes and starts: one command, its environment and its files. Every launcher is another way to write or
/// start the same.
public struct LaunchPlan: Sendable, Hashable {
  /// The engine, for whoever reads the run's progress.
  public var engine: TrainingEngine
  /// Commands that run before, each to its end.
  public var preparation: [[String]] = []
  /// The command that trains. Paths in it are relative to the run's folder.
  public var command: [String]
  /// What a rehearsal runs instead, where the engine cannot train without GPUs.
  var rehearsal: [String] = []
  /// What the machine that trains must have; `nil` where that is this one.
  var needs: MachineNeeds?
  /// Variables that the command needs. No secrets: those stay in the environment of whoever starts it.
  public var environment: [String: String]
  /// Files of the run's folder, by relative path.
  public var files: [String: [UInt8]]

  /// `launch.json`, which `attend.py` reads.
  var json: [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.key("engine")
      json.string(engine.rawValue)
      json.key("preparation")
      json.array { json in
        for step in preparation { json.array { json in for word in step { json.string(word) } } }
      }
      json.key("command")
      json.array { json in for word in command { json.string(word) } }
      if !rehearsal.isEmpty {
        json.key("rehearsal")
        json.array { json in for word in rehearsal { json.string(word) } }
      }
      if let needs {
        json.key("needs")
        needs.write(to: &json)
      }
      json.key("environment")
      json.object { json in
        for (key, value) in environment.sorted(by: { $0.key < $1.key }) {
          json.key(key)
          json.string(value)
        }
      }
    }
    return json.bytes
  }

  /// - Parameters:
  ///   - python: the interpreter, as the place where the run is started knows it.
  ///   - rows: rows to train on.
  ///   - hasValidation: whether there are rows to validate on.
  ///   - data: the content hash of the rows, which the machine that trains compares.
  public init(_ original: RunSpecification, python: String, rows: Int, hasValidation: Bool, data: String = "") {
    engine = original.engine
    let spec = CarriedModel.placed(original)
    environment = ["PYTHONUNBUFFERED": "1", "TOKENIZERS_PARALLELISM": "false", "HF_HUB_DISABLE_TELEMETRY": "1"]
    files = ["spec.toml": Array(original.toml.utf8)]
    for (name, bytes) in Self.scripts { files["scripts/" + name] = bytes }
    command = []
    switch spec.engine {
    case .trl: planTRL(spec, python)
    case .verl: planVerl(spec, python, rows: rows, hasValidation: hasValidation)
    }
    switch spec.tracker {
    case .none, .trackio: break
    case .wandb: environment["WANDB_PROJECT"] = spec.trackerProject
    case .tensorboard:
      // TRL reads the first, verl the second; both from the run's folder.
      environment["TENSORBOARD_LOGGING_DIR"] = "tensorboard"
      environment["TENSORBOARD_DIR"] = "tensorboard"
    }
    if spec.launcher != .local {
      needs = MachineNeeds(spec, data: data)
      preparation.insert([python, "scripts/check_machine.py", "."], at: 0)
    }
    if spec.threads > 0 { environment["OMP_NUM_THREADS"] = String(spec.threads) }
    files["launch.json"] = json
  }

  /// The Python that is written into every run's folder.
  static let scripts: [String: [UInt8]] = [
    "attend.py": PackageResources.attend_py,
    "check_machine.py": PackageResources.check_machine_py,
    "faithful.py": PackageResources.faithful_py,
    "feed.py": PackageResources.feed_py,
    "rehearsal.py": PackageResources.rehearsal_py,
    "reward.py": PackageResources.reward_py,
    "serve_model.py": PackageResources.serve_model_py,
    "train_grpo.py": PackageResources.train_grpo_py,
    "train_sft.py": PackageResources.train_sft_py,
    "trl_common.py": PackageResources.trl_common_py,
    "verl_check.py": PackageResources.verl_check_py,
    "verl_feed.py": PackageResources.verl_feed_py,
    "verl_parquet.py": PackageResources.verl_parquet_py,
  ]

  private mutating func planTRL(_ spec: RunSpecification, _ python: String) {
    let script = spec.stage == .sft ? "scripts/train_sft.py" : "scripts/train_grpo.py"
    let gpus = spec.device == .cpu ? 0 : spec.gpus
    command =
      gpus > 1 || spec.nodes > 1
      ? [python, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", String(max(gpus, 1)), script, "."]
      : [python, script, "."]
    if spec.device == .cpu { environment["CUDA_VISIBLE_DEVICES"] = "" }
    files["settings.json"] = Self.settings(spec)
  }

  /// The settings as the scripts read them.
  static func settings(_ spec: RunSpecification) -> [UInt8] {
    func write(_ value: RunValue, _ json: inout JSONWriter) {
      switch value {
      case .integer(let value): json.int(value)
      case .number(let value): json.double(value)
      case .text(let value): json.string(value)
      case .flag(let value): json.bool(value)
      }
    }
    var json = JSONWriter()
    json.object { json in
      for setting in spec.settings {
        json.key(setting.key)
        write(spec[setting], &json)
      }
      json.key("extra")
      json.object { json in
        for (key, value) in spec.extra.sorted(by: { $0.key < $1.key }) {
          json.key(key)
          write(value, &json)
        }
      }
    }
    return json.bytes
  }
}
