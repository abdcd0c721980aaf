import CritiqueModel
import JSON

/// DeepCritic's rollout files: `prompt` and `answer`, then what each script adds.
///
/// - Sampled: `solutions` (texts with "Step k:" marks), `pred_correctness` parallel to them, `model`.
/// - Processed: `correct_solutions` and `incorrect_solutions`, lists of lists of steps; right ones come first here too. An
///   entry that is null is a solution the script could not split: it holds nothing, so it gives no solution.
/// - Counted: `…_rollout_correct_numbers` and `selected_correct_solution` stay in the raw record for step labelling.
///
/// Nothing here is a human rating, so all steps are unrated. A row that has only a problem and its answer is a problem.
enum Rollouts {
  static func content(of root: JSONView) throws(RecordError) -> SourceRecord.Content {
    guard root["prompt"] != nil else { throw root.misfit(.rollout, needs: "`prompt` and `answer`") }
    let prompt = try root.text("prompt")
    guard let answer = try root.textOrNumber("answer"), !answer.trimmed.isEmpty else {
      throw RecordError("no answer could be read: `answer` is missing or empty")
    }
    let generator = try root.optionalText("model")
    func solution(_ steps: [String], _ isCorrect: Bool?) -> Solution {
      Solution(
        problem: prompt, referenceAnswer: answer, steps: steps.map { Step($0) }, finalAnswerCorrect: isCorrect,
        generator: generator)
    }
    var solutions: [Solution] = []
    var isProcessed = false
    for (key, isCorrect) in [("correct_solutions" as StaticString, true), ("incorrect_solutions", false)] {
      guard let list = try root.optionalList(key) else { continue }
      isProcessed = true
      var index = -1
      for element in list.elements {
        index += 1
        if element.isNull { continue }
        guard element.kind == .array else {
          throw RecordError("\(key)[\(index)] must be a list of steps, not \(element.kind.word)")
        }
        let steps = try element.texts("\(key)[\(index)]")
        if !steps.isEmpty { solutions.append(solution(steps, isCorrect)) }
      }
    }
    if !isProcessed, let list = try root.optionalList("solutions") {
      let texts = try list.texts("solutions")
      let flags = try root.optionalList("pred_correctness").map { Array($0.elements) }
      if let flags, flags.count != texts.count {
        throw RecordError("pred_correctness has \(flags.count) entries, but there are \(texts.count) solutions")
      }
      for (index, text) in texts.enumerated() {
        let steps = StepMarks.split(text)
        solutions.append(solution(steps.isEmpty ? [text] : steps, flags?[index].bool))
      }
    }
    return solutions.isEmpty
      ? .problem(Solution(problem: prompt, referenceAnswer: answer, steps: [])) : .solutions(solutions)
  }
}
