import DeepCriticCore
import Dispatch
import Foundation
import Synchronization
import Terminal

/// One run of the generation from the command line: the work goes on beside, this thread shows it and listens to
/// signals.
struct GenerateSession {
  let workspace: Workspace
  let settings: GenerateSettings
  let options: GenerationRun.Options
  let quiet: Bool

  func run(json: Bool) throws {
    let endpoints = try settings.endpoints(environment: ProcessInfo.processInfo.environment)
    for stage in options.stages where options.settings(of: stage).model == nil {
      throw GenerationError.noModel(stage)
    }
    let open = try workspace.openBatches()
    if !open.isEmpty, !options.includesBatched, !quiet {
      let count = open.reduce(0) { $0 + $1.requests }
      Talk.say(
        "\(GenerationReport.counted(count, "request")) are out in batch files and not asked for "
          + "(\(open.map(\.file).joined(separator: ", "))); --include-batched asks for them too.")
    }
    let client = ModelClient(endpoints: endpoints, configuration: settings.client)
    let run = GenerationRun(workspace: workspace, client: client, options: options)
    let stopping = StopRequests()
    let result = watch(run, client, stopping)
    let progress = run.progress()
    let report = GenerationReport(progress, prices: settings.prices)
    if case .failure(let error) = result, !(error is CancellationError), stopping.urgency == .none {
      if progress.total.samples > 0 { Talk.say("Until then: \(report.summary)") }
      throw error
    }
    if !quiet { for line in Self.summary(progress, report) { Talk.say(line) } }
    let failures = try workspace.requestFailureCounts().filter { options.stages.contains($0.stage) }
    if json {
      try JSONOutput.write(
        GenerationSummary(
          progress, standings: try workspace.seedCounts(), failures: failures, prices: settings.prices))
    }
    if let interrupted = stopping.interrupted { throw interrupted }
    for failure in failures {
      Talk.problem(
        "\(failure.stage.rawValue): \(GenerationReport.counted(failure.count, "request")) failed (\(failure.reason)). "
          + failure.detail)
    }
    if !failures.isEmpty { throw ExitStatus.partly }
  }

  /// Waits for the end, showing how far the run is.
  private func watch(
    _ run: GenerationRun, _ client: ModelClient, _ stopping: StopRequests
  ) -> Result<GenerationProgress, any Error> {
    let panel = LivePanel(isQuiet: quiet)
    let result = Mutex<Result<GenerationProgress, any Error>>(.failure(CancellationError()))
    let ended = DispatchSemaphore(value: 0)
    let task = Task {
      let outcome: Result<GenerationProgress, any Error>
      do { outcome = .success(try await run.run()) } catch { outcome = .failure(error) }
      result.withLock { $0 = outcome }
      await client.shutdown()
      ended.signal()
    }
    var known = StopRequests.Urgency.none
    while ended.wait(timeout: .now() + .milliseconds(50)) == .timedOut {
      let urgency = stopping.urgency
      if urgency > known {
        known = urgency
        panel.clear()
        switch urgency {
        case .none: break
        case .finish:
          run.stop()
          let count = run.progress().client?.inFlight ?? 0
          Talk.say(
            "Stopping: waiting for \(GenerationReport.counted(count, "answer")) in flight. Ctrl-C again drops them.")
        case .drop: task.cancel()
        }
      }
      if panel.isDue {
        let progress = run.progress()
        guard progress.stage != nil else { continue }
        let report = GenerationReport(progress, prices: settings.prices)
        panel.show({ Self.lines(progress, report, columns: $0, rows: $1) }, plain: Self.plain(progress, report))
      }
    }
    panel.clear()
    return result.withLock { $0 }
  }

  /// The panel: a bar, the facts, the latest answers as far as there is room.
  private static func lines(
    _ progress: GenerationProgress, _ report: GenerationReport, columns: Int, rows: Int
  ) -> [String] {
    let bar = min(40, max(columns - DisplayWidth.of(report.headline) - 6, 0))
    let full = Int(report.fraction * Double(bar))
    var lines = [
      report.headline
        + (bar >= 10
          ? "  [" + String(repeating: "#", count: full) + String(repeating: "-", count: bar - full) + "]" : "")
    ]
    lines += report.rows.map { Screen.pad($0.label, 9) + $0.value }
    let room = max(min(rows - lines.count - 2, 4), 0)
    for (index, answer) in progress.latest.prefix(room).enumerated() {
      lines.append(Screen.pad(index == 0 ? "latest" : "", 9) + answer.words)
    }
    return lines
  }

  private static func plain(_ progress: GenerationProgress, _ report: GenerationReport) -> String {
    var facts = [report.headline]
    if !progress.counts.failed.isEmpty {
      facts.append("unusable: " + GenerationReport.reasons(progress.counts.failed))
    }
    facts.append(String(format: "%.1f requests/s", progress.rate.requests))
    for endpoint in progress.client?.endpoints ?? [] {
      if let reason = endpoint.setAside { facts.append("\(endpoint.endpoint) set aside: \(reason)") }
    }
    return facts.joined(separator: "; ")
  }

  /// What is said at the end.
  private static func summary(_ progress: GenerationProgress, _ report: GenerationReport) -> [String] {
    var lines: [String] = []
    for result in progress.finished {
      var words = "\(result.stage.rawValue): "
      if result.planned.requests == 0 {
        words += "nothing to ask"
      } else {
        words +=
          "\(GenerationReport.counted(result.counts.requests, "request")) about "
          + GenerationReport.counted(result.planned.solutions, "solution")
      }
      if !result.planned.held.isEmpty {
        words += "; held back: " + GenerationReport.reasons(result.planned.held)
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
    var planned: StagePlanner.Size
    var done: GenerationProgress.Counts
    var seconds: Double
  }
  var stages: [StageSummary]
  var total: GenerationProgress.Counts
  var seconds: Double
  var cost: Double?
  var standings: [SeedCount]
  var failures: [RequestFailureCount]

  init(
    _ progress: GenerationProgress, standings: [SeedCount], failures: [RequestFailureCount], prices: TokenPrices?
  ) {
    stages = progress.finished.map {
      StageSummary(stage: $0.stage.rawValue, planned: $0.planned, done: $0.counts, seconds: $0.seconds)
    }
    total = progress.total
    seconds = progress.seconds
    cost = prices.map { $0.cost(prompt: progress.total.promptTokens, completion: progress.total.completionTokens) }
    self.standings = standings
    self.failures = failures
  }
}
