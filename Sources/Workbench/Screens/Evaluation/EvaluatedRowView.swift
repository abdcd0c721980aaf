import DeepCriticCore
import Foundation
import Terminal

/// One row of a benchmark: the solution left, a critic's answer right, what others say above.
enum EvaluatedRowView {
  static func draw(_ canvas: inout Canvas, _ screen: EvaluationScreen, title: String) {
    let size = canvas.size
    let bottom = max(size.height - Chrome.footerHeight, 0)
    guard let row = screen.row, let opened = screen.opened else {
      canvas.put(" " + title, x: 0, y: 1, role: .title)
      Chrome.footer(&canvas, screen, idle: "")
      return
    }
    let used = canvas.put(" " + title, x: 0, y: 1, role: .title, maxWidth: size.width * 2 / 3)
    canvas.put(
      (screen.glyphs.isUnicode ? " › " : " > ") + row.item.id, x: used, y: 1, role: .title,
      maxWidth: max(size.width - used, 0))
    drawVerdicts(&canvas, screen, row)
    let half = size.width / 2
    let left = Rect(x: 1, y: 4, width: half - 3, height: max(bottom - 4, 0))
    canvas.vline(x: half - 1, y: 4, height: left.height)
    drawSolution(&canvas, screen, row, opened.stored.solution, left)
    let answers = opened.answers
    let more = drawAnswer(&canvas, screen, answers, answerArea(size))
    var idle = "\(screen.rowList.positionText) \(screen.filter.words)"
    if answers.count > 1 { idle += "; \(screen.keys(.evaluationSample)) next answer" }
    if more { idle += "; \(screen.keys(.rowPageDown)) shows more" }
    Chrome.footer(&canvas, screen, idle: idle)
  }

  /// Gold, this critic and the others, on one line.
  private static func drawVerdicts(_ canvas: inout Canvas, _ screen: EvaluationScreen, _ row: EvaluationKnowledge.Row) {
    let width = canvas.size.width
    var x = 1
    func put(_ name: String, _ step: Int?, _ role: StyleRole) {
      guard x < width - 6 else { return }
      x += canvas.put(name + " ", x: x, y: 2, role: .dim, maxWidth: width - x)
      x += canvas.put(EvaluationView.step(step, screen), x: x, y: 2, role: role, maxWidth: max(width - x, 0)) + 3
    }
    put("gold", row.item.gold, .answer)
    put(screen.critic?.name ?? "critic", row.prediction, row.isRight ? .verdictCorrect : .verdictIncorrect)
    for other in screen.others(row) where other.isAnswered {
      put(other.name, other.prediction, other.prediction == row.item.gold ? .verdictCorrect : .verdictIncorrect)
    }
  }

  private static func drawSolution(
    _ canvas: inout Canvas, _ screen: EvaluationScreen, _ row: EvaluationKnowledge.Row, _ solution: Solution,
    _ area: Rect
  ) {
    var lines: [(gutter: String, role: StyleRole, text: TextLine)] = []
    for line in screen.context.lines(solution.problem, width: max(area.width, 8), in: .problem) {
      lines.append(("", .dim, line))
    }
    lines.append(("", .dim, []))
    for (index, step) in solution.steps.enumerated() {
      let number = index + 1
      let isGold = row.item.gold == number
      let isSaid = row.prediction == number
      let mark = (isGold ? screen.glyphs.incorrect : " ") + (isSaid ? screen.glyphs.pointer : " ")
      let text = screen.context.lines(step.text, width: max(area.width - 7, 8), in: .step)
      for (place, line) in text.enumerated() {
        lines.append(
          (
            place == 0 ? Chrome.right(String(number), 3) + mark : "     ",
            isGold ? .verdictIncorrect : isSaid ? .accent : .stepNumber, line
          ))
      }
    }
    // What matters is the steps around gold and prediction; the beginning goes first where not all has room.
    let target = [row.item.gold, row.prediction ?? -1].filter { $0 > 0 }.min() ?? 1
    let start = lines.firstIndex { $0.gutter.hasPrefix(Chrome.right(String(target), 3)) } ?? 0
    let first = lines.count <= area.height ? 0 : min(max(start - area.height / 3, 0), lines.count - area.height)
    for (offset, line) in lines.dropFirst(first).prefix(area.height).enumerated() {
      let y = area.y + offset
      let indent = line.gutter.isEmpty ? 0 : 6
      if !line.gutter.isEmpty { canvas.put(line.gutter, x: area.x, y: y, role: line.role) }
      canvas.put(
        line.text, x: area.x + indent, y: y, role: line.gutter.isEmpty ? .problem : .text, maxWidth: area.width - indent
      )
    }
  }

  /// - Returns: whether there is more below.
  private static func drawAnswer(
    _ canvas: inout Canvas, _ screen: EvaluationScreen, _ answers: [StoredTranscript], _ area: Rect
  ) -> Bool {
    guard answers.indices.contains(screen.sample) else {
      canvas.put("no answer", x: area.x, y: area.y, role: .dim)
      return false
    }
    let answer = answers[screen.sample]
    let says =
      answer.reading.outcome == .answered
      ? "says \(EvaluationView.step(answer.reading.prediction, screen))" : answer.reading.outcome.words
    let number = answers.count > 1 ? "Answer \(screen.sample + 1)/\(answers.count)  " : "Answer  "
    let used = canvas.put(number, x: area.x, y: area.y, role: .title, maxWidth: area.width)
    canvas.put(says, x: area.x + used, y: area.y, role: .accent, maxWidth: max(area.width - used, 0))
    let lines = lines(answer, screen, area)
    let room = max(area.height - 1, 0)
    let scroll = min(screen.scroll, max(lines.count - room, 0))
    for (offset, line) in lines.dropFirst(scroll).prefix(room).enumerated() {
      canvas.put(line, x: area.x, y: area.y + 1 + offset, role: .text, maxWidth: area.width)
    }
    return scroll + room < lines.count
  }

  private static func answerArea(_ size: Size) -> Rect {
    let half = size.width / 2
    return Rect(
      x: half + 1, y: 4, width: size.width - half - 2, height: max(size.height - Chrome.footerHeight - 4, 0))
  }

  private static func lines(_ answer: StoredTranscript, _ screen: EvaluationScreen, _ area: Rect) -> [TextLine] {
    var text = answer.text
    if text.isEmpty, let scores = answer.scores {
      text = scores.enumerated().map { "Step \($0 + 1): \(String(format: "%.3f", $1))" }.joined(separator: "\n")
    }
    if text.isEmpty { text = "The prediction came without a text." }
    let key = screen.keys("evaluation.thoughts")
    return Thoughts.lines(answer.reasoning, width: max(area.width, 8), screen.context, key: key)
      + screen.context.lines(text, width: max(area.width, 8), in: .merged)
  }

  /// How far the answer in view can be scrolled.
  static func lastScroll(_ screen: EvaluationScreen, _ size: Size) -> Int {
    guard let answers = screen.opened?.answers, answers.indices.contains(screen.sample) else {
      return 0
    }
    let area = answerArea(size)
    return max(lines(answers[screen.sample], screen, area).count - max(area.height - 1, 0), 0)
  }
}
