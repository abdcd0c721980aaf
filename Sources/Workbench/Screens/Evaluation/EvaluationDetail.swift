import DeepCriticCore
import Terminal

/// What lies behind the selected cell of the evaluation matrix.
enum EvaluationDetail {
  static func draw(_ canvas: inout Canvas, _ screen: EvaluationScreen, _ area: Rect) {
    guard area.height > 1, let critic = screen.critic else { return }
    canvas.hline(x: 0, y: area.y, width: canvas.size.width)
    var y = area.y + 1
    let name = critic.name + (screen.setName.map { " on \($0)" } ?? "")
    canvas.put(name, x: area.x, y: y, role: .title, maxWidth: area.width)
    y += 1
    y += wrapped(&canvas, TextSafety.line(critic.conditions), area, y: y, most: 3)
    guard let score = screen.score else {
      if y < area.maxY { canvas.put("not evaluated on this set", x: area.x, y: y, role: .dim) }
      return
    }
    y += 1
    for (label, accuracy) in [("error accuracy", score.scores.error), ("correct accuracy", score.scores.correct)]
    where y < area.maxY {
      accuracyLine(&canvas, label, accuracy, area, y: y)
      y += 1
    }
    if y < area.maxY { y = facts(&canvas, score, area, y: y) }
    if score.curve.count > 1, y + 1 < area.maxY { y = votes(&canvas, score, area, y: y + 1) }
    if y + 2 < area.maxY {
      distances(&canvas, screen, score, Rect(x: area.x, y: y + 1, width: area.width, height: area.maxY - y - 1))
    }
  }

  private static func accuracyLine(_ canvas: inout Canvas, _ label: String, _ accuracy: Accuracy, _ area: Rect, y: Int)
  {
    canvas.put(label, x: area.x, y: y, role: .text, maxWidth: area.width)
    let figure = Chrome.right(accuracy.percent.map { Figures.percent($0) } ?? canvas.glyphs.rangeDash, 6)
    let of = Chrome.right("\(accuracy.right) of \(accuracy.rows)", 14)
    canvas.put(figure + of, x: area.x + 17, y: y, role: .text, maxWidth: max(area.width - 17, 0))
    canvas.put(
      "  95 %: " + Figures.interval(accuracy.interval).replacing("–", with: canvas.glyphs.rangeDash), x: area.x + 37,
      y: y, role: .dim,
      maxWidth: max(area.width - 37, 0))
    let bar = min(area.width - 60, 40)
    if bar >= 10, let percent = accuracy.percent, let interval = accuracy.interval {
      FigureView.drawInterval(
        percent, interval.low, interval.high, scale: 0...100, x: area.x + 60, y: y, width: bar, in: &canvas)
    }
  }

  private static func facts(_ canvas: inout Canvas, _ score: SetScore, _ area: Rect, y: Int) -> Int {
    var facts: [String] = []
    for outcome in ReadingOutcome.allCases where outcome != .answered {
      if let count = score.outcomes[outcome.rawValue], count > 0 { facts.append("\(outcome.words) \(count)") }
    }
    if score.outOfRange > 0 { facts.append("no such step \(score.outOfRange)") }
    if let wrong = score.wrongProcess, wrong.scores.error.rows > 0 {
      facts.append(
        "right answer, wrong process: \(Figures.percent(wrong.scores.error.percent)) of \(wrong.scores.error.rows) rows"
      )
    }
    if let error = score.calibrationError { facts.append("votes off by \(Figures.percent(error)) points") }
    if let reason = score.scores.undefinedBecause { facts.append("F1 is undefined: \(reason)") }
    guard !facts.isEmpty else { return y }
    return y + wrapped(&canvas, facts.joined(separator: "; "), area, y: y, most: 2)
  }

  /// A text in as many lines as there may be; the last one has a mark where something is left out. Gives their number.
  private static func wrapped(_ canvas: inout Canvas, _ text: String, _ area: Rect, y: Int, most: Int) -> Int {
    let lines = TextLayout.wrap(text, width: max(area.width, 8))
    let room = min(most, max(area.maxY - y, 0))
    for (index, line) in lines.prefix(room).enumerated() {
      let isLast = index == room - 1
      canvas.put(
        isLast ? lines[index...].joined(separator: " ") : line, x: area.x, y: y + index, role: .dim,
        maxWidth: max(area.width, 8))
    }
    return min(lines.count, room)
  }

  private static func votes(_ canvas: inout Canvas, _ score: SetScore, _ area: Rect, y: Int) -> Int {
    guard y + 2 < area.maxY else { return y }
    let each = 6
    let shown = score.curve.prefix(max((area.width - 16) / each, 1))
    canvas.put("votes", x: area.x, y: y, role: .title)
    for (label, row, value) in [
      ("majority F1", y + 1, { (point: VotePoint) in point.f1 }), ("best-of F1", y + 2, { $0.bestF1 }),
    ] {
      canvas.put(label, x: area.x, y: row, role: .text)
      for (place, point) in shown.enumerated() {
        if row == y + 1 {
          canvas.put(
            Chrome.right(String(point.k), each), x: area.x + 12 + place * each, y: y, role: .dim)
        }
        canvas.put(
          Chrome.right(Figures.percent(value(point)), each), x: area.x + 12 + place * each, y: row,
          role: .text)
      }
    }
    return y + 3
  }

  private static func distances(_ canvas: inout Canvas, _ screen: EvaluationScreen, _ score: SetScore, _ area: Rect) {
    let far = 3
    let counts = score.distances.counts(within: far)
    let minus = screen.glyphs.isUnicode ? "−" : "-"
    var lines = (-far...far).map { step -> (String, Int) in
      let words = step == 0 ? "exact" : step > 0 ? "\(step) too late" : "\(-step) too early"
      return (abs(step) == far ? words.replacing(String(far), with: "\(far)+") : words, counts[step + far])
    }
    lines.append(("no error found", score.distances.missed))
    lines.append(("no answer", score.distances.silent))
    lines.append(("false alarms", score.distances.falseAlarms))
    guard area.height >= 3 else { return }
    canvas.put("said \(minus) first error", x: area.x, y: area.y, role: .title, maxWidth: area.width)
    let most = max(lines.map(\.1).max() ?? 1, 1)
    let columns = lines.count > area.height - 1 && area.width >= 60 ? 2 : 1
    let room = columns * (area.height - 1)
    // Where not all have room, those that are not nothing do.
    if lines.count > room { lines.removeAll { $0.1 == 0 } }
    if lines.count > room {
      let rest = lines[(room - 1)...]
      lines.replaceSubrange((room - 1)..., with: [("other", rest.reduce(0) { $0 + $1.1 })])
    }
    let perColumn = max((lines.count + columns - 1) / columns, 1)
    let width = area.width / columns
    for (index, (label, count)) in lines.enumerated() {
      let x = area.x + index / perColumn * width
      let y = area.y + 1 + index % perColumn
      canvas.put(label, x: x, y: y, role: .text)
      canvas.put(Chrome.right(String(count), 6), x: x + 15, y: y, role: .text)
      let bar = min(width - 24, 40)
      if bar >= 6, count > 0 {
        ProgressBar.draw(in: &canvas, x: x + 22, y: y, width: max(bar * count / most, 3), fraction: 1)
      }
    }
  }
}
