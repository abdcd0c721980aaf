import CritiqueGeneration
import CritiqueModel
import Dispatch
import ModelClient
import ReviewStore
import Synchronization

/// A run that asks a critic about the rows of benchmarks, stores what comes, and can be watched and stopped meanwhile.
///
/// Nothing about a run is kept but its answers. Whatever ends it, the next run finds in the store what is missing.
public final class EvaluationRun: Sendable {
  /// What to ask for, and how.
  public struct Options: Sendable {
    /// The evaluation, its rows in scope (`Workspace.want`).
    public var evaluation: Int64
    /// The model's name, as the server knows it.
    public var model: String
    /// The template.
    public var template: PromptTemplate
    /// How answers are drawn; the seed is that of sample 0.
    public var sampling: Sampling
    /// How answers are read.
    public var extractor: AnswerExtractor
    /// Requests that may be under way in this process at once; `nil`: four times what the servers take.
    public var window: Int?

    /// Options from their parts.
    public init(
      evaluation: Int64, model: String, template: PromptTemplate, sampling: Sampling, extractor: AnswerExtractor,
      window: Int? = nil
    ) {
      self.evaluation = evaluation
      self.model = model
      self.template = template
      self.sampling = sampling
      self.extractor = extractor
      self.window = window
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
  }

  private struct Request: Sendable {
    var targets: [EvaluationTarget]
    var messages: [ChatMessage]
    var samples: [Int]
  }

  private struct Item: Sendable {
    var answers: [EvaluationAnswer] = []
    var failure: EvaluationFailure?
  }

  private static let pageSize = 200

  private let workspace: Workspace
  private let client: ModelClient
  private let options: Options
  private let writer: GroupCommit<Item, Void>
  private let asker: SampleAsker
  private let state = Mutex(State())
  private let reading = DispatchQueue(label: "deepcritic.evaluation")

  /// A run that has not begun.
  public init(workspace: Workspace, client: ModelClient, options: Options) {
    self.workspace = workspace
    self.client = client
    self.options = options
    asker = SampleAsker(client: client)
    writer = GroupCommit { items in
      try workspace.recordEvaluation(
        items.flatMap(\.answers), failures: items.compactMap(\.failure), evaluation: options.evaluation)
    }
  }

