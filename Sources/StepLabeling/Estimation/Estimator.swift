import CritiqueGeneration
import CritiqueModel
import ReviewStore

/// Turns graded rollouts into labels, and stores them with their reasons.
public struct Estimator: Sendable {
  /// The outcome.
  public struct Report: Sendable, Hashable, Codable {
    /// Solutions looked at.
    public var solutions = 0
    /// By reason (``EstimateReason``): "labelled", and what each rule discards.
    public var reasons: [String: Int] = [:]
    /// Labels that find an error.
    public var withError = 0
    /// Labels that find none.
    public var withoutError = 0
    /// Rollouts that were counted, by outcome (``RolloutOutcome``). All but right ones count as failures.
    public var outcomes: [String: Int] = [:]
  }

  private let workspace: Workspace
  private let rule: EstimateRule
  private let generation: Int64
  private let samples: Int
  private let pool: GradingPool

  /// An estimator for the rollouts of one specification.
  ///
  /// - Parameter samples: how many rollouts each prefix must have; further ones count too.
  public init(workspace: Workspace, rule: EstimateRule, generation: Int64, samples: Int, pool: GradingPool) {
    self.workspace = workspace
    self.rule = rule
    self.generation = generation
    self.samples = samples
    self.pool = pool
  }

  /// Estimates solutions.
  ///
  /// - Parameter progress: called with how many were looked at; may throw to stop.
  /// - Throws: ``GradingError``; `WorkspaceError`; `CancellationError`.
  public func estimate(_ ids: [Int64], progress: (Int) throws -> Void = { _ in }) async throws -> Report {
    var report = Report()
    let grader = try await pool.grader()
    let failed = try workspace.failedRollouts(.rollout)
    for start in stride(from: 0, to: ids.count, by: 200) {
      let page = Array(ids[start..<min(start + 200, ids.count)])
      var estimates: [Int64: StepEstimate] = [:]
      let material = try workspace.seedMaterial(page, before: .initial)
      let finals = try await finalAnswers(material)
      for one in material {
        var estimate = try estimate(one, final: finals[one.id], grader, &report)
        if estimate.reason == .waiting, failed.contains(one.id) { estimate.reason = .requestFailed }
        estimates[one.id] = estimate
        report.solutions += 1
        report.reasons[estimate.reason.rawValue, default: 0] += 1
        if let error = estimate.firstError {
          if error > 0 { report.withError += 1 } else { report.withoutError += 1 }
        }
      }
      try workspace.recordEstimates(estimates, generation: generation, grader: grader, rule: rule.description)
      try progress(report.solutions)
    }
    return report
  }

  private func estimate(
    _ material: SeedMaterial, final: RolloutOutcome?, _ grader: String, _ report: inout Report
  ) throws -> StepEstimate {
    let count = material.solution.steps.count
    func none(_ reason: EstimateReason, _ counts: [SuccessCount] = []) -> StepEstimate {
      StepEstimate(counts: counts, firstError: nil, reason: reason)
    }
    guard let answer = material.solution.referenceAnswer, !TrainingText.trimmed(answer).isEmpty else {
      return none(.noReference)
    }
    let rollouts = try workspace.gradedRollouts(of: material.id, generation: generation, grader: grader)
    var prefixes = Array(repeating: SuccessCount(right: 0, all: 0), count: max(count - 1, 0))
    var ungraded = false
    for one in rollouts where (1..<max(count, 1)).contains(one.step) {
      report.outcomes[one.outcome.rawValue, default: 0] += 1
      prefixes[one.step - 1].all += 1
      if one.outcome == .right { prefixes[one.step - 1].right += 1 }
      if one.outcome == .ungraded { ungraded = true }
    }
    if prefixes.contains(where: { $0.all < samples }) { return none(.waiting, prefixes) }
    if ungraded { return none(.ungraded, prefixes) }
    switch final {
    case .right: return rule.estimate(prefixes: prefixes, isRight: true)
    case .wrong: return rule.estimate(prefixes: prefixes, isRight: false)
    default: return none(.noFinalAnswer, prefixes)
    }
  }

  /// Whether final answers are right: as the record says, else by grading what the last step says.
  private func finalAnswers(_ material: [SeedMaterial]) async throws -> [Int64: RolloutOutcome] {
    var found: [Int64: RolloutOutcome] = [:]
    var open: [(id: Int64, pair: GradePair)] = []
    for one in material {
      if let known = one.solution.finalAnswerCorrect {
        found[one.id] = known ? .right : .wrong
      } else if let gold = one.solution.referenceAnswer, let answer = AnswerText.final(of: one.solution) {
        open.append((one.id, GradePair(gold: gold, answer: answer)))
      }
    }
    if !open.isEmpty {
      for (one, grade) in zip(open, try await pool.grade(open.map(\.pair))) { found[one.id] = grade.outcome }
    }
    return found
  }
}
