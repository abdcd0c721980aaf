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
    try bench.type("x")
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
    try bench.type("y")
    #expect(bench.model.review?.step == 5, "the reveal is shown before moving on")
    #expect(bench.screen().contains("says ✗ incorrect"))
    try bench.type("n")
    let events = try bench.workspace.events()
    #expect(events.map(\.value) == ["1", "-1"], "both answers are kept")
    #expect(events.allSatisfy { $0.mode == .blind })
  }

  @Test func blindModeHidesLabelsInTheQueue() throws {
    let bench = try Bench(mode: .blind)
    let rows = bench.screen().split(separator: "\n").filter { $0.contains("solutions-") }
    #expect(rows.count == 31)
    for row in rows { #expect(row.contains("?") && !row.contains("none") && !row.contains("initial was wrong")) }
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
    #expect(bench.model.message?.text == "There is nothing to undo.")
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
    try bench.type("enter")
    let text = try #require(bench.model.review?.view.comments.first?.text)
    #expect(!text.contains("\u{1b}") && !text.contains("\n"))
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
    #expect(bench.screen() == first)
  }

  @Test func anotherProcessesDecisionsAppear() throws {
    let bench = try Bench()
    try bench.type("enter")
    let other = try Workspace(at: bench.workspace.path)
    let key = try #require(bench.model.review?.stored.key)
    try other.record(
      Decision(solution: key, step: 1, kind: .verdict, value: "-1"), by: ReviewContext(reviewer: "ana"))
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
    for place in [Place.queue, .review] {
      var taken: [Key: ActionID] = [:]
      for action in ActionTable.all where action.places.contains(place) || action.places.contains(.everywhere) {
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
    #expect(throws: KeyMap.Problem.self) { try KeyMap(overrides: ["verdict.wrong": ["w"]]) }
    #expect(throws: KeyMap.Problem.self) { try KeyMap(overrides: ["undo": ["ctrl-alt-del"]]) }
  }

  @Test func unavailableActionsSayWhy() throws {
    let bench = try Bench(files: [])
    for action in ActionTable.all {
      if let reason = bench.model.unavailable(action.id) {
        #expect(reason.hasSuffix(".") && reason.count > 10, "\(action.id): \(reason)")
      }
    }
    try bench.type("enter")
    #expect(bench.model.message?.text.contains("deepcritic import") == true)
  }
}
