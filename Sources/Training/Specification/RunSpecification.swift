import Formatting
import Foundation
import TOML

/// Everything that decides what a run does: one value, written into the run's folder as `spec.toml`.
///
/// ```swift
/// var spec = RunSpecification(stage: .sft, engine: .trl)
/// try spec.set(\.batch, to: 32)
/// try spec.set("learning_rate", to: "3e-5")  // as a person types it
/// try spec.set("trl.adam_beta2", to: "0.95")
/// ```
@dynamicMemberLookup
public struct RunSpecification: Sendable, Hashable {
  /// What is trained.
  public var stage: TrainingStage
  /// The engine that trains.
  public var engine: TrainingEngine
  /// How it is started.
  public var launcher = LauncherKind.local
  /// Content hash of the dataset.
  public var data = ""
  /// Settings that were named, by key (``RunSetting``).
  public private(set) var values: [String: RunValue] = [:]
  /// Settings of the engines themselves, by their own keys: the tables `[trl]` and `[verl]`.
  public private(set) var extras: [TrainingEngine: [String: RunValue]] = [:]

  /// A specification with the defaults.
  public init(stage: TrainingStage, engine: TrainingEngine) {
    self.stage = stage
    self.engine = engine
  }

  /// The settings that count for the stage.
  public var settings: [RunSetting] { RunSetting.all.filter { $0.stages.contains(stage) } }

  /// The value of a setting: the one that was named, else the default of the stage.
  public subscript<Value>(dynamicMember key: KeyPath<RunSettings, SettingKey<Value>>) -> Value {
    let setting = RunSettings.table[keyPath: key]
    return values[setting.row.key].flatMap(Value.init(setting:)) ?? setting.defaultValue(for: stage)
  }

  /// The value of a row of the table: the one that was named, else the default of the stage.
  public subscript(setting: RunSetting) -> RunValue {
    values[setting.key] ?? setting.defaultValue(for: stage)
  }

  /// Steps that the run takes, as its engine counts them.
  ///
  /// TRL's supervised trainer also takes the last, smaller batch of an epoch (transformers' `Trainer`: the ceiling of
  /// batches over accumulated ones); its sampler of prompts for reinforcement learning (`RepeatSampler`) and all of verl's
  /// loaders (`drop_last`) leave it out.
  ///
  /// - Parameter rows: rows to train on.
  public func steps(rows: Int) -> Int {
    if self.maxSteps > 0 { return self.maxSteps }
    let takesPart = engine == .trl && stage == .sft
    let inEpoch = takesPart ? (rows + self.batch - 1) / self.batch : rows / self.batch
    return max(inEpoch, 1) * self.epochs
  }

  /// The engine's own settings of this run.
  public var extra: [String: RunValue] { extras[engine] ?? [:] }

  // MARK: - Setting

  /// Sets what was typed. A key may have its group before it ("train.learning_rate"); "trl." and "verl." lead to the
  /// engines' own settings.
  ///
  /// - Throws: ``RunSettingError`` naming the key.
  public mutating func set(_ key: String, to text: String) throws(RunSettingError) {
    try set(key, RunValue(typed: text), typed: text)
  }

  /// Sets a setting of the table.
  ///
  /// - Throws: ``RunSettingError`` for a value out of its range.
  public mutating func set<Value>(
    _ key: KeyPath<RunSettings, SettingKey<Value>>, to value: Value
  ) throws(RunSettingError) {
    let row = RunSettings.table[keyPath: key].row
    values[row.key] = try Self.checked(row, value.runValue, typed: value.runValue.words)
  }

  private mutating func set(_ key: String, _ value: RunValue, typed: String) throws(RunSettingError) {
    if let dot = key.firstIndex(of: "."), let engine = TrainingEngine(rawValue: String(key[..<dot])) {
      return try setExtra(String(key[key.index(after: dot)...]), value, engine, full: key)
    }
    switch key {
    case "stage", "run.stage": stage = try Self.choice(key, typed)
    case "engine", "run.engine": engine = try Self.choice(key, typed)
    case "launcher", "run.launcher": launcher = try Self.choice(key, typed)
    case "data", "run.data": data = typed
    default:
      let name = key.split(separator: ".").last.map(String.init) ?? key
      guard let setting = RunSetting.named(name), name == key || key == "\(setting.group.rawValue).\(name)" else {
        throw RunSettingError(key, Self.unknown(name))
      }
      values[name] = try Self.checked(setting, value, typed: typed)
    }
  }

  private mutating func setExtra(
    _ key: String, _ value: RunValue, _ engine: TrainingEngine, full: String
  ) throws(RunSettingError) {
    guard !key.isEmpty, key.utf8.allSatisfy({ isKeyByte($0) }) else {
      throw RunSettingError(full, "is not a valid key: use letters, digits, '_', '.' and '-'")
    }
    let lower = key.lowercased()
    if ["token", "password", "secret", "api_key"].contains(where: { lower.hasSuffix($0) }) {
      throw RunSettingError(
        full,
        "looks like a secret, which must not be in a run's files; pass it through the "
          + "environment")
    }
    if engine == .verl, key.hasPrefix("custom_reward_function") {
      throw RunSettingError(
        full, "composes and is never read by verl: the key is 'reward.\(key)', which the program sets itself")
    }
    extras[engine, default: [:]][key] = value
  }

  private func isKeyByte(_ byte: UInt8) -> Bool {
    (0x61...0x7A).contains(byte) || (0x41...0x5A).contains(byte) || (0x30...0x39).contains(byte)
      || byte == 0x5F || byte == 0x2E || byte == 0x2D || byte == 0x2F || byte == 0x40 || byte == 0x2B
  }

