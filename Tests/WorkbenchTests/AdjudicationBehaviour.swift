import DeepCriticCore
import Terminal
import Testing

@testable import Workbench

/// The adjudication screen.
@Suite struct AdjudicationBehaviour {
  private func bench(mode: ReviewMode = .audit, size: Size = Size(width: 120, height: 40)) throws -> Bench {
    let bench = try Bench(size: size, mode: mode)
    try bench.reviewedByTwo()
    try bench.type("f7")
    bench.model.settle()
    return bench
  }

  @Test func conflictsAreShownWithBothSides() throws {
    let bench = try bench()
    let conflicts = bench.adjudication.conflicts
    #expect(conflicts.map(\.solution) == [2, 4] && conflicts.map(\.step) == [2, 1])
    let screen = bench.screen()
    #expect(screen.contains("2 open · 0 settled"))
    #expect(screen.contains("The sign is lost here."))
    #expect(screen.contains("ana  ✗ incorrect"))
  }

  /// Every outcome takes one key, and each can be undone.
  @Test(arguments: [("y", Rating.correct), ("o", .neutral), ("n", .incorrect)])
  func oneKeySettles(key: String, rating: Rating) throws {
    let bench = try bench()
    try bench.type(key)
    let event = try #require(try bench.workspace.events().last)
    #expect(event.kind == .adjudication && event.step == 2 && event.value == String(rating.rawValue))
    #expect(event.reviewer == "rt" && event.note == nil)
    #expect(bench.adjudication.selected?.settled?.rating == rating)
    #expect(bench.adjudication.selected?.solution == 2, "nothing moves under the cursor")
    #expect(bench.model.message?.text.contains("settled as \(rating.word). 1 left") == true)
    try bench.type("u")
    #expect(bench.adjudication.selected?.settled == nil)
    #expect(bench.model.message?.text.contains("Undone: settled as \(rating.word) on step 2") == true)
    #expect(bench.model.top.id == "adjudication")
    try bench.type("ctrl-r")
    #expect(bench.adjudication.selected?.settled?.rating == rating)
    try bench.type("delete")
    #expect(bench.adjudication.selected?.settled == nil)
    #expect(try bench.workspace.events().last?.value == "")
  }

  @Test func aReasonGoesWithTheDecision() throws {
    let bench = try bench()
    try bench.type("c")
    bench.write("Both signs change.")
    try bench.type("enter n")
    #expect(try bench.workspace.events().last?.note == "Both signs change.")
    #expect(bench.screen().contains("by rt: Both signs change."))
    // It is this conflict's reason, not the next one's.
    try bench.type("enter y")
    #expect(try bench.workspace.events().last?.note == nil)
    #expect(bench.model.message?.text.contains("No conflict is left.") == true)
    try bench.type("enter")
    #expect(bench.model.message?.text == "No other conflict is open.")
  }

  /// What each outcome would change is shown before, and holds after.
  @Test func consequencesAreToldBeforeTheDecision() throws {
    let bench = try bench()
    func line() throws -> String {
      try #require(bench.screen().split(separator: "\n").map(String.init).first { $0.hasPrefix(" Training set: ") })
    }
    let before = try line()
    #expect(before.contains("out: ") && before.contains("✓ here would put it in."))
    try bench.type("y")
    let after = try line()
    #expect(after.contains("Training set: in.") && !after.contains("✓ here"), "it is so already")
    // The other outcome would undo that, with a reason that holds after it.
    let told = try #require(bench.adjudication.consequences?.verdicts.first { $0.rating == .incorrect }?.words)
    let reason = try #require(told.components(separatedBy: "take it out: ").last)
    try bench.type("n")
    _ = try line()
    let now = try #require(bench.adjudication.consequences?.now)
    #expect(now.contains("out: ") && now.contains(reason.prefix(20)))
  }

  @Test func theLabelThatTrainingUsesFollows() throws {
    let bench = try bench()
    try bench.type("y")
    let key = try #require(bench.adjudication.selected?.key)
    let resolved = try bench.workspace.reviewedSolution(key: key).resolution(LabelPolicy())
    #expect(resolved.labels[1]?.rating == .correct && resolved.labels[1]?.origin == .adjudication)
  }

