import DeepCriticCore
import Terminal

extension WorkbenchModel {
  /// Takes what was done with the mouse. Nothing is decided by a click: verdicts need their keys, so that a slip of the hand
  /// costs nothing.
  public func handle(_ pointer: PointerEvent) {
    switch pointer.kind {
    case .wheelUp, .wheelDown: turnWheel(pointer)
    case .press: press(pointer)
    case .drag: drag(pointer)
    case .release: isDraggingSplit = false
    }
  }

  private func turnWheel(_ pointer: PointerEvent) {
    let key: Key = pointer.kind == .wheelUp ? .up : .down
    if overlay != nil {
      for _ in 0..<3 { handle(key) }
      return
    }
    guard place == .review, let review else {
      for _ in 0..<3 { handle(key) }
      return
    }
    // What lies under the pointer scrolls, whatever has the focus.
    let pane = pane(at: pointer.x, pointer.y, review)
    if pane == .steps || pane == nil {
      perform(pointer.kind == .wheelUp ? .stepPrevious : .stepNext)
    } else if let pane {
      let limit = ReviewScreen.scrollLimit(pane, self)
      review.scroll[pane] = min(max((review.scroll[pane] ?? 0) + (pointer.kind == .wheelUp ? -3 : 3), 0), limit)
    }
  }

  private func press(_ pointer: PointerEvent) {
    guard overlay == nil else {
      pressOverlay(pointer)
      return
    }
    if pointer.y == size.height - 1 {
      // A hint is the key that it names, but for verdicts.
      if let id = Chrome.hint(at: pointer.x, self), !Self.verdicts.contains(id) { perform(id) }
      return
    }
    switch place {
    case .queue:
      guard let index = QueueScreen.index(at: pointer.y, self) else { return }
      // A second click on the selected row opens it.
      if queue.list.selected == index { perform(.queueOpen) } else { queue.list.select(index) }
    case .review:
      guard let review else { return }
      let layout = ReviewScreen.layout(self)
      if pointer.y == layout.rule {
        isDraggingSplit = true
        return
      }
      guard let pane = pane(at: pointer.x, pointer.y, review) else { return }
      if pane == .steps, let step = StepList.step(at: pointer.y, self, review) {
        review.goTo(step: step)
        session.itemShown()
      }
      review.focus = pane
      if let stage = pane.stage { review.tab = stage }
    default: break
    }
  }

  private func drag(_ pointer: PointerEvent) {
    guard isDraggingSplit, let rule = ReviewScreen.layout(self).rule, pointer.y != rule else { return }
    layoutChoice.split = min(max(layoutChoice.split + pointer.y - rule, -40), 40)
    rememberLayout()
  }

  private func pressOverlay(_ pointer: PointerEvent) {
    if case .prompt = overlay { return }
    // What is written is not lost by a click.
    if case .text = overlay { return }
    // Beside the window: it closes.
    if pointer.y == 0 || pointer.y >= size.height - Chrome.footerHeight { handle(.escape) }
  }

  private func pane(at x: Int, _ y: Int, _ review: ReviewModel) -> Pane? {
    let layout = ReviewScreen.layout(self)
    func holds(_ rect: Rect) -> Bool { x >= rect.x && x < rect.maxX && y >= rect.y && y < rect.maxY }
    if holds(layout.problem) { return .problem }
    if holds(layout.steps) { return .steps }
    if holds(layout.step) { return .step }
    for pane in layout.critiques where holds(pane.rect) {
      return Pane(pane.stages.contains(review.tab) ? review.tab : pane.stages.last ?? .merged)
    }
    return nil
  }
}
