import DeepCriticCore
import Terminal

/// What every screen has: the header, the status line and the hint line.
enum Chrome {
  /// A text with blanks before it, so that it ends where a column of so many places does.
  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(width - DisplayWidth.of(text), 0)) + text
  }

  /// Rows below the content: status and hints.
  static let footerHeight = 2

  /// The first row: program and workspace left, the state of the session right.
  static func header(_ canvas: inout Canvas, _ model: WorkbenchModel) {
    let width = canvas.size.width
    let separator = " \(model.glyphs.separator) "
    let progress = model.queue.progress
    var right: [String] = []
    let run = model.generation.snapshot
    if run.isRunning, let progress = run.progress {
      right.append("generating \(Int(GenerationReport(progress, prices: nil).fraction * 100)) %")
    } else if run.problem != nil, !model.generation.isOpen {
      right.append("generation stopped")
    }
    if let run = model.runs.running.first {
      right.append("training \(run.name)" + (run.fraction.map { " \(Int($0 * 100)) %" } ?? ""))
    }
    if model.place == .review, let review = model.review, let position = review.position {
      right.append("\(position + 1)/\(model.queue.ids.count)")
    }
    right.append("\(progress.done) done")
    if width >= 90 || model.reviewSettings.dailyGoal > 0 { right.append("today " + today(progress.today, model)) }
    right.append(model.session.workspace.isReadOnly ? "read-only" : model.saveFailed ? "NOT SAVED" : "all saved")
    let mode = model.session.mode.rawValue
    var parts = [clip(TextSafety.line(model.session.reviewer), to: 20, ellipsis: model.glyphs.ellipsis)] + right
    var tail = separator + parts.joined(separator: separator) + " "
    // What says whether all is saved stays longest.
    while parts.count > 1, DisplayWidth.of(mode + tail) > width - 4 {
      parts.removeFirst()
      tail = separator + parts.joined(separator: separator) + " "
    }
    let tailWidth = DisplayWidth.of(mode) + DisplayWidth.of(tail)
    let start = max(width - tailWidth, 0)
    let brand = canvas.put(" deepcritic", x: 0, y: 0, role: .title, maxWidth: start)
    canvas.put("  " + model.session.title, x: brand, y: 0, role: .dim, maxWidth: max(start - brand - 1, 0))
    if start + tailWidth <= width {
      let used = canvas.put(mode, x: start, y: 0, role: .mode)
      canvas.put(tail, x: start + used, y: 0, role: model.saveFailed ? .error : .dim)
    }
  }

  /// "9", "9/50" with a goal, and a sign once it is reached.
  private static func today(_ count: Int, _ model: WorkbenchModel) -> String {
    let goal = model.reviewSettings.dailyGoal
    return goal == 0 ? "\(count)" : "\(count)/\(goal)" + (count >= goal ? " \(model.glyphs.check)" : "")
  }

  /// The row above the last: what just happened, else the screen's own status.
  static func status(_ canvas: inout Canvas, _ model: WorkbenchModel, idle: String) {
    let y = canvas.size.height - footerHeight
    guard y > 0 else { return }
    if case .prompt(let prompt) = model.overlay {
      if let message = model.message { put(message, &canvas, model, lastRow: y - 1) }
      let room = max(canvas.size.width / 2 - 3, 1)
      let question = clip(prompt.question, to: room, ellipsis: model.glyphs.ellipsis)
      let used = canvas.put(" \(question): ", x: 0, y: y, role: .accent, maxWidth: canvas.size.width / 2)
      var editor = prompt.editor
      editor.draw(in: &canvas, x: used, y: y, width: canvas.size.width - used - 1)
      if prompt.action == .queueFilter, model.message == nil { completions(&canvas, prompt.editor.text, y: y - 1) }
      return
    }
    guard let message = model.message else {
      canvas.put(" " + idle, x: 0, y: y, role: .dim, maxWidth: canvas.size.width)
      return
    }
    put(message, &canvas, model, lastRow: y)
  }

  /// How the last term of a filter may go on; tab completes it.
  private static func completions(_ canvas: inout Canvas, _ text: String, y: Int) {
    let ways = WorkspaceSchema.complete.filterFields.completions(of: text).map { way in
      String(way[(way.lastIndex(of: " ").map { way.index(after: $0) } ?? way.startIndex)...])
    }
    guard !ways.isEmpty, y > 0 else { return }
    canvas.fill(Rect(x: 0, y: y, width: canvas.size.width, height: 1), role: .text)
    var x = 1
    x += canvas.put("tab ", x: x, y: y, role: .hintKey)
    for way in ways {
      let shown = way.contains(":") && !way.hasSuffix(":") ? String(way.drop { $0 != ":" }.dropFirst()) : way
      guard x + DisplayWidth.of(shown) < canvas.size.width else { break }
      x += canvas.put(shown, x: x, y: y, role: .hint) + 2
    }
  }

  /// A message with its sign.
  private static func put(_ message: Message, _ canvas: inout Canvas, _ model: WorkbenchModel, lastRow y: Int) {
    let role: StyleRole =
      switch message.kind {
      case .info: .text
      case .good: .good
      case .warning: .warning
      case .error: .error
      }
    let sign =
      switch message.kind {
      case .info: ""
      case .good: model.glyphs.check + " "
      case .warning: "! "
      case .error: "Error: "
      }
    // A sentence with its remedy may need more than one row; it grows upwards over the content.
    let lines = TextLayout.wrap(sign + TextSafety.line(message.text), width: max(canvas.size.width - 2, 1))
    let shown = lines.prefix(max(1, min(lines.count, canvas.size.height - 3)))
    for (index, line) in shown.enumerated() {
      let row = y - shown.count + 1 + index
      canvas.fill(Rect(x: 0, y: row, width: canvas.size.width, height: 1), role: .text)
      canvas.put(" " + line, x: 0, y: row, role: role)
    }
  }

  /// The last row: keys of the actions that matter here, the unavailable ones dim; help and back always at the end.
  static func hints(_ canvas: inout Canvas, _ model: WorkbenchModel) {
    let y = canvas.size.height - 1
    if let words = overlayHints(model) {
      hintRow(&canvas, y, words)
      return
    }
    for (id, entry, x) in placedHints(model) where x + hintWidth(entry) <= canvas.size.width + 2 {
      let isFixed = [ActionID.palette, .back, .help].contains(id)
      _ = hint(&canvas, entry, x: x, y: y, enabled: isFixed || model.unavailable(id) == nil)
    }
  }

  /// Keys of what lies over the screen; `nil` while nothing does.
  private static func overlayHints(_ model: WorkbenchModel) -> [(key: String, title: String)]? {
    func label(_ key: Key) -> String { key.label(model.glyphs) }
    let arrows = model.glyphs.isUnicode ? "↑↓" : "up down"
    switch model.overlay {
    case nil: return nil
    case .prompt(let prompt):
      let words = [("enter", "keep"), ("esc", "cancel")]
      return prompt.action == .commentLine ? words + [(label(.alt("\r")), "several lines")] : words
    case .text:
      return [
        (label(.control("s")), "save"), (label(.control("e")), "in $EDITOR"), (label(.alt("u")), "undo"),
        ("esc", "leave"),
      ]
    case .sentences:
      return [
        (arrows, "sentence"), ("v", "several"), ("enter", "mark"), (model.keys(.critiqueUnsoundWhy), "mark, why"),
        ("esc", "none"),
      ]
    case .help(_, let search):
      return search == nil
        ? [(arrows, "scroll"), ("/", "find"), ("esc", "close")] : [(arrows, "scroll"), ("esc", "all keys")]
    case .consequences: return [(arrows, "scroll"), ("esc", "close")]
    case .guide: return [("any key", "begins")]
    case .palette: return [(arrows, "choose"), ("enter", "do it"), ("esc", "close")]
    case .chooser(let chooser):
      let choice = chooser.kind == .settings ? "change" : "choose"
      return chooser.kind == .messages || chooser.items.isEmpty
        ? [(arrows, "scroll"), ("esc", "close")] : [(arrows, "select"), ("enter", choice), ("esc", "close")]
    }
  }

  /// The action whose hint stands at a column of the last row.
  static func hint(at x: Int, _ model: WorkbenchModel) -> ActionID? {
    placedHints(model).first { x >= $0.x && x < $0.x + hintWidth($0.entry) - 2 }?.id
  }

  /// Every hint that there is room for, with its column.
  private static func placedHints(
    _ model: WorkbenchModel
  ) -> [(id: ActionID, entry: (key: String, title: String), x: Int)] {
    let isRoomy = model.size.width >= 100
    let fixed: [ActionID] = isRoomy ? [.palette, .back, .help] : [.back, .help]
    // Before an audience nothing is decided: what is for every screen is left to the palette.
    let isPerformance = model.place == .live || model.place == .demo
    let actions = ActionTable.all
      .filter { action in
        action.hint != nil
          && (action.places.contains(model.place) || (action.places.contains(.everywhere) && !isPerformance))
      }
      .sorted { ($0.hint ?? 0) < ($1.hint ?? 0) }
    func entry(_ action: Action) -> (key: String, title: String)? {
      guard let key = model.keyMap.keys(for: action.id).first else { return nil }
      if action.id == .back, model.place == .queue { return (key.label(model.glyphs), "quit") }
      if action.id == .verdictAccept, let review = model.review, model.unavailable(.verdictAccept) == nil,
        let judgement = review.mergedJudgement
      {
        return (key.label(model.glyphs), "accept \(VerdictLook.glyph(judgement.rating, model.glyphs))")
      }
      if action.id == .verdictFix, let review = model.review, model.unavailable(.verdictFix) == nil,
        let judgement = review.mergedJudgement
      {
        return (key.label(model.glyphs), "fix \(VerdictLook.glyph(judgement.opposite.rating, model.glyphs))")
      }
      if let rating = verdicts[action.id] {
        let glyph = VerdictLook.glyph(rating, model.glyphs)
        return (key.label(model.glyphs), isRoomy ? "\(glyph) \(action.title)" : glyph)
      }
      return (key.label(model.glyphs), action.title)
    }
    var placed: [(id: ActionID, entry: (key: String, title: String), x: Int)] = []
    let last = fixed.compactMap { ActionTable.action($0) }.compactMap { action in entry(action).map { (action.id, $0) }
    }
    let lastWidth = last.reduce(0) { $0 + hintWidth($1.1) }
    var x = 1
    let limit = model.size.width - lastWidth
    for action in actions where !fixed.contains(action.id) && action.id != .quit && action.id != .palette {
      guard let entry = entry(action) else { continue }
      guard x + hintWidth(entry) <= limit else { continue }
      placed.append((action.id, entry, x))
      x += hintWidth(entry)
    }
    for (id, entry) in last {
      placed.append((id, entry, x))
      x += hintWidth(entry)
    }
    return placed
  }

  private static let verdicts: [ActionID: Rating] = [
    .verdictCorrect: .correct, .verdictNeutral: .neutral, .verdictIncorrect: .incorrect,
  ]

  private static func hintRow(_ canvas: inout Canvas, _ y: Int, _ entries: [(key: String, title: String)]) {
    var x = 1
    for entry in entries { x += hint(&canvas, entry, x: x, y: y, enabled: true) }
  }

  private static func hintWidth(_ entry: (key: String, title: String)) -> Int {
    DisplayWidth.of(entry.key) + 1 + DisplayWidth.of(entry.title) + 2
  }

  private static func hint(
    _ canvas: inout Canvas, _ entry: (key: String, title: String), x: Int, y: Int, enabled: Bool
  ) -> Int {
    let used = canvas.put(entry.key, x: x, y: y, role: enabled ? .hintKey : .verdictNone)
    canvas.put(" " + entry.title, x: x + used, y: y, role: enabled ? .hint : .verdictNone)
    return hintWidth(entry)
  }
}
