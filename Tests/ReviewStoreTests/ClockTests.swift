import CritiqueModel
import DeepCriticCore
import Foundation
import TestSupport
import Testing

@testable import ReviewStore

/// The rule of logical time by itself.
@Suite struct HybridClockTests {
  @Test func itFollowsTheWallClock() {
    var clock = HybridClock(latest: 1000)
    #expect(clock.next(wall: 2000) == 2000)
    #expect(clock.next(wall: 2000) == 2001)
    #expect(clock.next(wall: 1500) == 2002)
    #expect(clock.next(wall: 3000) == 3000)
  }

  @Test func itGoesOnAfterWhatWasSeenElsewhere() {
    var clock = HybridClock()
    clock.merge(5000)
    clock.merge(4000)
    #expect(clock.latest == 5000 && clock.next(wall: 100) == 5001)
  }

  /// Whatever a file written by hand brought in, what is recorded afterwards is accepted everywhere.
  @Test func itStandsStillAtItsEnd() {
    for latest in [HybridClock.limit - 1, HybridClock.limit, .max] {
      var clock = HybridClock(latest: latest)
      #expect(clock.next(wall: 1) == HybridClock.limit && clock.next(wall: .max) == HybridClock.limit)
    }
  }

  @Test func anyHistoryIsStrictlyIncreasingAndNeverBehindTheWall() {
    var dice = SplitMix(seed: 5)
    var clock = HybridClock()
    var last: Int64 = -1
    for _ in 0..<10_000 {
      let wall = Int64.random(in: 0...4_000_000_000_000, using: &dice)
      if Bool.random(using: &dice) { clock.merge(Int64.random(in: 0...4_000_000_000_000, using: &dice)) }
      let seen = clock.latest
      let next = clock.next(wall: wall)
      #expect(next > last && next > seen - 1 && next >= wall)
      last = next
    }
  }

  @Test func datesBecomeTimesThatCanBeStored() {
    #expect(WallTime.milliseconds(Date(timeIntervalSince1970: -1e12)) == 0)
    #expect(WallTime.milliseconds(Date(timeIntervalSince1970: 1e300)) == WallTime.range.upperBound)
    #expect(WallTime.milliseconds(Date(timeIntervalSince1970: .nan)) == 0)
    #expect(WallTime.milliseconds(Date(timeIntervalSince1970: 1.5)) == 1500)
  }
}

/// Workspaces whose clocks are wrong.
@Suite struct WrongClockTests {
  private let key = "0123456789abcdef0123456789abcdef"
  private let noon = Date(timeIntervalSince1970: 1_800_000_000)
  private let day = 86_400.0

  private func verdict(_ rating: Rating, _ step: Int = 1) -> ReviewDecision {
    ReviewDecision(solution: key, step: step, .verdict(rating))
  }

  private func export(_ workspace: Workspace, _ bench: TemporaryWorkspace, _ name: String) throws -> String {
    var lines: [String] = []
    _ = try workspace.exportReviews { lines.append($0) }
    return try bench.file(name, lines.joined(separator: "\n") + "\n")
  }

