import DeepCriticCore
import Terminal

/// One solution: the problem, its steps with the verdict matrix, the step in full, and the critiques.
enum ReviewView {
  static func draw(_ canvas: inout Canvas, _ screen: ReviewScreen) {
    guard let review = screen.review, let layout = layout(screen) else { return }
    Chrome.header(&canvas, screen)
    drawProblem(&canvas, screen, review, layout)
    if layout.steps.height > 0 {
      drawStepsTitle(&canvas, screen, review, layout)
      if let page = layout.page {
        ProofPageView.draw(&canvas, screen, review, layout, page)
      } else {
        StepList.draw(&canvas, screen, review, layout)
      }
    }
    if layout.step.height > 0 { drawStep(&canvas, screen, review, layout) }
    if let rule = layout.rule { canvas.hline(x: 0, y: rule, width: canvas.size.width) }
    for (index, pane) in layout.critiques.enumerated() {
      CritiquePane.draw(&canvas, screen, review, pane.stages, pane.rect)
      if let rule = layout.rule, index > 0 {
        canvas.vline(x: pane.rect.x - 2, y: pane.rect.y, height: pane.rect.height)
        canvas.put(screen.glyphs.teeDown, x: pane.rect.x - 2, y: rule, role: .border)
      }
    }
    if let divider = layout.divider {
      let rows = layout.steps.height > 0 ? layout.steps : layout.step
      canvas.vline(x: divider, y: rows.y - 1, height: rows.height + 1)
      if let rule = layout.rule { canvas.put(screen.glyphs.teeUp, x: divider, y: rule, role: .border) }
    }
    if let row = layout.consequences, let line = screen.consequences {
      drawConsequences(&canvas, line, y: row)
    }
    Chrome.footer(&canvas, screen, idle: status(screen, review))
  }

  static func layout(_ screen: ReviewScreen) -> ReviewLayout? { screen.review.map { ReviewLayout(screen, $0) } }

  /// The row above the page or the list: what is known of the step under review, and the matrix's headings.
  private static func drawStepsTitle(
    _ canvas: inout Canvas, _ screen: ReviewScreen, _ review: ReviewModel, _ layout: ReviewLayout
  ) {
    let y = layout.stepsTitle
    let matrix = StepMatrix(screen, review, isCompact: layout.hasCompactMatrix)
    let matrixX = layout.steps.maxX - matrix.width
    let used = drawTitle(
      &canvas, "Steps", focused: review.focus == .steps, x: 1, y: y, glyphs: screen.glyphs)
    if let page = layout.page {
      var notes = ["\(review.step) of \(review.stepCount)"] + stepNotes(screen, review)
      if page.rows.count > layout.steps.height {
        notes.append(
          "lines " + position(layout.pageTop(review), layout.steps.height, of: page.rows.count, screen.glyphs))
      }
      canvas.put(
        notes.joined(separator: " \(screen.glyphs.separator) "), x: used + 3, y: y, role: .dim,
        maxWidth: max(matrixX - used - 3, 0))
    }
    matrix.drawTitles(&canvas, x: matrixX, y: y)
  }

  /// How far a pane can be scrolled.
  static func scrollLimit(_ pane: Pane, _ screen: ReviewScreen) -> Int {
    guard let layout = layout(screen), let area = layout.area(pane) else { return 0 }
    let rows = pane == .steps ? layout.page?.rows.count ?? 0 : text(of: pane, screen, width: area.width).count
    return max(rows - area.height, 0)
  }

  static func height(of pane: Pane, _ screen: ReviewScreen) -> Int { layout(screen)?.area(pane)?.height ?? 1 }

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
    return position(min(review.scroll[pane] ?? 0, count - area.height), area.height, of: count, screen.glyphs)
  }

  private static func position(_ offset: Int, _ height: Int, of count: Int, _ glyphs: Glyphs) -> String {
    "\(offset + 1)\(glyphs.rangeDash)\(offset + height)/\(count)"
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
    var notes = stepNotes(screen, review)
    let mark = position(screen, review, .step, area: area)
    if !mark.isEmpty { notes.append("lines " + mark) }
    canvas.put(
      notes.joined(separator: " \(screen.glyphs.separator) "), x: x, y: y, role: .dim,
      maxWidth: max(area.maxX - x, 0))
    drawText(&canvas, screen, review, .step, in: area, role: .stepText)
  }

  /// What is known of the step under review and may be seen.
  private static func stepNotes(_ screen: ReviewScreen, _ review: ReviewModel) -> [String] {
    var notes: [String] = []
    let step = review.stored.solution.steps[review.step - 1]
    // In PRM800K it is nearly always the wrong steps that have alternatives: in blind mode they would tell.
    if review.isRevealed(review.step, mode: screen.session.mode) {
      if let note = EstimateView.note(screen, review) { notes.append(note) }
      if step.completion.author == .human { notes.append("written by a person") }
      if !step.alternatives.isEmpty {
        notes.append("\(Figures.count(step.alternatives.count, "alternative")) (\(screen.keys(.alternativesToggle)))")
      }
      if step.completion.flagged == true { notes.append("flagged in the data") }
    }
    if review.view.flags.contains(review.step) { notes.append("\(screen.glyphs.flag) flagged") }
    return notes
  }

  /// The solution's place in the training set, and what the other verdict would change.
  static func drawConsequences(
    _ canvas: inout Canvas, _ line: ConsequenceLine, y: Int
  ) {
    let width = canvas.size.width
    var x = 1
    // The place now gets half of the row at most: the consequence is what is asked for.
    let most = line.verdicts.isEmpty ? width - 2 : max(width / 2 - 2, 0)
    x += canvas.put(line.now, x: x, y: y, role: .dim, maxWidth: most) + 1
    for (rating, words) in line.verdicts where x + 8 < width {
      x += canvas.put(VerdictLook.glyph(rating, canvas.glyphs), x: x, y: y, role: VerdictLook.role(rating)) + 1
      x += canvas.put(words + ".", x: x, y: y, role: .text, maxWidth: max(width - x - 1, 0)) + 1
    }
  }

  /// What the reviewer has and has not done here, while there is no message.
  private static func status(_ screen: ReviewScreen, _ review: ReviewModel) -> String {
    let view = review.view
    var parts: [String] = []
    if let mark = view.mark {
      parts.append(mark.mark.words + (mark.reason.map { ": \($0)" } ?? ""))
    }
    if review.isRevealed(review.step, mode: screen.session.mode) {
      parts += screen.reasoningWords(review)
      if review.step > 0, let label = review.stored.labels.labels[review.step - 1], label.origin == .adjudication {
        parts.append("label: \(label.rating.word), \(label.words)")
      }
      for (name, other) in review.others(mode: screen.session.mode) {
        if let verdict = other.verdicts[review.step] { parts.append("\(name): \(verdict.rating.word)") }
      }
    }
    if review.stepCount > 0 {
      let missing = review.missingSteps
      if view.state(count: review.stepCount) == .complete {
        parts.append(
          view.firstError.map { "done: first error at step \($0)" } ?? "done: every step is right")
      } else if missing > 0 {
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
