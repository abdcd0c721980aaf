import ReviewStore

/// Critics that need no model: what a score must beat.
public enum Baseline: String, Sendable, Hashable, Codable, CaseIterable {
  /// Says of every row what is the most frequent label of its set.
  case majority
  /// A step of the solution or "no error", each as likely.
  case random
  /// Says that every solution is correct.
  case correct

  /// The words shown to people.
  public var words: String {
    switch self {
    case .majority: "majority class"
    case .random: "random step"
    case .correct: "always correct"
    }
  }

  /// What it says about every row of a set.
  public func predictions(_ items: [BenchmarkItem], seed: Int = 0) -> [SampleReading] {
    switch self {
    case .correct: return items.map { _ in .step(-1) }
    case .majority:
      var counts: [Int: Int] = [:]
      for item in items { counts[item.gold, default: 0] += 1 }
      // Of labels that are as frequent the smallest, so that it does not depend on chance.
      let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key ?? -1
      return items.map { _ in .step(most) }
    case .random:
      var generator = Xoshiro(seed: UInt64(bitPattern: Int64(seed)))
      return items.map { item in
        let choice = Int.random(in: 0...max(item.rightSteps.count, 1), using: &generator)
        return .step(choice == 0 ? -1 : choice)
      }
    }
  }
}