  @Test func aProblemInDisputeIsSettledAsGoodOrBad() throws {
    let bench = try bench()
    let key = try #require(bench.workspace.rows([3], reviewer: "rt").first?.key)
    try bench.workspace.record(
      ReviewDecision(solution: key, .mark(.badProblem, reason: "two readings")),
      by: ReviewContext(reviewer: "ana"))
    try bench.type("f7")
    bench.model.settle()
    let place = try #require(bench.adjudication.conflicts.firstIndex { $0.isAboutProblem })
    bench.adjudication.list.select(place)
    let screen = bench.screen()
    #expect(screen.contains("ana  ✗ bad problem") && screen.contains("two readings"))
    #expect(screen.contains("rt  ✓ good problem"))
    #expect(screen.contains("Training set: out: bad problem (ana)"))
    try bench.type("o")
    #expect(bench.model.message?.text == "A problem is good or bad: y or n.")
    try bench.type("y")
    #expect(bench.model.message?.text.contains("is settled as good.") == true)
    #expect(bench.screen().contains("Training set: in"))
    try bench.type("u")
    #expect(bench.model.message?.text.contains("Undone: problem settled as good") == true)
    #expect(bench.screen().contains("Training set: out: bad problem (ana)"))
  }

  @Test func aConflictLeadsToItsSolution() throws {
    let bench = try bench()
    try bench.type("j l")
    #expect(bench.review?.stored.id == 4 && bench.review?.step == 1)
    #expect(bench.model.top.id == .review)
  }

  /// Who has not finished a solution does not see what others say about it.
  @Test func blindReviewersSeeConflictsOnlyWhenTheyAreDone() throws {
    let bench = try Bench(mode: .blind)
    let rows = try bench.workspace.rows([2], reviewer: "rt")
    let key = try #require(rows.first?.key)
    for (name, rating) in [("ana", Rating.correct), ("bo", .incorrect)] {
      try bench.workspace.record(
        ReviewDecision(solution: key, step: 1, .verdict(rating)), by: ReviewContext(reviewer: name))
    }
    try bench.type("f7")
    bench.model.settle()
    #expect(bench.adjudication.conflicts.isEmpty)
    let screen = bench.screen()
    #expect(screen.contains("In blind mode others are hidden"))
    #expect(!screen.contains("ana") && !screen.contains("bo "))
    try bench.type("n")
    #expect(try bench.workspace.events().count == 2, "nothing is settled that is not seen")
    try bench.type("m")
    #expect(bench.screen().contains("ana  ✓ correct"))
    try bench.type("m")
    #expect(!bench.screen().contains("ana  ✓ correct"))
    // Finished: now it may be seen.
    try bench.workspace.record(
      ReviewDecision(solution: key, step: 1, .verdict(.incorrect)), by: ReviewContext(reviewer: "rt", mode: .blind))
    try bench.type("f7")
    bench.model.settle()
    #expect(bench.adjudication.conflicts.count == 1)
  }

  /// Nor on the review screen: what others said about one step would reveal the next.
  @Test func blindReviewersSeeOthersVerdictsOnlyWhenTheyAreDone() throws {
    let bench = try Bench(mode: .blind)
    let key = try #require(try bench.workspace.rows([2], reviewer: "rt").first?.key)
    for step in 1...3 {
      try bench.workspace.record(
        ReviewDecision(solution: key, step: step, .verdict(step == 3 ? .incorrect : .correct)),
        by: ReviewContext(reviewer: "ana"))
    }
    try bench.model.review(2)
    try bench.type("y")
    #expect(!bench.screen().contains("ana: correct"), "two steps are left")
    try bench.type("y y h")
    #expect(bench.screen().contains("ana: incorrect"))
  }

  @Test func withoutConflictsItSaysSo() throws {
    let bench = try Bench()
    try bench.type("f7")
    bench.model.settle()
    #expect(bench.screen().contains("No conflicts."))
    try bench.type("y")
    #expect(try bench.workspace.events().isEmpty)
  }

  /// The same in sentences.
  @Test func plainTextSettlesToo() throws {
    let bench = try Bench()
    try bench.reviewedByTwo()
    var output: [String] = []
    var input = [
      "adjudication.open", "0", "adjudication.note A matter of taste.", "verdict.neutral", "statistics.open", "quit",
    ][...]
    let front = try LinearFrontEnd(session: bench.model.session, prompts: false, unicode: true) { output.append($0) }
    front.run { _ in input.popFirst() }
    let text = output.joined(separator: "\n")
    #expect(text.contains("There are 2 conflicts here."), "a number does not settle")
    #expect(text.contains("Conflict 1 of 2, 2 open:"))
    #expect(text.contains("ana: incorrect, labels open."))
    #expect(text.contains("ana writes: The sign is lost here."))
    #expect(text.contains("Settled as neutral by rt: A matter of taste."))
    #expect(text.contains("Steps and problems on which reviewers disagree"))
  }
}
