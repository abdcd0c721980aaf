import CritiqueModel
import JSON

/// Writes ProcessBench rows: texts and the 0-based first error.
enum ProcessBenchEncoder {
  static func encode(_ solution: Solution) throws(RecordError) -> [UInt8] {
    guard let first = solution.firstError.boxed else {
      throw RecordError(
        "the first error is not known, and a ProcessBench row has to name it",
        remedy: "Rate every step, or the first wrong one.")
    }
    var json = JSONWriter()
    json.object { json in
      json.string("id", solution.sourceID)
      json.string("generator", solution.generator)
      json.string("problem", solution.problem)
      json.array("steps") { json in for step in solution.steps { json.string(step.text) } }
      json.bool("final_answer_correct", solution.finalAnswerCorrect)
      if let answer = solution.referenceAnswer { json.string("answer", answer) }
      json.int("label", first == -1 ? -1 : first - 1)
    }
    return json.bytes
  }

  static func losses(_ solution: Solution, _ critiques: [Critique]) -> [String] {
    let first = solution.firstError.boxed.map { $0 == -1 ? solution.steps.count : $0 } ?? 0
    var losses = lossCount(critiques.count, "critique", "critiques")
    let alternatives = solution.steps.reduce(0) { $0 + $1.alternatives.count }
    losses += lossCount(alternatives, "alternative completion", "alternative completions")
    let neutral = solution.steps.count { $0.rating == .neutral }
    losses += lossCount(neutral, "rating of 0 (it becomes +1)", "ratings of 0 (they become +1)")
    losses += lossCount(
      solution.steps.dropFirst(first).count { $0.rating != nil }, "rating after the first error",
      "ratings after the first error")
    losses += lossCount(
      solution.steps.prefix(first).count { $0.rating == nil }, "missing rating before the first error (it becomes +1)",
      "missing ratings before the first error (they become +1)")
    if solution.referenceSolution != nil { losses.append("the reference solution") }
    if solution.finishReason != nil { losses.append("how the labeller ended") }
    if solution.labeler != nil { losses.append("the labeller") }
    if solution.isScreening { losses.append("that it is a screening item") }
    return losses
  }
}
