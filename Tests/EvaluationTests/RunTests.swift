import CritiqueGeneration
import CritiqueModel
import DeepCriticCore
import FaultServer
import Foundation
import ModelClient
import ModelRuns
import ReviewStore
import Testing

@testable import Evaluation

/// A workspace in a temporary folder with a benchmark of planted errors.
private final class Place {
  let scratch: Scratch
  let workspace: Workspace
  let benchmark: BenchmarkEntry
  let set: BenchmarkSet

  init(rows: Int = 60) throws {
    scratch = try Scratch()
    workspace = try Workspace.create(at: scratch.path + "/ws")
    let file = try scratch.write("planted.jsonl", try Self.lines(rows))
    (set, benchmark) = try BenchmarkRegistry(workspace, programVersion: "test").register(try BenchmarkFile.read(file))
  }

  /// Every third row is without an error; a wrong step says so.
  static func lines(_ rows: Int) throws -> [String] {
    try (0..<rows).map { row in
      let wrong = row % 3 == 0 ? -1 : row % 4
      return try line([
        "id": "p-\(row)", "generator": "planter", "problem": "Problem \(row): how much is \(row) + 1?",
        "steps": (0..<5).map { "\($0 == wrong ? "WRONG" : "Fine") step \($0) of \(row)." },
        "final_answer_correct": wrong < 0, "label": wrong,
      ])
    }
  }

  /// Asks about every row that lacks an answer.
  func evaluate(
    _ endpoint: Endpoint, _ asked: CriticProtocol = .deepcritic, votes: Int = 1, seed: Int? = nil, name: String = "c",
    stopAfter: Int? = nil
  ) async throws -> (entry: EvaluationEntry, progress: RequestProgress) {
    var settings = EvaluateSettings()
    settings.asking = asked
    settings.votes = votes
    settings.seed = seed
    let template = try settings.template(replacing: [:])
    let extractor = AnswerExtractor(base: asked.base)
    let parameters = settings.parameters(model: "critic")
    let sampling = parameters.sampling
    let specification = EvaluationSpecification(
      kind: .model, model: "critic", protocolName: asked.rawValue, promptHash: template.hexadecimalHash,
      temperature: sampling.temperature, topP: sampling.topP, maxTokens: sampling.maxTokens, seed: seed,
      samples: votes, extraction: extractor.name, indexBase: asked.base.rawValue)
    let entry = try workspace.beginEvaluation(name: name, specification, programVersion: "test")
    try workspace.want(Array(set.items.indices), of: benchmark.id, samples: votes, evaluation: entry.id)
    var configuration = ClientConfiguration()
    configuration.concurrency = .fixed(8)
    configuration.idleTimeout = 5
    configuration.initialBackoff = 0.01
    configuration.maximumBackoff = 0.05
    let client = ModelClient(endpoints: [endpoint], configuration: configuration)
    let run = EvaluationRun(
      workspace: workspace, client: client, evaluation: entry.id, parameters: parameters, template: template,
      extractor: extractor, window: 8)
    if let stopAfter {
      let watcher = Task {
        while run.progress().total.samples < stopAfter { try await Task.sleep(for: .milliseconds(2)) }
        run.stop()
      }
      defer { watcher.cancel() }
      let progress = try await run.run()
      await client.shutdown()
      return (entry, progress)
    }
    let progress = try await run.run()
    await client.shutdown()
    return (entry, progress)
  }
}

private func withServer<T>(
  _ change: (inout ServerConfiguration) -> Void = { _ in }, _ body: (FaultServer) async throws -> T
) async throws -> T {
  try await FaultServer.serving(
    { configuration in
      configuration.lateness = 0.05
      change(&configuration)
    }, body)
}

