import DeepCriticCore
import Terminal

/// The texts of the solution under review as its panes show them.
extension ReviewScreen {
  /// The step under review as its pane shows it.
  func stepLines(_ review: ReviewModel, width: Int) -> [TextLine] {
    review.step > 0 ? stepLines(review, step: review.step, width: width) : []
  }

  /// A step: readable or as source, the one under review also both ways; below it what was written about it, and its
  /// alternatives, if they are asked for and may be seen.
  func stepLines(_ review: ReviewModel, step number: Int, width: Int) -> [TextLine] {
    let step = review.stored.solution.steps[number - 1]
    let isCurrent = number == review.step
    var out = context.lines(
      step.text, width: width, in: .step,
      isCurrent ? marks(.step, review) : ReadingAids.hits(review.search, in: step.text))
    if isCurrent, context.reading.showsBoth, !context.reading.isSource(.step) {
      out.append([TextRun(text: "source", role: .accent)])
      out += dimmed(context.texts.lines(step.text, width: width, source: true))
    }
    // What others write shows what they think of the step.
    let mine = (name: review.reviewer, view: review.view)
    for (name, view) in [mine] + review.others(mode: session.mode) {
      if let correction = view.corrections[number] {
        out.append([TextRun(text: name == review.reviewer ? "should say" : "should say (\(name))", role: .accent)])
        out += context.lines(correction.text, width: width, in: .step)
      }
      for comment in view.comments where comment.step == number {
        out += commentLines(comment.text, by: name == review.reviewer ? nil : name, width: width)
      }
    }
    guard isCurrent, review.alternativesShown, review.isRevealed(number, mode: session.mode) else { return out }
    for (index, alternative) in step.alternatives.enumerated() {
      let glyph = VerdictLook.glyph(alternative.rating, glyphs)
      let author = alternative.author == .human ? ", written by a person" : ""
      out.append([
        TextRun(text: "alternative \(index + 1)\(author) ", role: .accent),
        TextRun(text: glyph, role: VerdictLook.role(alternative.rating)),
      ])
      out += dimmed(context.lines(alternative.text, width: width, in: .step))
    }
    return out
  }

  /// A comment with a line at its left, so that it is not taken for a part of the step.
  private func commentLines(_ text: String, by name: String?, width: Int) -> [TextLine] {
    let heading = name.map { "\(TextSafety.line($0)): " } ?? ""
    let lines = context.lines(heading + text, width: max(width - 2, 8), in: .step)
    return lines.map { [TextRun(text: glyphs.vertical + " ", role: .accent)] + dimmed([$0])[0] }
  }

  /// The problem as its pane shows it, with the reference in full below it if that is asked for.
  func problemLines(_ review: ReviewModel, width: Int) -> [TextLine] {
    let solution = review.stored.solution
    var out = context.lines(solution.problem, width: width, in: .problem, marks(.problem, review))
    guard review.referenceShown else { return out }
    if let answer = solution.referenceAnswer {
      out.append([TextRun(text: "reference answer", role: .accent)])
      out += context.lines(answer, width: width, in: .problem)
    }
    if let reference = solution.referenceSolution {
      out.append([TextRun(text: "reference solution", role: .accent)])
      out += context.lines(reference, width: width, in: .problem)
    }
    return out
  }

  private func dimmed(_ lines: [TextLine]) -> [TextLine] {
    lines.map { line in line.map { TextRun(text: $0.text, role: .dim) } }
  }

  /// What may be seen of the marks in the texts of the step under review.
  func readingAids(_ review: ReviewModel) -> ReadingAids.Found {
    guard review.step > 0 else { return ReadingAids.Found() }
    var texts: [Stage: String] = [:]
    if review.isRevealed(review.step, mode: session.mode) {
      for stage in Stage.allCases {
        guard let shown = review.critique(stage), !shown.isWhole else { continue }
        texts[stage] = shown.critique.critique.text
      }
    }
    return aids.found(
      step: review.stored.solution.steps[review.step - 1].text, texts: texts, comparison: review.comparison,
      search: review.search, problem: review.stored.solution.problem,
      version: review.comparison == .versionAndOriginal ? review.version : nil)
  }

  /// The marks of a pane; none while the aids are off.
  func marks(_ pane: Pane, _ review: ReviewModel) -> [Annotation] {
    let marks = readingAids(review).marks[pane] ?? []
    return context.reading.showsAids ? marks : marks.filter { !$0.mark.isDisjoint(with: [.changed, .hit]) }
  }

  /// Whether the merged pane has a gutter that says where sentences come from.
  func hasGutter(_ pane: Pane, _ review: ReviewModel) -> Bool {
    pane == .merged && context.reading.showsAids && readingAids(review).provenance != nil
  }
}
