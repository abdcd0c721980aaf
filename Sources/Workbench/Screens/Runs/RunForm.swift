import DeepCriticCore
import Terminal

/// The form of a new run: every setting with its default and what it is.
struct RunForm {
  enum Field: Hashable {
    case stage, engine, launcher, data
    case setting(RunSetting)
  }

  var spec: RunSpecification { didSet { memory = spec.memoryEstimate } }
  /// What training takes on each device, where the model is on this machine.
  private(set) var memory: MemoryEstimate?
  /// Datasets of the workspace, the latest first.
  let datasets: [DatasetEntry]
  /// The folder or the hash of the dataset.
  var data: String
  var list = ListState()
  /// What was said against fields, by key.
  var problems: [String: String] = [:]

  init(datasets: [DatasetEntry], like spec: RunSpecification?) {
    self.datasets = datasets
    self.spec = spec ?? RunSpecification(stage: .sft, engine: .trl)
    memory = self.spec.memoryEstimate
    data = spec?.data ?? ""
    if data.isEmpty { data = Self.latest(datasets, self.spec)?.hash ?? "" }
    list.setCount(fields.count)
  }

  private static func latest(_ datasets: [DatasetEntry], _ spec: RunSpecification) -> DatasetEntry? {
    datasets.first { $0.kind == spec.stage.rawValue && ($0.kind != "rl" || $0.format == spec.engine.rawValue) }
  }

  var fields: [Field] { [.stage, .engine, .launcher, .data] + spec.settings.map(Field.setting) }

  var selected: Field? { list.selected(of: fields) }

  static func key(_ field: Field) -> String {
    switch field {
    case .stage: "stage"
    case .engine: "engine"
    case .launcher: "launcher"
    case .data: "data"
    case .setting(let setting): setting.key
    }
  }

  func value(_ field: Field) -> String {
    switch field {
    case .stage: spec.stage.rawValue
    case .engine: spec.engine.rawValue
    case .launcher: spec.launcher.rawValue
    case .data:
      datasets.first { $0.hash == data }.map { "\($0.hash.prefix(12))  \($0.kind) \($0.format), \($0.rows) rows" }
        ?? data
    case .setting(let setting): spec[setting].words
    }
  }

  func summary(_ field: Field) -> String {
    switch field {
    case .stage: "sft: supervised fine-tuning on curated critiques; rl: reinforcement learning from labels."
    case .engine: "trl: this machine; verl: a cluster of GPUs."
    case .launcher: "Where it starts; script: only writes the files for a cluster."
    case .data: "The rows: one of the exported sets (enter goes through them)."
    case .setting(let setting): setting.summary + ". Default: \(setting.defaultValue(for: spec.stage).toml)."
    }
  }

  func isDefault(_ field: Field) -> Bool {
    guard case .setting(let setting) = field else { return true }
    return spec[setting] == setting.defaultValue(for: spec.stage)
  }

  /// Goes on to the next of a few choices.
  ///
  /// - Returns: `false` for a field that is typed.
  mutating func next() -> Bool {
    func after<Choice: CaseIterable & Equatable>(_ choice: Choice) -> Choice {
      let all = Array(Choice.allCases)
      return all[((all.firstIndex(of: choice) ?? 0) + 1) % all.count]
    }
    switch selected {
    case .stage:
      spec.stage = after(spec.stage)
      data = Self.latest(datasets, spec)?.hash ?? ""
    case .engine:
      spec.engine = after(spec.engine)
      data = Self.latest(datasets, spec)?.hash ?? data
    case .launcher: spec.launcher = after(spec.launcher)
    case .data:
      let fitting = datasets.filter { $0.kind == spec.stage.rawValue }
      guard !fitting.isEmpty else { return false }
      let place = fitting.firstIndex { $0.hash == data } ?? fitting.count - 1
      data = fitting[(place + 1) % fitting.count].hash
    case .setting(let setting):
      guard case .choice(let words) = setting.kind else { return false }
      let place = words.firstIndex(of: spec[setting].words) ?? 0
      do { try spec.set(setting.key, to: words[(place + 1) % words.count]) } catch { return false }
    case nil: return false
    }
    problems = [:]
    list.setCount(fields.count)
    return true
  }

  /// Takes what was typed for the selected field.
  ///
  /// - Throws: `RunSettingError`.
  mutating func set(_ text: String) throws {
    guard let field = selected else { return }
    if field == .data { data = text } else { try spec.set(Self.key(field), to: text) }
    problems[Self.key(field)] = nil
  }

  /// Shows what is wrong with fields, and goes to the first of them.
  mutating func take(_ found: [RunSettingError]) {
    for problem in found { problems[problem.key] = problem.message }
    guard let first = found.first, let place = fields.firstIndex(where: { Self.key($0) == first.key }) else { return }
    list.select(place)
  }
}
