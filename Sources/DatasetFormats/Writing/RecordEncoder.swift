import CritiqueModel
import Formatting

/// Writes a solution and its critiques as a record of another format.
///
/// For conversion only: a record exported in the format it came in is written as its raw bytes, which keeps everything.
public enum RecordEncoder {
  /// The formats `encode` writes.
  public static let formats: [DatasetFormat] = [.prm800k, .processbench, .deepcritic]

  /// The JSON bytes of one record, on one line, without a line end.
  ///
  /// What the target cannot hold is left out; `losses` names it. Only a record that would say something false throws.
  public static func encode(
    _ solution: Solution, critiques: [Critique], as format: DatasetFormat
  ) throws(RecordError) -> [UInt8] {
    guard !solution.steps.isEmpty else {
      throw RecordError("the problem has no solution steps, which \(format.title) needs")
    }
    switch format {
    case .prm800k: return PRM800KEncoder.encode(solution)
    case .processbench: return try ProcessBenchEncoder.encode(solution)
    case .deepcritic: return DeepCriticEncoder.encode(solution, critiques)
    default:
      throw RecordError(
        "records cannot be converted to \(format.title)",
        remedy: "Choose one of " + formats.map(\.rawValue).joined(separator: ", ") + ".")
    }
  }

  /// A row of the file that DeepCritic's script writes after a stage: the critiques of it and of the stages before.
  ///
  /// - Parameter record: the DeepCritic record that the solution came from, if it did: its other keys are kept.
  public static func encodeStage(
    _ stage: Stage, of solution: Solution, critiques: [Critique], record: [UInt8]?
  ) -> [UInt8] {
    DeepCriticEncoder.encode(solution, critiques, through: stage, record: record)
  }

  /// What `encode` leaves out, as clauses for people ("2 critiques"); empty when everything is kept.
  public static func losses(
    _ solution: Solution, critiques: [Critique], as format: DatasetFormat
  ) -> [String] {
    switch format {
    case .prm800k: PRM800KEncoder.losses(solution, critiques)
    case .processbench: ProcessBenchEncoder.losses(solution, critiques)
    case .deepcritic: DeepCriticEncoder.losses(solution, critiques)
    default: []
    }
  }
}

/// Counting for messages: nothing when there is nothing.
func lossCount(_ n: Int, _ one: String, _ many: String) -> [String] {
  n == 0 ? [] : [Figures.count(n, one, many)]
}
