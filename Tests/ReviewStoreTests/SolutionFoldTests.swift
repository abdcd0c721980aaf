import CritiqueModel
import Foundation
import TestSupport
import Testing

@testable import ReviewStore

/// The fold kept beside the log equals the rule applied to all events, in whatever order they arrive.
@Suite struct SolutionFoldTests {
  @Test(arguments: 1...30) func aFoldIsTheRuleAppliedToAllEvents(seed: UInt64) throws {
    var dice = SplitMix(seed: seed)
    var events: [ReviewEvent] = []
    for index in 0..<80 {
      let who = ["ada", "bo", "cy"].randomElement(using: &dice) ?? "ada"
      let kind =
        [
          EventKind.verdict, .verdict, .clear, .flag, .comment, .mark, .adjudication, .tag, .placement, .undo, .redo,
          .undo,
        ]
        .randomElement(using: &dice) ?? .verdict
      let value: String =
        switch kind {
        case .verdict, .adjudication: ["-1", "0", "1"].randomElement(using: &dice) ?? "1"
        case .flag: ["0", "1"].randomElement(using: &dice) ?? "1"
        case .mark: ["skip", "bad_problem", ""].randomElement(using: &dice) ?? ""
        case .placement: ["in", "out", ""].randomElement(using: &dice) ?? ""
        case .tag: ["hard", "-hard"].randomElement(using: &dice) ?? "hard"
        case .undo, .redo: ""
        default: "remark \(index)"
        }
      // Some targets are of others, later, of other kinds, or nowhere.
      let target = kind.isDecision && kind != .comment ? nil : "event-\(Int.random(in: 0..<90, using: &dice))"
      let at = Int64(
        1000 + index + (Int.random(in: 0..<6, using: &dice) == 0 ? Int.random(in: -50...50, using: &dice) : 0))
      events.append(
        ReviewEvent(
          uuid: "event-\(index)", solution: "k",
          step: kind == .tag || kind == .mark ? 0 : Int.random(in: 1...3, using: &dice),
          kind: kind, value: value, reviewer: who, at: at, elapsed: 10, target: target))
    }
    if seed % 3 == 0 { events.shuffle(using: &dice) }
    var fold = SolutionFold()
    for count in events.indices {
      fold.add(events[count])
      #expect(fold.views == Projection.views(of: Array(events[...count])))
    }
  }

  /// Two processes decide about one solution: each continues from its own fold, and the tables are those of the log.
  @Test(arguments: 1...6) func processesThatTakeTurnsAgree(seed: UInt64) throws {
    var dice = SplitMix(seed: seed)
    let bench = try TemporaryWorkspace(samples: ["solutions.prm800k.jsonl"])
    let key = try bench.keys()[0]
    let workspaces = [bench.workspace, try Workspace(at: bench.path), try Workspace(at: bench.path)]
    for tick in 0..<120 {
      let workspace = workspaces.randomElement(using: &dice) ?? bench.workspace
      let who = ReviewContext(reviewer: Bool.random(using: &dice) ? "ada" : "bo")
      let step = Int.random(in: 1...4, using: &dice)
      let outcome: DecisionOutcome?
      switch Int.random(in: 0..<9, using: &dice) {
      case 0: outcome = try workspace.undo(by: who)
      case 1: outcome = try workspace.redo(by: who)
      case 2:
        // A decision made elsewhere, before all others.
        try workspace.merge([
          ReviewEvent(
            solution: key, step: step, kind: .verdict, value: "1", reviewer: who.reviewer,
            at: Int64.random(in: 0..<1000, using: &dice))
        ])
        outcome = nil
      case 3:
        try workspace.record(
          [1, 2].map { ReviewDecision(solution: key, step: $0, .flag(Bool.random(using: &dice))) }, by: who)
        outcome = nil
      case 4, 5:
        outcome = try workspace.record(
          ReviewDecision(solution: key, step: step, .comment("tick \(tick)")), by: who)
      case 6:
        let last = try workspace.views(of: key)[who.reviewer]?.comments.first?.event
        outcome = try workspace.record(
          ReviewDecision(solution: key, step: step, .comment("", replacing: last)), by: who)
      default:
        outcome = try workspace.record(
          ReviewDecision(solution: key, step: step, .verdict(Bool.random(using: &dice) ? .correct : .incorrect)),
          by: who)
      }
      if let outcome, outcome.event.solution == key { #expect(try outcome.views == bench.workspace.views(of: key)) }
      if tick % 20 == 0 { #expect(try bench.workspace.projectionDifferences() == 0) }
    }
    let kept = try bench.workspace.projectionDump()
    try bench.workspace.rebuildProjections()
    #expect(try bench.workspace.projectionDump() == kept)
  }
}
