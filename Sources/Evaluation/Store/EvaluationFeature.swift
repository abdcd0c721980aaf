import ReviewStore

extension WorkspaceFeature {
  /// Critics on benchmarks.
  package static let evaluation: WorkspaceFeature = {
    var feature = WorkspaceFeature()
    feature.benchmarkSolutions = "SELECT solution_id FROM benchmark_item"
    return feature
  }()
}
