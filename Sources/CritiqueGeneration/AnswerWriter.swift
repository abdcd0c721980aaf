import Dispatch
import ReviewStore
import Synchronization

/// Stores answers as they arrive, away from the threads that talk to servers.
///
/// Whatever has arrived while the last transaction was on its way to the disk goes into the next one: each answer is
/// durable before its request counts as done, and a thousand a second do not mean a thousand flushes.
final class AnswerWriter: Sendable {
  /// Answers of one request, or its failure.
  struct Item: Sendable {
    var samples: [GeneratedSample] = []
    var generation: Int64
    var failure: RequestFailure?
  }

  private struct Waiting {
    var item: Item
    var continuation: CheckedContinuation<AnswerReceipt, any Error>
  }

  private struct State {
    var waiting: [Waiting] = []
    var isScheduled = false
  }

  /// Most items of one transaction, so that a reviewer's decision need not wait long.
  private static let most = 256
  private let workspace: Workspace
  private let state = Mutex(State())
  private let queue = DispatchQueue(label: "deepcritic.answers")

  init(workspace: Workspace) { self.workspace = workspace }

  /// Stores an item; when this returns nothing can lose it.
  func store(_ item: Item) async throws -> AnswerReceipt {
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
        let batch = Array(state.waiting.prefix(Self.most))
        state.waiting.removeFirst(batch.count)
        if batch.isEmpty { state.isScheduled = false }
        return batch
      }
      if batch.isEmpty { return }
      do {
        let samples = batch.flatMap { waiting in waiting.item.samples.map { ($0, waiting.item.generation) } }
        let receipt = try workspace.record(samples, failures: batch.compactMap(\.item.failure))
        for waiting in batch { waiting.continuation.resume(returning: receipt) }
      } catch {
        for waiting in batch { waiting.continuation.resume(throwing: error) }
      }
    }
  }
}
