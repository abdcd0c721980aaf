import CritiqueGeneration
import CritiqueModel
import ModelClient
import ModelRuns
import ReviewStore

/// A run that draws samples or rollouts.
public final class LabelRun: ModelRun {
  /// What to ask for, and how.
  public struct Options: Sendable {
    /// Whole solutions or continuations.
    public var kind: RolloutKind
    /// Samples and sampling.
    public var settings: StageSettings
    /// The solver's template.
    public var prompt: RolloutPrompt
    /// Problems or solutions.
    public var ids: [Int64]
    /// Maximum number of them with something to ask.
    public var limit: Int
    /// Maximum number of requests under way in this process; `nil`: four times what the servers take.
    public var window: Int?
    /// How prefixes are sent, by the server's address.
    public var continuations: [String: String]

    /// Options from their parts.
    public init(
      kind: RolloutKind, settings: StageSettings, prompt: RolloutPrompt, ids: [Int64], limit: Int = .max,
      window: Int? = nil, continuations: [String: String] = [:]
    ) {
      self.kind = kind
      self.settings = settings
      self.prompt = prompt
      self.ids = ids
      self.limit = limit
      self.window = window
      self.continuations = continuations
    }

    /// What answers are asked with.
    ///
    /// - Throws: ``LabelError/noModel(_:)``.
    public func specification() throws(LabelError) -> GenerationSpecification {
      guard let model = settings.model else { throw .noModel(kind) }
      return GenerationSpecification(kind, model: model, promptHash: prompt.hash, sampling: settings.sampling)
    }

    /// Whether the first request continues a text.
    ///
    /// - Throws: ``LabelError/noModel(_:)``, `WorkspaceError`.
    public func continuesTexts(_ workspace: Workspace) throws -> Bool {
      var planner = planner(workspace, generation: try workspace.knownGenerationID(of: specification()))
      return try planner.nextPage()?.first?.messages.last?.role == .assistant
    }

    /// The plan.
    ///
    /// - Parameter generation: the specification whose rollouts count; `nil` when it was never used.
    public func planner(_ workspace: Workspace, generation: Int64?) -> RolloutPlanner {
      RolloutPlanner(
        workspace: workspace, ids: ids, prompt: prompt, generation: generation,
        options: RolloutPlanner.Options(
          kind: kind, samples: settings.samples, oneChoicePerRequest: settings.seed != nil, limit: limit))
    }
  }

  /// Asks.
  public let runner: RequestRunner
  private let workspace: Workspace
  private let options: Options

  /// A run that has not begun.
  public init(workspace: Workspace, client: ModelClient, options: Options) {
    self.workspace = workspace
    self.options = options
    runner = RequestRunner(client: client)
  }

  /// Asks until nothing is missing, or until ``stop()``.
  ///
  /// - Returns: what was done, and the number of the specification.
  /// - Throws: ``LabelError``; what `RequestRunner.run` throws; `WorkspaceError` when answers cannot be stored.
  public func run() async throws -> (progress: RequestProgress, generation: Int64) {
    let specification = try options.specification()
    let generation = try await runner.run { [self] in
      let (job, size) = try await runner.readStore { [workspace, options] in
        try workspace.keepPrompt(options.prompt.text, hash: options.prompt.hash)
        let generation = try workspace.generationID(of: specification)
        let planner = options.planner(workspace, generation: generation)
        let job = RolloutJob(
          workspace: workspace, kind: options.kind,
          parameters: RequestParameters(
            model: specification.model, sampling: options.settings.sampling, samples: options.settings.samples),
          planner: planner, generation: generation, continuations: options.continuations)
        return (job, try planner.size())
      }
      try await runner.ask(
        job, for: options.kind == .sample ? "samples" : "rollouts",
        planned: PlanSize(
          solutions: size.solutions, steps: size.prefixes, requests: size.requests, samples: size.samples),
        window: options.window)
      return job.generation
    }
    return (progress(), generation)
  }
}

/// The samples or rollouts that are missing: how they are asked for, read and stored.
private struct RolloutJob: RequestJob {
  typealias Record = RolloutSample

  let workspace: Workspace
  let kind: RolloutKind
  let parameters: RequestParameters
  let planner: RolloutPlanner
  let generation: Int64
  let continuations: [String: String]

  func answered(_ keys: [[UInt8]]) throws -> Set<[UInt8]> { try workspace.answered(keys) }

  func reuse(_ answers: [StoredAnswers<RolloutTarget>]) throws -> [Set<Int>] {
    try answers.map { try workspace.reuseRollouts($0.samples, for: $0.targets) }
  }

  func read(
    _ sample: AnsweredSample, of request: PlannedRequest<RolloutTarget>, _ parameters: RequestParameters
  ) -> Reading {
    let rollout = RolloutSample(
      targets: request.targets, continuation: continuations[sample.endpoint] ?? Continuation.chat.words, answer: sample)
    let fault: RolloutOutcome? = rollout.isTruncated ? .truncated : rollout.boxed == nil ? .noAnswer : nil
    return ([rollout], fault?.words, nil)
  }

  func failures(of request: PlannedRequest<RolloutTarget>, _ error: ModelClientError) -> [RolloutFailure] {
    [
      RolloutFailure(
        targets: request.targets, kind: kind, reason: error.reason, detail: "\(error)", attempts: error.attempts)
    ]
  }

  func store(_ samples: [RolloutSample], _ failures: [RolloutFailure]) throws {
    try workspace.recordRollouts(samples.map { ($0, generation) }, failures: failures)
  }
}