@Suite("Asking a critic", .serialized)
struct RunTests {
  @Test(arguments: CriticProtocol.allCases)
  func aCriticThatIsAlwaysRight(_ asked: CriticProtocol) async throws {
    try await withServer { server in
      let place = try Place()
      let (entry, progress) = try await place.evaluate(try Endpoint(server.base), asked)
      #expect(progress.total.samples == 60)
      let score = try place.workspace.score(entry, bootstrap: nil)
      #expect(score.sets.map(\.scores.f1) == [100])
      #expect(score.conditions.contains("protocol \(asked.rawValue)"))
      #expect(score.conditions.contains("prompt \(entry.specification.promptHash?.prefix(12) ?? "?")"))
      // Everything that was answered can be read.
      let transcripts = try place.workspace.transcripts(
        entry.id, EvaluationTarget(benchmark: place.benchmark.id, position: 7))
      #expect(transcripts.count == 1)
      #expect(transcripts.first?.text.contains("\\boxed{") == true)
    }
  }

  @Test func interruptedAndResumedItEndsAsIfUndisturbed() async throws {
    try await withServer({
      $0.manner = .mixed; $0.variesChoices = true
    }) { server in
      let endpoint = try Endpoint(server.base)
      let undisturbed = try Place()
      let expected = try undisturbed.workspace.score(
        try await undisturbed.evaluate(endpoint, votes: 4, seed: 1).entry, bootstrap: nil)
      #expect(expected.sets[0].outcomes.count == 4)
      let place = try Place()
      var rounds = 0
      while true {
        let (entry, _) = try await place.evaluate(endpoint, votes: 4, seed: 1, stopAfter: 50)
        rounds += 1
        let open = try place.workspace.openCount(entry.id)
        if open.samples == 0 { break }
        try #require(rounds < 20)
      }
      #expect(rounds > 2)
      let entry = try place.workspace.evaluation(named: "c")
      #expect(try place.workspace.score(entry, bootstrap: nil).sets == expected.sets)
      #expect(expected.sets[0].curve.count == 4)
    }
  }

  /// More votes cost only what is new, and another rule for reading costs nothing.
  @Test func nothingIsAskedForTwice() async throws {
    try await withServer({ $0.manner = .mixed }) { server in
      let endpoint = try Endpoint(server.base)
      let place = try Place(rows: 20)
      _ = try await place.evaluate(endpoint, votes: 2, seed: 5)
      let more = try await place.evaluate(endpoint, votes: 3, seed: 5)
      #expect(more.progress.total.samples == 20)
      #expect(more.progress.total.reused == 40)
      let again = try await place.evaluate(endpoint, votes: 3, seed: 5, name: "another name")
      #expect(again.progress.total.samples == 0)
      #expect(again.progress.total.reused == 60)
      let first = try place.workspace.score(more.entry, bootstrap: nil).sets
      #expect(try place.workspace.score(again.entry, bootstrap: nil).sets == first)
    }
  }

  @Test func faultsAreOvercomeAndLastingOnesNamed() async throws {
    try await withServer({ $0.faults = .random(rate: 0.3, faults: Fault.passing, seed: 4) }) { server in
      let place = try Place(rows: 30)
      let (entry, _) = try await place.evaluate(try Endpoint(server.base))
      #expect(try place.workspace.openCount(entry.id).samples == 0)
      #expect(try place.workspace.score(entry, bootstrap: nil).sets[0].scores.f1 == 100)
    }
  }

  @Test func rescoringReadsWhatIsThere() async throws {
    try await withServer({ $0.manner = .mixed }) { server in
      let place = try Place(rows: 30)
      let (entry, _) = try await place.evaluate(try Endpoint(server.base))
      let before = try place.workspace.score(entry, bootstrap: nil).sets
      let extractor = AnswerExtractor(.strictReference)
      var specification = entry.specification
      specification.extraction = extractor.name
      let counts = try place.workspace.rescore(entry, specification) {
        extractor.read($0.text, isTruncated: $0.isTruncated)
      }
      #expect(counts.read == 30)
      let strict = try #require(try place.workspace.evaluations().first)
      #expect(strict.specification.extraction == "strict-reference 1")
      _ = try place.workspace.rescore(strict, entry.specification) {
        AnswerExtractor().read($0.text, isTruncated: $0.isTruncated)
      }
      let back = try #require(try place.workspace.evaluations().first)
      #expect(try place.workspace.score(back, bootstrap: nil).sets == before)
    }
  }
}
