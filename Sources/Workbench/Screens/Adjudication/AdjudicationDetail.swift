import DeepCriticCore
import Terminal

/// The selected conflict as in a review: the problem, the steps before, the step and its critiques, with the reviewers'
/// verdicts and reasons side by side.
enum AdjudicationDetail {
  /// From here on, what is disputed stands left and what was said about it right.
  private static let wideFrom = 110

  static func draw(_ canvas: inout Canvas, _ screen: AdjudicationScreen, _ area: Rect) {
    let columns = columns(screen, area)
    let limit = limit(columns, area)
    let offset = min(screen.scroll, limit)
    var x = area.x
    for (index, column) in columns.enumerated() {
      let first = min(offset, max(column.lines.count - area.height, 0))
      for (row, line) in column.lines.dropFirst(first).prefix(area.height).enumerated() {
        canvas.put(line, x: x, y: area.y + row, role: .text, maxWidth: column.width)
      }
      x += column.width + 3
      if index < columns.count - 1 {
        for y in area.y..<area.maxY { canvas.put(screen.glyphs.vertical, x: x - 2, y: y, role: .border) }
      }
    }
    guard limit > 0, area.height > 0 else { return }
    let keys = "\(screen.keys("adjudication.scroll-down")) \(screen.keys("adjudication.scroll-up"))"
    let mark = " \(offset == limit ? "end" : "more below"), \(keys) scroll "
    canvas.put(mark, x: max(area.maxX - DisplayWidth.of(mark) - 1, area.x), y: area.y - 1, role: .dim)
  }

  /// How far what is shown of the conflict can be scrolled.
  static func scrollLimit(_ screen: AdjudicationScreen) -> Int {
    let area = AdjudicationView.detail(screen)
    return limit(columns(screen, area), area)
  }

  private static func limit(_ columns: [(lines: [TextLine], width: Int)], _ area: Rect) -> Int {
    max((columns.map(\.lines.count).max() ?? 0) - area.height, 0)
  }

  private static func columns(_ screen: AdjudicationScreen, _ area: Rect) -> [(lines: [TextLine], width: Int)] {
    guard area.height > 0, let conflict = screen.selected, let stored = screen.shown else { return [] }
    if area.width >= wideFrom {
      let left = (area.width - 3) / 2
      let right = area.width - 3 - left
      let step = step(screen, conflict, stored, left)
      // In full where the disputed step stays in view.
      let whole = before(screen, conflict, stored, left, isWhole: true)
      let above =
        whole.count + step.count <= area.height ? whole : before(screen, conflict, stored, left, isWhole: false)
      return [
        (above + step, left),
        (verdicts(screen, conflict, right) + critiques(screen, conflict, stored, right), right),
      ]
    }
    // What is disputed and what was said come first where room is short.
    let width = area.width
    let said = step(screen, conflict, stored, width) + verdicts(screen, conflict, width)
    let more = before(screen, conflict, stored, width, isWhole: true) + critiques(screen, conflict, stored, width)
    return [(said + more, width)]
  }

  // MARK: - What is disputed

  /// The problem and the steps before the one that is disputed, in full or in one row each; nothing where the problem itself
  /// is disputed.
  private static func before(
    _ screen: AdjudicationScreen, _ conflict: Conflict, _ stored: StoredSolution, _ width: Int, isWhole: Bool
  ) -> [TextLine] {
    guard !conflict.isAboutProblem else { return [] }
    var lines = [[TextRun(text: "Problem", role: .title)]]
    lines += screen.context.lines(stored.solution.problem, width: width, in: .problem)
    lines.append([])
    guard conflict.step > 1 else { return lines }
    lines.append([TextRun(text: conflict.step == 2 ? "Step before" : "Steps before", role: .title)])
    for (index, step) in stored.solution.steps.prefix(conflict.step - 1).enumerated() {
      let width = max(width - 5, 8)
      let shown =
        isWhole
        ? screen.context.lines(step.text, width: width, in: .step)
        : [[TextRun(text: clip(screen.context.oneLine(step.text), to: width, ellipsis: screen.glyphs.ellipsis))]]
      for (row, line) in shown.enumerated() {
        let number = row == 0 ? Chrome.right("\(index + 1)", 3) + "  " : "     "
        lines.append([TextRun(text: number, role: .stepNumber)] + line)
      }
    }
    return lines + [[]]
  }

  private static func step(
    _ screen: AdjudicationScreen, _ conflict: Conflict, _ stored: StoredSolution, _ width: Int
  ) -> [TextLine] {
    guard let words = stored.solution.text(of: conflict) else { return [] }
    return [heading(screen, conflict, stored)]
      + screen.context.lines(words, width: width, in: conflict.isAboutProblem ? .problem : .step) + [[]]
  }

