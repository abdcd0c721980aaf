/// Items with a known label: SQL that is never changed once it has shipped.
package enum GoldTables {
  /// Step 13. Which items with a known label were mixed into whose queue. No decision: the event log knows nothing of it, so that
  /// nobody can tell from there what was one.
  package static let goldItems = """
    CREATE TABLE gold_item(
      solution TEXT NOT NULL, reviewer TEXT NOT NULL, at INTEGER NOT NULL,
      PRIMARY KEY(solution, reviewer)
    ) WITHOUT ROWID;
    """
}
