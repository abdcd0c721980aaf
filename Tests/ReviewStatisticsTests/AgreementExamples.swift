import Testing

@testable import ReviewStatistics

/// Measures of agreement beside worked examples from the literature.
@Suite struct AgreementExamples {
  private func figures(_ rows: [[Int?]]) -> AgreementFigures {
    let raters = (0..<(rows.first?.count ?? 0)).map { String(UnicodeScalar(UInt8(65 + $0))) }
    return AgreementFigures(RatingTable(raters: raters, rows: rows), bootstrap: BootstrapOptions(samples: 0))
  }

  private func near(_ estimate: Estimate?, _ expected: Double, _ tolerance: Double = 0.0005) -> Bool {
    estimate.map { abs($0.value - expected) <= tolerance } ?? false
  }

  /// Columns to rows.
  private func transposed(_ columns: [[Int?]]) -> [[Int?]] {
    (columns.first ?? []).indices.map { row in columns.map { $0[row] } }
  }

  /// K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), section C: four observers, twelve units, values
  /// missing; nominal alpha 0.743, ordinal 0.815.
  @Test func krippendorffWithMissingValues() {
    let figures = figures(
      transposed([
        [1, 2, 3, 3, 2, 1, 4, 1, 2, nil, nil, nil],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nil, 3],
        [nil, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nil],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nil],
      ]))
    #expect(near(figures.nominal, 0.743))
    #expect(near(figures.ordinal, 0.815))
    #expect(figures.units == 11, "the unit that one observer rated says nothing about agreement")
  }

  /// The same, section A: two observers, ten units, two values; alpha 0.095.
  @Test func krippendorffWithTwoObservers() {
    let figures = figures(
      transposed([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]))
    #expect(near(figures.nominal, 0.095))
    #expect(near(figures.percent, 0.6))
  }

  /// J. L. Fleiss, "Statistical Methods for Rates and Proportions" (2nd edition, 1981), table 13.1: two raters assign 100
  /// people to three diagnoses; kappa 0.68 (0.676).
  @Test func cohenOfDiagnoses() {
    let counts = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
    var rows: [[Int?]] = []
    for (a, row) in counts.enumerated() {
      for (b, count) in row.enumerated() { rows += Array(repeating: [a, b], count: count) }
    }
    let figures = figures(rows)
    #expect(near(figures.cohen, 0.676))
    #expect(near(figures.percent, 0.89))
    #expect(figures.pairs.count == 1 && figures.pairs[0].same == 89 && near(figures.pairs[0].kappa, 0.676))
  }

  /// The example of fourteen raters, ten subjects and five categories that accompanies Fleiss' measure in textbooks and
  /// encyclopedias (its mean share of agreeing pairs is 0.378, kappa 0.210).
  @Test func fleissOfFourteenRaters() {
    let counts = [
      [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
      [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]
    let figures = figures(
      counts.map { row in row.enumerated().flatMap { Array(repeating: Optional($0.offset), count: $0.element) } })
    #expect(near(figures.fleiss, 0.210))
    #expect(near(figures.percent, 0.378))
    #expect(figures.pairs.count == 91)
  }

  /// Two raters who use one value only agree completely by chance: kappa and alpha say nothing then.
  @Test func nothingIsSaidWhereAllRatingsAreAlike() {
    let figures = figures([[1, 1], [1, 1], [1, 1]])
    #expect(figures.percent?.value == 1)
    #expect(figures.cohen == nil && figures.fleiss == nil && figures.nominal == nil && figures.ordinal == nil)
    let nobody = self.figures([[1, nil], [nil, 0]])
    #expect(nobody.units == 0 && nobody.percent == nil && nobody.pairs.isEmpty)
  }

  @Test func completeAgreementIsOne() {
    let figures = figures([[1, 1, 1], [0, 0, nil], [2, nil, 2], [1, 1, 1]])
    for estimate in [figures.percent, figures.cohen, figures.fleiss, figures.nominal, figures.ordinal] {
      #expect(near(estimate, 1, 1e-12))
    }
  }

  /// A pair with a few common steps counts for as much less in the mean.
  @Test func pairsWeighInTheMeanByTheirSteps() throws {
    // A and B agree on 40 units, A and C disagree on 4.
    let rows: [[Int?]] = (0..<40).map { [$0 % 2, $0 % 2, nil] } + (0..<4).map { [$0 % 2, nil, 1 - $0 % 2] }
    let figures = figures(rows)
    let kappas = figures.pairs.map { $0.kappa?.value ?? 0 }
    #expect(abs(kappas[0] - 1) < 1e-12 && abs(kappas[1] + 1) < 1e-12)
    #expect(near(figures.cohen, (40.0 - 4) / 44))
  }

  /// Far values differ more than near ones only where values have an order.
  @Test func onlyTheOrdinalMeasureKnowsTheOrder() {
    let near = figures([[-1, 0], [1, 1], [-1, -1], [0, 0], [1, 1], [0, 1]])
    let far = figures([[-1, 1], [1, 1], [-1, -1], [0, 0], [1, 1], [0, 0]])
    #expect((near.ordinal?.value ?? 0) > (near.nominal?.value ?? 1))
    #expect((far.ordinal?.value ?? 1) < (far.nominal?.value ?? 0))
  }
}
