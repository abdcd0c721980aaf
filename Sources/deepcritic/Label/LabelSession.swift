import DeepCriticCore
import Foundation
import Terminal

/// Draws samples or rollouts from the command line, grades them, and does what follows from it.
struct LabelSession {
  let workspace: Workspace
  let kind: RolloutKind
  let drawing: Label.Drawing
  let ids: [Int64]
  let leftOut: [EstimateReason: Int]

  func run() async throws {
    let settings = try drawing.settings(workspace, kind)
    let prompt = try drawing.options.prompt(workspace)
    var options = LabelRun.Options(
      kind: kind, settings: settings[kind], prompt: prompt, ids: ids, limit: drawing.limit ?? .max)
    let servers = try drawing.serverSettings(workspace)
    if drawing.dryRun {
      return try LabelForecast(
        workspace: workspace, options: options, ids: ids, leftOut: leftOut, prices: servers.prices
      ).run(json: drawing.json)
    }
    let specification = try options.specification()
    if ids.isEmpty {
      StandardError.write(
        kind == .sample
          ? "There is no problem to sample solutions of. Import a problem set (MATH, GSM8K, NuminaMath)."
          : "There is no solution to roll out. Draw some with 'deepcritic label sample'.")
    }
    if !drawing.quiet {
      for (reason, count) in Figures.ordered(leftOut) {
        StandardError.write("Not asked about: \(reason.words) \(Figures.count(count)). \(reason.remedy)")
      }
    }
    let stopping = StopRequests()
    let endpoints = try await endpoints(servers, settings, specification, &options, stopping)
    let client = ModelClient(endpoints: endpoints, configuration: servers.client)
    let run = LabelRun(workspace: workspace, client: client, options: options)
    try await RunWatch(run: run, prices: servers.prices, quiet: drawing.quiet, stopping: stopping).finish()
    let generation = try workspace.generationID(of: specification)
    let outcome = try await LabelOutcome(
      workspace: workspace, settings: settings, prompt: prompt, generation: generation, model: specification.model,
      stopping: stopping, quiet: drawing.quiet
    ).finish(kind, ids)
    let failures = try workspace.rolloutFailures(kind)
    if drawing.json { try JSONOutput.write(LabelSummary(run.progress(), outcome, failures, servers.prices)) }
    StandardError.report(failures)
    if !failures.isEmpty { throw ExitStatus.partly }
  }

  /// The servers, each with the way in which it continues a text.
  private func endpoints(
    _ servers: GenerateSettings, _ settings: LabelSettings, _ specification: GenerationSpecification,
    _ options: inout LabelRun.Options, _ stopping: StopRequests
  ) async throws -> [Endpoint] {
    var endpoints = try servers.endpoints(environment: ProcessInfo.processInfo.environment)
    // With no requests, or no texts to continue, no server need be tried.
    guard try options.continuesTexts(workspace) else { return endpoints }
    let findings = try await settings.continuations(
      at: endpoints, servers, model: specification.model, stopping: stopping)
    for (index, finding) in findings.enumerated() {
      endpoints[index].continuation = finding.continuation
      options.continuations[finding.endpoint] = finding.continuation.words
      if !drawing.quiet, settings.continuation == .auto {
        StandardError.write(
          "\(finding.endpoint): texts are continued by \(finding.continuation.words), since \(finding.reason).")
      }
    }
    return endpoints
  }
}

/// What `label sample --json` and `label rollout --json` write.
private struct LabelSummary: Encodable {
  struct Failure: Encodable {
    var reason: String
    var count: Int
  }

  var counts: RequestProgress.Counts
  var planned: PlanSize
  var seconds: Double
  var cost: Double?
  var outcome: LabelOutcome.Report
  var failures: [Failure]

  init(
    _ progress: RequestProgress, _ outcome: LabelOutcome.Report,
    _ failures: [(reason: String, count: Int, detail: String)], _ prices: TokenPrices?
  ) {
    counts = progress.total
    planned = progress.planned
    seconds = progress.seconds
    cost = prices.map { $0.cost(prompt: progress.total.promptTokens, completion: progress.total.completionTokens) }
    self.outcome = outcome
    self.failures = failures.map { Failure(reason: $0.reason, count: $0.count) }
  }
}
