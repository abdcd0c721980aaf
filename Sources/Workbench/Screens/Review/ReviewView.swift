import DeepCriticCore
import Terminal

/// One solution: the problem, its steps with the verdict matrix, the step in full, and the critiques.
enum ReviewView {
  static func draw(_ canvas: inout Canvas, _ screen: ReviewScreen) {
    guard let review = screen.review else { return }
    Chrome.header(&canvas, screen)
    let layout = layout(screen)
    drawProblem(&canvas, screen, review, layout)
    if review.stepCount > 0, layout.steps.height > 0 { StepList.draw(&canvas, screen, review, layout) }
    if review.stepCount > 0, layout.step.height > 0 { drawStep(&canvas, screen, review, layout) }
    if let rule = layout.rule { canvas.hline(x: 0, y: rule, width: canvas.size.width) }
    for (index, pane) in layout.critiques.enumerated() {
      CritiquePane.draw(&canvas, screen, review, pane.stages, pane.rect)
      if layout.isWide, index > 0 {
        canvas.vline(x: pane.rect.x - 2, y: pane.rect.y, height: pane.rect.height)
        if let rule = layout.rule { canvas.put(screen.glyphs.teeDown, x: pane.rect.x - 2, y: rule, role: .border) }
      }
    }
    if let divider = layout.divider, layout.steps.height > 0 {
      canvas.vline(x: divider, y: layout.stepsTitle, height: layout.steps.height + 1)
      if let rule = layout.rule { canvas.put(screen.glyphs.teeUp, x: divider, y: rule, role: .border) }
    }
    if let row = layout.consequences, let line = screen.consequences {
      drawConsequences(&canvas, line, y: row)
    }
    Chrome.footer(&canvas, screen, idle: status(screen, review))
  }

  static func layout(_ screen: ReviewScreen) -> ReviewLayout {
    let review = screen.review
    return ReviewLayout(
      size: screen.size, stepCount: review?.stepCount ?? 0,
      hasCritiques: review?.showsCritiques(mode: screen.session.mode) ?? false,
      showsReference: review?.referenceShown ?? false, choice: screen.layoutChoice,
      zoom: review.flatMap { $0.isZoomed ? $0.zoomable : nil },
      problemLines: { width in review.map { screen.problemLines($0, width: width).count } ?? 0 },
      stepLines: { width in review.map { screen.stepLines($0, width: width).count } ?? 0 })
  }

  /// How far a pane can be scrolled.
  static func scrollLimit(_ pane: Pane, _ screen: ReviewScreen) -> Int {
    guard let area = layout(screen).area(pane) else { return 0 }
    return max(text(of: pane, screen, width: area.width).count - area.height, 0)
  }

  static func height(of pane: Pane, _ screen: ReviewScreen) -> Int { layout(screen).area(pane)?.height ?? 1 }

  static func text(of pane: Pane, _ screen: ReviewScreen, width: Int) -> [TextLine] {
    guard let review = screen.review else { return [] }
    switch pane {
    case .steps: return []
    case .problem: return screen.problemLines(review, width: width)
    case .step:
      return screen.stepLines(review, width: width)
    default:
      guard let stage = pane.stage, review.isRevealed(review.step, mode: screen.session.mode),
        let shown = review.critique(stage)
      else { return [] }
      let width = screen.hasGutter(pane, review) ? width - 2 : width
      let thoughts = Thoughts.lines(
        screen.thoughts[shown.critique.id], width: width, screen.context, key: screen.keys("critique.thoughts"))
      return thoughts
        + screen.context.lines(
          shown.critique.critique.text, width: width, in: pane,
          screen.marks(pane, review) + screen.reasoningMarks(pane, review))
    }
  }

