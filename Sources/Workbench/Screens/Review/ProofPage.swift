import DeepCriticCore
import Terminal

/// A solution as one page: its steps in full, one below the other, each with what was written about it.
struct ProofPage {
  enum Row {
    /// A line of a step; the first one carries the number and the verdicts.
    case line(TextLine, step: Int, isFirst: Bool)
    /// Where labelling stops: mine, or the label's.
    case stop(after: Int, mine: Bool)
    case gap
  }

  private(set) var rows: [Row] = []
  /// The rows of each step.
  private var ranges: [Range<Int>] = []

  /// - Parameters:
  ///   - width: columns of a step's text.
  ///   - hasGaps: steps are set apart by a blank row.
  init(_ screen: ReviewScreen, _ review: ReviewModel, width: Int, hasGaps: Bool = false) {
    let stop = screen.labellingStop(review)
    for step in stride(from: 1, through: review.stepCount, by: 1) {
      if hasGaps, step > 1 { rows.append(.gap) }
      let first = rows.count
      let lines = screen.stepLines(review, step: step, width: width)
      for (index, line) in (lines.isEmpty ? [[]] : lines).enumerated() {
        rows.append(.line(line, step: step, isFirst: index == 0))
      }
      ranges.append(first..<rows.count)
      if let stop, stop.after == step { rows.append(.stop(after: step, mine: stop.mine)) }
    }
  }

  func rows(of step: Int) -> Range<Int> { ranges.indices.contains(step - 1) ? ranges[step - 1] : 0..<0 }

  /// The step that a row belongs to.
  func step(at row: Int) -> Int? {
    guard rows.indices.contains(row), case .line(_, let step, _) = rows[row] else { return nil }
    return step
  }

  /// The first row in view: the same as before while a step and two rows around it are in view. Else the step comes to
  /// the top, reading on, or to the bottom, reading back, so that the page seldom moves.
  func top(_ before: Int, showing step: Int, height: Int) -> Int {
    let limit = max(rows.count - height, 0)
    let top = min(max(before, 0), limit)
    let around = min(2, max(height - 1, 0) / 3)
    let range = rows(of: step)
    let first = max(range.lowerBound - around, 0)
    let last = min(range.upperBound + around, rows.count)
    if first >= top, last <= top + height { return top }
    return min(first < top ? min(first, max(last - height, 0)) : first, limit)
  }
}

extension ReviewScreen {
  /// The step after which labelling stops: mine, or, while I have not found an error, the label's where it may be seen.
  func labellingStop(_ review: ReviewModel) -> (after: Int, mine: Bool)? {
    if let mine = review.view.firstError, mine <= review.stepCount { return (mine, true) }
    guard let last = review.stored.solution.ratedSteps.last, last < review.stepCount,
      review.isRevealed(last, mode: session.mode)
    else { return nil }
    return (last, false)
  }
}

/// The page on the screen.
enum ProofPageView {
  /// Column of the text: mark, number and flag stand before it.
  static let textX = 7

  static func draw(
    _ canvas: inout Canvas, _ screen: ReviewScreen, _ review: ReviewModel, _ layout: ReviewLayout, _ page: ProofPage
  ) {
    let area = layout.steps
    let matrix = StepMatrix(screen, review, isCompact: layout.hasCompactMatrix)
    let matrixX = area.maxX - matrix.width
    let textWidth = max(matrixX - area.x - textX - 1, 4)
    let top = layout.pageTop(review)
    for (index, row) in page.rows.dropFirst(top).prefix(area.height).enumerated() {
      let y = area.y + index
      switch row {
      case .gap: break
      case .stop(let after, let mine):
        canvas.put(
          stopWords(review, after: after, mine: mine, screen.glyphs), x: textX, y: y, role: mine ? .accent : .dim,
          maxWidth: area.width - textX - 1)
      case .line(let line, let step, let isFirst):
        let isCurrent = step == review.step
        if isCurrent { canvas.put(screen.glyphs.current, x: 1, y: y, role: .accent) }
        if isFirst {
          canvas.put(
            Chrome.right(String(step), 3), x: 2, y: y, role: isCurrent ? .stepSelected : .stepNumber)
          if review.view.flags.contains(step) { canvas.put(screen.glyphs.flag, x: 5, y: y, role: .flagged) }
          matrix.drawSigns(of: step, &canvas, x: matrixX, y: y)
        }
        // What comes later is quiet, also its formulas. The current step has a bar beside it and no style of its own: moving on
        // then sends one step to the terminal, not two.
        let isQuiet = step > review.step || step > review.neededSteps
        let shown = isQuiet && !isCurrent ? line.map { TextRun(text: $0.text, role: nil, marks: $0.marks) } : line
        canvas.put(
          shown, x: textX, y: y, role: isQuiet && !isCurrent ? .dim : .text, maxWidth: textWidth)
      }
    }
    drawMore(&canvas, area, top: top, count: page.rows.count, screen.glyphs)
  }

  /// A sign in the margin where there is more above or below.
  private static func drawMore(_ canvas: inout Canvas, _ area: Rect, top: Int, count: Int, _ glyphs: Glyphs) {
    if top > 0 { canvas.put(glyphs.arrowUp, x: 0, y: area.y, role: .accent) }
    if top + area.height < count { canvas.put(glyphs.arrowDown, x: 0, y: area.maxY - 1, role: .accent) }
  }

  /// "labels stop here · 2 more steps".
  static func stopWords(_ review: ReviewModel, after: Int, mine: Bool, _ glyphs: Glyphs) -> String {
    let more = review.stepCount - after
    return (mine ? "my labels stop here" : "labels stop here")
      + (more > 0 ? " \(glyphs.separator) \(more) more \(more == 1 ? "step" : "steps")" : "")
  }
}
