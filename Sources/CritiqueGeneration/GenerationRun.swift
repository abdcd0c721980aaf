import CritiqueModel
import Formatting
import ModelClient
import ReviewStore

/// A run of the generation: asks for what stages lack, stores what comes, and can be watched and stopped meanwhile.
///
/// Nothing about a run is kept but its answers. Whatever ends it, the next run finds in the store what is still missing.
///
/// ```swift
/// let run = GenerationRun(workspace: workspace, client: client, options: options)
/// let progress = try await run.run()
/// ```
public final class GenerationRun: Sendable {
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
    /// At most so many solutions with something to ask, at each stage.
    public var limit: Int
    /// Asks for further samples where none could be used.
    public var again: Bool
    /// Asks also for what is out in a batch file.
    public var includesBatched: Bool
    /// Requests that may be under way in this process at once: waiting for their turn, sent, or on their way to the disk.
    /// `nil`: four times what the servers take, so that they have work while answers wait for the disk.
    public var window: Int?

    /// Options from their parts.
    public init(
      stages: [Stage], settings: [Stage: StageSettings], prompts: PromptLibrary,
      selection: SeedSelectionOptions = SeedSelectionOptions(), limit: Int = .max, again: Bool = false,
      includesBatched: Bool = false, window: Int? = nil
    ) {
      self.stages = stages
      self.settings = settings
      self.prompts = prompts
      self.selection = selection
      self.limit = limit
      self.again = again
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
          stage: stage, samples: settings.samples, oneChoicePerRequest: settings.seed != nil, again: again,
          includesBatched: includesBatched), limit: limit)
    }
  }

  let workspace: Workspace
  let client: ModelClient
  let options: Options
  let writer: AnswerWriter
  let asker: SampleAsker
  let state: AskingState

  /// A run that has not begun.
  public init(workspace: Workspace, client: ModelClient, options: Options) {
    self.workspace = workspace
    self.client = client
    self.options = options
    writer = AnswerWriter(workspace: workspace)
    asker = SampleAsker(client: client)
    state = AskingState(client: client)
  }

  /// How far the run is.
  public func progress() -> GenerationProgress { state.progress() }

  /// Asks nothing new; what is in flight is waited for and kept. To drop that too, cancel the task that runs.
  public func stop() { state.stop() }

  /// Asks stage after stage until nothing is missing, or until ``stop()``.
  ///
  /// - Returns: what was done.
  /// - Throws: `CancellationError`; ``GenerationError``; `ModelClientError` for what would meet every request (no server, a
  ///   wrong key, an unknown model); `WorkspaceError` when answers cannot be stored.
  public func run() async throws -> GenerationProgress {
    state.begin()
    try await AskingState.translatingCancellation {
      for stage in options.stages where !state.isStopping { try await run(stage) }
    }
    state.change { $0.stage = nil }
    return progress()
  }

  private func run(_ stage: Stage) async throws {
    let settings = options.settings(of: stage)
    guard let model = settings.model else { throw GenerationError.noModel(stage) }
    let template = options.prompts[stage]
    let (planner, size, generation) = try await state.onReadingQueue { [workspace, options] in
      let selection = try workspace.seedSelection(options.selection)
      let planner = options.planner(of: stage, workspace: workspace, ids: selection.ids)
      try workspace.keepPrompt(template.text, hash: template.hash)
      let generation = try workspace.generationID(
        of: GenerationSpecification(stage, model: model, prompt: template, settings: settings))
      return (planner, try planner.size(), generation)
    }
    state.beginPart { progress in
      progress.stage = stage
      progress.planned = size
      progress.counts = GenerationProgress.Counts()
    }
    let asker = StageAsker(run: self, stage: stage, model: model, settings: settings, generation: generation)
    // The next page is read while the requests of the last one are asked.
    var upcoming = readAhead(planner)
    defer { upcoming.cancel() }
    try await state.askAll(window: options.window) {
      let (plans, after) = try await upcoming.value
      guard let plans else { return nil }
      upcoming = readAhead(after)
      return try await state.onReadingQueue { try asker.reusing(plans) }
    } ask: { plan in
      try await asker.ask(plan)
    }
    let seconds = progress().stageSeconds
    state.change { progress in
      progress.finished.append(
        GenerationProgress.StageResult(stage: stage, planned: size, counts: progress.counts, seconds: seconds))
    }
  }

  /// Begins to read a planner's next page.
  private func readAhead(_ planner: StagePlanner) -> Task<([RequestPlan]?, StagePlanner), any Error> {
    Task {
      try await state.onReadingQueue {
        var planner = planner
        return (try planner.nextPage(), planner)
      }
    }
  }
}

/// Why a run ended early. Everything that was answered is stored.
public enum GenerationError: Error, Sendable, CustomStringConvertible {
  /// Nobody named the model.
  case noModel(Stage)
  /// Request after request failed.
  case tooManyFailures(Int, last: String)
  /// A batch file of that name has not come back.
  case batchIsOut(String, requests: Int)

  /// A sentence with its remedy.
  public var description: String {
    switch self {
    case .noModel(let stage):
      "no model is named for the \(stage.rawValue) stage. Name the one your server serves with --model NAME, or in "
        + "deepcritic.toml: [generate] model = \"NAME\"."
    case .tooManyFailures(let count, let last):
      "stopped after \(count) failures in a row; the last: \(last)"
    case .batchIsOut(let file, let requests):
      "\(file) is out already, with \(Figures.count(requests, "request")). Read its output with --read-batch, "
        + "choose another name, or give it up with --forget-batch."
    }
  }
}

extension GenerationSpecification {
  /// What a stage asks with.
  init(_ stage: Stage, model: String, prompt: PromptTemplate, settings: StageSettings) {
    self.init(
      stage: stage, model: model, promptHash: prompt.hash, temperature: settings.temperature, topP: settings.topP,
      maxTokens: settings.maxTokens, seed: settings.seed)
  }
}
