import CritiqueModel
import GRDB
import ReviewStore

/// Two judgements about the same steps, or the same solutions, counted by what both say.
public struct JudgementCounts: Sendable, Codable, Hashable {
  /// Both say incorrect.
  public var bothIncorrect = 0
  /// Only the first says incorrect.
  public var onlyFirst = 0
  /// Only the second says incorrect.
  public var onlySecond = 0
  /// Neither says incorrect.
  public var bothCorrect = 0

  /// How many were counted.
  public var all: Int { bothIncorrect + onlyFirst + onlySecond + bothCorrect }
  /// On how many both say the same.
  public var same: Int { bothIncorrect + bothCorrect }
  /// How many the first calls incorrect.
  public var firstIncorrect: Int { bothIncorrect + onlyFirst }

  mutating func add(first: Bool, second: Bool) {
    switch (first, second) {
    case (true, true): bothIncorrect += 1
    case (true, false): onlyFirst += 1
    case (false, true): onlySecond += 1
    case (false, false): bothCorrect += 1
    }
  }
}

/// One critique stage beside the labels.
public struct StageTotals: Sendable, Codable, Hashable {
  /// Steps with a label and a judgement: the label first, then the judgement.
  public var steps = JudgementCounts()
  /// Solutions with a first error by label, those without one, and in how many of each the stage finds the very same.
  public var withError = 0
  /// Those of them whose first step that the stage calls incorrect is the label's.
  public var withErrorFound = 0
  /// Solutions without an error by label, every labelled step of which the stage judges.
  public var withoutError = 0
  /// Those of them in which the stage calls no step incorrect.
  public var withoutErrorFound = 0
}

/// What a later stage makes of an earlier one's judgement of a step, by label.
public struct CorrectionTotals: Sendable, Codable, Hashable {
  /// The earlier stage.
  public var from: Stage
  /// The later stage.
  public var to: Stage
  /// The earlier one misses the label, the later one does not.
  public var corrected = 0
  /// The earlier one meets the label, the later one does not.
  public var spoiled = 0
  /// Both meet it.
  public var bothRight = 0
  /// Both miss it.
  public var bothWrong = 0
}

/// Labels and judgements of all solutions, counted.
public struct SolutionTotals: Sendable, Hashable {
  /// Solutions with steps.
  public var solutions = 0
  /// Those with a wrong step, without one, and without a conclusion, by the labels that count.
  public var withError = 0
  /// Every step is labelled, none wrong.
  public var withoutError = 0
  /// Labels reach no conclusion.
  public var unknown = 0
  /// Labelled steps by rating.
  public var steps: [Rating: Int] = [:]
  /// Solutions by their first error, 1-based.
  public var firstErrors: [Int: Int] = [:]
  /// By stage; only those with any critique.
  public var stages: [Stage: StageTotals] = [:]
  /// Between the stages, in their order.
  public var corrections: [CorrectionTotals] = []
  /// Solutions whose labels are not those that came with the data.
  public var relabelled = 0

  /// Nothing counted.
  public init() {}

  /// Counts.
  ///
  /// - Parameter ids: only these solutions; `nil` for all.
  init(_ db: Database, among ids: Set<Int64>?) throws {
    let rows = try BulkQuery(
      db,
      """
      SELECT id, ratings, initial, deep, merged, imported <> ratings, first_error FROM solution WHERE steps > 0
      """)
    var pairs = [CorrectionTotals(from: .initial, to: .deep), CorrectionTotals(from: .deep, to: .merged)]
    var found: [StageTotals] = Stage.allCases.map { _ in StageTotals() }
    var stepCounts = (incorrect: 0, neutral: 0, correct: 0)
    while try rows.next() {
      let id = rows.int(0)
      if let ids, !ids.contains(id) { continue }
      solutions += 1
      let label = rows.bytes(1)
      if rows.optionalInt(5) == 1 { relabelled += 1 }
      // Not by the ratings alone: where reviewers disagree before an error, it is not known to be the first.
      let firstError = rows.optionalInt(6).map { Int($0) }
      switch firstError {
      case .some(let step) where step > 0: firstErrors[step, default: 0] += 1
      case .some: withoutError += 1
      case nil: unknown += 1
      }
      for byte in label {
        switch byte {
        case Self.incorrect: stepCounts.incorrect += 1
        case Self.neutral: stepCounts.neutral += 1
        case Self.none: break
        default: stepCounts.correct += 1
        }
      }
      let stages = [rows.bytes(2), rows.bytes(3), rows.bytes(4)]
      for (index, stage) in stages.enumerated() where !stage.isEmpty {
        Self.compare(stage, with: label, firstError: firstError, in: &found[index])
      }
      Self.correct(stages[0], stages[1], label, &pairs[0])
      Self.correct(stages[1], stages[2], label, &pairs[1])
    }
    withError = firstErrors.values.reduce(0, +)
    steps = [.incorrect: stepCounts.incorrect, .neutral: stepCounts.neutral, .correct: stepCounts.correct]
    for (stage, totals) in zip(Stage.allCases, found) where totals.steps.all > 0 { stages[stage] = totals }
    corrections = pairs.filter { $0.corrected + $0.spoiled + $0.bothRight + $0.bothWrong > 0 }
  }

  private static let incorrect = Signature.character(.incorrect)
  private static let neutral = Signature.character(.neutral)
  private static let none = Signature.character(nil)

  /// A stage is judged by the steps that carry a label: no other is critiqued.
  private static func compare(_ stage: [UInt8], with label: [UInt8], firstError: Int?, in totals: inout StageTotals) {
    var isComplete = true
    var first: Int?
    let error = firstError.flatMap { $0 > 0 ? $0 - 1 : nil }
    let end = error ?? label.count - 1
    for index in label.indices where label[index] != none {
      guard index < stage.count, stage[index] != none else {
        if index <= end { isComplete = false }
        continue
      }
      let says = stage[index] == incorrect
      totals.steps.add(first: label[index] == incorrect, second: says)
      if says, first == nil { first = index }
    }
    guard isComplete, firstError != nil else { return }
    if let error {
      totals.withError += 1
      if first == error { totals.withErrorFound += 1 }
    } else {
      totals.withoutError += 1
      if first == nil { totals.withoutErrorFound += 1 }
    }
  }

  private static func correct(_ from: [UInt8], _ to: [UInt8], _ label: [UInt8], _ totals: inout CorrectionTotals) {
    for index in 0..<min(from.count, to.count, label.count)
    where label[index] != none && from[index] != none && to[index] != none {
      let wrong = label[index] == incorrect
      switch ((from[index] == incorrect) == wrong, (to[index] == incorrect) == wrong) {
      case (false, true): totals.corrected += 1
      case (true, false): totals.spoiled += 1
      case (true, true): totals.bothRight += 1
      case (false, false): totals.bothWrong += 1
      }
    }
  }
}
