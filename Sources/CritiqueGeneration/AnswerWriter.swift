import ReviewStore

/// Stores answers of critiques as they arrive.
struct AnswerWriter: Sendable {
  /// Answers of one request, or its failure.
  struct Item: Sendable {
    var samples: [GeneratedSample] = []
    var generation: Int64
    var failure: RequestFailure?
  }

  private let group: GroupCommit<Item, AnswerReceipt>

  init(workspace: Workspace) {
    group = GroupCommit { items in
      let samples = items.flatMap { item in item.samples.map { ($0, item.generation) } }
      return try workspace.record(samples, failures: items.compactMap(\.failure))
    }
  }

  /// Stores an item; when this returns nothing can lose it.
  func store(_ item: Item) async throws -> AnswerReceipt { try await group.store(item) }
}
