import ReviewStore

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
  /// The share of problems kept for validation, from 0 to 0.9.
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
  /// - Throws: `SettingsError` naming the file, the key and what it must be.
  public init(path: String) throws {
    self.init()
    guard let table = try SettingsTable("curate", of: path) else { return }
    try table.refuse(allBut: Self.keys)
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
    reviewers = try table.texts("reviewers") ?? reviewers
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
    benchmarks = try (table.texts("benchmarks") ?? []).filter { !$0.isEmpty }
    if let text = try table.text("system") { system = text == "none" ? "" : text }
    validation = try table.number("validation", in: 0...0.9) ?? validation
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
