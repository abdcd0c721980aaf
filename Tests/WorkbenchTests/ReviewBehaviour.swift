import DeepCriticCore
import Foundation
import Terminal
import Testing

@testable import Workbench

/// What a reviewer's keys do.
@Suite struct ReviewBehaviour {
  @Test func oneKeyPerVerdict() throws {
    let bench = try Bench()
    try bench.type("enter y o n")
    let review = try #require(bench.model.review)
    #expect(review.view.ratings(count: 3) == [.correct, .neutral, .incorrect])
    #expect(review.view.firstError == 3)
    #expect(bench.model.message?.text.contains("labels stop here") == true)
    // After a −1 no later step needs a verdict.
    #expect(review.view.state(count: review.stepCount) == .complete)
    try bench.type("enter")
    #expect(bench.model.review?.stored.name == "solutions-2")
  }

  @Test func acceptAndFixCostOneKeyEach() throws {
    let bench = try Bench()
    try bench.type("enter end k")  // step 5, where the merged critique says −1
    #expect(bench.model.review?.step == 5)
    try bench.type("a")
    #expect(bench.model.review?.mine(5) == .incorrect)
    // The steps before it are still open: the first of them comes next.
    #expect(bench.model.review?.step == 1)
    try bench.type("end k x")
    #expect(bench.model.review?.mine(5) == .correct)
    let events = try bench.workspace.events()
    #expect(events.map(\.basis) == ["accept merged:-1", "fix merged:-1"])
    #expect(events.allSatisfy { $0.mode == .audit && $0.reviewer == "rt" && $0.elapsed != nil })
  }

  @Test func acceptSaysWhyItCannot() throws {
    let bench = try Bench()
    try bench.type("enter end a")  // step 6 has no critique
    #expect(bench.model.message?.text.contains("no merged critique") == true)
    #expect(try bench.workspace.events().isEmpty)
  }

  @Test func blindModeHidesUntilTheVerdict() throws {
    let bench = try Bench(mode: .blind)
    try bench.type("enter end k")
    #expect(!bench.screen().contains("answer 5.40"))
    #expect(!bench.screen().contains("says"))
    #expect(!bench.screen().contains("The initial critique accepts"))
    try bench.type("a")
    #expect(bench.model.message?.text.contains("blind") == true)
    try bench.type("Y")
    #expect(bench.screen().contains("✗ incorrect, misses the label"), "the label is mine now")
    try bench.type("n n")
    let events = try bench.workspace.events().filter { $0.step == 5 }
    #expect(events.map(\.value) == ["1", "-1"], "both answers are kept")
    #expect(events.map(\.mode) == [.blind, .audit], "the second was given after the reveal")
  }

