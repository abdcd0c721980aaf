import Foundation

/// Step-level scores for data that labels every step, as PRMBench computes them (arXiv 2501.03124).
///
/// The positive class is a step without an error; the negative class one with an error.
public struct StepScores: Sendable, Hashable, Encodable {
  /// Right steps said to be right.
  public var truePositives = 0
  /// Wrong steps said to be right.
  public var falsePositives = 0
  /// Wrong steps said to be wrong.
  public var trueNegatives = 0
  /// Right steps said to be wrong.
  public var falseNegatives = 0
  /// Rows whose first error is said to be wrong, among those with one.
  public var firstErrors = Accuracy()
  /// Rows.
  public var rows = 0
  /// Rows that cannot be scored, with how many.
  public var leftOut: [String: Int] = [:]

  /// Counts a row.
  ///
  /// - Parameters:
  ///   - wrong: by step, whether it has an error; `nil` where nobody says.
  ///   - saidWrong: by step, whether the critic says so; steps that it says nothing about are left out.
  public mutating func add(wrong: [Bool?], saidWrong: [Bool]) {
    rows += 1
    for (isWrong, said) in zip(wrong, saidWrong) {
      switch (isWrong, said) {
      case (false?, false): truePositives += 1
      case (false?, true): falseNegatives += 1
      case (true?, false): falsePositives += 1
      case (true?, true): trueNegatives += 1
      case (nil, _): break
      }
    }
    if let first = wrong.firstIndex(of: true), first < saidWrong.count { firstErrors.add(saidWrong[first]) }
  }

  /// Share of right steps among those said to be right, in percent.
  public var precision: Double? { Self.percent(truePositives, truePositives + falsePositives) }
  /// Share of the right steps that are said to be right, in percent.
  public var recall: Double? { Self.percent(truePositives, truePositives + falseNegatives) }
  /// F1 of the positive class, in percent.
  public var positiveF1: Double? { F1.of(precision, recall) }
  /// Share of wrong steps among those said to be wrong, in percent.
  public var negativePrecision: Double? { Self.percent(trueNegatives, trueNegatives + falseNegatives) }
  /// Share of the wrong steps that are said to be wrong, in percent.
  public var negativeRecall: Double? { Self.percent(trueNegatives, trueNegatives + falsePositives) }
  /// F1 of the negative class, in percent.
  public var negativeF1: Double? { F1.of(negativePrecision, negativeRecall) }
  /// PRMScore: half of each class's F1, in percent.
  public var prmScore: Double? {
    guard let positiveF1, let negativeF1 else { return nil }
    return 0.5 * positiveF1 + 0.5 * negativeF1
  }
  /// Steps that are judged rightly, in percent.
  public var accuracy: Double? {
    Self.percent(truePositives + trueNegatives, truePositives + trueNegatives + falsePositives + falseNegatives)
  }

  private static func percent(_ part: Int, _ all: Int) -> Double? {
    all > 0 ? Double(part) / Double(all) * 100 : nil
  }
}
