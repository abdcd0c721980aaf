import Synchronization

/// A value that is worked out beside the review, on a thread and a connection of its own: no key waits for it.
final class BackgroundReading<Value: Sendable>: Sendable {
  private struct Progress {
    var isWorking = false
    var outcome: Result<Value, any Error>?
    /// Something changed while it was being worked out.
    var mustWorkAgain = false
    var task: Task<Void, Never>?
  }

  private let read: @Sendable () async throws -> Value
  private let progress = Mutex(Progress())
  private let hasEnded = ChangeSignal()

  /// - Parameter read: works the value out; called on another thread.
  init(_ read: @escaping @Sendable () async throws -> Value) { self.read = read }

  var isWorking: Bool { progress.withLock { $0.isWorking } }

  /// It is worked out, and nobody has taken it yet.
  var hasOutcome: Bool { progress.withLock { !$0.isWorking && $0.outcome != nil } }

  /// The result, once.
  func take() -> Result<Value, any Error>? {
    progress.withLock { progress in
      guard !progress.isWorking else { return nil }
      defer { progress.outcome = nil }
      return progress.outcome
    }
  }

  /// Blocks until nothing is being worked out, a minute at most: for plain text and pictures, which are not drawn again later.
  func wait() { hasEnded.wait { isWorking } }

  /// Ends what is under way, and the programs that it has started.
  func cancel() {
    progress.withLock { $0.task }?.cancel()
    hasEnded.wait(atMost: 1) { isWorking }
  }

  /// Begins, or begins again when it is under way: what is shown is never older than the last call.
  func start() {
    let mustStart = progress.withLock { progress in
      if progress.isWorking {
        progress.mustWorkAgain = true
        return false
      }
      progress.isWorking = true
      return true
    }
    guard mustStart else { return }
    let task = BackgroundWork.start { [self] in
      var isWorking = true
      while isWorking {
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await read()) } catch { outcome = .failure(error) }
        isWorking = progress.withLock { progress in
          progress.outcome = outcome
          progress.isWorking = progress.mustWorkAgain
          progress.mustWorkAgain = false
          return progress.isWorking
        }
      }
      hasEnded.send()
    }
    progress.withLock { $0.task = task }
  }
}
