import CritiqueModel
import Foundation
import GRDB
import Testing

@testable import ReviewStore

/// Adjudication, soundness and placement as events.
@Suite struct SettledDecisionTests {
  private let rt = ReviewContext(reviewer: "rt")
  private let ana = ReviewContext(reviewer: "ana")
  private let critique = Critique(stage: .merged, step: 2, text: "so \\boxed{1}")

  private func count(_ bench: TemporaryWorkspace, _ table: String) throws -> Int {
    try bench.workspace.database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
  }

  @Test func theLatestAdjudicationAndPlacementStandWhoeverMadeThem() throws {
    let bench = try TemporaryWorkspace()
    try bench.workspace.record(ReviewDecision(solution: "k", step: 1, .adjudication(.correct)), by: rt)
    try bench.workspace.record(ReviewDecision(solution: "k", step: 1, .adjudication(.incorrect)), by: ana)
    try bench.workspace.record(ReviewDecision(solution: "k", .placement(.out, note: "odd")), by: rt)
    try bench.workspace.record(ReviewDecision(solution: "k", .placement(.in)), by: ana)
    var views = try bench.workspace.views(of: "k")
    #expect(Projection.adjudicated(views)[1]?.rating == .incorrect)
    #expect(Projection.placed(views)?.value == .in)
    _ = try bench.workspace.undo(by: ana)
    _ = try bench.workspace.undo(by: ana)
    views = try bench.workspace.views(of: "k")
    #expect(Projection.adjudicated(views)[1]?.reviewer == "rt")
    #expect(Projection.placed(views)?.note == "odd")
    _ = try bench.workspace.redo(by: ana)
    #expect(Projection.adjudicated(try bench.workspace.views(of: "k"))[1]?.reviewer == "ana")
    // After an undo nothing holds, also not what another decided before.
    try bench.workspace.record(ReviewDecision(solution: "k", step: 1, .adjudication(nil)), by: rt)
    #expect(Projection.adjudicated(try bench.workspace.views(of: "k")).isEmpty)
    #expect(try count(bench, "adjudication") == 0)
    #expect(try count(bench, "placement") == 1)
  }

  @Test func soundnessIsOneJudgementForEachReviewerAndCritique() throws {
    let bench = try TemporaryWorkspace()
    let reference = CritiqueReference(critique, span: 0..<2)
    for (who, isSound) in [(rt, false), (ana, true)] {
      try bench.workspace.record(
        ReviewDecision(solution: "k", step: 2, .soundness(isSound, of: reference, note: "why")), by: who)
    }
    let views = try bench.workspace.views(of: "k")
    let mine = try #require(views["rt"]?.soundness[reference.key])
    #expect(!mine.isSound && mine.note == "why" && mine.reference.span == 0..<2)
    #expect(views["ana"]?.soundness[reference.key]?.isSound == true)
    #expect(try count(bench, "soundness") == 2)
    try bench.workspace.record(ReviewDecision(solution: "k", step: 2, .soundness(nil, of: reference)), by: rt)
    #expect(try count(bench, "soundness") == 1)
  }

  @Test(arguments: [
    (EventKind.adjudication, 1, "2", String?.none), (.adjudication, 0, "0", nil), (.placement, 0, "maybe", nil),
    (.soundness, 2, "sound", "nonsense"), (.soundness, 2, "sound", nil),
  ])
  func whatMeansNothingIsKeptAndChangesNothing(kind: EventKind, step: Int, value: String, basis: String?) throws {
    let bench = try TemporaryWorkspace()
    let event = ReviewEvent(
      solution: "k", step: step, kind: kind, value: value, basis: basis, reviewer: "rt", at: 5)
    #expect(event.decision == nil)
    #expect(try bench.workspace.merge([event]).added == 1)
    #expect(try bench.workspace.events().count == 1)
    #expect(try bench.workspace.projectionDump().filter { !$0.hasPrefix("decision") }.isEmpty)
  }
}
