import DeepCriticCore
import Foundation
import Terminal
import Testing

@testable import Workbench

/// Every scene of a demonstration and the rounds of a live critique, as an audience sees them on five screens.
@Suite struct StageSnapshots {
  static let sizes = [(60, 20), (80, 24), (100, 30), (120, 40), (200, 60)].map { Size(width: $0.0, height: $0.1) }

  private func name(_ screen: String, _ size: Size) -> String { "\(screen)-\(size.width)x\(size.height)" }

  /// The prepared demonstrations, one after the other, each at the end of every scene that changes what is seen.
  @Test(arguments: sizes) func demonstrations(size: Size) throws {
    let file = packageRoot.appendingPathComponent("SampleData/demonstrations/demonstrations.jsonl").path
    let bench = try Bench(size: size, files: [file])
    bench.demonstration.playback.now = { [at = ContinuousClock.now] in at }
    try bench.model.begin(with: .demo(nil))
    let demo = bench.demonstration
    for number in 1...3 {
      let scenes = try #require(demo.demonstration).scenes
      while true {
        let (scene, written) = demo.scene
        var shot: String?
        switch scenes[scene].action {
        case .problem: shot = "problem"
        case .guess: shot = "guess"
        case .judgement(let stage, _): shot = stage.rawValue
        case .label: shot = "label"
        default: break
        }
        if let shot, written >= 1, number == 1 || shot == "guess" || shot == "merged" {
          try expectSnapshot(bench.screen(), name("stage-demo-\(number)-\(shot)", size))
        }
        // At every size the problem and its question are there until the guess is made.
        if shot == "problem" || shot == "guess" {
          let problem = try #require(demo.demonstration).solution.problem
          let screen = bench.screen()
          if number == 1 { #expect(screen.contains("coffees?"), "\(screen)") }
          if number == 2 { #expect(screen.contains("one boy?"), "\(screen)") }
          #expect(!problem.isEmpty && !screen.contains("∫_"), "\(screen)")
        }
        if scene == scenes.count - 1 { break }
        demo.forward()
      }
      try bench.type("n")
    }
  }

  /// What three critics of a step say is seen at every width.
  @Test(arguments: sizes) func everyVoiceIsHeard(size: Size) throws {
    let bench = try Bench(size: size)
    try bench.type("D")
    while !bench.demonstration.isOver { bench.demonstration.forward() }
    let screen = bench.screen()
    for words in ["Initial critique", "Deep critique", "Merged critique", "says ✓ correct", "says ✗ incorrect"] {
      #expect(screen.contains(words), "\(words)\n\(screen)")
    }
    #expect(!screen.contains("⟦"), "\(screen)")
  }

  @Test(arguments: sizes) func aRoundWithOneCritic(size: Size) async throws {
    let bench = try Bench(size: size)
    try bench.begin(live: [LiveBehaviour.right], challenge: true)
    let screen = bench.screen()
    #expect(screen.contains("for coffees?") || screen.contains("coffees?"), "\(screen)")
    try expectSnapshot(screen, name("stage-live-guess", size))
    try bench.type("4")
    await bench.speak()
    try expectSnapshot(bench.screen(), name("stage-live-one", size))
  }

  @Test(arguments: sizes) func aRoundWithTwoCritics(size: Size) async throws {
    let bench = try Bench(size: size)
    try bench.begin(live: [LiveBehaviour.right, LiveBehaviour.blindToIt])
    await bench.speak()
    let screen = bench.screen()
    #expect(screen.contains("careful") && screen.contains("hasty"), "\(screen)")
    try expectSnapshot(screen, name("stage-live-two", size))
  }

  /// What helps before an audience: votes, the list of items, a clean screen, a black one, and the speaker's notes.
  @Test(arguments: sizes) func aTalk(size: Size) throws {
    let bench = try StageBehaviour.bench(size: size)
    try bench.type("J end up up up up enter W down down down 1 2 down 7 end 3")
    try expectSnapshot(bench.screen(), name("stage-votes", size))
    try bench.type("escape J")
    try expectSnapshot(bench.screen(), name("stage-scenes", size))
    try bench.type("end enter P")
    try expectSnapshot(bench.screen(), name("stage-clean", size))
    try bench.type("L")
    try expectSnapshot(bench.screen(), name("stage-items", size))
    try bench.type("escape Z")
    try expectSnapshot(bench.screen(), name("stage-in-full", size))
    try bench.type("escape b")
    try expectSnapshot(bench.screen(), name("stage-black", size))
    let talk = try #require(bench.model.talk)
    var state = talk.state
    state.isBlack = false
    var canvas = Canvas(size: size, theme: .terminal, glyphs: .unicode)
    var scroll = 0
    NotesView.draw(&canvas, .running(state), now: state.began.addingTimeInterval(250), scroll: &scroll)
    try expectSnapshot(canvas.text(), name("stage-notes", size))
    try bench.type("x P ] ]")
    try expectSnapshot(bench.screen(), name("stage-recording", size))
  }

  /// Spoken line by line while it grows, a critique ends as it is spoken whole.
  @Test func whatIsSpokenIsNotTakenBack() {
    let whole =
      "Step 1: $a = \\frac{1}{2}$ \\boxed{1}\n\nStep 2:\n\\[\nx\n\n= 1\\]\nfine \\boxed{1}\n\nEvery step holds.\n\n\\boxed{-1}\n\nThat is all."
    var said: [String] = []
    var text = LiveText()
    text.phase = .writing
    for end in whole.indices {
      text.text = String(whole[..<end])
      let now = ReadableText.spoken(text, of: nil, unicode: true)
      #expect(now.starts(with: said), "\(now)")
      said = now.count > said.count ? now : said
    }
    text.text = whole
    text.phase = .done
    let last = ReadableText.spoken(text, of: nil, unicode: true)
    #expect(last.starts(with: said) && said.count > 1)
    let joined = last.joined(separator: "\n")
    #expect(joined.contains("a = 1/2 ✓ correct") && joined.contains("no error") && !joined.contains("⟦"), "\(joined)")
  }

  @Test func signsHaveWords() {
    let glyphs = Glyphs.unicode
    func words(_ text: String, _ boxes: StageText.Boxes) -> String { StageText.critique(text, boxes, glyphs) }
    #expect(
      words("Fine: \\boxed{1}. No: $\\boxed{-1}$.", .judgements)
        == "Fine: **✓\u{A0}correct**. No: **✗\u{A0}incorrect**.")
    #expect(words("Step 1 \\boxed{1} \\boxed{1}", .answer) == "Step 1 **✓\u{A0}correct** **step 1**")
    #expect(words("Step 1 \\boxed{1} \\boxed{-1}", .answer) == "Step 1 **✓\u{A0}correct** **no error**")
    #expect(words("Answer: \\boxed{2}", .judgements) == "Answer: **2**")
    #expect(words("$x = \\boxed{1}$", .judgements) == "$x = \\boxed{1}$")
    #expect(StageText.words("So 6.\n\n# Answer\n\n6") == "So 6. Answer: 6")
  }
}
