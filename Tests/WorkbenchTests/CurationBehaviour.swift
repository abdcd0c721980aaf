import DeepCriticCore
import Terminal
import Testing

@testable import Workbench

/// Curation on the screen: what is shown before a decision, and the tree of reasons.
@Suite struct CurationBehaviour {
  private func row(_ bench: Bench, holding words: String) -> String? {
    bench.screen().split(separator: "\n").map(String.init).first { $0.contains(words) }
  }

  @Test func theReviewTellsWhatTheOtherVerdictWouldChange() throws {
    let bench = try Bench()
    try bench.type("enter j")
    let line = try #require(row(bench, holding: " Training set:"))
    #expect(line.contains("Training set: in. ✗ here"))
    #expect(line.contains("✗ here would take it out: deep misses the label at step 2"))
    // After the decision it is so, and the other way round is shown.
    try bench.type("n")
    let after = try #require(row(bench, holding: " Training set:"))
    #expect(after.contains("out: deep misses the label at step 2"))
    try bench.type("u")
    #expect(row(bench, holding: " Training set:")?.contains("Training set: in.") == true)
  }

  @Test func blindReviewersAreNotTold() throws {
    let bench = try Bench(mode: .blind)
    try bench.type("enter")
    #expect(row(bench, holding: " Training set:")?.contains("shown when you have finished") == true)
    try bench.type("p")
    #expect(bench.model.message?.text.contains("In blind mode consequences are shown when you have finished") == true)
    // A verdict on one step does not reveal the next.
    try bench.type("y")
    #expect(row(bench, holding: " Training set:")?.contains("shown when you have finished") == true)
    try bench.type("n")
    #expect(row(bench, holding: "shown when you have finished") == nil)
    // What is behind a reason reveals labels.
    try bench.type("q f3")
    bench.model.settle()
    try bench.type("j enter")
    #expect(bench.model.message?.text.contains("would reveal what is hidden") == true)
    #expect(!bench.screen().contains("Funnel") && !bench.screen().contains("with an error"))
    try bench.type("m")
    #expect(bench.screen().contains("Funnel"))
  }

  @Test func thePreviewShowsTheRowBeforeAndAfter() throws {
    let bench = try Bench()
    try bench.type("enter end k")
    bench.model.settle()
    func preview() throws -> [String] {
      try bench.model.screen(ReviewScreen.self).previewLines(width: 100).map { $0.line.map(\.text).joined() }
    }
    let lines = try preview()
    #expect(lines.first == "Now: in the set")
    #expect(lines.contains { $0.contains("If step 5 is correct: out instead of in: label unfinished at step 6") })
    try bench.type("home j p")
    let shown = try preview()
    #expect(shown.contains("  The row loses") && shown.contains("  │ Answer: ⟦5⟧"))
    #expect(shown.contains("  The row gains") && shown.contains("  │ Answer: ⟦2⟧"))
    try bench.type("escape")
    #expect(bench.model.overlay == nil)
  }

  @Test func aReasonLeadsToItsSolutionsAndTheirReview() throws {
    let bench = try Bench()
    try bench.type("f3")
    bench.model.settle()
    let reasons = bench.curation.topRows
    let at = try #require(reasons.firstIndex(of: .reason(.deepMissesLabel)))
    for _ in 0..<at { try bench.type("j") }
    try bench.type("enter j")
    let id = try #require(bench.curation.id(of: bench.curation.selected))
    #expect(bench.curation.trainingSet.state?.index.reasons(of: id) == [.deepMissesLabel])
    try bench.type("enter")
    #expect(bench.review?.stored.id == id)
    #expect(bench.queue.ids == [id])
    #expect(bench.queue.subset == "deep misses the label")
    try bench.type("q escape")
    #expect(bench.queue.ids.count == 31)
    #expect(bench.queue.subset == nil)
  }

  @Test func aSolutionIsKeptOutWithOneKeyAndBroughtBackWithAnother() throws {
    let bench = try Bench()
    try bench.type("f3")
    bench.model.settle()
    try bench.type("enter j")
    let id = try #require(bench.curation.id(of: bench.curation.selected))
    let before = bench.curation.count(of: .included)
    try bench.type("!")
    #expect(bench.curation.trainingSet.state?.index.reasons(of: id) == [.excluded])
    #expect(bench.curation.count(of: .included) == before - 1)
    try bench.type("u")
    #expect(bench.curation.count(of: .included) == before)
    #expect(bench.curation.trainingSet.state?.index.contains(id) == true)
  }

  @Test func aReviewNamesItsExportedSetsAndASetLeadsBackToIt() async throws {
    let bench = try Bench()
    try bench.type("f3")
    bench.model.settle()
    try bench.type("T")
    #expect(bench.model.message?.text.contains("No exported sets yet") == true)
    let curator = try Curator(of: bench.workspace)
    _ = try await curator.export(.sft(.messages), to: bench.folder.path + "/one", program: "test")
    let key = try #require(try bench.workspace.rows([1], reviewer: "").first).key
    _ = try bench.workspace.record(
      ReviewDecision(solution: key, .placement(.out, note: "too easy")), by: ReviewContext(reviewer: "lead"))
    _ = try await curator.export(.sft(.messages), to: bench.folder.path + "/two", program: "test")
    // From the list of sets to the rows, and to the solution.
    try bench.type("T")
    #expect(bench.screen().contains("Exported sets"))
    try bench.type("j enter")
    #expect(try bench.workspace.datasets()[1].rows == bench.queue.ids.count)
    try bench.type("enter")
    #expect(bench.review?.stored.id == 1)
    // And from the solution to its sets, with the decision behind.
    bench.model.settle()
    try bench.type("p")
    let lines = try #require(bench.model.overlay).describe()
    #expect(lines.contains { $0.hasPrefix("  Set 2 (sft, ") && $0.hasSuffix(": kept out") })
    #expect(lines.contains { $0.hasPrefix("    excluded by lead, ") && $0.hasSuffix(": too easy") })
    #expect(lines.contains { $0.hasPrefix("  Set 1 (sft, ") && $0.hasSuffix(": train row 1, first error 5") })
    try bench.type("esc q q")
    #expect(bench.model.top is CurationScreen)
  }
}
