import Dispatch
import Foundation
import Synchronization

/// Words that work beside says about itself; work that is to stop is told when it says something.
final class ProgressNote: Sendable {
  private let state = Mutex("")

  var words: String { state.withLock { $0 } }

  func set(_ words: String) throws {
    try Task.checkCancellation()
    state.withLock { $0 = words }
  }
}

/// Asynchronous work that the calling thread waits for, piece by piece.
final class Background<T: Sendable>: Sendable {
  /// Where the result goes; apart, so that the work can have it while this object is still being made.
  private final class Slot: Sendable {
    let result = Mutex<Result<T, any Error>?>(nil)
    let ended = DispatchSemaphore(value: 0)
  }

  private let slot: Slot
  private let task: Task<Void, Never>

  init(_ work: @escaping @Sendable () async throws -> T) {
    let slot = Slot()
    self.slot = slot
    task = Task {
      let outcome: Result<T, any Error>
      do { outcome = .success(try await work()) } catch { outcome = .failure(error) }
      slot.result.withLock { $0 = outcome }
      slot.ended.signal()
    }
  }

  /// Whether it has ended; waits so many seconds at most.
  func isDone(within seconds: Double) -> Bool {
    if slot.ended.wait(timeout: .now() + seconds) == .success { slot.ended.signal() }
    return slot.result.withLock { $0 != nil }
  }

  func cancel() { task.cancel() }

  /// What it came to. Waits for the end.
  func value() throws -> T {
    while true {
      if let result = slot.result.withLock({ $0 }) { return try result.get() }
      slot.ended.wait()
      slot.ended.signal()
    }
  }
}
