import Dispatch
import Foundation
import Synchronization

/// Hears signals for as long as it lives: the only place of the program that does. Meanwhile they have no effect of their
/// own.
final class SignalListener {
  /// What handlers share with whoever asks.
  private final class Shared: Sendable {
    struct State {
      var received: [Int32] = []
      var streams: [UUID: AsyncStream<Int32>.Continuation] = [:]
    }

    let state = Mutex(State())

    /// - Returns: the signals before this one, and who waits for signals.
    func add(_ number: Int32) -> (earlier: [Int32], streams: [AsyncStream<Int32>.Continuation]) {
      state.withLock { state in
        defer { state.received.append(number) }
        return (state.received, Array(state.streams.values))
      }
    }
  }

  private let shared = Shared()
  private let sources: [any DispatchSourceSignal]

  /// - Parameter atOnce: is called with each signal and those before it, on a queue that is free however busy the program's
  ///   own threads are, and before streams have it.
  init(_ numbers: [Int32], atOnce: @escaping @Sendable (Int32, _ earlier: [Int32]) -> Void) {
    sources = numbers.map { [shared] number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        let (earlier, streams) = shared.add(number)
        atOnce(number, earlier)
        for stream in streams { stream.yield(number) }
      }
      source.resume()
      return source
    }
  }

  deinit { for source in sources { source.cancel() } }

  /// All signals so far.
  var received: [Int32] { shared.state.withLock { $0.received } }

  /// The signals from now on.
  func signals() -> AsyncStream<Int32> {
    AsyncStream { [shared] continuation in
      let key = UUID()
      continuation.onTermination = { _ in shared.state.withLock { $0.streams[key] = nil } }
      shared.state.withLock { $0.streams[key] = continuation }
    }
  }
}

/// The command was interrupted with Ctrl-C (or asked to terminate).
struct InterruptedError: Error {
  let signal: Int32
  /// What shells report for a process that the signal ended.
  var exitCode: Int32 { 128 + signal }
}
