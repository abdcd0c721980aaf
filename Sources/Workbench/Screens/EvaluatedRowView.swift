import DeepCriticCore
import Foundation
import Terminal

/// One row of a benchmark: the solution left, a critic's answer right, what others say above.
enum EvaluatedRowView {
  static func draw(_ canvas: inout Canvas, _ model: WorkbenchModel, title: String) throws {
    let evaluation = model.evaluation
    let size = canvas.size
    let bottom = max(size.height - Chrome.footerHeight, 0)
    guard let row = evaluation.row, let stored = try evaluation.stored() else {
      canvas.put(" " + title, x: 0, y: 1, role: .title)
      Chrome.status(&canvas, model, idle: "")
      Chrome.hints(&canvas, model)
      return
    }
    let used = canvas.put(" " + title, x: 0, y: 1, role: .title, maxWidth: size.width * 2 / 3)
    canvas.put(
      (model.glyphs.isUnicode ? " › " : " > ") + row.item.id, x: used, y: 1, role: .title,
      maxWidth: max(size.width - used, 0))
    drawVerdicts(&canvas, model, row)
    let half = size.width / 2
    let left = Rect(x: 1, y: 4, width: half - 3, height: max(bottom - 4, 0))
    let right = Rect(x: half + 1, y: 4, width: size.width - half - 2, height: max(bottom - 4, 0))
    canvas.vline(x: half - 1, y: 4, height: left.height)
    drawSolution(&canvas, model, row, stored.solution, left)
    let answers = try evaluation.answers()
    let more = drawAnswer(&canvas, model, answers, right)
    var idle = "\(evaluation.list.positionText) \(evaluation.filter.words)"
    if answers.count > 1 { idle += "; \(model.keys(.evaluationSample)) next answer" }
    if more { idle += "; \(model.keys(.rowPageDown)) shows more" }
    Chrome.status(&canvas, model, idle: idle)
    Chrome.hints(&canvas, model)
  }

  /// Gold, this critic and the others, on one line.
  private static func drawVerdicts(_ canvas: inout Canvas, _ model: WorkbenchModel, _ row: EvaluationKnowledge.Row) {
    let width = canvas.size.width
    var x = 1
    func put(_ name: String, _ step: Int?, _ role: StyleRole) {
      guard x < width - 6 else { return }
      x += canvas.put(name + " ", x: x, y: 2, role: .dim, maxWidth: width - x)
      x += canvas.put(EvaluationScreen.step(step, model), x: x, y: 2, role: role, maxWidth: max(width - x, 0)) + 3
    }
    put("gold", row.item.gold, .answer)
    put(model.evaluation.critic?.name ?? "critic", row.prediction, row.isRight ? .verdictCorrect : .verdictIncorrect)
    for other in model.evaluation.others(row) where other.isAnswered {
      put(other.name, other.prediction, other.prediction == row.item.gold ? .verdictCorrect : .verdictIncorrect)
    }
  }

  private static func drawSolution(
    _ canvas: inout Canvas, _ model: WorkbenchModel, _ row: EvaluationKnowledge.Row, _ solution: Solution, _ area: Rect
  ) {
    var lines: [(gutter: String, role: StyleRole, text: TextLine)] = []
    for line in model.lines(solution.problem, width: max(area.width, 8), in: .problem) {
      lines.append(("", .dim, line))
    }
    lines.append(("", .dim, []))
    for (index, step) in solution.steps.enumerated() {
      let number = index + 1
      let isGold = row.item.gold == number
      let isSaid = row.prediction == number
      let mark = (isGold ? model.glyphs.incorrect : " ") + (isSaid ? model.glyphs.pointer : " ")
      let text = model.lines(step.text, width: max(area.width - 7, 8), in: .step)
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
      put(&canvas, line.text, x: area.x + indent, y: y, maxX: area.maxX, role: line.gutter.isEmpty ? .problem : .text)
    }
  }

  /// - Returns: whether there is more below.
  private static func drawAnswer(
    _ canvas: inout Canvas, _ model: WorkbenchModel, _ answers: [StoredTranscript], _ area: Rect
  ) -> Bool {
    let evaluation = model.evaluation
    guard answers.indices.contains(evaluation.sample) else {
      canvas.put("no answer", x: area.x, y: area.y, role: .dim)
      return false
    }
    let answer = answers[evaluation.sample]
    let says =
      answer.reading.outcome == .answered
      ? "says \(EvaluationScreen.step(answer.reading.prediction, model))" : answer.reading.outcome.words
    let number = answers.count > 1 ? "Answer \(evaluation.sample + 1)/\(answers.count)  " : "Answer  "
    let used = canvas.put(number, x: area.x, y: area.y, role: .title, maxWidth: area.width)
    canvas.put(says, x: area.x + used, y: area.y, role: .accent, maxWidth: max(area.width - used, 0))
    var text = answer.text
    if let reasoning = answer.reasoning { text = reasoning + "\n\n" + text }
    if text.isEmpty, let scores = answer.scores {
      text = scores.enumerated().map { "Step \($0 + 1): \(String(format: "%.3f", $1))" }.joined(separator: "\n")
    }
    if text.isEmpty { text = "The prediction came without a text." }
    let lines = model.lines(text, width: max(area.width, 8), in: .merged)
    let room = max(area.height - 1, 0)
    let scroll = min(evaluation.scroll, max(lines.count - room, 0))
    for (offset, line) in lines.dropFirst(scroll).prefix(room).enumerated() {
      put(&canvas, line, x: area.x, y: area.y + 1 + offset, maxX: area.maxX, role: .text)
    }
    return scroll + room < lines.count
  }

  private static func put(
    _ canvas: inout Canvas, _ line: TextLine, x: Int, y: Int, maxX: Int, role: StyleRole
  ) {
    let base = canvas.theme[role]
    canvas.putSpans(
      line.map { run in Span(run.text, style: run.role.map { canvas.theme[$0].over(base) } ?? base) }, x: x, y: y,
      maxWidth: max(maxX - x, 0), ellipsis: false)
  }
}