  /// How far the run is.
  public func progress() -> GenerationProgress {
    state.withLock { state in
      var progress = state.progress
      if let began = state.began { progress.seconds = (ContinuousClock.now - began) / .seconds(1) }
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
  /// - Throws: `CancellationError`; `GenerationError/tooManyFailures`; `ModelClientError` for what would meet every
  ///   request; `WorkspaceError` when answers cannot be stored.
  public func run() async throws -> GenerationProgress {
    state.withLock { $0.began = .now }
    let open = try await onReadingQueue { [workspace, options] in try workspace.openCount(options.evaluation) }
    state.withLock { state in
      state.progress.title = "evaluation"
      state.progress.planned.solutions = open.rows
      state.progress.planned.requests = options.sampling.seed == nil ? open.rows : open.samples
      state.progress.planned.samples = open.samples
    }
    do {
      try await ask()
    } catch let error as ModelClientError where error.kind == .cancelled {
      throw CancellationError()
    }
    state.withLock { $0.progress.title = nil }
    return progress()
  }

  private func ask() async throws {
    let window = options.window ?? max(4 * client.capacity, 512)
    try await withThrowingTaskGroup(of: Void.self) { group in
      var active = 0
      var after: EvaluationTarget?
      while goesOn {
        let (page, last) = try await onReadingQueue { [after] in try self.page(after) }
        guard let last else { break }
        after = last
        for request in page where goesOn {
          if active >= window {
            try await group.next()
            active -= 1
          }
          group.addTask {
            do { try await self.ask(request) } catch {
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

  /// The requests of the next rows that lack answers; rows with the same question are asked once, and what is known from
  /// elsewhere is taken over.
  private func page(_ after: EvaluationTarget?) throws -> ([Request], EvaluationTarget?) {
    struct Question: Hashable {
      var messages: [ChatMessage]
      var samples: [Int]
    }
    let open = try workspace.openSamples(options.evaluation, after: after, limit: Self.pageSize)
    guard let last = open.last else { return ([], nil) }
    let material = try workspace.seedMaterial(Array(Set(open.map(\.solution))).sorted(), before: .initial)
    let solutions = Dictionary(uniqueKeysWithValues: material.map { ($0.id, $0.solution) })
    var places: [Question: Int] = [:]
    var requests: [Request] = []
    for row in open {
      guard let solution = solutions[row.solution] else { throw WorkspaceError.noSuchSolution(String(row.solution)) }
      let messages = CriticProtocol.messages(options.template, solution)
      let left = try reuse(row.target, messages, row.samples)
      if left.isEmpty { continue }
      for samples in options.sampling.seed == nil ? [left] : left.map({ [$0] }) {
        let question = Question(messages: messages, samples: samples)
        if let place = places[question] {
          requests[place].targets.append(row.target)
        } else {
          places[question] = requests.count
          requests.append(Request(targets: [row.target], messages: messages, samples: samples))
        }
      }
    }
    return (requests, last.target)
  }

  private func keys(_ messages: [ChatMessage], _ samples: [Int]) -> [[UInt8]] {
    RequestKey.of(model: options.model, messages: messages, sampling: options.sampling, samples: samples)
  }

  /// Takes over answers to the very same question.
  ///
  /// - Returns: the samples that are still to be asked for.
  private func reuse(_ target: EvaluationTarget, _ messages: [ChatMessage], _ samples: [Int]) throws -> [Int] {
    let keys = keys(messages, samples)
    let known = try workspace.transcripts(keys: keys)
    if known.isEmpty { return samples }
    var answers: [EvaluationAnswer] = []
    for (key, sample) in zip(keys, samples) {
      guard let there = known[key] else { continue }
      answers.append(
        EvaluationAnswer(
          targets: [target], sample: sample, key: key, text: there.text, endpoint: "",
          reading: options.extractor.read(there.text, isTruncated: there.isTruncated)))
    }
    try workspace.recordEvaluation(answers, evaluation: options.evaluation)
    let left = zip(keys, samples).filter { known[$0.0] == nil }.map(\.1)
    var counts = GenerationProgress.Counts()
    counts.reused = answers.count
    if options.sampling.seed != nil { counts.requests = answers.count } else if left.isEmpty { counts.requests = 1 }
    count(counts)
    return left
  }

  /// Asks until every sample of a request is stored, or a failure is.
  private func ask(_ request: Request) async throws {
    do {
      try await asker.ask(request.samples) { [options] samples in
        var sampling = options.sampling
        // With seeds each sample has its own, so that a server gives different answers to each.
        sampling.seed = sampling.seed.map { $0 + samples[0] }
        return ChatRequest(
          model: options.model, messages: request.messages, sampling: sampling, choices: samples.count)
      } store: { answer, samples in
        try await self.store(answer, request, samples)
      }
      var counts = GenerationProgress.Counts()
      counts.requests = 1
      count(counts)
    } catch let error as ModelClientError {
      if error.endsEverything || Task.isCancelled { throw error }
      if isStopping && error.isStopped { return }
      try await writer.store(
        Item(
          failure: EvaluationFailure(
            targets: request.targets, reason: error.reason, detail: "\(error)", attempts: error.attempts)))
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

  private func store(_ answer: ChatAnswer, _ request: Request, _ asked: [Int]) async throws -> [Int] {
    let choices = answer.choices.sorted { $0.index < $1.index }.prefix(asked.count)
    let numbers = Array(asked.prefix(choices.count))
    let keys = keys(request.messages, numbers)
    var answers: [EvaluationAnswer] = []
    var counts = GenerationProgress.Counts()
    for (place, choice) in choices.enumerated() {
      let reading = options.extractor.read(choice.text, isTruncated: choice.finish == .length)
      answers.append(
        EvaluationAnswer(
          targets: request.targets, sample: numbers[place], key: keys[place], text: choice.text,
          reasoning: choice.reasoning, finish: choice.finish?.description, endpoint: answer.endpoint,
          promptTokens: place == 0 ? answer.usage?.prompt : nil,
          completionTokens: place == 0 ? answer.usage?.completion : nil,
          latency: answer.seconds > 0 ? Int(answer.seconds * 1000) : nil, reading: reading))
      if reading.outcome == .answered {
        counts.usable += 1
      } else {
        counts.failed[reading.outcome.words, default: 0] += 1
      }
    }
    try await writer.store(Item(answers: answers))
    counts.samples = answers.count
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
