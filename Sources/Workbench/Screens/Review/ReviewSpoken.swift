import DeepCriticCore
import Terminal

extension ReviewScreen {
  var prompt: String {
    guard let review else { return "review" }
    return review.stepCount == 0 ? "problem" : "step \(review.step) of \(review.stepCount)"
  }

  var spokenState: [String] {
    guard let review else { return [] }
    return [
      "\(review.stored.id)", "\(review.answerShown)", "\(review.referenceShown)", "\(session.mode)",
    ]
  }

  var spokenSelection: [String] {
    guard let review else { return [] }
    return [
      "\(review.step)", "\(context.reading.sourcePanes.isEmpty)", review.focus.stage?.rawValue ?? "",
      "\(review.alternativesShown)",
    ]
  }

  func take(number: Int) -> [String]? { goTo(stepNamed: String(number)) }

  func goTo(stepNamed text: String) -> [String] {
    guard let review else { return [] }
    guard let step = Int(text), (1...max(review.stepCount, 1)).contains(step), review.stepCount > 0 else {
      return ["There are \(review.stepCount) steps here."]
    }
    review.goTo(step: step)
    session.itemShown()
    return describeSelection()
  }

  func describe() -> [String] { solutionLines + describeSelection() }

  private var solutionLines: [String] {
    guard let review else { return [] }
    let stored = review.stored
    var lines = [
      "", "Solution \(stored.id), \(stored.name), \(stored.format.title). \(review.stepCount) steps.",
      "Problem: " + context.spoken(stored.solution.problem),
    ]
    if let answer = stored.solution.referenceAnswer {
      lines.append(
        review.answerShown
          ? "Reference answer: \(context.spoken(answer))" : "The reference answer is hidden; 'h' shows it.")
    }
    if review.referenceShown, let reference = stored.solution.referenceSolution {
      lines.append("Reference solution: \(context.spoken(reference))")
    }
    if let mark = review.view.mark {
      lines.append("Marked: \(mark.mark.words)\(mark.reason.map { ", \($0)" } ?? "").")
    }
    return lines
  }

  func describeSelection() -> [String] {
    guard let review, review.step > 0 else { return [] }
    let step = review.stored.solution.steps[review.step - 1]
    var lines = ["", "Step \(review.step) of \(review.stepCount): " + context.spoken(step.text)]
    if review.isRevealed(review.step, mode: session.mode) {
      lines += revealedLines(review, step)
    } else {
      lines.append("Blind mode: label and critiques are shown \(session.revealWords).")
    }
    if review.view.flags.contains(review.step) { lines.append("Flagged.") }
    if let correction = review.view.corrections[review.step] {
      lines.append("It should say: \(context.spoken(correction.text))")
    }
    for comment in review.view.comments where comment.step == review.step {
      lines.append("Your comment: \(context.spoken(comment.text))")
    }
    lines.append("Your verdict: \(review.mine(review.step)?.word ?? "none").")
    if let stop = review.view.firstError, stop < review.step {
      lines.append("Your labels stop at step \(stop); this step needs no verdict.")
    }
    return lines
  }

  private func revealedLines(_ review: ReviewModel, _ step: Step) -> [String] {
    var lines: [String] = []
    if let label = review.stored.labels.labels[review.step - 1] {
      lines.append("Label: \(label.rating.word), \(label.words).")
    }
    if let sentence = EstimateView.sentence(review) { lines.append(sentence) }
    for stage in Stage.allCases {
      guard let shown = review.critique(stage) else { continue }
      let says = shown.isWhole ? "of the whole solution" : "says \(shown.critique.judgement?.word ?? "nothing clear")"
      let index = review.samples[stage] ?? 0
      if !shown.isWhole, shown.samples > 1 || shown.critique.author != nil {
        lines.append(
          "\(stage.title) critique \(index + 1) of \(shown.samples), \(shown.critique.about(isUsed: index == 0)).")
      }
      lines.append("\(stage.title) critique, \(says): \(context.spoken(shown.critique.critique.text))")
    }
    for words in reasoningWords(review) { lines.append("Reasoning: \(words).") }
    for (index, alternative) in step.alternatives.enumerated() where review.alternativesShown {
      lines.append(
        "Alternative \(index + 1), \(alternative.rating?.word ?? "not rated"): \(context.spoken(alternative.text))")
    }
    for (name, view) in review.others(mode: session.mode) {
      if let verdict = view.verdicts[review.step] { lines.append("\(name): \(verdict.rating.word).") }
      for comment in view.comments where comment.step == review.step {
        lines.append("\(name) writes: \(context.spoken(comment.text))")
      }
    }
    return lines
  }
}
