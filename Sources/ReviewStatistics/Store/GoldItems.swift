import Foundation
import GRDB
import ReviewStore

/// Items with a known label that are mixed into a reviewer's queue: which they can be, and which they were.
extension Workspace {
  /// Solutions that PRM800K marks as quality control or screening and that have a label, in the order of import.
  public func screeningItems() throws -> [Int64] {
    try database.read { db in
      try Int64.fetchAll(
        db,
        sql:
          "SELECT id FROM solution s WHERE screening <> 0 AND steps > 0 AND \(Workspace.importedError) <> 0 ORDER BY id"
      )
    }
  }

  /// Those of some solutions that have a label, in the same order: no others can be right or wrong.
  public func labelled(among ids: [Int64]) throws -> [Int64] {
    let labelled = try database.read { db in
      try Int64.fetchSet(db, sql: "SELECT id FROM solution s WHERE steps > 0 AND \(Workspace.importedError) <> 0")
    }
    return ids.filter(labelled.contains)
  }

  /// Remembers that solutions were mixed into a reviewer's queue, so that verdicts on them count as answers to known items
  /// whatever the settings say later. One that is remembered already stays as it is.
  public func recordGold(_ ids: [Int64], for reviewer: String, now: Date = Date()) throws {
    if ids.isEmpty { return }
    // Mostly all of them are known, and opening a queue need not write.
    let known = try database.read { db in
      try Int64.fetchSet(
        db, sql: "SELECT s.id FROM gold_item g JOIN solution s ON s.key = g.solution WHERE g.reviewer = ?",
        arguments: [reviewer])
    }
    let ids = ids.filter { !known.contains($0) }
    if ids.isEmpty { return }
    let at = Int64(now.timeIntervalSince1970 * 1000)
    try write { db in
      let statement = try db.cachedStatement(
        sql: """
          INSERT OR IGNORE INTO gold_item(solution, reviewer, at)
          SELECT key, ?, ? FROM solution WHERE id = ?
          """)
      for id in ids { try statement.execute(arguments: [reviewer, at, id]) }
    }
  }

  /// How many items with a known label were mixed into each reviewer's queue.
  public func goldCounts() throws -> [String: Int] {
    try database.read { db in
      var counts: [String: Int] = [:]
      for row in try Row.fetchAll(db, sql: "SELECT reviewer, count(*) FROM gold_item GROUP BY reviewer") {
        counts[row[0]] = row[1]
      }
      return counts
    }
  }
}
