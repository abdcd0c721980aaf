import DeepCriticCore
import Foundation
import Recording
import Terminal
import TestSupport
import Testing

@testable import Workbench

/// A talk that is given, and what helps before an audience.
@Suite struct StageBehaviour {
  static let file = packageRoot.appendingPathComponent("SampleData/talk/talk.toml").path

  /// The sample talk on the sample data.
  static func bench(size: Size = Size(width: 120, height: 40)) throws -> Bench {
    let place = try TalkTests.Place()
    let talk = try place.read(file: file)
    let bench = try Bench(size: size)
    bench.demonstration.playback.now = { [at = ContinuousClock.now] in at }
    try bench.model.begin(with: .talk(talk))
    return bench
  }

  private var solution12: String {
    "Which step?\n\n# Solution\n" + (1...12).map { "Step \($0): It is \($0).\n\n" }.joined()
  }

  @Test func itemsFollowOneAnother() throws {
    let bench = try Self.bench()
    #expect(bench.model.top.id == .demonstration && bench.screen().contains("Is every step right?"))
    try bench.type("]")
    #expect(bench.model.top.id == .live && bench.screen().contains("Your turn, then the critic's"))
    #expect(bench.model.stack.count == 1)
    try bench.type("]")
    #expect(bench.model.top.id == RecordingScreen.id && bench.screen().contains("solutions-1"))
    try bench.type("]")
    #expect(bench.model.top.id == RecordingScreen.id)
    #expect(bench.model.message?.text == "This is the last item; q ends the talk.")
    try bench.type("[ [")
    #expect(bench.model.top.id == .demonstration)
    try bench.type("[")
    #expect(bench.model.message?.text == "This is the first item.")
  }

  @Test func anItemIsAsItWasLeft() throws {
    let bench = try Self.bench()
    try bench.type("J 6 enter right W 7 escape ] 2 W down 5 escape")
    #expect(bench.live.round.guess == 2)
    try bench.type("[")
    #expect(bench.demonstration.votes.total == 7 && bench.demonstration.sceneName == "Step 6")
    #expect(bench.screen().contains("Paused."))
    try bench.type("]")
    #expect(bench.live.round.guess == 2 && bench.live.votes.total == 5)
    try bench.type("[ r")
    #expect(bench.demonstration.votes.total == 7 && bench.demonstration.time == 0)
  }

  @Test func theListGoesToAnItemByItsNumber() throws {
    let bench = try Self.bench()
    try bench.type("L 3 enter")
    #expect(bench.model.top.id == RecordingScreen.id)
    try bench.type("L")
    #expect(bench.screen().contains("2. Your turn, then the critic's") && bench.screen().contains("5 min"))
    try bench.type("up enter")
    #expect(bench.model.top.id == .live)
    #expect(bench.model.submit(.stageItems, text: "9") == false)
    #expect(bench.model.message?.text == "There are 3 items.")
  }

  @Test func twoDigitsNameOneItemOfTheList() throws {
    let bench = try Bench()
    var chosen: Int?
    bench.model.overlay = ChooserOverlay(
      bench.model.context, title: "T",
      items: (1...15).map { ChooserOverlay.Item(name: "i", about: "", number: $0) }
    ) { chosen = $0 }
    try bench.type("1 2 enter")
    #expect(chosen == 11)
  }

  @Test func leavingATalkInTheMiddleIsAskedAboutOnce() throws {
    let bench = try Self.bench()
    try bench.type("q")
    #expect(bench.model.takeEffect() == nil)
    #expect(bench.model.message?.text == "The talk is at item 1 of 3. The same key again ends it.")
    try bench.type("q")
    #expect(bench.model.takeEffect() == .quit)
    let other = try Self.bench()
    try other.type("L 3 enter q")
    #expect(other.model.takeEffect() == .quit)
  }

  @Test func outsideOfATalkThereAreNoItems() throws {
    let bench = try Bench()
    try bench.type("D")
    #expect(bench.model.disabledReason(.stageItems)?.contains("'deepcritic stage TALK' begins one") == true)
  }

