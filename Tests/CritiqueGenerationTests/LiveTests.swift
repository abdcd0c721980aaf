import CritiqueModel
import FaultServer
import Foundation
import ModelClient
import Testing

@testable import CritiqueGeneration
@testable import ReviewStore

/// Critiques before an audience.
@Suite struct LiveTests {
  private static let solution = Solution(
    problem: "What is 2 + 2?", steps: [Step("2 + 2 = 4"), Step("This is WRONG: 4 is odd"), Step("So 5")])

  private func live(
    _ mode: LiveMode, models: [String] = ["critic"], _ change: (inout ServerConfiguration) -> Void = { _ in },
    _ body: (LiveRun) async throws -> Void
  ) async throws {
    try await FaultServer.serving(change) { server in
      let endpoint = try Endpoint(server.base)
      var settings = GenerateSettings()
      settings.client.connectionGracePeriod = 0.2
      settings.client.idleTimeout = 2
      let run = try LiveRun(
        of: Self.solution, by: LiveCritic.pairs([endpoint], models: models), mode: mode, prompts: PromptLibrary(),
        settings: settings)
      run.start()
      try await body(run)
    }
  }

  @Test func threeStagesGoOnUntilAStepIsWrong() async throws {
    try await live(.stages) { run in
      await run.finished()
      let shown = run.snapshot()
      #expect(!shown.isRunning)
      #expect(shown.columns.map(\.stage) == [.initial, .deep, .merged])
      for column in shown.columns {
        #expect(column.texts.keys.sorted() == [1, 2])
        #expect(column.texts.values.allSatisfy { $0.phase == .done && !$0.text.isEmpty })
      }
      #expect(shown.columns[2].judgements == [1: .correct, 2: .incorrect])
      #expect(shown.columns[2].answer == 2)
    }
  }

  @Test func criticsOfTheWholeWriteAtTheSameTime() async throws {
    try await live(.whole, models: ["one", "two"]) { run in
      await run.finished()
      let shown = run.snapshot()
      #expect(shown.columns.map(\.model) == ["one", "two"])
      #expect(shown.columns.allSatisfy { $0.texts[0]?.phase == .done })
      let text = try #require(shown.columns[0].texts[0])
      #expect(text.tokens > 0 && text.firstChunk != nil && text.seconds > 0)
    }
  }

  @Test func thoughtsAreKeptApartAndSavedBesideTheText() async throws {
    try await live(.stages, models: ["fault:think"]) { run in
      await run.finished()
      let text = try #require(run.snapshot().columns[0].texts[1])
      #expect(text.thoughts.contains("Hm, "))
      #expect(!text.text.contains("<think>") && text.text.contains("boxed"))
      let bench = try TemporaryWorkspace()
      let saved = try run.save(in: bench.workspace, as: nil, programVersion: "test")
      let critiques = try bench.workspace.solution(saved.solution).critiques
      let ids = Set(critiques.values.flatMap { $0.values.flatMap { $0.map(\.id) } })
      let thoughts = try bench.workspace.reasoning(of: ids)
      #expect(thoughts.count == ids.count && thoughts.values.allSatisfy { $0.contains("Hm, ") })
    }
  }

  @Test func whatHasComeStaysWhenTheServerBreaksOff() async throws {
    try await live(.whole, models: ["fault:close-midway"]) { run in
      await run.finished()
      let text = try #require(run.snapshot().columns[0].texts[0])
      guard case .failed(let reason) = text.phase else {
        Issue.record("\(text.phase)")
        return
      }
      #expect(!reason.isEmpty)
      #expect(!text.text.isEmpty)
      #expect(throws: LiveCritiqueError.self) {
        try run.save(in: TemporaryWorkspace().workspace, as: nil, programVersion: "test")
      }
    }
  }

  @Test func stoppingEndsAtOnceAndKeepsWhatHasCome() async throws {
    try await live(.whole, models: ["fault:hang-midway"]) { run in
      while run.snapshot().columns[0].texts[0]?.text.isEmpty ?? true { try await Task.sleep(for: .milliseconds(5)) }
      run.stop()
      #expect(run.snapshot().columns[0].texts[0]?.phase == .stopped)
      await run.finished()
      #expect(run.snapshot().columns[0].texts[0]?.phase == .stopped)
    }
  }

  @Test func savedCritiquesAreThereForReviewOnce() async throws {
    try await live(.stages) { run in
      await run.finished()
      let temporary = try TemporaryWorkspace()
      let saving = try run.save(in: temporary.workspace, as: nil, programVersion: "test")
      #expect(saving.stored == 6)
      let stored = try temporary.workspace.solution(saving.solution)
      #expect(stored.solution.steps.map(\.text) == Self.solution.steps.map(\.text))
      #expect(stored.judgement(.merged, step: 2) == .incorrect)
      let model = try temporary.rows("SELECT DISTINCT model FROM generation")
      #expect(model == ["critic"])
      let again = try run.save(in: temporary.workspace, as: nil, programVersion: "test")
      #expect((again.stored, again.already, again.solution) == (0, 6, saving.solution))
    }
  }

  @Test func labelledSolutionsKeepTheirLabels() async throws {
    try await live(.whole) { run in await run.finished() }
    var labelled = Self.solution
    labelled.steps[0].completion.rating = .correct
    labelled.steps[1].completion.rating = .incorrect
    try await FaultServer.serving({ _ in }) { server in
      let run = try LiveRun(
        of: labelled, by: LiveCritic.pairs([try Endpoint(server.base)], models: ["m"]), mode: .whole,
        prompts: PromptLibrary(), settings: GenerateSettings())
      run.start()
      await run.finished()
      let temporary = try TemporaryWorkspace()
      let saving = try run.save(in: temporary.workspace, as: nil, programVersion: "test")
      #expect(try temporary.workspace.solution(saving.solution).solution.firstError == .step(2))
    }
  }

  @Test func serversAndModelsArePaired() throws {
    let (a, b) = (try Endpoint("http://a/v1"), try Endpoint("http://b/v1"))
    #expect(try LiveCritic.pairs([a], models: ["x", "y"]).map(\.model) == ["x", "y"])
    #expect(try LiveCritic.pairs([a, b], models: ["x"]).map(\.endpoint) == [a, b])
    #expect(throws: LiveCritiqueError.self) { try LiveCritic.pairs([a, b], models: ["x", "y", "z"]) }
  }

  @Test(arguments: [
    "# Problem\nWhat is 1 + 1?\n\n# Solution\nStep 1: 1 + 1 = 2\n\nStep 2: So 2.",
    "What is 1 + 1?\n\nStep 1: 1 + 1 = 2\n\nStep 2: So 2.",
    "Problem:\r\nWhat is 1 + 1?\r\n\r\nSolution:\r\n1 + 1 = 2\r\n\r\nSo 2.",
    "\n\nWhat is 1 + 1?\n\n1 + 1 = 2\n\nSo 2.\n",
  ])
  func typedTextsAreRead(_ text: String) throws {
    let solution = try WrittenSolution.read(text)
    #expect(solution.problem == "What is 1 + 1?")
    #expect(solution.steps.map(\.text) == ["1 + 1 = 2", "So 2."])
  }

  @Test func halfATextIsRefusedWithARemedy() {
    for text in ["", "Only a problem", "# Problem\n\n# Solution\nStep 1: x"] {
      #expect(throws: WrittenSolutionError.self) { try WrittenSolution.read(text) }
    }
  }
}
