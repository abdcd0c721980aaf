import DeepCriticCore
import Terminal

/// Evaluation: critics by sets, with what lies behind a cell below; then rows; then one row.
enum EvaluationView {
  /// Columns of a set: figure, interval, mark and bar.
  private static let widestSet = 26
  private static let narrowestSet = 9

  private static func bottom(_ size: Size) -> Int { max(size.height - Chrome.footerHeight, 0) }
  static func criticsHeight(_ size: Size) -> Int { max(min((bottom(size) - 4) / 2, 12), 1) }
  static func rowsHeight(_ size: Size) -> Int { max(bottom(size) - 4, 1) }
  static func transcriptHeight(_ size: Size) -> Int { max(bottom(size) - 6, 1) }

  static func draw(_ canvas: inout Canvas, _ screen: EvaluationScreen) {
    Chrome.header(&canvas, screen)
    let isWaiting = screen.knowledge == nil && screen.problem == nil && screen.session.mode == .audit
    guard let knowledge = screen.knowledge, screen.nothingReason == nil else {
      canvas.put(" Evaluation", x: 0, y: 1, role: .title)
      let words = isWaiting ? "Reading\(screen.glyphs.ellipsis)" : screen.nothingReason ?? ""
      canvas.wrap(words, x: 1, y: 3, width: canvas.size.width - 2, role: screen.problem == nil ? .dim : .error)
      finish(&canvas, screen, idle: "")
      return
    }
    switch screen.level {
    case .critics: drawCritics(&canvas, screen, knowledge)
    case .rows: drawRows(&canvas, screen)
    case .row: EvaluatedRowView.draw(&canvas, screen, title: title(screen))
    }
  }

  private static func finish(_ canvas: inout Canvas, _ screen: EvaluationScreen, idle: String) {
    Chrome.footer(
      &canvas, screen,
      idle: screen.isLoading && screen.knowledge != nil
        ? "Reading again" + screen.glyphs.ellipsis : idle)
  }

  /// "Evaluation › critic › gsm8k".
  static func title(_ screen: EvaluationScreen) -> String {
    let parts =
      ["Evaluation"]
      + (screen.level == .critics
        ? [] : [screen.critic?.name, screen.setName].compactMap { $0 })
    return parts.joined(separator: screen.glyphs.isUnicode ? " › " : " > ")
  }

  // MARK: - Critics by sets

  private static func drawCritics(
    _ canvas: inout Canvas, _ screen: EvaluationScreen, _ knowledge: EvaluationKnowledge
  ) {
    canvas.put(" " + title(screen), x: 0, y: 1, role: .title)
    let width = canvas.size.width
    let names = knowledge.sets
    let detailWidth = 16
    let nameWidth = min(max(knowledge.board.critics.map { DisplayWidth.of($0.name) }.max() ?? 8, 8), max(width / 4, 10))
    let hasDetails = width >= 100
    let start = 3 + nameWidth + (hasDetails ? 2 + detailWidth : 1)
    let meanWidth = names.count > 1 ? 14 : 0
    let each = max(min((width - start - meanWidth - 1) / max(names.count, 1), widestSet), narrowestSet)
    let shown = max(min((width - start - meanWidth - 1) / each, names.count), 1)
    // The selected set stays in view where not all have room.
    let first = min(max(screen.setIndex - shown + 1, 0), max(names.count - shown, 0))
    canvas.put("critic", x: 3, y: 2, role: .dim, maxWidth: nameWidth)
    if hasDetails { canvas.put("protocol, votes", x: 4 + nameWidth, y: 2, role: .dim) }
    for column in 0..<shown {
      let isSelected = first + column == screen.setIndex
      let name = names[first + column]
      canvas.put(
        (isSelected ? screen.glyphs.pointer : " ") + name, x: start + column * each, y: 2,
        role: isSelected ? .accent : .dim, maxWidth: each - 1)
    }
    if meanWidth > 0 { canvas.put("mean F1", x: start + shown * each + 1, y: 2, role: .dim, maxWidth: meanWidth) }
    let list = screen.critics
    for (line, place) in list.visible.enumerated() {
      let critic = knowledge.board.critics[place]
      let y = 3 + line
      let isSelected = place == list.selected
      if isSelected { canvas.put(screen.glyphs.pointer, x: 1, y: y, role: .accent) }
      canvas.put(critic.name, x: 3, y: y, role: isSelected ? .selection : .text, maxWidth: nameWidth)
      if hasDetails {
        let words =
          critic.specification.kind == .baseline
          ? "baseline" : critic.specification.protocolName + ", " + String(critic.specification.samples)
        canvas.put(words, x: 4 + nameWidth, y: y, role: .dim, maxWidth: detailWidth)
      }
      for column in 0..<shown {
        drawCell(
          &canvas, knowledge, critic, names[first + column], x: start + column * each, y: y, width: each - 1)
      }
      guard meanWidth > 0 else { continue }
      let hasAll = critic.sets.count == names.count
      let half = critic.meanInterval.map { plusMinus($0, screen.glyphs) } ?? ""
      canvas.put(
        Chrome.right(hasAll ? Figures.percent(critic.meanF1) : screen.glyphs.rangeDash, 6) + half,
        x: start + shown * each, y: y,
        role: .text, maxWidth: meanWidth)
    }
    let y = 4 + min(list.visible.count, criticsHeight(canvas.size))
    EvaluationDetail.draw(
      &canvas, screen, Rect(x: 1, y: y, width: width - 2, height: max(bottom(canvas.size) - y, 0)))
    var facts = "* best of the set"
    if knowledge.board.critics.contains(where: { $0.sets.contains(where: \.isPartial) }) {
      facts += "; \(partial(screen.glyphs)) only some rows chosen"
    }
    if knowledge.board.critics.contains(where: { $0.unanswered > 0 }) { facts += "; ? rows without an answer" }
    finish(&canvas, screen, idle: facts)
  }

