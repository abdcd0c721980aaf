import DeepCriticCore
import Terminal

/// The steps with the verdict matrix: one line per step, one column per voice.
enum StepList {
  private enum Row {
    case step(Int)
    case stop(after: Int, mine: Bool)
  }

  static func draw(_ canvas: inout Canvas, _ screen: ReviewScreen, _ review: ReviewModel, _ layout: ReviewLayout) {
    let area = layout.steps
    let matrix = StepMatrix(screen, review, isCompact: layout.hasCompactMatrix)
    let matrixX = area.width - matrix.width
    let textWidth = max(matrixX - ProofPageView.textX, 4)
    let (rows, list) = window(screen, review, height: area.height)
    for (index, row) in rows.dropFirst(list.offset).prefix(area.height).enumerated() {
      let y = area.y + index
      switch row {
      case .stop(let after, let mine):
        canvas.put(
          ProofPageView.stopWords(review, after: after, mine: mine, screen.glyphs), x: ProofPageView.textX, y: y,
          role: mine ? .accent : .dim, maxWidth: area.width - ProofPageView.textX - 1)
      case .step(let step):
        drawStep(step, &canvas, screen, review, y: y, textWidth: textWidth, matrixX: matrixX, matrix)
      }
    }
  }

  static func step(at y: Int, _ screen: ReviewScreen, _ review: ReviewModel, in area: Rect) -> Int? {
    let (rows, list) = window(screen, review, height: area.height)
    let index = list.offset + y - area.y
    guard y >= area.y, rows.indices.contains(index), case .step(let step) = rows[index] else { return nil }
    return step
  }

  /// All rows, and which of them are in view.
  private static func window(
    _ screen: ReviewScreen, _ review: ReviewModel, height: Int
  ) -> (rows: [Row], list: ListState) {
    let rows = rows(screen, review)
    var list = ListState(count: rows.count, viewport: max(height, 1))
    list.select(rows.firstIndex { if case .step(review.step) = $0 { true } else { false } } ?? 0)
    return (rows, list)
  }

  private static func drawStep(
    _ step: Int, _ canvas: inout Canvas, _ screen: ReviewScreen, _ review: ReviewModel, y: Int, textWidth: Int,
    matrixX: Int, _ matrix: StepMatrix
  ) {
    let selected = step == review.step
    let glyphs = screen.glyphs
    let text = screen.context.oneLine(review.stored.solution.steps[step - 1].text)
    if selected {
      canvas.put(glyphs.pointer, x: 1, y: y, role: .accent)
      // No gap between the number and the text: it reads as one row.
      canvas.fill(Rect(x: 2, y: y, width: 5, height: 1), role: .stepSelected)
    }
    canvas.put(Chrome.right(String(step), 3), x: 2, y: y, role: selected ? .stepSelected : .stepNumber)
    if review.view.flags.contains(step) { canvas.put(glyphs.flag, x: 5, y: y, role: .flagged) }
    let after = step > review.neededSteps
    canvas.put(text, x: 7, y: y, role: selected ? .stepSelectedText : after ? .dim : .text, maxWidth: textWidth)
    matrix.drawSigns(of: step, &canvas, x: matrixX, y: y)
  }

  /// Steps in order, with a line where labelling stops: mine, or, while I have not found an error, the label's.
  private static func rows(_ screen: ReviewScreen, _ review: ReviewModel) -> [Row] {
    var rows = (0..<review.stepCount).map { Row.step($0 + 1) }
    if let stop = screen.labellingStop(review) {
      rows.insert(.stop(after: stop.after, mine: stop.mine), at: stop.after)
    }
    return rows
  }
}
