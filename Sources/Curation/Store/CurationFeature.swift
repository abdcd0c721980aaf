import CritiqueModel
import ReviewStore

extension WorkspaceFeature {
  /// Training sets: reasons that keep solutions out, and what was exported.
  package static let curation: WorkspaceFeature = {
    let reasons = CurationReason.allCases.map(\.rawValue)
    var feature = WorkspaceFeature()
    feature.filterFields = [
      FilterField("reason", "a named reason of generation or curation", values: reasons) {
        value, comparison in
        comparison == nil ? FilterField.unique(value, in: reasons).map { .init(reason: $0) } : nil
      }
    ]
    feature.sorts = [.curation]
    feature.queueKnowledge = { try QueueKnowledge(Curator(of: $0).indexWithoutCounting()) }
    return feature
  }()
}

extension Workspace {
  /// The queue, after counting the tokens that its reasons or order need and nobody has counted yet.
  ///
  /// - Throws: as ``queue(sort:filter:_:)`` does, and `TokenCounterError`.
  public func countedQueue(
    sort: QueueSort = .imported, filter: QueueFilter, _ context: QueueContext
  ) async throws -> [Int64] {
    var context = context
    if !filter.reasons.isEmpty || sort == .curation {
      context.knowledge = QueueKnowledge(try await Curator(of: self).index())
    }
    return try queue(sort: sort, filter: filter, context)
  }
}

extension QueueKnowledge {
  /// What an index tells.
  public init(_ index: CurationIndex) {
    self.init(
      reasons: { name in CurationReason(rawValue: name).map { Set(index.ids(with: $0)) } },
      order: { _ in CurationReason.byRemedy.flatMap { index.ids(with: $0) }.uniqued() })
  }
}

extension Sequence where Element: Hashable {
  /// Each element once, in the order of its first place.
  package func uniqued() -> [Element] {
    var seen = Set<Element>()
    return filter { seen.insert($0).inserted }
  }
}

extension QueueSort {
  /// What keeps solutions out of the training set: first what a reviewer can mend.
  public static let curation = QueueSort.computed("curation", "curation reason")
}
