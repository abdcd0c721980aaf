import CritiqueModel
import DeepCriticCore
import Foundation
import GRDB
import ReviewStore

/// Something that must not happen.
struct Finding: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// What must hold of a workspace after any failure.
enum Verification {
  /// - Throws: a ``Finding``, or what kept the workspace from being opened.
  static func check(_ folder: String, _ acknowledged: Acknowledged) throws {
    let path = folder + "/work"
    guard Workspace.exists(at: path), !Workspace.isBlank(path) else {
      if acknowledged.workspace || !acknowledged.events.isEmpty { throw Finding("the workspace is gone") }
      // A creation that was interrupted is begun again.
      return try Workspace.create(at: path).close()
    }
    let steps = try isSound(path)
    if steps == 0 {
      if acknowledged.workspace { throw Finding("the workspace has no tables") }
      return try Workspace.create(at: path).close()
    }
    let workspace = try Workspace(at: path)
    if workspace.isReadOnly { throw Finding("it opens for reading only") }
    let events = try Set(workspace.events().map(\.uuid))
    let lost = acknowledged.events.subtracting(events)
    if !lost.isEmpty { throw Finding("\(lost.count) acknowledged decisions are lost") }
    let solutions = try workspace.statistics().solutions
    if solutions < acknowledged.solutions {
      throw Finding("\(acknowledged.solutions - solutions) acknowledged solutions are lost")
    }
    if try workspace.projectionDifferences() != 0 { throw Finding("projections differ from the log") }
    // Work continues: what was cut short is repeated.
    let sample = folder + "/sample.jsonl"
    if FileManager.default.fileExists(atPath: sample) {
      let before = solutions
      let summary = try workspace.importFile(sample)
      if summary.bad > 0 || before + summary.added < summary.records { throw Finding("the import cannot be completed") }
    }
    try workspace.record(
      ReviewDecision(solution: "0123456789abcdef0123456789abcdef", step: 1, .verdict(.correct)),
      by: ReviewContext(reviewer: "cy"))
    try workspace.close()
    if try Workspace(at: path).events().count != events.count + 1 { throw Finding("the next decision is lost") }
  }

  /// Checks the database as it is before the program has touched it.
  ///
  /// - Returns: how many steps of the tables it has.
  private static func isSound(_ path: String) throws -> Int {
    let queue = try DatabaseQueue(path: path + "/workspace.sqlite")
    defer { try? queue.close() }
    return try queue.read { db in
      let problems = try String.fetchAll(db, sql: "PRAGMA integrity_check").filter { $0 != "ok" }
      if let first = problems.first { throw Finding("integrity check: \(first)") }
      guard try db.tableExists("grdb_migrations") else {
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        if tables > 0 { throw Finding("\(tables) tables of an unfinished creation") }
        return 0
      }
      let applied = try String.fetchSet(db, sql: "SELECT identifier FROM grdb_migrations")
      let known = WorkspaceSchema.complete.migrations.map(\.identifier)
      let versions = [4, known.count - 1, known.count]
      guard versions.contains(applied.count), Set(known.prefix(applied.count)) == applied else {
        throw Finding("the tables are between two versions: \(applied.count) steps")
      }
      return applied.count
    }
  }
}
