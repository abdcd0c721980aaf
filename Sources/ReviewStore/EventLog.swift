import CritiqueModel
import Foundation
import GRDB

extension Workspace {
  /// Appends a decision to the log and brings the projections up to date, in one durable transaction.
  ///
  /// When the call returns the decision is on disk.
  @discardableResult
  public func record(
    _ decision: ReviewDecision, by context: ReviewContext, now: Date = Date()
  ) throws -> DecisionOutcome {
    try write { db in
      let event = ReviewEvent(decision, by: context, at: try Self.nextTime(db, now: now))
      return try append(event, about: event, db)
    }
  }

  /// Appends decisions that are taken, and undone, together, in one durable transaction.
  public func record(_ decisions: [ReviewDecision], by context: ReviewContext, now: Date = Date()) throws {
    if decisions.isEmpty { return }
    let batch = decisions.count == 1 ? nil : UUID().uuidString.lowercased()
    try write { db in
      for decision in decisions {
        let at = try Self.nextTime(db, now: now)
        try Self.insert(ReviewEvent(decision, by: context, at: at, batch: batch), db)
      }
      for key in Set(decisions.map(\.solution)) { try derived.project(key, db) }
    }
  }

  /// Takes back the reviewer's latest decision that stands, wherever it was made, and those that were taken together with it;
  /// `nil` when there is none.
  public func undo(by context: ReviewContext, now: Date = Date()) throws -> DecisionOutcome? {
    try write { db in
      guard let decision = try UndoStack.undoable(db, reviewer: context.reviewer) else { return nil }
      return try reverse(decision, kind: .undo, context: context, now: now, db)
    }
  }

  /// Restores the reviewer's latest undone decision, and those that were taken together with it; `nil` when there is none, or
  /// when a new decision came since.
  public func redo(by context: ReviewContext, now: Date = Date()) throws -> DecisionOutcome? {
    try write { db in
      guard let decision = try UndoStack.redoable(db, reviewer: context.reviewer) else { return nil }
      return try reverse(decision, kind: .redo, context: context, now: now, db)
    }
  }

  /// Whether ``undo(by:now:)`` and ``redo(by:now:)`` would do something.
  public func undoState(of reviewer: String) throws -> (canUndo: Bool, canRedo: Bool) {
    try database.read { db in
      (try UndoStack.undoable(db, reviewer: reviewer) != nil, try UndoStack.redoable(db, reviewer: reviewer) != nil)
    }
  }

  /// Every event, or those of one solution, in the order in which they take effect.
  public func events(of solution: String? = nil) throws -> [ReviewEvent] {
    try database.read { try Self.fetchEvents($0, of: solution) }
  }

  /// The event with a UUID, if it is here.
  public func event(_ uuid: String) throws -> ReviewEvent? {
    try database.read { db in
      try Row.fetchOne(db, sql: "SELECT * FROM event WHERE uuid = ?", arguments: [uuid]).map(ReviewEvent.init(row:))
    }
  }

  /// Calls `body` for every event in order of effect, without holding them all in memory.
  public func forEachEvent(_ body: (ReviewEvent) throws -> Void) throws {
    try database.read { db in
      let rows = try Row.fetchCursor(db, sql: "SELECT * FROM event ORDER BY at, uuid")
      while let row = try rows.next() { try body(ReviewEvent(row: row)) }
    }
  }

  /// Adds events made elsewhere. Those that are here already (by UUID) change nothing, so that merging may be repeated
  /// and done in any order.
  ///
  /// - Returns: how many were new, and those refused because an event with the same UUID but other content is here.
  public func merge(_ events: [ReviewEvent]) throws -> (added: Int, conflicts: [ReviewEvent]) {
    if events.isEmpty { return (0, []) }
    return try write { db in
      var touched = Set<String>()
      var added = 0
      var conflicts: [ReviewEvent] = []
      for event in events {
        if let row = try Row.fetchOne(db, sql: "SELECT * FROM event WHERE uuid = ?", arguments: [event.uuid]) {
          if ReviewEvent(row: row) != event { conflicts.append(event) }
          continue
        }
        try Self.insert(event, db)
        touched.insert(event.solution)
        added += 1
      }
      for key in touched { try derived.project(key, db) }
      return (added, conflicts)
    }
  }

