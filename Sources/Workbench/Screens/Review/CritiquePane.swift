import DeepCriticCore
import Terminal

/// A critique with its judgement; where several share one pane, the others are tabs in the title.
enum CritiquePane {
  static func draw(
    _ canvas: inout Canvas, _ screen: ReviewScreen, _ review: ReviewModel, _ stages: [Stage], _ rect: Rect
  ) {
    guard rect.height > 0 else { return }
    let stage = stages.contains(review.tab) || stages.isEmpty ? review.tab : stages[stages.count - 1]
    let pane = Pane(stage)
    let area = rect.splitTop(1).rest
    let revealed = review.isRevealed(review.step, mode: screen.session.mode)
    if stages.count == 1 {
      let title = review.isZoomed ? "\(stage.title) critique of step \(review.step)" : stage.title
      let used = ReviewView.drawTitle(
        &canvas, title, focused: review.focus == pane, x: rect.x, y: rect.y, glyphs: screen.glyphs)
      let room = max(rect.width - used - 2, 0)
      let (says, role) = revealed ? says(screen, review, stage, room: room) : ("", .dim)
      let mark = ReviewView.position(screen, review, pane, area: area)
      let saysWidth = DisplayWidth.of(says)
      canvas.put(says, x: rect.maxX - saysWidth, y: rect.y, role: role)
      let middle = rect.maxX - saysWidth - DisplayWidth.of(mark) - 2
      if middle > rect.x + used { canvas.put(mark, x: middle, y: rect.y, role: .dim) }
    } else {
      drawTabs(&canvas, screen, review, stages, stage, rect, revealed: revealed)
      let mark = ReviewView.position(screen, review, pane, area: area)
      canvas.put(mark, x: rect.maxX - DisplayWidth.of(mark), y: rect.y, role: .dim)
    }
    if !revealed {
      put(&canvas, area, "Shown \(screen.session.revealWords) (blind mode).")
    } else if review.critique(stage) == nil {
      put(&canvas, area, "No \(stage.rawValue) critique of step \(review.step).")
    } else {
      ReviewView.drawText(&canvas, screen, review, pane, in: area)
    }
  }

  /// The sign in front of a line of the merged critique, and its role: where most of it comes from.
  static func origin(of line: TextLine, _ glyphs: Glyphs) -> (sign: String, role: StyleRole)? {
    func width(_ mark: TextMark) -> Int {
      line.reduce(0) { $0 + ($1.marks.contains(mark) ? DisplayWidth.of($1.text) : 0) }
    }
    let origins: [(mark: TextMark, sign: String, role: StyleRole)] = [
      (.fromInitial, glyphs.fromInitial, .fromInitial), (.fromDeep, glyphs.fromDeep, .fromDeep),
      (.isNew, glyphs.isNew, .fromMerge),
    ]
    let widest = origins.map { (width: width($0.mark), origin: $0) }.max { $0.width < $1.width }
    return widest.flatMap { $0.width > 0 ? ($0.origin.sign, $0.origin.role) : nil }
  }

  private static func put(_ canvas: inout Canvas, _ area: Rect, _ words: String) {
    canvas.wrap(words, x: area.x, y: area.y, width: area.width, most: area.height, role: .dim)
  }

  /// What the critique concludes and what there is to say about it, as much as there is room for.
  private static func says(
    _ screen: ReviewScreen, _ review: ReviewModel, _ stage: Stage, room: Int
  ) -> (String, StyleRole) {
    guard let shown = review.critique(stage) else { return ("", .dim) }
    if shown.isWhole { return ("of the whole solution", .dim) }
    let index = min(review.samples[stage] ?? 0, shown.samples - 1)
    let standing = shown.critique.standing
    // Another sample than the one in use says which it is; the one in use says how many agree with it.
    let sample = index > 0 ? "\(index + 1) of \(shown.samples) " : ""
    let reasoning = screen.reasoning(of: shown.critique.critique, review)
    var end = reasoning.map { $0.isSound ? ", sound" : ", reasoning unsound" } ?? ""
    if shown.critique.author != nil { end += ", edited" } else if standing.contains(.chosen) { end += ", chosen" }
    if standing.contains(.stale) { end += ", stale" }
    guard let judgement = shown.critique.judgement else { return (sample + "no judgement" + end, .warning) }
    let votes = review.stored.votes(stage, step: review.step).flatMap { votes in
      index == 0 && votes.total > 1 ? " \(votes.count(of: judgement))/\(votes.total)" : nil
    }
    let verdict = "\(VerdictLook.glyph(judgement.rating, screen.glyphs)) \(judgement.word)"
    let turn = index == 0 ? turn(review, stage, judgement) : ""
    let ways = [
      "\(sample)says \(verdict)\(votes ?? "")\(turn)\(end)", "\(sample)\(verdict)\(votes ?? "")\(turn)\(end)",
      "\(sample)\(verdict)\(votes ?? "")\(end)", "\(verdict)\(end)",
    ]
    return (
      ways.first { DisplayWidth.of($0) <= room } ?? clip(verdict + end, to: max(room, 1)),
      // What is wrong with it must not have the colour of a good verdict.
      reasoning?.isSound == false ? .warning : VerdictLook.role(judgement.rating)
    )
  }

  /// How the judgement stands to the label and to the stage before: what a reviewer looks for first.
  private static func turn(_ review: ReviewModel, _ stage: Stage, _ judgement: Judgement) -> String {
    let step = review.step
    let label = review.stored.solution.steps[step - 1].rating?.judgement
    let before = Stage.allCases.last { $0 < stage && review.stored.critique($0, step: step) != nil }
      .flatMap { review.stored.judgement($0, step: step) }
    switch stage {
    case .initial:
      guard let label, label != judgement else { return "" }
      return review.stored.judgement(.deep, step: step) == label ? ", corrected" : ", misses the label"
    case .deep, .merged:
      if let label, label != judgement { return ", misses the label" }
      guard let before, before != judgement else { return "" }
      return stage == .deep ? ", corrects it" : ", turns back"
    }
  }

  private static func drawTabs(
    _ canvas: inout Canvas, _ screen: ReviewScreen, _ review: ReviewModel, _ stages: [Stage], _ shown: Stage,
    _ rect: Rect, revealed: Bool
  ) {
    var x = rect.x
    for (index, stage) in stages.enumerated() {
      let active = stage == shown
      let focused = active && review.focus == Pane(stage)
      if focused { canvas.put(screen.glyphs.pointer, x: x - 1, y: rect.y, role: .accent) }
      x += canvas.put(stage.title, x: x, y: rect.y, role: active ? .tabActive : .tabInactive)
      if revealed, active, review.critique(stage) != nil {
        let others = stages.dropFirst(index + 1).reduce(0) { $0 + DisplayWidth.of($1.title) + 5 }
        let (words, role) = says(screen, review, stage, room: max(rect.maxX - x - others - 12, 0))
        x += canvas.put(" " + words.replacing("says ", with: ""), x: x, y: rect.y, role: role)
      } else if revealed, review.stored.critique(stage, step: review.step) != nil {
        let judgement = review.stored.judgement(stage, step: review.step)
        x += canvas.put(
          " " + (judgement.map { VerdictLook.glyph($0.rating, screen.glyphs) } ?? "?"), x: x, y: rect.y,
          role: VerdictLook.role(judgement?.rating))
      }
      if index < stages.count - 1 {
        x += canvas.put(" \(screen.glyphs.vertical) ", x: x, y: rect.y, role: .border)
      }
    }
  }
}
