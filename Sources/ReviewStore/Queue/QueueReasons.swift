import CritiqueModel
import GRDB

/// Orders by how much there is to decide, and the words for it.
enum QueueReasons {
  /// Solutions by their most divided step among the deep samples; those without several samples are left out.
  static func byVotes(_ db: Database) throws -> [Int64] {
    try Int64.fetchAll(
      db,
      sql: """
        SELECT solution_id FROM (
          SELECT solution_id, min(margin) AS least FROM (
            SELECT solution_id, abs(total(judgement)) / count(*) AS margin FROM critique INDEXED BY critique_outline
            WHERE stage = 'deep' AND fault IS NULL AND judgement IS NOT NULL GROUP BY solution_id, step
            HAVING count(*) > 1)
          GROUP BY solution_id)
        ORDER BY least, solution_id
        """)
  }

  /// A number that looks random for each id and seed.
  static func chance(_ id: Int64, seed: UInt64) -> UInt64 {
    SplitMix64.mixed(UInt64(bitPattern: id) &* SplitMix64.step &+ seed &* 0xD1B5_4A32_D192_ED03)
  }
}

extension Workspace {
  /// Why an order puts each of some solutions where it is, in a few words; nothing for orders that say it themselves.
  public func reasons(_ ids: [Int64], sort: QueueSort) throws -> [Int64: String] {
    guard !ids.isEmpty else { return [:] }
    return try database.read { db in
      var words: [Int64: String] = [:]
      switch sort {
      case .votes:
        let rows = try Row.fetchAll(
          db,
          sql: """
            SELECT solution_id, step, count(*) FILTER (WHERE judgement = -1) AS wrong, count(*) AS n,
              abs(total(judgement)) / count(*) AS margin
            FROM critique INDEXED BY critique_outline
            WHERE stage = 'deep' AND fault IS NULL AND judgement IS NOT NULL
              AND solution_id IN (\(databaseQuestionMarks(count: ids.count)))
            GROUP BY solution_id, step HAVING count(*) > 1 ORDER BY margin DESC, step DESC
            """, arguments: StatementArguments(ids))
        for row in rows {
          words[row[0]] = "step \(row[1] as Int): \(row[2] as Int)/\(row[3] as Int) say wrong"
        }
      default:
        if case .query(_, let reasons) = sort.meaning { words = try reasons(db, ids) }
      }
      return words
    }
  }
}
