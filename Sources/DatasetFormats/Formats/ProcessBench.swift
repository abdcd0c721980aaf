import CritiqueModel
import JSON

/// ProcessBench (Qwen/ProcessBench): `label` is the **0-based** index of the first error, −1 when there is none.
/// Steps before it are rated +1, the step itself −1, later ones are not rated.
///
/// DeepCritic's processed MR-GSM8K file has the same rows with a whole-number `id` and an empty `generator`.
enum ProcessBench {
  static func content(of root: JSONView, _ format: DatasetFormat) throws(RecordError) -> SourceRecord.Content {
    guard root["problem"] != nil, root["steps"] != nil, root["label"] != nil else {
      throw root.misfit(format, needs: "`problem`, `steps` and `label`")
    }
    let texts = try root.list("steps").texts("steps")
    guard !texts.isEmpty else { throw RecordError("steps is empty") }
    guard let label = try root.optionalInt("label") else { throw RecordError("label must be a whole number, not null") }
    let generator = try root.optionalText("generator")
    return .solution(
      Solution(
        problem: try root.text("problem"),
        referenceAnswer: try root.textOrNumber("answer"),
        steps: try steps(texts, label: label),
        finalAnswerCorrect: try root.optionalBool("final_answer_correct"),
        sourceID: try root.textOrNumber("id"),
        generator: generator == "" ? nil : generator),
      critiques: [])
  }

  /// Steps with the ratings that a 0-based label means.
  static func steps(_ texts: [String], label: Int) throws(RecordError) -> [Step] {
    guard label >= -1, label < texts.count else {
      throw RecordError(
        "label is \(label), but the solution has \(texts.count) steps: "
          + "it must be -1 or the 0-based index of the first error")
    }
    return FirstErrorLabels.steps(texts, firstError: label < 0 ? nil : label)
  }
}
