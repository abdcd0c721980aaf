import Foundation

/// How many rows of a side are right.
public struct Accuracy: Sendable, Hashable, Encodable {
  /// Rows that are right.
  public var right = 0
  /// All rows.
  public var rows = 0

  /// In percent, 0 to 100; `nil` without rows.
  public var percent: Double? { rows > 0 ? Double(right) / Double(rows) * 100 : nil }

  /// Wilson's 95 % interval, in percent; `nil` without rows.
  public var interval: Interval? { rows > 0 ? Wilson.interval(right: right, rows: rows) : nil }

  private enum Keys: String, CodingKey {
    case right, rows, percent, low, high
  }

  /// Writes the counts with what follows from them, for readers in other languages.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Keys.self)
    try values.encode(right, forKey: .right)
    try values.encode(rows, forKey: .rows)
    try values.encode(percent, forKey: .percent)
    try values.encode(interval?.low, forKey: .low)
    try values.encode(interval?.high, forKey: .high)
  }

  mutating func add(_ isRight: Bool) {
    rows += 1
    if isRight { right += 1 }
  }
}

/// The two accuracies of the method (paper, evaluation), and what they come to together.
public struct SideScores: Sendable, Hashable, Encodable {
  /// Rows with an error: the prediction is exactly the first error.
  public var error = Accuracy()
  /// Rows without one: the prediction is −1.
  public var correct = Accuracy()

  private enum Keys: String, CodingKey {
    case error, correct, f1
  }

  /// Writes the sides and F1.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Keys.self)
    try values.encode(error, forKey: .error)
    try values.encode(correct, forKey: .correct)
    try values.encode(f1, forKey: .f1)
  }

  /// Rows of both sides.
  public var rows: Int { error.rows + correct.rows }

  /// The harmonic mean of both accuracies, in percent; `nil` when a side has no rows (``undefinedBecause``).
  public var f1: Double? { F1.of(error.percent, correct.percent) }

  /// Why there is no F1.
  public var undefinedBecause: String? {
    switch (error.rows, correct.rows) {
    case (0, 0): "there are no rows"
    case (0, _): "no row has an error"
    case (_, 0): "no row is without an error"
    default: nil
    }
  }

  /// Counts a row.
  ///
  /// - Parameters:
  ///   - gold: the 1-based first error, −1 for none.
  ///   - prediction: what the critic says; `nil` is wrong.
  public mutating func add(gold: Int, prediction: Int?) {
    if gold == -1 { correct.add(prediction == gold) } else { error.add(prediction == gold) }
  }
}

/// The harmonic mean of error accuracy and correct accuracy.
public enum F1 {
  /// In the unit of the accuracies; 0 when both are 0, `nil` when one is missing.
  public static func of(_ error: Double?, _ correct: Double?) -> Double? {
    guard let error, let correct else { return nil }
    return error + correct == 0 ? 0 : 2 * error * correct / (error + correct)
  }

  /// The mean over sets; `nil` when there is no set, or one has no F1.
  public static func mean(_ scores: [Double?]) -> Double? {
    guard !scores.isEmpty else { return nil }
    var sum = 0.0
    for score in scores {
      guard let score else { return nil }
      sum += score
    }
    return sum / Double(scores.count)
  }
}
