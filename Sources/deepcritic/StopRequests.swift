import Foundation

/// Counts how urgently the person wants a long command to end: Ctrl-C once, again, or `kill`.
///
/// For commands that keep everything as it comes, so that being ended at any moment loses nothing. A third signal ends
/// the process at once.
struct StopRequests {
  /// How much is to be given up.
  enum Urgency: Int, Comparable {
    case none
    /// Begin nothing new; wait for what is under way.
    case finish
    /// Drop what is under way.
    case drop

    /// What signals ask for together.
    init(_ signals: [Int32]) {
      // Only Ctrl-C comes from a person who can press it again.
      self = signals.isEmpty ? .none : signals == [SIGINT] ? .finish : .drop
    }

    static func < (a: Urgency, b: Urgency) -> Bool { a.rawValue < b.rawValue }
  }

  private let listener = SignalListener([SIGINT, SIGTERM, SIGHUP]) { number, earlier in
    if Urgency(earlier) == .drop { _exit(InterruptedError(signal: number).exitCode) }
  }

  /// What has been asked for so far.
  var urgency: Urgency { Urgency(listener.received) }

  /// The error that ends the command with the first signal's exit code.
  var interrupted: InterruptedError? { listener.received.first.map(InterruptedError.init) }

  /// Work before there is anything to finish: the first signal drops it.
  ///
  /// - Throws: ``InterruptedError`` after a signal, and what the work throws.
  func ending<T: Sendable>(_ work: @escaping @Sendable () async throws -> T) async throws -> T {
    let result = await Watched.run(signals: signals(), work) { task in if urgency != .none { task.cancel() } }
    if let interrupted { throw interrupted }
    return try result.get()
  }

  /// The signals from now on.
  func signals() -> AsyncStream<Int32> { listener.signals() }
}
