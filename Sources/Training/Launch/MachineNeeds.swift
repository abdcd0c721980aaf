import JSON

/// What the machine that trains must have: `check_machine.py` compares it there, where this program cannot look.
struct MachineNeeds: Sendable, Hashable {
  /// Versions by package; an empty one where any will do.
  var packages: [String: String]
  /// Whether a Ray cluster is started with the interpreter's own `ray`.
  var ray: Bool
  /// GPUs of each machine.
  var gpus: Int
  /// The content hash of the rows.
  var data: String
  /// A path there, a name that the engine loads, or a folder of the run.
  var model: String
  var tokenizer: String
  /// Names of variables, never their values.
  var secrets: [String]

  /// - Parameter data: the content hash of the rows.
  init(_ spec: RunSpecification, data: String) {
    let engine = spec.engine.environment
    packages = [engine.module: engine.version]
    if spec.engine == .trl {
      if spec.loraRank > 0 { packages["peft"] = "" }
      if spec.sharding == .zero2 || spec.sharding == .zero3 { packages["deepspeed"] = "" }
    } else if spec.stage == .rl {
      packages[spec.sampler.rawValue] = ""
    }
    if spec.tracker != .none { packages[spec.tracker.rawValue] = "" }
    ray = spec.needsRay
    gpus = spec.gpusPerNode
    self.data = data
    (model, tokenizer) = (spec.model, spec.tokenizer)
    secrets = spec.secretNames
  }

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.key("packages")
      json.object { json in
        for (name, version) in packages.sorted(by: { $0.key < $1.key }) {
          json.key(name)
          json.string(version)
        }
      }
      for (key, text) in [("data", data), ("model", model), ("tokenizer", tokenizer)] {
        json.key(key)
        json.string(text)
      }
      json.key("ray")
      json.bool(ray)
      json.key("gpus")
      json.int(gpus)
      json.key("secrets")
      json.array { json in for name in secrets { json.string(name) } }
    }
  }
}

extension RunSpecification {
  /// GPUs of each machine; none where a CPU trains.
  var gpusPerNode: Int { self.device == .cpu ? 0 : self.gpus }

  /// Whether the command needs a Ray cluster on the machines of the run.
  var needsRay: Bool { engine == .verl && (stage == .rl || self.nodes > 1) }

  /// Variables that hold secrets: those that were named, and the self.tracker's own.
  var secretNames: [String] {
    var names = self.secrets.list
    if self.tracker == .wandb, !names.contains("WANDB_API_KEY") { names.append("WANDB_API_KEY") }
    return names
  }

  /// What pip installs on a machine without an image: the tested versions, with what the settings ask for besides.
  var requirements: [String] {
    var list = engine.environment.requirements
    switch engine {
    case .verl:
      // Each self.sampler is an extra of verl's, which pins the versions of torch and transformers that go with it.
      if stage == .rl, self.sampler == .sglang { list = list.map { $0.replacing("verl[vllm]", with: "verl[sglang]") } }
    case .trl:
      var extras: [String] = []
      if self.loraRank > 0 { extras.append("peft") }
      if self.sharding == .zero2 || self.sharding == .zero3 { extras.append("deepspeed") }
      if !extras.isEmpty {
        list = list.map { $0.hasPrefix("trl==") ? "trl[\(extras.joined(separator: ","))]" + $0.dropFirst(3) : $0 }
      }
    }
    // verl brings wandb and tensorboard.
    if self.tracker == .trackio || (self.tracker != .none && engine == .trl) { list.append(self.tracker.rawValue) }
    return list
  }
}

extension String {
  /// Words with commas or blanks between.
  var list: [String] { split { $0 == "," || $0 == " " }.map(String.init) }
}
