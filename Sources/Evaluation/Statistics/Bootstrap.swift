import CritiqueModel
import Dispatch
import Foundation
import Synchronization

/// What the bootstrap resamples: rows of one set, each with its side and whether a critic is right about it.
public struct BootstrapSet: Sendable, Hashable {
  /// One entry per row: which side, and for each critic whether it is right.
  var rows: [UInt8] = []

  /// Adds a row.
  ///
  /// - Parameters:
  ///   - hasError: the gold label names a step.
  ///   - isRight: the first critic is right.
  ///   - otherIsRight: the second one is, for pairs.
  public mutating func add(hasError: Bool, isRight: Bool, otherIsRight: Bool = false) {
    rows.append((hasError ? 1 : 0) | (isRight ? 2 : 0) | (otherIsRight ? 4 : 0))
  }
}

/// Intervals by resampling rows with replacement, each set by itself (B. Efron, 1979; percentiles).
public struct Bootstrap: Sendable, Hashable {
  /// How often.
  public var resamples: Int
  /// The same seed gives the same intervals on every machine.
  public var seed: UInt64

  /// A bootstrap from its parts.
  public init(resamples: Int = 10_000, seed: UInt64 = 42) {
    self.resamples = resamples
    self.seed = seed
  }

  /// Intervals of F1, in percent, by set and for the mean of all sets. `nil` where a set has no F1, also when a
  /// resample in twenty has none.
  public func f1(_ sets: [BootstrapSet]) -> (sets: [Interval?], mean: Interval?) {
    let draws = draw(sets).map(\.first)
    return (draws.map(Self.interval), Self.interval(Self.means(draws, count: resamples)))
  }

  /// The paired difference of two critics' F1 on the same rows.
  public struct Difference: Sendable, Hashable, Codable {
    /// Of the first critic's F1 minus the second's, in percent points.
    public var interval: Interval?
    /// Two-sided, from the share of resamples on the other side of 0.
    public var p: Double?
  }

  /// The difference of two critics' F1 by set and for the mean, both resampled with the same rows.
  public func difference(_ sets: [BootstrapSet]) -> (sets: [Difference], mean: Difference) {
    let draws = draw(sets).map { pair in
      zip(pair.first, pair.second).map { first, second in first - second }
    }
    return (draws.map(Self.difference), Self.difference(Self.means(draws, count: resamples)))
  }

  /// F1 of both critics in every resample of every set; not a number where a side came out empty.
  private func draw(_ sets: [BootstrapSet]) -> [(first: [Double], second: [Double])] {
    // Blocks of resamples with generators of their own, so that any number of cores gives the same figures.
    let blocks = stride(from: 0, to: resamples, by: Self.block).map { min(Self.block, resamples - $0) }
    let found = Mutex<[Int: (first: [Double], second: [Double])]>([:])
    DispatchQueue.concurrentPerform(iterations: sets.count * blocks.count) { place in
      let (set, block) = (place / blocks.count, place % blocks.count)
      var generator = Xoshiro(seed: seed &+ UInt64(place) &* SplitMix64.step)
      let drawn = draw(sets[set], blocks[block], &generator)
      found.withLock { $0[place] = drawn }
    }
    let parts = found.withLock { $0 }
    return sets.indices.map { set in
      let own = blocks.indices.compactMap { parts[set * blocks.count + $0] }
      return (own.flatMap(\.first), own.flatMap(\.second))
    }
  }

  private static let block = 500

