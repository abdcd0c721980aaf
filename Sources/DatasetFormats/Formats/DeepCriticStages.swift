import CritiqueModel
import JSON

/// DeepCritic's processed PRM800K input and what its three generation scripts write (RUCBM/DeepCritic).
///
/// `steps` are objects with `step_index`, `text` and `rating`; every other list is parallel to the *rated* steps:
/// `critic_solutions`, `critic_labels`, then by stage `critiques`, `critique_of_critiques`, `merged_critiques`. The
/// scripts write an empty text where a stage produced nothing usable: that is not a critique.
enum DeepCriticStages {
  static func content(of root: JSONView) throws(RecordError) -> SourceRecord.Content {
    let solution = try solution(of: root)
    let rated = solution.ratedSteps
    try checkLabels(root, solution, rated)
    var critiques: [Critique] = []
    for stage in Stage.allCases {
      guard let texts = try texts(stage, root) else { continue }
      guard texts.count == rated.count else {
        throw RecordError(
          "\(key(of: stage)) has \(texts.count) entries, but the solution has \(rated.count) rated steps")
      }
      for (step, text) in zip(rated, texts) where !text.isEmpty {
        critiques.append(Critique(stage: stage, step: step, text: text))
      }
    }
    return .solution(solution, critiques: critiques)
  }

  /// Problem, steps and labels, without the critiques.
  static func solution(of root: JSONView) throws(RecordError) -> Solution {
    guard root["problem"] != nil, root["steps"]?.kind == .array else {
      throw root.misfit(.deepcritic, needs: "`problem` and a list of `steps`")
    }
    var steps: [Step] = []
    for element in try root.list("steps").elements {
      let index = steps.count
      guard element.kind == .object else {
        throw RecordError("steps[\(index)] must be an object with `text` and `rating`, not \(element.kind.word)")
      }
      steps.append(
        Step(try element.text("text", "steps[\(index)]."), rating: try element.rating("rating", "steps[\(index)].")))
    }
    guard !steps.isEmpty else { throw RecordError("steps is empty") }
    return Solution(
      problem: try root.text("problem"), referenceAnswer: try root.textOrNumber("gt_answer"), steps: steps,
      sourceID: try root.textOrNumber("id"))
  }

  static func key(of stage: Stage) -> StaticString {
    switch stage {
    case .initial: "critiques"
    case .deep: "critique_of_critiques"
    case .merged: "merged_critiques"
    }
  }

  private static func texts(_ stage: Stage, _ root: JSONView) throws(RecordError) -> [String]? {
    guard let list = try root.optionalList(key(of: stage)) else { return nil }
    var texts: [String] = []
    for element in list.elements {
      guard element.isNull || element.kind == .string else {
        throw RecordError("\(key(of: stage))[\(texts.count)] must be a string, not \(element.shown)")
      }
      texts.append(element.string ?? "")
    }
    return texts
  }

  /// `critic_labels` repeats the ratings of the rated steps; a difference means the row was put together wrongly.
  private static func checkLabels(_ root: JSONView, _ solution: Solution, _ rated: [Int]) throws(RecordError) {
    guard let list = try root.optionalList("critic_labels") else { return }
    let labels = Array(list.elements)
    guard labels.count == rated.count else {
      throw RecordError("critic_labels has \(labels.count) entries, but the solution has \(rated.count) rated steps")
    }
    for (index, label) in labels.enumerated() {
      let rating = solution.steps[rated[index] - 1].rating
      guard let value = label.int, value == rating?.rawValue else {
        throw RecordError(
          "critic_labels[\(index)] is \(label.shown), but step \(rated[index]) is rated \(rating?.rawValue ?? 0)")
      }
    }
  }
}
