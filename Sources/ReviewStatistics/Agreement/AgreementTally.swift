/// What the measures are worked out from, as one vector of sums. All of it adds up over units, so that a bootstrap sample
/// is a weighted sum of the vectors of its clusters.
struct AgreementTally {
  /// The position of each sum in the vector.
  struct Layout {
    let values: Int
    let raters: Int

    /// Krippendorff's coincidence matrix, `values` × `values`.
    let coincidences = 0
    /// Sum over units of the share of each value among its ratings (Fleiss).
    var shares: Int { values * values }
    /// Sum over units of the share of agreeing pairs (Fleiss), then the number of units.
    var pairShare: Int { shares + values }
    var unitCount: Int { pairShare + 1 }
    /// Pairs of equal ratings, then all pairs.
    var samePairs: Int { unitCount + 1 }
    var allPairs: Int { samePairs + 1 }
    /// Per pair of raters: units, equal ones, values of the first, values of the second.
    var firstPair: Int { allPairs + 1 }
    var pairSize: Int { 2 + 2 * values }
    var pairCount: Int { raters * (raters - 1) / 2 }
    var size: Int { firstPair + pairCount * pairSize }

    /// Where a pair's sums begin; `a` < `b`.
    func pair(_ a: Int, _ b: Int) -> Int { firstPair + (a * (2 * raters - a - 1) / 2 + b - a - 1) * pairSize }
  }

  let layout: Layout
  var sums: [Double]

  init(_ layout: Layout) {
    self.layout = layout
    sums = Array(repeating: 0, count: layout.size)
  }

  /// Adds one unit with at least two ratings.
  ///
  /// - Parameters:
  ///   - ratings: by ascending rater, values as places in the list of all values.
  ///   - add: takes a place and what is added there.
  static func visit(
    _ ratings: [RatingTable.Rated], _ layout: Layout, _ add: (_ place: Int, _ amount: Double) -> Void
  ) {
    let count = Double(ratings.count)
    var same = 0.0
    for (index, a) in ratings.enumerated() {
      add(layout.shares + a.value, 1 / count)
      for b in ratings[(index + 1)...] {
        add(layout.coincidences + a.value * layout.values + b.value, 1 / (count - 1))
        add(layout.coincidences + b.value * layout.values + a.value, 1 / (count - 1))
        let pair = layout.pair(a.rater, b.rater)
        add(pair, 1)
        if a.value == b.value {
          same += 1
          add(pair + 1, 1)
        }
        add(pair + 2 + a.value, 1)
        add(pair + 2 + layout.values + b.value, 1)
      }
    }
    let pairs = count * (count - 1) / 2
    add(layout.pairShare, same / pairs)
    add(layout.unitCount, 1)
    add(layout.samePairs, same)
    add(layout.allPairs, pairs)
  }

  // MARK: - Measures

  /// The share of equal ones among all pairs of ratings of the same unit; `nil` without any.
  var percent: Double? {
    let all = sums[layout.allPairs]
    return all > 0 ? sums[layout.samePairs] / all : nil
  }

  /// Fleiss' kappa (Psychological Bulletin 76, 1971). Where the number of ratings differs between units, each unit counts
  /// once with the shares among its own ratings. `nil` when chance agreement is complete.
  var fleiss: Double? {
    let units = sums[layout.unitCount]
    guard units > 0 else { return nil }
    var chance = 0.0
    for value in 0..<layout.values {
      let share = sums[layout.shares + value] / units
      chance += share * share
    }
    return Self.corrected(sums[layout.pairShare] / units, chance: chance)
  }

  /// Cohen's kappa (Educational and Psychological Measurement 20, 1960) of two raters over the units that both rated;
  /// `nil` without any, and when chance agreement is complete.
  func cohen(_ a: Int, _ b: Int) -> Double? {
    let place = layout.pair(a, b)
    let units = sums[place]
    guard units > 0 else { return nil }
    var chance = 0.0
    for value in 0..<layout.values {
      chance += sums[place + 2 + value] * sums[place + 2 + layout.values + value]
    }
    return Self.corrected(sums[place + 1] / units, chance: chance / (units * units))
  }

  /// The mean of Cohen's kappa over all pairs of raters that have one (Light, Psychological Bulletin 76, 1971), each as heavy
  /// as the units that it rated.
  var meanCohen: Double? {
    var sum = 0.0
    var units = 0.0
    for b in 0..<layout.raters {
      for a in 0..<b {
        guard let kappa = cohen(a, b) else { continue }
        let weight = sums[layout.pair(a, b)]
        sum += weight * kappa
        units += weight
      }
    }
    return units > 0 ? sum / units : nil
  }

  /// Krippendorff's alpha (Content Analysis, 2004, chapter 11); `nil` when all ratings are alike.
  ///
  /// - Parameter ordinal: values count as ranks: far ones differ more than near ones. Else any two differ as much.
  func alpha(ordinal: Bool) -> Double? {
    let values = layout.values
    var totals = Array(repeating: 0.0, count: values)
    for row in 0..<values {
      for column in 0..<values { totals[row] += sums[layout.coincidences + row * values + column] }
    }
    let all = totals.reduce(0, +)
    guard all > 1 else { return nil }
    var observed = 0.0
    var expected = 0.0
    for low in 0..<values {
      var between = totals[low]
      for high in (low + 1)..<max(values, low + 1) {
        between += totals[high]
        let distance = ordinal ? between - (totals[low] + totals[high]) / 2 : 1
        let weight = distance * distance
        observed += weight * sums[layout.coincidences + low * values + high]
        expected += weight * totals[low] * totals[high]
      }
    }
    guard expected > 0 else { return nil }
    return 1 - (all - 1) * observed / expected
  }

  private static func corrected(_ observed: Double, chance: Double) -> Double? {
    // A rounding error below 1 is still complete agreement by chance.
    1 - chance < 1e-12 ? nil : (observed - chance) / (1 - chance)
  }
}
