import DeepCriticCore
import Foundation
import Terminal
import Testing

@testable import CritiqueGeneration
@testable import Workbench

/// Live rounds from the guess to the verdict. No server answers: what critics write is recorded, and continues in its place.
@Suite struct LiveBehaviour {
  static let right =
    "Step 1: fine \\boxed{1}\n\nStep 2: fine \\boxed{1}\n\nStep 5: no \\boxed{-1}\n\nThe first error: \\boxed{5}"
  static let blindToIt = "Step 1: fine \\boxed{1}\n\nStep 6: fine \\boxed{1}\n\nEvery step is correct. \\boxed{-1}"

  /// The first solution of the sample data (its first error is step 5) or a text, before the critics speak.
  private func bench(
    _ texts: [String], size: Size = Size(width: 120, height: 40), challenge: Bool = false, blind: Bool = false,
    about text: String? = nil
  ) throws -> Bench {
    let bench = try Bench(size: size)
    try bench.begin(live: texts, challenge: challenge, blind: blind, about: text)
    return bench
  }

  private static let unlabelled = "What is 1 + 1?\n\nStep 1: It is easy.\n\nStep 2: It is 3."

  @Test func theAnswersBoxIsNoVerdictOfTheLastStep() async throws {
    let bench = try bench([Self.blindToIt])
    await bench.speak()
    #expect(bench.screen().contains("all steps correct"))
    #expect(bench.live.snapshot.columns[0].judgements.values.allSatisfy { $0 == .correct })
    #expect(bench.screen().contains("By the label, step 5 is the first error: the critic (recorded) does not see it."))
  }

  @Test func anAnswerThatFitsNoStepIsSaid() async throws {
    let everywhere = try bench(["Step 1: fine \\boxed{1}\n\nStep 2: fine \\boxed{1}"], about: Self.unlabelled)
    await everywhere.speak()
    #expect(everywhere.screen().contains("answers step 1, its steps differ"))
    let result = try bench(["So the result is \\boxed{54}"])
    await result.speak()
    #expect(result.screen().contains("answers 54: no such step"))
  }

  @Test func withoutALabelNobodyIsScored() async throws {
    let bench = try bench([Self.blindToIt], challenge: true, about: Self.unlabelled)
    try bench.type("2")
    await bench.speak()
    #expect(LiveView.presentation(bench.live).caption.hasSuffix("No label is known. You disagree with the critic."))
    #expect(bench.live.round.rounds == 0 && !bench.screen().contains(" of 1"))
  }

