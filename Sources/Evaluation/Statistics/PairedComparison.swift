import Foundation
import ReviewStore

/// Two critics on the same rows.
public struct PairedComparison: Sendable, Hashable, Encodable {
  /// Two critics on one set.
  public struct SetComparison: Sendable, Hashable, Encodable {
    /// The set's name.
    public var set: String
    /// Rows that both have answered.
    public var rows: Int
    /// The first critic on those rows.
    public var first: SideScores
    /// The second critic on those rows.
    public var second: SideScores
    /// Of F1, first minus second.
    public var f1Difference: Double?
    /// Its interval and chance.
    public var bootstrap: Bootstrap.Difference
    /// Of rows that exactly one gets right.
    public var mcNemar: McNemar
    /// Rows with which a difference of this size is found at 80 % power; `nil` where both are right equally often.
    public var rowsNeeded: Int?
    /// Rows that only the first gets right.
    public var wins: [String]
    /// Rows that only the second gets right.
    public var losses: [String]
  }

  /// By set, in the sets' order.
  public var sets: [SetComparison]
  /// Of the mean over sets of F1, first minus second; `nil` with fewer than two sets, or where one has no F1.
  public var meanDifference: Double?
  /// Its interval and chance.
  public var mean: Bootstrap.Difference
  /// Of all rows of all sets together.
  public var mcNemar: McNemar

  /// Compares two critics.
  ///
  /// - Parameters:
  ///   - pairs: by set, the rows of both in the same order; rows that one of them has not answered are left out.
  public init(_ pairs: [(set: String, first: [ItemResult], second: [ItemResult])], bootstrap: Bootstrap) {
    var resampled: [BootstrapSet] = []
    var sets: [SetComparison] = []
    for pair in pairs {
      var counts = BootstrapSet()
      var set = SetComparison(
        set: pair.set, rows: 0, first: SideScores(), second: SideScores(), bootstrap: Bootstrap.Difference(),
        mcNemar: McNemar(wins: 0, losses: 0), wins: [], losses: [])
      for (a, b) in zip(pair.first, pair.second) where a.isAnswered && b.isAnswered {
        let (mine, other) = (a.prediction, b.prediction)
        set.rows += 1
        set.first.add(gold: a.gold, prediction: mine)
        set.second.add(gold: b.gold, prediction: other)
        counts.add(hasError: a.gold != -1, isRight: mine == a.gold, otherIsRight: other == b.gold)
        switch (mine == a.gold, other == b.gold) {
        case (true, false): set.wins.append(a.id)
        case (false, true): set.losses.append(a.id)
        default: break
        }
      }
      set.mcNemar = McNemar(wins: set.wins.count, losses: set.losses.count)
      if let first = set.first.f1, let second = set.second.f1 { set.f1Difference = first - second }
      if set.rows > 0 {
        set.rowsNeeded = SampleSize.pairs(
          wins: Double(set.wins.count) / Double(set.rows), losses: Double(set.losses.count) / Double(set.rows))
      }
      sets.append(set)
      resampled.append(counts)
    }
    let differences = bootstrap.difference(resampled)
    for (index, difference) in differences.sets.enumerated() { sets[index].bootstrap = difference }
    self.sets = sets
    mean = sets.count > 1 ? differences.mean : Bootstrap.Difference()
    meanDifference =
      sets.count > 1
      ? F1.mean(sets.map(\.first.f1)).flatMap { first in F1.mean(sets.map(\.second.f1)).map { first - $0 } } : nil
    mcNemar = McNemar(
      wins: sets.reduce(0) { $0 + $1.wins.count }, losses: sets.reduce(0) { $0 + $1.losses.count })
  }
}

/// McNemar's exact test: whether of the rows that exactly one critic gets right, half belong to each.
public struct McNemar: Sendable, Hashable, Encodable {
  /// Rows that only the first critic gets right.
  public var wins: Int
  /// Rows that only the second gets right.
  public var losses: Int
  /// Two-sided chance of a split at least as uneven; 1 without such rows.
  public var p: Double

  /// Tests a split.
  public init(wins: Int, losses: Int) {
    self.wins = wins
    self.losses = losses
    let n = wins + losses
    let few = min(wins, losses)
    // Summed from the largest term on, with logarithms: 2^n is beyond any number for large n.
    let all = lgamma(Double(n + 1)) - Double(n) * log(2.0)
    var half = 0.0
    for i in (0...few).reversed() {
      let ways: Double = lgamma(Double(i + 1)) + lgamma(Double(n - i + 1))
      half += exp(all - ways)
    }
    p = n == 0 ? 1 : min(1, 2 * half)
  }
}
