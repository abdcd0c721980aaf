import CritiqueModel

/// The sums of every cluster of a table, ready for drawing many samples of clusters.
struct ClusteredSums {
  private let layout: AgreementTally.Layout
  /// Each cluster's entries, one after the other; only those that are not 0.
  private var places: [Int32] = []
  private var amounts: [Double] = []
  private var starts: [Int] = [0]

  var clusters: Int { starts.count - 1 }

  /// - Parameter raters: places of the raters who rated anything, ascending.
  init(_ table: RatingTable, raters: [Int]) {
    let values = Dictionary(uniqueKeysWithValues: table.values.enumerated().map { ($1, $0) })
    let columns = Dictionary(uniqueKeysWithValues: raters.enumerated().map { ($1, $0) })
    layout = AgreementTally.Layout(values: values.count, raters: raters.count)
    for (_, units) in Dictionary(grouping: table.units, by: \.cluster).sorted(by: { $0.key < $1.key }) {
      var entries: [Int: Double] = [:]
      for unit in units {
        let ratings = unit.ratings.map {
          RatingTable.Rated(rater: columns[$0.rater] ?? 0, value: values[$0.value] ?? 0)
        }.sorted { $0.rater < $1.rater }
        AgreementTally.visit(ratings, layout) { entries[$0, default: 0] += $1 }
      }
      for (place, amount) in entries.sorted(by: { $0.key < $1.key }) {
        places.append(Int32(place))
        amounts.append(amount)
      }
      starts.append(places.count)
    }
  }

  /// Over all clusters, each once.
  var total: AgreementTally {
    var tally = AgreementTally(layout)
    for (place, amount) in zip(places, amounts) { tally.sums[Int(place)] += amount }
    return tally
  }

  /// How many clusters a sum comes from.
  func clusters(behind place: Int) -> Int { places.count { $0 == Int32(place) } }

  /// Every measure with its interval.
  ///
  /// - Parameters:
  ///   - behind: how many clusters each measure comes from: one alone shows no variation to draw from.
  ///   - measures: worked out of the sums of all clusters and of each sample; always as many, in the same order.
  func estimates(
    _ options: BootstrapOptions, clusters behind: [Int], _ measures: (AgreementTally) -> [Double?]
  ) -> [Estimate?] {
    let whole = measures(total)
    guard options.samples > 1, clusters > 1 else { return whole.map { $0.map { Estimate($0) } } }
    var found = whole.map { _ in [Double]() }
    var generator = SplitMix64(seed: options.seed)
    var tally = AgreementTally(layout)
    var drawn = [Int](repeating: 0, count: clusters)
    for _ in 0..<options.samples {
      for index in drawn.indices { drawn[index] = 0 }
      for _ in 0..<clusters { drawn[Int.random(in: 0..<clusters, using: &generator)] += 1 }
      fill(&tally, drawn)
      for (index, value) in measures(tally).enumerated() {
        if let value { found[index].append(value) }
      }
    }
    return zip(zip(whole, behind), found).map { measure, samples in
      guard let value = measure.0 else { return nil }
      guard measure.1 > 1 else { return Estimate(value) }
      // A figure that most samples lack has no honest interval.
      guard samples.count * 2 > options.samples else { return Estimate(value) }
      let sorted = samples.sorted()
      let tail = (1 - options.level) / 2
      return Estimate(value, low: Quantile.of(sorted, tail), high: Quantile.of(sorted, 1 - tail))
    }
  }

  private func fill(_ tally: inout AgreementTally, _ drawn: [Int]) {
    tally.sums.withUnsafeMutableBufferPointer { sums in
      sums.update(repeating: 0)
      for (cluster, times) in drawn.enumerated() where times > 0 {
        for entry in starts[cluster]..<starts[cluster + 1] {
          sums[Int(places[entry])] += Double(times) * amounts[entry]
        }
      }
    }
  }
}
