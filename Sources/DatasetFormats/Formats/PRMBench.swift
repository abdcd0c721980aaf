import CritiqueModel
import JSON

/// PRMBench (hitsmy/PRMBench_Preview): a right solution modified to hold errors; `error_steps` is a **1-based** list.
///
/// The modified solution is the one kept. Steps before the first error are rated +1, listed steps −1, and steps after the
/// first error that are not listed have no rating; with no listed step all are +1.
enum PRMBench {
  static func content(of root: JSONView) throws(RecordError) -> SourceRecord.Content {
    guard root["modified_process"] != nil, root["error_steps"] != nil else {
      throw root.misfit(.prmbench, needs: "`modified_process` and `error_steps`")
    }
    let texts = try root.list("modified_process").texts("modified_process")
    guard !texts.isEmpty else { throw RecordError("modified_process is empty") }
    // The modified solution answers the modified question, where there is one.
    let problem = try root.optionalText(firstOf: "modified_question", "question", "original_question", "problem")
    guard let problem else { throw RecordError("question is missing") }
    var wrong: [Int] = []
    for element in try root.list("error_steps").elements {
      guard let step = element.int, step >= 1, step <= texts.count else {
        throw RecordError(
          "error_steps[\(wrong.count)] is \(element.shown), "
            + "but the modified solution has \(texts.count) steps (counted from 1)")
      }
      wrong.append(step)
    }
    var steps = FirstErrorLabels.steps(texts, firstError: wrong.min().map { $0 - 1 })
    for step in wrong { steps[step - 1].completion.rating = .incorrect }
    return .solution(
      Solution(
        problem: problem,
        referenceAnswer: try root.textOrNumber(firstOf: "ground_truth_answer", "answer"),
        steps: steps,
        sourceID: try root.textOrNumber(firstOf: "idx", "id")),
      critiques: [])
  }
}
