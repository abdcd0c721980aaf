import CritiqueModel
import Formatting
import ModelClient
import ModelRuns
import ReviewStore

/// A run of the generation: asks for what stages lack, stage after stage.
///
/// ```swift
/// let run = GenerationRun(workspace: workspace, client: client, options: options)
/// let progress = try await run.run()
/// ```
public final class GenerationRun: ModelRun {
  /// What to ask for, and how.
  public struct Options: Sendable {
    /// Stages in the order in which they are asked.
    public var stages: [Stage]
    /// Samples and sampling by stage; a stage without an entry has the paper's.
    public var settings: [Stage: StageSettings]
    /// The templates.
    public var prompts: PromptLibrary
    /// Which solutions.
    public var selection: SeedSelectionOptions
    /// Maximum number of solutions with something to ask, at each stage.
    public var limit: Int
    /// Asks for further samples where none could be used.
    public var retriesUnusable: Bool
    /// Asks also for what is out in a batch file.
    public var includesBatched: Bool
    /// Maximum number of requests under way in this process; `nil`: four times what the servers take.
    public var window: Int?

    /// Options from their parts.
    public init(
      stages: [Stage], settings: [Stage: StageSettings], prompts: PromptLibrary,
      selection: SeedSelectionOptions = SeedSelectionOptions(), limit: Int = .max,
      retriesUnusable: Bool = false, includesBatched: Bool = false, window: Int? = nil
    ) {
      self.stages = stages
      self.settings = settings
      self.prompts = prompts
      self.selection = selection
      self.limit = limit
      self.retriesUnusable = retriesUnusable
      self.includesBatched = includesBatched
      self.window = window
    }

    /// The settings of a stage.
    public func settings(of stage: Stage) -> StageSettings { settings[stage] ?? StageSettings(stage) }

    /// How a stage is planned.
    public func planner(of stage: Stage, workspace: Workspace, ids: [Int64]) -> StagePlanner {
      let settings = settings(of: stage)
      return StagePlanner(
        workspace: workspace, ids: ids, template: prompts[stage],
        options: StagePlanner.Options(
          stage: stage, samples: settings.samples, oneChoicePerRequest: settings.seed != nil,
          retriesUnusable: retriesUnusable, includesBatched: includesBatched), limit: limit)
    }

    /// The parameters that a stage is asked with; `nil` while no model is named.
    private func parameters(of stage: Stage) -> RequestParameters? {
      let settings = settings(of: stage)
      // Where a stage's template ends with the assistant's turn, that is an example.
      return settings.model.map {
        RequestParameters(
          model: $0, sampling: settings.sampling, samples: settings.samples, retryTokens: settings.retryTokens,
          continuesLastMessage: false)
      }
    }

    /// The number of the specification that a stage is asked with; `nil` where it was never used.
    public func generation(of stage: Stage, in workspace: Workspace) throws -> Int64? {
      try parameters(of: stage).flatMap {
        try workspace.knownGenerationID(of: GenerationSpecification(stage, prompts[stage], $0))
      }
    }

    /// What a stage lacks, with its template and specification kept in the workspace.
    ///
    /// - Throws: ``GenerationError/noModel(_:)``, `WorkspaceError`.
    func job(of stage: Stage, in workspace: Workspace) throws -> StageJob {
      guard let parameters = parameters(of: stage) else { throw GenerationError.noModel(stage) }
      let template = prompts[stage]
      let planner = planner(of: stage, workspace: workspace, ids: try workspace.seedSelection(selection).ids)
      try workspace.keepPrompt(template.text, hash: template.hash)
      return StageJob(
        workspace: workspace, stage: stage, template: template, parameters: parameters, planner: planner,
        generation: try workspace.generationID(of: GenerationSpecification(stage, template, parameters)))
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

  /// Asks stage after stage until nothing is missing, or until ``stop()``.
  ///
  /// - Returns: what was done.
  /// - Throws: ``GenerationError``; what `RequestRunner.run` throws; `WorkspaceError` when answers cannot be stored.
  public func run() async throws -> RequestProgress {
    try await runner.run { [self] in
      for stage in options.stages where !runner.isStopping {
        let (job, size) = try await runner.readStore { [self] in
          let job = try options.job(of: stage, in: workspace)
          return (job, try job.planner.size())
        }
        try await runner.ask(job, for: stage.rawValue, planned: size, window: options.window)
      }
    }
    return progress()
  }
}

/// Why critiques cannot be asked for.
public enum GenerationError: Error, Sendable, CustomStringConvertible {
  /// Nobody named the model.
  case noModel(Stage)
  /// A batch file of that name has not come back.
  case batchIsOut(String, requests: Int)

  /// A sentence with its remedy.
  public var description: String {
    switch self {
    case .noModel(let stage):
      "no model is named for the \(stage.rawValue) stage. Name the one your server serves with --model NAME, or in "
        + "deepcritic.toml: [generate] model = \"NAME\"."
    case .batchIsOut(let file, let requests):
      "\(file) is out already, with \(Figures.count(requests, "request")). Read its output with --read-batch, "
        + "choose another name, or give it up with --forget-batch."
    }
  }
}
