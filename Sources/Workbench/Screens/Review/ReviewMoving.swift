import DeepCriticCore
import Terminal

/// Going from step to step, from solution to solution and from pane to pane.
extension ReviewScreen {
  func goTo(step: Int) {
    guard let review else { return }
    let before = review.step
    review.goTo(step: step)
    if review.step != before { session.itemShown() }
  }

  func moveStep(_ delta: Int) {
    guard let review else { return }
    let before = review.step
    goTo(step: review.step + delta)
    if review.step == before, review.stepCount > 0 {
      say(
        .info,
        delta > 0 ? "This is the last step; \(keys(.solutionNext)) for the next solution." : "This is the first step.")
    }
  }

  func moveSolution(_ delta: Int) throws {
    guard let review else { return }
    let position = (review.position ?? queue.list.selected ?? 0) + delta
    guard queue.ids.indices.contains(position) else {
      return say(
        .info, delta > 0 ? "This is the last solution of the queue." : "This is the first solution of the queue.")
    }
    try navigator?.review(queue.ids[position])
    if self.review !== review { sayWhatIsOpen(review) }
  }

  func goToTodo(_ direction: Int) throws {
    guard let review else { return }
    if let (done, quota) = try queue.finishedOfQuota(), done >= quota {
      return say(
        .good, "Your quota is done: \(done) of \(quota) solutions of this queue. \(keys(.back)) goes back to it.")
    }
    var current = review.position ?? queue.list.selected ?? 0
    // Between looking and opening another may take a solution: then the next one is tried.
    for _ in 0..<20 {
      guard let position = try queue.nextTodo(from: current, direction: direction) else { break }
      try navigator?.review(queue.ids[position])
      if self.review !== review { return sayWhatIsOpen(review) }
      current = position
    }
    let isDone = review.stepCount == 0 || review.view.state(count: review.stepCount).isDone
    say(
      isDone ? .good : .info,
      isDone ? "Nothing left to do in this queue." : "This is the only solution left to do in this queue.")
  }

  func movePane(_ delta: Int) {
    guard let review else { return }
    let panes = Pane.allCases.filter {
      $0.stage == nil ? !($0 == .step && isPage) : review.showsCritiques(mode: session.mode)
    }
    let index = panes.firstIndex(of: review.focus) ?? 0
    review.focus = panes[(index + delta + panes.count) % panes.count]
    if let stage = review.focus.stage { review.tab = stage }
  }

  func show(_ stage: Stage) {
    guard let review else { return }
    review.tab = stage
    review.focus = Pane(stage)
  }

  /// The focused pane, or the critique in view while the steps have the focus.
  var scrolledPane: Pane {
    guard let review else { return .step }
    if review.focus != .steps { return review.focus }
    if review.showsCritiques(mode: session.mode) { return Pane(review.tab) }
    return isPage ? .steps : .step
  }

  /// The next or previous step, or a line of the focused pane.
  func moveDown(_ lines: Int) {
    if review?.focus == .steps { moveStep(lines) } else { scroll(scrolledPane, by: lines) }
  }

  func scroll(_ pane: Pane, by lines: Int) {
    guard let review else { return }
    let pane = pane == .step && isPage ? .steps : pane
    let limit = ReviewView.scrollLimit(pane, self)
    let before = min(review.scroll[pane] ?? 0, limit)
    review.scroll[pane] = min(max(before + lines, 0), limit)
    if pane == .steps { review.followsStep = false }
    if review.scroll[pane] == before {
      glance(
        limit == 0
          ? "\(pane.title): all of it is in view." : "\(pane.title): this is its \(lines < 0 ? "beginning" : "end").")
    }
  }

  /// The steps are shown in full, one below the other.
  var isPage: Bool { !layoutChoice.showsList && review?.isZoomed != true }

