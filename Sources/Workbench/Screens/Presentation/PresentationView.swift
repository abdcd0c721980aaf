import DeepCriticCore
import Terminal

/// Draws a critic at work.
enum PresentationView {
  static func draw(_ canvas: inout Canvas, _ screen: any Screen, _ presentation: Presentation) {
    let layout = layout(presentation, screen)
    drawHeader(&canvas, title: presentation.title, facts: presentation.facts)
    drawProblem(&canvas, screen, presentation, layout.problem)
    if !presentation.steps.isEmpty, layout.steps.height > 0 || layout.isFocused {
      drawSteps(&canvas, screen, presentation, layout)
    }
    if let rule = layout.rule { canvas.hline(x: layout.frame.x, y: rule, width: layout.frame.width) }
    for summary in layout.summaries { drawSummary(&canvas, presentation.panes[summary.pane], summary.rect) }
    for (index, place) in layout.panes.enumerated() {
      if index > 0, let rule = layout.rule {
        canvas.put(screen.glyphs.isUnicode ? "┬" : "+", x: place.rect.x - 2, y: rule, role: .border)
        canvas.vline(x: place.rect.x - 2, y: place.rect.y, height: place.rect.height)
      }
      drawPane(
        &canvas, screen, presentation, place.pane, place.rect)
    }
    drawCaption(&canvas, presentation, layout)
    Chrome.footer(&canvas, screen, idle: presentation.status)
  }

  static func layout(_ presentation: Presentation, _ screen: any Screen) -> PresentationLayout {
    PresentationLayout(
      presentation, size: screen.size, footer: Chrome.isClean(screen) ? 0 : Chrome.footerHeight,
      problemLines: { screen.context.lines(presentation.problem, width: $0, in: .problem).count },
      stepLines: { width in
        guard let step = selectedStep(presentation) else { return 0 }
        return screen.context.lines(StageText.words(step.text), width: width, in: .step).count
      })
  }

  /// What can be scrolled: a critique, or before a critic speaks the steps; with the row that is the first in view where
  /// nobody has scrolled. `nil` for a critique that is not on screen.
  static func viewport(_ pane: Int, _ presentation: Presentation, _ screen: any Screen) -> (Viewport, end: Int)? {
    let layout = layout(presentation, screen)
    if presentation.panes.isEmpty {
      let rows = wholeSteps(presentation, screen, layout.steps)
      return (Viewport(rows.map(\.line), height: layout.steps.height), lastRow(rows, presentation, layout.steps))
    }
    guard let place = layout.panes.first(where: { $0.pane == pane }) else { return nil }
    let viewport = Viewport(presentation.panes[pane].lines(place.rect.width), height: max(place.rect.height - 1, 1))
    return (viewport, viewport.limit)
  }

  /// The texts for which there is no room: the problem, and the step that is spoken of.
  static func hidden(_ presentation: Presentation, _ screen: any Screen) -> [TextOverlay.Part] {
    let layout = layout(presentation, screen)
    func isCut(_ text: String, _ area: Rect, _ pane: Pane) -> Bool {
      screen.context.lines(text, width: area.width, in: pane).count > area.height
    }
    var parts: [TextOverlay.Part] = []
    if isCut(presentation.problem, layout.problem.splitTop(1).rest, .problem) {
      parts.append(("Problem", presentation.problem))
    }
    if !layout.isWhole, let step = selectedStep(presentation), isCut(StageText.words(step.text), layout.step, .step) {
      parts.append(("Step \(presentation.selected)", StageText.words(step.text)))
    }
    return parts
  }

  /// The first row that is shown of steps longer than their room: what is written, or chosen, is in view.
  private static func lastRow(_ rows: [(step: Int?, line: TextLine)], _ presentation: Presentation, _ area: Rect) -> Int
  {
    let last = max(rows.count - area.height, 0)
    return rows.firstIndex { $0.step == presentation.selected }.map { min($0, last) } ?? last
  }

