import CritiqueModel
import Foundation
import GRDB
import Hashing
import ReviewStore

extension Workspace {
  /// Remembers a benchmark. One with the same name, rows and labels is the same benchmark.
  public func recordBenchmark(
    name: String, path: String, format: String, leftOut: [String: Int], items: [BenchmarkItem]
  ) throws -> BenchmarkEntry {
    var hash = SHA256()
    hash.update(data: Array(name.utf8))
    for item in items {
      hash.update(data: Array("\n\(item.solution) \(item.gold) \(item.marks) \(item.id)".utf8))
    }
    let digest = Data(hash.finalize())
    let words = (try? JSONEncoder().encode(leftOut)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    return try write { db in
      if let id = try Int64.fetchOne(db, sql: "SELECT id FROM benchmark WHERE hash = ?", arguments: [digest]) {
        try db.execute(
          sql: "UPDATE benchmark SET path = ?, left_out = ? WHERE id = ?", arguments: [path, words, id])
        return BenchmarkEntry(
          id: id, name: name, path: path, format: format, leftOut: leftOut, items: items.count)
      }
      try db.execute(
        sql: "INSERT INTO benchmark(hash, name, path, format, left_out, at) VALUES (?,?,?,?,?,?)",
        arguments: [digest, name, path, format, words, Self.milliseconds])
      let id = db.lastInsertedRowID
      let insert = try db.cachedStatement(
        sql: """
          INSERT INTO benchmark_item(
            benchmark_id, position, item, solution_id, gold, marks, final_correct, generator, subject)
          VALUES (?,?,?,?,?,?,?,?,?)
          """)
      for item in items {
        try insert.execute(arguments: [
          id, item.position, item.id, item.solution, item.gold, item.marks, item.finalAnswerIsCorrect, item.generator,
          item.subject,
        ])
      }
      return BenchmarkEntry(id: id, name: name, path: path, format: format, leftOut: leftOut, items: items.count)
    }
  }

  /// The evaluation of a critic asked in some way: the one that is here, or a new one.
  public func beginEvaluation(
    name: String, _ specification: EvaluationSpecification, programVersion: String
  ) throws -> EvaluationEntry {
    try write { db in
      let identity = Data(specification.identity(name))
      try db.execute(
        sql: """
          INSERT OR IGNORE INTO evaluation(identity, name, specification, program_version, at) VALUES (?,?,?,?,?)
          """, arguments: [identity, name, specification.json, programVersion, Self.milliseconds])
      guard let row = try Row.fetchOne(db, sql: "SELECT * FROM evaluation WHERE identity = ?", arguments: [identity])
      else { throw DatabaseError(message: "an evaluation vanished") }
      var entry = try Self.entry(row)
      if let trainedOn = specification.trainedOn,
        entry.specification.trainedOn != trainedOn || entry.specification.trainedBy != specification.trainedBy
      {
        entry.specification.trainedOn = trainedOn
        entry.specification.trainedBy = specification.trainedBy
        try db.execute(
          sql: "UPDATE evaluation SET specification = ? WHERE id = ?", arguments: [entry.specification.json, entry.id])
      }
      return entry
    }
  }

  /// Puts rows of a benchmark into the scope of an evaluation.
  ///
  /// - Parameters:
  ///   - positions: places in the benchmark.
  ///   - samples: answers wanted of each.
  public func want(_ positions: [Int], of benchmark: Int64, samples: Int, evaluation: Int64) throws {
    try write { db in
      let insert = try db.cachedStatement(
        sql: """
          INSERT OR IGNORE INTO evaluation_sample(evaluation_id, benchmark_id, position, sample, outcome)
          VALUES (?,?,?,?,?)
          """)
      for position in positions {
        for sample in 0..<samples {
          try insert.execute(arguments: [
            evaluation, benchmark, position, sample, ReadingOutcome.missing.rawValue,
          ])
        }
      }
    }
  }

  /// Stores answers and failures in one durable transaction: when this returns, nothing can lose them.
  ///
  /// A text whose key is already stored is not stored again; rows that ask the same question share it.
  public func recordEvaluation(
    _ answers: [EvaluationAnswer], failures: [EvaluationFailure] = [], evaluation: Int64
  ) throws {
    try write { db in
      for answer in answers { try Self.insert(answer, evaluation, db) }
      let insert = try db.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO evaluation_failure(
            evaluation_id, benchmark_id, position, reason, detail, attempts, at) VALUES (?,?,?,?,?,?,?)
          """)
      for failure in failures {
        for target in failure.targets {
          try insert.execute(arguments: [
            evaluation, target.benchmark, target.position, failure.reason, failure.detail, failure.attempts,
            Self.milliseconds,
          ])
        }
      }
    }
  }

  private static func insert(_ answer: EvaluationAnswer, _ evaluation: Int64, _ db: Database) throws {
    let scores = answer.scores.flatMap { try? JSONEncoder().encode($0) }.map { String(decoding: $0, as: UTF8.self) }
    let key = Data(answer.key)
    try db.cachedStatement(
      sql: """
        INSERT OR IGNORE INTO transcript(
          key, text, scores, reasoning, finish, endpoint, prompt_tokens, completion_tokens, latency, at)
        VALUES (?,?,?,?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      key, answer.text.storable, scores, answer.reasoning?.storable, answer.finish, answer.endpoint,
      answer.promptTokens,
      answer.completionTokens, answer.latency, milliseconds,
    ])
    var transcript = db.lastInsertedRowID
    if db.changesCount == 0 {
      guard
        let known = try Int64.fetchOne(
          db.cachedStatement(sql: "SELECT id FROM transcript WHERE key = ?"), arguments: [key])
      else { throw DatabaseError(message: "a transcript vanished") }
      transcript = known
    }
    let insert = try db.cachedStatement(
      sql: """
        INSERT OR REPLACE INTO evaluation_sample(
          evaluation_id, benchmark_id, position, sample, transcript_id, outcome, prediction, ballot)
        VALUES (?,?,?,?,?,?,?,?)
        """)
    let forget = try db.cachedStatement(
      sql: "DELETE FROM evaluation_failure WHERE evaluation_id = ? AND benchmark_id = ? AND position = ?")
    for target in answer.targets {
      try insert.execute(arguments: [
        evaluation, target.benchmark, target.position, answer.sample, transcript, answer.reading.outcome.rawValue,
        answer.reading.prediction, answer.reading.ballot,
      ])
      try forget.execute(arguments: [evaluation, target.benchmark, target.position])
    }
  }

  /// Reads every stored answer of an evaluation again, in one transaction, without asking for anything.
  ///
  /// - Parameters:
  ///   - specification: what holds from now on; `nil` when another evaluation is that already.
  ///   - read: what an answer says by the new rule; `nil` leaves it as it is.
  /// - Returns: how many answers were read, and how many say something else now.
  public func rescore(
    _ evaluation: EvaluationEntry, _ specification: EvaluationSpecification,
    read: (StoredTranscript) -> SampleReading?
  ) throws -> (read: Int, changed: Int) {
    try write { db in
      let identity = Data(specification.identity(evaluation.name))
      if let other = try Int64.fetchOne(
        db, sql: "SELECT id FROM evaluation WHERE identity = ? AND id <> ?", arguments: [identity, evaluation.id])
      {
        throw EvaluationError.alreadyEvaluated(evaluation.name, as: other)
      }
      try db.execute(
        sql: "UPDATE evaluation SET identity = ?, specification = ? WHERE id = ?",
        arguments: [identity, specification.json, evaluation.id])
      var counts = (read: 0, changed: 0)
      let update = try db.makeStatement(
        sql: """
          UPDATE evaluation_sample SET outcome = ?, prediction = ?, ballot = ?
          WHERE evaluation_id = ? AND benchmark_id = ? AND position = ? AND sample = ?
          """)
      // All rows first: a cursor must not meet the rows that change under it.
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT benchmark_id, position, sample, transcript_id FROM evaluation_sample
          WHERE evaluation_id = ? AND transcript_id IS NOT NULL
          """, arguments: [evaluation.id])
      for place in rows {
        let transcript = try Self.transcripts(
          db, "WHERE e.evaluation_id = ? AND e.benchmark_id = ? AND e.position = ? AND e.sample = ?",
          [evaluation.id, place[0] as Int64, place[1] as Int64, place[2] as Int64]
        ).first
        guard let transcript, let reading = read(transcript) else { continue }
        counts.read += 1
        if reading == transcript.reading { continue }
        counts.changed += 1
        try update.execute(arguments: [
          reading.outcome.rawValue, reading.prediction, reading.ballot, evaluation.id, place[0] as Int64,
          place[1] as Int64, place[2] as Int64,
        ])
      }
      return counts
    }
  }

  /// Deletes an evaluation; its responses stay, and are not requested again.
  public func forgetEvaluation(_ id: Int64) throws {
    try write { db in
      for table in ["evaluation_sample", "evaluation_failure"] {
        try db.execute(sql: "DELETE FROM \(table) WHERE evaluation_id = ?", arguments: [id])
      }
      try db.execute(sql: "DELETE FROM evaluation WHERE id = ?", arguments: [id])
    }
  }

  private static var milliseconds: Int64 { Int64(Date().timeIntervalSince1970 * 1000) }
}