  @Test func aVerdictIsBlindOnlyIfTheLabelWasNeverSeen() throws {
    let bench = try Bench(mode: .blind)
    try bench.type("enter m m y")  // read in audit mode, then switched to blind again
    try bench.type("] n delete delete y")  // blind; cleared after the reveal, then given again
    #expect(try bench.workspace.events().map(\.mode) == [.audit, .blind, .audit, .audit])
    // After a restart the log still shows what was seen.
    let again = try Navigator(
      session: bench.model.session, keyMap: KeyMap(), size: Size(width: 120, height: 40), glyphs: .unicode)
    again.handle(.down)
    again.handle(.enter)
    for name in ["u", "n"] { again.handle(try #require(Key(name))) }
    #expect(try bench.workspace.events().last?.mode == .audit)
  }

  @Test func blindModeTellsNothingThroughOrderFilterOrNotes() throws {
    let bench = try Bench()
    try bench.type("t enter end k")
    #expect(
      bench.screen().contains("alternative")
        || bench.model.review?.stored.solution.steps[0].alternatives.isEmpty == true)
    try bench.type("q m")
    #expect(bench.model.queue.sort == .imported, "the order by disagreement would tell")
    for _ in WorkspaceSchema.complete.sorts {
      try bench.type("t")
      #expect(bench.model.queue.sort != .disagreement && bench.model.queue.sort != .firstError)
    }
    try bench.type("/")
    bench.write("label:wrong")
    try bench.type("enter")
    #expect(bench.model.message?.text.contains("blind") == true && bench.model.queue.ids.count == 31)
    try bench.type("escape home enter end k A")
    #expect(!bench.screen().contains("alternative 1") && !bench.screen().contains("2 alternatives"))
  }

  @Test func aKeyHeldDownGivesOneVerdict() throws {
    let bench = try Bench()
    bench.model.context.heldKey.interval = .seconds(5)
    try bench.type("enter y y y y")
    #expect(try bench.workspace.events().count == 1)
    #expect(bench.model.message?.text.contains("held down") == true)
    try bench.type("n")
    #expect(try bench.workspace.events().count == 2)
  }

  @Test func aKeyPressedWhileTheProgramWasBusyIsNoKeyHeldDown() {
    let start = ContinuousClock.now
    var held = HeldKeyGuard()
    held.interval = .milliseconds(80)
    /// Handles a key that came at once, or some time after the input was last seen empty.
    func isHeld(at handled: Int, waitingSince: Int? = nil) -> Bool {
      held.waitingSince = waitingSince.map { start + .milliseconds($0) }
      return held.isHeldDown(.verdictCorrect, now: start + .milliseconds(handled))
    }
    // Pressed at some time within 200 ms in which another process wrote, and handled after them.
    #expect(!isHeld(at: 200, waitingSince: 0))
    // The next press, 30 ms after the first one was handled.
    #expect(!isHeld(at: 230))
    #expect(isHeld(at: 260))
    // Keys that piled up are those of a key held down.
    #expect(!isHeld(at: 500, waitingSince: 300))
    #expect(isHeld(at: 501, waitingSince: 300))
  }

  @Test func theSameVerdictAgainIsNoDecision() throws {
    let bench = try Bench()
    try bench.type("enter end n end n end n")
    #expect(try bench.workspace.events().count == 1)
    #expect(bench.model.message?.text == "Your verdict on step 6 is incorrect already.")
  }

  @Test func aWrongClockIsSpokenOfOnce() throws {
    let bench = try Bench()
    let key = try bench.workspace.solution(1).key
    let later = Int64(Date().timeIntervalSince1970 * 1000) + 3_600_000 * 50
    try bench.workspace.merge([
      ReviewEvent(solution: key, step: 2, kind: .verdict, value: "1", reviewer: "ada", at: later)
    ])
    try bench.type("enter y")
    #expect(bench.model.message?.text.contains("1 decision by ada is dated 2 days ahead of this clock") == true)
    try bench.type("y")
    #expect(bench.model.message?.text.contains("ada") != true)
    #expect(try bench.workspace.events().filter { $0.reviewer != "ada" }.allSatisfy { $0.at < later - 3_600_000 })
  }

  /// Said at once, without a key, and once.
  @Test func aDeletedLogIsSaidWhileNobodyTypes() throws {
    let bench = try Bench()
    try bench.type("enter y")
    let file = bench.workspace.databasePath + "-wal"
    try FileManager.default.removeItem(atPath: file)
    #expect(bench.model.refreshIfChanged())
    #expect(bench.screen().contains("NOT SAVED"))
    #expect(bench.model.message?.text.contains("workspace.sqlite-wal was deleted or moved") == true)
    #expect(!bench.model.refreshIfChanged())
    try bench.type("y")
    #expect(try bench.workspace.events().count == 1)
    let told = try #require(bench.model.message?.text)
    // Where something reads in the background, the log cannot be moved, and the decisions go to a file of their own.
    #expect(
      told.contains("Everything that was saved before is in workspace.sqlite") || told.contains("rescued-reviews-"))
  }

