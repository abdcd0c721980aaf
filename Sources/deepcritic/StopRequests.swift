import Dispatch
import Foundation
import Synchronization

/// Counts how urgently the person wants a long command to end: Ctrl-C once, again, or `kill`.
///
/// For commands that keep everything as it comes, so that being ended at any moment loses nothing. A third signal ends
/// the process at once.
final class StopRequests {
  /// How much is to be given up.
  enum Urgency: Int, Comparable {
    case none
    /// Begin nothing new; wait for what is under way.
    case finish
    /// Drop what is under way.
    case drop

    static func < (a: Urgency, b: Urgency) -> Bool { a.rawValue < b.rawValue }
  }

  /// What the signals' handlers share with the thread that asks.
  private final class Received: Sendable {
    let state = Mutex((urgency: Urgency.none, first: Int32?.none))

    func note(_ number: Int32) {
      let isOver = state.withLock { state in
        state.first = state.first ?? number
        if state.urgency == .drop { return true }
        // Only Ctrl-C comes from a person who is there to press it again.
        state.urgency = number == SIGINT && state.urgency == .none ? .finish : .drop
        return false
      }
      if isOver { _exit(128 + number) }
    }
  }

  private let received = Received()
  private let sources: [any DispatchSourceSignal]

  init() {
    let numbers = [SIGINT, SIGTERM, SIGHUP]
    sources = numbers.map { number in
      signal(number, SIG_IGN)
      return DispatchSource.makeSignalSource(signal: number, queue: .global())
    }
    for (source, number) in zip(sources, numbers) {
      source.setEventHandler { [received] in received.note(number) }
      source.resume()
    }
  }

  /// What has been asked for so far.
  var urgency: Urgency { received.state.withLock { $0.urgency } }

  /// The error that ends the command with the first signal's exit code.
  var interrupted: Interrupted? { received.state.withLock { $0.first }.map { Interrupted(signal: $0) } }
}