  private static func selectedStep(_ presentation: Presentation) -> Presentation.Step? {
    presentation.steps.indices.contains(presentation.selected - 1) ? presentation.steps[presentation.selected - 1] : nil
  }

  /// The first row: the talk's item or the screen, and facts about it.
  static func drawHeader(_ canvas: inout Canvas, title: String, facts: String) {
    let width = canvas.size.width
    var x = canvas.put(" deepcritic", x: 0, y: 0, role: .title, maxWidth: width)
    let facts = TextSafety.line(facts)
    let factsWidth = min(DisplayWidth.of(facts), max(width - DisplayWidth.of(title) - 16, 0))
    x += canvas.put("  \(title)", x: x, y: 0, role: .mode, maxWidth: max(width - x - factsWidth - 3, 0))
    canvas.put(facts, x: width - factsWidth - 1, y: 0, role: .dim, maxWidth: factsWidth)
  }

  private static func drawProblem(
    _ canvas: inout Canvas, _ screen: any Screen, _ presentation: Presentation, _ rect: Rect
  ) {
    guard rect.height > 0 else { return }
    canvas.put("Problem", x: rect.x, y: rect.y, role: .title)
    let area = rect.splitTop(1).rest
    let lines = fitting(presentation.problem, area, screen, in: .problem)
    put(lines, &canvas, area, role: .problem)
    if lines.count > area.height, area.height > 0 {
      // There is more of it than there is room for.
      canvas.put(" " + screen.glyphs.ellipsis, x: area.maxX - 2, y: area.maxY - 1, role: .dim)
      let key = Chrome.isClean(screen) ? "" : "  \(screen.keys(.stageOpen)) whole"
      let place = "1\(screen.glyphs.rangeDash)\(area.height)/\(lines.count)" + key
      canvas.put(place, x: area.maxX - DisplayWidth.of(place), y: rect.y, role: .dim)
    }
  }

  /// A text's lines; formulas that take several rows are an ellipsis where they would be cut through.
  private static func fitting(_ text: String, _ area: Rect, _ screen: any Screen, in pane: Pane) -> [TextLine] {
    let lines = screen.context.lines(text, width: area.width, in: pane)
    if lines.count <= area.height { return lines }
    return screen.context.lines(StageText.abbreviated(text, screen), width: area.width, in: pane)
  }

  private static func put(_ lines: [TextLine], _ canvas: inout Canvas, _ area: Rect, role: StyleRole) {
    for (index, line) in lines.prefix(area.height).enumerated() {
      canvas.put(line, x: area.x, y: area.y + index, role: role, maxWidth: area.width)
    }
  }

  // MARK: Steps

  private static let textX = 7

  /// Every step that can be seen, in full, with room for those that come where all have room.
  private static func wholeSteps(
    _ presentation: Presentation, _ screen: any Screen, _ area: Rect
  ) -> [(step: Int?, line: TextLine)] {
    let width = min(max(area.width - textX - 1, 1), PresentationLayout.measure)
    let texts = presentation.texts.isEmpty ? presentation.steps.map(\.text) : presentation.texts
    let all = texts.map { screen.context.lines(StageText.words($0), width: width, in: .step) }
    let rows = all.reduce(0) { $0 + $1.count }
    let gap = rows + all.count - 1 <= area.height ? 1 : 0
    var out: [(step: Int?, line: TextLine)] = []
    for (index, step) in presentation.steps.enumerated() where all.indices.contains(index) {
      if index > 0, gap > 0 { out.append((nil, [])) }
      let lines = written(all[index], step.written)
      for (row, line) in lines.enumerated() { out.append((row == 0 ? index + 1 : nil, line)) }
    }
    return out
  }

