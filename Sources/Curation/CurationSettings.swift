import Foundation
import ReviewStore
import TOMLKit

/// Where a label may come from.
public enum LabelTier: String, Sendable, Hashable, Codable, CaseIterable {
  /// Settled by somebody for all reviewers.
  case adjudication
  /// The verdicts of reviewers, as far as they agree.
  case reviewers
  /// What came with the data: a person's, a benchmark's or a Monte-Carlo estimate.
  case gold
}

/// The rules by which solutions get into training sets: the `[curate]` table of `deepcritic.toml`.
public struct CurationSettings: Sendable, Hashable, Codable {
  /// Whose label counts, the strongest first. What is not named does not count.
  public var precedence: [LabelTier] = LabelTier.allCases
  /// Reviewers whose verdicts, flags and judgements count; empty for everyone.
  public var reviewers: [String] = []
  /// Decides which all-correct solutions and which solution of a problem are taken, and what is for validation.
  public var seed: UInt64 = 42
  /// How many solutions without an error are taken, those not counted in which a deep critique corrected a wrong initial
  /// one (paper, section 3.1: 250); `nil` for all.
  public var allCorrectLimit: Int? = 250
  /// Longest row in Unicode scalars, all turns together; `nil` for any length. Stands in for tokens (16384 in the paper, of
  /// at least three characters each) where no tokenizer is named.
  public var maxCharacters: Int? = 49152
  /// Longest row in tokens; counts only with a tokenizer.
  public var maxTokens: Int? = 16384
  /// Path of a `tokenizer.json`; `nil` to measure characters.
  public var tokenizer: String?
  /// Reasons that are not applied.
  public var ignored: [CurationReason] = []
  /// Parts of paths: imports whose path holds one are benchmarks, whatever their format.
  public var benchmarks: [String] = []
  /// The system turn of rows; empty for none. The default is that of the paper's base model (Qwen2.5).
  public var system = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."
  /// The share of problems kept for validation, from 0 to less than 1.
  public var validation = 0.0

  /// The method's rules.
  public init() {}

  static let keys = [
    "precedence", "reviewers", "seed", "all_correct_limit", "max_characters", "max_tokens", "tokenizer", "ignore",
    "benchmarks", "system", "validation",
  ]

  /// Whether a reason is applied.
  public func applies(_ reason: CurationReason) -> Bool { !ignored.contains(reason) }

  /// Whether a reviewer's decisions count.
  public func counts(_ reviewer: String) -> Bool { reviewers.isEmpty || reviewers.contains(reviewer) }

  /// The same settings as values for a manifest, in a fixed order.
  public var description: [(name: String, value: String)] {
    [
      ("precedence", precedence.map(\.rawValue).joined(separator: ", ")),
      ("reviewers", reviewers.joined(separator: ", ")), ("seed", String(seed)),
      ("all_correct_limit", allCorrectLimit.map(String.init) ?? "none"),
      ("max_characters", maxCharacters.map(String.init) ?? "none"),
      ("max_tokens", maxTokens.map(String.init) ?? "none"),
      ("ignore", ignored.map(\.rawValue).sorted().joined(separator: ", ")),
      ("benchmarks", benchmarks.joined(separator: ", ")), ("system", system), ("validation", String(validation)),
    ]
  }
}

