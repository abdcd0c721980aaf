import CritiqueModel
import DatasetFormats
import GRDB

extension Workspace {
  /// Hashes and measures the solutions that have not been, in short transactions.
  package func measureSolutions() throws {
    var last: Int64 = 0
    while true {
      let page = try database.read { db in
        try Row.fetchAll(
          db,
          sql: """
            SELECT s.id, s.ordinal, r.format, r.raw FROM solution s JOIN record r ON r.id = s.record_id
            WHERE s.id > ? AND (s.problem IS NULL OR s.prompt_size IS NULL) ORDER BY s.id LIMIT 1000
            """, arguments: [last])
      }
      guard let end = page.last else { return }
      last = end["id"]
      let facts = try page.map { row -> (Int64, Int64, Int) in
        let solution = try Self.decodeSolution(
          row["raw"], format: DatasetFormat(rawValue: row["format"]) ?? .generic, ordinal: row["ordinal"],
          id: row["id"])
        return (row["id"], ProblemText.hash(solution.problem), SolutionText.size(solution))
      }
      try write { db in
        let statement = try db.cachedStatement(sql: "UPDATE solution SET problem = ?, prompt_size = ? WHERE id = ?")
        for (id, problem, size) in facts { try statement.execute(arguments: [problem, size, id]) }
      }
    }
  }

  /// A number that looks random for each key and seed, for choices that do not depend on what else is there (SplitMix64's
  /// mixing of the key's first 64 bits).
  public static func rank(_ key: String, seed: UInt64) -> UInt64 {
    SplitMix64.mixed((UInt64(key.prefix(16), radix: 16) ?? 0) &+ (seed &+ 1) &* SplitMix64.step)
  }
}
