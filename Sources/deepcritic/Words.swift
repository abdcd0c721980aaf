import DeepCriticCore

/// Short words that several commands use.
enum Words {
  static func stages(_ disagreement: Disagreement) -> [String] {
    var stages: [String] = []
    if disagreement.contains(.initial) { stages.append("initial") }
    if disagreement.contains(.deep) { stages.append("deep") }
    if disagreement.contains(.merged) { stages.append("merged") }
    return stages
  }

  static func disagreement(_ disagreement: Disagreement) -> String {
    let stages = stages(disagreement)
    return stages.isEmpty ? "-" : stages.joined(separator: ",")
  }
}
