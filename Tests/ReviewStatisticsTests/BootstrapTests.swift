import TestSupport
import Testing

@testable import ReviewStatistics

/// Intervals by drawing solutions.
@Suite struct BootstrapTests {
  /// Two raters who agree on a share of all steps; every solution has `steps` of them, all with the same outcome if `tied`.
  private func table(solutions: Int, steps: Int, tied: Bool, seed: UInt64 = 1) -> RatingTable {
    var dice = SplitMix(seed: seed)
    var table = RatingTable(raters: ["ana", "rt"])
    for cluster in 0..<solutions {
      let one = Double.random(in: 0..<1, using: &dice) < 0.8
      for _ in 0..<steps {
        let agree = tied ? one : Double.random(in: 0..<1, using: &dice) < 0.8
        let value = Bool.random(using: &dice) ? 1 : -1
        table.add(
          RatingTable.Unit(
            cluster: cluster,
            ratings: [
              RatingTable.Rated(rater: 0, value: value), RatingTable.Rated(rater: 1, value: agree ? value : -value),
            ]))
      }
    }
    return table
  }

  private func width(_ estimate: Estimate?) -> Double { (estimate?.high ?? 9) - (estimate?.low ?? 0) }

  @Test func theSameSeedGivesTheSameIntervals() {
    let table = table(solutions: 60, steps: 4, tied: false)
    let options = BootstrapOptions(samples: 300, seed: 7)
    #expect(AgreementFigures(table, bootstrap: options) == AgreementFigures(table, bootstrap: options))
    #expect(
      AgreementFigures(table, bootstrap: options).nominal
        != AgreementFigures(table, bootstrap: BootstrapOptions(samples: 300, seed: 8)).nominal)
  }

  @Test func anIntervalHoldsItsFigure() throws {
    let figures = AgreementFigures(
      table(solutions: 80, steps: 3, tied: false), bootstrap: BootstrapOptions(samples: 500))
    for estimate in [figures.percent, figures.cohen, figures.fleiss, figures.nominal, figures.ordinal] {
      let estimate = try #require(estimate)
      let (low, high) = (try #require(estimate.low), try #require(estimate.high))
      #expect(low < estimate.value && estimate.value < high)
      #expect(low > 0.2 && high < 1)
    }
  }

  /// Steps of a solution that go together are not independent evidence: the interval is about as wide as that of one step a
  /// solution, twice that of four independent ones.
  @Test func solutionsAreDrawnNotSteps() {
    let options = BootstrapOptions(samples: 800)
    let tied = AgreementFigures(table(solutions: 150, steps: 4, tied: true), bootstrap: options)
    let free = AgreementFigures(table(solutions: 150, steps: 4, tied: false), bootstrap: options)
    #expect(width(tied.percent) > 1.5 * width(free.percent))
  }

  /// The share of agreeing pairs of single steps is a proportion, whose interval is known.
  @Test func theIntervalOfAProportionIsTheKnownOne() throws {
    let figures = AgreementFigures(
      table(solutions: 400, steps: 1, tied: false), bootstrap: BootstrapOptions(samples: 2000))
    let share = try #require(figures.percent).value
    let expected = 2 * 1.96 * (share * (1 - share) / 400).squareRoot()
    #expect(abs(width(figures.percent) - expected) < 0.12 * expected)
  }

  /// A pair that met in one solution only shows no variation between solutions, whatever others did.
  @Test func aPairOfOneSolutionHasNoInterval() throws {
    var table = RatingTable(raters: ["ana", "bo", "rt"])
    for cluster in 0..<20 {
      for value in [1, -1, 1] {
        table.add(
          RatingTable.Unit(
            cluster: cluster,
            ratings: [
              RatingTable.Rated(rater: 0, value: value),
              RatingTable.Rated(rater: 1, value: cluster % 4 == 0 ? 1 : value),
            ]))
      }
    }
    for (a, c) in [(1, 1), (1, -1), (-1, -1)] {
      table.add(
        RatingTable.Unit(
          cluster: 0, ratings: [RatingTable.Rated(rater: 0, value: a), RatingTable.Rated(rater: 2, value: c)]))
    }
    let figures = AgreementFigures(table, bootstrap: BootstrapOptions(samples: 200))
    let (many, one) = (try #require(figures.pairs[0].kappa), try #require(figures.pairs[1].kappa))
    #expect(many.low != nil && many.high != nil)
    #expect(one.low == nil && one.high == nil)
  }

  @Test func withoutSamplesThereAreNoIntervals() {
    let figures = AgreementFigures(table(solutions: 10, steps: 2, tied: false), bootstrap: BootstrapOptions(samples: 0))
    #expect(figures.percent?.low == nil && figures.percent?.high == nil && figures.percent != nil)
  }
}
