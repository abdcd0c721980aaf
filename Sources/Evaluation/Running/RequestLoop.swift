import CritiqueGeneration
import Dispatch
import ModelClient
import ReviewStore
import Synchronization

/// A question to a model, with the samples that are wanted of it.
public struct AskedQuestion: Sendable, Hashable {
  /// The rows that it is about; none for a question of its own.
  public var targets: [EvaluationTarget]
  /// The conversation; one that ends with the assistant's turn is to be continued.
  public var messages: [ChatMessage]
  /// Numbers of the samples.
  public var samples: [Int]

  /// A question from its parts.
  public init(targets: [EvaluationTarget] = [], messages: [ChatMessage], samples: [Int]) {
    self.targets = targets
    self.messages = messages
    self.samples = samples
  }
}

/// Asks questions as fast as servers take them, gives away what comes, and can be watched and stopped meanwhile.
final class RequestLoop: Sendable {
  /// How the model is asked.
  struct Manner: Sendable {
    /// The model's name, as the server knows it.
    var model: String
    /// How answers are drawn; the seed is that of sample 0.
    var sampling: Sampling
    /// What is being done, in a word.
    var title: String
    /// Requests that may be under way in this process at once; `nil`: four times what the servers take.
    var window: Int?
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

  private struct Item: Sendable {
    var answers: [EvaluationAnswer] = []
    var failure: EvaluationFailure?
  }

  private let client: ModelClient
  private let manner: Manner
  private let writer: GroupCommit<Item, Void>
  private let read: @Sendable (String, Bool) -> SampleReading
  private let asker: SampleAsker
  private let state = Mutex(State())
  private let reading = DispatchQueue(label: "deepcritic.questions")

  /// A loop that has not begun.
  ///
  /// - Parameters:
  ///   - read: what a text says; told whether it was cut off.
  ///   - commit: stores answers and failures, durably.
  init(
    client: ModelClient, manner: Manner, read: @escaping @Sendable (String, Bool) -> SampleReading,
    commit: @escaping @Sendable ([EvaluationAnswer], [EvaluationFailure]) throws -> Void
  ) {
    self.client = client
    self.manner = manner
    self.read = read
    asker = SampleAsker(client: client)
    writer = GroupCommit { try commit($0.flatMap(\.answers), $0.compactMap(\.failure)) }
  }

  func progress() -> GenerationProgress {
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

  /// Asks nothing new; what is in flight is waited for and kept.
  func stop() {
    state.withLock { $0.isStopping = true }
    client.stop()
  }

  private var isStopping: Bool { state.withLock(\.isStopping) }
  /// Whether further requests may be begun.
  private var goesOn: Bool { state.withLock { !$0.isStopping && !$0.hasEnded } }

  /// Identities of a question's samples.
  static func keys(_ manner: Manner, _ messages: [ChatMessage], _ samples: [Int]) -> [[UInt8]] {
    RequestKey.of(model: manner.model, messages: messages, sampling: manner.sampling, samples: samples)
  }

  /// Counts what has been done outside of the loop, such as answers that were here already.
  func count(_ counts: GenerationProgress.Counts) {
    state.withLock { state in
      state.progress.counts.add(counts)
      state.progress.total.add(counts)
    }
  }

  /// Asks page after page, until there is none or ``stop()``.
  ///
  /// - Parameters:
  ///   - rows: with something to ask.
  ///   - samples: that are missing.
  ///   - page: the next questions; `nil` at the end. Called on a thread of its own.
  func run(
    rows: Int, samples: Int, page: @escaping @Sendable () throws -> [AskedQuestion]?
  ) async throws -> GenerationProgress {
    state.withLock { state in
      state.began = .now
      state.progress.title = manner.title
      state.progress.planned.solutions = rows
      state.progress.planned.requests = manner.sampling.seed == nil ? rows : samples
      state.progress.planned.samples = samples
    }
    do {
      try await ask(page)
    } catch let error as ModelClientError where error.kind == .cancelled {
      throw CancellationError()
    }
    state.withLock { $0.progress.title = nil }
    return progress()
  }

  private func ask(_ nextPage: @escaping @Sendable () throws -> [AskedQuestion]?) async throws {
    let window = manner.window ?? max(4 * client.capacity, 512)
    try await withThrowingTaskGroup(of: Void.self) { group in
      var active = 0
      while goesOn, let page = try await onReadingQueue(nextPage) {
        for question in split(page) where goesOn {
          if active >= window {
            try await group.next()
            active -= 1
          }
          group.addTask {
            do { try await self.ask(question) } catch {
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

  /// With seeds each sample goes by itself.
  private func split(_ page: [AskedQuestion]) -> [AskedQuestion] {
    guard manner.sampling.seed != nil else { return page }
    return page.flatMap { question in
      question.samples.map { AskedQuestion(targets: question.targets, messages: question.messages, samples: [$0]) }
    }
  }

  /// Asks until every sample of a question is stored, or a failure is.
  private func ask(_ question: AskedQuestion) async throws {
    do {
      try await asker.ask(question.samples) { [manner] samples in
        var sampling = manner.sampling
        // With seeds each sample has its own, so that a server gives different answers to each.
        sampling.seed = sampling.seed.map { $0 + samples[0] }
        return ChatRequest(
          model: manner.model, messages: question.messages, sampling: sampling, choices: samples.count,
          continuesLastMessage: question.messages.last?.role == .assistant)
      } store: { answer, samples in
        try await self.store(answer, question, samples)
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
            targets: question.targets, reason: error.reason, detail: "\(error)", attempts: error.attempts)))
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

  private func store(_ answer: ChatAnswer, _ question: AskedQuestion, _ asked: [Int]) async throws -> [Int] {
    let choices = answer.choices.sorted { $0.index < $1.index }.prefix(asked.count)
    let numbers = Array(asked.prefix(choices.count))
    let keys = Self.keys(manner, question.messages, numbers)
    var answers: [EvaluationAnswer] = []
    var counts = GenerationProgress.Counts()
    for (place, choice) in choices.enumerated() {
      let reading = read(choice.text, choice.finish == .length)
      answers.append(
        EvaluationAnswer(
          targets: question.targets, sample: numbers[place], key: keys[place], text: choice.text,
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

  /// Reads the store without holding up the threads that everything else runs on.
  func onReadingQueue<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try Task.checkCancellation()
    return try await withCheckedThrowingContinuation { continuation in
      reading.async { continuation.resume(with: Result { try body() }) }
    }
  }
}