  private static func drawWholeSteps(
    _ canvas: inout Canvas, _ screen: any Screen, _ presentation: Presentation, _ area: Rect
  ) {
    let rows = wholeSteps(presentation, screen, area)
    let last = max(rows.count - area.height, 0)
    // What is written is followed.
    let first = presentation.top.map { min($0, last) } ?? max(lastRow(rows, presentation, area) - presentation.back, 0)
    for index in Viewport(rows.map(\.line), height: area.height).shown(from: first) {
      let (row, y) = (rows[index], index - first)
      if let step = row.step {
        drawStepNumber(step, &canvas, screen, isSelected: step == presentation.selected, x: area.x, y: area.y + y)
      }
      put(
        [row.line], &canvas, Rect(x: area.x + textX, y: area.y + y, width: area.width - textX - 1, height: 1),
        role: .text)
    }
    if last > 0 {
      let place = "\(first + 1)\(screen.glyphs.rangeDash)\(first + area.height)/\(rows.count)"
      canvas.put(place, x: area.maxX - DisplayWidth.of(place) - 1, y: area.y - 1, role: .dim)
    }
  }

  private static func drawStepNumber(
    _ step: Int, _ canvas: inout Canvas, _ screen: any Screen, isSelected: Bool, x: Int, y: Int
  ) {
    if isSelected { canvas.put(screen.glyphs.pointer, x: x + 1, y: y, role: .accent) }
    let number = String(step)
    canvas.put(number, x: x + 5 - number.count, y: y, role: isSelected ? .stepSelected : .stepNumber)
  }

  private static func width(of column: Presentation.Column) -> Int { DisplayWidth.of(column.title) + 2 }

  private static func drawSteps(
    _ canvas: inout Canvas, _ screen: any Screen, _ presentation: Presentation, _ layout: PresentationLayout
  ) {
    let area = layout.steps
    if layout.isFocused, !layout.isWhole { return drawFocusedStep(&canvas, screen, presentation, layout) }
    var used = canvas.put("Steps", x: layout.problem.x, y: layout.stepsTitle, role: .title)
    if layout.isWhole { return drawWholeSteps(&canvas, screen, presentation, area) }
    let glyphs = screen.glyphs
    var list = ListState(count: presentation.rowCount, viewport: max(area.height, 1))
    list.select(max(presentation.selected, 1) - 1)
    if presentation.selected == 0 { list.select(max(presentation.rowCount - 1, 0)) }
    let shown = list.offset..<min(list.offset + area.height, presentation.rowCount)
    if shown.count < presentation.rowCount {
      let place = " \(shown.lowerBound + 1)\(glyphs.rangeDash)\(shown.upperBound)/\(presentation.rowCount)"
      used += canvas.put(place, x: layout.problem.x + used, y: layout.stepsTitle, role: .dim)
    }
    let matrix = presentation.columns.reduce(0) { $0 + width(of: $1) } + 1
    let matrixX = area.x + max(area.width - matrix, 8)
    let legend =
      "\(glyphs.correct) correct  \(glyphs.neutral) neutral  \(glyphs.incorrect) incorrect"
    let legendWidth = DisplayWidth.of(legend)
    if layout.problem.x + used + 2 + legendWidth + 2 < matrixX {
      canvas.put(legend, x: layout.problem.x + used + 2, y: layout.stepsTitle, role: .dim)
    } else if layout.divider != nil, layout.step.width > legendWidth + 9 {
      canvas.put(legend, x: layout.step.maxX - legendWidth, y: layout.stepsTitle, role: .dim)
    }
    var x = matrixX
    for column in presentation.columns {
      canvas.put("  " + column.title, x: x, y: layout.stepsTitle, role: .dim, maxWidth: area.maxX - x)
      x += width(of: column)
    }
    for (row, index) in shown.enumerated() {
      let y = area.y + row
      guard presentation.steps.indices.contains(index) else {
        drawNoError(&canvas, presentation, x: area.x, matrixX: matrixX, y: y)
        continue
      }
      let step = presentation.steps[index]
      let isSelected = index + 1 == presentation.selected
      drawStepNumber(index + 1, &canvas, screen, isSelected: isSelected, x: area.x, y: y)
      let text = screen.context.oneLine(StageText.abbreviated(StageText.words(step.text), screen))
      canvas.put(
        step.written >= 1 ? text : String(text.prefix(Int(Double(text.count) * step.written))), x: area.x + textX,
        y: y, role: isSelected ? .stepSelectedText : .text, maxWidth: max(matrixX - area.x - 8, 4))
      var x = matrixX
      for column in presentation.columns {
        let rating = column.rating(index + 1)
        let middle = x + 2 + DisplayWidth.of(column.title) / 2
        if let text = column.text?(index + 1) {
          canvas.put(text, x: x + 2 + DisplayWidth.of(column.title) - DisplayWidth.of(text), y: y, role: .accent)
        } else if rating == nil, column.current == index + 1 {
          canvas.put(glyphs.ellipsis, x: middle, y: y, role: .accent)
        } else {
          canvas.put(VerdictLook.glyph(rating, glyphs), x: middle, y: y, role: VerdictLook.role(rating))
        }
        x += width(of: column)
      }
    }
    if let divider = layout.divider {
      canvas.vline(x: divider, y: layout.stepsTitle, height: area.height + 1)
      if presentation.selected > 0 {
        canvas.put("Step \(presentation.selected)", x: divider + 2, y: layout.stepsTitle, role: .title)
      }
      if let rule = layout.rule { canvas.put(glyphs.isUnicode ? "┴" : "+", x: divider, y: rule, role: .border) }
    }
    drawSelectedStep(&canvas, screen, presentation, layout)
  }

