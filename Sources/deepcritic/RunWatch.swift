import DeepCriticCore
import Terminal

/// A long run of requests from the command line: its progress, and stopping it on signals.
struct RunWatch<Run: ModelRun> {
  let run: Run
  let prices: TokenPrices?
  let quiet: Bool
  let stopping: StopRequests

  /// Runs to the end and says what was done.
  ///
  /// - Throws: what ended the run early, be it a signal.
  func finish() async throws {
    let report = try await report()
    if !quiet, run.progress().total.requests > 0 { StandardError.write(report.summary) }
    if let interrupted = stopping.interrupted { throw interrupted }
  }

  /// Runs to the end.
  ///
  /// - Returns: what was done.
  /// - Throws: what ended the run early, unless a signal did.
  func report() async throws -> RequestReport {
    let result = await watch()
    let progress = run.progress()
    let report = RequestReport(progress, prices: prices)
    if case .failure(let error) = result, !(error is CancellationError), stopping.urgency == .none {
      if progress.total.samples > 0 { StandardError.write("Until then: \(report.summary)") }
      throw error
    }
    return report
  }

  private func watch() async -> Result<Run.Outcome, any Error> {
    let panel = LivePanel(isQuiet: quiet)
    var known = StopRequests.Urgency.none
    var learned = 0
    let result = await Watched.run(signals: stopping.signals()) { [run] in
      let outcome: Result<Run.Outcome, any Error>
      do { outcome = .success(try await run.run()) } catch { outcome = .failure(error) }
      await run.runner.shutdown()
      return try outcome.get()
    } look: { task in
      let urgency = stopping.urgency
      if urgency > known {
        known = urgency
        panel.clear()
        switch urgency {
        case .none: break
        case .finish:
          run.stop()
          let count = run.progress().client?.inFlight ?? 0
          StandardError.write(
            "Stopping: waiting for \(Figures.count(count, "answer")) in flight. Ctrl-C again drops them.")
        case .drop: task.cancel()
        }
      }
      if panel.isDue {
        let progress = run.progress()
        guard progress.work != nil else { return }
        let report = RequestReport(progress, prices: prices)
        if report.learned.count > learned {
          panel.clear()
          for words in report.learned.dropFirst(learned) { StandardError.write(words + ".") }
          learned = report.learned.count
        }
        panel.show({ Self.lines(progress, report, columns: $0, rows: $1) }, plain: Self.plain(progress, report))
      }
    }
    panel.clear()
    // A short run ends before anybody has looked.
    if !quiet {
      let all = RequestReport(run.progress(), prices: prices).learned
      for words in all.dropFirst(learned) { StandardError.write(words + ".") }
    }
    return result
  }

  /// The panel: a bar, the facts, and as many of the latest answers as there is room for.
  private static func lines(
    _ progress: RequestProgress, _ report: RequestReport, columns: Int, rows: Int
  ) -> [String] {
    let bar = min(40, max(columns - DisplayWidth.of(report.headline) - 6, 0))
    var lines = [report.headline + (bar >= 10 ? "  [\(Bar.line(report.fraction, width: bar))]" : "")]
    lines += report.rows.map { Screen.pad($0.label, 9) + $0.value }
    let room = max(min(rows - lines.count - 2, 4), 0)
    for (index, answer) in progress.latest.prefix(room).enumerated() {
      lines.append(Screen.pad(index == 0 ? "latest" : "", 9) + answer.words)
    }
    return lines
  }

  private static func plain(_ progress: RequestProgress, _ report: RequestReport) -> String {
    var facts = [report.headline]
    if !progress.counts.failed.isEmpty {
      facts.append("unusable: " + Figures.tally(progress.counts.failed))
    }
    facts.append(Figures.rate(progress.rate.requests) + " requests/s")
    for endpoint in progress.client?.endpoints ?? [] {
      if let reason = endpoint.setAside { facts.append("\(endpoint.endpoint) set aside: \(reason)") }
    }
    facts += report.waits
    return facts.joined(separator: "; ")
  }
}