  private static func drawCell(
    _ canvas: inout Canvas, _ knowledge: EvaluationKnowledge, _ critic: CriticScore, _ set: String, x: Int, y: Int,
    width: Int
  ) {
    guard let score = critic.sets.first(where: { $0.set == set }) else { return }
    let best = knowledge.board.critics.compactMap { other in
      other.sets.first { $0.set == set }?.scores.f1
    }.max()
    let isBest = score.scores.f1 != nil && score.scores.f1 == best && knowledge.board.critics.count > 1
    let mark = score.unanswered > 0 ? "?" : score.isPartial ? partial(canvas.glyphs) : isBest ? "*" : " "
    var x = x
    x += canvas.put(
      Chrome.right(score.scores.f1.map { Figures.percent($0) } ?? canvas.glyphs.rangeDash, 6), x: x, y: y,
      role: isBest ? .good : .text)
    if width >= 14 {
      let half = score.f1Interval.map { plusMinus($0, canvas.glyphs) } ?? ""
      canvas.put(half, x: x, y: y, role: .dim)
      x += 6
    }
    x += canvas.put(mark, x: x, y: y, role: isBest ? .good : .warning)
    let bar = min(width - (width >= 14 ? 14 : 8), 16)
    if bar >= 6, let f1 = score.scores.f1 {
      ProgressBar.draw(in: &canvas, x: x + 1, y: y, width: bar, fraction: f1 / 100)
    }
  }

  // MARK: - Rows of a set

  private static func drawRows(_ canvas: inout Canvas, _ screen: EvaluationScreen) {
    let width = canvas.size.width
    let used = canvas.put(" " + title(screen), x: 0, y: 1, role: .title, maxWidth: width - 20)
    canvas.put(
      "  \(screen.filter.words): \(Figures.count(screen.rows.count))", x: used, y: 1, role: .dim)
    let nameWidth = min(max(width / 4, 12), 28)
    let x = (gold: 6 + nameWidth, said: 12 + nameWidth, votes: 19 + nameWidth, others: 27 + nameWidth)
    for (name, place) in [
      ("row", 5), ("gold", x.gold), ("said", x.said), ("votes", x.votes), ("other critics", x.others),
    ] { canvas.put(name, x: place, y: 2, role: .dim, maxWidth: max(width - place, 0)) }
    let list = screen.rowList
    for (line, place) in list.visible.enumerated() {
      let row = screen.rows[place]
      let y = 3 + line
      let isSelected = place == list.selected
      if isSelected { canvas.put(screen.glyphs.pointer, x: 1, y: y, role: .accent) }
      canvas.put(
        row.isRight ? screen.glyphs.correct : row.isAnswered ? screen.glyphs.incorrect : screen.glyphs.none, x: 3, y: y,
        role: row.isRight ? .verdictCorrect : row.isAnswered ? .verdictIncorrect : .verdictNone)
      canvas.put(row.item.id, x: 5, y: y, role: isSelected ? .selection : .text, maxWidth: nameWidth)
      canvas.put(Chrome.right(step(row.item.gold, screen), 4), x: x.gold, y: y, role: .text)
      canvas.put(Chrome.right(step(row.prediction, screen), 4), x: x.said, y: y, role: .text)
      if let share = row.share {
        canvas.put(Chrome.right("\(Int((share * 100).rounded())) %", 5), x: x.votes, y: y, role: .dim)
      }
      var place = x.others
      for other in screen.others(row) where other.isAnswered && place < width - 8 {
        let agrees = other.prediction == row.item.gold
        let words = "\(clip(other.name, to: 14, ellipsis: screen.glyphs.ellipsis)) \(step(other.prediction, screen))"
        place +=
          canvas.put(
            words, x: place, y: y, role: agrees ? .verdictCorrect : .dim, maxWidth: max(width - place - 1, 0)) + 2
      }
    }
    if screen.rows.isEmpty {
      canvas.put("There is no such row.", x: 3, y: 3, role: .dim)
    }
    finish(&canvas, screen, idle: screen.rowList.positionText)
  }

  /// A step's number; "none" for −1, and a dash for no answer.
  static func step(_ step: Int?, _ screen: EvaluationScreen) -> String {
    step.map { $0 == -1 ? "none" : String($0) } ?? screen.glyphs.rangeDash
  }

  private static func plusMinus(_ interval: Interval, _ glyphs: Glyphs) -> String {
    (glyphs.isUnicode ? " ±" : "+-") + Figures.percent(interval.half)
  }

  /// Marks a set of which only some rows were chosen.
  private static func partial(_ glyphs: Glyphs) -> String { glyphs.isUnicode ? "°" : "o" }
}