  private func draw(
    _ set: BootstrapSet, _ resamples: Int, _ generator: inout Xoshiro
  ) -> (first: [Double], second: [Double]) {
    // Five counts in lanes of one number: rows with an error, and right rows of each side for each critic. 12 bits each
    // overflow with large sets, so a resample is summed up in pieces of at most 4,000 rows.
    let lanes: [UInt64] = (0..<8).map { kind in
      let (error, first, second) = (kind & 1 != 0, kind & 2 != 0, kind & 4 != 0)
      var lane: UInt64 = error ? 1 : 0
      if first { lane |= 1 << (error ? 12 : 24) }
      if second { lane |= 1 << (error ? 36 : 48) }
      return lane
    }
    let values = set.rows.map { lanes[Int($0)] }
    let count = values.count
    var firsts: [Double] = []
    var seconds: [Double] = []
    firsts.reserveCapacity(resamples)
    seconds.reserveCapacity(resamples)
    guard count > 0 else {
      return (Array(repeating: .nan, count: resamples), Array(repeating: .nan, count: resamples))
    }
    values.withUnsafeBufferPointer { values in
      for _ in 0..<resamples {
        var totals = (0, 0, 0, 0, 0)
        var left = count
        while left > 0 {
          let piece = min(left, 4000)
          left -= piece
          let sum = Self.sum(values, piece, &generator)
          totals.0 += Int(sum & 0xFFF)
          totals.1 += Int(sum >> 12 & 0xFFF)
          totals.2 += Int(sum >> 24 & 0xFFF)
          totals.3 += Int(sum >> 36 & 0xFFF)
          totals.4 += Int(sum >> 48 & 0xFFF)
        }
        let errors = Double(totals.0)
        let corrects = Double(count - totals.0)
        firsts.append(Self.f1(Double(totals.1), errors, Double(totals.2), corrects))
        seconds.append(Self.f1(Double(totals.3), errors, Double(totals.4), corrects))
      }
    }
    return (firsts, seconds)
  }

  /// Draws rows and adds up their lanes. Two indices come from each random number.
  @inline(__always)
  private static func sum(
    _ values: UnsafeBufferPointer<UInt64>, _ draws: Int, _ generator: inout Xoshiro
  ) -> UInt64 {
    let count = UInt64(values.count)
    var sum: UInt64 = 0
    var done = 0
    while done + 2 <= draws {
      let random = generator.next()
      sum &+= values[Int(((random & 0xFFFF_FFFF) &* count) >> 32)]
      sum &+= values[Int(((random >> 32) &* count) >> 32)]
      done += 2
    }
    if done < draws { sum &+= values[Int(((generator.next() >> 32) &* count) >> 32)] }
    return sum
  }

  private static func f1(_ error: Double, _ errors: Double, _ correct: Double, _ corrects: Double) -> Double {
    guard errors > 0, corrects > 0 else { return .nan }
    return F1.of(error / errors * 100, correct / corrects * 100) ?? .nan
  }

  private static func means(_ draws: [[Double]], count: Int) -> [Double] {
    guard !draws.isEmpty else { return [] }
    return (0..<count).map { place in draws.reduce(0) { $0 + $1[place] } / Double(draws.count) }
  }

  /// Whether enough resamples have a value to leave out the rest.
  private static func defined(_ draws: [Double]) -> [Double]? {
    let defined = draws.filter { !$0.isNaN }
    return !defined.isEmpty && defined.count * 20 >= draws.count * 19 ? defined : nil
  }

  private static func interval(_ draws: [Double]) -> Interval? {
    guard let sorted = defined(draws)?.sorted() else { return nil }
    return Interval(low: Quantile.of(sorted, 0.025), high: Quantile.of(sorted, 0.975))
  }

  private static func difference(_ draws: [Double]) -> Difference {
    guard let defined = defined(draws) else { return Difference() }
    let above = defined.count { $0 >= 0 }
    let below = defined.count { $0 <= 0 }
    let p = 2 * Double(min(above, below) + 1) / Double(defined.count + 1)
    return Difference(interval: interval(draws), p: min(p, 1))
  }
}

/// xoshiro256** (D. Blackman, S. Vigna, 2018): fast, and the same everywhere.
struct Xoshiro: RandomNumberGenerator {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  init(seed: UInt64) {
    var split = SplitMix64(seed: seed)
    state = (split.next(), split.next(), split.next(), split.next())
  }

  @inline(__always)
  mutating func next() -> UInt64 {
    let multiplied = state.1 &* 5
    let result = ((multiplied << 7) | (multiplied >> 57)) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = (state.3 << 45) | (state.3 >> 19)
    return result
  }
}
