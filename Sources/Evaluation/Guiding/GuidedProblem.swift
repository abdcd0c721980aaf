import CritiqueGeneration
import CritiqueModel
import ModelClient
import ModelRuns
import ReviewStore
import StepLabeling

/// A problem with a generator's solutions of it.
public struct GuidedProblem: Sendable {
  /// One solution.
  public struct Sample: Sendable {
    /// Its steps.
    public var steps: [String]
    /// Its final answer; `nil` when it has none.
    public var answer: String?
    /// What the grader says of it.
    public var outcome: RolloutOutcome
    /// What the critic says, answer by answer.
    public var critiques: [StoredTranscript] = []
    /// What the grader says of the answer after refinement; `nil` when the solution was not refined.
    public var refinedOutcome: RolloutOutcome?

    /// The step that the critic's majority finds wrong, −1 for none, `nil` when it says nothing.
    public var verdict: Int? { Ballots(critiques.map(\.reading)).prediction }
    /// The share of the critic's votes that find no error; `nil` when it says nothing.
    public var acceptance: Double? {
      let ballots = Ballots(critiques.map(\.reading))
      return ballots.votes > 0 ? Double(ballots.right(-1)) / Double(ballots.votes) : nil
    }
    /// The wrong step to continue from; `nil` when nothing is to be refined.
    public var flaw: Int? { verdict.flatMap { $0 >= 1 && $0 <= steps.count ? $0 : nil } }
    /// The critique that found that step.
    public var critique: String? { critiques.first { $0.reading.prediction == verdict }?.text }
  }

  /// The problem's text and its reference answer.
  public var problem: Solution
  /// The solutions, by number.
  public var samples: [Sample]
}

/// Brings together what is stored about a generator's solutions, and makes the questions that are still to be asked.
public struct GuidanceMaterial: Sendable {
  private let workspace: Workspace
  private let prompt: RolloutPrompt
  private let generation: Int64
  private let samples: Int
  private let grader: String

  /// - Parameters:
  ///   - prompt: the solver's.
  ///   - generation: the specification whose samples count.
  ///   - samples: of each problem.
  ///   - grader: whose grades count.
  public init(workspace: Workspace, prompt: RolloutPrompt, generation: Int64, samples: Int, grader: String) {
    self.workspace = workspace
    self.prompt = prompt
    self.generation = generation
    self.samples = samples
    self.grader = grader
  }

  /// The problems that have a reference answer, with their solutions.
  public func problems(_ ids: [Int64]) throws -> [GuidedProblem] {
    try collect(ids) { id in
      try workspace.gradedRollouts(of: id, generation: generation, grader: grader)
        .filter { $0.step == 0 && $0.sample < samples }.map { ($0.sample, $0.outcome) }
    }
  }

  /// The same with every solution that was drawn, graded or not: enough to know which requests are missing.
  public func drawn(_ ids: [Int64]) throws -> [GuidedProblem] {
    try collect(ids) { _ in (0..<samples).map { ($0, .ungraded) } }
  }

  private func collect(
    _ ids: [Int64], samples numbers: (Int64) throws -> [(sample: Int, outcome: RolloutOutcome)]
  ) throws -> [GuidedProblem] {
    var found: [GuidedProblem] = []
    for start in stride(from: 0, to: ids.count, by: 200) {
      let page = Array(ids[start..<min(start + 200, ids.count)])
      for material in try workspace.seedMaterial(page, before: .initial) {
        guard let reference = material.solution.referenceAnswer, !TrainingText.trimmed(reference).isEmpty else {
          continue
        }
        let opening = prompt.opening(material.solution.problem)
        let own = try numbers(material.id).compactMap { one -> GuidedProblem.Sample? in
          guard
            let text = try workspace.rolloutText(
              of: material.id, generation: generation, step: 0, sample: one.sample)
          else { return nil }
          return GuidedProblem.Sample(
            steps: StepSplitter.split(SampleChooser.joined(opening, text)).steps,
            answer: AnswerText.boxed(in: text), outcome: one.outcome)
        }
        found.append(
          GuidedProblem(problem: material.solution, samples: own))
      }
    }
    return found
  }

  /// What a critic is asked about a solution.
  public static func critique(_ problem: GuidedProblem, _ sample: GuidedProblem.Sample, _ template: PromptTemplate)
    -> [ChatMessage]
  {
    CritiqueRequest.whole(template, solution(problem, sample))
  }

