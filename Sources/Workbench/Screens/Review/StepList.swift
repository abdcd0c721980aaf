import DeepCriticCore
import Terminal

/// The steps with the verdict matrix: one line per step, one column per voice.
enum StepList {
  private struct Column {
    var title: String
    var width: Int
    var rating: (Int) -> Rating?
    /// Marks where this stage's judgement differs from the one before it.
    var flips: (Int) -> Bool = { _ in false }
  }

  private enum Row {
    case step(Int)
    case stop(after: Int, mine: Bool)
  }

  static func draw(_ canvas: inout Canvas, _ screen: ReviewScreen, _ review: ReviewModel, _ layout: ReviewLayout) {
    let area = layout.steps
    let columns = columns(screen, review, width: area.width)
    let matrixWidth = columns.reduce(0) { $0 + $1.width } + 1
    let textWidth = max(area.width - matrixWidth - 7, 4)
    let matrixX = area.width - matrixWidth

    ReviewView.drawTitle(
      &canvas, "Steps", focused: review.focus == .steps, x: 1, y: layout.stepsTitle, glyphs: screen.glyphs)
    var x = matrixX
    for column in columns {
      canvas.put(Chrome.right(column.title, column.width), x: x, y: layout.stepsTitle, role: .dim)
      x += column.width
    }

    let (rows, list) = window(screen, review, height: area.height)
    for (index, row) in rows.dropFirst(list.offset).prefix(area.height).enumerated() {
      let y = area.y + index
      switch row {
      case .stop(let after, let mine):
        let more = review.stepCount - after
        let words =
          (mine ? "my labels stop here" : "labels stop here")
          + (more > 0 ? " \(screen.glyphs.separator) \(more) more \(more == 1 ? "step" : "steps")" : "")
        canvas.put(words, x: 7, y: y, role: mine ? .accent : .dim, maxWidth: area.width - 8)
      case .step(let step):
        drawStep(step, &canvas, screen, review, y: y, textWidth: textWidth, matrixX: matrixX, columns)
      }
    }
  }

  static func step(at y: Int, _ screen: ReviewScreen, _ review: ReviewModel) -> Int? {
    let area = ReviewView.layout(screen).steps
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
    matrixX: Int, _ columns: [Column]
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
    var x = matrixX
    for column in columns {
      let rating = column.rating(step)
      let glyphX = x + column.width - 1 - (DisplayWidth.of(column.title) - 1) / 2
      if column.flips(step) {
        let previous = x - 1
        canvas.put(glyphs.arrowRight, x: previous + (glyphX - previous) / 2, y: y, role: .disagreement)
      }
      canvas.put(VerdictLook.glyph(rating, glyphs), x: glyphX, y: y, role: VerdictLook.role(rating))
      x += column.width
    }
  }

  /// Steps in order, with a line where labelling stops: mine, or, while I have not found an error, the label's.
  private static func rows(_ screen: ReviewScreen, _ review: ReviewModel) -> [Row] {
    var rows = (0..<review.stepCount).map { Row.step($0 + 1) }
    if let mine = review.view.firstError, mine <= review.stepCount {
      rows.insert(.stop(after: mine, mine: true), at: mine)
    } else if let last = review.stored.solution.ratedSteps.last, last < review.stepCount,
      review.isRevealed(last, mode: screen.session.mode)
    {
      rows.insert(.stop(after: last, mine: false), at: last)
    }
    return rows
  }

  private static func columns(_ screen: ReviewScreen, _ review: ReviewModel, width: Int) -> [Column] {
    let stored = review.stored
    let mode = screen.session.mode
    func seen(_ step: Int) -> Bool { review.isRevealed(step, mode: mode) }
    var columns: [Column] = []
    let anySeen = review.isAnyRevealed(mode: mode)
    if anySeen {
      if stored.solution.steps.enumerated().contains(where: { $1.rating != nil && seen($0 + 1) }) {
        columns.append(
          Column(title: "label", width: 6) { seen($0) ? stored.solution.steps[$0 - 1].rating : nil })
      }
      if stored.relabelled.map(seen) ?? false {
        columns.append(Column(title: "was", width: 5) { seen($0) ? stored.imported[$0 - 1] : nil })
      }
      if EstimateView.isThere(review) {
        columns.append(
          Column(title: EstimateView.title, width: 5) { seen($0) ? EstimateView.rating(review, $0) : nil })
      }
      var previous: Stage?
      for stage in Stage.allCases
      where stored.critiques[stage]?.keys.contains(where: { $0 == 0 ? review.isOpen(mode: mode) : seen($0) }) == true {
        let before = previous
        columns.append(
          Column(
            title: stage == .initial ? "init" : stage.rawValue, width: stage == .merged ? 8 : 6,
            rating: { seen($0) ? stored.judgement(stage, step: $0)?.rating : nil },
            flips: { step in
              guard let before, seen(step), let a = stored.judgement(before, step: step),
                let b = stored.judgement(stage, step: step)
              else { return false }
              return a != b
            }))
        previous = stage
      }
    }
    columns.append(Column(title: "me", width: 5) { review.mine($0) })
    return columns
  }
}
