import DeepCriticCore
import Foundation

/// One run of the generation from the command line.
struct GenerateSession {
  let workspace: Workspace
  let settings: GenerateSettings
  let options: GenerationRun.Options
  let quiet: Bool

  func run(json: Bool) async throws {
    let endpoints = try settings.endpoints(environment: ProcessInfo.processInfo.environment)
    for stage in options.stages where options.settings(of: stage).model == nil {
      throw GenerationError.noModel(stage)
    }
    let open = try workspace.openBatches()
    if !open.isEmpty, !options.includesBatched, !quiet {
      let count = open.reduce(0) { $0 + $1.requests }
      StandardError.write(
        "\(Figures.count(count, "request")) are out in batch files and not asked for "
          + "(\(open.map(\.file).joined(separator: ", "))); --include-batched asks for them too.")
    }
    let client = ModelClient(endpoints: endpoints, configuration: settings.client)
    let run = GenerationRun(workspace: workspace, client: client, options: options)
    let stopping = StopRequests()
    let report = try await RunWatch(run: run, prices: settings.prices, quiet: quiet, stopping: stopping).report()
    let progress = run.progress()
    if !quiet { for line in Self.summary(progress, report) { StandardError.write(line) } }
    let failures = try workspace.requestFailureCounts().filter { options.stages.contains($0.stage) }
    if json {
      try JSONOutput.write(
        GenerationSummary(
          progress, standings: try workspace.seedCounts(), failures: failures, prices: settings.prices))
    }
    if let interrupted = stopping.interrupted { throw interrupted }
    for failure in failures {
      StandardError.report(
        "\(failure.stage.rawValue): \(Figures.count(failure.count, "request")) failed (\(failure.reason)). "
          + failure.detail)
    }
    if !failures.isEmpty { throw ExitStatus.partly }
  }

  /// What is said at the end.
  private static func summary(_ progress: RequestProgress, _ report: RequestReport) -> [String] {
    var lines: [String] = []
    for result in progress.finished {
      var words = "\(result.work): "
      if result.planned.requests == 0 {
        words += "nothing to ask"
      } else {
        words +=
          "\(Figures.count(result.counts.requests, "request")) about "
          + Figures.count(result.planned.solutions, "solution")
      }
      if !result.planned.held.isEmpty {
        words += "; held back: " + Figures.tally(result.planned.held)
      }
      lines.append(words + ".")
    }
    if progress.total.requests > 0 { lines.append(report.summary) }
    return lines
  }
}

/// What `generate --json` writes.
private struct GenerationSummary: Encodable {
  struct StageSummary: Encodable {
    var stage: String
    var planned: PlanSize
    var done: RequestProgress.Counts
    var seconds: Double
  }
  var stages: [StageSummary]
  var total: RequestProgress.Counts
  var seconds: Double
  var cost: Double?
  var standings: [SeedCount]
  var failures: [RequestFailureCount]

  init(
    _ progress: RequestProgress, standings: [SeedCount], failures: [RequestFailureCount], prices: TokenPrices?
  ) {
    stages = progress.finished.map {
      StageSummary(stage: $0.work, planned: $0.planned, done: $0.counts, seconds: $0.seconds)
    }
    total = progress.total
    seconds = progress.seconds
    cost = prices.map { $0.cost(prompt: progress.total.promptTokens, completion: progress.total.completionTokens) }
    self.standings = standings
    self.failures = failures
  }
}