  @Test func aKeyEndsTheBlackScreenAndDoesNothingElse() throws {
    let bench = try Bench()
    try bench.type("D right")
    let before = (bench.screen(), bench.demonstration.time)
    try bench.type("b")
    #expect(bench.screen().allSatisfy { $0 == " " || $0 == "\n" })
    #expect(bench.model.top.isMoving == false)
    try bench.type("right")
    #expect(bench.screen() == before.0 && bench.demonstration.time == before.1)
    try bench.type("b")
    bench.model.handlePaste("x")
    #expect(bench.screen() == before.0)
  }

  @Test func aCleanScreenShowsOnlyWhatWentWrong() throws {
    let bench = try Bench()
    try bench.type("D P")
    #expect(!bench.screen().contains("pause") && !bench.screen().contains("? keys"))
    #expect(Chrome.placedHints(bench.model).isEmpty)
    try bench.type("9")
    #expect(bench.screen().contains("There are 6 steps."))
    // What is typed is seen, and other screens have their keys.
    try bench.type("L f3")
    #expect(bench.screen().contains("? keys"))
    try bench.type("q P")
    #expect(bench.screen().contains("? keys") && bench.screen().contains("Keys and status are shown again."))
  }

  @Test func aStepOfTwoDigitsIsGuessed() throws {
    let bench = try Bench()
    try bench.type("@")
    bench.model.handlePaste(solution12)
    try bench.type("1")
    #expect(bench.live.round.guess == nil && bench.model.overlay is PromptOverlay)
    try bench.type("2 enter")
    #expect(bench.live.round.guess == 12)
    // No other number begins with 5.
    try bench.type("5")
    #expect(bench.live.round.guess == 5)
    try bench.type("0")
    #expect(bench.live.round.guess == -1)
  }

  @Test func votesAreCountedAndShownWithTheLabel() throws {
    let bench = try Bench()
    try bench.type("D J end up up up up up enter right")
    try bench.type("W down down down 1 2 down 7 end 3 escape")
    #expect(bench.demonstration.votes.words == "22 votes: 12 for step 4, 7 for step 5, 3 for no error.")
    #expect(bench.screen().contains("22 votes") && !bench.screen().contains("12 for step 4"))
    try bench.type("J end enter")
    let screen = bench.screen()
    #expect(screen.contains("people  votes") && screen.contains("22 votes: 12 for step 4"), "\(screen)")
    #expect(screen.contains("You said step 4: the critic saw more."))
    // A slip is put right, and hands that were counted stay counted.
    try bench.type("W end backspace escape")
    #expect(bench.demonstration.votes.total == 19)
    try bench.type("r ] [")
    #expect(bench.demonstration.votes.total == 19)
  }

  @Test func whatMostSayIsTheAudiencesGuess() async throws {
    let bench = try Bench()
    try bench.begin(live: [LiveBehaviour.right], challenge: true)
    try bench.type("W 4 down down down down 9 escape")
    #expect(bench.live.round.guess == 5)
    await bench.speak()
    let screen = bench.screen()
    #expect(screen.contains("13 votes: 9 for step 5, 4 for step 1."), "\(screen)")
    #expect(screen.contains("you are right") && screen.contains("label  votes"), "\(screen)")
    #expect(bench.live.round.rounds == 1)
    // What is counted late is shown, and nobody is judged twice.
    #expect(bench.model.submit(.audienceVotes, text: "2:5"))
    _ = bench.model.tick()
    #expect(bench.live.round.rounds == 1 && bench.screen().contains("5 votes: 5 for step 2."))
  }

  @Test func theListOfScenesNamesNoStepBeforeTheGuess() throws {
    let bench = try Bench()
    try bench.type("D J")
    #expect(bench.screen().contains("Initial critique") && !bench.screen().contains("critique of step"))
    try bench.type("end enter J")
    #expect(bench.screen().contains("Initial critique of step 5"))
  }

