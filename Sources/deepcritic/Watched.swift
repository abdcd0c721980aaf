import Foundation
import Synchronization

/// Words that work beside says about itself.
final class ProgressNote: Sendable {
  private let state = Mutex("")

  var words: String { state.withLock { $0 } }

  func set(_ words: String) { state.withLock { $0 = words } }
}

/// Work with somebody who looks at it.
enum Watched {
  /// Runs work to its end and looks at it meanwhile: a few times a second, and at once when a signal comes.
  ///
  /// - Parameter look: may cancel the work. When it throws, the work is cancelled and waited for.
  /// - Returns: how the work ended.
  static func run<T: Sendable, Failure: Error>(
    signals: AsyncStream<Int32>? = nil, every pause: Duration = .milliseconds(50),
    _ work: @escaping @Sendable () async throws -> T, look: (Task<T, any Error>) throws(Failure) -> Void
  ) async throws(Failure) -> Result<T, any Error> {
    // Only the newest wake waits: what there is to see is seen then.
    let (wakes, waker) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let task = Task {
      defer { waker.finish() }
      return try await work()
    }
    let helpers = [
      Task {
        while !Task.isCancelled {
          try await Task.sleep(for: pause)
          waker.yield()
        }
      },
      Task { if let signals { for await _ in signals { waker.yield() } } },
    ]
    defer { for helper in helpers { helper.cancel() } }
    do throws(Failure) {
      for await _ in wakes { try look(task) }
    } catch {
      task.cancel()
      _ = await task.result
      throw error
    }
    return await task.result
  }
}
