import Dispatch
import Foundation

/// Turns Ctrl-C into an error thrown at a place where nothing is half done.
///
/// A command that never reaches such a place is stopped all the same, after two seconds or at the second Ctrl-C: every
/// write is a transaction or a temporary file, so even that leaves nothing half-written under its real name.
struct Interruption {
  private let listener = SignalListener([SIGINT, SIGTERM]) { number, earlier in
    let code = InterruptedError(signal: number).exitCode
    if !earlier.isEmpty { _exit(code) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 2) { _exit(code) }
  }

  /// Does something that a signal cancels: programs that it waits for are killed.
  func cancelling<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
    let task = Task(operation: work)
    let cancel = Task { [signals = listener.signals()] in
      for await _ in signals { task.cancel() }
    }
    defer { cancel.cancel() }
    do { return try await task.value } catch {
      try check()
      throw error
    }
  }

  /// Call between two pieces of work.
  func check() throws {
    if let signal = listener.received.first { throw InterruptedError(signal: signal) }
  }
}