extension CurationSettings {
  /// Reads the `[curate]` table of a settings file; a missing file or table gives the defaults.
  ///
  /// - Throws: ``Problem`` naming the file, the key and what it must be.
  public init(path: String) throws {
    self.init()
    guard FileManager.default.fileExists(atPath: path) else { return }
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw Self.problem(path, "the file cannot be read as UTF-8 text")
    }
    let root: TOMLTable
    do { root = try TOMLTable(string: text) } catch let error as TOMLParseError {
      throw Self.problem(path + ":\(error.source.begin.line)", "not valid TOML: \(error.description)")
    }
    guard let value = root["curate"] else { return }
    guard let table = value.table else { throw Self.problem(path, "'curate' must be a table: [curate]") }
    for key in table.keys where !Self.keys.contains(key) {
      throw Self.problem(path, "unknown setting 'curate.\(key)'; known are \(Self.keys.joined(separator: ", "))")
    }
    try read(TableReader(table: table, path: path))
  }

  private mutating func read(_ table: TableReader) throws {
    if let names = try table.texts("precedence") {
      precedence = try names.map { name in
        guard let tier = LabelTier(rawValue: name) else {
          throw table.problem("precedence", "may name adjudication, reviewers and gold, not \"\(name)\"")
        }
        return tier
      }
      guard Set(precedence).count == precedence.count, !precedence.isEmpty else {
        throw table.problem("precedence", "must name each source at most once, and at least one")
      }
    }
    if let names = try table.texts("reviewers") { reviewers = names }
    if let number = try table.number("seed", from: 0) { seed = UInt64(number) }
    if let limit = try table.limit("all_correct_limit", from: 0) { allCorrectLimit = limit }
    if let limit = try table.limit("max_characters", from: 1) { maxCharacters = limit }
    if let limit = try table.limit("max_tokens", from: 1) { maxTokens = limit }
    if let file = try table.text("tokenizer") { tokenizer = file.isEmpty ? nil : file }
    if let names = try table.texts("ignore") { ignored = try names.map { try table.ignorable($0) } }
    if let names = try table.texts("benchmarks") { benchmarks = names.filter { !$0.isEmpty } }
    if let text = try table.text("system") { system = text }
    if let share = try table.share("validation") { validation = share }
  }

  /// A setting that cannot be used.
  public struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
    /// File, key and what it must be.
    public let description: String
  }

  static func problem(_ file: String, _ reason: String) -> Problem {
    Problem(description: "\(file): \(reason)")
  }
}

/// Reads the table's values with errors that name them.
private struct TableReader {
  let table: TOMLTable
  let path: String

  func problem(_ key: String, _ rule: String) -> CurationSettings.Problem {
    CurationSettings.problem(path, "'curate.\(key)' \(rule)")
  }

  func text(_ key: String) throws -> String? {
    guard let value = table[key] else { return nil }
    guard let text = value.string else { throw problem(key, "must be a text in quotes") }
    return text
  }

  func texts(_ key: String) throws -> [String]? {
    guard let value = table[key] else { return nil }
    guard let list = value.array else { throw problem(key, "must be a list of texts in quotes") }
    return try list.map {
      guard let text = $0.string else { throw problem(key, "must be a list of texts in quotes") }
      return text
    }
  }

  func number(_ key: String, from least: Int) throws -> Int? {
    guard let value = table[key] else { return nil }
    guard let number = value.int, number >= least else {
      throw problem(key, "must be a whole number from \(least)")
    }
    return number
  }

  /// A number, or "none": then the limit is `.some(nil)`.
  func limit(_ key: String, from least: Int) throws -> Int?? {
    guard let value = table[key] else { return nil }
    if value.string == "none" { return .some(nil) }
    guard let number = value.int, number >= least else {
      throw problem(key, "must be a whole number from \(least), or \"none\"")
    }
    return .some(number)
  }

  func share(_ key: String) throws -> Double? {
    guard let value = table[key] else { return nil }
    guard let share = value.double ?? value.int.map(Double.init), share >= 0, share < 1 else {
      throw problem(key, "must be a share from 0 to less than 1")
    }
    return share
  }

  func ignorable(_ name: String) throws -> CurationReason {
    let known = CurationReason.allCases.filter(\.canBeIgnored).map(\.rawValue).joined(separator: ", ")
    guard let reason = CurationReason(rawValue: name), reason.canBeIgnored else {
      throw problem("ignore", "may name \(known), not \"\(name)\"")
    }
    return reason
  }
}