  @Test func everyCriticIsJudgedByNameAgainstTheLabel() async throws {
    let bench = try bench([Self.right, Self.blindToIt], size: Size(width: 160, height: 40), challenge: true)
    try bench.type("4")
    await bench.speak()
    let caption = LiveView.presentation(bench.live).caption
    #expect(caption.contains("careful (recorded) says: step 5 is the first error."), "\(caption)")
    #expect(caption.contains("hasty (recorded) says: every step is correct."))
    #expect(
      caption.hasSuffix(
        "By the label, step 5 is the first error: you are wrong, careful (recorded) is right, hasty (recorded) is wrong."
      ))
    // What is recorded is not a critic's merit.
    #expect(LiveView.presentation(bench.live).facts.contains("you 0 of 1"))
    // Speaking again is not another round, and nobody guesses after the verdict.
    await bench.speak()
    #expect(bench.live.round.rounds == 1)
    try bench.type("5")
    #expect(bench.live.round.guess == 4 && bench.model.message?.text.contains("has spoken") == true)
  }

  @Test func scoresNameCritics() {
    func voice(_ name: String, _ answer: Int?) -> LiveVoice {
      LiveVoice(name: name, critic: name, answer: answer, isComplete: true, isRecorded: false)
    }
    var round = LiveRound()
    round.guess = 4
    round.score([voice("careful", 5), voice("hasty", -1)], .known(5))
    round.score([voice("careful", 5), voice("hasty", -1)], .known(5))
    #expect(round.scoreWords(hidesNames: false) == "you 0, careful 1, hasty 0 of 1")
    #expect(round.scoreWords(hidesNames: true) == "you 0 of 1")
    round.guess = 5
    round.score([voice("careful", 5)], .unknown)
    round.score([voice("careful", 5)], .hidden)
    #expect(round.rounds == 1)
    #expect(
      round.outcome([voice("the critic", 5)], .hidden).hasSuffix(
        "The label is hidden in blind review. You agree with the critic."))
    #expect(
      round.outcome([voice("a", 5), voice("b", 2)], .unknown).hasSuffix(
        "No label is known. a agrees with you, b disagrees."))
  }

  @Test func takesAreKept() async throws {
    let bench = try bench([Self.right], about: Self.unlabelled)
    await bench.speak()
    #expect(!bench.screen().contains("take 1"))
    let first = try #require(bench.live.run)
    await bench.speak()
    #expect(bench.screen().contains("take 2 of 2"))
    try bench.type(",")
    #expect(bench.live.run === first && bench.screen().contains("take 1 of 2") && bench.screen().contains("Step 5: no"))
    try bench.type(",")
    #expect(bench.model.message?.text == "There is no earlier take of this solution.")
    // Other models, another manner and another solution keep them too.
    bench.model.submit(.liveModels, text: "other")
    #expect(bench.live.run == nil)
    try bench.type(",")
    #expect(bench.screen().contains("take 2 of 2"))
    bench.model.handlePaste("What is 2 + 2?\n\nStep 1: 5")
    #expect(bench.live.run == nil && bench.live.takesOfThis.isEmpty)
    bench.model.handlePaste(Self.unlabelled)
    #expect(bench.screen().contains("take 2 of 2"))
  }

  @Test func hintsShowWhatApplies() async throws {
    let bench = try bench([Self.right], size: Size(width: 200, height: 40))
    func hints() -> String { String(bench.screen().split(separator: "\n").last ?? "") }
    for key in ["x stop", "S save", ", take", "tab pane", "f follow"] {
      #expect(!hints().contains(key), "\(hints())")
    }
    await bench.speak()
    #expect(!hints().contains("S save") && hints().contains("tab pane") && hints().contains("⏎ again"), "\(hints())")
    #expect(bench.model.disabledReason("live.save")?.contains("recorded") == true)
    await bench.speak()
    #expect(hints().contains(", take before"), "\(hints())")
  }

  @Test func quittingQuits() async throws {
    for opening in [Workbench.Opening.live(LiveRequest()), .demo(nil)] {
      let bench = try Bench()
      try bench.model.begin(with: opening)
      #expect(bench.screen().contains("q quit"))
      try bench.type("q")
      guard case .quit = bench.model.context.effect else {
        Issue.record("q opens \(bench.model.top.id)")
        continue
      }
    }
  }

  @Test func recordedTextsGoOnWhereAServerFails() async throws {
    let bench = try bench([Self.right])
    await bench.speak()
    let screen = bench.screen()
    #expect(screen.contains("recorded, ✗ step 5"), "\(screen)")
    #expect(screen.contains("recorded: ") && screen.contains("127.0.0.1:9"))
    try bench.type("ctrl-s")
    #expect(bench.model.message?.text == "There is nothing to save: this critique is recorded.")
  }

  /// Whichever stage is written has the room.
  @Test func theStageThatIsWrittenHasTheRoom() async throws {
    for size in [Size(width: 60, height: 20), Size(width: 80, height: 24)] {
      let bench = try Bench(size: size)
      var request = LiveRequest()
      request.stored = 1
      request.endpoints = ["http://127.0.0.1:9/v1"]
      request.models = ["m"]
      request.mode = .stages
      try bench.model.begin(with: .live(request))
      await bench.speak()
      let shown = LiveView.presentation(bench.live)
      let layout = PresentationView.layout(shown, bench.live)
      #expect(layout.panes.map(\.pane) == [0] && layout.summaries.isEmpty, "\(bench.screen())")
      #expect(layout.panes[0].rect.height >= 4, "\(bench.screen())")
      try bench.type("tab")
      #expect(bench.live.focus == 1)
    }
  }

  @Test func theSentenceAboutTwoCriticsIsWholeInLargeLetters() async throws {
    let bench = try bench([Self.right, Self.blindToIt], size: Size(width: 60, height: 20), challenge: true)
    try bench.type("4")
    await bench.speak()
    let screen = bench.screen().split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(screen.joined(separator: " ").contains(LiveView.presentation(bench.live).caption), "\(bench.screen())")
  }

  @Test func whatTheCriticsDoIsSaidWhileTheyDoIt() async throws {
    let bench = try bench([Self.right])
    bench.model.perform(.liveStart)
    bench.model.perform(.liveStart)
    #expect(bench.model.message?.text.hasPrefix("The critic is writing; ") == true)
    await bench.live.run?.finished()
    _ = bench.model.tick()
    #expect(bench.model.message == nil)
  }

  @Test func aServerThatBreaksOffIsNoAnswer() {
    var round = LiveRound()
    round.guess = 2
    var column = LiveColumn(stage: nil, model: "m", endpoint: "e")
    var text = LiveText()
    text.phase = .failed("the stream ended")
    column.texts = [0: text]
    let words = round.outcome(LiveVoice.all(in: [column], hidesNames: false), .known(2))
    #expect(words.contains("The critic gives no answer: the server failed or broke off."), "\(words)")
  }

  @Test func aSilentServerHasFifteenSeconds() throws {
    let bench = try bench([Self.right])
    let client = try bench.live.request.settings(of: bench.workspace).client
    #expect(client.idleTimeout <= 15 && client.silenceTimeout <= 15)
  }

  @Test func modelsAreTakenAsPeopleListThem() {
    for text in ["careful, hasty", "careful hasty", " careful,hasty ", "careful; hasty,"] {
      #expect(LiveRequest.names(in: text) == ["careful", "hasty"])
    }
  }
}

extension Bench {
  /// Opens the live screen with critics whose server does not answer and whose texts are recorded.
  func begin(live texts: [String], challenge: Bool = false, blind: Bool = false, about text: String? = nil) throws {
    var request = LiveRequest()
    if text == nil { request.stored = 1 }
    request.endpoints = ["http://127.0.0.1:9/v1"]
    request.models = Array(["careful", "hasty", "third"].prefix(texts.count))
    request.fallbacks = texts
    request.isChallenge = challenge
    request.isBlind = blind
    try model.begin(with: .live(request))
    if let text { try live.take(text: text) }
  }

  /// Lets the critics speak to the end, without keeping a thread of theirs waiting.
  func speak() async {
    model.perform(.liveStart)
    await live.run?.finished()
    _ = model.tick()
  }
}