  /// Lines of a pane from its scroll position, and where they are in the whole ("4-9/20").
  static func drawText(
    _ canvas: inout Canvas, _ screen: ReviewScreen, _ review: ReviewModel, _ pane: Pane, in area: Rect,
    role: StyleRole = .text
  ) {
    let lines = text(of: pane, screen, width: area.width)
    let offset = min(review.scroll[pane] ?? 0, max(lines.count - area.height, 0))
    let gutter = screen.hasGutter(pane, review) ? 2 : 0
    for (index, line) in lines.dropFirst(offset).prefix(area.height).enumerated() {
      if gutter > 0, let origin = CritiquePane.origin(of: line, screen.glyphs) {
        canvas.put(origin.sign, x: area.x, y: area.y + index, role: origin.role)
      }
      // In the blank column before the text, so that nothing moves.
      if line.contains(where: { $0.marks.contains(.chosen) }) {
        canvas.put(screen.glyphs.pointer, x: area.x + gutter - 1, y: area.y + index, role: .accent)
      } else if line.contains(where: { $0.marks.contains(.unsound) }) {
        canvas.put(screen.glyphs.unsound, x: area.x + gutter - 1, y: area.y + index, role: .verdictIncorrect)
      }
      canvas.put(line, x: area.x + gutter, y: area.y + index, role: role, maxWidth: area.width - gutter)
    }
  }

  /// "4–9/20" when a pane holds more lines than it shows, else "".
  static func position(_ screen: ReviewScreen, _ review: ReviewModel, _ pane: Pane, area: Rect) -> String {
    let count = text(of: pane, screen, width: area.width).count
    guard count > area.height else { return "" }
    let offset = min(review.scroll[pane] ?? 0, count - area.height)
    return "\(offset + 1)\(screen.glyphs.rangeDash)\(offset + area.height)/\(count)"
  }

  /// A pane's title; the focused one is marked by a sign before it and a style.
  ///
  /// - Returns: columns from `x` that the title takes, the same with and without the sign.
  @discardableResult
  static func drawTitle(
    _ canvas: inout Canvas, _ text: String, focused: Bool, x: Int, y: Int, glyphs: Glyphs, maxWidth: Int = .max
  ) -> Int {
    if focused { canvas.put(glyphs.pointer, x: x - 1, y: y, role: .accent) }
    return canvas.put(text, x: x, y: y, role: focused ? .accent : .title, maxWidth: maxWidth)
  }

  private static func drawProblem(
    _ canvas: inout Canvas, _ screen: ReviewScreen, _ review: ReviewModel, _ layout: ReviewLayout
  ) {
    let rect = layout.problem
    guard rect.height > 0 else { return }
    let stored = review.stored
    let area = rect.splitTop(1).rest
    let right = answer(screen, review)
    let rightWidth = min(DisplayWidth.of(TextSafety.line(right)), rect.width / 2)
    var x = rect.x
    x += drawTitle(&canvas, "Problem", focused: review.focus == .problem, x: x, y: rect.y, glyphs: screen.glyphs) + 2
    var about = [stored.name, stored.format.title]
    if let generator = stored.solution.generator, !generator.isEmpty { about.append(generator) }
    // A blind reviewer must not know when an answer is checked.
    if stored.solution.isScreening, screen.session.mode == .audit { about.append("screening item") }
    if screen.session.mode == .audit, let right = stored.solution.finalAnswerCorrect {
      about.append(right ? "final answer right" : "final answer wrong")
    }
    if let why = screen.whyHere { about.append(why) }
    if !screen.others.isEmpty { about.append("open by \(screen.others.joined(separator: ", "))") }
    let mark = position(screen, review, .problem, area: area)
    if !mark.isEmpty { about.append("lines " + mark) }
    canvas.put(
      about.joined(separator: " \(screen.glyphs.separator) "), x: x, y: rect.y, role: .dim,
      maxWidth: max(rect.maxX - rightWidth - 2 - x, 0))
    canvas.put(right, x: rect.maxX - rightWidth, y: rect.y, role: .answer, maxWidth: rightWidth)
    drawText(&canvas, screen, review, .problem, in: area, role: .problem)
  }

  private static func answer(_ screen: ReviewScreen, _ review: ReviewModel) -> String {
    guard let answer = review.stored.solution.referenceAnswer else { return "" }
    let key = screen.keys(.answerToggle)
    let shown = screen.context.reading.isSource(.problem) ? answer : screen.context.texts.oneLine(answer)
    return review.answerShown ? "answer \(shown)" : "answer hidden (\(key) shows)"
  }

