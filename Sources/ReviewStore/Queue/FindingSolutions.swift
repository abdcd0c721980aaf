import CritiqueModel
import GRDB

/// One solution by what people call it.
extension Workspace {
  /// Finds one solution by number ("52", "#52"), name ("gsm8k-0", "name:100") or the beginning of its key.
  ///
  /// - Throws: ``WorkspaceError/noSuchSolution(_:)``; ``WorkspaceError/ambiguousSolution(_:_:)``, also where a text is the
  ///   number of one and the name of another.
  public func solutionID(matching text: String) throws -> Int64 {
    let condition: String
    let argument: DatabaseValue
    if text.hasPrefix("#"), let number = Int64(text.dropFirst()) {
      (condition, argument) = ("id = ?1", number.databaseValue)
    } else if text.hasPrefix("name:") {
      (condition, argument) = ("name = ?1", String(text.dropFirst(5)).databaseValue)
    } else {
      let number = Int64(text).map { "id = \($0) OR " } ?? ""
      condition = number + "name = ?1 OR key = ?1 OR (length(?1) >= 6 AND key GLOB ?1 || '*')"
      argument = text.databaseValue
    }
    return try database.read { db in
      let rows = try Row.fetchAll(
        db, sql: "SELECT id, name FROM solution WHERE \(condition) LIMIT 6", arguments: [argument])
      guard let first = rows.first else { throw WorkspaceError.noSuchSolution(text) }
      if rows.count > 1 {
        throw WorkspaceError.ambiguousSolution(text, rows.map { "#\($0["id"] as Int64) \($0["name"] as String)" })
      }
      return first["id"]
    }
  }

  /// The number of the solution with a key, if it is here.
  public func solutionID(key: String) throws -> Int64? {
    try database.read { try Int64.fetchOne($0, sql: "SELECT id FROM solution WHERE key = ?", arguments: [key]) }
  }

  /// The numbers of solutions by their keys; those that are not here are left out.
  public func solutionIDs(keys: [String]) throws -> [String: Int64] {
    try database.read { db in
      var found: [String: Int64] = [:]
      for start in stride(from: 0, to: keys.count, by: 1000) {
        let part = keys[start..<min(start + 1000, keys.count)]
        let rows = try Row.fetchCursor(
          db.cachedStatement(
            sql: "SELECT key, id FROM solution WHERE key IN (\(databaseQuestionMarks(count: part.count)))"),
          arguments: StatementArguments(Array(part)))
        while let row = try rows.next() { found[row[0]] = row[1] }
      }
      return found
    }
  }

  /// Solutions that a text names: by number, by name, and, where only one name begins so, by its beginning.
  ///
  /// - Returns: at most five, as number and name; those that are named in full come first.
  public func solutions(named text: String) throws -> [(id: Int64, name: String, isExact: Bool)] {
    guard !text.isEmpty else { return [] }
    let number = Int64(text.hasPrefix("#") ? String(text.dropFirst()) : text)
    return try database.read { db in
      var found = try Row.fetchAll(
        db, sql: "SELECT id, name FROM solution WHERE id = ?1 OR name = ?2 ORDER BY name = ?2, id LIMIT 5",
        arguments: [number, text]
      ).map { (id: $0[0] as Int64, name: $0[1] as String, isExact: true) }
      let begun = try Row.fetchAll(
        db, sql: "SELECT id, name FROM solution WHERE lower(substr(name, 1, ?1)) = lower(?2) LIMIT 2",
        arguments: [text.count, text])
      if begun.count == 1, let row = begun.first, !found.contains(where: { $0.id == row[0] }) {
        found.append((row[0], row[1], false))
      }
      return found
    }
  }

  /// The middle of the times between seeing a step and a reviewer's verdict on it, in milliseconds.
  public func medianElapsed(of reviewer: String) throws -> Int64? {
    try database.read { try Self.medianElapsed($0, of: reviewer) }
  }

  package static func medianElapsed(_ db: Database, of reviewer: String) throws -> Int64? {
    let times = try Int64.fetchAll(
      db,
      sql: """
        SELECT e.elapsed FROM verdict v JOIN event e ON e.uuid = v.event
        WHERE v.reviewer = ? AND e.elapsed IS NOT NULL ORDER BY e.elapsed
        """, arguments: [reviewer])
    return times.isEmpty ? nil : times[times.count / 2]
  }
}
