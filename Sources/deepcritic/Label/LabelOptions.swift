import ArgumentParser
import DeepCriticCore
import Foundation

/// Which solver, which problems or solutions, and how answers are graded.
struct LabelOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Only matching problems or solutions, as in 'deepcritic list'.", valueName: "filter"))
  var filter: String?
  @Flag(help: "Include benchmark problems and solutions.")
  var includeBenchmarks = false
  @Option(
    name: .customLong("prompt"), help: ArgumentHelp("Use another solver template.", valueName: "solver=file"))
  var prompts: [PromptReplacement] = []
  @Option(help: ArgumentHelp("Samples per problem, or rollouts per prefix (default: 8).", valueName: "samples"))
  var n: Int?
  @Option(help: ArgumentHelp("Temperature (default: 1.0 for samples, 0.7 for rollouts).", valueName: "value"))
  var temperature: Double?
  @Option(help: ArgumentHelp("Top-p (default: 1.0, 0.9).", valueName: "value"))
  var topP: Double?
  @Option(help: ArgumentHelp("Maximum tokens (default: 2048, 4096).", valueName: "tokens"))
  var maxTokens: Int?
  @Option(help: ArgumentHelp("Seed of the first sample; further samples count up.", valueName: "number"))
  var seed: Int?
  @Option(help: ArgumentHelp("Python interpreter with math-verify.", valueName: "path"))
  var python: String?

  func validate() throws {
    try OptionCheck.range(n, RequestLimits.samples, "--n")
    try OptionCheck.range(temperature, RequestLimits.temperature, "--temperature")
    try OptionCheck.range(topP, 0...1, "--top-p")
    try OptionCheck.range(maxTokens, RequestLimits.tokens, "--max-tokens")
    try OptionCheck.range(seed, RequestLimits.seed, "--seed")
    if prompts.contains(where: { $0.purpose != .solver }) {
      throw ValidationError("Only the solver's template is used here: --prompt solver=FILE.")
    }
  }

  /// The settings with the options of one kind on top.
  func settings(_ workspace: Workspace, _ kind: RolloutKind, model: String?) throws -> LabelSettings {
    var settings = try LabelSettings(path: workspace.settingsPath)
    var own = settings[kind]
    own.samples = n ?? own.samples
    own.temperature = temperature ?? own.temperature
    own.topP = topP ?? own.topP
    own.maxTokens = maxTokens ?? own.maxTokens
    own.seed = seed ?? own.seed
    own.model = model ?? own.model
    settings[kind] = own
    settings.grading.python = python ?? settings.grading.python
    return settings
  }

  /// The solver's template.
  func prompt(_ workspace: Workspace) throws -> RolloutPrompt {
    RolloutPrompt(try prompts.library(workspace)[.solver])
  }

  func queueFilter() throws -> QueueFilter { try filter.map { try QueueFilter($0) } ?? .everything }
}

extension LabelSettings {
  /// How each server continues a text.
  func continuations(
    at endpoints: [Endpoint], _ servers: GenerateSettings, model: String, stopping: StopRequests
  ) async throws -> [ContinuationProbe.Finding] {
    var configuration = servers.client
    configuration.streams = false
    let probe = ContinuationProbe(model: model, configuration: configuration, rawFormat: rawFormat)
    return try await stopping.ending { try await probe.choose(endpoints, continuation) }
  }

  /// The workers that grade.
  func pool() throws -> GradingPool {
    GradingPool(grading, python: try grading.interpreter(environment: ProcessInfo.processInfo.environment))
  }
}
