import CritiqueModel
import GRDB

/// Orders of the queue.
public enum QueueSort: String, Sendable, Hashable, CaseIterable, Codable {
  /// As imported.
  case imported
  /// Where critiques contradict labels first: merged, then deep, then initial.
  case disagreement
  /// What this reviewer has not finished first.
  case todo
  /// By first error step; solutions without an error last.
  case firstError = "first-error"
  /// Longest first.
  case length
  /// The reviewer's latest work first.
  case recent

  /// Whether the order tells labels or what critics say: a blind reviewer must not see it.
  public var revealsLabels: Bool { self == .disagreement || self == .firstError }

  /// The words shown to people.
  public var words: String {
    switch self {
    case .imported: "as imported"
    case .disagreement: "disagreement"
    case .todo: "to do first"
    case .firstError: "first error"
    case .length: "longest"
    case .recent: "my latest"
    }
  }
}

/// What the queue shows: words that must occur in the problem or the steps, and conditions such as `state:todo`.
///
/// Conditions: `state:todo|started|done|skipped|bad|touched`, `label:wrong|right|unknown|K` (K is a step number),
/// `source:TEXT` (format, file or name), `steps:N`, `steps:>N`, `steps:<N`, `has:initial|deep|merged|flag|comment`,
/// `differs:initial|deep|merged|me|mc` (mc: people's label and that of roll-outs), `estimate:labelled|ambiguous|…`
/// (what roll-outs lead to, `EstimateReason`), `reason:complete|deep-misses-label|…` (where a solution stands on the
/// way to a seed critique, `SeedReason`). Everything else is a word; words match from their beginning, in any case.
/// What stands in double quotes is words, also where it looks like a condition.
public struct QueueFilter: Sendable, Hashable {
  /// The filter as it was typed.
  public let text: String
  var conditions: [Condition] = []
  var words: [String] = []

  /// Shows everything.
  public static let everything = QueueFilter()
  private init() { text = "" }

  /// Whether everything is shown.
  public var isEmpty: Bool { conditions.isEmpty && words.isEmpty }

  struct Condition: Sendable, Hashable {
    var sql: String
    var arguments: [String] = []
    var aboutReviewer = false
    var revealsLabels = false
  }

  /// Whether what is listed tells labels or what critics say: a blind reviewer must not see the list.
  public var revealsLabels: Bool { conditions.contains(where: \.revealsLabels) }

  /// - Throws: ``WorkspaceError/invalidFilter(_:)`` naming the term that cannot be read.
  public init(_ text: String) throws {
    self.text = text
    for term in Self.terms(of: text) {
      let parts = term.text.split(separator: ":", maxSplits: 1)
      if !term.isQuoted, parts.count == 2 {
        if let condition = try Self.condition(String(parts[0]), String(parts[1])) {
          conditions.append(condition)
          continue
        }
        if Self.looksLikeCondition(parts[0], parts[1]) {
          throw WorkspaceError.invalidFilter(
            "'\(term.text)' is no condition; there are state:, label:, source:, steps:, has:, "
              + "differs:, estimate: and reason:. "
              + "To look for the words, write them in double quotes")
        }
      }
      words += try Self.tokens(of: term.text)
    }
    if isEmpty, !text.allSatisfy(\.isWhitespace) {
      throw WorkspaceError.invalidFilter("'\(text)' holds no word and no condition to look for")
    }
  }

  /// What blanks separate; a term that begins with a double quote goes on to the next one.
  private static func terms(of text: String) -> [(text: Substring, isQuoted: Bool)] {
    var terms: [(Substring, Bool)] = []
    var rest = text.drop(while: \.isWhitespace)
    while let first = rest.first {
      let isQuoted = first == "\""
      if isQuoted { rest.removeFirst() }
      let term = rest.prefix { isQuoted ? $0 != "\"" : !$0.isWhitespace }
      terms.append((term, isQuoted))
      rest = rest[term.endIndex...]
      if isQuoted { rest = rest.dropFirst() }
      rest = rest.drop(while: \.isWhitespace)
    }
    return terms
  }

  /// Whether a term is more likely a mistyped condition than a word with a colon ("3:5", "http://…").
  private static func looksLikeCondition(_ name: Substring, _ value: Substring) -> Bool {
    guard name.utf8.count <= 12, name.utf8.allSatisfy({ (0x61...0x7A).contains($0) }), let first = value.first else {
      return false
    }
    return first.isLetter || first.isNumber || "<>".contains(first)
  }

  /// The words of a text as the search index cuts them, by its own tokenizer: phrases cannot be looked for, so a word
  /// that SQLite would cut further (at a vowel sign, or at a letter that its tables do not know) must be cut here.
  static func tokens(of text: some StringProtocol) throws -> [String] {
    do {
      return try DatabaseQueue().read { db in
        try db.makeTokenizer(.unicode61()).tokenize(query: String(text)).map(\.token)
      }
    } catch {
      throw WorkspaceError.readFailed(Workspace.reason(of: error))
    }
  }

