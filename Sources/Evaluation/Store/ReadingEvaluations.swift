import Foundation
import GRDB
import ReviewStore

extension Workspace {
  /// All evaluations, in the order in which they were begun.
  public func evaluations() throws -> [EvaluationEntry] {
    try database.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM evaluation ORDER BY id").map(Self.entry)
    }
  }

  /// All benchmarks, in the order in which they were read first.
  public func benchmarks() throws -> [BenchmarkEntry] {
    try database.read { try Self.benchmarks($0, "") }
  }

  /// What an evaluation knows: by benchmark, the rows in its scope with their answers, missing ones included, and how many of
  /// these rows have another label here than in the benchmark.
  ///
  /// - Parameter labels: the benchmark's, or those that stand here after every decision; then rows whose labels reach no
  ///   conclusion are left out.
  public func evaluated(
    _ evaluation: Int64, labels: LabelChoice = .imported
  ) throws -> [(benchmark: BenchmarkEntry, items: [EvaluatedItem], relabelled: Int)] {
    try database.read { db in
      let benchmarks = try Self.benchmarks(
        db,
        "WHERE id IN (SELECT DISTINCT benchmark_id FROM evaluation_sample WHERE evaluation_id = \(evaluation))")
      return try benchmarks.map { benchmark in
        var items: [EvaluatedItem] = []
        var samples: [Int: [SampleReading]] = [:]
        let rows = try Row.fetchCursor(
          db,
          sql: """
            SELECT position, outcome, prediction, ballot FROM evaluation_sample
            WHERE evaluation_id = ? AND benchmark_id = ? ORDER BY position, sample
            """, arguments: [evaluation, benchmark.id])
        while let row = try rows.next() {
          samples[row[0], default: []].append(
            SampleReading(
              ReadingOutcome(rawValue: row[1]) ?? .missing, prediction: row[2], ballot: row[3]))
        }
        var relabelled = 0
        let all = try Row.fetchCursor(
          db,
          sql: """
            SELECT i.*, s.imported <> s.ratings AS changed, s.first_error, s.ratings
            FROM benchmark_item i LEFT JOIN solution s ON s.id = i.solution_id WHERE i.benchmark_id = ? ORDER BY i.position
            """, arguments: [benchmark.id])
        while let row = try all.next() {
          var item = Self.item(row)
          guard let samples = samples[item.position] else { continue }
          if row["changed"] ?? false, let ratings = row["ratings"] as String? {
            relabelled += 1
            if labels == .resolved {
              // Without a conclusion there is nothing to be right or wrong about.
              guard let gold = row["first_error"] as Int? else { continue }
              item.gold = gold
              item.rightSteps = Signature.ratings(ratings).map { $0.map { $0.judgement == .correct } }
            }
          }
          items.append(EvaluatedItem(item: item, samples: samples))
        }
        return (benchmark, items, relabelled)
      }
    }
  }

  /// Rows with answers that are missing, by benchmark and place, each with the numbers of those answers.
  ///
  /// - Parameter after: only rows behind this one.
  public func openSamples(
    _ evaluation: Int64, after: EvaluationTarget?, limit: Int
  ) throws -> [(target: EvaluationTarget, solution: Int64, samples: [Int])] {
    try database.read { db in
      let rows = try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT e.benchmark_id, e.position, i.solution_id, group_concat(e.sample) AS open FROM evaluation_sample e
            JOIN benchmark_item i ON i.benchmark_id = e.benchmark_id AND i.position = e.position
            WHERE e.evaluation_id = ? AND e.outcome = 'missing'
              AND (e.benchmark_id, e.position) > (?, ?)
            GROUP BY e.benchmark_id, e.position ORDER BY e.benchmark_id, e.position LIMIT ?
            """), arguments: [evaluation, after?.benchmark ?? -1, after?.position ?? -1, limit])
      return rows.map { row in
        (EvaluationTarget(benchmark: row[0], position: row[1]), row[2], Self.numbers(row[3]).sorted())
      }
    }
  }

  /// How many rows and answers are missing.
  public func openCount(_ evaluation: Int64) throws -> (rows: Int, samples: Int) {
    try database.read { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT count(DISTINCT benchmark_id || ' ' || position), count(*) FROM evaluation_sample
          WHERE evaluation_id = ? AND outcome = 'missing'
          """, arguments: [evaluation])
      return (row?[0] ?? 0, row?[1] ?? 0)
    }
  }

  /// The answers that are here under some keys. Their readings are those of no rule: `missing`.
  public func transcripts(keys: [[UInt8]]) throws -> [[UInt8]: StoredTranscript] {
    try database.read { db in
      let statement = try db.cachedStatement(
        sql: "SELECT text, scores, reasoning, finish FROM transcript WHERE key = ?")
      var found: [[UInt8]: StoredTranscript] = [:]
      for key in keys where found[key] == nil {
        guard let row = try Row.fetchOne(statement, arguments: [Data(key)]) else { continue }
        found[key] = StoredTranscript(
          text: row[0], scores: Self.scores(row[1]), reasoning: row[2], finish: row[3],
          reading: SampleReading(.missing))
      }
      return found
    }
  }

  /// What an evaluation was answered about a row, in the order of the samples.
  public func transcripts(_ evaluation: Int64, _ target: EvaluationTarget) throws -> [StoredTranscript] {
    try database.read { db in
      try Self.transcripts(
        db, "WHERE e.evaluation_id = ? AND e.benchmark_id = ? AND e.position = ?",
        [evaluation, target.benchmark, target.position])
    }
  }

  static func transcripts(
    _ db: Database, _ condition: String, _ arguments: StatementArguments
  ) throws -> [StoredTranscript] {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT e.sample, e.outcome, e.prediction, e.ballot, t.text, t.scores, t.reasoning, t.finish
          FROM evaluation_sample e LEFT JOIN transcript t ON t.id = e.transcript_id \(condition) ORDER BY e.sample
          """), arguments: arguments)
    var found: [StoredTranscript] = []
    while let row = try rows.next() {
      found.append(
        StoredTranscript(
          text: row[4] ?? "", scores: scores(row[5]), reasoning: row[6], finish: row[7],
          reading: SampleReading(ReadingOutcome(rawValue: row[1]) ?? .missing, prediction: row[2], ballot: row[3])))
    }
    return found
  }

  /// The failures of an evaluation that stand, the most frequent first: reason, how many, the latest's sentence.
  public func evaluationFailures(_ evaluation: Int64) throws -> [(reason: String, count: Int, detail: String)] {
    try database.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT reason, count(*) AS n, detail, max(at) FROM evaluation_failure WHERE evaluation_id = ?
          GROUP BY reason ORDER BY n DESC, reason
          """, arguments: [evaluation]
      ).map { ($0["reason"], $0["n"], $0["detail"]) }
    }
  }

  /// The scores by step of an evaluation's first answers, by place in the benchmark.
  public func stepScores(_ evaluation: Int64, benchmark: Int64) throws -> [Int: [Double]] {
    try database.read { db in
      var found: [Int: [Double]] = [:]
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT e.position, t.scores FROM evaluation_sample e JOIN transcript t ON t.id = e.transcript_id
          WHERE e.evaluation_id = ? AND e.benchmark_id = ? AND e.sample = 0 AND t.scores IS NOT NULL
          """, arguments: [evaluation, benchmark])
      while let row = try rows.next() { found[row[0]] = Self.scores(row[1]) }
      return found
    }
  }

  static func entry(_ row: Row) throws -> EvaluationEntry {
    let json: String = row["specification"]
    guard let specification = try? JSONDecoder().decode(EvaluationSpecification.self, from: Data(json.utf8)) else {
      throw WorkspaceError.readFailed("the specification of evaluation \(row["id"] as Int64) cannot be read")
    }
    return EvaluationEntry(
      id: row["id"], name: row["name"], specification: specification, programVersion: row["program_version"],
      at: row["at"])
  }

  private static func benchmarks(_ db: Database, _ condition: String) throws -> [BenchmarkEntry] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT *, (SELECT count(*) FROM benchmark_item i WHERE i.benchmark_id = benchmark.id) AS items
        FROM benchmark \(condition) ORDER BY id
        """
    ).map { row in
      let leftOut: String = row["left_out"]
      return BenchmarkEntry(
        id: row["id"], name: row["name"], path: row["path"], format: row["format"],
        leftOut: (try? JSONDecoder().decode([String: Int].self, from: Data(leftOut.utf8))) ?? [:],
        items: row["items"])
    }
  }

  private static func item(_ row: Row) -> BenchmarkItem {
    BenchmarkItem(
      position: row["position"], id: row["item"], solution: row["solution_id"], gold: row["gold"],
      rightSteps: BenchmarkItem.rightSteps(row["marks"]), finalAnswerIsCorrect: row["final_correct"],
      generator: row["generator"], subject: row["subject"])
  }

  private static func scores(_ text: String?) -> [Double]? {
    text.flatMap { try? JSONDecoder().decode([Double].self, from: Data($0.utf8)) }
  }
}
