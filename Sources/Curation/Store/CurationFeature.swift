import CritiqueModel
import ReviewStore

extension WorkspaceFeature {
  /// Training sets: reasons that keep solutions out, and what was exported.
  package static let curation: WorkspaceFeature = {
    let known = Set(SeedReason.allCases.map(\.rawValue))
    let reasons = CurationReason.allCases.map(\.rawValue).filter { !known.contains($0) }
    var feature = WorkspaceFeature()
    feature.filterFields = [
      // Those that generation knows too are found by its query.
      FilterField("reason", "why it is where it is on the way into the training set", values: reasons) {
        value, comparison in
        comparison == nil ? FilterField.unique(value, in: reasons).map { .init(reason: $0) } : nil
      }
    ]
    feature.sorts = [.curation]
    return feature
  }()
}

extension QueueSort {
  /// What keeps solutions out of the training set: first what a reviewer can mend.
  public static let curation = QueueSort.computed("curation", "curation reason")
}
