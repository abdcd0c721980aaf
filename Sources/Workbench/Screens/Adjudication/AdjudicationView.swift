import DeepCriticCore
import Terminal

/// Adjudication: conflicts as a list, below it the selected one with the reviewers side by side.
enum AdjudicationView {
  private static let top = 2

  /// Rows of the list on a screen of a size. A short list leaves its room to the reviewers.
  static func listHeight(_ size: Size, count: Int) -> Int {
    let content = max(size.height - top - 1 - Chrome.footerHeight, 0)
    return min(max(min(content * 2 / 5, max(content - 12, 3)), 1), max(count, 1))
  }

  static func draw(_ canvas: inout Canvas, _ screen: AdjudicationScreen) {
    Chrome.header(&canvas, screen)
    let size = canvas.size
    var facts = ["\(screen.openCount) open", "\(screen.conflicts.count - screen.openCount) settled"]
    if screen.hidden > 0 { facts.append("\(screen.hidden) hidden") }
    Chrome.title(&canvas, "Adjudication", screen.isKnown ? facts : [])
    if let reason = screen.emptyReason {
      canvas.wrap(reason, x: 3, y: top + 1, width: size.width - 4, role: screen.problem == nil ? .dim : .error)
    } else {
      let height = listHeight(size, count: screen.conflicts.count)
      drawList(&canvas, screen, Rect(x: 0, y: top, width: size.width, height: height + 1))
      let rule = top + height + 1
      let detail = Rect(
        x: 1, y: rule + 1, width: max(size.width - 2, 0), height: max(size.height - Chrome.footerHeight - rule - 1, 0))
      if detail.height > 0 { canvas.hline(x: 0, y: rule, width: size.width) }
      // What it would change stands above the status, as in a review.
      let line = detail.height >= 9 ? screen.consequences : nil
      drawDetail(&canvas, screen, line == nil ? detail : detail.splitBottom(1).rest)
      if let line { ReviewView.drawConsequences(&canvas, line, y: detail.maxY - 1) }
    }
    Chrome.footer(&canvas, screen, idle: idle(screen))
  }

  private static func idle(_ screen: AdjudicationScreen) -> String {
    guard let conflict = screen.selected else { return "" }
    if !screen.note.isEmpty {
      return "reason for your decision: " + TextSafety.line(screen.note)
    }
    return conflict.settled == nil
      ? (conflict.isAboutProblem ? "Is the problem good, for everybody?" : "Which label holds for everybody?")
        + " \(screen.keys(.adjudicationNote)) adds a reason." : ""
  }

  // MARK: - The list

  private static func drawList(_ canvas: inout Canvas, _ screen: AdjudicationScreen, _ area: Rect) {
    let width = area.width
    let name = (x: 3, width: width >= 100 ? 24 : 18)
    let step = name.x + name.width + 1
    let state = step + 9
    let verdicts = state + 13
    for (title, x) in [("solution", name.x), ("step", step), ("settled", state), ("verdicts", verdicts)] {
      canvas.put(title, x: x, y: area.y, role: .dim, maxWidth: max(width - x, 0))
    }
    let list = screen.list
    for (line, place) in list.visible.enumerated() {
      let conflict = screen.conflicts[place]
      let y = area.y + 1 + line
      let isSelected = place == list.selected
      if isSelected { canvas.put(screen.glyphs.pointer, x: 1, y: y, role: .accent) }
      canvas.put(conflict.name, x: name.x, y: y, role: isSelected ? .selection : .text, maxWidth: name.width)
      if conflict.isAboutProblem {
        canvas.put("problem", x: step, y: y, role: .text)
      } else {
        let number = String(conflict.step)
        canvas.put(number, x: step + 4 - number.count, y: y, role: .text)
      }
      if let settled = conflict.settled {
        put(
          settled.rating, x: state, y: y, maxX: verdicts - 1, word: conflict.settledWord(settled.rating), &canvas)
      } else {
        canvas.put("open", x: state, y: y, role: .warning)
      }
      var x = verdicts
      for verdict in conflict.verdicts where x < width - 2 {
        x += put(verdict.rating, x: x, y: y, maxX: width, &canvas)
        x += canvas.put(" " + verdict.reviewer, x: x, y: y, role: .text, maxWidth: max(min(14, width - x - 1), 0)) + 2
      }
    }
  }