  private static func drawStep(
    _ canvas: inout Canvas, _ screen: ReviewScreen, _ review: ReviewModel, _ layout: ReviewLayout
  ) {
    let area = layout.step
    let y = layout.stepTitle
    guard area.height > 0 || y < canvas.size.height - Chrome.footerHeight else { return }
    var x = area.x
    x +=
      drawTitle(
        &canvas, "Step \(review.step)", focused: review.focus == .step, x: x, y: y, glyphs: screen.glyphs) + 2
    let step = review.stored.solution.steps[review.step - 1]
    var notes: [String] = []
    let isRevealed = review.isRevealed(review.step, mode: screen.session.mode)
    // In PRM800K it is nearly always the wrong steps that have alternatives: in blind mode they would tell.
    if isRevealed {
      if let note = EstimateView.note(screen, review) { notes.append(note) }
      if step.completion.author == .human { notes.append("written by a person") }
      if !step.alternatives.isEmpty {
        let count = step.alternatives.count
        notes.append("\(count) \(count == 1 ? "alternative" : "alternatives") (\(screen.keys(.alternativesToggle)))")
      }
      if step.completion.flagged == true { notes.append("flagged in the data") }
    }
    if review.view.flags.contains(review.step) { notes.append("\(screen.glyphs.flag) flagged") }
    let views = [review.view] + (isRevealed ? review.others(mode: screen.session.mode).map(\.view) : [])
    let comments = views.reduce(0) { $0 + $1.comments.count { $0.step == review.step } }
    if comments > 0 { notes.append("\(comments) \(comments == 1 ? "comment" : "comments")") }
    let mark = position(screen, review, .step, area: area)
    if !mark.isEmpty { notes.append("lines " + mark) }
    canvas.put(
      notes.joined(separator: " \(screen.glyphs.separator) "), x: x, y: y, role: .dim,
      maxWidth: max(canvas.size.width - x - 1, 0))
    drawText(&canvas, screen, review, .step, in: area, role: .stepText)
  }

  /// The solution's place in the training set, and what the other verdict would change.
  static func drawConsequences(
    _ canvas: inout Canvas, _ line: ConsequenceLine, y: Int
  ) {
    let width = canvas.size.width
    var x = 1
    // The place now gets half of the row at most: the consequence is what is asked for.
    let most = line.verdicts.isEmpty ? width - 2 : max(width / 2 - 2, 0)
    x += canvas.put(line.now, x: x, y: y, role: .dim, maxWidth: most)
    for (rating, words) in line.verdicts where x + 8 < width {
      x += canvas.put("  if ", x: x, y: y, role: .dim)
      x += canvas.put(VerdictLook.glyph(rating, canvas.glyphs), x: x, y: y, role: VerdictLook.role(rating))
      x += canvas.put(": " + words, x: x, y: y, role: .text, maxWidth: max(width - x - 1, 0))
    }
  }

  /// What the reviewer has and has not done here, while there is no message.
  private static func status(_ screen: ReviewScreen, _ review: ReviewModel) -> String {
    let view = review.view
    var parts: [String] = []
    if let mark = view.mark {
      parts.append(mark.mark.words + (mark.reason.map { ": \($0)" } ?? ""))
    }
    if let mine = view.comments.last(where: { $0.step == review.step }) {
      parts.append("comment: \(TextSafety.line(mine.text))")
    }
    if review.isRevealed(review.step, mode: screen.session.mode) {
      parts += screen.reasoningWords(review)
      if review.step > 0, let label = review.stored.labels.labels[review.step - 1], label.origin == .adjudication {
        parts.append("label: \(label.rating.word), \(label.words)")
      }
      for (name, other) in review.others(mode: screen.session.mode) {
        if let verdict = other.verdicts[review.step] { parts.append("\(name): \(verdict.rating.word)") }
        if let comment = other.comments.last(where: { $0.step == review.step }) {
          parts.append("\(name) writes: \(TextSafety.line(comment.text))")
        }
      }
    }
    if review.stepCount > 0 {
      let missing = review.missingSteps
      if view.state(count: review.stepCount) == .complete {
        parts.append(
          view.firstError.map { "done: first error at step \($0)" } ?? "done: every step is right")
      } else {
        parts.append("\(missing) of \(review.neededSteps) steps without your verdict")
      }
    }
    if screen.hasGutter(.merged, review) {
      let glyphs = screen.glyphs
      parts.append("merged: \(glyphs.fromInitial) initial \(glyphs.fromDeep) deep \(glyphs.isNew) new")
    }
    return parts.joined(separator: " \(screen.glyphs.separator) ")
  }
}
