/// What is trained: the two stages of the method.
public enum TrainingStage: String, Sendable, Hashable, Codable, CaseIterable {
  /// Supervised fine-tuning on curated critiques (paper, section 3.1).
  case sft
  /// Reinforcement learning with the first error as ground truth (paper, section 3.2).
  case rl
}

/// The engine that trains.
public enum TrainingEngine: String, Sendable, Hashable, Codable, CaseIterable {
  /// Hugging Face's TRL: one machine, CPU or GPUs.
  case trl
  /// verl: one machine or a cluster of GPUs, as in the paper.
  case verl
}

/// One row of the table of settings (``RunSettings``), whatever the type of its values: for files, forms and lists.
public struct RunSetting: Sendable, Hashable {
  /// A table of the file of settings.
  public enum Group: String, Sendable, Hashable, CaseIterable {
    case run, train, watch, resources
  }

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
  /// The table of the file that it belongs to.
  public let group: Group
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

  /// The value unless another is named.
  public func defaultValue(for stage: TrainingStage) -> RunValue { stage == .sft ? sft : rl }

  /// The setting with a key.
  public static func named(_ key: String) -> RunSetting? { all.first { $0.key == key } }

  /// All of them, in the order of the file.
  public static let all: [RunSetting] = Mirror(reflecting: RunSettings.table).children.compactMap {
    ($0.value as? any SettingRow)?.row
  }
}

/// A setting with the type of its values, which reads and writes it: `spec.batch` is a whole number.
public struct SettingKey<Value: SettingValue>: Sendable, SettingRow {
  /// Its row in the table.
  public let row: RunSetting
  private let sft: Value
  private let rl: Value

  private init(
    _ key: String, _ group: RunSetting.Group, _ kind: RunSetting.Kind, _ sft: Value, _ rl: Value?,
    _ stage: TrainingStage?, _ summary: String
  ) {
    self.sft = sft
    self.rl = rl ?? sft
    row = RunSetting(
      key: key, group: group, kind: kind, stages: stage.map { [$0] } ?? TrainingStage.allCases,
      sft: sft.runValue, rl: self.rl.runValue, summary: summary)
  }

  func defaultValue(for stage: TrainingStage) -> Value { stage == .sft ? sft : rl }
}

extension SettingKey where Value == Int {
  init(
    _ key: String, _ group: RunSetting.Group, _ range: ClosedRange<Int>, _ sft: Int, rl: Int? = nil,
    only stage: TrainingStage? = nil, _ summary: String
  ) {
    self.init(key, group, .integer(range), sft, rl, stage, summary)
  }
}

extension SettingKey where Value == Double {
  init(
    _ key: String, _ group: RunSetting.Group, _ range: ClosedRange<Double>, _ sft: Double, rl: Double? = nil,
    only stage: TrainingStage? = nil, _ summary: String
  ) {
    self.init(key, group, .number(range), sft, rl, stage, summary)
  }
}

extension SettingKey where Value == String {
  init(_ key: String, _ group: RunSetting.Group, _ text: String, _ summary: String) {
    self.init(key, group, .text, text, nil, nil, summary)
  }
}

extension SettingKey where Value: SettingChoice {
  init(
    _ key: String, _ group: RunSetting.Group, _ sft: Value, rl: Value? = nil, only stage: TrainingStage? = nil,
    _ summary: String
  ) {
    self.init(key, group, .choice(Value.allCases.map(\.rawValue)), sft, rl, stage, summary)
  }
}

/// A setting whatever the type of its values.
protocol SettingRow {
  var row: RunSetting { get }
}

/// What a setting's value is in the program.
public protocol SettingValue: Sendable, Hashable {
  /// A value of a file or of a command line; `nil` for one of another type.
  init?(setting value: RunValue)
  /// The value as files have it.
  var runValue: RunValue { get }
}

/// A setting that is one of some words.
public protocol SettingChoice: SettingValue, CaseIterable, RawRepresentable where RawValue == String {}

extension SettingChoice {
  /// The choice of a word.
  public init?(setting value: RunValue) { self.init(rawValue: value.words) }
  /// The word.
  public var runValue: RunValue { .text(rawValue) }
}

extension Int: SettingValue {
  /// A whole number.
  public init?(setting value: RunValue) {
    guard case .integer(let whole) = value else { return nil }
    self = whole
  }
  /// A whole number.
  public var runValue: RunValue { .integer(self) }
}

extension Double: SettingValue {
  /// A number, also a whole one.
  public init?(setting value: RunValue) {
    switch value {
    case .number(let number): self = number
    case .integer(let whole): self = Double(whole)
    default: return nil
    }
  }
  /// A number.
  public var runValue: RunValue { .number(self) }
}

extension String: SettingValue {
  /// A text.
  public init?(setting value: RunValue) {
    guard case .text(let text) = value else { return nil }
    self = text
  }
  /// A text.
  public var runValue: RunValue { .text(self) }
}