  @Test func votesOfALiveRoundStay() throws {
    let bench = try Bench()
    try bench.type("@ W down down 9 escape c c")
    #expect(bench.live.votes.total == 9 && bench.live.round.guess == 3)
    try bench.type("] [")
    #expect(bench.live.votes.total == 9)
  }

  @Test func controlCAsksInATalk() throws {
    let bench = try Self.bench()
    try bench.type("ctrl-c")
    #expect(bench.model.takeEffect() == nil)
    #expect(bench.model.message?.text == "The talk is at item 1 of 3. The same key again ends it.")
    try bench.type("ctrl-c")
    #expect(bench.model.takeEffect() == .quit)
    let other = try Self.bench()
    try other.type("escape")
    #expect(other.model.message?.text == "q quits the talk.")
  }

  /// A problem of many lines leaves room for the steps, and says that there is more of it.
  @Test func aLongProblemLeavesRoomForTheSteps() throws {
    let text =
      (1...14).map { "This is line \($0) of the problem.\n" }.joined()
      + "\n# Solution\nStep 1: It is one.\n\nStep 2: It is two.\n\nStep 3: It is three.\n"
    for size in [Size(width: 60, height: 20), Size(width: 80, height: 24)] {
      let bench = try Bench(size: size)
      try bench.begin(live: [LiveBehaviour.right], challenge: true, about: text)
      let screen = bench.screen()
      for step in ["It is one.", "It is two.", "It is three."] { #expect(screen.contains(step), "\(screen)") }
      if size.height == 20 { #expect(screen.contains("Z whole") && screen.contains("/14"), "\(screen)") }
    }
  }

  @Test func aChallengeBeginsAtTheFirstStep() throws {
    let bench = try Bench(size: Size(width: 60, height: 20))
    try bench.begin(live: [LiveBehaviour.right], challenge: true)
    let start = bench.screen()
    #expect(start.contains("  1  ") && start.contains(" 1–"), "\(start)")
    try bench.type("page-down page-down page-down page-down")
    #expect(bench.screen().contains("Answer: 6"), "\(bench.screen())")
    try bench.type("page-up page-up page-up page-up")
    #expect(bench.screen().contains(" 1–"))
  }

  @Test func votesForNoErrorHaveARow() throws {
    let bench = try Bench()
    try bench.type("D W 4 end 7 escape J end enter")
    #expect(bench.screen().split(separator: "\n").contains { $0.contains("No error") && $0.contains("7") })
  }

  @Test func aLiveItemPlaysOnlyItsOwnCritiques() throws {
    let bench = try Self.bench()
    try bench.type("] D")
    #expect(bench.model.top.id == .live)
    #expect(bench.model.message?.text == "This solution has no critiques that could be played.")
    // Raw source is a choice about the live screen.
    try bench.type("v [ J end enter")
    #expect(!bench.screen().contains("\\boxed"), "\(bench.screen())")
    try bench.type("]")
    #expect(bench.model.context.reading.isSource(.step))
  }

  @Test func aRecordingSaysThatItIsOne() throws {
    let bench = try Self.bench()
    try bench.type("L 3 enter")
    #expect(bench.screen().split(separator: "\n")[0].contains("How critiques are reviewed"))
    #expect(bench.screen().split(separator: "\n")[0].contains("recording"))
    bench.model.resize(to: Size(width: 60, height: 20))
    try bench.type("P")
    let screen = bench.screen()
    #expect(screen.contains("80×24 recording; the terminal has 60×20"), "\(screen)")
    #expect(!screen.contains("space pause"))
    #expect(bench.model.talk?.talk.items[2].terminalSize == Size(width: 80, height: 27))
  }

  @Test func aSceneIsGoneTo() throws {
    let bench = try Bench()
    try bench.type("D J 4 enter")
    #expect(bench.demonstration.sceneName == "Step 4")
    #expect(bench.model.submit(.demoScene, text: "2") && bench.demonstration.sceneName == "Step 2")
    #expect(!bench.model.submit(.demoScene, text: "x"))
    try bench.type("J end enter")
    #expect(bench.demonstration.sceneName == "Label")
  }

  @Test func whatHasNoRoomOpensInFull() throws {
    let bench = try Bench(size: Size(width: 80, height: 24))
    try bench.type("D J end enter")
    #expect(bench.screen().contains("…") && !bench.screen().contains("coffees?"))
    try bench.type("Z")
    #expect(bench.screen().contains("coffees?"))
    try bench.type("escape")
    #expect(bench.model.overlay == nil && bench.model.top.id == .demonstration)
    // With room there is nothing to open, and that is said.
    bench.model.resize(to: Size(width: 200, height: 60))
    #expect(bench.model.disabledReason(.stageOpen) == "Problem and step are shown in full.")
  }

  @Test func aRecordingPlays() throws {
    let bench = try Self.bench()
    try bench.type("L 3 enter")
    let recording = try bench.model.screen(RecordingScreen.self)
    var at = ContinuousClock.now
    recording.playback.now = { at }
    recording.restart()
    for _ in 0..<80 {
      at = at.advanced(by: .milliseconds(100))
      _ = bench.model.tick()
    }
    #expect(abs(recording.time - 8) < 0.3)
    #expect(bench.screen().contains("0:0"))
    try bench.type("right")
    #expect(abs(recording.time - 13) < 0.3)
    try bench.type("left left left left")
    #expect(recording.time == 0)
    try bench.type("space")
    #expect(bench.screen().contains("Paused."))
    // In the middle of a large screen, and said where the screen is too small.
    bench.model.resize(to: Size(width: 60, height: 20))
    try bench.type("r [ ]")
    #expect(bench.model.message?.text.contains("make the terminal's letters smaller") == true)
  }

  @Test func theNotesFollow() throws {
    let bench = try Self.bench()
    let talk = try #require(bench.model.talk)
    let start = Date()
    talk.now = { start }
    #expect(talk.state.scene == "Problem" && talk.state.next?.title == "Your turn, then the critic's")
    talk.now = { start.addingTimeInterval(70) }
    try bench.type("]")
    talk.now = { start.addingTimeInterval(100) }
    #expect(abs(talk.state.itemElapsed(talk.now()) - 30) < 1)
    try bench.type("[")
    // What an item took before counts.
    #expect(abs(talk.state.itemElapsed(talk.now()) - 70) < 1)
    try bench.type("W 3 escape b")
    #expect(talk.state.votes.total == 3 && talk.state.isBlack)
    let words = NotesView.sentences(.running(talk.state), after: nil, now: talk.now())
    #expect(words.first?.hasPrefix("A critic at work: 1:40 of 10:00") == true, "\(words)")
    #expect(words.contains("Next: Your turn, then the critic's (5 min)") && words.contains("The screen is black."))
  }

  @Test func notesAreDrawnAtEverySizeAndHostileOnesAreHarmless() throws {
    let now = Date()
    var state = TalkState(
      process: 1, path: "/t", title: "T\u{1B}[2J",
      items: [
        .init(title: "a\u{202E}b", notes: String(repeating: "word \u{1B}]0;x\u{07} ", count: 400), minutes: 1, spent: 0)
      ], index: 0, began: now, itemBegan: now, scene: "s", votes: AudienceVotes(), isBlack: true, beat: now)
    state.votes[3] = 5
    for size in [(1, 1), (5, 3), (20, 6), (60, 20), (200, 60)].map({ Size(width: $0.0, height: $0.1) }) {
      for scroll in [0, 3, 100_000] {
        var canvas = Canvas(size: size, theme: .terminal, glyphs: .unicode)
        var scroll = scroll
        NotesView.draw(&canvas, .running(state), now: now.addingTimeInterval(90), scroll: &scroll)
        #expect(!canvas.text().unicodeScalars.contains { $0.value == 0x1B || $0.value == 0x202E })
        NotesView.draw(&canvas, .absent(last: state), now: now, scroll: &scroll)
      }
    }
  }
}
