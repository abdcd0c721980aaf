import CritiqueGeneration
import CritiqueModel
import Dispatch
import ModelClient
import ReviewStore
import Synchronization

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

  private struct State {
    var progress = GenerationProgress()
    var meter = RateMeter()
    var began: ContinuousClock.Instant?
    var isStopping = false
    /// A request met what ends the run.
    var hasEnded = false
    var failuresInARow = 0
    var generation: Int64?
  }

  private struct Item: Sendable {
    var samples: [RolloutSample] = []
    var generation: Int64
    var failure: RolloutFailure?
  }

  private let workspace: Workspace
  private let client: ModelClient
  private let options: Options
  private let writer: GroupCommit<Item, Int>
  private let asker: SampleAsker
  private let state = Mutex(State())
  private let reading = DispatchQueue(label: "deepcritic.rollouts")

  /// A run that has not begun.
  public init(workspace: Workspace, client: ModelClient, options: Options) {
    self.workspace = workspace
    self.client = client
    self.options = options
    asker = SampleAsker(client: client)
    writer = GroupCommit { items in
      try workspace.recordRollouts(
        items.flatMap { item in item.samples.map { ($0, item.generation) } }, failures: items.compactMap(\.failure))
    }
  }

  /// How far the run is.
  public func progress() -> GenerationProgress {
    state.withLock { state in
      var progress = state.progress
      if let began = state.began { progress.seconds = (ContinuousClock.now - began).inSeconds }
      progress.stageSeconds = progress.seconds
      progress.rate = state.meter.rate(progress.total, at: progress.seconds)
      progress.isStopping = state.isStopping
      progress.client = client.status()
      return progress
    }
  }

  /// Asks nothing new; what is in flight is waited for and kept. To drop that too, cancel the task that runs.
  public func stop() {
    state.withLock { $0.isStopping = true }
    client.stop()
  }

  private var isStopping: Bool { state.withLock(\.isStopping) }
  /// Whether further requests may be begun.
  private var goesOn: Bool { state.withLock { !$0.isStopping && !$0.hasEnded } }

  /// Asks until nothing is missing, or until ``stop()``.
  ///
  /// - Returns: what was done, and the number of the specification.
  /// - Throws: `CancellationError`; ``LabelError``; `GenerationError/tooManyFailures`; `ModelClientError` for what
  ///   would meet every request; `WorkspaceError` when answers cannot be stored.
  public func run() async throws -> (progress: GenerationProgress, generation: Int64) {
    state.withLock { $0.began = .now }
    let specification = try options.specification()
    let (generation, size) = try await onReadingQueue { [workspace, options] in
      try workspace.keepPrompt(options.prompt.text, hash: options.prompt.hash)
      let generation = try workspace.generationID(of: specification)
      return (generation, try options.planner(workspace, generation: generation).size())
    }
    state.withLock { state in
      state.progress.title = options.kind == .sample ? "samples" : "roll-outs"
      state.progress.planned.solutions = size.solutions
      state.progress.planned.steps = size.prefixes
      state.progress.planned.requests = size.requests
      state.progress.planned.samples = size.samples
    }
    do {
      try await ask(generation, model: specification.model)
    } catch let error as ModelClientError where error.kind == .cancelled {
      throw CancellationError()
    }
    state.withLock { $0.progress.title = nil }
    return (progress(), generation)
  }

  private func ask(_ generation: Int64, model: String) async throws {
    let window = options.window ?? max(4 * client.capacity, 512)
    try await withThrowingTaskGroup(of: Void.self) { group in
      var active = 0
      var planner = options.planner(workspace, generation: generation)
      while goesOn {
        let (page, after) = try await onReadingQueue { [planner] in
          var planner = planner
          return (try self.reusing(planner.nextPage(), model), planner)
        }
        guard let page else { break }
        planner = after
        for request in page where goesOn {
          if active >= window {
            try await group.next()
            active -= 1
          }
          group.addTask {
            do { try await self.ask(request, generation, model) } catch {
              self.state.withLock { $0.hasEnded = true }
              throw error
            }
          }
          active += 1
        }
      }
      // Not `waitForAll`, which throws only after every other request has ended too.
      while try await group.next() != nil {}
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
    count(counts)
    return left
  }

  /// Asks until every sample of a request is stored, or a failure is.
  private func ask(_ request: RolloutRequest, _ generation: Int64, _ model: String) async throws {
    do {
      try await asker.ask(request.samples) { [options] samples in
        var sampling = options.settings.sampling
        // With seeds each sample has its own, so that a server gives different answers to each.
        sampling.seed = sampling.seed.map { $0 + samples[0] }
        return ChatRequest(
          model: model, messages: request.messages, sampling: sampling, choices: samples.count,
          continuesLastMessage: request.messages.last?.role == .assistant)
      } store: { answer, samples in
        try await self.store(answer, request, samples, generation, model)
      }
      var counts = GenerationProgress.Counts()
      counts.requests = 1
      count(counts)
    } catch let error as ModelClientError {
      if error.endsEverything || Task.isCancelled { throw error }
      if isStopping && error.isStopped { return }
      let failure = RolloutFailure(
        targets: request.targets, kind: options.kind, reason: error.reason, detail: "\(error)", attempts: error.attempts
      )
      try await writer.store(Item(generation: generation, failure: failure))
      var counts = GenerationProgress.Counts()
      counts.requests = 1
      counts.failed[error.reason] = 1
      count(counts)
      let failures = state.withLock { state in
        state.failuresInARow += 1
        return state.failuresInARow
      }
      if failures >= GenerationRun.tooManyFailures { throw GenerationError.tooManyFailures(failures, last: "\(error)") }
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
    state.withLock { $0.failuresInARow = 0 }
    count(counts)
    return numbers
  }

  private func count(_ counts: GenerationProgress.Counts) {
    state.withLock { state in
      state.progress.counts.add(counts)
      state.progress.total.add(counts)
    }
  }

  /// Reads the store without holding up the threads that everything else runs on.
  private func onReadingQueue<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try Task.checkCancellation()
    return try await withCheckedThrowingContinuation { continuation in
      reading.async { continuation.resume(with: Result { try body() }) }
    }
  }
}
