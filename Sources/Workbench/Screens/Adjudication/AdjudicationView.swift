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
    let facts = ["\(screen.openCount) open", "\(screen.conflicts.count - screen.openCount) settled"]
    Chrome.title(&canvas, "Adjudication", screen.isKnown ? facts : [])
    if let reason = screen.emptyReason {
      canvas.wrap(reason, x: 3, y: top + 1, width: size.width - 4, role: screen.problem == nil ? .dim : .error)
    } else {
      let height = listHeight(size, count: screen.conflicts.count)
      drawList(&canvas, screen, Rect(x: 0, y: top, width: size.width, height: height + 1))
      let detail = detail(screen)
      if detail.height > 0 { canvas.hline(x: 0, y: detail.y - 1, width: size.width) }
      AdjudicationDetail.draw(&canvas, screen, detail)
      // What it would change is above the status, as in a review.
      if detail.maxY < size.height - Chrome.footerHeight, let line = screen.consequences {
        ReviewView.drawConsequences(&canvas, line, y: detail.maxY)
      }
    }
    Chrome.footer(&canvas, screen, idle: idle(screen))
  }

  private static func idle(_ screen: AdjudicationScreen) -> String {
    guard let conflict = screen.selected else { return "" }
    if !screen.note.isEmpty {
      return "reason for your decision: " + TextSafety.line(screen.note)
    }
    return conflict.settled == nil
      ? (conflict.isAboutProblem ? "Is the problem good?" : "Which label applies to all reviewers?")
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

  /// Where the selected conflict is shown on a screen of a size.
  static func detail(_ screen: AdjudicationScreen) -> Rect {
    let rule = top + listHeight(screen.size, count: screen.conflicts.count) + 1
    let height = max(screen.size.height - Chrome.footerHeight - rule - 1, 0)
    let rect = Rect(x: 1, y: rule + 1, width: max(screen.size.width - 2, 0), height: height)
    return height >= 9 && screen.consequences != nil ? rect.splitBottom(1).rest : rect
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
}
