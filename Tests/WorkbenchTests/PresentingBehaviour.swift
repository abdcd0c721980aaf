import DeepCriticCore
import Foundation
import Terminal
import Testing

@testable import Workbench

/// Demonstrations and live critiques, as an audience sees them.
@Suite struct PresentingBehaviour {
  /// A clock that a test turns.
  private final class Hands {
    var at = ContinuousClock.now
    func forward(_ seconds: Double) { at = at.advanced(by: .milliseconds(Int(seconds * 1000))) }
  }

  private func demonstration(_ size: Size = Size(width: 120, height: 40)) throws -> (Bench, Hands) {
    let bench = try Bench(size: size)
    let hands = Hands()
    bench.demonstration.playback.now = { hands.at }
    try bench.type("D")
    #expect(bench.model.top.id == .demonstration)
    return (bench, hands)
  }

  /// Lets this many seconds pass, as frames do.
  private func play(_ bench: Bench, _ hands: Hands, seconds: Double) {
    var left = seconds
    while left > 0 {
      hands.forward(min(left, 0.1))
      left -= 0.1
      _ = bench.model.tick()
    }
  }

  @Test func aDemonstrationTellsItsStoryInTwoMinutes() throws {
    let (bench, hands) = try demonstration()
    var captions: [String] = []
    var seconds = 0.0
    while !bench.demonstration.isOver, seconds < 600 {
      play(bench, hands, seconds: 0.5)
      seconds += 0.5
      let caption = DemonstrationView.presentation(bench.demonstration).caption
      if caption != captions.last { captions.append(caption) }
    }
    #expect((60...150).contains(seconds), "it takes \(seconds) s")
    #expect(captions.contains { $0.contains("The first look says: step 5 is correct. Is it?") })
    #expect(captions.contains { $0.contains("The second look finds what the first one missed: step 5 is wrong.") })
    #expect(captions.last?.contains("step 5 is the first wrong one") == true)
    let screen = bench.screen()
    for words in [
      "Initial critique", "Deep critique", "Merged critique", "people", "says ✓ correct", "says ✗ incorrect",
    ] {
      #expect(screen.contains(words))
    }
  }

  @Test func itStaysOnTheScreenAtEveryMoment() throws {
    for size in [
      Size(width: 80, height: 24), Size(width: 200, height: 60), Size(width: 40, height: 10), Size(width: 9, height: 3),
    ] {
      let (bench, _) = try demonstration(size)
      while !bench.demonstration.isOver {
        _ = bench.model.draw(theme: .terminal)
        bench.demonstration.forward()
      }
      _ = bench.model.draw(theme: .terminal)
    }
  }

  @Test func theWholeSolutionCanBeReadBeforeAGuess() throws {
    for size in [Size(width: 120, height: 40), Size(width: 80, height: 24)] {
      let (bench, _) = try demonstration(size)
      let demo = bench.demonstration
      while case .step = try #require(demo.demonstration).scenes[demo.scene.scene + 1].action { demo.forward() }
      demo.forward()
      demo.forward()
      let screen = bench.screen()
      #expect(screen.contains("Press its number"), "\(screen)")
      let steps = screen.split(separator: "\n").drop { !$0.contains("Steps") }
      #expect(!steps.joined().contains("…"), "\(screen)")
    }
  }

  @Test func longCritiquesAreScrolledBack() throws {
    let (bench, _) = try demonstration(Size(width: 80, height: 24))
    for _ in 0..<60 where !bench.demonstration.isOver { bench.demonstration.forward() }
    let end = bench.screen()
    try bench.type("page-up page-up page-up page-up page-up page-up page-up page-up page-up page-up page-up page-up")
    let start = bench.screen()
    #expect(start != end && start.contains(" 1–"), "\(start)")
    try bench.type("left")
    #expect(bench.demonstration.scroll == 0)
  }

  @Test func leavingADemonstrationEndsAProgramStartedForIt() throws {
    let bench = try Bench()
    try bench.model.begin(with: .demo(nil))
    #expect(bench.model.top.id == .demonstration && bench.screen().contains("Problem"))
    try bench.type("escape")
    #expect(bench.model.top.id == .demonstration && bench.model.context.effect == nil)
    // There is nothing to go back to: it says so, and plays again in audit mode.
    try bench.type("m")
    #expect(bench.screen().contains("blind mode keeps back") && !bench.screen().contains("Steps"))
    #expect(bench.model.disabledReason(.demoForward)?.contains("blind mode keeps back") == true)
    try bench.type("m right")
    #expect(bench.screen().contains("Steps"))
    try bench.type("q")
    guard case .quit = bench.model.context.effect else { throw Oddity() }
  }

