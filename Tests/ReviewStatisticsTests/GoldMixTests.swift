import Foundation
import TestSupport
import Testing

@testable import ReviewStatistics
@testable import ReviewStore

/// Items with a known label in the queue.
@Suite struct GoldMixTests {
  private let queue = (1...400).map(Int64.init)
  private let gold = (1001...1100).map(Int64.init)

  @Test func theShareIsAsWantedEverywhere() {
    let mixed = GoldMix.mix(queue: queue, gold: gold, rate: 0.1, seed: 1)
    #expect(mixed.gold.count == 44)
    #expect(mixed.ids.count == 444)
    // Every stretch of a hundred has about ten.
    for start in stride(from: 0, to: 344, by: 50) {
      let count = mixed.ids[start..<(start + 100)].count(where: mixed.gold.contains)
      #expect((8...12).contains(count), "\(count) from \(start) on")
    }
  }

  @Test func whereTheNextOneStandsCannotBeForeseen() {
    let mixed = GoldMix.mix(queue: queue, gold: gold, rate: 0.1, seed: 1)
    let places = mixed.ids.indices.filter { mixed.gold.contains(mixed.ids[$0]) }
    #expect(Set(zip(places, places.dropFirst()).map { $1 - $0 }).count > 6)
  }

  @Test func nothingIsLostAndNothingComesTwice() {
    var dice = SplitMix(seed: 5)
    for round in 0..<300 {
      let queue = (0..<Int64.random(in: 0..<60, using: &dice)).map { $0 * 2 }.shuffled(using: &dice)
      // Some are in the queue already.
      let gold = (0..<Int.random(in: 0..<40, using: &dice)).map { _ in Int64.random(in: 0..<200, using: &dice) }
      let rate = Double.random(in: -0.1...0.7, using: &dice)
      let mixed = GoldMix.mix(queue: queue, gold: gold, rate: rate, seed: UInt64(round))
      #expect(Set(mixed.ids).count == mixed.ids.count)
      #expect(Set(queue).subtracting(mixed.ids).isEmpty)
      #expect(mixed.gold.isSubset(of: gold) && mixed.gold.isSubset(of: mixed.ids))
      #expect(Set(mixed.ids).subtracting(queue).isSubset(of: mixed.gold))
      let ordinary = queue.filter { !mixed.gold.contains($0) }
      #expect(mixed.ids.filter { !mixed.gold.contains($0) } == ordinary, "the order of the rest stays")
    }
  }

  @Test func theSameSeedGivesTheSameQueue() {
    #expect(
      GoldMix.mix(queue: queue, gold: gold, rate: 0.2, seed: 3)
        == GoldMix.mix(queue: queue, gold: gold.reversed(), rate: 0.2, seed: 3))
    #expect(
      GoldMix.mix(queue: queue, gold: gold, rate: 0.2, seed: 3)
        != GoldMix.mix(queue: queue, gold: gold, rate: 0.2, seed: 4))
  }

  @Test func withoutARateOrItemsNothingChanges() {
    #expect(GoldMix.mix(queue: queue, gold: gold, rate: 0, seed: 1) == MixedQueue(ids: queue, gold: []))
    #expect(GoldMix.mix(queue: queue, gold: gold, rate: .nan, seed: 1).gold.isEmpty)
    #expect(GoldMix.mix(queue: queue, gold: [], rate: 0.3, seed: 1).ids == queue)
    #expect(GoldMix.mix(queue: [], gold: gold, rate: 0.3, seed: 1).ids.isEmpty)
  }

  @Test func fewItemsAreSpreadOverTheWholeQueue() {
    let mixed = GoldMix.mix(queue: queue, gold: [1001, 1002, 1003, 1004], rate: 0.5, seed: 9)
    let places = mixed.ids.indices.filter { mixed.gold.contains(mixed.ids[$0]) }
    #expect(places.count == 4)
    for (index, place) in places.enumerated() { #expect((index * 101..<(index + 1) * 101).contains(place)) }
  }

  @Test func whatWasMixedInIsRememberedAndCounts() throws {
    let bench = try Bench()
    var settings = ReviewSettings()
    settings.goldRate = 0.2
    settings.gold = "label:wrong"
    let queue = try bench.workspace.queue(sort: .imported, reviewer: "rt")
    let mixed = try bench.workspace.mixingGold(into: queue, settings: settings, for: "rt")
    #expect(Set(mixed) == Set(queue) && mixed != queue)
    #expect(try bench.workspace.mixingGold(into: queue, settings: settings, for: "rt") == mixed, "again the same")
    let count = try #require(try bench.workspace.goldCounts()["rt"])
    #expect(count == 6 || count == 5)
    // Its verdicts count as answers to known items, the others' do not.
    for id in mixed { try bench.decide(id, step: 1, "1", by: "rt", mode: .blind) }
    let figures = try #require(try bench.figures().reviewers.first)
    let reviewed = try bench.workspace.reviewedSolutions()
    #expect(reviewed.count(where: { $0.goldFor == ["rt"] }) == count)
    // Those that the data marks as quality control count always.
    #expect(figures.gold.blind.whole == reviewed.count(where: { $0.goldFor == ["rt"] || $0.isScreening }))
    #expect(figures.gold.blind.whole > count && figures.gold.blind.whole < mixed.count)
    // Nobody can tell from the event log which ones they were.
    #expect(try bench.workspace.events().allSatisfy { $0.kind == .verdict })
  }

  @Test func finishedItemsAreNotGivenAgain() throws {
    let bench = try Bench()
    var settings = ReviewSettings()
    settings.gold = "label:wrong"
    let before = try bench.workspace.goldCandidates(settings, for: "rt")
    let first = try #require(before.first)
    try bench.decide(first, step: 1, "-1", by: "rt")
    #expect(try bench.workspace.goldCandidates(settings, for: "rt") == Array(before.dropFirst()))
    #expect(try bench.workspace.goldCandidates(settings, for: "ana") == before)
    // Without a filter they are PRM800K's quality-control and screening items.
    let screening = try bench.workspace.screeningItems()
    #expect(try bench.workspace.goldCandidates(ReviewSettings(), for: "ana") == screening)
  }
}
