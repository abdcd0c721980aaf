import Dispatch
import ModelClient
import ReviewStore
import Synchronization

/// What every run that asks a model has in common: how far it is, whether it goes on, how it reads the store, and the requests
/// that are under way.
///
/// What is asked, and what becomes of an answer, is each run's own.
public final class AskingState: Sendable {
  private struct State {
    var progress = GenerationProgress()
    var meter = RateMeter()
    var began: ContinuousClock.Instant?
    var partBegan: ContinuousClock.Instant?
    var isStopping = false
    /// A request met what ends the run.
    var hasEnded = false
    var failuresInARow = 0
  }

  /// So many failures with no answer between them end a run: the server, the model's name or the key is wrong.
  public static let tooManyFailures = 25

  private let client: ModelClient
  private let state = Mutex(State())
  private let reading = DispatchQueue(label: "deepcritic.plan")

  /// A state in which nothing has begun.
  public init(client: ModelClient) { self.client = client }

  /// How far the run is.
  public func progress() -> GenerationProgress {
    state.withLock { state in
      var progress = state.progress
      let now = ContinuousClock.now
      if let began = state.began { progress.seconds = (now - began).inSeconds }
      if let began = state.partBegan { progress.stageSeconds = (now - began).inSeconds }
      progress.rate = state.meter.rate(progress.total, at: progress.seconds)
      progress.isStopping = state.isStopping
      progress.client = client.status()
      return progress
    }
  }

  /// Asks nothing new; what is in flight is waited for and kept.
  ///
  /// The client is stopped with it, since most of what a run has begun waits there for its turn.
  public func stop() {
    state.withLock { $0.isStopping = true }
    client.stop()
  }

  /// Whether ``stop()`` was called.
  public var isStopping: Bool { state.withLock(\.isStopping) }
  /// Whether further requests may be begun.
  private var goesOn: Bool { state.withLock { !$0.isStopping && !$0.hasEnded } }

  /// Starts the clock of the run.
  public func begin() { state.withLock { $0.began = .now } }

  /// Starts the clock of a part of the run, and says what it is.
  public func beginPart(_ change: (inout GenerationProgress) -> Void) {
    state.withLock { state in
      change(&state.progress)
      state.partBegan = .now
    }
  }

  /// Changes what is told of the run.
  public func change(_ change: (inout GenerationProgress) -> Void) { state.withLock { change(&$0.progress) } }

  /// Counts what a request brought.
  public func count(_ counts: GenerationProgress.Counts, latest: GenerationProgress.LatestAnswer? = nil) {
    change { progress in
      progress.counts.add(counts)
      progress.total.add(counts)
      if let latest {
        progress.latest.insert(latest, at: 0)
        if progress.latest.count > 8 { progress.latest.removeLast() }
      }
    }
  }

  /// An answer has been stored.
  public func noteAnswer() { state.withLock { $0.failuresInARow = 0 } }

  /// Runs `body`; that a client was cancelled is told as `CancellationError`.
  public static func translatingCancellation(_ body: () async throws -> Void) async throws {
    do { try await body() } catch let error as ModelClientError where error.kind == .cancelled {
      throw CancellationError()
    }
  }

  /// Asks page after page, a number of requests at a time, until there is none or ``stop()``.
  ///
  /// - Parameters:
  ///   - window: requests that may be under way in this process at once; `nil`: four times what the servers take.
  ///   - nextPage: the next requests; `nil` at the end.
  ///   - ask: asks one; what it throws ends the run.
  public func askAll<Request: Sendable>(
    window: Int?, nextPage: () async throws -> [Request]?, ask: @escaping @Sendable (Request) async throws -> Void
  ) async throws {
    let window = window ?? max(4 * client.capacity, 512)
    try await withThrowingTaskGroup(of: Void.self) { group in
      var active = 0
      while goesOn, let page = try await nextPage() {
        for request in page where goesOn {
          if active >= window {
            try await group.next()
            active -= 1
          }
          group.addTask {
            do { try await ask(request) } catch {
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

  /// Asks one request, and counts it; a failure that does not end the run is kept.
  ///
  /// - Parameters:
  ///   - ask: asks until all samples are stored.
  ///   - keep: stores the failure.
  /// - Throws: what ends the whole run.
  public func settle(
    _ ask: () async throws -> Void, keepingFailure keep: (ModelClientError) async throws -> Void
  ) async throws {
    do {
      try await ask()
      count(requests: 1)
    } catch let error as ModelClientError {
      if error.endsEverything || Task.isCancelled { throw error }
      if isStopping && error.isStopped { return }
      let failures = state.withLock { state in
        state.failuresInARow += 1
        return state.failuresInARow
      }
      try await keep(error)
      count(requests: 1, failed: error.reason)
      if failures >= Self.tooManyFailures { throw GenerationError.tooManyFailures(failures, last: "\(error)") }
    }
  }

  private func count(requests: Int, failed reason: String? = nil) {
    var counts = GenerationProgress.Counts()
    counts.requests = requests
    if let reason { counts.failed[reason] = 1 }
    count(counts)
  }

  /// Reads the store without holding up the threads that everything else runs on.
  public func onReadingQueue<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try Task.checkCancellation()
    return try await withCheckedThrowingContinuation { continuation in
      reading.async { continuation.resume(with: Result { try body() }) }
    }
  }
}
