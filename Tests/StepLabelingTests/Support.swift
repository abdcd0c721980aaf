import CritiqueGeneration
import CritiqueModel
import DatasetFormats
import DeepCriticCore
import FaultServer
import Foundation
import ModelClient
import ModelRuns
import Testing

@testable import ReviewStore
@testable import StepLabeling

/// A workspace in a temporary folder, removed with the value.
final class TemporaryWorkspace {
  let path: String
  let workspace: Workspace

  init(_ lines: [String] = []) throws {
    path = NSTemporaryDirectory() + "deepcritic-labels-" + UUID().uuidString
    workspace = try Workspace.create(at: path)
    if !lines.isEmpty { try add(lines) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func add(_ lines: [String]) throws -> ImportSummary {
    let file = path + "/" + UUID().uuidString + ".jsonl"
    try (lines.joined(separator: "\n") + "\n").write(toFile: file, atomically: true, encoding: .utf8)
    let summary = try workspace.importFile(file)
    #expect(summary.bad == 0)
    return summary
  }

  var problems: [Int64] {
    get throws {
      try workspace.problemsToSample(filter: .everything, reviewer: "", includesBenchmarks: false).ids
    }
  }

  var solutions: [Int64] {
    get throws {
      try workspace.solutionsToRollOut(
        filter: .everything, reviewer: "", includesLabelled: false, includesBenchmarks: false
      ).ids
    }
  }
}

/// Problems that the planted solver answers.
func problems(_ count: Int) -> [String] {
  (1...count).map { #"{"problem": "What number is meant? It is #\#($0 * 10)", "answer": "\#($0 * 10)"}"# }
}

/// The interpreter with math-verify; a test that needs it cannot run without.
let gradingPython: String? = {
  guard let python = try? GradingSettings().interpreter(environment: ProcessInfo.processInfo.environment) else {
    return nil
  }
  return (try? GraderProcess(python: python, startLimit: 60)).map { process in
    process.end()
    return python
  }
}()

extension Trait where Self == ConditionTrait {
  static var needsGrading: Self {
    .enabled(if: gradingPython != nil, "math-verify is missing; scripts/test without --quick installs it")
  }
}

/// Runs a test against a server of its own that solves problems.
func withSolver<T>(
  _ change: (inout ServerConfiguration) -> Void = { _ in }, _ body: (FaultServer) async throws -> T
) async throws -> T {
  try await FaultServer.serving(
    { configuration in
      configuration.solver = PlantedSolver()
      configuration.lateness = 0.05
      change(&configuration)
    }, body)
}

/// A client with short times.
func makeClient(_ endpoint: Endpoint) -> ModelClient {
  ModelClient(endpoints: [endpoint], configuration: shortTimes)
}

var shortTimes: ClientConfiguration {
  var configuration = ClientConfiguration()
  configuration.concurrency = .fixed(32)
  configuration.connectTimeout = 2
  configuration.idleTimeout = 5
  configuration.initialBackoff = 0.01
  configuration.maximumBackoff = 0.05
  configuration.connectionGracePeriod = 0.3
  return configuration
}

func options(_ kind: RolloutKind, _ ids: [Int64], n: Int = 8, limit: Int = .max) throws -> LabelRun.Options {
  var settings = LabelSettings()[kind]
  settings.model = "solver"
  settings.samples = n
  return LabelRun.Options(
    kind: kind, settings: settings, prompt: RolloutPrompt(try PromptLibrary()[.solver]), ids: ids, limit: limit)
}

/// Draws samples or rollouts once, with a client of its own.
@discardableResult
func draw(
  _ workspace: Workspace, _ endpoint: Endpoint, _ options: LabelRun.Options
) async throws -> (progress: RequestProgress, generation: Int64) {
  let client = makeClient(endpoint)
  do {
    let result = try await LabelRun(workspace: workspace, client: client, options: options).run()
    await client.shutdown()
    return result
  } catch {
    await client.shutdown()
    throw error
  }
}

/// Everything from problems to labels.
func label(
  _ place: TemporaryWorkspace, _ server: FaultServer, _ pool: GradingPool, n: Int = 8
) async throws -> (samples: SampleChooser.Report, estimates: Estimator.Report) {
  let workspace = place.workspace
  let endpoint = try Endpoint(server.base)
  let sampling = try options(.sample, try place.problems)
  let drawn = try await draw(workspace, endpoint, sampling)
  let store = StoreGrader(workspace: workspace, pool: pool)
  _ = try await store.gradeAll()
  let chosen = try SampleChooser(
    workspace: workspace, prompt: sampling.prompt, generation: drawn.generation, grader: try await pool.grader(),
    samples: 8, model: "solver", programVersion: "test"
  ).choose(try place.problems)
  let solutions = try place.solutions
  let rolled = try await draw(workspace, endpoint, try options(.rollout, solutions, n: n))
  _ = try await store.gradeAll()
  let estimates = try await Estimator(
    workspace: workspace, rule: EstimateRule(), generation: rolled.generation, samples: n, pool: pool
  ).estimate(solutions)
  return (chosen, estimates)
}
