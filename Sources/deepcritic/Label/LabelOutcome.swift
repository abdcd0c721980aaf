import DeepCriticCore
import Foundation
import Terminal

/// What follows once responses are stored: grades, then solutions or labels.
struct LabelOutcome {
  let workspace: Workspace
  let settings: LabelSettings
  let prompt: RolloutPrompt
  let generation: Int64
  let model: String
  let stopping: StopRequests
  let quiet: Bool

  /// The outcome.
  struct Report: Encodable, Sendable {
    var grading = StoreGrader.Counts()
    var grader = ""
    var solutions: SampleChooser.Report?
    var estimate: Estimator.Report?
  }

  func finish(_ kind: RolloutKind, _ ids: [Int64]) async throws -> Report {
    let panel = LivePanel(isQuiet: quiet)
    let pool = try settings.pool()
    defer { pool.shutdown() }
    var report = Report()
    let stopping = stopping
    func note(_ words: String) throws {
      if let interrupted = stopping.interrupted { throw interrupted }
      panel.show({ _, _ in [words] }, plain: words)
    }
    let store = StoreGrader(workspace: workspace, pool: pool)
    let progress = ProgressNote()
    report.grading = try await wait(progress, note) {
      try await store.gradeAll { progress.set("\(Figures.count($0)) answers graded") }
    }
    report.grader = try await pool.grader()
    switch kind {
    case .sample:
      let chooser = SampleChooser(
        workspace: workspace, prompt: prompt, generation: generation, grader: report.grader,
        samples: settings.sample.samples, model: model, programVersion: Version.number)
      let chosen = try chooser.choose(ids) { try note("\(Figures.count($0)) problems looked at") }
      report.solutions = chosen
      panel.clear()
      if !quiet { say(chosen) }
    case .rollout:
      let estimator = Estimator(
        workspace: workspace, rule: settings.rule, generation: generation, samples: settings.rollout.samples, pool: pool
      )
      let estimate = try await wait(progress, note) {
        try await estimator.estimate(ids) { progress.set("\(Figures.count($0)) solutions estimated") }
      }
      report.estimate = estimate
      panel.clear()
      if !quiet { say(estimate) }
    }
    return report
  }

  /// Waits for work, showing what it notes.
  private func wait<T: Sendable>(
    _ progress: ProgressNote, _ note: (String) throws -> Void, _ work: @escaping @Sendable () async throws -> T
  ) async throws -> T {
    try await Watched.run(signals: stopping.signals(), work) { _ in try note(progress.words) }.get()
  }

  private func say(_ report: SampleChooser.Report) {
    StandardError.write(
      "\(Figures.count(report.right + report.wrong, "solution")) of "
        + "\(Figures.count(report.used, "problem")): \(report.right) right and \(report.wrong) wrong; "
        + "\(report.added) new."
        + (report.rightLeftOut > 0 ? " Further right ones left out: \(report.rightLeftOut)." : "")
        + (report.unusable > 0 ? " Samples that cannot be graded: \(report.unusable)." : "")
        + (report.repeated > 0 ? " Repeated: \(report.repeated)." : "")
        + (report.withoutSteps > 0 ? " Without steps: \(report.withoutSteps)." : ""))
    sayReasons(report.discarded, "problem")
  }

  private func say(_ report: Estimator.Report) {
    StandardError.write(
      "\(Figures.count(report.withError + report.withoutError, "label")) for "
        + "\(Figures.count(report.solutions, "solution")): \(report.withError) with an error, "
        + "\(report.withoutError) without.")
    var reasons = report.reasons
    reasons[EstimateReason.labelled.rawValue] = nil
    sayReasons(reasons, "solution")
    let outcomes = report.outcomes.map { (RolloutOutcome(rawValue: $0.key)?.words ?? $0.key, $0.value) }
    if !outcomes.isEmpty {
      StandardError.write("Rollouts: \(Figures.tally(Dictionary(outcomes, uniquingKeysWith: +))).")
    }
  }

  private func sayReasons(_ reasons: [String: Int], _ noun: String) {
    for (name, count) in reasons.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      guard let reason = EstimateReason(rawValue: name) else { continue }
      StandardError.write("Left out: \(Figures.count(count, noun)): \(reason.words). \(reason.remedy)")
    }
  }
}
