import CritiqueModel
import GRDB

/// How many requests failed, by stage and reason.
public struct RequestFailureCount: Sendable, Hashable, Codable {
  /// The stage.
  public var stage: Stage
  /// A few words.
  public var reason: String
  /// Steps whose request failed and was not answered since.
  public var count: Int
  /// The latest failure's sentence.
  public var detail: String
}

extension Workspace {
  /// The failures that stand, the most frequent first.
  public func requestFailureCounts() throws -> [RequestFailureCount] {
    try database.read { db in
      // SQLite takes bare columns from the row that has the maximum.
      try Row.fetchAll(
        db,
        sql: """
          SELECT stage, reason, count(*) AS n, detail, max(at) FROM request_failure
          GROUP BY stage, reason ORDER BY n DESC, stage, reason
          """
      ).compactMap { row in
        Stage(rawValue: row["stage"]).map {
          RequestFailureCount(stage: $0, reason: row["reason"], count: row["n"], detail: row["detail"])
        }
      }
    }
  }
}
