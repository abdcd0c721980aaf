import CritiqueModel
import JSON

/// Writes DeepCritic rows: the processed input, plus the lists of every stage that has a critique.
///
/// The lists are parallel to the rated steps, and a step without a critique has an empty text, as the scripts write it.
/// The correctness lists say whether the critique's judgement is the rating's, which is how the scripts decide it.
enum DeepCriticEncoder {
  static func encode(_ solution: Solution, _ critiques: [Critique]) -> [UInt8] {
    let rated = solution.ratedSteps
    let shown = shown(solution)
    var json = JSONWriter()
    json.object { json in
      if let id = solution.sourceID { json.string("id", id) }
      json.string("problem", solution.problem)
      json.array("steps") { json in
        for (index, step) in solution.steps.enumerated() {
          json.object { json in
            json.int("step_index", index + 1)
            json.string("text", step.text)
            json.int("rating", step.rating?.rawValue)
          }
        }
      }
      let kept = held(critiques, rated)
      writeLabels(kept, solution, rated, shown, &json)
      json.string("gt_answer", solution.referenceAnswer)
      json.bool("contain_erroneous_step", solution.steps.contains { $0.rating == .incorrect })
      for stage in Stage.allCases {
        write(stage, kept.filter { $0.stage == stage }, solution, rated, &json)
      }
    }
    return json.bytes
  }

  /// The file that the scripts write after a stage: everything up to it and nothing beyond.
  ///
  /// - Parameter record: the record that the solution came from, if it is one of these files: its other keys are kept.
  static func encode(_ solution: Solution, _ critiques: [Critique], through stage: Stage, record: [UInt8]?) -> [UInt8] {
    let critiques = critiques.filter { $0.stage <= stage }
    guard let record, let document = try? JSONDocument(parsing: record), document.root.kind == .object else {
      return encode(solution, critiques)
    }
    let rated = solution.ratedSteps
    let kept = held(critiques, rated)
    var json = JSONWriter()
    json.object { json in
      for (key, value) in document.root.members where !managed.contains(key) {
        json.key(key)
        json.raw(value.raw)
      }
      writeLabels(kept, solution, rated, shown(solution), &json)
      for stage in Stage.allCases { write(stage, kept.filter { $0.stage == stage }, solution, rated, &json) }
    }
    return json.bytes
  }

  /// Keys that are written again from the critiques.
  private static let managed: Set<String> = {
    var keys: Set<String> = ["critic_solutions", "critic_labels"]
    for stage in Stage.allCases {
      keys.insert(String(describing: DeepCriticStages.key(of: stage)))
      if let key = correctnessKey(of: stage) { keys.insert(key) }
    }
    return keys
  }()

  /// Each prompt shows the whole solution with the steps' own numbers.
  private static func shown(_ solution: Solution) -> String {
    solution.steps.enumerated().map { "Step \($0.offset + 1): \($0.element.text)" }.joined(separator: "\n\n")
  }

  private static func writeLabels(
    _ kept: [Critique], _ solution: Solution, _ rated: [Int], _ shown: String, _ json: inout JSONWriter
  ) {
    guard !kept.isEmpty else { return }
    json.array("critic_solutions") { json in for _ in rated { json.string(shown) } }
    json.array("critic_labels") { json in
      for step in rated { json.int(solution.steps[step - 1].rating?.rawValue) }
    }
  }

  private static func write(
    _ stage: Stage, _ critiques: [Critique], _ solution: Solution, _ rated: [Int], _ json: inout JSONWriter
  ) {
    guard !critiques.isEmpty else { return }
    let byStep = Dictionary(critiques.map { ($0.step, $0) }, uniquingKeysWith: { first, _ in first })
    json.array(String(describing: DeepCriticStages.key(of: stage))) { json in
      for step in rated { json.string(byStep[step]?.text ?? "") }
    }
    guard let key = correctnessKey(of: stage) else { return }
    json.array(key) { json in
      for step in rated {
        let judgement = byStep[step]?.judgement
        json.bool(judgement != nil && judgement == solution.steps[step - 1].rating?.judgement)
      }
    }
  }

  private static func correctnessKey(of stage: Stage) -> String? {
    switch stage {
    case .initial: "critique_correctness"
    case .deep: "critique_of_critique_correctness"
    case .merged: nil
    }
  }

  /// The critiques the lists have a place for: the first of each stage and rated step.
  private static func held(_ critiques: [Critique], _ rated: [Int]) -> [Critique] {
    struct Place: Hashable {
      let stage: Stage
      let step: Int
    }
    var taken: Set<Place> = []
    return critiques.filter {
      !$0.text.isEmpty && rated.contains($0.step)
        && taken.insert(Place(stage: $0.stage, step: $0.step)).inserted
    }
  }

  static func losses(_ solution: Solution, _ critiques: [Critique]) -> [String] {
    let rated = solution.ratedSteps
    var losses = lossCount(
      critiques.count { !$0.text.isEmpty } - held(critiques, rated).count,
      "critique of an unrated step, of the whole solution, or a further sample",
      "critiques of unrated steps, of the whole solution, or further samples")
    let alternatives = solution.steps.reduce(0) { $0 + $1.alternatives.count }
    losses += lossCount(alternatives, "alternative completion", "alternative completions")
    losses += lossCount(
      solution.steps.count { $0.completion.author == .human }, "mark that a person wrote a step",
      "marks that a person wrote a step")
    if solution.referenceSolution != nil { losses.append("the reference solution") }
    if solution.finishReason != nil { losses.append("how the labeller ended") }
    if solution.finalAnswerCorrect != nil { losses.append("whether the final answer is right") }
    if solution.generator != nil { losses.append("the generator") }
    if solution.labeler != nil { losses.append("the labeller") }
    if solution.isScreening { losses.append("that it is a screening item") }
    return losses
  }
}
