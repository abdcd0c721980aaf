import CritiqueGeneration
import CritiqueModel
import ReviewStore

/// Makes solutions of samples (paper, section 3.2): of each problem that has right and wrong boxed answers, one right
/// sample and every wrong one, split into steps and renumbered.
public struct SampleChooser: Sendable {
  /// What was decided.
  public struct Report: Sendable, Hashable, Codable {
    /// Problems looked at.
    public var problems = 0
    /// Problems that gave solutions.
    public var used = 0
    /// Solutions chosen: right ones, and wrong ones.
    public var right = 0
    /// Wrong ones.
    public var wrong = 0
    /// Of these, solutions that were not here before.
    public var added = 0
    /// Right samples beyond the one that is kept.
    public var rightLeftOut = 0
    /// Samples without a boxed answer, cut off, or not gradable.
    public var unusable = 0
    /// Samples that say the same as another one.
    public var repeated = 0
    /// Samples whose text has no steps.
    public var withoutSteps = 0
    /// Problems that gave none, by reason (``EstimateReason``).
    public var discarded: [String: Int] = [:]
  }

  private let workspace: Workspace
  private let prompt: RolloutPrompt
  private let generation: Int64
  private let grader: String
  private let samples: Int
  private let model: String
  private let programVersion: String

  /// A chooser for the samples of one specification.
  ///
  /// - Parameter samples: how many a problem needs before samples are chosen.
  public init(
    workspace: Workspace, prompt: RolloutPrompt, generation: Int64, grader: String, samples: Int, model: String,
    programVersion: String
  ) {
    self.workspace = workspace
    self.prompt = prompt
    self.generation = generation
    self.grader = grader
    self.samples = samples
    self.model = model
    self.programVersion = programVersion
  }

  /// Chooses from the problems' samples and stores the result. The same samples give the same solutions.
  ///
  /// - Parameter progress: called with how many problems were looked at; may throw to stop.
  public func choose(_ problems: [Int64], progress: (Int) throws -> Void = { _ in }) throws -> Report {
    var report = Report()
    let failed = try workspace.failedRollouts(.sample)
    for start in stride(from: 0, to: problems.count, by: 200) {
      let page = Array(problems[start..<min(start + 200, problems.count)])
      var chosen: [ChosenSample] = []
      var reasons: [Int64: (reason: EstimateReason, detail: String?)?] = [:]
      for material in try workspace.seedMaterial(page, before: .initial) {
        report.problems += 1
        let before = chosen.count
        var reason = try choose(material, into: &chosen, &report)
        if reason == .waiting, failed.contains(material.id) { reason = .requestFailed }
        reasons[material.id] = .some(reason.map { ($0, nil) })
        if let reason { report.discarded[reason.rawValue, default: 0] += 1 }
        if chosen.count > before { report.used += 1 }
      }
      report.added += try workspace.addSampledSolutions(chosen, generation: generation, programVersion: programVersion)
      try workspace.recordSampledProblems(reasons)
      try progress(report.problems)
    }
    return report
  }

  private func choose(
    _ material: SeedMaterial, into chosen: inout [ChosenSample], _ report: inout Report
  ) throws -> EstimateReason? {
    guard let answer = material.solution.referenceAnswer, !TrainingText.trimmed(answer).isEmpty else {
      return .noReference
    }
    let graded = try workspace.gradedRollouts(of: material.id, generation: generation, grader: grader)
      .filter { $0.step == 0 && $0.sample < samples }
    guard graded.count >= samples else { return .waiting }
    if graded.contains(where: { $0.outcome == .ungraded }) { return .ungraded }
    let right = graded.filter { $0.outcome == .right }
    let wrong = graded.filter { $0.outcome == .wrong }
    report.unusable += graded.count - right.count - wrong.count
    if right.isEmpty { return .allWrong }
    // All right, or the others have no answer that could be wrong.
    if wrong.isEmpty { return .allRight }
    var seen: Set<[String]> = []
    var isRightTaken = false
    for one in (right + wrong) {
      let isRight = one.outcome == .right
      if isRight, isRightTaken {
        report.rightLeftOut += 1
        continue
      }
      guard
        let text = try workspace.rolloutText(
          of: material.id, generation: generation, step: 0, sample: one.sample)
      else { continue }
      let steps = StepSplitter.split(Self.joined(prompt.opening(material.solution.problem), text)).steps
      if steps.isEmpty {
        report.withoutSteps += 1
        continue
      }
      guard seen.insert(steps).inserted else {
        report.repeated += 1
        continue
      }
      if isRight { isRightTaken = true }
      report.right += isRight ? 1 : 0
      report.wrong += isRight ? 0 : 1
      chosen.append(
        ChosenSample(
          problem: material.id, name: material.name, sample: one.sample,
          solution: Solution(
            problem: material.solution.problem, referenceAnswer: answer, steps: steps.map { Step($0) },
            finalAnswerCorrect: isRight, generator: model)))
    }
    return nil
  }

  /// The opening and what the model wrote after it.
  public static func joined(_ opening: String, _ text: String) -> String {
    let isApart = opening.isEmpty || text.first?.isWhitespace ?? true
    return opening + (isApart ? "" : " ") + text
  }
}