  /// The row of those who say that no step is wrong.
  private static func drawNoError(
    _ canvas: inout Canvas, _ presentation: Presentation, x: Int, matrixX: Int, y: Int
  ) {
    canvas.put("0", x: x + 4, y: y, role: .stepNumber)
    canvas.put("No error", x: x + textX, y: y, role: .text)
    let votes = String(presentation.noErrorVotes)
    var x = matrixX
    for column in presentation.columns {
      let width = DisplayWidth.of(column.title)
      if column.text != nil { canvas.put(votes, x: x + 2 + width - DisplayWidth.of(votes), y: y, role: .accent) }
      x += width + 2
    }
  }

  private static func drawSelectedStep(
    _ canvas: inout Canvas, _ screen: any Screen, _ presentation: Presentation, _ layout: PresentationLayout
  ) {
    guard let step = selectedStep(presentation), layout.step.height > 0 else { return }
    let lines = fitting(StageText.words(step.text), layout.step, screen, in: .step)
    put(Self.written(lines, step.written), &canvas, layout.step, role: .stepText)
    if lines.count > layout.step.height {
      canvas.put(" " + screen.glyphs.ellipsis, x: layout.step.maxX - 2, y: layout.step.maxY - 1, role: .dim)
    }
  }

  /// In large letters one step has the room: its number, what each says about it, and its text.
  private static func drawFocusedStep(
    _ canvas: inout Canvas, _ screen: any Screen, _ presentation: Presentation, _ layout: PresentationLayout
  ) {
    guard presentation.selected > 0 else { return }
    var x = layout.problem.x
    x += canvas.put(
      "Step \(presentation.selected) of \(presentation.steps.count)", x: x, y: layout.stepsTitle, role: .title)
    for column in presentation.columns {
      // Votes have no room here: the words below tell them.
      guard let rating = column.rating(presentation.selected) else { continue }
      x += canvas.put(
        "  \(column.title) ", x: x, y: layout.stepsTitle, role: .dim, maxWidth: max(layout.frame.maxX - x, 0))
      x += canvas.put(
        VerdictLook.glyph(rating, screen.glyphs), x: x, y: layout.stepsTitle, role: VerdictLook.role(rating),
        maxWidth: max(layout.frame.maxX - x, 0))
    }
    drawSelectedStep(&canvas, screen, presentation, layout)
  }

