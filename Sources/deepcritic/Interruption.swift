import Dispatch
import Foundation

/// The command was interrupted with Ctrl-C (or asked to terminate).
struct Interrupted: Error {
  let signal: Int32
  /// What shells report for a process that the signal ended.
  var exitCode: Int32 { 128 + signal }
}

/// Turns Ctrl-C into an error thrown at a place where nothing is half done.
///
/// A command that never reaches such a place is ended all the same, after two seconds or at the second Ctrl-C: every
/// write is a transaction or a temporary file, so even that leaves nothing half-written under its real name.
final class Interruption {
  private let sources: [any DispatchSourceSignal]
  private let raised = Latch()

  init() {
    let raised = raised
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        let code = Interrupted(signal: number).exitCode
        if raised.raise(number) { _exit(code) }
        DispatchQueue.global().asyncAfter(deadline: .now() + 2) { _exit(code) }
      }
      source.resume()
      return source
    }
  }

  /// Call between two pieces of work.
  func check() throws {
    if let signal = raised.signal { throw Interrupted(signal: signal) }
  }

  /// `@unchecked Sendable`: the signal is only touched with the lock held.
  private final class Latch: @unchecked Sendable {
    private let lock = NSLock()
    private var first: Int32?

    var signal: Int32? { lock.withLock { first } }

    /// - Returns: whether a signal came before.
    func raise(_ signal: Int32) -> Bool {
      lock.withLock {
        defer { first = first ?? signal }
        return first != nil
      }
    }
  }
}
