import ReviewStore

/// Everything that is counted about one critic on one set.
public struct SetScore: Sendable, Hashable, Encodable {
  /// The set's name.
  public var set: String
  /// The accuracies by the vote of all answers.
  public var scores = SideScores()
  /// Bootstrap interval of F1.
  public var f1Interval: Interval?
  /// Rows that nobody has answered yet; they are not in the scores.
  public var unanswered = 0
  /// Rows of the benchmark; more than those here where only some were chosen. `nil` outside of a workspace.
  public var benchmarkRows: Int?
  /// Answers by what became of them (``ReadingOutcome``).
  public var outcomes: [String: Int] = [:]
  /// Rows whose vote names nothing; they count as wrong.
  public var withoutPrediction = 0
  /// Rows whose prediction is not a step of the solution; they count as wrong.
  public var outOfRange = 0
  /// Answers of the row with the most.
  public var samples = 0
  /// Majority votes and best-of for every number of answers.
  public var curve: [VotePoint] = []
  /// Distance of predictions from the first error.
  public var distances = DistanceHistogram()
  /// Gold and predicted step.
  public var confusion: [ConfusionCell] = []
  /// How often a vote is right, by the winner's share; empty for single answers.
  public var calibration: [CalibrationBin] = []
  /// Rows by number of steps, generator, subject and whether the final answer is right.
  public var groups: [GroupScore] = []

  /// Nothing counted yet.
  init(set: String) { self.set = set }

  /// Scores a set.
  ///
  /// - Parameters:
  ///   - items: rows; those without any answer are counted and left out.
  ///   - bootstrap: `nil` leaves the interval out.
  public init(set: String, items: [ItemResult], bootstrap: Bootstrap? = nil) {
    var count = SetCounting(set)
    for item in items { count.add(item) }
    self = count.finished
    if let bootstrap { f1Interval = bootstrap.f1([count.bootstrap]).sets[0] }
  }

  /// Mean difference between confidence and accuracy over the rows with votes (expected calibration error), in percent
  /// points; `nil` without votes of several answers.
  public var calibrationError: Double? {
    let rows = calibration.reduce(0) { $0 + $1.accuracy.rows }
    guard rows > 0 else { return nil }
    return calibration.reduce(0) { sum, bin in
      sum + abs((bin.accuracy.percent ?? 0) - bin.meanShare * 100) * Double(bin.accuracy.rows) / Double(rows)
    }
  }

  /// Only some rows of the benchmark were chosen.
  public var isPartial: Bool { benchmarkRows.map { $0 > scores.rows + unanswered } ?? false }

  /// "Right answer, wrong process": rows whose final answer is right although a step is wrong.
  public var wrongProcess: GroupScore? {
    groups.first { $0.dimension == .answer && $0.name == GroupScore.rightAnswerWrongProcess }
  }
}

/// Scores for votes of k answers.
public struct VotePoint: Sendable, Hashable, Encodable {
  /// Number of answers that vote.
  public var k: Int
  /// Error accuracy of the majority, in percent: the mean over all subsets of k answers.
  public var error: Double?
  /// Correct accuracy of the majority, in percent.
  public var correct: Double?
  /// Error accuracy if any of k answers counts (pass@k), in percent.
  public var bestError: Double?
  /// Correct accuracy if any of k answers counts, in percent.
  public var bestCorrect: Double?

  /// Harmonic mean of the majority's accuracies.
  public var f1: Double? { F1.of(error, correct) }
  /// Harmonic mean of the best-of accuracies.
  public var bestF1: Double? { F1.of(bestError, bestCorrect) }
}

/// Predictions beside the first error, in rows that have one.
public struct DistanceHistogram: Sendable, Hashable, Encodable {
  /// Rows by predicted minus gold step.
  public var rows: [Int: Int] = [:]
  /// Rows in which the critic found no error.
  public var missed = 0
  /// Rows in which it said nothing.
  public var silent = 0
  /// Rows without an error in which it found one.
  public var falseAlarms = 0

  /// Rows by distance from `-far` to `far`; what is farther counts there.
  public func counts(within far: Int) -> [Int] {
    var counts = [Int](repeating: 0, count: 2 * far + 1)
    for (distance, rows) in rows { counts[min(max(distance, -far), far) + far] += rows }
    return counts
  }
}

/// How often one prediction met one gold label.
public struct ConfusionCell: Sendable, Hashable, Encodable {
  /// The 1-based first error, −1 for none.
  public var gold: Int
  /// The prediction; `nil` for none.
  public var predicted: Int?
  /// Rows.
  public var rows: Int
}

/// Rows whose winner has about the same share of the votes.
public struct CalibrationBin: Sendable, Hashable, Encodable {
  /// Shares above this …
  public var above: Double
  /// … up to this.
  public var upTo: Double
  /// Mean share of the winners, 0 to 1.
  public var meanShare: Double
  /// Rows that are right.
  public var accuracy: Accuracy
}

/// Rows that have something in common.
public struct GroupScore: Sendable, Hashable, Encodable {
  /// What they have in common.
  public enum Dimension: String, Sendable, Hashable, Codable, CaseIterable {
    /// About as many steps.
    case steps
    /// The model that wrote the solution.
    case generator
    /// The problem's subject.
    case subject
    /// Whether the final answer is right.
    case answer
  }

  /// What they have in common.
  public var dimension: Dimension
  /// Which of its values.
  public var name: String
  /// The scores.
  public var scores: SideScores

  /// Name of the group of rows whose final answer is right although a step is wrong.
  public static let rightAnswerWrongProcess = "right answer, wrong process"

  static func stepsName(_ steps: Int) -> String {
    switch steps {
    case ...4: "1–4"
    case ...8: "5–8"
    case ...12: "9–12"
    default: "13 and more"
    }
  }
}
