import CritiqueModel
import JSON

/// Turns the bytes of one record into the values they mean.
public enum RecordDecoder {
  /// Decodes a record that was stored as its raw bytes. Takes well under a millisecond for a usual record.
  ///
  /// - Throws: a reason that names the field, when the bytes are not a record of the format.
  public static func content(
    of raw: [UInt8], format: DatasetFormat
  ) throws(RecordError) -> SourceRecord.Content {
    try content(of: document(raw).root, format: format)
  }

  private static func document(_ raw: [UInt8]) throws(RecordError) -> JSONDocument {
    do {
      return try JSONDocument(parsing: raw)
    } catch {
      throw RecordError("not valid JSON: \(error)")
    }
  }

  /// Decodes only the solution of a record, for the many that are read when a set is written: critiques beside it
  /// in the record are passed over.
  ///
  /// - Parameter ordinal: which of several solutions.
  /// - Returns: `nil` when the record has none.
  public static func solution(
    of raw: [UInt8], format: DatasetFormat, ordinal: Int
  ) throws(RecordError) -> Solution? {
    let root = try document(raw).root
    if format == .deepcritic { return try DeepCriticStages.solution(of: root) }
    switch try content(of: root, format: format) {
    case .solution(let solution, _), .problem(let solution): return solution
    case .solutions(let several): return several.indices.contains(ordinal) ? several[ordinal] : nil
    case .review: return nil
    }
  }

  static func content(of root: JSONView, format: DatasetFormat) throws(RecordError) -> SourceRecord.Content {
    guard root.kind == .object else {
      throw RecordError("a record must be an object, not \(root.kind.word)")
    }
    return switch format {
    case .prm800k: try PRM800K.content(of: root)
    case .processbench, .mrgsm8k: try ProcessBench.content(of: root, format)
    case .mrgsm8kOriginal: try MRGSM8K.content(of: root)
    case .prmbench: try PRMBench.content(of: root)
    case .deepcritic: try DeepCriticStages.content(of: root)
    case .sft: try SFTMessages.content(of: root)
    case .rollout: try Rollouts.content(of: root)
    case .problems: try ProblemSets.content(of: root)
    case .generic: try GenericSteps.content(of: root)
    case .reviews: .review
    }
  }
}

/// Reading fields with errors that name them. `path` is the object's path in the record ("label.steps[2]."), made
/// only when there is something to report.
extension JSONView {
  /// The error for a record that lacks the keys its format needs.
  func misfit(_ format: DatasetFormat, needs: String) -> RecordError {
    RecordError(
      "not a record of the format \(format.rawValue) (\(format.title)), which needs \(needs); "
        + "this one has \(FormatDetector.keyList(self))")
  }

  private func wrong(_ name: String, _ expected: String, _ value: JSONView?) -> RecordError {
    guard let value else { return RecordError("\(name) is missing") }
    return RecordError("\(name) must be \(expected), not \(value.shown)")
  }

  /// A short picture of a value for messages.
  package var shown: String {
    switch kind {
    case .number, .bool: String(decoding: raw.prefix(40), as: UTF8.self)
    default: kind.word
    }
  }

  /// A string that must be there.
  func text(_ key: StaticString, _ path: @autoclosure () -> String = "") throws(RecordError) -> String {
    let value = self[key]
    guard let text = value?.string else { throw wrong("\(path())\(key)", "a string", value) }
    return text
  }

  /// What `read` makes of a value that may be null or absent; the error says what was `expected`.
  private func optional<Value>(
    _ key: StaticString, _ path: () -> String, _ expected: String, _ read: (JSONView) -> Value?
  ) throws(RecordError) -> Value? {
    guard let value = self[key], !value.isNull else { return nil }
    guard let found = read(value) else { throw wrong("\(path())\(key)", expected, value) }
    return found
  }

  /// A string that may be null or absent.
  func optionalText(_ key: StaticString, _ path: @autoclosure () -> String = "") throws(RecordError) -> String? {
    try optional(key, path, "a text or null") { $0.string }
  }

  /// A string, or a number as it is spelled: identifiers and answers come as either. `nil` when null or absent.
  func textOrNumber(_ key: StaticString, _ path: @autoclosure () -> String = "") throws(RecordError) -> String? {
    try optional(key, path, "a text or a number") { $0.string ?? $0.numberText }
  }

  /// The first of several keys that holds a string or a number. (`??` cannot be used: it forgets typed errors.)
  func textOrNumber(firstOf keys: StaticString...) throws(RecordError) -> String? {
    for key in keys {
      if let text = try textOrNumber(key) { return text }
    }
    return nil
  }

  /// The first of several keys that holds a string.
  func optionalText(firstOf keys: StaticString...) throws(RecordError) -> String? {
    for key in keys {
      if let text = try optionalText(key) { return text }
    }
    return nil
  }

  /// A list that must be there.
  func list(_ key: StaticString, _ path: @autoclosure () -> String = "") throws(RecordError) -> JSONView {
    let value = self[key]
    guard let value, value.kind == .array else { throw wrong("\(path())\(key)", "a list", value) }
    return value
  }

  /// A list that may be null or absent.
  func optionalList(_ key: StaticString, _ path: @autoclosure () -> String = "") throws(RecordError) -> JSONView? {
    try optional(key, path, "a list or null") { $0.kind == .array ? $0 : nil }
  }

  /// True, false, or `nil` when null or absent.
  func optionalBool(_ key: StaticString, _ path: @autoclosure () -> String = "") throws(RecordError) -> Bool? {
    try optional(key, path, "true, false or null") { $0.bool }
  }

  /// A whole number, or `nil` when null or absent.
  func optionalInt(_ key: StaticString, _ path: @autoclosure () -> String = "") throws(RecordError) -> Int? {
    try optional(key, path, "a whole number or null") { $0.int }
  }

  /// A rating −1, 0, 1, or `nil` when null or absent.
  func rating(_ key: StaticString, _ path: @autoclosure () -> String = "") throws(RecordError) -> Rating? {
    try optional(key, path, "-1, 0, 1 or null") { $0.int.flatMap(Rating.init(rawValue:)) }
  }

  /// A list of strings; `name` is the list's path.
  func texts(_ name: @autoclosure () -> String) throws(RecordError) -> [String] {
    var texts: [String] = []
    for element in elements {
      guard let text = element.string else { throw wrong("\(name())[\(texts.count)]", "a string", element) }
      texts.append(text)
    }
    return texts
  }
}

/// Ratings from the number of the first error, which is how most benchmarks label.
enum FirstErrorLabels {
  /// Steps with +1 before the first wrong one, −1 on it, and no rating after it.
  ///
  /// - Parameter first: the **0-based** index of the first error; `nil` when every step is right.
  static func steps(_ texts: [String], firstError first: Int?) -> [Step] {
    texts.enumerated().map { index, text in
      guard let first else { return Step(text, rating: .correct) }
      return Step(text, rating: index < first ? .correct : index == first ? .incorrect : nil)
    }
  }
}
