import CritiqueModel
import GRDB

/// Words of critiques, found as fast as those of problems.
///
/// The index is filled when it is first needed, and after that with what is new: imports need not wait for it. A row of the
/// index holds the words that one filling found new of a solution; its number says which solution (``rowsPerSolution``).
enum CritiqueSearch {
  /// Room for this many fillings of one solution.
  static let rowsPerSolution: Int64 = 1 << 20

  /// Solutions in whose texts the words of a filter occur, ascending; `nil` for a filter without words.
  ///
  /// The indexes list solutions in order: to merge these lists takes a fraction of the time that a query with subqueries does,
  /// which makes tables of them and reads a row of each solution.
  static func found(_ db: Database, _ filter: QueueFilter, _ context: Workspace.QueueContext) throws -> [Int64]? {
    func match(_ words: [SearchedText]) -> String { words.map(\.query).joined(separator: " AND ") }
    func inTexts(_ words: [SearchedText]) throws -> [Int64] {
      try Workspace.ids(
        db, sql: "SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid", arguments: [match(words)])
    }
    func inCritiques(_ word: SearchedText) throws -> [Int64] {
      // Several rows of a solution follow each other.
      try Workspace.ids(
        db, sql: "SELECT rowid FROM critique_search WHERE critique_search MATCH ? ORDER BY rowid",
        arguments: [match([word])]
      ).map { $0 / rowsPerSolution }.withoutRepeats()
    }
    func inComments(_ word: SearchedText) throws -> [Int64] {
      // Comments are few, solutions many: CROSS JOIN keeps SQLite from looking through the solutions for those with one.
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT s.id, c.text FROM comment c CROSS JOIN solution s ON s.key = c.solution
          WHERE c.text LIKE '%' || ? || '%' ORDER BY s.id
          """, arguments: [word.text])
      var ids: [Int64] = []
      while let row = try rows.next() {
        if !word.ranges(in: row[1]).isEmpty { ids.append(row[0]) }
      }
      return ids.withoutRepeats()
    }
    var lists: [[Int64]] = []
    if !filter.textWords.isEmpty { lists.append(try inTexts(filter.textWords)) }
    for word in filter.critiqueWords { lists.append(try inCritiques(word)) }
    if context.searchesCritiques {
      for word in filter.words {
        lists.append(try inTexts([word]).merged(with: inCritiques(word)).merged(with: inComments(word)))
      }
    } else if !filter.words.isEmpty {
      lists.append(try inTexts(filter.words))
    }
    guard let first = lists.first else { return nil }
    return lists.dropFirst().reduce(first) { $0.common(with: $1) }
  }
}

/// Lists of ascending numbers without repeats.
extension [Int64] {
  /// An ascending list, each number once.
  fileprivate func withoutRepeats() -> [Int64] {
    var out: [Int64] = []
    for id in self where out.last != id { out.append(id) }
    return out
  }

  /// What is in one or the other.
  fileprivate func merged(with other: [Int64]) -> [Int64] {
    if other.isEmpty { return self }
    if isEmpty { return other }
    var out: [Int64] = []
    out.reserveCapacity(count + other.count)
    var (i, j) = (0, 0)
    while i < count || j < other.count {
      if j == other.count || (i < count && self[i] <= other[j]) {
        if j < other.count, self[i] == other[j] { j += 1 }
        out.append(self[i])
        i += 1
      } else {
        out.append(other[j])
        j += 1
      }
    }
    return out
  }

  /// What is in both.
  fileprivate func common(with other: [Int64]) -> [Int64] {
    var out: [Int64] = []
    var (i, j) = (0, 0)
    while i < count, j < other.count {
      if self[i] == other[j] {
        out.append(self[i])
        i += 1
        j += 1
      } else if self[i] < other[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return out
  }
}

extension Workspace {
  /// Takes the words of critiques that have come since into the index, in short transactions. A workspace that cannot be
  /// written to keeps the index that it has.
  ///
  /// - Parameters:
  ///   - page: critiques in a transaction; few, where somebody waits for the database meanwhile.
  ///   - between: called after each transaction; may throw to stop.
  public func prepareCritiqueSearch(page: Int = 4000, between: () throws -> Void = {}) throws {
    if isReadOnly { return }
    while try writeDerived({ db in
      let last = try Int64.fetchOne(db, sql: "SELECT last FROM critique_search_state") ?? 0
      let rows = try Row.fetchCursor(
        db, sql: "SELECT id, solution_id, text FROM critique WHERE id > ? ORDER BY id LIMIT ?", arguments: [last, page])
      var words: [Int64: SearchWords] = [:]
      var latest = last
      while let row = try rows.next() {
        latest = row[0]
        words[row[1], default: SearchWords()].add(row[2])
      }
      guard latest > last else { return false }
      for (solution, var found) in words {
        var bytes: [UInt8] = []
        found.take(into: &bytes)
        let part =
          try Int64.fetchOne(
            db.cachedStatement(
              sql: """
                INSERT INTO critique_search_part(solution_id, parts) VALUES (?, 1)
                ON CONFLICT(solution_id) DO UPDATE SET parts = parts + 1 RETURNING parts
                """), arguments: [solution]) ?? 1
        try db.cachedStatement(sql: "INSERT INTO critique_search(rowid, words) VALUES (?, ?)").execute(
          arguments: [solution * CritiqueSearch.rowsPerSolution + part, String(decoding: bytes, as: UTF8.self)])
      }
      try db.execute(sql: "UPDATE critique_search_state SET last = ?", arguments: [latest])
      return true
    }) { try between() }
  }

  /// How many critiques the index lacks, at most.
  public func critiquesNotIndexed() throws -> Int {
    try database.read { db in
      try Int.fetchOne(
        db, sql: "SELECT max(0, coalesce((SELECT max(id) FROM critique), 0) - last) FROM critique_search_state") ?? 0
    }
  }
}
