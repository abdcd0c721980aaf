import CritiqueModel
import Foundation
import GRDB
import ReviewStore

/// What recording a group of answers changed.
public struct AnswerReceipt: Sendable, Hashable {
  /// Samples that were not here before.
  public var stored = 0
  /// Samples that were already stored; nothing changed.
  public var already = 0
  /// Where each solution that was touched stands now.
  public var standings: [Int64: SeedStanding] = [:]
}

extension Workspace {
  /// Remembers a prompt template's text under its hash.
  public func keepPrompt(_ text: String, hash: [UInt8]) throws {
    try write { db in
      try db.execute(
        sql: "INSERT OR IGNORE INTO prompt(hash, text) VALUES (?,?)", arguments: [Data(hash), text])
    }
  }

  /// The text of a template that was used.
  public func prompt(hash: [UInt8]) throws -> String? {
    try database.read {
      try String.fetchOne($0, sql: "SELECT text FROM prompt WHERE hash = ?", arguments: [Data(hash)])
    }
  }

  /// The number of a specification, given one if it is new. Its template must be kept before.
  public func generationID(of specification: GenerationSpecification) throws -> Int64 {
    try write { db in
      try db.execute(
        sql: """
          INSERT OR IGNORE INTO generation(stage, model, prompt, temperature, top_p, max_tokens, seed)
          VALUES (?,?,?,?,?,?,?)
          """, arguments: specification.columns)
      guard let id = try Self.knownGenerationID(specification, db) else {
        throw DatabaseError(message: "a generation vanished")
      }
      return id
    }
  }

  /// The number of a specification that has been used; `nil` for a new one.
  public func knownGenerationID(of specification: GenerationSpecification) throws -> Int64? {
    try database.read { db in try Self.knownGenerationID(specification, db) }
  }

  private static func knownGenerationID(_ specification: GenerationSpecification, _ db: Database) throws -> Int64? {
    try Int64.fetchOne(
      db,
      sql: """
        SELECT id FROM generation WHERE stage = ? AND model = ? AND prompt = ? AND temperature = ? AND top_p = ?
          AND max_tokens = ? AND seed IS ?
        """, arguments: specification.columns)
  }

  /// Stores answers and failures in one durable transaction: when this returns, nothing can lose them.
  ///
  /// A response whose key is already stored changes nothing: one that is read or received twice counts once.
  ///
  /// - Parameter samples: each with the number of its specification (``generationID(of:)``).
  public func record(
    _ samples: [(sample: GeneratedSample, generation: Int64)], failures: [RequestFailure] = []
  ) throws -> AnswerReceipt {
    try write { db in
      var receipt = AnswerReceipt()
      var touched: Set<Int64> = []
      for (sample, generation) in samples {
        if try Self.insert(sample, generation, db) {
          receipt.stored += 1
          touched.insert(sample.target.solution)
        } else {
          receipt.already += 1
        }
      }
      for failure in failures {
        try Self.insert(failure, db)
        touched.insert(failure.target.solution)
      }
      for solution in touched {
        try derived.summarize(solution, db)
        receipt.standings[solution] = try Self.standing(of: solution, db)
      }
      return receipt
    }
  }

  /// Gives a solution the answers that the very same questions about another solution had (PRM800K has some solutions
  /// labelled twice).
  ///
  /// - Parameter samples: key and sample number of each.
  /// - Returns: the numbers of the samples that have an answer now.
  public func reuse(_ samples: [(key: [UInt8], sample: Int)], for target: GenerationTarget) throws -> Set<Int> {
    try write { db in
      var reused: Set<Int> = []
      for (key, sample) in samples {
        guard
          let row = try Row.fetchOne(
            db,
            sql: """
              SELECT c.judgement, c.text, c.fault, c.answer_id FROM answer a JOIN critique c ON c.answer_id = a.id
              WHERE a.key = ? LIMIT 1
              """, arguments: [Data(key)])
        else { continue }
        try db.execute(
          sql: """
            INSERT OR IGNORE INTO critique(solution_id, stage, step, sample, judgement, text, fault, answer_id)
            VALUES (?,?,?,?,?,?,?,?)
            """,
          arguments: [
            target.solution, target.stage.rawValue, target.step, sample, row[0] as Int?, row[1] as String,
            row[2] as String?, row[3] as Int64,
          ])
        reused.insert(sample)
      }
      if !reused.isEmpty { try derived.summarize(target.solution, db) }
      return reused
    }
  }

