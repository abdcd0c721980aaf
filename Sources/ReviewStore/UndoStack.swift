import GRDB

/// The table `decision`: every decision of the log with the undo that holds for it, if one does. By its indexes the
/// decision that an undo or redo is about is found in one step, however long the log and however much of it is undone.
///
/// A row is a pure function of the set of events, as the other projections are: the last undo or redo of a decision, by
/// logical time and UUID, tells whether it stands. As in ``Projection``, only the reviewer's own count, and only those about the
/// same solution.
enum UndoStack {
  static let table = "decision"

  /// Brings the table up to date after an event was added to the log.
  static func add(_ event: ReviewEvent, _ db: Database) throws {
    guard let decision = event.kind.isDecision ? event.uuid : event.target else { return }
    try insert(db, "AND e.uuid = ?", [decision])
  }

  /// Computes the whole table again.
  static func rebuild(_ db: Database) throws {
    try db.execute(sql: "DELETE FROM \(table)")
    try insert(db, "", [])
  }

  /// The reviewer's latest decision that stands.
  static func undoable(_ db: Database, reviewer: String) throws -> ReviewEvent? {
    try event(
      db,
      """
      SELECT uuid FROM decision WHERE reviewer = ? AND undone_clock IS NULL ORDER BY clock DESC, uuid DESC LIMIT 1
      """, reviewer)
  }

  /// The reviewer's latest undone decision, unless a decision was taken after that undo: that ends what can be redone,
  /// as in any editor.
  static func redoable(_ db: Database, reviewer: String) throws -> ReviewEvent? {
    try event(
      db,
      """
      SELECT uuid FROM decision WHERE reviewer = ?1 AND undone_clock IS NOT NULL
        AND undone_clock > (SELECT clock FROM decision WHERE reviewer = ?1 ORDER BY clock DESC, uuid DESC LIMIT 1)
      ORDER BY undone_clock DESC, undone_by DESC LIMIT 1
      """, reviewer)
  }

  /// The decisions that were taken together with one, and stand or are undone as asked.
  static func others(of decision: ReviewEvent, areUndone: Bool, _ db: Database) throws -> [ReviewEvent] {
    guard let batch = decision.batch else { return [] }
    return try Row.fetchAll(
      db,
      sql: """
        SELECT e.* FROM event e
        JOIN decision d ON d.reviewer = e.reviewer AND d.clock = e.clock AND d.uuid = e.uuid
        WHERE e.batch = ? AND e.reviewer = ? AND e.uuid <> ? AND (d.undone_clock IS NOT NULL) = ? ORDER BY e.clock, e.uuid
        """, arguments: [batch, decision.reviewer, decision.uuid, areUndone]
    ).map(ReviewEvent.init(row:))
  }

  private static func event(_ db: Database, _ sql: String, _ reviewer: String) throws -> ReviewEvent? {
    guard let uuid = try String.fetchOne(db.cachedStatement(sql: sql), arguments: [reviewer]) else { return nil }
    return try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM event WHERE uuid = ?"), arguments: [uuid])
      .map(ReviewEvent.init(row:))
  }

  /// Writes the rows of decisions from the log. The plus signs leave SQLite only the index on `target`, which finds the
  /// one or two events; the reviewer's would walk through all of them.
  private static func insert(_ db: Database, _ condition: String, _ arguments: StatementArguments) throws {
    try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO decision(reviewer, clock, uuid, undone_clock, undone_by)
        SELECT e.reviewer, e.clock, e.uuid, iif(u.kind = 'undo', u.clock, NULL), iif(u.kind = 'undo', u.uuid, NULL)
        FROM event e LEFT JOIN event u ON u.uuid = (
          SELECT r.uuid FROM event r WHERE r.target = e.uuid AND r.kind IN ('undo','redo')
            AND +r.reviewer = e.reviewer AND +r.solution = e.solution
          ORDER BY r.clock DESC, r.uuid DESC LIMIT 1)
        WHERE e.kind NOT IN ('undo','redo') \(condition)
        """
    ).execute(arguments: arguments)
  }
}
