import CritiqueGeneration
import CritiqueModel
import ModelClient
import ReviewStore

/// A run that draws samples or roll-outs: asks for what is missing, stores what comes, can be watched and stopped
/// meanwhile.
///
/// Nothing about a run is kept but its answers. Whatever ends it, the next run finds in the store what is still
/// missing.
public final class LabelRun: Sendable {
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
    /// At most so many of them with something to ask.
    public var limit: Int
    /// Requests that may be under way in this process at once; `nil`: four times what the servers take.
    public var window: Int?
    /// How prefixes are sent, by the server's address.
    public var manners: [String: String]

    /// Options from their parts.
    public init(
      kind: RolloutKind, settings: StageSettings, prompt: RolloutPrompt, ids: [Int64], limit: Int = .max,
      window: Int? = nil, manners: [String: String] = [:]
    ) {
      self.kind = kind
      self.settings = settings
      self.prompt = prompt
      self.ids = ids
      self.limit = limit
      self.window = window
      self.manners = manners
    }

    /// What answers are asked with.
    ///
    /// - Throws: ``LabelError/noModel(_:)``.
    public func specification() throws(LabelError) -> RolloutSpecification {
      guard let model = settings.model else { throw .noModel(kind) }
      return RolloutSpecification(
        kind: kind, model: model, promptHash: prompt.hash, temperature: settings.temperature, topP: settings.topP,
        maxTokens: settings.maxTokens, seed: settings.seed)
    }