  /// What the generator is asked after a critique; `nil` when nothing is to be refined.
  public static func refinement(
    _ problem: GuidedProblem, _ sample: GuidedProblem.Sample, _ template: PromptTemplate
  ) -> [ChatMessage]? {
    guard let flaw = sample.flaw, let critique = sample.critique else { return nil }
    let whole = solution(problem, sample)
    var kept = whole
    kept.steps = Array(whole.steps.prefix(flaw - 1))
    let turns = template.filled { field in
      switch field {
      case .problem: whole.problem
      case .solution: SolutionText.numbered(whole)
      case .keptSteps: SolutionText.numbered(kept)
      case .critique: critique
      case .stepNumber: String(flaw)
      case .stepCount: String(whole.steps.count)
      default: ""
      }
    }
    return ChatMessage.conversation(turns)
  }

  private static func solution(_ problem: GuidedProblem, _ sample: GuidedProblem.Sample) -> Solution {
    Solution(problem: problem.problem.problem, steps: sample.steps.map { Step($0) })
  }

  /// Puts the critic's stored answers beside the solutions.
  ///
  /// - Returns: how many answers are missing.
  public func addCritiques(
    _ problems: inout [GuidedProblem], _ template: PromptTemplate, _ parameters: RequestParameters,
    _ extractor: AnswerExtractor
  ) throws -> Int {
    var missing = 0
    for place in problems.indices {
      for index in problems[place].samples.indices where !problems[place].samples[index].steps.isEmpty {
        let messages = Self.critique(problems[place], problems[place].samples[index], template)
        let answers = try workspace.answers(to: messages, parameters)
        missing += answers.count { $0 == nil }
        problems[place].samples[index].critiques = answers.compactMap { answer in
          answer.map { answer in
            var answer = answer
            answer.reading = extractor.read(answer.text, isTruncated: answer.isTruncated)
            return answer
          }
        }
      }
    }
    return missing
  }

  /// Puts refined answers beside the solutions, graded.
  ///
  /// - Returns: how many are missing.
  /// - Throws: `GradingError`; `WorkspaceError`; `CancellationError`.
  public func addRefinements(
    _ problems: [GuidedProblem], _ template: PromptTemplate, _ parameters: RequestParameters, _ pool: GradingPool
  ) async throws -> (problems: [GuidedProblem], missing: Int) {
    var problems = problems
    var missing = 0
    var waiting: [(place: Int, index: Int, pair: GradePair)] = []
    for place in problems.indices {
      for index in problems[place].samples.indices {
        guard let messages = Self.refinement(problems[place], problems[place].samples[index], template) else {
          continue
        }
        guard let text = try workspace.answers(to: messages, parameters).first ?? nil else {
          missing += 1
          continue
        }
        let answer = text.isTruncated ? nil : AnswerText.boxed(in: text.text)
        problems[place].samples[index].refinedOutcome = text.isTruncated ? .truncated : .noAnswer
        if let answer, let gold = problems[place].problem.referenceAnswer {
          waiting.append((place, index, GradePair(gold: gold, answer: answer)))
        }
      }
    }
    let grades = try await grade(waiting.map(\.pair), pool)
    for (one, grade) in zip(waiting, grades) {
      problems[one.place].samples[one.index].refinedOutcome = grade.outcome
    }
    return (problems, missing)
  }

  /// Grades pairs; those that were graded before cost nothing.
  private func grade(_ pairs: [GradePair], _ pool: GradingPool) async throws -> [StoredGrade] {
    let keys = pairs.map { Workspace.gradeKey(grader: grader, gold: $0.gold, answer: $0.answer) }
    var known = try workspace.grades(keys)
    var open: [(key: [UInt8], pair: GradePair)] = []
    var seen: Set<[UInt8]> = []
    for (key, pair) in zip(keys, pairs) where known[key] == nil && seen.insert(key).inserted {
      open.append((key, pair))
    }
    if !open.isEmpty {
      let fresh = try await pool.grade(open.map(\.pair))
      try workspace.recordGrades(
        zip(open, fresh).map {
          Workspace.GradeEntry(key: $0.key, gold: $0.pair.gold, answer: $0.pair.answer, grade: $1)
        }, grader: grader, rollouts: [:])
      for (one, grade) in zip(open, fresh) { known[one.key] = grade }
    }
    return keys.map { known[$0] ?? StoredGrade(outcome: .undecided) }
  }
}