  // MARK: - Inside a transaction

  private func append(_ event: ReviewEvent, about decision: ReviewEvent, _ db: Database) throws -> DecisionOutcome {
    try Self.insert(event, db)
    let (views, labels) = try derived.project(event.solution, db)
    return DecisionOutcome(
      event: event, decision: decision, views: views, labels: labels,
      row: try Row.fetchOne(
        db.cachedStatement(sql: Self.lines(where: "s.key = ?")), arguments: [event.reviewer, event.solution]
      ).map(QueueRow.init(row:)),
      canUndo: try UndoStack.undoable(db, reviewer: event.reviewer) != nil,
      canRedo: try UndoStack.redoable(db, reviewer: event.reviewer) != nil)
  }

  private static func insert(_ event: ReviewEvent, _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO event(uuid, solution, step, kind, value, note, basis, reviewer, at, elapsed, mode, target, batch)
        VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
        """)
    try statement.execute(arguments: [
      event.uuid, event.solution, event.step, event.kind.rawValue, event.value, event.note, event.basis,
      event.reviewer, event.at, event.elapsed, event.mode.rawValue, event.target, event.batch,
    ])
    try UndoStack.add(event, db)
  }

  package static func fetchEvents(_ db: Database, of solution: String?) throws -> [ReviewEvent] {
    let rows =
      if let solution {
        try Row.fetchAll(db, sql: "SELECT * FROM event WHERE solution = ? ORDER BY at, uuid", arguments: [solution])
      } else {
        try Row.fetchAll(db, sql: "SELECT * FROM event ORDER BY at, uuid")
      }
    return rows.map(ReviewEvent.init(row:))
  }

  /// Later than every event here, whatever the clock says: an undo must never sort before what it undoes.
  private static func nextTime(_ db: Database, now: Date) throws -> Int64 {
    let latest = try Int64.fetchOne(db, sql: "SELECT max(at) FROM event") ?? 0
    let next = latest.addingReportingOverflow(1)
    return max(Int64(now.timeIntervalSince1970 * 1000), next.overflow ? latest : next.partialValue)
  }

  private func reverse(
    _ decision: ReviewEvent, kind: EventKind, context: ReviewContext, now: Date, _ db: Database
  ) throws -> DecisionOutcome {
    let batch = decision.batch == nil ? nil : UUID().uuidString.lowercased()
    func event(_ decision: ReviewEvent) throws -> ReviewEvent {
      ReviewEvent(
        solution: decision.solution, step: decision.step, kind: kind, reviewer: context.reviewer,
        at: try Self.nextTime(db, now: now), mode: context.mode, target: decision.uuid, batch: batch)
    }
    let others = try UndoStack.others(of: decision, areUndone: kind == .redo, db)
    for other in others { try Self.insert(event(other), db) }
    for key in Set(others.map(\.solution)).subtracting([decision.solution]) { try derived.project(key, db) }
    var outcome = try append(event(decision), about: decision, db)
    outcome.count = others.count + 1
    return outcome
  }
}

extension ReviewEvent {
  package init(row: Row) {
    self.init(
      uuid: row["uuid"], solution: row["solution"], step: row["step"], kind: EventKind(rawValue: row["kind"]),
      value: row["value"], note: row["note"], basis: row["basis"], reviewer: row["reviewer"], at: row["at"],
      elapsed: row["elapsed"], mode: ReviewMode(rawValue: row["mode"]) ?? .audit, target: row["target"],
      batch: row["batch"])
  }
}
