import Foundation
import GRDB

/// The SQLite library in use.
public enum DatabaseEngine {
  /// Version and whether full-text search (FTS5) is built in.
  public static func facts() throws -> (version: String, hasFullTextSearch: Bool) {
    try DatabaseQueue().read { db in
      let version = try String.fetchOne(db, sql: "SELECT sqlite_version()") ?? "unknown"
      let search = try Bool.fetchOne(db, sql: "SELECT EXISTS(SELECT 1 FROM pragma_module_list WHERE name = 'fts5')")
      return (version, search ?? false)
    }
  }
}

// Questions of `deepcritic doctor`. None of them changes the database.
extension Workspace {
  /// What SQLite finds wrong in the file; empty when it is sound.
  ///
  /// - Parameter thorough: compare every index with its table too, which reads the whole file several times.
  public func integrityProblems(thorough: Bool) throws -> [String] {
    try database.read { db in
      let check = thorough ? "integrity_check" : "quick_check"
      do {
        return try String.fetchAll(db, sql: "PRAGMA \(check)(20)").filter { $0 != "ok" }
      } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
        return ["the file is too damaged to be checked"]
      }
    }
  }

  /// "wal" for a workspace that several processes may use.
  public func journalMode() throws -> String {
    try database.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") ?? "unknown" }
  }

  /// Takes the write lock and gives it back.
  ///
  /// - Throws: ``WorkspaceError``, when nothing could be written now.
  public func checkWritable() throws {
    if let refusal { throw refusal }
    try checkFiles()
    do {
      try database.writeWithoutTransaction { db in try db.inTransaction(.immediate) { .rollback } }
    } catch {
      throw translated(error)
    }
  }

  /// How many rows of the projections differ from what the event log says; 0 is right.
  ///
  /// The log is projected again into tables in memory, on one snapshot of the file, while others may continue writing.
  public func projectionDifferences() throws -> Int {
    let file = database.path
    return try DatabaseQueue().writeWithoutTransaction { db in
      try db.execute(sql: "ATTACH ? AS workspace", arguments: [file])
      var differences = 0
      try db.inTransaction(.deferred) {
        for table in DerivedTables.projectionTables {
          let sql = try String.fetchOne(
            db, sql: "SELECT sql FROM workspace.sqlite_master WHERE type = 'table' AND name = ?", arguments: [table])
          try db.execute(sql: sql ?? "")
        }
        // Unqualified names mean the tables in memory where there are such, else those of the file.
        for key in try derived.decided(db) where try derived.areLabelsStale(key, db) { differences += 1 }
        for key in try derived.decided(db) { try derived.project(key, db) }
        try UndoStack.rebuild(db)
        for table in DerivedTables.projectionTables {
          for (one, other) in [("main", "workspace"), ("workspace", "main")] {
            differences +=
              try Int.fetchOne(
                db, sql: "SELECT count(*) FROM (SELECT * FROM \(one).\(table) EXCEPT SELECT * FROM \(other).\(table))")
              ?? 0
          }
        }
        return .rollback
      }
      return differences
    }
  }
}
