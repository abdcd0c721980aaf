import CritiqueModel
import DatasetFormats
import GRDB
import ReviewStore

extension Workspace {
  /// The rollouts of some solutions, in the order of the ids; unknown ids are left out.
  ///
  /// - Parameter generation: the specification whose rollouts count; `nil` when there can be none.
  public func rolloutOutlines(_ ids: [Int64], generation: Int64?) throws -> [RolloutOutline] {
    guard !ids.isEmpty else { return [] }
    let marks = databaseQuestionMarks(count: ids.count)
    return try database.read { db in
      var outlines: [Int64: RolloutOutline] = [:]
      for row in try Row.fetchAll(
        db, sql: "SELECT id, steps FROM solution WHERE id IN (\(marks))", arguments: StatementArguments(ids))
      {
        outlines[row[0]] = RolloutOutline(id: row[0], steps: row[1])
      }
      if let generation {
        let rows = try Row.fetchCursor(
          db,
          sql: "SELECT solution_id, step, sample FROM rollout WHERE generation_id = ? AND solution_id IN (\(marks))",
          arguments: [generation] + StatementArguments(ids))
        while let row = try rows.next() {
          outlines[row[0]]?.taken[row[1], default: []].insert(row[2])
        }
      }
      return ids.compactMap { outlines[$0] }
    }
  }

  /// Problems to sample solutions of: one row of each problem, without those of a loaded benchmark. In order of import.
  public func problemsToSample(
    filter: QueueFilter, reviewer: String, includesBenchmarks: Bool
  ) throws -> (ids: [Int64], leftOut: [EstimateReason: Int]) {
    let wanted = try queue(sort: .imported, filter: filter, reviewer: reviewer)
    try measureSolutions()
    let benchmarks = try benchmarkProblems()
    return try database.read { db in
      let wanted = Set(wanted)
      var ids: [Int64] = []
      var leftOut: [EstimateReason: Int] = [:]
      var seen: Set<Int64> = []
      let rows = try Row.fetchCursor(db, sql: "SELECT id, problem, format FROM solution WHERE steps = 0 ORDER BY id")
      while let row = try rows.next() {
        let id: Int64 = row[0]
        guard wanted.contains(id) else { continue }
        let problem: Int64 = row[1] ?? id
        if !includesBenchmarks, benchmarks.items[problem] != nil {
          leftOut[.benchmark, default: 0] += 1
        } else if !seen.insert(problem).inserted {
          leftOut[.duplicateProblem, default: 0] += 1
        } else {
          ids.append(id)
        }
      }
      return (ids, leftOut)
    }
  }

  /// Solutions to roll out, in order of import: those with steps and a reference answer that nobody has labelled.
  ///
  /// - Parameters:
  ///   - includesLabelled: takes also those with labels, to compare with.
  ///   - includesBenchmarks: takes also those of benchmarks.
  public func solutionsToRollOut(
    filter: QueueFilter, reviewer: String, includesLabelled: Bool, includesBenchmarks: Bool
  ) throws -> (ids: [Int64], leftOut: [EstimateReason: Int]) {
    let wanted = try queue(sort: .imported, filter: filter, reviewer: reviewer)
    return try database.read { db in
      let wanted = Set(wanted)
      var ids: [Int64] = []
      var leftOut: [EstimateReason: Int] = [:]
      let rows = try Row.fetchCursor(
        db, sql: "SELECT id, format, iif(instr(origins, 'm'), '', ratings) FROM solution WHERE steps > 0 ORDER BY id")
      while let row = try rows.next() {
        let id: Int64 = row[0]
        guard wanted.contains(id) else { continue }
        let isBenchmark = DatasetFormat(rawValue: row[1])?.isBenchmark ?? false
        if isBenchmark, !includesBenchmarks {
          leftOut[.benchmark, default: 0] += 1
        } else if !includesLabelled, Signature.ratings(row[2]).contains(where: { $0 != nil }) {
          leftOut[.labelledByPeople, default: 0] += 1
        } else {
          ids.append(id)
        }
      }
      return (ids, leftOut)
    }
  }

  /// The rollouts of a solution that one specification made, with what a grader said of them.
  public func gradedRollouts(of solution: Int64, generation: Int64, grader: String) throws -> [GradedRollout] {
    try database.read { db in
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT r.step, r.sample, r.truncated, r.boxed IS NULL, g.outcome FROM rollout r
            LEFT JOIN grade g ON g.key = r.grade AND g.grader = ?
            WHERE r.solution_id = ? AND r.generation_id = ? ORDER BY r.step, r.sample
            """), arguments: [grader, solution, generation])
      var found: [GradedRollout] = []
      while let row = try rows.next() {
        let outcome: RolloutOutcome =
          row[2] ? .truncated : row[3] ? .noAnswer : (row[4] as String?).flatMap(RolloutOutcome.init) ?? .ungraded
        found.append(GradedRollout(step: row[0], sample: row[1], outcome: outcome))
      }
      return found
    }
  }

  /// The text of one rollout.
  public func rolloutText(of solution: Int64, generation: Int64, step: Int, sample: Int) throws -> String? {
    try database.read { db in
      try String.fetchOne(
        db.cachedStatement(
          sql: "SELECT text FROM rollout WHERE solution_id = ? AND generation_id = ? AND step = ? AND sample = ?"),
        arguments: [solution, generation, step, sample])
    }
  }

  /// The failures of samples and rollouts that remain, most frequent first: reason, count, and the latest
  /// sentence.
  public func rolloutFailures(_ kind: RolloutKind) throws -> [(reason: String, count: Int, detail: String)] {
    try database.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT reason, count(*) AS n, detail, max(at) FROM request_failure WHERE stage = ?
          GROUP BY reason ORDER BY n DESC, reason
          """, arguments: [kind.rawValue]
      ).map { ($0["reason"], $0["n"], $0["detail"]) }
    }
  }

  /// Solutions or problems with a request that failed and was not answered since.
  public func failedRollouts(_ kind: RolloutKind) throws -> Set<Int64> {
    try database.read { db in
      try Set(
        Int64.fetchAll(
          db, sql: "SELECT DISTINCT solution_id FROM request_failure WHERE stage = ?", arguments: [kind.rawValue]))
    }
  }
}
