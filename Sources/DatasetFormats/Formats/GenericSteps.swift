import CritiqueModel
import JSON

/// Any rows with `problem` (or `question`), `steps` and, for labelled rows, `label` (or `labels`).
///
/// - Steps are texts, or objects with `text` and perhaps `rating` (−1, 0, 1, null).
/// - A whole-number label is ProcessBench's: the **0-based** first error, −1 for none.
/// - A list label is parallel to the steps (or to the first of them): true/false, or ratings −1, 0, 1, null. A list of
///   only 0 and 1 is refused, because its 0 may mean "wrong" or PRM800K's "neutral" and guessing would be silent damage.
package enum GenericSteps {
  /// A solution as a record of this format.
  package static func record(of solution: Solution, id: String? = nil) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      if let id {
        json.key("id")
        json.string(id)
      }
      json.key("problem")
      json.string(solution.problem)
      json.key("steps")
      json.array { json in
        for step in solution.steps {
          json.object { json in
            json.key("text")
            json.string(step.text)
            json.key("rating")
            if let rating = step.rating { json.int(rating.rawValue) } else { json.null() }
          }
        }
      }
    }
    return json.bytes
  }

  static func content(of root: JSONView) throws(RecordError) -> SourceRecord.Content {
    guard let problem = try root.optionalText(firstOf: "problem", "question"), root["steps"] != nil else {
      throw root.misfit(.generic, needs: "`problem` and `steps`")
    }
    var steps = try steps(try root.list("steps"))
    guard !steps.isEmpty else { throw RecordError("steps is empty") }
    if let label = root["label"] ?? root["labels"], !label.isNull {
      try apply(label, to: &steps)
    }
    return .solution(
      Solution(
        problem: problem,
        referenceAnswer: try root.textOrNumber(firstOf: "answer", "gt_answer"),
        steps: steps,
        finalAnswerCorrect: try root.optionalBool("final_answer_correct"),
        sourceID: try root.textOrNumber("id"),
        generator: try root.optionalText("generator")),
      critiques: [])
  }

  private static func steps(_ list: JSONView) throws(RecordError) -> [Step] {
    var steps: [Step] = []
    for element in list.elements {
      if let text = element.string {
        steps.append(Step(text))
      } else if element.kind == .object {
        let path = "steps[\(steps.count)]."
        steps.append(Step(try element.text("text", path), rating: try element.rating("rating", path)))
      } else {
        throw RecordError("steps[\(steps.count)] must be a string or an object, not \(element.kind.word)")
      }
    }
    return steps
  }

  private static func apply(_ label: JSONView, to steps: inout [Step]) throws(RecordError) {
    if let number = label.int {
      steps = try ProcessBench.steps(steps.map(\.text), label: number)
      return
    }
    guard label.kind == .array else {
      throw RecordError("label must be a whole number or a list with one entry per step, not \(label.shown)")
    }
    var ratings: [Rating?] = []
    var hasZero = false
    var hasMinus = false
    for element in label.elements {
      if element.isNull {
        ratings.append(nil)
      } else if let bool = element.bool {
        ratings.append(bool ? .correct : .incorrect)
      } else if let rating = element.int.flatMap(Rating.init(rawValue:)) {
        ratings.append(rating)
        hasZero = hasZero || rating == .neutral
        hasMinus = hasMinus || rating == .incorrect
      } else {
        throw RecordError("label[\(ratings.count)] must be true, false, -1, 0, 1 or null, not \(element.shown)")
      }
    }
    if hasZero, !hasMinus {
      throw RecordError(
        "label is a list of 0 and 1, where 0 may mean wrong or neutral",
        remedy: "Write wrong steps as -1 or false.")
    }
    guard ratings.count <= steps.count else {
      throw RecordError("label has \(ratings.count) entries, but there are \(steps.count) steps")
    }
    for (index, rating) in ratings.enumerated() { steps[index].completion.rating = rating }
  }
}
