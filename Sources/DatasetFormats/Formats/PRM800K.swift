import CritiqueModel
import JSON

/// PRM800K (openai/prm800k, JSON Lines, phases 1 and 2).
///
/// A step on the solution's path is, in this order: the chosen completion; the labeller's own (`human_completion`, an
/// object in real files, a text in the documentation); the first completion (so it is at the step with the error, where
/// both are null). All others are alternatives in file order, a human one that was not chosen last.
///
/// Label steps at the end that hold nothing are not steps: labellers who gave up left them. In the middle such a step is
/// an error, because the path would have a hole. Phase 2 labels stop at the first error though the solution continues: what
/// is left of `pre_generated_steps` follows unrated, provided that the last labelled step is the pre-generated one.
enum PRM800K {
  static func content(of root: JSONView) throws(RecordError) -> SourceRecord.Content {
    guard let question = root["question"], question.kind == .object, let label = root["label"], label.kind == .object
    else { throw root.misfit(.prm800k, needs: "the objects `question` and `label`") }
    var steps = try labelledSteps(try label.list("steps", "label."))
    try appendPreGenerated(question, to: &steps)
    var solution = Solution(
      problem: try question.text("problem", "question."),
      referenceAnswer: try question.textOrNumber("ground_truth_answer", "question."),
      referenceSolution: try question.optionalText("ground_truth_solution", "question."),
      steps: steps,
      labeler: try root.optionalText("labeler"))
    if let word = try label.optionalText("finish_reason", "label.") {
      guard let reason = FinishReason(rawValue: word) else {
        let known = FinishReason.allCases.map(\.rawValue).joined(separator: ", ")
        throw RecordError("label.finish_reason is \"\(word.prefix(40))\", which is none of \(known)")
      }
      solution.finishReason = reason
    }
    let isControl = try root.optionalBool("is_quality_control_question") ?? false
    let isInitial = try root.optionalBool("is_initial_screening_question") ?? false
    let generation = try root.optionalInt("generation")
    solution.isScreening = isControl || isInitial || generation == -1
    return .solution(solution, critiques: [])
  }

  private static func labelledSteps(_ list: JSONView) throws(RecordError) -> [Step] {
    var steps: [Step] = []
    var index = 0
    var hole: Int?
    for element in list.elements {
      if let step = try step(element, index) {
        if let hole { throw RecordError("label.steps[\(hole)] has no completion, but steps follow it") }
        steps.append(step)
      } else if hole == nil {
        hole = index
      }
      index += 1
    }
    return steps
  }

  /// `nil` for a step that holds nothing.
  private static func step(_ value: JSONView, _ index: Int) throws(RecordError) -> Step? {
    guard value.kind == .object else {
      throw RecordError("label.steps[\(index)] must be an object, not \(value.kind.word)")
    }
    var completions: [Completion] = []
    if let list = try value.optionalList("completions", "label.steps[\(index)].") {
      for element in list.elements {
        completions.append(try completion(element, "label.steps[\(index)].completions[\(completions.count)]", .model))
      }
    }
    let human = try humanCompletion(value, index)
    if let chosen = try value.optionalInt("chosen_completion", "label.steps[\(index)].") {
      guard completions.indices.contains(chosen) else {
        throw RecordError(
          "label.steps[\(index)].chosen_completion is \(chosen), but the step has \(completions.count) completions")
      }
      let path = completions.remove(at: chosen)
      return Step(completion: path, alternatives: human.map { completions + [$0] } ?? completions)
    }
    if let human { return Step(completion: human, alternatives: completions) }
    guard let first = completions.first else { return nil }
    return Step(completion: first, alternatives: Array(completions.dropFirst()))
  }

  private static func humanCompletion(_ step: JSONView, _ index: Int) throws(RecordError) -> Completion? {
    guard let value = step["human_completion"], !value.isNull else { return nil }
    if let text = value.string { return Completion(text: text, author: .human) }
    return try completion(value, "label.steps[\(index)].human_completion", .human)
  }

  private static func completion(
    _ value: JSONView, _ path: @autoclosure () -> String, _ author: Completion.Author
  ) throws(RecordError) -> Completion {
    guard value.kind == .object else { throw RecordError("\(path()) must be an object, not \(value.kind.word)") }
    return Completion(
      text: try value.text("text", path() + "."), rating: try value.rating("rating", path() + "."),
      flagged: try value.optionalBool("flagged", path() + "."), author: author)
  }

  private static func appendPreGenerated(_ question: JSONView, to steps: inout [Step]) throws(RecordError) {
    guard let list = try question.optionalList("pre_generated_steps", "question.") else { return }
    let texts = try list.texts("question.pre_generated_steps")
    guard texts.count > steps.count else { return }
    if let last = steps.last, last.text != texts[steps.count - 1] { return }
    steps += texts[steps.count...].map { Step($0) }
  }
}
