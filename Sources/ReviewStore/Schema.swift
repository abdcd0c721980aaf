import GRDB

/// One step of a workspace's tables: SQL that is never changed once it has shipped.
///
/// A step runs none of the program's code, whose meaning changes from version to version. Tables that are computed from
/// others are computed again after all steps (``Workspace/rebuildDerivedTables(_:)``).
struct Migration: Sendable {
  /// The step's name in the database; never changed either.
  let identifier: String
  let sql: String
  /// Whether the step adds something that is computed from other tables.
  let needsRebuild: Bool

  init(_ identifier: String, _ sql: String..., needsRebuild: Bool = false) {
    self.identifier = identifier
    self.sql = sql.joined(separator: "\n")
    self.needsRebuild = needsRebuild
  }
}

/// The workspace database's tables, as a list of steps.
struct Schema: Sendable {
  /// All steps, in order. Another one is added at the end.
  let migrations: [Migration]

  static let complete = Schema(migrations: [
    Migration("1 records, solutions, critiques", StoreTables.records),
    Migration("2 event log and projections", StoreTables.events),
    Migration("3 generated critiques", StoreTables.generatedCritiques, GenerationTables.answers, needsRebuild: true),
    Migration("4 what undo and redo find", StoreTables.undoStack, needsRebuild: true),
    Migration("5 curation and lineage", StoreTables.decisionsAndSizes, LineageTables.datasets, needsRebuild: true),
    Migration("6 rarer merges of the search index", StoreTables.searchMerges),
    Migration("7 Monte-Carlo labels", LabelTables.rollouts),
    Migration("8 training runs", RunTables.runs),
    Migration("9 evaluations", EvaluationTables.evaluations),
    Migration(
      "10 choices and versions of critiques", StoreTables.critiqueVersions, GenerationTables.sources, needsRebuild: true
    ),
    Migration("11 words of critiques", StoreTables.critiqueSearch),
    Migration("12 saved queues and reservations", StoreTables.savedQueues),
    Migration("13 items with a known label", GoldTables.goldItems),
    Migration("14 solutions that are not measured", StoreTables.unmeasuredSolutions),
  ])

  /// How a database compares with the program.
  enum State { case current, outdated, newer }

  func state(of db: Database) throws -> State {
    let applied = try applied(db)
    if !applied.isSubset(of: migrations.map(\.identifier)) { return .newer }
    return applied.count == migrations.count ? .current : .outdated
  }

  /// Takes the steps that are missing, all of them and what follows from them in one transaction: whatever interrupts it,
  /// the workspace is as it was before, or complete. Of several processes that open a workspace one takes the steps.
  ///
  /// - Parameter rebuild: computes the derived tables; called after all steps where one needs it.
  func update(_ db: Database, rebuild: (Database) throws -> Void) throws {
    try db.inTransaction(.immediate) {
      // The name is GRDB's, whose migrator programs before this one used.
      try db.execute(sql: "CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
      let applied = try applied(db)
      let missing = migrations.filter { !applied.contains($0.identifier) }
      for migration in missing {
        try db.execute(sql: migration.sql)
        try db.execute(sql: "INSERT INTO grdb_migrations VALUES (?)", arguments: [migration.identifier])
      }
      if missing.contains(where: \.needsRebuild) { try rebuild(db) }
      return .commit
    }
  }

  private func applied(_ db: Database) throws -> Set<String> {
    guard try db.tableExists("grdb_migrations") else { return [] }
    return try String.fetchSet(db, sql: "SELECT identifier FROM grdb_migrations")
  }
}
