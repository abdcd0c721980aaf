import Dispatch
import ModelClient
import Synchronization

/// A run that asks a model: it can be watched and stopped meanwhile.
///
/// Nothing about it is kept but its answers. Whatever ends it, the next run finds in the store what is still missing.
public protocol ModelRun: Sendable {
  /// What there is when it has ended.
  associatedtype Outcome: Sendable

  /// Asks.
  var runner: RequestRunner { get }

  /// Asks until nothing is missing, or until ``stop()``.
  func run() async throws -> Outcome
}

extension ModelRun {
  /// The progress so far.
  public func progress() -> RequestProgress { runner.progress() }

  /// Asks nothing new; what is in flight is waited for and kept. Called again, drops that too.
  public func stop() { runner.stop() }
}

/// Why a run ended early. Everything that was answered is stored.
public enum ModelRunError: Error, Sendable, CustomStringConvertible {
  /// Request after request failed.
  case tooManyFailures(Int, last: String)

  /// A sentence with its remedy.
  public var description: String {
    switch self {
    case .tooManyFailures(let count, let last): "stopped after \(count) failures in a row; the last: \(last)"
    }
  }
}

/// Asks for what jobs lack, as fast as servers take it, and stores what arrives.
///
/// ```swift
/// let runner = RequestRunner(client: client)
/// try await runner.run {
///   try await runner.ask(job, for: "deep", planned: size)
/// }
/// ```
public final class RequestRunner: Sendable {
  private struct State {
    var progress = RequestProgress()
    var meter = RateMeter()
    var began: ContinuousClock.Instant?
    var isStopping = false
    /// A request met what ends the run.
    var hasFailed = false
    var consecutiveFailures = 0
    /// The server answers one choice whatever is asked for.
    var answersOneChoice = false
    /// Drops what is in flight.
    var cancel: (@Sendable () -> Void)?
  }

  /// Maximum number of failures with no answer between them: the server, the model's name or the key is wrong.
  public static let maximumFailures = 25

  let client: ModelClient
  private let state = Mutex(State())
  private let reading = DispatchQueue(label: "deepcritic.plan")

  /// A runner that has asked nothing.
  public init(client: ModelClient) { self.client = client }

  /// The progress so far.
  public func progress() -> RequestProgress {
    state.withLock { state in
      var progress = state.progress
      if let began = state.began { progress.seconds = (ContinuousClock.now - began).inSeconds }
      progress.rate = state.meter.rate(progress.total, at: progress.seconds)
      progress.isStopping = state.isStopping
      progress.client = client.status()
      return progress
    }
  }

  /// Asks nothing new; what is in flight is waited for and kept. Called again, drops that too.
  ///
  /// The client is stopped with it, since most of what a run has begun waits there for its turn.
  public func stop() {
    let cancel = state.withLock { state in
      defer { state.isStopping = true }
      return state.isStopping ? state.cancel : nil
    }
    client.stop()
    cancel?()
  }

  /// Closes all connections of the client. Nothing may be asked after it.
  public func shutdown() async { await client.shutdown() }

  /// Whether ``stop()`` was called.
  public var isStopping: Bool { state.withLock(\.isStopping) }

  /// Runs the parts of a run: they read the store (``readStore(_:)``) and ask (``ask(_:for:planned:window:)``).
  ///
  /// - Throws: `CancellationError` when what was in flight is dropped; ``ModelRunError``; `ModelClientError` for what would
  ///   meet every request (no server, a wrong key, an unknown model); what `parts` throws.
  public func run<Result: Sendable>(_ parts: @escaping @Sendable () async throws -> Result) async throws -> Result {
    let task = Task { try await parts() }
    state.withLock { state in
      state.began = .now
      state.cancel = { task.cancel() }
    }
    defer { state.withLock { $0.cancel = nil } }
    do {
      let result = try await withTaskCancellationHandler {
        try await task.value
      } onCancel: {
        task.cancel()
      }
      state.withLock { $0.progress.work = nil }
      return result
    } catch let error as ModelClientError where error.kind == .cancelled || error.isStopped && isStopping {
      throw CancellationError()
    }
  }

