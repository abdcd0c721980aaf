import CritiqueModel
import GRDB

/// Words of critiques, found as fast as those of problems.
///
/// The index is filled when it is first needed, and from then on with what is new: imports need not wait for it. A row of the
/// index holds the words that one filling found new of a solution; its number says which solution (``rowsPerSolution``).
enum CritiqueSearch {
  /// Room for so many fillings of one solution.
  static let rowsPerSolution: Int64 = 1 << 20

  /// Where each word must occur: anywhere, in problem and steps, or in critiques.
  static func conditions(
    _ filter: QueueFilter, _ context: Workspace.QueueContext
  ) -> [(sql: String, arguments: [String])] {
    let inText = "s.id IN (SELECT rowid FROM search WHERE search MATCH ?)"
    let inCritiques = """
      s.id IN (SELECT rowid / \(rowsPerSolution) FROM critique_search WHERE critique_search MATCH ?)
      """
    var conditions: [(String, [String])] = []
    func match(_ words: [String]) -> String { words.map { "\"\($0)\"*" }.joined(separator: " AND ") }
    if !filter.textWords.isEmpty { conditions.append((inText, [match(filter.textWords)])) }
    for word in filter.critiqueWords { conditions.append((inCritiques, [match([word])])) }
    if context.searchesCritiques {
      for word in filter.words {
        conditions.append(
          (
            "(\(inText) OR \(inCritiques) "
              + "OR s.key IN (SELECT solution FROM comment WHERE text LIKE '%' || ? || '%'))",
            [match([word]), match([word]), word]
          ))
      }
    } else if !filter.words.isEmpty {
      conditions.append((inText, [match(filter.words)]))
    }
    return conditions
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
    while try write({ db in
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

extension Schema {
  static func critiqueSearch(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE VIRTUAL TABLE critique_search
          USING fts5(words, content='', detail=none, columnsize=0, tokenize='unicode61');
        CREATE TABLE critique_search_part(solution_id INTEGER PRIMARY KEY, parts INTEGER NOT NULL);
        CREATE TABLE critique_search_state(last INTEGER NOT NULL);
        INSERT INTO critique_search_state VALUES (0);
        """)
  }
}
