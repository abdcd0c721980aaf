import CritiqueModel
import ReviewStore

/// The rules by which solutions get into training sets: the `[curate]` table of `deepcritic.toml`.
public struct CurationSettings: Sendable, Hashable, Codable {
  /// Whose labels, flags and judgements count.
  public var labels = LabelPolicy()
  /// The filter of the solutions to choose from, for the manifest; `nil` for all.
  public var filter: String?
  /// Decides which all-correct solutions and which solution of a problem are taken, and what is for validation.
  public var seed: UInt64 = 42
  /// How many solutions without an error are taken, those not counted in which a deep critique corrected a wrong initial
  /// one (paper, section 3.1: 250); `nil` for all.
  public var allCorrectLimit: Int? = 250
  /// Longest row in Unicode scalars, all turns together; `nil` for any length. Used in place of tokens (16384 in the paper, of
  /// at least three characters each) where no tokenizer is named.
  public var maxCharacters: Int? = 49152
  /// Longest row in tokens; counts only with a tokenizer.
  public var maxTokens: Int? = 16384
  /// Path of a `tokenizer.json`; `nil` to measure characters.
  public var tokenizer: String?
  /// Reasons that are not applied.
  public var ignored: [CurationReason] = []
  /// Solutions with one of these tags are kept out.
  public var excludedTags: [Tag] = []
  /// Solutions that lack one of these tags are kept out.
  public var requiredTags: [Tag] = []
  /// Parts of paths: imports whose path holds one are benchmarks, whatever their format.
  public var benchmarks: [String] = []
  /// The system turn of rows; empty for none. The default is that of the paper's base model (Qwen2.5).
  public var system = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."
  /// The share of problems kept for validation, from 0 to 0.9.
  public var validation = 0.0

  /// The method's rules.
  public init() {}

  static let keys = [
    "precedence", "reviewers", "seed", "all_correct_limit", "max_characters", "max_tokens", "tokenizer", "ignore",
    "benchmarks", "system", "validation", "exclude_tags", "require_tags",
  ]

  /// Whether a reason is applied.
  public func applies(_ reason: CurationReason) -> Bool { !ignored.contains(reason) }

  /// Whether a reviewer's decisions count.
  public func counts(_ reviewer: String) -> Bool { labels.counts(reviewer) }

  /// The same settings as values for a manifest, in a fixed order.
  public var description: [(name: String, value: String)] {
    [
      ("precedence", labels.precedence.map(\.rawValue).joined(separator: ", ")),
      ("reviewers", labels.reviewers.joined(separator: ", ")), ("seed", String(seed)),
      ("all_correct_limit", allCorrectLimit.map(String.init) ?? "none"),
      ("max_characters", maxCharacters.map(String.init) ?? "none"),
      ("max_tokens", maxTokens.map(String.init) ?? "none"),
      ("ignore", ignored.map(\.rawValue).sorted().joined(separator: ", ")),
      ("exclude_tags", excludedTags.map(\.name).joined(separator: ", ")),
      ("require_tags", requiredTags.map(\.name).joined(separator: ", ")),
      ("benchmarks", benchmarks.joined(separator: ", ")), ("filter", filter ?? ""), ("system", system),
      ("validation", String(validation)),
    ]
  }
}

extension CurationSettings {
  /// Reads the `[curate]` table of a settings file; a missing file or table gives the defaults.
  ///
  /// - Throws: `SettingsError` naming the file, the key and what it must be.
  public init(path: String) throws {
    self.init()
    guard let table = try SettingsTable("curate", of: path) else { return }
    try table.refuse(allBut: Self.keys)
    labels = try LabelPolicy(path: path)
    seed = try table.integer("seed").map { UInt64($0) } ?? seed
    allCorrectLimit = try Self.limit("all_correct_limit", table, atLeast: 0) ?? allCorrectLimit
    maxCharacters = try Self.limit("max_characters", table, atLeast: 1) ?? maxCharacters
    maxTokens = try Self.limit("max_tokens", table, atLeast: 1) ?? maxTokens
    tokenizer = try table.file("tokenizer")
    ignored = try (table.texts("ignore") ?? []).map { name in
      guard let reason = CurationReason(rawValue: name), reason.canBeIgnored else {
        let known = CurationReason.allCases.filter(\.canBeIgnored).map(\.rawValue).joined(separator: ", ")
        throw table.problem("ignore", "may name \(known), not \"\(name)\"")
      }
      return reason
    }
    excludedTags = try Self.tags("exclude_tags", table)
    requiredTags = try Self.tags("require_tags", table)
    benchmarks = try (table.texts("benchmarks") ?? []).filter { !$0.isEmpty }
    if let text = try table.text("system") { system = text == "none" ? "" : text }
    validation = try table.number("validation", in: 0...0.9) ?? validation
  }

  /// The settings of a workspace, with the policy by which its labels are kept.
  public init(of workspace: Workspace) throws {
    try self.init(path: workspace.settingsPath)
    labels = try workspace.labelPolicy()
  }

  private static func tags(_ key: String, _ table: SettingsTable) throws -> [Tag] {
    try (table.texts(key) ?? []).map { name in
      guard let tag = Tag(name) else { throw table.problem(key, "may hold \(Tag.rule), not \"\(name)\"") }
      return tag
    }
  }

  /// A whole number, or "none": then it is `.some(nil)`.
  static func limit(_ key: String, _ table: SettingsTable, atLeast minimum: Int) throws -> Int?? {
    guard let text = try table.textOrInteger(key) else { return nil }
    if text == "none" { return .some(nil) }
    guard let number = Int(text), number >= minimum else {
      throw table.problem(key, "must be a whole number, \(minimum) or more, or \"none\"")
    }
    return .some(number)
  }
}