  @Test func aTextThatCannotBeSavedIsKept() throws {
    let bench = try Bench()
    try bench.type("enter c")
    bench.write("worth keeping")
    // What is decided beside the review must not open a new file in the place of the one that is away.
    bench.model.settle()
    let file = bench.workspace.databasePath
    func whileAway(_ body: () throws -> Void) throws {
      try FileManager.default.moveItem(atPath: file, toPath: file + ".away")
      try body()
      try FileManager.default.moveItem(atPath: file + ".away", toPath: file)
    }
    try whileAway {
      try bench.type("enter")
      #expect(bench.screen().contains("worth keeping") && bench.screen().contains("NOT SAVED"))
    }
    try bench.type("enter")
    #expect(bench.model.review?.view.comments.map(\.text) == ["worth keeping"])
    #expect(!bench.screen().contains("NOT SAVED"))
    // A text from the editor is opened again the next time.
    try bench.type("C")
    #expect(bench.model.takeEffect() == .edit("worth keeping"))
    try whileAway { bench.model.finishEditing("two lines\nfrom the editor") }
    #expect(bench.model.message?.text.contains("C offers your text again.") == true)
    try bench.type("C enter")
    #expect(bench.model.takeEffect() == .edit("two lines\nfrom the editor"))
  }

  @Test func aMarkNeedsAReason() throws {
    let bench = try Bench()
    try bench.type("enter X enter")
    #expect(try bench.workspace.events().isEmpty)
    bench.write("too long")
    try bench.type("enter")
    #expect(bench.model.review?.view.mark?.reason == "too long")
  }

  @Test func escapeNeverEndsTheProgram() throws {
    let bench = try Bench()
    try bench.type("/")
    bench.write("state:todo croissant")
    try bench.type("enter escape")
    #expect(bench.model.queue.ids.count == 31 && bench.model.takeEffect() == nil)
    try bench.type("escape")
    #expect(bench.model.takeEffect() == nil)
    try bench.type("q")
    #expect(bench.model.takeEffect() == .quit)
  }

  @Test func whatIsLeftToDoIsFoundInBothDirections() throws {
    let bench = try Bench()
    for _ in 0..<3 { try bench.type("enter n"); try bench.type("]"); try bench.type("q") }
    try bench.type("enter")
    #expect(bench.model.review?.stored.name == "solutions-4")
    try bench.type("<")
    #expect(bench.model.review?.stored.name == "solutions-31")
    try bench.type(">")
    #expect(bench.model.review?.stored.name == "solutions-4")
  }

  @Test func referenceAndAlternativesCanBeRead() throws {
    let bench = try Bench()
    try bench.type("enter end k A")
    #expect(bench.screen().contains("alternative 1") && bench.screen().contains("alternative 2"))
    try bench.type("H")
    #expect(bench.screen().contains("reference solution"))
  }

