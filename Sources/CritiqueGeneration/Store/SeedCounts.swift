import CritiqueModel
import GRDB
import ReviewStore

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

/// How many solutions stand somewhere on the way to a seed critique.
public struct SeedCount: Sendable, Hashable, Codable {
  /// The stage that is waited for, or at which they stopped.
  public var stage: Stage?
  /// Why.
  public var reason: SeedReason
  /// Their number.
  public var solutions: Int

  /// The standing without a step.
  public var standing: SeedStanding { SeedStanding(reason, stage: stage) }
}

extension Workspace {
  /// Counts of solutions by progress towards a seed critique: those that were begun, furthest first.
  public func seedCounts() throws -> [SeedCount] { try database.read { try Self.seedCounts($0) } }

  package static func seedCounts(_ db: Database) throws -> [SeedCount] {
    try Row.fetchAll(db, sql: "SELECT reason, stage, count(*) AS n FROM seed GROUP BY reason, stage")
      .compactMap { row in
        SeedReason(rawValue: row["reason"]).map {
          SeedCount(stage: (row["stage"] as String?).flatMap(Stage.init(rawValue:)), reason: $0, solutions: row["n"])
        }
      }
      .sorted { a, b in
        // A complete one has no stage and stands first, one that never begins has none and stands last.
        func rank(_ count: SeedCount) -> Int {
          count.reason == .complete ? 4 : count.stage.map { $0.order + 1 } ?? 0
        }
        return (rank(b), b.solutions, a.reason.rawValue) < (rank(a), a.solutions, b.reason.rawValue)
      }
  }

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