  @Test func blindModeLeavesADemonstration() throws {
    let (bench, _) = try demonstration()
    try bench.type("m")
    #expect(bench.model.session.mode == .blind && bench.model.top.id == .queue)
    // Also one that another screen covers.
    try bench.type("m D f2 m q")
    #expect(bench.model.session.mode == .blind && bench.model.top.id == .queue)
  }

  @Test func theSolutionUnderReviewIsShown() throws {
    let bench = try Bench()
    try bench.type("j j enter D")
    #expect(bench.model.top.id == .demonstration && !bench.demonstration.name.isEmpty)
    try bench.type("q")
    #expect(bench.model.top.id == .review)
    try bench.type("@")
    #expect(bench.live.stored?.id == 3)
    try bench.type("D q")
    #expect(bench.model.top.id == .live && bench.live.stored?.id == 3)
    // Another solution's critiques are not played in place of what is missing.
    try bench.type("] D")
    #expect(bench.model.top.id == .live && bench.model.message?.text.contains("no critiques") == true)
  }

  @Test func withoutCritiquesThereIsNothingToShow() throws {
    let bench = try Bench(files: ["solutions.prm800k.jsonl"])
    try bench.type("D")
    #expect(bench.model.top.id == .queue)
    #expect(bench.model.message?.text == "There is nothing to demonstrate: no solution of the queue has critiques.")
    let problem = #expect(throws: RefusalError.self) { try bench.model.begin(with: .demo(1)) }
    #expect(
      problem?.description.contains("has no critiques of its steps. No solution of this workspace has any.") == true)
  }

  private struct Oddity: Error {}

  @Test func aSolutionThatComesBackFromTheEditorUnchangedIsKept() throws {
    let bench = try Bench()
    try bench.type("@")
    let stored = bench.live.stored?.id
    let offered = WrittenSolution.template(bench.live.solution)
    _ = bench.live.paste(offered)
    #expect(stored != nil && bench.live.stored?.id == stored)
    #expect(bench.model.message?.text == "Nothing changed.")
    _ = bench.live.paste(offered.replacingOccurrences(of: "14", with: "15"))
    #expect(bench.live.stored == nil && bench.live.solution?.problem.contains("15") == true)
  }

  @Test func blindReviewIsToldNothing() throws {
    let bench = try Bench()
    try bench.type("m D")
    #expect(bench.model.session.mode == .blind && bench.model.top.id == .queue)
    #expect(bench.model.message?.text.contains("blind mode keeps back") == true)
    try bench.type("@")
    #expect(bench.live.stored != nil && bench.live.truth == .hidden && !bench.live.showsLabels)
    try bench.type("m")
    #expect(bench.live.truth == .known(5))
  }

  @Test func keysControlIt() throws {
    let (bench, hands) = try demonstration()
    let demo = bench.demonstration
    play(bench, hands, seconds: 2)
    let time = demo.time
    try bench.type("space")
    play(bench, hands, seconds: 5)
    #expect(demo.time == time)
    try bench.type("space + +")
    play(bench, hands, seconds: 1)
    #expect(abs(demo.time - time - 2) < 0.2, "twice as fast")
    try bench.type("- - right")
    let scene = demo.scene.scene
    #expect(scene == 1)
    try bench.type("left left")
    #expect(demo.scene.scene == 0)
    try bench.type("r")
    #expect(demo.time == 0)
    let name = demo.name
    try bench.type("]")
    #expect(demo.name != name)
    try bench.type("[ q")
    #expect(bench.model.top.id == .queue)
  }

  @Test func aGuessIsTakenBeforeTheCriticSpeaksAndCounted() throws {
    let (bench, hands) = try demonstration()
    try bench.type("9")
    #expect(bench.model.message?.text == "There are 6 steps.")
    try bench.type("5")
    #expect(bench.model.message?.text.contains("First the solution") == true)
    try bench.type("right right 5")
    #expect(bench.demonstration.guess == 5)
    #expect(bench.demonstration.score.rounds == 0)
    // Whether it is right is shown at the end, when people's labels are.
    #expect(bench.screen().contains("guess: step 5") && !bench.screen().contains("guesses right"))
    try bench.type("3")
    #expect(bench.demonstration.guess == 5 && bench.model.message?.text == "You have guessed: step 5.")
    play(bench, hands, seconds: 200)
    #expect(DemonstrationView.presentation(bench.demonstration).caption.contains("You said step 5: well done."))
    #expect(bench.screen().contains("guesses right: 1/1"))
    // Begun again, it reveals nothing and counts once.
    try bench.type("r right right 4")
    #expect(bench.screen().contains("guesses right: 1/1"))
    play(bench, hands, seconds: 200)
    #expect(bench.screen().contains("guesses right: 0/1"))
    try bench.type("r right right 5 r")
    #expect(bench.demonstration.score.rounds == 1 && bench.demonstration.score.right == 0)
    try bench.type("r right")
    for _ in 0..<40 { bench.demonstration.forward() }
    try bench.type("2")
    #expect(bench.model.message?.text.contains("speaks already") == true)
  }

  @Test func whatIsWrittenDoesNotMove() throws {
    let lines: [TextLine] = [[TextRun(text: "abc"), TextRun(text: "de")], [], [TextRun(text: "fgh")]]
    var before: [TextLine] = []
    for part in stride(from: 0.0, through: 1.0, by: 0.05) {
      let now = PresentationView.written(lines, part)
      let flat = now.map { $0.map(\.text).joined() }
      let flatBefore = before.map { $0.map(\.text).joined() }
      for (index, line) in flatBefore.enumerated() { #expect(flat[index].hasPrefix(line)) }
      before = now
    }
    #expect(PresentationView.written(lines, 1) == lines)
  }

  @Test func streamedTextsEndAsTheyAreLaidOutWhole() throws {
    let text = """
      **Step 1**: The claim is $x^2 + \\frac{1}{2}$, and it costs $5.

      Let me verify:
      \\[\\int_0^1 x\\,dx = \\frac{1}{2}\\]
      so it holds. \\boxed{1}

      - one
      - two \\(a_1\\)

      However, no. \\boxed{-1}
      """
    let whole = ReadableText.lines(text, width: 50, mode: .rendered, ascii: false)
    let stream = StreamedText(isASCII: false)
    for end in text.indices {
      let lines = stream.lines(String(text[..<end]), width: 50, source: false)
      for line in lines { #expect(line.reduce(0) { $0 + DisplayWidth.of($1.text) } <= 50) }
    }
    let last = stream.lines(text, width: 50, source: false)
    #expect(last.map { $0.map(\.text).joined() } == whole.map { $0.map(\.text).joined() })
    // A formula is shown as it was written until it closes.
    let open = stream.lines("So \\(\\frac{1}{2", width: 50, source: false)
    #expect(open.map { $0.map(\.text).joined() } == ["So \\(\\frac{1}{2"])
  }

  @Test func hostileStreamsAreHarmless() throws {
    let stream = StreamedText(isASCII: false)
    let lines = stream.lines("a\u{1B}[2Jb \\(\u{1B}]52;c;x\u{07}", width: 30, source: false)
    let text = lines.map { $0.map(\.text).joined() }.joined()
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
  }

  @Test func theLiveScreenTakesWhatIsPasted() throws {
    let bench = try Bench()
    try bench.type("@")
    #expect(bench.screen().contains("live critique"))
    bench.model.handlePaste("What is 1 + 1?\n\nStep 1: 1 + 1 = 2\n\nStep 2: So 3.")
    #expect(bench.live.solution?.steps.count == 2)
    #expect(bench.screen().contains("What is 1 + 1?"))
    bench.model.handlePaste("only a problem")
    #expect(bench.model.message?.kind == .error)
    #expect(bench.live.solution?.steps.count == 2)
    try bench.type("escape")
    #expect(bench.model.top.id == .queue)
  }

  @Test func theChallengeWantsAGuessFirst() throws {
    let bench = try Bench()
    try bench.type("@ c enter")
    #expect(bench.model.message?.text.contains("First your guess") == true)
    try bench.type("0")
    #expect(bench.live.round.guess == -1)
    #expect(bench.screen().contains("You say: every step is correct"))
  }

  @Test func plainTextTellsADemonstrationAtOnce() throws {
    let bench = try Bench()
    var said: [String] = []
    let front = try LinearFrontEnd(
      session: bench.model.session, prompts: false, unicode: true, write: { said.append($0) })
    #expect(front.execute("demo.open"))
    let text = said.joined(separator: "\n")
    for words in [
      "Demonstration:", "Step 6:", "Initial critique of step 5:",
      "The second look finds what the first one missed: step 5 is wrong.",
    ] {
      #expect(text.contains(words))
    }
    #expect(!text.contains("press its number"))
  }
}