  /// The fault that was found: one decision with a clock three days ahead, and all later ones could not be merged.
  @Test func oneWrongClockStopsNoMerge() throws {
    let (mine, theirs) = (try TemporaryWorkspace(), try TemporaryWorkspace())
    let ada = ReviewContext(reviewer: "ada")
    let now = Date()
    try theirs.workspace.record(verdict(.correct), by: ada, now: now.addingTimeInterval(3 * day))
    for step in 2...12 { try theirs.workspace.record(verdict(.correct, step), by: ada, now: now) }
    let summary = try mine.workspace.importFile(try export(theirs.workspace, theirs, "reviews.jsonl"))
    #expect(summary.events == 12 && summary.bad == 0)
    #expect(summary.ahead?.count == 1 && summary.ahead?.reviewers == ["ada"])
    #expect(
      summary.ahead?.words == "1 decision by ada is dated 2 days ahead of this clock"
        || summary.ahead?.words == "1 decision by ada is dated 3 days ahead of this clock")
    // The importer's own decisions keep their wall time, and take effect after all that they could see.
    let event = try mine.workspace.record(verdict(.incorrect), by: ada, now: now).event
    #expect(event.at == WallTime.milliseconds(now))
    #expect(try event.clock > (theirs.workspace.events().map(\.clock).max() ?? 0))
    #expect(try mine.workspace.views(of: key)["ada"]?.verdicts[1]?.rating == .incorrect)
    #expect(try mine.workspace.decisionsAhead(now: now)?.count == 1)
    #expect(try mine.workspace.decisionsAhead(now: now.addingTimeInterval(4 * day)) == nil)
  }

  @Test func leadsAreToldInWords() throws {
    let bench = try TemporaryWorkspace()
    for (who, lead) in [("bo", 400 * day), ("ada", 3600), ("cy", 240)] {
      try bench.workspace.record(
        verdict(.correct), by: ReviewContext(reviewer: who), now: noon.addingTimeInterval(lead))
    }
    #expect(
      try bench.workspace.decisionsAhead(now: noon)?.words
        == "2 decisions by ada, bo are dated up to 1 year ahead of this clock")
  }

  /// Programs before logical clocks know no such field, and pass events on without it.
  @Test func theFieldIsOnlyWrittenWhereItSaysSomething() throws {
    let plain = ReviewEvent(solution: key, step: 1, kind: .verdict, value: "1", reviewer: "rt", at: 1000)
    #expect(try !ReviewsFile.encodeEvent(plain).contains("clock"))
    var ahead = plain
    ahead.clock = 2000
    let line = try ReviewsFile.encodeEvent(ahead)
    #expect(line.contains(#""clock":2000"#))
    #expect(try ReviewsFile.decodeEvent(Array(line.utf8)) == ahead)
    let unknown = line.replacing(#""clock""#, with: #""later""#)
    #expect(try ReviewsFile.decodeEvent(Array(unknown.utf8)) == plain)
    let bench = try TemporaryWorkspace()
    #expect(try bench.workspace.merge([ahead]).added == 1)
    #expect(try bench.workspace.merge([plain]).conflicts == [])
    #expect(try bench.workspace.events() == [ahead])
  }

  /// Workspaces with clocks wrong by up to ten years, that decide, undo, redo and merge at random: all agree in the end,
  /// nothing is refused, no undo sorts before what it undoes, and every event has the wall time that its clock told.
  @Test(arguments: 1...20) func workspacesWithWrongClocksAgree(seed: UInt64) throws {
    var dice = SplitMix(seed: seed)
    let benches = try (0..<(seed % 2 == 0 ? 2 : 3)).map { _ in
      try TemporaryWorkspace(samples: ["solutions.prm800k.jsonl"])
    }
    let year = 365 * day
    let skews = benches.map { _ in Double.random(in: -10 * year...10 * year, using: &dice) }
    let keys = Array(try benches[0].keys().prefix(2)) + [key]
    var told: [String: Int64] = [:]
    func merge(_ from: Int, _ to: Int) throws {
      let summary = try benches[to].workspace.importFile(
        try export(benches[from].workspace, benches[to], "from-\(from).jsonl"))
      #expect(summary.bad == 0)
    }
    for tick in 0..<60 {
      let at = Int.random(in: benches.indices, using: &dice)
      let workspace = benches[at].workspace
      // A clock may also be set while the work continues.
      let jump = Int.random(in: 0..<10, using: &dice) == 0 ? Double.random(in: -year...year, using: &dice) : 0
      let now = noon.addingTimeInterval(Double(tick) + skews[at] + jump)
      let who = ReviewContext(reviewer: Bool.random(using: &dice) ? "ada" : "reviewer-\(at)")
      let solution = keys.randomElement(using: &dice) ?? key
      let step = Int.random(in: 1...3, using: &dice)
      var event: ReviewEvent?
      switch Int.random(in: 0..<12, using: &dice) {
      case 0: event = try workspace.undo(by: who, now: now)?.event
      case 1: event = try workspace.redo(by: who, now: now)?.event
      case 2, 3: try merge(Int.random(in: benches.indices, using: &dice), at)
      case 4:
        event = try workspace.record(
          ReviewDecision(solution: solution, step: step, .comment("tick \(tick)")), by: who, now: now
        ).event
      case 5:
        event = try workspace.record(
          ReviewDecision(solution: solution, step: step, .adjudication(Bool.random(using: &dice) ? .correct : nil)),
          by: who, now: now
        ).event
      default:
        event = try workspace.record(
          ReviewDecision(
            solution: solution, step: step, .verdict(Rating.allCases.randomElement(using: &dice) ?? .neutral)),
          by: who, now: now
        ).event
      }
      if let event { told[event.uuid] = WallTime.milliseconds(now) }
    }
    for _ in 0..<2 {
      for from in benches.indices.shuffled(using: &dice) {
        for to in benches.indices.shuffled(using: &dice) where to != from { try merge(from, to) }
      }
    }
    let events = try benches[0].workspace.events()
    let dump = try benches[0].workspace.projectionDump()
    for bench in benches {
      #expect(try bench.workspace.events() == events)
      #expect(try bench.workspace.projectionDump() == dump)
      #expect(try bench.workspace.projectionDifferences() == 0)
    }
    let byUUID = Dictionary(events.map { ($0.uuid, $0) }) { one, _ in one }
    for event in events {
      #expect(event.clock >= event.at)
      if let wall = told[event.uuid] { #expect(event.at == wall) }
      if !event.kind.isDecision, let target = event.target.flatMap({ byUUID[$0] }) {
        #expect(ReviewEvent.precedes(target, event))
      }
    }
  }
}
