/// How far a bar is filled, the same for screens and for plain lines.
package enum Bar {
  /// How many parts of a bar are full: only 1 is all of them, and only 0 none.
  ///
  /// - Parameter fraction: 0…1; other values become the nearest, NaN becomes 0.
  package static func filled(_ fraction: Double, of parts: Int) -> Int {
    guard parts > 0, fraction > 0 else { return 0 }
    guard fraction < 1 else { return parts }
    return min(max(Int((fraction * Double(parts)).rounded()), 1), parts - 1)
  }

  /// "####------", as wide as asked.
  package static func line(_ fraction: Double, width: Int) -> String {
    let full = filled(fraction, of: width)
    return String(repeating: "#", count: full) + String(repeating: "-", count: max(width, 0) - full)
  }

  /// "####", without what is missing: to compare rows below each other.
  package static func line(_ part: Int, of whole: Int, width: Int) -> String {
    String(repeating: "#", count: filled(Double(part) / Double(max(whole, 1)), of: width))
  }
}
