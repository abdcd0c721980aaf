import CritiqueModel
import DatasetFormats
import Foundation
import GRDB

/// Writes prepared batches, one transaction each.
final class ImportWriter {
  private let workspace: Workspace
  private let importID: Int64
  private let path: String

  init(workspace: Workspace, path: String, format: DatasetFormat, programVersion: String) throws {
    self.workspace = workspace
    self.path = path
    importID = try workspace.write { db in
      try db.execute(
        sql: "INSERT INTO import(path, format, started_at, program_version) VALUES (?,?,?,?)",
        arguments: [path, format.rawValue, Int64(Date().timeIntervalSince1970 * 1000), programVersion])
      return db.lastInsertedRowID
    }
  }

  /// Writes one batch.
  ///
  /// - Returns: the records of the batch that are bad, those included that only the workspace's contents make bad.
  func write(_ batch: PreparedBatch, into summary: inout ImportSummary) throws -> [BadRecord] {
    var counts = summary
    var bad: [BadRecord] = []
    let merged = try workspace.merge(
      batch.items.compactMap { if case .event(let event, _) = $0 { event } else { nil } })
    let refused = Set(merged.conflicts.map(\.uuid))
    counts.events += merged.added
    if merged.ahead.count > 0 { counts.ahead = merged.ahead.joined(counts.ahead) }
    try workspace.write { db in
      let sql = try Statements(db)
      for item in batch.items {
        counts.records += 1
        switch item {
        case .record(let record): try insert(record, of: batch, db, sql, &counts)
        case .event(let event, let line) where refused.contains(event.uuid):
          bad.append(
            BadRecord(
              file: path, line: line, reason: "another event with the UUID \(event.uuid) is in this workspace",
              remedy: "One of the two was changed by hand; the one in the workspace is kept."))
        case .event: break
        case .bad(let record): bad.append(record)
        }
      }
      for record in bad {
        try db.execute(
          sql: "INSERT INTO bad_record(import_id, line, reason, remedy) VALUES (?,?,?,?)",
          arguments: [importID, record.line, String(record.reason.prefix(2000)), record.remedy])
      }
    }
    let events = batch.items.count { if case .event = $0 { true } else { false } }
    counts.already += events - merged.added - merged.conflicts.count
    counts.bad += bad.count
    summary = counts
    // The lock is free only between transactions: a short pause lets a waiting reviewer's decision in.
    usleep(3000)
    return bad
  }

  /// Closes the import's entry.
  func finish(_ summary: inout ImportSummary) throws {
    let total = summary
    try workspace.write { db in
      try db.execute(
        sql: """
          UPDATE import SET finished_at = ?, bytes = ?, records = ?, added = ?, already = ?, bad = ? WHERE id = ?
          """,
        arguments: [
          Int64(Date().timeIntervalSince1970 * 1000), total.bytes, total.records, total.added, total.already,
          total.bad, importID,
        ])
    }
  }

  private func insert(
    _ record: PreparedRecord, of batch: PreparedBatch, _ db: Database, _ sql: Statements,
    _ counts: inout ImportSummary
  ) throws {
    let isNew = try sql.record.step(binding: batch.bytes) { row in
      row.bind(1, importID)
      row.bind(2, record.line)
      row.bind(3, record.format.rawValue)
      row.bind(4, blob: record.hash)
      row.bind(5, blob: record.raw)
    }
    guard isNew else {
      counts.already += 1
      return
    }
    let recordID = sql.record.lastID
    for (ordinal, solution) in batch.solutions[record.solutions].enumerated() {
      let id: Int64
      if try insert(solution, of: record, in: batch, recordID, ordinal, sql) {
        id = sql.solution.lastID
        try sql.search.step(binding: batch.bytes) { row in
          row.bind(1, id)
          row.bind(2, text: solution.words)
        }
        counts.added += 1
        if sql.hasEvents {
          let key = batch.string(solution.key)
          if try sql.isDecided(key) { try workspace.derived.project(key, db) }
        }
      } else {
        let key = batch.string(solution.key)
        guard
          let known = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM solution WHERE key = ?"), arguments: [key])
        else { throw DatabaseError(message: "solution \(key) vanished") }
        id = known
        try link(solution, of: record, in: batch, recordID, ordinal, to: id, db)
        if sql.hasEvents, try sql.isDecided(key) { try workspace.derived.project(key, db) }
        counts.further += 1
      }
      if !solution.critiques.isEmpty {
        counts.critiques += try workspace.derived.add(solution.critiques, to: id, record: recordID, db)
      }
    }
  }

