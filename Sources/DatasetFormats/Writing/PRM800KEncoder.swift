import CritiqueModel
import JSON

/// Writes PRM800K lines.
///
/// Unrated steps at the end go to `question.pre_generated_steps` with all the others, as phase 2 has them; everything
/// before is in `label.steps`. The completion on the path comes first and is the chosen one, except at a wrong step that
/// ends the labels, where PRM800K chooses none.
enum PRM800KEncoder {
  static func encode(_ solution: Solution) -> [UInt8] {
    let labelled = labelledCount(solution)
    var json = JSONWriter()
    json.object { json in
      json.string("labeler", solution.labeler)
      json.string("timestamp", nil)
      json.string("generation", nil)
      json.bool("is_quality_control_question", false)
      json.bool("is_initial_screening_question", solution.isScreening)
      json.object("question") { json in
        json.string("problem", solution.problem)
        if let reference = solution.referenceSolution { json.string("ground_truth_solution", reference) }
        json.string("ground_truth_answer", solution.referenceAnswer)
        if labelled < solution.steps.count {
          json.array("pre_generated_steps") { json in for step in solution.steps { json.string(step.text) } }
        }
      }
      json.object("label") { json in
        json.array("steps") { json in
          for (index, step) in solution.steps.prefix(labelled).enumerated() {
            write(step, isLast: index == labelled - 1, &json)
          }
        }
        json.string("total_time", nil)
        json.string("finish_reason", finishReason(solution)?.rawValue)
      }
    }
    return json.bytes
  }

  /// The steps before the unrated ones at the end that have nothing but a text.
  private static func labelledCount(_ solution: Solution) -> Int {
    let last = solution.steps.lastIndex { step in
      step.rating != nil || !step.alternatives.isEmpty || step.completion.author == .human
        || step.completion.flagged != nil
    }
    return last.map { $0 + 1 } ?? 0
  }

  /// A labeller who set the problem aside did so whatever the ratings are; else the ratings tell.
  static func finishReason(_ solution: Solution) -> FinishReason? {
    if let reason = solution.finishReason, reason == .badProblem || reason == .giveUp || solution.firstError == .unknown
    {
      return reason
    }
    return switch solution.firstError {
    case .step: .foundError
    case .none: .solution
    case .unknown: nil
    }
  }

  static func write(_ step: Step, isLast: Bool, _ json: inout JSONWriter) {
    let isHuman = step.completion.author == .human
    // `human_completion` holds one: the path's own, else the last alternative, which is where reading puts it back.
    let human = isHuman ? step.completion : step.alternatives.last.flatMap { $0.author == .human ? $0 : nil }
    var listed = step.alternatives
    if !isHuman {
      if human != nil { listed.removeLast() }
      listed.insert(step.completion, at: 0)
    }
    json.object { json in
      json.array("completions") { json in for completion in listed { write(completion, source: nil, &json) } }
      json.key("human_completion")
      if let human { write(human, source: "human", &json) } else { json.null() }
      json.key("chosen_completion")
      let choosesNone = isHuman || isLast && step.rating == .incorrect && human == nil
      json.int(choosesNone ? nil : 0)
    }
  }

  private static func write(_ completion: Completion, source: String?, _ json: inout JSONWriter) {
    json.object { json in
      json.string("text", completion.text)
      json.int("rating", completion.rating?.rawValue)
      if let source { json.string("source", source) }
      json.bool("flagged", completion.flagged)
    }
  }

  static func losses(_ solution: Solution, _ critiques: [Critique]) -> [String] {
    var losses = lossCount(critiques.count, "critique", "critiques")
    let humans = solution.steps.reduce(0) { sum, step in
      let all = step.alternatives.count { $0.author == .human }
      let kept = step.completion.author == .model && step.alternatives.last?.author == .human ? 1 : 0
      return sum + all - kept
    }
    losses += lossCount(
      humans, "mark that a person wrote an alternative", "marks that a person wrote an alternative")
    if solution.finalAnswerCorrect != nil { losses.append("whether the final answer is right") }
    if solution.generator != nil { losses.append("the generator") }
    if solution.sourceID != nil { losses.append("the record's identifier") }
    return losses
  }
}