  /// The words as a full-text query in which each must occur, the last letters left open.
  var match: String? {
    words.isEmpty ? nil : words.map { "\"\($0)\"*" }.joined(separator: " AND ")
  }

  private static func condition(_ name: String, _ value: String) throws -> Condition? {
    func bad(_ choices: String) -> WorkspaceError {
      .invalidFilter("'\(name):\(value)'; after '\(name):' comes \(choices)")
    }
    switch name {
    case "state":
      switch value {
      case "todo":
        return Condition(sql: "coalesce(r.state,'untouched') IN ('untouched','started','skipped')", aboutReviewer: true)
      case "started", "skipped": return Condition(sql: "r.state = '\(value)'", aboutReviewer: true)
      case "done": return Condition(sql: "r.state IN (\(ReviewState.done))", aboutReviewer: true)
      case "bad": return Condition(sql: "r.state IN ('bad_problem','give_up')", aboutReviewer: true)
      case "touched": return Condition(sql: "r.state IS NOT NULL", aboutReviewer: true)
      default: throw bad("todo, started, done, skipped, bad or touched")
      }
    case "label":
      switch value {
      case "wrong": return Condition(sql: "s.first_error > 0", revealsLabels: true)
      case "right": return Condition(sql: "s.first_error = -1", revealsLabels: true)
      case "unknown": return Condition(sql: "s.first_error IS NULL", revealsLabels: true)
      default:
        guard let step = Int(value), step > 0 || step == -1 else {
          throw bad("wrong, right, unknown or the number of the first wrong step")
        }
        return Condition(sql: "s.first_error = \(step)", revealsLabels: true)
      }
    case "source":
      return Condition(
        sql: """
          (s.format = ? OR s.name LIKE ? || '%'
           OR s.import_id IN (SELECT id FROM import WHERE path LIKE '%' || ? || '%'))
          """, arguments: [value, value, value])
    case "steps":
      let comparison = value.first.map { "<>".contains($0) } == true ? String(value.prefix(1)) : "="
      guard let number = Int(comparison == "=" ? value : String(value.dropFirst())) else {
        throw bad("a number, >number or <number")
      }
      return Condition(sql: "s.steps \(comparison) \(number)")
    case "has":
      switch value {
      case "initial", "deep", "merged": return Condition(sql: "s.\(value) <> ''")
      case "flag": return Condition(sql: "EXISTS(SELECT 1 FROM flag f WHERE f.solution = s.key)")
      case "comment": return Condition(sql: "EXISTS(SELECT 1 FROM comment c WHERE c.solution = s.key)")
      default: throw bad("initial, deep, merged, flag or comment")
      }
    case "differs":
      switch value {
      case "initial": return Condition(sql: "s.disagreement & 1", revealsLabels: true)
      case "deep": return Condition(sql: "s.disagreement & 2", revealsLabels: true)
      case "merged": return Condition(sql: "s.disagreement & 4", revealsLabels: true)
      case "me": return Condition(sql: "r.differs > 0", aboutReviewer: true)
      case "mc": return Condition(sql: Workspace.estimateDiffers, revealsLabels: true)
      default: throw bad("initial, deep, merged, me or mc")
      }
    case "estimate":
      guard EstimateReason(rawValue: value) != nil else {
        throw bad("one of \(EstimateReason.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return Condition(
        sql: """
          (EXISTS(SELECT 1 FROM estimate m WHERE m.solution_id = s.id AND m.reason = ?)
           OR EXISTS(SELECT 1 FROM sampled_problem m WHERE m.problem_id = s.id AND m.reason = ?))
          """, arguments: [value, value], revealsLabels: true)
    case "reason":
      guard SeedReason(rawValue: value) != nil else {
        throw bad("one of \(SeedReason.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      return Condition(
        sql: "EXISTS(SELECT 1 FROM seed x WHERE x.solution_id = s.id AND x.reason = ?)", arguments: [value],
        revealsLabels: true)
    default:
      return nil  // Not one of ours: a word with a colon in it.
    }
  }
}

/// Where critiques contradict the labels of a solution.
public struct Disagreement: OptionSet, Sendable, Hashable {
  /// The bits, as stored in the database.
  public let rawValue: Int
  /// From stored bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Some initial critique contradicts its step's label.
  public static let initial = Disagreement(rawValue: 1)
  /// Some deep critique contradicts its step's label.
  public static let deep = Disagreement(rawValue: 2)
  /// Some merged critique contradicts its step's label.
  public static let merged = Disagreement(rawValue: 4)

  /// Compares, at every step that has both, a stage's judgement with the label (0 counts as correct).
  init(ratings: String, initial: String, deep: String, merged: String) {
    func differs(_ stage: String) -> Bool {
      zip(Signature.ratings(ratings), Signature.ratings(stage)).contains { label, critic in
        guard let label, let critic else { return false }
        return label.judgement != critic.judgement
      }
    }
    self = []
    if differs(initial) { insert(.initial) }
    if differs(deep) { insert(.deep) }
    if differs(merged) { insert(.merged) }
  }
}
