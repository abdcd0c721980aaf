import CritiqueModel
import JSON

/// Problem sets: MATH and MATH-500 (`problem`, `solution`, `answer`), GSM8K (`question`, `answer` ending "#### N"),
/// NuminaMath (`problem`, `solution` whose last `\boxed{}` is the answer).
///
/// A row whose answer cannot be read is refused by name: a guessed answer would grade rollouts wrongly in silence.
enum ProblemSets {
  static func content(of root: JSONView) throws(RecordError) -> SourceRecord.Content {
    if root["problem"] != nil {
      let solution = try root.optionalText("solution")
      guard let answer = try root.textOrNumber("answer").map(\.trimmed) ?? solution.flatMap(boxed), !answer.isEmpty
      else {
        throw RecordError(
          root["answer"] == nil
            ? "no answer could be read: there is no `answer` and no \\boxed{} in `solution`"
            : "no answer could be read: `answer` is empty")
      }
      return .problem(
        Solution(
          problem: try root.text("problem"), referenceAnswer: answer, referenceSolution: solution, steps: [],
          sourceID: try root.textOrNumber(firstOf: "unique_id", "id")))
    }
    guard root["question"] != nil, root["answer"] != nil else {
      throw root.misfit(.problems, needs: "`problem` with `answer` or `solution`, or `question` with `answer`")
    }
    let text = try root.text("answer")
    guard let answer = gsm8kAnswer(text) else {
      throw RecordError("no answer could be read: `answer` has no last line \"#### …\"")
    }
    return .problem(
      Solution(
        problem: try root.text("question"), referenceAnswer: answer, referenceSolution: text, steps: [],
        sourceID: try root.textOrNumber("id")))
  }

  private static func boxed(_ solution: String) -> String? {
    JudgementParser.boxedContents(in: solution).last?.trimmed
  }

  /// GSM8K's rule: what follows "####", without the commas that group thousands.
  private static func gsm8kAnswer(_ text: String) -> String? {
    guard let mark = text.ranges(of: "####").last else { return nil }
    let answer = text[mark.upperBound...].trimmed.replacing(",", with: "")
    return answer.isEmpty || answer.contains("\n") ? nil : answer
  }
}
