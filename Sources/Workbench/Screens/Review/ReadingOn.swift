import DeepCriticCore
import Terminal

/// One key onwards: through the step, its critiques, the steps and the solutions.
extension ReviewScreen {
  /// Shows what has not been read yet: the rest of the step, then of its critiques, the next step, the next solution.
  func readOn() throws {
    guard let review, let layout = ReviewView.layout(self) else { return }
    if review.step <= 1, scrollOn(.problem, layout) { return }
    if readRestOfStep(review, layout) || readCritiques(review, layout) { return }
    if review.step < review.stepCount {
      goTo(step: review.step + 1)
      // Where critiques share a pane they are read in the order in which they were written.
      if layout.critiques.count == 1, let first = Stage.allCases.first(where: { review.critique($0) != nil }) {
        review.tab = first
      }
      return
    }
    if let words = openWords(review) { return say(.info, words + " \(keys(.stepNextTodo)) goes to the next one.") }
    try goToTodo(1)
  }

  /// Goes to the next step that needs a verdict, from the last one to the first; to the next solution when there is none.
  func goToOpenStep() throws {
    guard let review else { return }
    guard let next = review.nextOpenStep else { return try goToTodo(1) }
    if next == review.step {
      return say(
        .info, "Step \(next) is the only one without your verdict; \(keys(.solutionNextTodo)) leaves the solution open."
      )
    }
    goTo(step: next)
  }

  /// "4 steps are open."; `nil` when nothing is.
  func openWords(_ review: ReviewModel) -> String? {
    let count = review.openSteps.count
    return count == 0 ? nil : "\(Figures.count(count, "step is", "steps are")) open."
  }

  /// Says that a solution was left half done.
  func sayWhatIsOpen(_ left: ReviewModel) {
    guard !left.view.verdicts.isEmpty, let words = openWords(left) else { return }
    say(.warning, "\(left.stored.name): \(words)")
  }

  private func readRestOfStep(_ review: ReviewModel, _ layout: ReviewLayout) -> Bool {
    if let page = layout.page {
      let rows = page.rows(of: review.step)
      let top = layout.pageTop(review)
      let height = layout.steps.height
      // Back from where the page was scrolled to, or on to the rest of a long step.
      if rows.lowerBound >= top, rows.upperBound <= top + height { return false }
      if rows.lowerBound >= top + height || rows.upperBound <= top {
        review.followsStep = true
      } else if rows.upperBound > top + height {
        scrollPage(to: top + max(height - 2, 1))
      } else {
        return false
      }
      return true
    }
    return scrollOn(.step, layout)
  }

  /// Scrolls the first critique that continues below; where they share a pane, shows the next one.
  private func readCritiques(_ review: ReviewModel, _ layout: ReviewLayout) -> Bool {
    guard review.isRevealed(review.step, mode: session.mode) else { return false }
    for (stages, _) in layout.critiques {
      let shown = stages.contains(review.tab) ? review.tab : stages.last ?? .merged
      if scrollOn(Pane(shown), layout) { return true }
      review.read.insert(shown)
      if let next = stages.first(where: { !review.read.contains($0) && review.critique($0) != nil }) {
        review.tab = next
        return true
      }
    }
    return false
  }

  /// Scrolls a pane by what is seen of it, but for a line.
  ///
  /// - Returns: `false` when its end is in view.
  private func scrollOn(_ pane: Pane, _ layout: ReviewLayout) -> Bool {
    guard let review, let area = layout.area(pane), area.height > 0 else { return false }
    let limit = ReviewView.scrollLimit(pane, self)
    let before = min(review.scroll[pane] ?? 0, limit)
    guard before < limit else { return false }
    review.scroll[pane] = min(before + max(area.height - 1, 1), limit)
    return true
  }
}
