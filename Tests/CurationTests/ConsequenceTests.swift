import CritiqueModel
import Foundation
import TestSupport
import Testing

@testable import Curation
@testable import ReviewStore

/// What is said before a decision is what happens after it.
@Suite struct ConsequenceTests {
  private let rt = ReviewContext(reviewer: "rt")

  /// Random decisions on the sample data and on stage rows with duplicates and a small cap.
  @Test(arguments: 1...6) func thePreviewIsWhatHappens(seed: UInt64) async throws {
    var dice = SplitMix(seed: seed)
    let bench = try Bench.samples()
    try bench.add(
      try (0..<40).map { number in
        try stageRow("What is \(number % 12)?", Bool.random(using: &dice) ? [1, 1] : [1, -1], filler: "no \(number)")
      })
    let curator = try bench.curator { $0.allCorrectLimit = 4 }
    var index = try await curator.index()
    let benchmarks = try bench.workspace.benchmarkProblems()
    let ids = index.states.map(\.entry.id)
    let kinds: [EventKind] = [
      .verdict, .verdict, .verdict, .flag, .mark, .placement, .adjudication, .clear, .soundness,
    ]
    for _ in 0..<20 {
      let id = try #require(ids.randomElement(using: &dice))
      let item = try curator.item(id, benchmarks: benchmarks)
      let kind = try #require(kinds.randomElement(using: &dice))
      var step = Int.random(in: 1...2, using: &dice)
      var value = ""
      var basis: String?
      switch kind {
      case .verdict, .adjudication: value = ["-1", "0", "1"].randomElement(using: &dice) ?? "1"
      case .flag: value = ["0", "1"].randomElement(using: &dice) ?? "1"
      case .mark: (step, value) = (0, ["bad_problem", ""].randomElement(using: &dice) ?? "")
      case .placement: (step, value) = (0, ["in", "out", ""].randomElement(using: &dice) ?? "")
      case .soundness:
        guard let critique = item.outline.critiques.first(where: { $0.stage == .merged && $0.step == step }),
          let text = item.texts[critique.id]
        else { continue }
        basis = CritiqueReference(Critique(stage: .merged, step: step, text: text)).text
        value = ["sound", "unsound", ""].randomElement(using: &dice) ?? ""
      default: break
      }
      let decision = ReviewDecision(
        solution: item.outline.key, step: step, try #require(Decision(kind, step: step, value: value, basis: basis)))
      let before = index
      let said = try curator.consequence(of: .decision(decision, by: rt), on: item, in: index)
      #expect(said.rowBefore == (try curator.row(of: item)))
      try bench.workspace.record(decision, by: rt)
      let moves = try curator.update(id, in: &index, benchmarks: benchmarks)
      let again = try await curator.index()
      #expect(index.states == again.states)
      #expect(said.balanceAfter == again.balance)
      #expect(said.isIn == again.contains(id))
      #expect(said.reasonsAfter.map(\.reason) == again.reasons(of: id))
      #expect(said.others == moves.filter { $0.id != id })
      #expect(said.rowAfter == (try curator.row(of: try curator.item(id, benchmarks: benchmarks))))
      // Nobody else moved.
      let moved = Set(said.others.map(\.id) + [id])
      for (old, new) in zip(before.states, again.states) where !moved.contains(old.entry.id) {
        #expect(old.reasons.isEmpty == new.reasons.isEmpty)
      }
    }
  }

  @Test func aVerdictShowsTheTruncatedRowAndTheNewAnswer() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("P", [1, 1, -1], deep: [1, -1, -1], merged: [1, -1, -1])])
    let curator = try bench.curator()
    let index = try await curator.index()
    #expect(index.reasons(of: 1) == [.deepMissesLabel, .mergedContradictsLabel])
    let item = try curator.item(1, benchmarks: try bench.workspace.benchmarkProblems())
    let decision = ReviewDecision(solution: item.outline.key, step: 2, .verdict(.incorrect))
    let said = try curator.consequence(of: .decision(decision, by: rt), on: item, in: index)
    #expect(!said.wasIn && said.isIn)
    #expect(said.balanceAfter.withError == said.balanceBefore.withError + 1)
    #expect(said.rowBefore?.assistant.hasSuffix("\\boxed{3}") == true)
    #expect(said.rowAfter?.assistant == "1 because \\boxed{1}\n\n2 because \\boxed{-1}\n\n**Answer**: \\boxed{2}")
  }

  @Test func anEditedCritiqueIsPreviewedToo() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("P", [1, -1], merged: [1, 1])])
    let curator = try bench.curator()
    let index = try await curator.index()
    let item = try curator.item(1, benchmarks: try bench.workspace.benchmarkProblems())
    let said = try curator.consequence(
      of: .critique(.merged, step: 2, text: "No: \\boxed{-1}"), on: item, in: index)
    #expect(said.reasonsBefore.map(\.reason) == [.mergedContradictsLabel])
    #expect(said.isIn)
    #expect(said.rowAfter?.assistant == "1 because \\boxed{1}\n\nNo: \\boxed{-1}\n\n**Answer**: \\boxed{2}")
  }
}