  private static func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String, _ text: String
  ) throws(RunSettingError) -> Choice where Choice.RawValue == String {
    if let found = Choice(rawValue: text) { return found }
    throw RunSettingError(key, "is one of \(Choice.allCases.map(\.rawValue).joined(separator: ", ")), not '\(text)'")
  }

  private static func checked(_ setting: RunSetting, _ value: RunValue, typed: String) throws(RunSettingError)
    -> RunValue
  {
    switch setting.kind {
    case .integer(let range):
      guard case .integer(let number) = value, range.contains(number) else {
        let most = range.upperBound >= 1_000_000_000 ? "or more" : "to \(range.upperBound)"
        throw RunSettingError(setting.key, "must be a whole number, \(range.lowerBound) \(most), not '\(typed)'")
      }
    case .number(let range):
      let number: Double? =
        switch value {
        case .integer(let whole): Double(whole)
        case .number(let number): number
        default: nil
        }
      guard let number, range.contains(number) else {
        throw RunSettingError(
          setting.key,
          "must be a number from \(RunValue.number(range.lowerBound).words) to \(RunValue.number(range.upperBound).words), "
            + "not '\(typed)'")
      }
      return .number(number)
    case .choice(let words):
      guard words.contains(typed) else {
        throw RunSettingError(setting.key, "is one of \(words.joined(separator: ", ")), not '\(typed)'")
      }
      return .text(typed)
    case .text:
      guard !typed.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
        throw RunSettingError(setting.key, "must not hold line ends or control characters")
      }
      return .text(typed)
    }
    return value
  }

  private static func unknown(_ key: String) -> String {
    let near = RunSetting.all.map(\.key).filter { name in
      name.contains(key) || key.contains(name) || Set(name).symmetricDifference(Set(key)).count <= 2
    }
    return near.isEmpty
      ? "is not a setting; 'deepcritic train --settings' lists all, and those of the engines begin with 'trl.' or 'verl.'"
      : "is not a setting; did you mean \(near.prefix(3).joined(separator: ", "))?"
  }

  // MARK: - Files

  /// Lays a file of settings over this specification: tables as ``toml`` writes them, every line optional.
  ///
  /// - Throws: ``SpecificationError`` naming the file and every key that cannot be used.
  public mutating func read(file path: String) throws {
    let text: String
    do { text = try PlainFile.text(path, limit: 16 << 20) } catch {
      throw SpecificationError([RunSettingError("spec", "cannot be read: \(error.reason)")], file: path)
    }
    try read(toml: text, file: path)
  }

  /// Lays the text of a file over this specification.
  public mutating func read(toml text: String, file: String) throws {
    let table: TOMLTable
    do { table = try TOMLTable(text) } catch {
      throw SpecificationError(
        [RunSettingError("spec", "is not valid TOML: \(error.reason)")], file: file + ":\(error.line)")
    }
    try read(table, file: file)
  }

  /// Lays the tables of a file over this specification.
  mutating func read(_ table: TOMLTable, file: String) throws(SpecificationError) {
    var problems: [RunSettingError] = []
    for (key, value) in Self.flat(table, prefix: "") {
      do throws(RunSettingError) {
        guard let value else { throw RunSettingError(key, "must be a number, a string in quotes, true or false") }
        try set(key, value, typed: value.words)
      } catch {
        problems.append(error)
      }
    }
    if !problems.isEmpty { throw SpecificationError(problems, file: file) }
  }

  /// Every value with its full key; `nil` where it is none that a setting can have.
  private static func flat(_ table: TOMLTable, prefix: String) -> [(String, RunValue?)] {
    table.keys.sorted().flatMap { key -> [(String, RunValue?)] in
      guard let value = table[key] else { return [] }
      if let inner = value.table { return flat(inner, prefix: prefix + key + ".") }
      return [(prefix + key, RunValue(value))]
    }
  }

  /// The whole specification as a file, with every default and what each setting is.
  public var toml: String {
    var lines = [
      "# A training run of DeepCritic Workbench. 'deepcritic train --spec FILE' starts another like "
        + "it.", "",
    ]
    lines += [
      "[run]", "stage = \"\(stage.rawValue)\"", "engine = \"\(engine.rawValue)\"",
      "launcher = \"\(launcher.rawValue)\"", "# Content hash of the dataset", "data = \(RunValue.text(data).toml)",
    ]
    var group = RunSetting.Group.run
    for setting in settings {
      if setting.group != group {
        group = setting.group
        lines += ["", "[\(group.rawValue)]"]
      }
      lines += ["# \(setting.summary)", "\(setting.key) = \(self[setting].toml)"]
    }
    for (engine, values) in extras.sorted(by: { $0.key.rawValue < $1.key.rawValue }) where !values.isEmpty {
      lines += ["", "# Settings of \(engine.rawValue) itself", "[\(engine.rawValue)]"]
      lines += values.sorted { $0.key < $1.key }.map { "\"\($0.key)\" = \($0.value.toml)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Every key with its value, in the order of the file: for comparing runs.
  public var flat: [(key: String, value: String)] {
    var all = [
      ("stage", stage.rawValue), ("engine", engine.rawValue), ("launcher", launcher.rawValue), ("data", data),
    ]
    all += settings.map { ($0.key, self[$0].words) }
    for (engine, values) in extras.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      all += values.sorted { $0.key < $1.key }.map { ("\(engine.rawValue).\($0.key)", $0.value.words) }
    }
    return all
  }
}
