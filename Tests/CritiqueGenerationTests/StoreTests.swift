import CritiqueModel
import ModelRuns
import Testing

@testable import CritiqueGeneration
@testable import ReviewStore

/// Answers in the store.
@Suite struct StoreTests {
  @Test func anAnswerThatIsHereAlreadyChangesNothing() throws {
    let bench = try TemporaryWorkspace([solution("a", [1])])
    let template = try PromptLibrary()[Stage.initial]
    try bench.workspace.keepPrompt(template.text, hash: template.hash)
    let specification = GenerationSpecification(
      .initial, template, RequestParameters(model: "m", sampling: StageSettings(.initial).sampling))
    let generation = try bench.workspace.generationID(of: specification)
    #expect(try bench.workspace.generationID(of: specification) == generation)
    #expect(try bench.workspace.prompt(hash: template.hash) == template.text)
    let sample = GeneratedSample(
      target: GenerationTarget(solution: 1, stage: .initial, step: 1), key: Array(repeating: 7, count: 16), sample: 0,
      text: "\\boxed{1}", endpoint: "e")
    let receipt = try bench.workspace.record([(sample, generation), (sample, generation)])
    #expect(receipt.stored == 1)
    #expect(receipt.already == 1)
    #expect(receipt.standings == [1: SeedStanding(.waiting, stage: .deep)])
    let state = try bench.state()
    #expect(try bench.workspace.record([(sample, generation)]).already == 1)
    #expect(try bench.state() == state)
    // Another answer for a number that is taken becomes a further sample.
    var other = sample
    other.key = Array(repeating: 8, count: 16)
    other.text = "\\boxed{-1}"
    #expect(try bench.workspace.record([(other, generation)]).stored == 1)
    #expect(try bench.rows("SELECT sample, judgement FROM critique ORDER BY sample") == ["0|1", "1|-1"])
  }

  @Test func manyKeysCanBeLookedUpAtOnce() throws {
    let bench = try TemporaryWorkspace()
    // As many as 200 solutions with 20 rated steps and 16 samples each have: more than SQLite takes as arguments.
    let keys = (0..<64_000).map { number in
      (0..<16).map { UInt8(truncatingIfNeeded: number >> ($0 % 4 * 8)) }
    }
    #expect(try bench.workspace.answered(keys).isEmpty)
    #expect(try bench.workspace.batched(keys).isEmpty)
  }

  @Test func aPageMayHaveManyStepsAndSamples() throws {
    let bench = try TemporaryWorkspace((0..<200).map { solution("s\($0)", Array(repeating: 1, count: 12)) })
    var planner = StagePlanner(
      workspace: bench.workspace, ids: try bench.allIDs, template: try PromptLibrary()[Stage.initial],
      options: StagePlanner.Options(stage: .initial, samples: 16))
    let page = try #require(try planner.nextPage())
    #expect(page.count == 600)
    let job = try options().job(of: .initial, in: bench.workspace)
    #expect(try job.reusingAnswers(page).left.count == 600)
  }
}
