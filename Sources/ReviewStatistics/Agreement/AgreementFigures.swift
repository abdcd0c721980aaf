/// A figure with its bootstrap interval.
public struct Estimate: Sendable, Codable, Hashable {
  /// The figure over everything.
  public var value: Double
  /// Lower end of the interval; `nil` when none was asked for, or too few samples had the figure.
  public var low: Double?
  /// Upper end of the interval.
  public var high: Double?

  /// A figure from its parts.
  public init(_ value: Double, low: Double? = nil, high: Double? = nil) {
    self.value = value
    self.low = low
    self.high = high
  }
}

/// How far two reviewers agree.
public struct PairFigures: Sendable, Codable, Hashable {
  /// The name that comes first in the alphabet.
  public var first: String
  /// The other name.
  public var second: String
  /// Units that both rated.
  public var units: Int
  /// Those with equal ratings.
  public var same: Int
  /// Cohen's kappa; `nil` when chance agreement is complete.
  public var kappa: Estimate?
}

/// Measures of agreement over one kind of rating.
public struct AgreementFigures: Sendable, Codable, Hashable {
  /// Units that at least two raters rated.
  public var units: Int
  /// Solutions that these belong to.
  public var solutions: Int
  /// Raters of these units.
  public var raters: Int
  /// The share of equal ones among all pairs of ratings of the same unit.
  public var percent: Estimate?
  /// Cohen's kappa, the mean over pairs of raters, weighted by their units.
  public var cohen: Estimate?
  /// Fleiss' kappa.
  public var fleiss: Estimate?
  /// Krippendorff's alpha in which any two values differ as much.
  public var nominal: Estimate?
  /// Krippendorff's alpha in which far values differ more than near ones.
  public var ordinal: Estimate?
  /// Every pair of raters with common units, in alphabetical order.
  public var pairs: [PairFigures]
}

/// How intervals are made.
public struct BootstrapOptions: Sendable, Hashable, Codable {
  /// Samples drawn; 0 for no intervals.
  public var samples: Int
  /// The same seed gives the same intervals.
  public var seed: UInt64
  /// What share of the samples an interval holds.
  public var level: Double

  /// The defaults: 1000 samples, 95 %.
  public init(samples: Int = 1000, seed: UInt64 = 42, level: Double = 0.95) {
    self.samples = samples
    self.seed = seed
    self.level = level
  }
}

extension AgreementFigures {
  /// Works out every measure, with intervals by drawing clusters (solutions) with replacement: the percentile method
  /// (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13).
  public init(_ table: RatingTable, bootstrap: BootstrapOptions = BootstrapOptions()) {
    let raters = Set(table.units.lazy.flatMap(\.ratings).map(\.rater)).sorted()
    let sums = ClusteredSums(table, raters: raters)
    let all = sums.total
    let pairs = raters.indices.flatMap { b in raters.indices.prefix(b).map { a in (a: a, b: b) } }
      .filter { all.sums[all.layout.pair($0.a, $0.b)] > 0 }
    func measures(_ tally: AgreementTally) -> [Double?] {
      [
        tally.percent, tally.meanCohen, tally.fleiss, tally.alpha(ordinal: false), tally.alpha(ordinal: true),
      ] + pairs.map { tally.cohen($0.a, $0.b) }
    }
    let behind =
      Array(repeating: sums.clusters, count: 5) + pairs.map { sums.clusters(behind: all.layout.pair($0.a, $0.b)) }
    let estimates = sums.estimates(bootstrap, clusters: behind, measures)
    self.init(
      units: table.units.count, solutions: sums.clusters, raters: raters.count, percent: estimates[0],
      cohen: estimates[1], fleiss: estimates[2], nominal: estimates[3], ordinal: estimates[4],
      pairs: zip(pairs, estimates[5...]).map { pair, kappa in
        let place = all.layout.pair(pair.a, pair.b)
        let names = [table.raters[raters[pair.a]], table.raters[raters[pair.b]]].sorted()
        return PairFigures(
          first: names[0], second: names[1], units: Int(all.sums[place]), same: Int(all.sums[place + 1]), kappa: kappa)
      }.sorted { ($0.first, $0.second) < ($1.first, $1.second) })
  }
}
