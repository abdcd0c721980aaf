import CritiqueModel
import Foundation
import GRDB
import ReviewStore

extension Workspace {
  /// The specification that was used last for a kind; `nil` when none ever was.
  public func latestGenerationID(of kind: RolloutKind) throws -> Int64? {
    try database.read { db in
      try Int64.fetchOne(
        db,
        sql: """
          SELECT g.id FROM generation g WHERE g.stage = ?
          ORDER BY (SELECT max(a.id) FROM answer a WHERE a.generation_id = g.id) DESC LIMIT 1
          """, arguments: [kind.rawValue])
    }
  }

  /// Stores rollouts and failures in one durable transaction: when this returns, nothing can lose them.
  ///
  /// A response whose key is already stored changes nothing: one that is received twice counts once.
  ///
  /// - Parameter samples: each with the number of its specification.
  /// - Returns: how many were not here before.
  @discardableResult
  public func recordRollouts(
    _ samples: [(sample: RolloutSample, generation: Int64)], failures: [RolloutFailure] = []
  ) throws -> Int {
    try write { db in
      var stored = 0
      for (sample, generation) in samples where try Self.insert(sample, generation, db) { stored += 1 }
      for failure in failures {
        for target in failure.targets {
          try Self.insertFailure(
            target.solution, failure.kind.rawValue, target.step, failure.reason, failure.detail,
            attempts: failure.attempts, db)
        }
      }
      return stored
    }
  }

  /// Copies rollouts between solutions that begin with the same steps: their requests are identical.
  ///
  /// - Parameter samples: key and sample number of each.
  /// - Returns: the numbers of the samples that have an answer now.
  public func reuseRollouts(_ samples: [(key: [UInt8], sample: Int)], for targets: [RolloutTarget]) throws -> Set<Int> {
    try write { db in
      var reused: Set<Int> = []
      for (key, sample) in samples {
        guard
          let answer = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM answer WHERE key = ?"), arguments: [Data(key)])
        else { continue }
        try Self.share(answer, sample, targets, db)
        reused.insert(sample)
      }
      return reused
    }
  }

  /// - Returns: `false` when the response is already stored.
  private static func insert(_ sample: RolloutSample, _ generation: Int64, _ db: Database) throws -> Bool {
    try db.cachedStatement(
      sql: """
        INSERT OR IGNORE INTO answer(key, generation_id, sample, endpoint, finish, prompt_tokens, completion_tokens,
          latency, at, reasoning) VALUES (?,?,?,?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      Data(sample.key), generation, sample.sample, sample.endpoint, sample.finish?.description, sample.promptTokens,
      sample.completionTokens, sample.latency, Int64(Date().timeIntervalSince1970 * 1000), sample.reasoning?.storable,
    ])
    if db.changesCount == 0 {
      guard
        let known = try Int64.fetchOne(
          db.cachedStatement(sql: "SELECT id FROM answer WHERE key = ?"), arguments: [Data(sample.key)])
      else { throw DatabaseError(message: "an answer vanished") }
      try share(known, sample.sample, sample.targets, db)
      return false
    }
    let answer = db.lastInsertedRowID
    for target in sample.targets {
      try db.cachedStatement(
        sql: """
          INSERT OR IGNORE INTO rollout(
            solution_id, step, generation_id, sample, answer_id, manner, text, truncated, boxed)
          VALUES (?,?,?,?,?,?,?,?,?)
          """
      ).execute(arguments: [
        target.solution, target.step, generation, sample.sample, answer, sample.continuation, sample.text.storable,
        sample.isTruncated, sample.boxed,
      ])
      try forgetFailure(of: target, generation: generation, db)
    }
    return true
  }

  /// Links solutions to an answer that is here.
  private static func share(_ answer: Int64, _ sample: Int, _ targets: [RolloutTarget], _ db: Database) throws {
    for target in targets {
      try db.cachedStatement(
        sql: """
          INSERT OR IGNORE INTO rollout(
            solution_id, step, generation_id, sample, answer_id, manner, text, truncated, boxed)
          SELECT ?, ?, generation_id, ?, answer_id, manner, text, truncated, boxed FROM rollout
          WHERE answer_id = ? LIMIT 1
          """
      ).execute(arguments: [target.solution, target.step, sample, answer])
    }
  }

  private static func forgetFailure(of target: RolloutTarget, generation: Int64, _ db: Database) throws {
    try db.cachedStatement(
      sql: """
        DELETE FROM request_failure WHERE solution_id = ? AND step = ?
          AND stage = (SELECT stage FROM generation WHERE id = ?)
        """
    ).execute(arguments: [target.solution, target.step, generation])
  }
}
