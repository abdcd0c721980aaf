import CritiqueModel
import GRDB
import ReviewStore

/// The outcome of estimating a solution from rollouts: a label, or why there is none. Raw values are stable: they are stored,
/// counted by, and written in filters.
public enum EstimateReason: String, Sendable, Hashable, Codable, CaseIterable {
  /// The rollouts give a label.
  case labelled
  /// Samples or rollouts are missing.
  case waiting
  /// A request could not be answered; the next run asks again.
  case requestFailed = "request-failed"
  /// There is no reference answer to grade with.
  case noReference = "no-reference"
  /// Every sample of the problem is right: nothing to find.
  case allRight = "all-right"
  /// No sample of the problem is right.
  case allWrong = "all-wrong"
  /// The sample cannot be split into steps.
  case noSteps = "no-steps"
  /// The final answer of the solution cannot be read.
  case noFinalAnswer = "no-final-answer"
  /// Before the first failing prefix another one neither fails nor succeeds.
  case ambiguous
  /// Rollouts succeed again after a prefix from which all fail.
  case recovers
  /// A solution with the right answer in which a prefix does not succeed often enough.
  case doubtful
  /// Grades are missing.
  case ungraded
  /// It belongs to a benchmark, which training data must not hold.
  case benchmark
  /// Another row has the same problem.
  case duplicateProblem = "duplicate-problem"
  /// People have labelled it.
  case labelledByPeople = "labelled-by-people"

  /// The words shown to people.
  public var words: String {
    switch self {
    case .labelled: "labelled"
    case .waiting: "samples or rollouts missing"
    case .requestFailed: "the request failed"
    case .noReference: "no reference answer"
    case .allRight: "every sample is right"
    case .allWrong: "no sample is right"
    case .noSteps: "no steps found in the text"
    case .noFinalAnswer: "no final answer"
    case .ambiguous: "ambiguous before the first error"
    case .recovers: "rollouts recover after the error"
    case .doubtful: "right answer, but a doubtful prefix"
    case .ungraded: "not graded"
    case .benchmark: "occurs in a benchmark"
    case .duplicateProblem: "duplicate problem"
    case .labelledByPeople: "labelled by people"
    }
  }

  /// What brings it further, as a sentence.
  public var remedy: String {
    switch self {
    case .labelled: "Nothing is missing."
    case .waiting, .requestFailed:
      "Run 'deepcritic label sample' and 'deepcritic label rollout' again; they ask for what is missing."
    case .noReference: "Import a record that has the answer."
    case .allRight, .allWrong: "Draw more samples (--n), or use a weaker or stronger generator."
    case .noSteps: "Nothing to do: the text has no steps."
    case .noFinalAnswer: "Import a record that says whether the final answer is right."
    case .ambiguous, .doubtful, .recovers:
      "Draw more rollouts (--n), change the thresholds in [label.estimate], or review it by hand."
    case .ungraded: "Run 'deepcritic label estimate' where math-verify can be run."
    case .benchmark: "Include benchmarks with --include-benchmarks, if their labels are not for training."
    case .duplicateProblem: "Nothing to do: one row of the problem is used."
    case .labelledByPeople: "Compare with people by --include-labelled."
    }
  }
}

/// Successes among the rollouts of one prefix.
public struct SuccessCount: Sendable, Hashable, Codable {
  /// Rollouts that reached the reference answer.
  public var right: Int
  /// All rollouts, including those that failed.
  public var all: Int

  /// A count from its parts.
  public init(right: Int, all: Int) {
    self.right = right
    self.all = all
  }

  /// The share of successes; 0 without any rollout.
  public var rate: Double { all > 0 ? Double(right) / Double(all) : 0 }
}

/// The estimate of one solution from rollouts.
public struct StepEstimate: Sendable, Hashable {
  /// By prefix: 1 step first; the last is the solution as a whole, whose final answer counts as one rollout.
  public var counts: [SuccessCount]
  /// The first error, 1-based, or −1; `nil` when the rules reach no label.
  public var firstError: Int?
  /// Why.
  public var reason: EstimateReason
  /// The 1-based step that decides, where one does.
  public var step: Int?

  /// An estimate from its parts.
  public init(counts: [SuccessCount], firstError: Int?, reason: EstimateReason, step: Int? = nil) {
    self.counts = counts
    self.firstError = firstError
    self.reason = reason
    self.step = step
  }

  /// Labels by step: right before the first error, none after it.
  public func ratings(steps: Int) -> [Rating?] {
    (1...max(steps, 1)).prefix(steps).map { step in
      guard let firstError else { return nil }
      if firstError == -1 || step < firstError { return .correct }
      return step == firstError ? .incorrect : nil
    }
  }

  /// "6/8 0/8", as it is stored.
  var text: String { counts.map { "\($0.right)/\($0.all)" }.joined(separator: " ") }

  static func counts(_ text: String) -> [SuccessCount] {
    text.split(separator: " ").map { part in
      let numbers = part.split(separator: "/").compactMap { Int($0) }
      return SuccessCount(right: numbers.first ?? 0, all: numbers.last ?? 0)
    }
  }

  init(row: Row) {
    self.init(
      counts: Self.counts(row["counts"]), firstError: row["first_error"],
      reason: EstimateReason(rawValue: row["reason"]) ?? .waiting, step: row["step"])
  }
}

extension Workspace {
  /// Stores estimates of solutions, in one durable transaction.
  ///
  /// - Parameter rule: the thresholds, as text.
  public func recordEstimates(
    _ estimates: [Int64: StepEstimate], generation: Int64?, grader: String?, rule: String
  ) throws {
    try write { db in
      let statement = try db.cachedStatement(
        sql: """
          INSERT OR REPLACE INTO estimate(solution_id, generation_id, grader, counts, first_error, reason, step, rule)
          VALUES (?,?,?,?,?,?,?,?)
          """)
      for (solution, estimate) in estimates {
        try statement.execute(arguments: [
          solution, generation, grader, estimate.text, estimate.firstError, estimate.reason.rawValue, estimate.step,
          rule,
        ])
      }
      try derived.labelsChanged(estimates.keys, db)
    }
  }

  /// The estimate of a solution; `nil` without one.
  public func estimate(of solution: Int64) throws -> StepEstimate? {
    try database.read { try Self.estimate(of: solution, $0) }
  }

  package static func estimate(of solution: Int64, _ db: Database) throws -> StepEstimate? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM estimate WHERE solution_id = ?"), arguments: [solution]
    ).map(StepEstimate.init(row:))
  }

  package static func estimates(_ db: Database) throws -> [Int64: StepEstimate] {
    var found: [Int64: StepEstimate] = [:]
    let rows = try Row.fetchCursor(db, sql: "SELECT * FROM estimate")
    while let row = try rows.next() { found[row["solution_id"]] = StepEstimate(row: row) }
    return found
  }

  /// Numbers of the solutions and problems that have a reason.
  public func solutions(estimated reason: EstimateReason) throws -> [Int64] {
    try database.read { db in
      try Int64.fetchAll(
        db,
        sql: """
          SELECT solution_id FROM estimate WHERE reason = ?1
          UNION SELECT problem_id FROM sampled_problem WHERE reason = ?1 ORDER BY 1
          """, arguments: [reason.rawValue])
    }
  }
}