  /// A rating as glyph, with a word where one is given.
  ///
  /// - Returns: columns used.
  @discardableResult
  private static func put(
    _ rating: Rating?, x: Int, y: Int, maxX: Int, word: String? = nil, _ canvas: inout Canvas
  ) -> Int {
    let glyph = VerdictLook.glyph(rating, canvas.glyphs)
    let text = word.map { "\(glyph) \($0)" } ?? glyph
    return canvas.put(text, x: x, y: y, role: VerdictLook.role(rating), maxWidth: max(maxX - x, 0))
  }

  // MARK: - The selected conflict

  private static func drawDetail(_ canvas: inout Canvas, _ screen: AdjudicationScreen, _ area: Rect) {
    guard area.height > 0, let conflict = screen.selected, let stored = screen.shown else { return }
    var y = area.y
    drawHeading(&canvas, screen, conflict, stored, area, y: y)
    y += 1
    guard let words = stored.solution.text(of: conflict) else { return }
    // The reviewers' words come first where room is short; the step gets what they leave.
    let sides = sideLines(screen, conflict, width: area.width)
    let settled = settledLine(conflict)
    let wanted = sides.map(\.count).reduce(0, +) + (settled == nil ? 0 : 1) + 1
    let text = screen.context.lines(words, width: area.width, in: conflict.isAboutProblem ? .problem : .step)
    let room = max(area.maxY - y - min(wanted, max(area.height - 4, 0)), min(3, area.maxY - y))
    let fits = text.count <= room
    for line in text.prefix(max(fits ? room : room - 1, 0)) where y < area.maxY {
      canvas.put(line, x: area.x, y: y, role: .stepText, maxWidth: area.width)
      y += 1
    }
    if !fits, room > 0, y < area.maxY {
      let more = "\(screen.glyphs.ellipsis) \(text.count - room + 1) more lines; "
      canvas.put(
        more + "\(screen.keys(.adjudicationOpen)) opens the solution", x: area.x, y: y, role: .dim, maxWidth: area.width
      )
      y += 1
    }
    y += 1
    for block in sides {
      for line in block where y < area.maxY {
        var x = area.x
        for run in line where x < area.maxX {
          x += canvas.put(run.text, x: x, y: y, role: run.role ?? .text, maxWidth: area.maxX - x)
        }
        y += 1
      }
    }
    if let settled, y < area.maxY {
      let used = canvas.put("settled ", x: area.x, y: y, role: .title)
      let glyph = put(
        settled.rating, x: area.x + used, y: y, maxX: area.maxX, word: conflict.word(settled.rating), &canvas)
      canvas.put(
        settled.words, x: area.x + used + glyph, y: y, role: .text, maxWidth: max(area.maxX - area.x - used - glyph, 0))
    }
  }

  private static func drawHeading(
    _ canvas: inout Canvas, _ screen: AdjudicationScreen, _ conflict: Conflict, _ stored: StoredSolution, _ area: Rect,
    y: Int
  ) {
    var x = area.x
    if conflict.isAboutProblem {
      x += canvas.put("Problem", x: x, y: y, role: .title, maxWidth: area.width) + 2
      canvas.put(
        "good or bad? \(screen.glyphs.separator) \(stored.name)", x: x, y: y, role: .dim,
        maxWidth: max(area.maxX - x, 0)
      )
      return
    }
    x += canvas.put("Step \(conflict.step)", x: x, y: y, role: .title, maxWidth: area.width)
    x += canvas.put(" of \(stored.solution.steps.count)  ", x: x, y: y, role: .dim, maxWidth: max(area.maxX - x, 0))
    var marks: [(String, Rating?)] = []
    if screen.isRevealed(conflict) {
      marks.append(("imported", conflict.imported))
      for stage in Stage.allCases where stored.critiques[stage] != nil {
        marks.append((stage.rawValue, conflict.judgements[stage.rawValue]?.rating))
      }
    }
    for (name, rating) in marks where x < area.maxX {
      x += canvas.put(name + " ", x: x, y: y, role: .dim, maxWidth: max(area.maxX - x, 0))
      x += put(rating, x: x, y: y, maxX: area.maxX, &canvas) + 2
    }
    canvas.put(stored.name, x: x, y: y, role: .dim, maxWidth: max(area.maxX - x, 0))
  }

  private static func settledLine(_ conflict: Conflict) -> (rating: Rating, words: String)? {
    conflict.settled.map { settled in
      (settled.rating, " by \(settled.reviewer)" + (settled.note.map { ": " + TextSafety.line($0) } ?? ""))
    }
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