    /// The plan.
    ///
    /// - Parameter generation: the specification whose roll-outs count; `nil` when it was never used.
    public func planner(_ workspace: Workspace, generation: Int64?) -> RolloutPlanner {
      RolloutPlanner(
        workspace: workspace, ids: ids, prompt: prompt, generation: generation,
        options: RolloutPlanner.Options(
          kind: kind, samples: settings.samples, oneChoicePerRequest: settings.seed != nil, limit: limit))
    }
  }

  private struct Item: Sendable {
    var samples: [RolloutSample] = []
    var generation: Int64
    var failure: RolloutFailure?
  }

  private let workspace: Workspace
  private let options: Options
  private let writer: GroupCommit<Item, Int>
  private let asker: SampleAsker
  private let state: AskingState

  /// A run that has not begun.
  public init(workspace: Workspace, client: ModelClient, options: Options) {
    self.workspace = workspace
    self.options = options
    asker = SampleAsker(client: client)
    state = AskingState(client: client)
    writer = GroupCommit { items in
      try workspace.recordRollouts(
        items.flatMap { item in item.samples.map { ($0, item.generation) } }, failures: items.compactMap(\.failure))
    }
  }

  /// How far the run is.
  public func progress() -> GenerationProgress { state.progress() }

  /// Asks nothing new; what is in flight is waited for and kept. To drop that too, cancel the task that runs.
  public func stop() { state.stop() }

  /// Asks until nothing is missing, or until ``stop()``.
  ///
  /// - Returns: what was done, and the number of the specification.
  /// - Throws: `CancellationError`; ``LabelError``; `GenerationError/tooManyFailures`; `ModelClientError` for what
  ///   would meet every request; `WorkspaceError` when answers cannot be stored.
  public func run() async throws -> (progress: GenerationProgress, generation: Int64) {
    state.begin()
    state.beginPart { _ in }
    let specification = try options.specification()
    let (generation, size) = try await state.onReadingQueue { [workspace, options] in
      try workspace.keepPrompt(options.prompt.text, hash: options.prompt.hash)
      let generation = try workspace.generationID(of: specification)
      return (generation, try options.planner(workspace, generation: generation).size())
    }
    state.change { progress in
      progress.title = options.kind == .sample ? "samples" : "roll-outs"
      progress.planned.solutions = size.solutions
      progress.planned.steps = size.prefixes
      progress.planned.requests = size.requests
      progress.planned.samples = size.samples
    }
    try await AskingState.translatingCancellation { try await ask(generation, model: specification.model) }
    state.change { $0.title = nil }
    return (progress(), generation)
  }

  private func ask(_ generation: Int64, model: String) async throws {
    var planner = options.planner(workspace, generation: generation)
    try await state.askAll(window: options.window) {
      let (page, after) = try await state.onReadingQueue { [planner] in
        var planner = planner
        return (try self.reusing(planner.nextPage(), model), planner)
      }
      planner = after
      return page
    } ask: { request in
      try await self.ask(request, generation, model)
    }
  }

  private func keys(_ request: RolloutRequest, _ samples: [Int], _ model: String) -> [[UInt8]] {
    RequestKey.of(model: model, messages: request.messages, sampling: options.settings.sampling, samples: samples)
  }

  /// A page without what the very same questions about other solutions have answered already.
  private func reusing(_ page: [RolloutRequest]?, _ model: String) throws -> [RolloutRequest]? {
    guard let page else { return nil }
    let all = page.map { keys($0, $0.samples, model) }
    let known = try workspace.answered(all.flatMap { $0 })
    if known.isEmpty { return page }
    var left: [RolloutRequest] = []
    var counts = GenerationProgress.Counts()
    for (request, keys) in zip(page, all) {
      let there = zip(keys, request.samples).filter { known.contains($0.0) }.map { (key: $0.0, sample: $0.1) }
      guard !there.isEmpty else {
        left.append(request)
        continue
      }
      let reused = try workspace.reuseRollouts(there, for: request.targets)
      counts.reused += reused.count
      var rest = request
      rest.samples.removeAll(where: reused.contains)
      if rest.samples.isEmpty { counts.requests += 1 } else { left.append(rest) }
    }
    state.count(counts)
    return left
  }

  /// Asks until every sample of a request is stored, or a failure is.
  private func ask(_ request: RolloutRequest, _ generation: Int64, _ model: String) async throws {
    try await state.settle {
      try await asker.ask(request.samples) { [options] samples in
        ChatRequest(
          model: model, messages: request.messages, sampling: options.settings.sampling.first(samples[0]),
          choices: samples.count, continuesLastMessage: request.messages.last?.role == .assistant)
      } store: { answer, samples in
        try await self.store(answer, request, samples, generation, model)
      }
    } keepingFailure: { error in
      let failure = RolloutFailure(
        targets: request.targets, kind: options.kind, reason: error.reason, detail: "\(error)", attempts: error.attempts
      )
      _ = try await writer.store(Item(generation: generation, failure: failure))
    }
  }

  private func store(
    _ answer: ChatAnswer, _ request: RolloutRequest, _ asked: [Int], _ generation: Int64, _ model: String
  ) async throws -> [Int] {
    let choices = answer.choices.sorted { $0.index < $1.index }.prefix(asked.count)
    let numbers = Array(asked.prefix(choices.count))
    let keys = keys(request, numbers, model)
    var samples: [RolloutSample] = []
    var counts = GenerationProgress.Counts()
    for (place, choice) in choices.enumerated() {
      let sample = RolloutSample(
        targets: request.targets, key: keys[place], sample: numbers[place],
        manner: options.manners[answer.endpoint] ?? Continuation.chat.words, text: choice.text,
        reasoning: choice.reasoning, finish: choice.finish?.description, isTruncated: choice.finish == .length,
        endpoint: answer.endpoint, promptTokens: place == 0 ? answer.usage?.prompt : nil,
        completionTokens: place == 0 ? answer.usage?.completion : nil,
        latency: answer.seconds > 0 ? Int(answer.seconds * 1000) : nil)
      if sample.isTruncated {
        counts.failed[RolloutOutcome.truncated.words, default: 0] += 1
      } else if sample.boxed == nil {
        counts.failed[RolloutOutcome.noAnswer.words, default: 0] += 1
      } else {
        counts.usable += 1
      }
      samples.append(sample)
    }
    try await writer.store(Item(samples: samples, generation: generation))
    counts.samples = samples.count
    counts.promptTokens = answer.usage?.prompt ?? 0
    counts.completionTokens = answer.usage?.completion ?? 0
    state.noteAnswer()
    state.count(counts)
    return numbers
  }
}
