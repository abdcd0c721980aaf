import DeepCriticCore

extension QueueSort {
  /// Whether the order tells what blind mode hides.
  var revealsLabels: Bool { self == .disagreement || self == .firstError }
}

extension QueueFilter {
  /// Whether the filter tells what blind mode hides.
  var revealsLabels: Bool {
    text.split(separator: " ").contains { $0.hasPrefix("label:") || ($0.hasPrefix("differs:") && $0 != "differs:me") }
  }
}
