import DeepCriticCore
import Foundation

/// Short words that several commands use.
enum Words {
  static func firstError(_ error: FirstError) -> String {
    switch error {
    case .step(let step): String(step)
    case .none: "none"
    case .unknown: "-"
    }
  }

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

  static func count(_ number: Int, _ one: String, _ many: String) -> String { "\(number) \(number == 1 ? one : many)" }

  static func seconds(_ seconds: Double) -> String { String(format: "%.1f s", seconds) }

  static func percent(_ part: Int, of whole: Int) -> String {
    String(format: "%.1f %%", 100 * Double(part) / Double(max(whole, 1)))
  }
}
