import Foundation

/// Wakes a thread that waits for what another brings about.
///
/// The state itself lies elsewhere, behind its own lock: it is changed first, then ``send()`` is called.
final class ChangeSignal: Sendable {
  private let condition = NSCondition()

  func send() {
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }

  /// Waits while something is running, at most this many seconds.
  func wait(atMost seconds: Double = 60, while isGoingOn: () -> Bool) {
    let end = Date(timeIntervalSinceNow: seconds)
    condition.lock()
    while isGoingOn(), condition.wait(until: end) {}
    condition.unlock()
  }
}
