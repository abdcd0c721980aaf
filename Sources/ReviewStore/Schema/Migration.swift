import GRDB

/// One step of a workspace's tables: SQL that is never changed once it has shipped.
///
/// A step runs none of the program's code, whose meaning changes from version to version. Tables that are computed from
/// others are computed again after all steps (``DerivedTables/rebuild(_:)``).
package struct Migration: Sendable {
  /// The step's name in the database; never changed either.
  package let identifier: String
  package let sql: String
  /// Whether the step adds something that is computed from other tables.
  package let needsRebuild: Bool

  /// - Parameter sql: the SQL of the modules that the step gives tables to.
  package init(_ identifier: String, _ sql: String..., needsRebuild: Bool = false) {
    self.identifier = identifier
    self.sql = sql.joined(separator: "\n")
    self.needsRebuild = needsRebuild
  }
}

/// What workspaces hold: the steps of their tables, and the features that add to the store's own.
///
/// There is one, `WorkspaceSchema.complete` in DeepCriticCore. A workspace is never opened with another: one that lacked the
/// steps of a feature would have to be told from one that is older.
public struct WorkspaceSchema: Sendable {
  /// All steps, in order. Another one is added at the end.
  package let migrations: [Migration]
  /// What modules add.
  package let features: [WorkspaceFeature]
  /// The conditions of filters.
  public let filterFields: FilterFields
  /// The orders of the queue.
  public let sorts: [QueueSort]

  package init(migrations: [Migration], features: [WorkspaceFeature]) {
    self.migrations = migrations
    self.features = features
    filterFields = FilterFields(features.flatMap(\.filterFields))
    sorts = QueueSort.own(with: features.flatMap(\.sorts))
  }

  /// Whose tables a database holds.
  enum Owner { case us, nobody, another }

  func owner(of db: Database) throws -> Owner {
    guard try db.tableExists("grdb_migrations") else {
      let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
      return tables == 0 ? .nobody : .another
    }
    let applied = try applied(db)
    return migrations.contains { applied.contains($0.identifier) } ? .us : .another
  }

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
  package func update(_ db: Database, rebuild: (Database) throws -> Void) throws {
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
