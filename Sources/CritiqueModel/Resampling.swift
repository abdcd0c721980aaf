/// Repeatable pseudo-random numbers: the same seed gives the same numbers on every machine (SplitMix64: Steele, Lea and Flood,
/// 2014).
package struct SplitMix64: RandomNumberGenerator {
  /// What the state grows by with each number.
  package static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  private var state: UInt64

  /// Numbers from a seed.
  package init(seed: UInt64) { state = seed }

  /// The next number.
  package mutating func next() -> UInt64 {
    state &+= Self.step
    return Self.mixed(state)
  }

  /// A number that looks random for each number.
  package static func mixed(_ number: UInt64) -> UInt64 {
    var z = number
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Quantiles of sorted numbers.
package enum Quantile {
  /// By linear interpolation between the two nearest (Hyndman and Fan's type 7, as numpy does it); 0 without any number.
  package static func of(_ sorted: [Double], _ share: Double) -> Double {
    guard let last = sorted.indices.last else { return 0 }
    let place = share * Double(last)
    let below = Int(place.rounded(.down))
    let above = min(below + 1, last)
    return sorted[below] + (sorted[above] - sorted[below]) * (place - Double(below))
  }
}
