import CritiqueModel
import Foundation
import GRDB
import Hashing
import ReviewStore

/// What a grader said of an answer.
public struct StoredGrade: Sendable, Hashable, Codable {
  /// Right, wrong or undecided.
  public var outcome: RolloutOutcome
  /// How it was found, or why not ("same text", "over the time limit").
  public var detail: String?

  /// A grade from its parts.
  public init(outcome: RolloutOutcome, detail: String? = nil) {
    self.outcome = outcome
    self.detail = detail
  }
}

/// An answer that waits for its grade.
public struct UngradedAnswer: Sendable, Hashable {
  /// Row of the rollout.
  public var rollout: Int64
  /// The solution or problem it belongs to.
  public var solution: Int64
  /// The contents of the last box.
  public var answer: String
}

extension Workspace {
  /// Identity of a grade: 16 bytes of SHA-256 over grader, reference and answer.
  public static func gradeKey(grader: String, gold: String, answer: String) -> [UInt8] {
    var hash = SHA256()
    for text in [grader, gold, answer] {
      hash.update(data: Array(text.utf8))
      hash.update(data: [0] as [UInt8])
    }
    return Array(hash.finalize().prefix(16))
  }

  /// Rollouts with a boxed answer that the grader has not seen, some at a time.
  ///
  /// - Parameter after: only those behind this row.
  public func ungraded(by grader: String, after: Int64 = 0, limit: Int) throws -> [UngradedAnswer] {
    try database.read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT r.id, r.solution_id, r.boxed FROM rollout r
            WHERE r.id > ? AND r.boxed IS NOT NULL AND NOT r.truncated
              AND (r.grade IS NULL OR NOT EXISTS(SELECT 1 FROM grade g WHERE g.key = r.grade AND g.grader = ?))
            ORDER BY r.id LIMIT ?
            """), arguments: [after, grader, limit]
      ).map { UngradedAnswer(rollout: $0[0], solution: $0[1], answer: $0[2]) }
    }
  }

  /// Grades that are here, by key.
  public func grades(_ keys: [[UInt8]]) throws -> [[UInt8]: StoredGrade] {
    try database.read { db in
      let statement = try db.cachedStatement(sql: "SELECT outcome, detail FROM grade WHERE key = ?")
      var found: [[UInt8]: StoredGrade] = [:]
      for key in keys where found[key] == nil {
        guard let row = try Row.fetchOne(statement, arguments: [Data(key)]) else { continue }
        found[key] = StoredGrade(outcome: RolloutOutcome(rawValue: row[0]) ?? .undecided, detail: row[1])
      }
      return found
    }
  }

  /// One pair and its grade.
  public struct GradeEntry: Sendable, Hashable {
    /// Identity (``Workspace/gradeKey(grader:gold:answer:)``).
    public var key: [UInt8]
    /// The reference.
    public var gold: String
    /// What was compared with it.
    public var answer: String
    /// What was found.
    public var grade: StoredGrade

    /// An entry from its parts.
    public init(key: [UInt8], gold: String, answer: String, grade: StoredGrade) {
      self.key = key
      self.gold = gold
      self.answer = answer
      self.grade = grade
    }
  }

  /// Stores grades and links rollouts to them, in one durable transaction.
  ///
  /// - Parameter rollouts: key of the grade by row of the rollout.
  public func recordGrades(_ grades: [GradeEntry], grader: String, rollouts: [Int64: [UInt8]]) throws {
    try write { db in
      let insert = try db.cachedStatement(
        sql: "INSERT OR REPLACE INTO grade(key, grader, gold, answer, outcome, detail) VALUES (?,?,?,?,?,?)")
      for one in grades {
        try insert.execute(arguments: [
          Data(one.key), grader, one.gold, one.answer, one.grade.outcome.rawValue, one.grade.detail,
        ])
      }
      let update = try db.cachedStatement(sql: "UPDATE rollout SET grade = ? WHERE id = ?")
      for (rollout, key) in rollouts { try update.execute(arguments: [Data(key), rollout]) }
    }
  }
}
