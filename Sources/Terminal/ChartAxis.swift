import Formatting
import Foundation

/// Where an axis has its marks, and the words at them.
public struct ChartAxis: Sendable, Hashable {
  /// The values at the marks, growing.
  public let ticks: [Double]
  /// The words at the marks.
  public let labels: [String]

  /// Marks at round values within a range.
  ///
  /// - Parameter most: at most this many marks.
  public init(_ range: ClosedRange<Double>, most: Int) {
    let span = range.upperBound - range.lowerBound
    guard span > 0, span.isFinite, most > 0 else {
      ticks = [range.lowerBound]
      labels = [Self.words(range.lowerBound, step: 0)]
      return
    }
    // Marks at 1, 2 or 5 times a power of ten.
    var step = pow(10, (log10(span / Double(most))).rounded(.down))
    for factor in [1.0, 2, 5, 10] where span / (step * factor) <= Double(most) {
      step *= factor
      break
    }
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    let isFine = first.isFinite && last.isFinite && last >= first
    let marks = isFine ? stride(from: first, through: last, by: 1).prefix(most + 1).map { $0 * step } : []
    ticks = marks
    labels = marks.map { Self.words($0, step: step) }
  }

  /// A value with as many digits as tell it from its neighbours.
  static func words(_ value: Double, step: Double) -> String {
    if value == 0 { return "0" }
    let size = abs(value)
    if size >= 1e6 || step >= 1e6 { return trimmed(value / 1e6, step: step / 1e6) + "M" }
    if step >= 1000 { return trimmed(value / 1000, step: step / 1000) + "k" }
    let least = step > 0 ? step : size
    if least < 1e-4 {
      let exponent = Int(log10(size).rounded(.down))
      return trimmed(value / pow(10, Double(exponent)), step: least / pow(10, Double(exponent))) + "e\(exponent)"
    }
    return trimmed(value, step: least)
  }

  private static func trimmed(_ value: Double, step: Double) -> String {
    let digits = step > 0 ? min(max(Int((-log10(step) + 1e-9).rounded(.up)), 0), 9) : 3
    return Figures.decimal(value, digits)
  }
}
