import DeepCriticCore
import Foundation
import Terminal
import Testing

@testable import Workbench

/// Blind review, from the first verdict to the reveal.
@Suite struct BlindBehaviour {
  private static let stepByStep = "[review]\nreveal = \"step\"\n"

  /// Another reviewer's verdicts on a solution.
  private func reviewed(_ bench: Bench, by name: String, _ ratings: [Rating], id: Int64 = 1) throws {
    let key = try bench.workspace.solution(id).key
    for (index, rating) in ratings.enumerated() {
      try bench.workspace.record(
        ReviewDecision(solution: key, step: index + 1, .verdict(rating)), by: ReviewContext(reviewer: name))
    }
  }

  @Test func nothingIsShownBeforeTheSolutionIsFinished() throws {
    let bench = try Bench(mode: .blind)
    try reviewed(bench, by: "ada", [.correct, .correct, .incorrect])
    try bench.type("enter y")
    #expect(bench.model.review?.step == 2, "a verdict goes on to the next step")
    for key in ["k", "p", "A", "=", "O", "1", "r"] {
      try bench.type(key)
      let screen = bench.screen()
      #expect(!screen.contains("says") && !screen.contains("ada") && !screen.contains("label  "), "\(key)")
      #expect(bench.model.review?.isAnyRevealed(mode: .blind) == false)
    }
    try bench.type("home j n")
    #expect(
      bench.model.message?.text
        == "Step 2 incorrect: labels stop here. The imported first error is step 5. Done; ⏎ for the next solution. "
        + "4 later steps need none.")
    let screen = bench.screen()
    #expect(screen.contains("label") && screen.contains("deep"), "all is shown now")
    try bench.type("k")
    #expect(bench.screen().contains("✓"))
    #expect(try bench.workspace.events().suffix(2).allSatisfy { $0.mode == .blind && $0.basis == Decision.sealed })
  }

  @Test func aVerdictChangedBeforeTheRevealIsStillBlind() throws {
    let bench = try Bench(mode: .blind)
    try bench.type("enter y k n")
    #expect(bench.model.review?.view.firstError == 1, "nobody is asked about it")
    #expect(try bench.workspace.events().map(\.mode) == [.blind, .blind])
    #expect(
      try ReviewedSolution(key: "k", events: bench.workspace.events()).firstVerdicts()["rt"]?[1]?.rating == .incorrect)
  }

  @Test func aChangeBehindTheRevealIsAskedAboutOnce() throws {
    let bench = try Bench(mode: .blind)
    try bench.type("enter n")
    #expect(bench.model.review?.isAnyRevealed(mode: .blind) == true)
    // A stray key changes nothing, and neither does another one after the question.
    for keys in ["y", "o", "y j k y", "backspace", "y f12 escape y", "y ~ y"] {
      try bench.type("home \(keys)")
      #expect(bench.model.review?.mine(1) == .incorrect, "\(keys)")
    }
    try bench.type("o y")
    #expect(
      bench.model.message?.text
        == "Your verdict on step 1 was incorrect before its label was shown. y again changes it to correct; any other key keeps it."
    )
    try bench.type("y")
    #expect(bench.model.review?.mine(1) == .correct)
    #expect(
      bench.model.message?.text
        == "Step 1 correct, changed after its label was shown. Recorded as audit: you have seen labels of this solution."
    )
    let last = try #require(try bench.workspace.events().last)
    #expect(last.mode == .audit && last.basis == "change from:-1")
    // Hidden again, and yet seen.
    #expect(bench.model.review?.isAnyRevealed(mode: .blind) == false)
    try bench.type("n")
    #expect(bench.model.message?.text.hasSuffix("Recorded as audit: you have seen labels of this solution.") == true)
  }

  @Test func whatWasSeenIsKnownAfterARestart() throws {
    let bench = try Bench(mode: .blind)
    try bench.type("enter n u")
    let stored = try bench.workspace.solution(1)
    #expect(stored.seen == ["rt"] && stored.views["rt"]?.verdicts.isEmpty != false)
    let again = try Navigator(
      session: Session(workspace: bench.workspace, settings: bench.model.session.settings, reviewer: "rt"),
      keyMap: KeyMap(), size: Size(width: 120, height: 40), glyphs: .unicode, environment: [:])
    again.session.mode = .blind
    for key in [Key.enter, .character("y")] { again.handle(key) }
    #expect(try bench.workspace.events().last?.mode == .audit)
  }

  @Test func aWorkspaceMayRevealStepByStep() throws {
    let bench = try Bench(mode: .blind, settingsText: Self.stepByStep)
    try reviewed(bench, by: "ada", [.correct, .incorrect])
    try bench.type("enter y")
    #expect(bench.model.review?.step == 1, "what is shown is looked at first")
    #expect(bench.screen().contains("says"))
    #expect(!bench.screen().contains("ada"), "others stay hidden")
    #expect(bench.model.disabledReason("consequences")?.contains("finished the solution") == true)
    try bench.type("j")
    #expect(!bench.screen().contains("says"), "the next step is hidden")
    try bench.type("y")
    #expect(bench.model.message?.text == "Step 2 correct. Recorded as audit: you have seen labels of this solution.")
    let mine = try bench.workspace.events().filter { $0.reviewer == "rt" }
    #expect(mine.map(\.mode) == [.blind, .audit] && mine[0].basis == nil)
  }

  @Test func aWrongSettingIsNamed() throws {
    #expect {
      _ = try Bench(settingsText: "[review]\nreveal = \"always\"\n")
    } throws: {
      "\($0)".contains("'review.reveal' must be \"solution\" or \"step\"")
    }
  }

  // MARK: - Several verdicts at once

  @Test(arguments: [ReviewMode.audit, .blind]) func oneKeyNamesTheFirstError(mode: ReviewMode) throws {
    let bench = try Bench(mode: mode)
    try bench.type("enter j o end k k")
    #expect(bench.model.review?.step == 4)
    try bench.type("N")
    let review = try #require(bench.model.review)
    #expect(review.view.ratings(count: 6) == [.correct, .neutral, .correct, .incorrect, nil, nil])
    #expect(
      bench.model.message?.text
        == "Step 4 incorrect: your first error; 2 steps before it correct."
        + (mode == .blind ? " The imported first error is step 5." : "") + " Done; ⏎ for the next solution.")
    let events = try bench.workspace.events()
    #expect(Set(events.suffix(3).map(\.batch)).count == 1 && events.last?.batch != nil)
    #expect(events.allSatisfy { $0.mode == mode })
    // One undo, one redo.
    try bench.type("u")
    #expect(bench.model.review?.view.ratings(count: 6) == [nil, .neutral, nil, nil, nil, nil])
    #expect(bench.model.review?.isAnyRevealed(mode: .blind) == false)
    #expect(try bench.workspace.views(of: review.stored.key)["rt"] == bench.model.review?.view)
    try bench.type("ctrl-r")
    #expect(bench.model.review?.view.firstError == 4)
    #expect(try bench.workspace.rows([1], reviewer: "rt").first?.state == .complete)
  }

  @Test(arguments: [ReviewMode.audit, .blind]) func oneKeyMakesTheRestCorrect(mode: ReviewMode) throws {
    let bench = try Bench(mode: mode)
    try bench.type("enter y o Y")
    let review = try #require(bench.model.review)
    #expect(review.view.ratings(count: 6) == [.correct, .neutral, .correct, .correct, .correct, .correct])
    #expect(
      bench.model.message?.text
        == "4 steps without your verdict rated correct."
        + (mode == .blind ? " The imported first error is step 5." : "") + " Done; ⏎ for the next solution.")
    #expect(bench.queue.progress.done == 1 && bench.queue.progress.today == 6)
    try bench.type("u")
    #expect(bench.model.review?.missingSteps == 4 && bench.queue.progress.done == 0)
    try bench.type("ctrl-r")
    #expect(bench.model.review?.missingSteps == 0)
  }

  @Test func noVerdictOfMineIsOverwritten() throws {
    let bench = try Bench()
    try bench.type("enter y k N")
    #expect(bench.model.message?.text == "Your verdict on step 1 is correct: n changes it.")
    try bench.type("j n j N")
    #expect(bench.model.message?.text == "Your first error is step 2: change that verdict first.")
    try bench.type("k N")
    #expect(bench.model.message?.text == "Step 2 is your first error already.")
    try bench.type("Y")
    #expect(bench.model.message?.text == "Every step up to your first error, step 2, has your verdict.")
    #expect(try bench.workspace.events().count == 2)
    // Nothing is needed after the first error, and so nothing is given there.
    try bench.type("] j j n Y")
    #expect(bench.model.review?.view.verdicts.keys.max() == 3)
  }

  @Test func plainTextTakesThemByNameAndKey() throws {
    let bench = try Bench()
    var output: [String] = []
    var input = ["open 1", "step 3", "N", "open 2", "verdict.rest-correct", "verdict.rest-correct", "quit"][...]
    let front = try LinearFrontEnd(session: bench.model.session, prompts: false, unicode: true) { output.append($0) }
    front.run { _ in input.popFirst() }
    let text = output.joined(separator: "\n")
    #expect(text.contains("Step 3 incorrect: your first error; 2 steps before it correct."))
    #expect(text.contains("Every step has your verdict."))
  }

  @Test func aHeldKeyGivesThemOnce() throws {
    let bench = try Bench()
    bench.model.context.heldKey.interval = .seconds(5)
    try bench.type("enter j j N N")
    #expect(bench.model.message?.text.contains("held down") == true)
  }

  @Test func theSourceIsCopiedByItsKey() throws {
    let bench = try Bench()
    try bench.type("enter ctrl-y")
    guard case .copy = bench.model.takeEffect() else {
      Issue.record("nothing was copied")
      return
    }
  }
}
