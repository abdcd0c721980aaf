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
    try writeFolding { db, fold in
      var clock = try Self.clock(db)
      let at = WallTime.milliseconds(now)
      let event = ReviewEvent(decision, by: context, at: at, clock: clock.next(wall: at))
      return try append([event], about: event, &fold, db)
    }
  }

  /// Appends decisions that are taken, and undone, together, in one durable transaction.
  ///
  /// - Returns: what the last of them led to, where all are about one solution.
  @discardableResult
  public func record(
    _ decisions: [ReviewDecision], by context: ReviewContext, now: Date = Date()
  ) throws -> DecisionOutcome? {
    let batch = decisions.count < 2 ? nil : UUID().uuidString.lowercased()
    let keys = Set(decisions.map(\.solution))
    return try writeFolding { db, fold in
      var clock = try Self.clock(db)
      let at = WallTime.milliseconds(now)
      let events = decisions.map {
        ReviewEvent($0, by: context, at: at, clock: clock.next(wall: at), batch: batch)
      }
      if keys.count == 1, let last = events.last { return try append(events, about: last, &fold, db) }
      for event in events { try Self.insert(event, db) }
      for key in keys { try derived.project(key, db) }
      return nil
    }
  }

  /// Undoes the reviewer's latest decision that stands, wherever it was made, and those that were taken together with it;
  /// `nil` when there is none.
  public func undo(by context: ReviewContext, now: Date = Date()) throws -> DecisionOutcome? {
    try writeFolding { db, fold in
      guard let decision = try UndoStack.undoable(db, reviewer: context.reviewer) else { return nil }
      return try reverse(decision, kind: .undo, context: context, now: now, &fold, db)
    }
  }

  /// Restores the reviewer's latest undone decision, and those that were taken together with it; `nil` when there is none, or
  /// when a new decision came since.
  public func redo(by context: ReviewContext, now: Date = Date()) throws -> DecisionOutcome? {
    try writeFolding { db, fold in
      guard let decision = try UndoStack.redoable(db, reviewer: context.reviewer) else { return nil }
      return try reverse(decision, kind: .redo, context: context, now: now, &fold, db)
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
      let rows = try Row.fetchCursor(db, sql: "SELECT * FROM event ORDER BY clock, uuid")
      while let row = try rows.next() { try body(ReviewEvent(row: row)) }
    }
  }

  /// Adds events made elsewhere. Those that already exist (by UUID) change nothing, so that merging may be repeated
  /// and done in any order.
  ///
  /// - Returns: how many were new, which of these are dated ahead of the clock `now`, and those refused because an event with
  ///   the same UUID but other content is here.
  @discardableResult
  public func merge(
    _ events: [ReviewEvent], now: Date = Date()
  ) throws -> (added: Int, ahead: DecisionsAhead, conflicts: [ReviewEvent]) {
    var ahead = DecisionsAhead()
    if events.isEmpty { return (0, ahead, []) }
    let now = WallTime.milliseconds(now)
    return try write { db in
      var touched = Set<String>()
      var added = 0
      var conflicts: [ReviewEvent] = []
      for event in events {
        if let row = try Row.fetchOne(db, sql: "SELECT * FROM event WHERE uuid = ?", arguments: [event.uuid]) {
          if !ReviewEvent(row: row).isSame(as: event) { conflicts.append(event) }
          continue
        }
        try Self.insert(event, db)
        touched.insert(event.solution)
        added += 1
        ahead.add(event, now: now)
      }
      for key in touched { try derived.project(key, db) }
      return (added, ahead, conflicts)
    }
  }

  // MARK: - Inside a transaction

  /// A transaction about one solution, whose fold is kept when the transaction is on disk.
  private func writeFolding<T>(
    _ body: (Database, inout (solution: String, fold: SolutionFold)?) throws -> T
  ) throws -> T {
    var used: (solution: String, fold: SolutionFold)?
    let result = try write { try body($0, &used) }
    if let used { folds.keep(used.fold, of: used.solution) }
    return result
  }

  /// Appends events about one solution; the outcome is the last one's.
  private func append(
    _ events: [ReviewEvent], about decision: ReviewEvent, _ used: inout (solution: String, fold: SolutionFold)?,
    _ db: Database
  ) throws -> DecisionOutcome {
    guard let event = events.last else { preconditionFailure("there is nothing to append") }
    let known = folds.take(event.solution)
    var fold = known ?? SolutionFold()
    // What others decided since is in the tables already.
    if known != nil { try fold.catchUp(event.solution, db) }
    let before = known == nil ? nil : fold.views
    for event in events { try Self.insert(event, db) }
    try fold.catchUp(event.solution, db)
    let labels = try derived.project(event.solution, fold.views, before: before, db)
    used = (event.solution, fold)
    return DecisionOutcome(
      event: event, decision: decision, views: fold.views, labels: labels,
      row: try Row.fetchOne(
        db.cachedStatement(sql: Self.lines(where: "s.key = ?")), arguments: [event.reviewer, event.solution]
      ).map(QueueRow.init(row:)),
      count: events.count, canUndo: try UndoStack.undoable(db, reviewer: event.reviewer) != nil,
      canRedo: try UndoStack.redoable(db, reviewer: event.reviewer) != nil)
  }

  private static func insert(_ event: ReviewEvent, _ db: Database) throws {
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO event(uuid, solution, step, kind, value, note, basis, reviewer, at, elapsed, mode, target, batch, clock)
        VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)
        """)
    try statement.execute(arguments: [
      event.uuid, event.solution, event.step, event.kind.rawValue, event.value.storable, event.note?.storable,
      event.basis, event.reviewer.storable, event.at, event.elapsed, event.mode.rawValue, event.target, event.batch,
      event.clock,
    ])
    try UndoStack.add(event, db)
  }

  package static func fetchEvents(_ db: Database, of solution: String?) throws -> [ReviewEvent] {
    let rows =
      if let solution {
        try Row.fetchAll(db, sql: "SELECT * FROM event WHERE solution = ? ORDER BY clock, uuid", arguments: [solution])
      } else {
        try Row.fetchAll(db, sql: "SELECT * FROM event ORDER BY clock, uuid")
      }
    return rows.map(ReviewEvent.init(row:))
  }

  /// The workspace's clock, which has seen every event here.
  private static func clock(_ db: Database) throws -> HybridClock {
    HybridClock(latest: try Int64.fetchOne(db.cachedStatement(sql: "SELECT max(clock) FROM event")) ?? 0)
  }

  private func reverse(
    _ decision: ReviewEvent, kind: EventKind, context: ReviewContext, now: Date,
    _ used: inout (solution: String, fold: SolutionFold)?, _ db: Database
  ) throws -> DecisionOutcome {
    let batch = decision.batch == nil ? nil : UUID().uuidString.lowercased()
    var clock = try Self.clock(db)
    let at = WallTime.milliseconds(now)
    func event(_ decision: ReviewEvent) -> ReviewEvent {
      ReviewEvent(
        solution: decision.solution, step: decision.step, kind: kind, reviewer: context.reviewer, at: at,
        clock: clock.next(wall: at), mode: context.mode, target: decision.uuid, batch: batch)
    }
    let others = try UndoStack.others(of: decision, areUndone: kind == .redo, db)
    let elsewhere = others.filter { $0.solution != decision.solution }
    for other in elsewhere { try Self.insert(event(other), db) }
    for key in Set(elsewhere.map(\.solution)) { try derived.project(key, db) }
    let here = others.filter { $0.solution == decision.solution } + [decision]
    var outcome = try append(here.map(event), about: decision, &used, db)
    outcome.count = others.count + 1
    return outcome
  }
}

extension ReviewEvent {
  package init(row: Row) {
    self.init(
      uuid: row["uuid"], solution: row["solution"], step: row["step"], kind: EventKind(rawValue: row["kind"]),
      value: row["value"], note: row["note"], basis: row["basis"], reviewer: row["reviewer"], at: row["at"],
      clock: row["clock"], elapsed: row["elapsed"], mode: ReviewMode(rawValue: row["mode"]) ?? .audit,
      target: row["target"],
      batch: row["batch"])
  }

  /// Whether another event with this one's UUID is this one. A program before logical clocks passes an event on without its
  /// clock: that is not a change by hand, and the clock that is here stays.
  func isSame(as other: ReviewEvent) -> Bool {
    var other = other
    if clock == at || other.clock == other.at { other.clock = clock }
    return self == other
  }
}
