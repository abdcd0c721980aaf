import DeepCriticCore
import Terminal

/// The texts of the solution under review as its panes show them.
extension ReviewScreen {
  /// The step under review as its pane shows it: readable, as source, or one above the other; then its alternatives, if
  /// they are asked for and may be seen.
  func stepLines(_ review: ReviewModel, width: Int) -> [TextLine] {
    guard review.step > 0 else { return [] }
    let step = review.stored.solution.steps[review.step - 1]
    var out = context.lines(step.text, width: width, in: .step, marks(.step, review))
    if context.reading.showsBoth, !context.reading.isSource(.step) {
      out.append([TextRun(text: "source", role: .accent)])
      out += dimmed(context.texts.lines(step.text, width: width, source: true))
    }
    // What others would write tells that they found the step wrong.
    let isRevealed = review.isRevealed(review.step, mode: session.mode)
    for (name, view) in review.stored.views.sorted(by: { $0.key < $1.key })
    where review.isOpen(mode: session.mode) || name == review.reviewer {
      guard let correction = view.corrections[review.step] else { continue }
      out.append([TextRun(text: name == review.reviewer ? "should say" : "should say (\(name))", role: .accent)])
      out += context.lines(correction.text, width: width, in: .step)
    }
    if review.alternativesShown, isRevealed {
      for (index, alternative) in step.alternatives.enumerated() {
        let glyph = VerdictLook.glyph(alternative.rating, glyphs)
        let author = alternative.author == .human ? ", written by a person" : ""
        out.append([
          TextRun(text: "alternative \(index + 1)\(author) ", role: .accent),
          TextRun(text: glyph, role: VerdictLook.role(alternative.rating)),
        ])
        out += dimmed(context.lines(alternative.text, width: width, in: .step))
      }
    }
    return out
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