  /// The first part of laid-out lines: what is written does not move while more comes.
  static func written(_ lines: [TextLine], _ part: Double) -> [TextLine] {
    guard part < 1 else { return lines }
    let all = lines.reduce(0) { $0 + $1.reduce(1) { $0 + $1.text.count } }
    var left = Int(Double(all) * max(part, 0))
    var out: [TextLine] = []
    for line in lines {
      guard left > 0 else { break }
      var shown: TextLine = []
      for run in line where left > 0 {
        var run = run
        if run.text.count > left { run.text = String(run.text.prefix(left)) }
        left -= run.text.count
        shown.append(run)
      }
      left -= 1
      out.append(shown)
    }
    return out
  }

  // MARK: Critiques

  /// One row for a critique that has no room beside the others.
  private static func drawSummary(_ canvas: inout Canvas, _ pane: Presentation.Pane, _ rect: Rect) {
    let used = canvas.put(TextSafety.line(pane.title), x: rect.x, y: rect.y, role: .dim, maxWidth: rect.width)
    let says = TextSafety.line(pane.says.text)
    let width = min(DisplayWidth.of(says), max(rect.width - used - 2, 0))
    canvas.put(says, x: rect.maxX - width, y: rect.y, role: pane.says.role, maxWidth: width)
  }

  private static func drawPane(
    _ canvas: inout Canvas, _ screen: any Screen, _ presentation: Presentation, _ index: Int, _ rect: Rect
  ) {
    guard rect.height > 0 else { return }
    let pane = presentation.panes[index]
    let isFocused = index == presentation.focus && presentation.panes.count > 1
    let title = TextSafety.line(pane.title)
    let says = TextSafety.line(pane.says.text)
    let saysWidth = min(DisplayWidth.of(says), max(rect.width - 4, 0))
    let used = ReviewView.drawTitle(
      &canvas, title, focused: isFocused, x: rect.x, y: rect.y, glyphs: screen.glyphs,
      maxWidth: max(rect.width - saysWidth - 2, 4))
    if used + saysWidth < rect.width {
      canvas.put(says, x: rect.maxX - saysWidth, y: rect.y, role: pane.says.role, maxWidth: saysWidth)
    }
    let area = rect.splitTop(1).rest
    let lines = pane.lines(area.width)
    let viewport = Viewport(lines, height: area.height)
    let last = viewport.limit
    var first = min(pane.scroll ?? max(last - pane.back, 0), last)
    // What follows the end does not begin with the gap before a paragraph.
    if pane.scroll == nil, pane.back == 0, first > 0 {
      first += lines[first...].prefix { $0.allSatisfy { $0.text.allSatisfy(\.isWhitespace) } }.count
    }
    for row in viewport.shown(from: first) {
      canvas.put(lines[row], x: area.x, y: area.y + row - first, role: .text, maxWidth: area.width)
    }
    if last > 0 {
      // Some of it is above or below.
      let place = "\(first + 1)\(screen.glyphs.rangeDash)\(min(first + area.height, lines.count))/\(lines.count)"
      let x = rect.maxX - saysWidth - DisplayWidth.of(place) - 2
      if x > rect.x + used + 1 {
        canvas.put(place, x: x, y: rect.y, role: .dim)
      } else if first > 0, used + saysWidth + 2 < rect.width {
        canvas.put(screen.glyphs.arrowUp, x: rect.x + used + 1, y: rect.y, role: .accent)
      }
    }
  }

  private static func drawCaption(_ canvas: inout Canvas, _ presentation: Presentation, _ layout: PresentationLayout) {
    let rect = layout.caption
    guard rect.height > 0 else { return }
    canvas.hline(x: layout.frame.x, y: rect.y - 1, width: layout.frame.width)
    let caption = TextSafety.line(presentation.caption)
    canvas.wrap(caption, x: rect.x, y: rect.y, width: rect.width, most: rect.height, role: .accent)
    if TextLayout.wrap(caption, width: rect.width).count > rect.height {
      canvas.put(" " + canvas.glyphs.ellipsis, x: rect.maxX - 2, y: rect.maxY - 1, role: .dim)
    }
  }
}