  /// - Returns: `false` when this solution has the answer already.
  private static func insert(_ sample: GeneratedSample, _ generation: Int64, _ db: Database) throws -> Bool {
    let target = sample.target
    try db.cachedStatement(
      sql: """
        INSERT OR IGNORE INTO answer(key, generation_id, sample, endpoint, finish, prompt_tokens, completion_tokens,
          latency, at, reasoning, sources) VALUES (?,?,?,?,?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      Data(sample.key), generation, sample.sample, sample.endpoint, sample.finish, sample.promptTokens,
      sample.completionTokens, sample.latency, Int64(Date().timeIntervalSince1970 * 1000), sample.reasoning?.storable,
      sample.sources,
    ])
    let answer: Int64
    if db.changesCount > 0 {
      answer = db.lastInsertedRowID
    } else {
      // The same question about another solution with the same texts (PRM800K has some labelled twice) has one answer.
      guard
        let known = try Int64.fetchOne(
          db.cachedStatement(sql: "SELECT id FROM answer WHERE key = ?"), arguments: [Data(sample.key)])
      else { throw DatabaseError(message: "an answer vanished") }
      let isStored = try Bool.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT EXISTS(SELECT 1 FROM critique
              WHERE solution_id = ? AND stage = ? AND step = ? AND answer_id = ?)
            """), arguments: [target.solution, target.stage.rawValue, target.step, known])
      if isStored ?? false { return false }
      answer = known
    }
    var number = sample.sample
    if let top = try Int.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT max(sample) FROM critique WHERE solution_id = ?1 AND stage = ?2 AND step = ?3
            AND EXISTS(SELECT 1 FROM critique WHERE solution_id = ?1 AND stage = ?2 AND step = ?3 AND sample = ?4)
          """), arguments: [target.solution, target.stage.rawValue, target.step, number])
    {
      number = top + 1
    }
    let outcome = sample.outcome
    let fault: SeedReason? = outcome == .truncated || outcome == .empty ? outcome.reason : nil
    var judgement: Judgement?
    if case .judged(let value) = outcome { judgement = value }
    try db.cachedStatement(
      sql: """
        INSERT INTO critique(solution_id, stage, step, sample, judgement, text, answer_id, fault, size)
        VALUES (?,?,?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      target.solution, target.stage.rawValue, target.step, number, judgement?.rawValue, sample.text.storable, answer,
      fault?.rawValue, TrainingText.size(sample.text),
    ])
    try db.cachedStatement(sql: "DELETE FROM request_failure WHERE solution_id = ? AND stage = ? AND step = ?")
      .execute(arguments: [target.solution, target.stage.rawValue, target.step])
    return true
  }

  private static func insert(_ failure: RequestFailure, _ db: Database) throws {
    try insertFailure(
      failure.target.solution, failure.target.stage.rawValue, failure.target.step, failure.reason, failure.detail,
      attempts: failure.attempts, db)
  }

  /// Notes that a request ended without an answer, in place of what was noted before.
  package static func insertFailure(
    _ solution: Int64, _ stage: String, _ step: Int, _ reason: String, _ detail: String, attempts: Int, _ db: Database
  ) throws {
    try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO request_failure(solution_id, stage, step, reason, detail, attempts, at)
        VALUES (?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      solution, stage, step, reason, detail, attempts, Int64(Date().timeIntervalSince1970 * 1000),
    ])
  }

  static func standing(of solution: Int64, _ db: Database) throws -> SeedStanding? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT reason, stage, step FROM seed WHERE solution_id = ?"), arguments: [solution]
    ).flatMap(SeedStanding.init(row:))
  }
}

extension SeedStanding {
  init?(row: Row) {
    guard let reason = SeedReason(rawValue: row["reason"]) else { return nil }
    self.init(reason, stage: (row["stage"] as String?).flatMap(Stage.init(rawValue:)), step: row["step"])
  }
}

extension GenerationSpecification {
  fileprivate var columns: StatementArguments {
    [
      purpose, model, Data(promptHash), sampling.temperature, sampling.topP, sampling.maxTokens, sampling.seed,
    ]
  }
}