  /// Moves the page so that the step under review is in view, unless the page was scrolled elsewhere.
  func keepStepInView() {
    guard let review, let layout = ReviewView.layout(self), layout.page != nil else { return }
    review.scroll[.steps] = layout.pageTop(review)
  }

  func scrollPage(to row: Int) {
    guard let review else { return }
    review.followsStep = false
    review.scroll[.steps] = min(max(row, 0), ReviewView.scrollLimit(.steps, self))
  }

  func changeStepsLayout() {
    layoutChoice.showsList.toggle()
    if isPage, review?.focus == .step { review?.focus = .steps }
    say(
      .info, layoutChoice.showsList ? "A list of steps, and the current one in full." : "All steps in full, as a page.")
    rememberLayout()
  }

  var pageHeight: Int { max(ReviewView.height(of: scrolledPane, self) - 1, 1) }

  // MARK: - How it is shown

  func toggleReference() {
    guard let review else { return }
    review.referenceShown.toggle()
    review.scroll[.problem] = 0
    if review.referenceShown { review.focus = .problem }
  }

  func toggleSource() {
    guard let review else { return }
    let pane = review.focus == .steps ? .step : review.focus
    context.reading.sourcePanes.formSymmetricDifference([pane])
    say(
      .info,
      "\(pane.title): \(context.reading.isSource(pane) ? "raw source, as in the file" : "readable mathematics").")
  }

  func toggleAllSource() {
    let reading = context.reading
    reading.sourcePanes = reading.sourcePanes.isEmpty ? Set(Pane.allCases) : []
    say(
      .info,
      reading.sourcePanes.isEmpty ? "Readable mathematics everywhere." : "Raw source everywhere, as in the file.")
  }

  func toggleBoth() {
    context.reading.showsBoth.toggle()
    context.reading.sourcePanes.remove(.step)
    say(
      .info,
      context.reading.showsBoth
        ? "The step is shown readable, and below as in the file." : "The step is shown once.")
  }

  func toggleAids() {
    context.reading.showsAids.toggle()
    say(
      .info,
      context.reading.showsAids
        ? "Turning points, quotations and origins of sentences are marked." : "Critiques are shown without marks.")
  }

  func changePanes() {
    layoutChoice.panes = layoutChoice.panes == 1 ? 3 : layoutChoice.panes - 1
    say(.info, layoutChoice.words)
    rememberLayout()
  }

  func moveSplit(by rows: Int) {
    let before = ReviewView.layout(self)?.steps.height
    // What another size of the screen allowed is cut to what this one allows.
    while layoutChoice.split != 0 {
      let kept = layoutChoice.split
      layoutChoice.split -= kept.signum()
      if ReviewView.layout(self)?.steps.height != before {
        layoutChoice.split = kept
        break
      }
    }
    let kept = layoutChoice.split
    layoutChoice.split = min(max(kept + rows, -40), 40)
    if ReviewView.layout(self)?.steps.height == before {
      layoutChoice.split = kept
      return glance("The line above the critiques cannot be moved further.")
    }
    rememberLayout()
  }

  /// Copies the source of the focused pane: the step while the steps have the focus, the problem where there are none.
  func copySource() {
    guard let review else { return }
    let (what, text) = focusedSource(review)
    context.effect = .copy(text)
    say(.info, "\(what): source sent to the terminal's clipboard, if it accepts that (OSC 52).")
  }

  /// The source of the focused pane: the step while the steps have the focus, the problem where there are none.
  private func focusedSource(_ review: ReviewModel) -> (what: String, text: String) {
    let solution = review.stored.solution
    if let stage = review.focus.stage, review.isRevealed(review.step, mode: session.mode),
      let shown = review.critique(stage)
    {
      return ("\(stage.title) critique", shown.critique.critique.text)
    }
    if review.focus == .problem || review.step == 0 { return ("Problem", solution.problem) }
    return ("Step \(review.step)", solution.steps[review.step - 1].text)
  }
}