  private static func heading(
    _ screen: AdjudicationScreen, _ conflict: Conflict, _ stored: StoredSolution
  ) -> TextLine {
    let name = TextSafety.line(stored.name)
    if conflict.isAboutProblem {
      return [
        TextRun(text: "Problem  ", role: .title),
        TextRun(text: "good or bad? \(screen.glyphs.separator) \(name)", role: .dim),
      ]
    }
    var line = [
      TextRun(text: "Step \(conflict.step)", role: .title),
      TextRun(text: " of \(stored.solution.steps.count)  ", role: .dim),
    ]
    var marks: [(String, Rating?)] = []
    if screen.isRevealed(conflict) {
      marks.append(("imported", conflict.imported))
      for stage in Stage.allCases where stored.critiques[stage] != nil {
        marks.append((stage.rawValue, conflict.judgements[stage.rawValue]?.rating))
      }
    }
    for (name, rating) in marks {
      line.append(TextRun(text: name + " ", role: .dim))
      line.append(TextRun(text: VerdictLook.glyph(rating, screen.glyphs) + "  ", role: VerdictLook.role(rating)))
    }
    return line + [TextRun(text: name, role: .dim)]
  }

  /// What critics say of the step, where that may be seen.
  private static func critiques(
    _ screen: AdjudicationScreen, _ conflict: Conflict, _ stored: StoredSolution, _ width: Int
  ) -> [TextLine] {
    guard !conflict.isAboutProblem, screen.isRevealed(conflict) else { return [] }
    var lines: [TextLine] = []
    for stage in Stage.allCases.reversed() {
      guard let critique = stored.critique(stage, step: conflict.step) else { continue }
      let rating = critique.judgement?.rating
      lines.append([
        TextRun(text: "\(stage.title) critique  ", role: .title),
        TextRun(
          text: rating.map { "\(VerdictLook.glyph($0, screen.glyphs)) \($0.word)" } ?? "no judgement",
          role: VerdictLook.role(rating)),
      ])
      lines += screen.context.lines(critique.critique.text, width: width, in: Pane(stage)) + [[]]
    }
    return lines
  }

  // MARK: - What reviewers said

  private static func verdicts(
    _ screen: AdjudicationScreen, _ conflict: Conflict, _ width: Int
  ) -> [TextLine] {
    var lines = sideLines(screen, conflict, width: width).flatMap { $0 }
    if let settled = conflict.settled {
      let note = settled.note.map { ": " + TextSafety.line($0) } ?? ""
      lines.append([
        TextRun(text: "settled ", role: .title),
        TextRun(
          text: "\(VerdictLook.glyph(settled.rating, screen.glyphs)) \(conflict.word(settled.rating))",
          role: VerdictLook.role(settled.rating)),
        TextRun(text: " by \(TextSafety.line(settled.reviewer))\(note)"),
      ])
    }
    return lines + [[]]
  }

  /// The reviewers side by side where each gets 24 columns at least, else one below the other. Blocks of lines.
  private static func sideLines(_ screen: AdjudicationScreen, _ conflict: Conflict, width: Int) -> [[TextLine]] {
    let count = conflict.verdicts.count
    let gap = 3
    let column = (width - gap * (count - 1)) / max(count, 1)
    guard column >= 24 else {
      return conflict.verdicts.map { side($0, conflict, screen, width: width) }
    }
    let sides = conflict.verdicts.map { side($0, conflict, screen, width: column) }
    let height = sides.map(\.count).max() ?? 0
    let lines = (0..<height).map { row -> TextLine in
      var line: TextLine = []
      for (index, side) in sides.enumerated() {
        let part = side.indices.contains(row) ? side[row] : []
        line += part
        guard index < sides.count - 1 else { continue }
        let used = part.reduce(0) { $0 + DisplayWidth.of($1.text) }
        line.append(TextRun(text: String(repeating: " ", count: max(column - used, 0))))
        line.append(TextRun(text: " \(screen.glyphs.vertical) ", role: .border))
      }
      return line
    }
    return [lines]
  }

  private static func side(
    _ verdict: ConflictVerdict, _ conflict: Conflict, _ screen: AdjudicationScreen, width: Int
  ) -> [TextLine] {
    let glyphs = screen.glyphs
    let name = clip(TextSafety.line(verdict.reviewer), to: max(width - 16, 6), ellipsis: glyphs.ellipsis)
    var lines: [TextLine] = [
      [
        TextRun(text: name + "  ", role: .title),
        TextRun(
          text: "\(VerdictLook.glyph(verdict.rating, glyphs)) \(conflict.word(verdict.rating))",
          role: VerdictLook.role(verdict.rating)),
      ]
    ]
    var about = verdict.mode == .blind ? "first answer blind" : "labels open"
    if let first = verdict.firstRating { about += ", was \(VerdictLook.glyph(first, glyphs)) \(first.word)" }
    lines.append([TextRun(text: clip(about, to: width, ellipsis: glyphs.ellipsis), role: .dim)])
    for comment in verdict.comments {
      lines += TextLayout.wrap(TextSafety.block(comment), width: width).map { [TextRun(text: $0)] }
    }
    return lines
  }
}
