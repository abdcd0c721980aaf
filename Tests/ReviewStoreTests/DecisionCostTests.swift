import CritiqueModel
import DeepCriticCore
import Foundation
import TestSupport
import Testing

@testable import ReviewStore

/// A decision costs the same however many events its solution has had.
@Suite(.serialized) struct DecisionCostTests {
  /// A solution with a history of `count` events by four reviewers.
  private func bench(events count: Int, seed: UInt64 = 1) throws -> (bench: TemporaryWorkspace, key: String) {
    var dice = SplitMix(seed: seed)
    let bench = try TemporaryWorkspace(samples: ["solutions.prm800k.jsonl"])
    let key = try bench.keys()[0]
    let events = (0..<count).map { index in
      let kind = [EventKind.verdict, .verdict, .clear, .flag, .comment].randomElement(using: &dice) ?? .verdict
      return ReviewEvent(
        uuid: "event-\(index)", solution: key, step: Int.random(in: 1...6, using: &dice), kind: kind,
        value: kind == .comment ? "remark \(index)" : "1", reviewer: "reviewer-\(index % 4)",
        at: 1_700_000_000_000 + Int64(index))
    }
    try bench.workspace.merge(events)
    return (bench, key)
  }

  /// The median time of a decision, of those made alternately by the workspace and by another process, and of an undo.
  private func times(events count: Int) throws -> (decision: Duration, undo: Duration) {
    let (bench, key) = try bench(events: count)
    let workspaces = [bench.workspace, try Workspace(at: bench.path)]
    let who = ReviewContext(reviewer: "reviewer-1")
    func median(_ body: (Int) throws -> Void) rethrows -> Duration {
      let clock = ContinuousClock()
      return try (0..<40).map { index in try clock.measure { try body(index) } }.dropFirst(4).sorted()[18]
    }
    let decision = try median { index in
      let decision: Decision = index % 3 == 0 ? .comment("again") : .verdict(index % 2 == 0 ? .correct : .incorrect)
      try workspaces[index % 2].record(ReviewDecision(solution: key, step: 1 + index % 6, decision), by: who)
    }
    let undo = try median { _ in _ = try workspaces[0].undo(by: who) }
    #expect(try bench.workspace.projectionDifferences() == 0)
    return (decision, undo)
  }

  @Test func theLengthOfAHistoryCostsNothing() throws {
    let counts = [10, 1000, 10_000]
    let found = try counts.map { try times(events: $0) }
    for (count, time) in zip(counts, found) { print("events \(count): decision \(time.decision), undo \(time.undo)") }
    #expect(found[2].decision < found[0].decision * 10)
  }
}
