import Dispatch
import Synchronization

/// Stores things as they arrive, away from the threads that talk to servers.
///
/// Whatever has arrived while the last transaction was on its way to the disk goes into the next one: each thing is
/// durable before its request counts as done, and a thousand a second do not mean a thousand flushes.
final class GroupCommit<Item: Sendable>: Sendable {
  private struct Waiting {
    var item: Item
    var continuation: CheckedContinuation<Void, any Error>
  }

  private struct State {
    var waiting: [Waiting] = []
    var isScheduled = false
  }

  /// Most items of one transaction, so that a reviewer's decision need not wait long.
  private static var maximum: Int { 256 }
  private let commit: @Sendable ([Item]) throws -> Void
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "deepcritic.answers")

  /// - Parameter commit: stores some items in one durable transaction.
  init(commit: @escaping @Sendable ([Item]) throws -> Void) { self.commit = commit }

  /// Stores an item; when this returns nothing can lose it.
  func store(_ item: Item) async throws {
    try await withCheckedThrowingContinuation { continuation in
      let mustSchedule = state.withLock { state in
        state.waiting.append(Waiting(item: item, continuation: continuation))
        defer { state.isScheduled = true }
        return !state.isScheduled
      }
      if mustSchedule { queue.async { self.drain() } }
    }
  }

  private func drain() {
    while true {
      let batch = state.withLock { state -> [Waiting] in
        let batch = Array(state.waiting.prefix(Self.maximum))
        state.waiting.removeFirst(batch.count)
        if batch.isEmpty { state.isScheduled = false }
        return batch
      }
      if batch.isEmpty { return }
      do {
        try commit(batch.map(\.item))
        for waiting in batch { waiting.continuation.resume() }
      } catch {
        for waiting in batch { waiting.continuation.resume(throwing: error) }
      }
    }
  }
}
