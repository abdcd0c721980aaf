import Foundation
import ReviewStore
import Testing

@testable import Evaluation

@Suite("Statistics")
struct StatisticsTests {
  /// Worked out by Wilson's formula in another language.
  @Test(arguments: [
    (8, 10, 49.0162, 94.3318), (0, 20, 0, 16.1125), (20, 20, 83.8875, 100), (193, 400, 43.3931, 53.1402),
  ])
  func wilson(_ right: Int, _ rows: Int, _ low: Double, _ high: Double) {
    let interval = Wilson.interval(right: right, rows: rows)
    #expect(abs(interval.low - low) < 1e-3)
    #expect(abs(interval.high - high) < 1e-3)
  }

  /// Sums of binomial coefficients.
  @Test(arguments: [(10, 2, 0.03857421875), (5, 5, 1), (0, 0, 1), (1, 0, 1), (20, 4, 0.001543879508972168)])
  func mcNemar(_ wins: Int, _ losses: Int, _ p: Double) {
    #expect(abs(McNemar(wins: wins, losses: losses).p - p) < 1e-9)
    #expect(McNemar(wins: losses, losses: wins).p == McNemar(wins: wins, losses: losses).p)
  }

  @Test func mcNemarOfManyRowsIsANumber() {
    #expect(McNemar(wins: 30_000, losses: 30_000).p > 0.99)
    #expect(McNemar(wins: 31_000, losses: 29_000).p < 1e-9)
  }

  private func set(_ n: Int, first: Double, second: Double, seed: UInt64) -> BootstrapSet {
    var generator = Xoshiro(seed: seed)
    var set = BootstrapSet()
    for row in 0..<n {
      set.add(
        hasError: row % 2 == 0, isRight: Double.random(in: 0..<1, using: &generator) < first,
        otherIsRight: Double.random(in: 0..<1, using: &generator) < second)
    }
    return set
  }

  @Test func bootstrapIsSeededAndHoldsTheValue() throws {
    let rows = set(400, first: 0.7, second: 0.5, seed: 1)
    let bootstrap = Bootstrap(resamples: 2000, seed: 9)
    let (sets, mean) = bootstrap.f1([rows, rows])
    let interval = try #require(sets[0])
    #expect(bootstrap.f1([rows, rows]).sets == sets)
    #expect(interval.low < 70 && interval.high > 68 && interval.half < 6)
    // The mean of two sets is known better than one.
    #expect(try #require(mean).half < interval.half)
    #expect(Bootstrap(resamples: 2000, seed: 10).f1([rows]).sets[0] != sets[0])
  }

  /// The standard error of F1 by the delta method, for a set large enough that both agree.
  @Test func bootstrapAgreesWithTheDeltaMethod() throws {
    let n = 9_000.0
    var rows = BootstrapSet()
    for row in 0..<Int(n) { rows.add(hasError: row % 2 == 0, isRight: row % 10 < (row % 2 == 0 ? 6 : 8)) }
    let side = n / 2
    let (a, c) = (0.6, 0.8)
    // Of even digits below 6 there are 3 in 5; of odd ones below 8 there are 4 in 5.
    let va = a * (1 - a) / side
    let vc = c * (1 - c) / side
    let da = 2 * c * c / ((a + c) * (a + c))
    let dc = 2 * a * a / ((a + c) * (a + c))
    let expected = Wilson.z * (da * da * va + dc * dc * vc).squareRoot() * 100
    let interval = try #require(Bootstrap(resamples: 4000, seed: 3).f1([rows]).sets[0])
    #expect(abs(interval.half - expected) < 0.08 * expected)
    #expect(abs((interval.low + interval.high) / 2 - 100 * 2 * a * c / (a + c)) < 0.2)
  }

  @Test func bootstrapWithoutASideIsUndefined() {
    var rows = BootstrapSet()
    for _ in 0..<50 { rows.add(hasError: true, isRight: true) }
    let (sets, mean) = Bootstrap(resamples: 200).f1([rows, set(50, first: 0.5, second: 0.5, seed: 2)])
    #expect(sets[0] == nil)
    #expect(sets[1] != nil)
    #expect(mean == nil)
    #expect(Bootstrap(resamples: 10).f1([BootstrapSet()]).sets[0] == nil)
  }

  @Test func pairsFindADifferenceAndItsAbsence() throws {
    let rows = (0..<300).map { item($0 % 2 == 0 ? 2 : -1, [$0 % 2 == 0 ? 2 : -1], id: "r\($0)") }
    let worse = rows.enumerated().map { index, row in
      index % 5 == 0 ? item(row.gold, [4], id: row.id) : row
    }
    let found = PairedComparison([("s", rows, worse)], bootstrap: Bootstrap(resamples: 2000))
    #expect(found.sets[0].wins == (0..<300).filter { $0 % 5 == 0 }.map { "r\($0)" })
    #expect(found.sets[0].losses == [])
    #expect(try #require(found.sets[0].bootstrap.p) < 0.01)
    #expect(found.mcNemar.p < 1e-9)
    #expect(try #require(found.sets[0].f1Difference) == 100 - 80)
    let same = PairedComparison([("s", rows, rows)], bootstrap: Bootstrap(resamples: 500))
    #expect(same.sets[0].f1Difference == 0)
    #expect(same.sets[0].bootstrap.p == 1)
    #expect(same.sets[0].rowsNeeded == nil)
    // A row that only one has answered is not a pair.
    var partly = worse
    partly[0].samples = []
    #expect(PairedComparison([("s", rows, partly)], bootstrap: Bootstrap(resamples: 10)).sets[0].rows == 299)
  }

  @Test func sampleSizes() {
    // Connor's formula for 20 % against 10 % discordant rows.
    #expect(SampleSize.pairs(wins: 0.2, losses: 0.1) == 234)
    #expect(SampleSize.pairs(wins: 0.1, losses: 0.1) == nil)
  }
}