  /// Asks for what a job lacks, until nothing is missing or ``stop()``.
  ///
  /// - Parameters:
  ///   - work: what is being asked for, in a word.
  ///   - planned: how much that is.
  ///   - window: maximum number of requests under way in this process: waiting for their turn, sent, or on their way to
  ///     the disk. `nil`: four times what the servers take, so that they have work while answers wait for the disk.
  public func ask<Job: RequestJob>(
    _ job: Job, for work: String, planned: PlanSize, window: Int? = nil
  ) async throws {
    let began = ContinuousClock.now
    state.withLock { state in
      state.progress.work = work
      state.progress.planned = planned
      state.progress.counts = RequestProgress.Counts()
    }
    let window = window ?? max(4 * client.capacity, 512)
    let asker = RequestAsker(job, runner: self)
    // The next page is read while the requests of the last one are asked.
    var upcoming = readAhead(job.planner)
    defer { upcoming.cancel() }
    try await askAll(window: window) {
      let (page, planner) = try await upcoming.value
      guard let page else { return nil }
      upcoming = readAhead(planner)
      return try await readStore { try asker.open(page) }
    } ask: {
      try await asker.ask($0)
    }
    while asksMore, let postponed = asker.takePostponed() {
      var pages = [try await readStore { try asker.open(postponed) }]
      try await askAll(window: window) {
        pages.popLast()
      } ask: {
        try await asker.ask($0)
      }
    }
    state.withLock { state in
      state.progress.finished.append(
        RequestProgress.PartResult(
          work: work, planned: planned, counts: state.progress.counts,
          seconds: (ContinuousClock.now - began).inSeconds))
    }
  }

  /// Asks one question whose answer is shown as it arrives. Nothing is stored.
  ///
  /// - Parameter onChunk: is given each chunk of text.
  public func answer(
    to messages: [ChatMessage], _ parameters: RequestParameters, onChunk: @escaping @Sendable (AnswerChunk) -> Void
  ) async throws(ModelClientError) -> ChatAnswer {
    do {
      let answer = try await client.answer(to: parameters.request(messages), onChunk: onChunk)
      count(RequestProgress.Counts(faults: answer.choices.map { _ in nil }, usage: answer.usage), requests: 1)
      return answer
    } catch {
      count(failure: error.reason)
      throw error
    }
  }

  /// Reads the store without holding up the threads that everything else runs on.
  public func readStore<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try Task.checkCancellation()
    return try await withCheckedThrowingContinuation { continuation in
      reading.async { continuation.resume(with: Result { try body() }) }
    }
  }

  /// Begins to read a planner's next page.
  private func readAhead<Planner: RequestPlanner>(
    _ planner: Planner
  ) -> Task<([PlannedRequest<Planner.Target>]?, Planner), any Error> {
    Task {
      try await readStore {
        var planner = planner
        return (try planner.nextPage(), planner)
      }
    }
  }

  private var asksMore: Bool { state.withLock { !$0.isStopping && !$0.hasFailed } }

  /// Asks page after page, a number of requests at a time; what `ask` throws ends the run.
  private func askAll<Request: Sendable>(
    window: Int, nextPage: () async throws -> [Request]?, ask: @escaping @Sendable (Request) async throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      var active = 0
      while asksMore, let page = try await nextPage() {
        for request in page where asksMore {
          if active >= window {
            try await group.next()
            active -= 1
          }
          group.addTask {
            do { try await ask(request) } catch {
              self.state.withLock { $0.hasFailed = true }
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

  // MARK: For askers

  /// Counts what was done.
  func count(
    _ counts: RequestProgress.Counts = RequestProgress.Counts(), requests: Int = 0,
    latest: RequestProgress.LatestAnswer? = nil
  ) {
    var counts = counts
    counts.requests += requests
    state.withLock { state in
      state.progress.counts.add(counts)
      state.progress.total.add(counts)
      guard let latest else { return }
      state.progress.latest.insert(latest, at: 0)
      if state.progress.latest.count > 8 { state.progress.latest.removeLast() }
    }
  }

  /// Counts a request that failed.
  func count(failure reason: String) {
    var counts = RequestProgress.Counts()
    counts.failed[reason] = 1
    count(counts, requests: 1)
  }

  /// An answer has been stored.
  func noteAnswer() { state.withLock { $0.consecutiveFailures = 0 } }

  /// A request has failed.
  ///
  /// - Returns: how many have in a row.
  func noteFailure() -> Int {
    state.withLock { state in
      state.consecutiveFailures += 1
      return state.consecutiveFailures
    }
  }

  /// The server answers one choice whatever is asked for.
  var answersOneChoice: Bool {
    get { state.withLock(\.answersOneChoice) }
    set { state.withLock { $0.answersOneChoice = newValue } }
  }
}
