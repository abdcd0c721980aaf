import CritiqueModel
import GRDB

/// What the queue shows: words, and conditions such as `state:todo` or `steps>8`.
///
/// The conditions are listed in ``FilterField``. Everything else is a word, which must occur in the problem, the steps or (where
/// critiques may be seen) in critiques and comments; words match from their beginning, in any case. What is in double
/// quotes is words, also where it looks like a condition. All must hold; `-` negates a condition.
public struct QueueFilter: Sendable, Hashable {
  /// The filter as it was typed.
  public let text: String
  var conditions: [Condition] = []
  /// Words of the problem, the steps, critiques or comments.
  public internal(set) var words: [SearchedText] = []
  /// Words of the problem and the steps alone.
  var textWords: [SearchedText] = []
  /// Words of critiques alone.
  var critiqueWords: [SearchedText] = []
  /// Reasons that no query finds, by name: only who has decided about all solutions can show which have them
  /// (``QueueKnowledge/reasons``).
  public internal(set) var reasons: [(name: String, isNegated: Bool)] = []

  /// Shows everything.
  public static let everything = QueueFilter()
  private init() { text = "" }

  /// Whether everything is shown.
  public var isEmpty: Bool {
    conditions.isEmpty && words.isEmpty && textWords.isEmpty && critiqueWords.isEmpty && reasons.isEmpty
  }

  /// Whether texts of critiques are searched.
  public var needsCritiqueWords: Bool { !critiqueWords.isEmpty || !words.isEmpty }

  /// What is searched for, to be lit in the texts.
  public var searched: [SearchedText] { words + textWords + critiqueWords }

  /// A condition in SQL over `solution s`, or, where it is about the reviewer, over `state` and `differs` of `review r`.
  package struct Condition: Sendable, Hashable {
    var sql: String
    var arguments: [String] = []
    var aboutReviewer = false
    var revealsLabels = false
    /// In place of SQL, the name of a reason that no query finds.
    var reason: String?

    package init(sql: String, arguments: [String] = [], aboutReviewer: Bool = false, revealsLabels: Bool = false) {
      self.sql = sql
      self.arguments = arguments
      self.aboutReviewer = aboutReviewer
      self.revealsLabels = revealsLabels
    }

    /// A reason that no query finds.
    package init(reason: String) {
      sql = ""
      self.reason = reason
    }
  }

  /// Whether what is listed reveals labels or what critics say: a blind reviewer must not see the list.
  public var revealsLabels: Bool {
    conditions.contains(where: \.revealsLabels) || !critiqueWords.isEmpty || !reasons.isEmpty
  }

  /// The same filter when two texts are.
  public static func == (a: QueueFilter, b: QueueFilter) -> Bool { a.text == b.text }
  /// Hashes the text.
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }

  /// Reads a filter.
  ///
  /// - Parameter fields: the conditions that it may have (``Workspace/filterFields``).
  /// - Throws: ``WorkspaceError/invalidFilter(_:)`` naming the term that cannot be read.
  public init(_ text: String, fields: FilterFields) throws {
    self.text = text
    for term in Self.terms(of: text) {
      if !term.isQuoted, let parts = Parts(term.text) {
        if let field = fields.named(parts.name) {
          try add(field, parts)
          continue
        }
        if parts.looksLikeCondition {
          let close = fields.closest(to: parts.name).map { " Did you mean '\($0)'?" } ?? ""
          throw WorkspaceError.invalidFilter(
            "'\(term.text)' is not a condition.\(close) There are "
              + fields.all.map { $0.name + ":" }.joined(separator: " ")
              + ". To look for the words, write them in double quotes")
        }
      }
      words += try Self.tokens(of: term.text).map { SearchedText(word: $0, isQuoted: term.isQuoted) }
    }
    if isEmpty, !text.allSatisfy(\.isWhitespace) {
      throw WorkspaceError.invalidFilter("'\(text)' holds no word and no condition to look for")
    }
  }

  private mutating func add(_ field: FilterField, _ parts: Parts) throws {
    if parts.value.isEmpty { throw field.invalid(parts.term) }
    switch field.kind {
    case .words(let place):
      let tokens = try Self.tokens(of: parts.value).map { SearchedText(word: $0, isQuoted: parts.isQuoted) }
      if tokens.isEmpty || parts.isNegated || parts.comparison != nil { throw field.invalid(parts.term) }
      switch place {
      case .text: textWords += tokens
      case .critique: critiqueWords += tokens
      }
    case .condition(let make):
      guard parts.comparison == nil || field.isNumber, var condition = try make(parts.value, parts.comparison) else {
        throw field.invalid(parts.term)
      }
      if let reason = condition.reason {
        reasons.append((reason, parts.isNegated))
        return
      }
      if parts.isNegated { condition.sql = "NOT coalesce((\(condition.sql)), 0)" }
      conditions.append(condition)
    }
  }

  /// A term that may be a condition: "steps:>8", "steps>=8", "-state:todo".
  struct Parts {
    var term: String
    var name: String
    var value: String
    /// "<", "<=", ">" or ">="; `nil` for equality.
    var comparison: String?
    var isNegated = false
    /// The value is in double quotes.
    var isQuoted = false

    init?(_ text: some StringProtocol) {
      term = String(text)
      var rest = Substring(text)
      if rest.hasPrefix("-") {
        isNegated = true
        rest = rest.dropFirst()
      }
      guard let at = rest.firstIndex(where: { ":<>=".contains($0) }), at > rest.startIndex else { return nil }
      name = String(rest[..<at])
      rest = rest[at...]
      if rest.hasPrefix(":") { rest = rest.dropFirst() }
      for sign in ["<=", ">=", "<", ">", "="] where rest.hasPrefix(sign) {
        comparison = sign == "=" ? nil : sign
        rest = rest.dropFirst(sign.count)
        break
      }
      isQuoted = rest.hasPrefix("\"")
      value = isQuoted ? String(rest.dropFirst().prefix { $0 != "\"" }) : String(rest)
      if value.isEmpty, !rest.isEmpty || isQuoted || comparison != nil || !term.hasSuffix(":") { return nil }
    }

    /// Whether it is more likely a mistyped condition than a word with a colon ("3:5", "http://…").
    var looksLikeCondition: Bool {
      guard name.utf8.count <= 12, name.utf8.allSatisfy({ (0x61...0x7A).contains($0) }), let first = value.first else {
        return false
      }
      return first.isLetter || first.isNumber
    }
  }

  /// What blanks separate, but not within double quotes.
  static func terms(of text: String) -> [(text: String, isQuoted: Bool)] {
    var terms: [(String, Bool)] = []
    var term = ""
    var isQuoted = false
    var isOpen = false
    func end() {
      if !term.isEmpty { terms.append((term, isQuoted)) }
      term = ""
      isQuoted = false
    }
    for character in text {
      if character == "\"" {
        if isOpen, isQuoted { end() } else if term.isEmpty, !isOpen { isQuoted = true } else { term.append(character) }
        isOpen.toggle()
      } else if character.isWhitespace, !isOpen {
        end()
      } else {
        term.append(character)
      }
    }
    end()
    return terms
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
}
