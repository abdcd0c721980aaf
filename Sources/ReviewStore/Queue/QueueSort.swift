import GRDB

/// An order of the queue. Features add theirs (``WorkspaceSchema/sorts``).
public struct QueueSort: Sendable, Hashable, Encodable {
  /// Its name on the command line and in saved queues.
  public let rawValue: String
  /// The words shown to people.
  public let words: String
  /// Whether the order reveals labels or what critics say: a blind reviewer must not see it.
  public let revealsLabels: Bool
  let meaning: Meaning

  enum Meaning: Sendable {
    /// One of the store's.
    case own
    /// A query for the solutions that come first, and what shows why they do.
    case query(@Sendable (Database) throws -> [Int64], reasons: @Sendable (Database, [Int64]) throws -> [Int64: String])
    /// Known to who opens the queue (``QueueKnowledge/order``).
    case computed
  }

  private init(_ name: String, _ words: String, revealsLabels: Bool = false) {
    self.init(name, words, revealsLabels: revealsLabels, .own)
  }

  private init(_ name: String, _ words: String, revealsLabels: Bool, _ meaning: Meaning) {
    rawValue = name
    self.words = words
    self.revealsLabels = revealsLabels
    self.meaning = meaning
  }

  /// An order that a query gives.
  ///
  /// - Parameters:
  ///   - first: the solutions that come first, in order; the others follow as imported.
  ///   - reasons: why some of them are where they are, in a few words.
  package static func query(
    _ name: String, _ words: String, first: @escaping @Sendable (Database) throws -> [Int64],
    reasons: @escaping @Sendable (Database, [Int64]) throws -> [Int64: String]
  ) -> QueueSort {
    QueueSort(name, words, revealsLabels: true, .query(first, reasons: reasons))
  }

  /// An order that is worked out by who opens the queue (``QueueKnowledge/order``).
  package static func computed(_ name: String, _ words: String) -> QueueSort {
    QueueSort(name, words, revealsLabels: true, .computed)
  }

  /// As imported.
  public static let imported = QueueSort("imported", "as imported")
  /// Where critiques contradict labels first: merged, then deep, then initial.
  public static let disagreement = QueueSort("disagreement", "disagreement", revealsLabels: true)
  /// Where the deep samples of a step are divided most.
  public static let votes = QueueSort("votes", "split votes", revealsLabels: true)
  /// What this reviewer has not finished first.
  public static let todo = QueueSort("todo", "to do first")
  /// By first error step; solutions without an error last.
  public static let firstError = QueueSort("first-error", "first error", revealsLabels: true)
  /// Longest first.
  public static let length = QueueSort("length", "longest")
  /// The reviewer's latest work first.
  public static let recent = QueueSort("recent", "my latest")
  /// By chance, the same each time for the same seed.
  public static let random = QueueSort("random", "random")

  /// All orders as help lists them.
  static func own(with contributed: [QueueSort]) -> [QueueSort] {
    [imported, disagreement, votes] + contributed + [todo, firstError, length, recent, random]
  }

  /// The same order when two have the same name.
  public static func == (a: QueueSort, b: QueueSort) -> Bool { a.rawValue == b.rawValue }
  /// Hashes the name.
  public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
  /// Writes the name.
  public func encode(to encoder: any Encoder) throws { try rawValue.encode(to: encoder) }
}
