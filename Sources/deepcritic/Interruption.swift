import Dispatch
import Foundation

/// The command was interrupted with Ctrl-C (or asked to terminate).
struct Interrupted: Error {}

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
        if raised.raise() { _exit(ExitStatus.interrupted.rawValue) }
        DispatchQueue.global().asyncAfter(deadline: .now() + 2) { _exit(ExitStatus.interrupted.rawValue) }
      }
      source.resume()
      return source
    }
  }

  /// Call between two pieces of work.
  func check() throws {
    if raised.isRaised { throw Interrupted() }
  }

  /// `@unchecked Sendable`: the flag is only touched with the lock held.
  private final class Latch: @unchecked Sendable {
    private let lock = NSLock()
    private var flag = false

    var isRaised: Bool { lock.withLock { flag } }

    /// - Returns: whether it was raised before.
    func raise() -> Bool {
      lock.withLock {
        defer { flag = true }
        return flag
      }
    }
  }
}