  /// Adds a further record of a solution. The one that tells most is the one shown, whichever was imported first.
  private func link(
    _ solution: PreparedSolution, of record: PreparedRecord, in batch: PreparedBatch, _ recordID: Int64,
    _ ordinal: Int, to id: Int64, _ db: Database
  ) throws {
    let add = try db.cachedStatement(
      sql: "INSERT OR IGNORE INTO further_record(solution_id, record_id, ordinal) VALUES (?,?,?)")
    guard
      let shown = try Row.fetchOne(
        db.cachedStatement(sql: "SELECT record_id, ordinal, format FROM solution WHERE id = ?"), arguments: [id]),
      record.format.richness > (DatasetFormat(rawValue: shown["format"])?.richness ?? 0)
    else {
      try add.execute(arguments: [id, recordID, ordinal])
      return
    }
    try add.execute(arguments: [id, shown["record_id"] as Int64, shown["ordinal"] as Int])
    try db.execute(
      sql: """
        UPDATE solution SET record_id = ?, ordinal = ?, import_id = ?, format = ?, name = ?, screening = ?,
          finish_reason = iif(imported IS NULL, ?7, finish_reason), imported_finish = iif(imported IS NULL, NULL, ?7)
        WHERE id = ?8
        """,
      arguments: [
        recordID, ordinal, importID, record.format.rawValue, batch.string(solution.name), solution.screening,
        solution.finishReason.map(batch.string), id,
      ])
  }

  /// - Returns: `false` when a solution with this key already exists.
  private func insert(
    _ solution: PreparedSolution, of record: PreparedRecord, in batch: PreparedBatch, _ recordID: Int64,
    _ ordinal: Int, _ sql: Statements
  ) throws -> Bool {
    try sql.solution.step(binding: batch.bytes) { row in
      row.bind(1, text: solution.key)
      row.bind(2, recordID)
      row.bind(3, ordinal)
      row.bind(4, importID)
      row.bind(5, record.format.rawValue)
      row.bind(6, text: solution.name)
      row.bind(7, text: solution.excerpt)
      row.bind(8, solution.steps)
      row.bind(9, text: solution.ratings)
      row.bind(10, solution.firstError.map(Int64.init))
      row.bind(11, text: solution.finishReason)
      row.bind(12, solution.screening ? 1 : 0)
      row.bind(13, solution.problem)
      row.bind(14, solution.promptSize)
    }
  }

  /// The statements that run once per record.
  private struct Statements {
    let record: BulkStatement
    let solution: BulkStatement
    let search: BulkStatement
    /// Whether a solution has events, made before it was imported here; `nil` while nothing has any. Looked up in each
    /// transaction, since others may merge reviews between two.
    private let decided: BulkStatement?
    /// Whether ``isDecided(_:)`` can be true of any.
    var hasEvents: Bool { decided != nil }

    init(_ db: Database) throws {
      record = try BulkStatement(
        db, "INSERT OR IGNORE INTO record(import_id, line, format, hash, raw) VALUES (?,?,?,?,?)")
      solution = try BulkStatement(
        db,
        """
        INSERT OR IGNORE INTO solution(key, record_id, ordinal, import_id, format, name, excerpt, steps, ratings,
          first_error, finish_reason, screening, problem, prompt_size) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)
        """)
      search = try BulkStatement(db, "INSERT INTO search(rowid, words) VALUES (?,?)")
      let hasEvents = try Bool.fetchOne(db, sql: "SELECT EXISTS(SELECT 1 FROM event)") ?? false
      decided = hasEvents ? try BulkStatement(db, "SELECT 1 FROM event WHERE solution = ? LIMIT 1") : nil
    }

    func isDecided(_ key: String) throws -> Bool {
      guard let decided else { return false }
      return try decided.hasRow(for: key)
    }
  }
}

extension DatasetFormat {
  /// How much a record of this format says about a solution; of several records the one with most is shown.
  var richness: Int {
    switch self {
    case .prm800k: 4
    case .processbench, .mrgsm8k, .mrgsm8kOriginal, .prmbench: 3
    case .deepcritic, .rollout: 2
    case .sft, .problems, .generic, .reviews: 1
    }
  }
}
