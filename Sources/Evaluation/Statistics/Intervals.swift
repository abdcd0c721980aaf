import Foundation

/// A 95 % interval, in percent.
public struct Interval: Sendable, Hashable, Codable {
  /// Its lower end.
  public var low: Double
  /// Its upper end.
  public var high: Double

  /// Half its width.
  public var half: Double { (high - low) / 2 }
}

/// Wilson's score interval for a share (E. B. Wilson, 1927).
public enum Wilson {
  /// The 97.5 % point of the normal distribution.
  public static let z = 1.959963984540054

  /// The 95 % interval, in percent. Without rows everything is possible.
  public static func interval(right: Int, rows: Int) -> Interval {
    guard rows > 0 else { return Interval(low: 0, high: 100) }
    let n = Double(rows)
    let p = Double(right) / n
    let z2 = z * z
    let centre = (p + z2 / (2 * n)) / (1 + z2 / n)
    let half = z / (1 + z2 / n) * (p * (1 - p) / n + z2 / (4 * n * n)).squareRoot()
    // At the ends rounding would leave a trace of what is 0 or 1 exactly.
    return Interval(
      low: right == 0 ? 0 : max(0, (centre - half) * 100), high: right == rows ? 100 : min(100, (centre + half) * 100))
  }
}

/// How many rows a question needs.
public enum SampleSize {
  /// The 80 % point of the normal distribution.
  private static let power = 0.8416212335729143

  /// Rows with which a test of pairs finds a difference (McNemar, 5 %, power 80 %; Connor 1987); `nil` where there is no
  /// difference to find.
  ///
  /// - Parameters:
  ///   - wins: share of rows that only the first critic gets right, 0 to 1.
  ///   - losses: share of rows that only the second gets right.
  public static func pairs(wins: Double, losses: Double) -> Int? {
    let discordant = wins + losses
    let difference = abs(wins - losses)
    guard difference > 0 else { return nil }
    let spread = max(discordant - difference * difference, 0).squareRoot()
    let root = Wilson.z * discordant.squareRoot() + power * spread
    return Int(saturating: (root * root / (difference * difference)).rounded(.up))
  }
}