  @Test func aCritiqueOfTheWholeSolutionIsShown() throws {
    let bench = try Bench(files: [])
    let row =
      #"{"messages":[{"role":"system","content":"s"},{"role":"user","content":"<Problem>\nWhat is 1+1?\n</Problem>\n\n<Solution>\nStep 1: It is 3.\n</Solution>"},{"role":"assistant","content":"Adding one to one gives two, not three.\n\n**Answer**: \\boxed{1}"}]}"#
    let path = bench.folder.path + "/sft.jsonl"
    try row.write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try bench.workspace.importFile(path).added == 1)
    try bench.model.queue.reload()
    try bench.type("enter")
    #expect(bench.screen().contains("Adding one to one") && bench.screen().contains("of the whole solution"))
  }

  @Test func blindModeHidesLabelsInTheQueue() throws {
    let bench = try Bench(mode: .blind)
    let rows = bench.screen().split(separator: "\n").filter { $0.contains("solutions-") }
    #expect(rows.count == 31)
    for row in rows { #expect(!row.contains("none") && !row.contains("initial was wrong")) }
  }

  @Test func undoGoesBackAcrossSolutions() throws {
    let bench = try Bench()
    try bench.type("enter y ] y ] n")
    #expect(bench.model.review?.stored.name == "solutions-3")
    try bench.type("u")
    #expect(bench.model.review?.stored.name == "solutions-3" && bench.model.review?.mine(1) == nil)
    try bench.type("u")
    #expect(bench.model.review?.stored.name == "solutions-2" && bench.model.review?.step == 1)
    try bench.type("u")
    #expect(bench.model.review?.stored.name == "solutions-1")
    try bench.type("u")
    #expect(bench.model.message?.text == "There is nothing to undo." && bench.model.review != nil)
    try bench.type("ctrl-r ctrl-r")
    #expect(bench.model.review?.stored.name == "solutions-2" && bench.model.review?.mine(1) == .correct)
  }

  @Test func undoFromTheQueueSelectsTheSolution() throws {
    let bench = try Bench()
    try bench.type("enter y q end u")
    #expect(bench.model.review == nil)
    #expect(bench.model.queue.list.selected == 0)
    #expect(bench.model.message?.text == "Undone: correct on step 1 of solutions-1.")
  }

  @Test func commentsFlagsAndMarks() throws {
    let bench = try Bench()
    try bench.type("enter f c")
    bench.write("Is the y key typed, or does it fire? yno")
    try bench.type("enter")
    var view = try #require(bench.model.review?.view)
    #expect(view.comments.map(\.text) == ["Is the y key typed, or does it fire? yno"])
    #expect(view.flags == [1] && view.verdicts.isEmpty)
    try bench.type("b")
    bench.write("two readings")
    try bench.type("enter")
    view = try #require(bench.model.review?.view)
    #expect(view.mark?.mark == .badProblem && view.mark?.reason == "two readings")
    try bench.type("u u u")
    #expect(bench.model.review?.view.isEmpty == true)
  }

  @Test func aPasteNeverFiresVerdictKeys() throws {
    let bench = try Bench()
    try bench.type("enter")
    bench.model.handlePaste("ynoax")
    #expect(try bench.workspace.events().isEmpty)
    try bench.type("c")
    bench.model.handlePaste("two\nlines\u{1b}[31m")
    try bench.type("ctrl-s")
    let text = try #require(bench.model.review?.view.comments.first?.text)
    #expect(text.hasPrefix("two\nlines") && !text.contains("\u{1b}"))
  }

  @Test func escapeLeavesALineUnchanged() throws {
    let bench = try Bench()
    try bench.type("enter c")
    bench.write("never")
    try bench.type("escape")
    #expect(try bench.workspace.events().isEmpty)
    #expect(bench.model.review != nil, "escape closed the line, not the review")
  }

  @Test func skippingGoesOnAndStaysToDo() throws {
    let bench = try Bench()
    try bench.type("enter s")
    #expect(bench.model.review?.stored.name == "solutions-2")
    try bench.type("q")
    let row = try #require(try bench.workspace.rows([1], reviewer: "rt").first)
    #expect(row.state == .skipped)
    try bench.type("/")
    bench.write("state:todo label:wrong")
    try bench.type("enter")
    #expect(bench.model.queue.ids.count == 18)
    try bench.type("backspace")
    #expect(bench.model.queue.ids.count == 31)
  }

  @Test func aBadFilterIsExplained() throws {
    let bench = try Bench()
    try bench.type("/")
    bench.write("state:finished")
    try bench.type("enter")
    #expect(bench.model.message?.text.contains("after 'state:' comes todo") == true)
    #expect(bench.model.queue.ids.count == 31)
  }

  @Test func reviewingMovesNothingUnderTheCursor() throws {
    let bench = try Bench()
    try bench.type("t t")  // to do first
    let before = bench.model.queue.ids
    try bench.type("enter n q")
    #expect(bench.model.queue.ids == before)
  }

  @Test func longCritiquesScrollAndStopAtTheirEnd() throws {
    let bench = try Bench(size: Size(width: 80, height: 24))
    try bench.type("enter")
    let first = bench.screen()
    try bench.type("page-down page-down page-down page-down page-down")
    let last = bench.screen()
    #expect(last != first && last.contains("⟦1⟧"))
    try bench.type("page-up page-up page-up page-up page-up page-up")
    #expect(bench.model.message?.text.hasSuffix("this is its beginning.") == true)
    bench.model.context.messages.current = nil
    #expect(bench.screen() == first)
  }

  @Test func anotherProcessesDecisionsAppear() throws {
    let bench = try Bench()
    try bench.type("enter")
    let other = try Workspace(at: bench.workspace.path)
    let key = try #require(bench.model.review?.stored.key)
    try other.record(
      ReviewDecision(solution: key, step: 1, .verdict(.incorrect)), by: ReviewContext(reviewer: "ana"))
    #expect(bench.model.refreshIfChanged())
    #expect(bench.screen().contains("ana: incorrect"))
    #expect(!bench.model.refreshIfChanged())
  }

  @Test func hostileTextCannotReachTheScreen() throws {
    let bench = try Bench(files: [])
    let evil =
      #"{"problem":"\u001b]0;pwned\u0007\u202Eevil\u0000","steps":["a\u001b[2J\u009b31m\r\n\fb","\u200fx\ud800y"],"label":-1,"id":"\u001b[31mid","generator":"g","final_answer_correct":true}"#
    let path = bench.folder.path + "/evil.jsonl"
    try evil.write(toFile: path, atomically: true, encoding: .utf8)
    let summary = try bench.workspace.importFile(path)
    #expect(summary.added == 1)
    try bench.model.queue.reload()
    for keys in ["", "enter", "v", "j"] {
      try bench.type(keys)
      for scalar in bench.screen().unicodeScalars where scalar != "\n" {
        #expect(scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value), "U+\(String(scalar.value, radix: 16))")
        #expect(!(0x202A...0x202E).contains(scalar.value) && scalar.value != 0x200F)
      }
    }
  }

  @Test func everyActionIsReachableAndSaysWhatItDoes() throws {
    let map = try KeyMap()
    let everywhere = Navigator.commands.all.map(\.action)
    for place in ActionTable.places where place.screen != nil {
      var taken: [Key: ActionID] = [:]
      for action in place.actions + everywhere {
        #expect(!action.summary.isEmpty && !action.title.isEmpty)
        let keys = map.keys(for: action.id)
        #expect(!keys.isEmpty, "\(action.id) has no key")
        for key in keys {
          #expect(taken[key] == nil || taken[key] == action.id, "\(key) is \(action.id) and \(taken[key] ?? action.id)")
          taken[key] = action.id
        }
      }
    }
  }

  @Test func keysCanBeRemappedByName() throws {
    let bench = try Bench(keys: ["verdict.correct": ["c"], "comment.line": ["ctrl-k"]])
    try bench.type("enter c")
    #expect(bench.model.review?.mine(1) == .correct)
    #expect(bench.screen().contains("c ✓"))
    #expect(throws: KeyMapError.self) { try KeyMap(overrides: ["verdict.wrong": ["w"]]) }
    #expect(throws: KeyMapError.self) { try KeyMap(overrides: ["undo": ["ctrl-alt-del"]]) }
  }

  @Test func unavailableActionsSayWhy() throws {
    let bench = try Bench(files: [])
    for action in ActionTable.all {
      if let reason = bench.model.disabledReason(action.id) {
        #expect(reason.hasSuffix(".") && reason.count > 10, "\(action.id): \(reason)")
      }
    }
    try bench.type("enter")
    #expect(bench.model.message?.text.contains("deepcritic import") == true)
  }
}
