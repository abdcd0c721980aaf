import DeepCriticCore
import Terminal
import Testing

@testable import StepLabeling
@testable import Workbench

/// What rollouts say, on the screen.
@Suite struct EstimateBehaviour {
  /// The first sample solution, with an estimate that finds the error in step 2.
  private func bench(mode: ReviewMode = .audit, glyphs: Glyphs = .unicode) throws -> Bench {
    let bench = try Bench(mode: mode, glyphs: glyphs)
    let id = try #require(try bench.workspace.queue(sort: .imported, reviewer: "rt").first)
    let steps = try bench.workspace.solution(id).solution.steps.count
    var counts = Array(repeating: SuccessCount(right: 0, all: 8), count: steps - 1)
    counts[0].right = 6
    counts.append(SuccessCount(right: 0, all: 1))
    try bench.workspace.recordEstimates(
      [id: StepEstimate(counts: counts, firstError: 2, reason: .labelled, step: 2)], generation: nil, grader: nil,
      rule: "")
    return bench
  }

  private func line(_ bench: Bench, _ words: String) -> String? {
    bench.screen().split(separator: "\n").map(String.init).first { $0.contains(words) }
  }

  @Test func theMatrixHasAColumnAndTheStepItsRate() throws {
    let bench = try bench()
    try bench.type("enter")
    let title = try #require(line(bench, "Steps"))
    #expect(title.contains(" mc "))
    #expect(line(bench, "rollouts 6/8 ▇▁▁") != nil)
    try bench.type("j")
    #expect(line(bench, "rollouts 0/8 ▇▁▁") != nil)
    // The label of rollouts is in the column: right, then wrong, then none.
    let place = title.distance(from: title.startIndex, to: try #require(title.range(of: " mc ")?.lowerBound)) + 2
    let signs = bench.screen().split(separator: "\n").map { Array($0) }.filter { $0.count > place }.map { $0[place] }
    #expect(signs.contains("✓") && signs.contains("✗"))
  }

  @Test func withoutAnEstimateThereIsNoColumn() throws {
    let bench = try bench()
    try bench.type("j enter")
    #expect(line(bench, "Steps")?.contains(" mc ") == false)
    #expect(line(bench, "rollouts") == nil)
  }

  @Test func blindReviewersSeeItAfterTheirVerdict() throws {
    let bench = try bench(mode: .blind)
    try bench.type("enter y k")
    #expect(line(bench, "rollouts") == nil)
    #expect(line(bench, " mc ") == nil)
    bench.model.session.reveal = .step
    // Only of the step that was decided.
    #expect(line(bench, "rollouts 6/8 ▇") != nil)
    #expect(line(bench, "▇▁") == nil)
  }

  @Test func asciiHasSignsOfItsOwn() throws {
    let bench = try bench(glyphs: .ascii)
    try bench.type("enter")
    #expect(line(bench, "rollouts 6/8 *___") != nil)
  }

  @Test func disagreementsWithPeopleAreAQueue() throws {
    let bench = try bench()
    try bench.type("/")
    bench.write("differs:mc")
    try bench.type("enter")
    #expect(bench.model.queue.ids.count == 1)
    try bench.type("/")
    try bench.type("ctrl-u")
    bench.write("estimate:labelled")
    try bench.type("enter")
    #expect(bench.model.queue.ids.count == 1)
  }
}
