import DeepCriticCore
import Terminal

/// What every screen has: the header, the status line and the hint line.
enum Chrome {
  /// A text with blanks before it, so that it ends where a column of this many places does.
  static func right(_ text: String, _ width: Int) -> String {
    TextTable.pad(text, to: width, left: true, width: DisplayWidth.of)
  }

  /// Rows below the content: status and hints.
  static let footerHeight = 2

  /// Nothing is shown that is only for the speaker.
  static func isClean(_ screen: any Screen) -> Bool { screen.isForAudience && screen.context.isClean }

  /// The first row: program and workspace left, the state of the session right.
  static func header(_ canvas: inout Canvas, _ screen: any Screen) {
    guard let services = screen.navigator?.services else { return }
    let context = screen.context
    let width = canvas.size.width
    let separator = " \(context.glyphs.separator) "
    let progress = services.queue.progress
    let goal = services.reviewSettings.dailyGoal
    var right = services.all.compactMap { $0.headerItem(on: screen.id) }
    if let position = screen.position { right.append(position) }
    right.append("\(Figures.count(progress.done, "solution")) done")
    if width >= 90 || goal > 0 { right.append("today " + today(progress.today, goal: goal, context.glyphs)) }
    right.append(context.session.workspace.isReadOnly ? "read-only" : context.saveFailed ? "NOT SAVED" : "all saved")
    let mode = context.session.mode.rawValue
    let reviewer = clip(TextSafety.line(context.session.reviewer), to: 20, ellipsis: context.glyphs.ellipsis)
    var parts = [reviewer] + right
    var tail = separator + parts.joined(separator: separator) + " "
    // What says whether all is saved stays longest.
    while parts.count > 1, DisplayWidth.of(mode + tail) > width - 4 {
      parts.removeFirst()
      tail = separator + parts.joined(separator: separator) + " "
    }
    let tailWidth = DisplayWidth.of(mode) + DisplayWidth.of(tail)
    let start = max(width - tailWidth, 0)
    let brand = canvas.put(" deepcritic", x: 0, y: 0, role: .title, maxWidth: start)
    canvas.put("  " + context.session.title, x: brand, y: 0, role: .dim, maxWidth: max(start - brand - 1, 0))
    if start + tailWidth <= width {
      let used = canvas.put(mode, x: start, y: 0, role: .mode)
      canvas.put(tail, x: start + used, y: 0, role: context.saveFailed ? .error : .dim)
    }
  }

  /// "9 decisions", "9/50 decisions" with a goal, and a sign once it is reached.
  private static func today(_ count: Int, goal: Int, _ glyphs: Glyphs) -> String {
    goal == 0
      ? Figures.count(count, "decision") : "\(count)/\(goal) decisions" + (count >= goal ? " \(glyphs.check)" : "")
  }

  /// The second row: what the screen is, and what there is to know about it right.
  static func title(_ canvas: inout Canvas, _ title: String, _ facts: [String]) {
    let used = canvas.put(" " + title, x: 0, y: 1, role: .title)
    let text = TextSafety.line(facts.joined(separator: " \(canvas.glyphs.separator) "))
    let width = min(DisplayWidth.of(text), max(canvas.size.width - used - 3, 0))
    canvas.put(text, x: canvas.size.width - width - 1, y: 1, role: .dim, maxWidth: width)
  }

  /// The last two rows: what just happened, else the screen's own status; below it the hints.
  static func footer(_ canvas: inout Canvas, _ screen: any Screen, idle: String) {
    if isClean(screen) {
      let y = canvas.size.height - footerHeight
      guard screen.navigator?.overlay != nil else {
        // What went wrong is said all the same.
        if let message = screen.context.messages.current, [.warning, .error].contains(message.kind) {
          put(message, &canvas, lastRow: y + 1)
        }
        return
      }
      canvas.fill(Rect(x: 0, y: max(y, 0), width: canvas.size.width, height: footerHeight), role: .text)
    }
    status(&canvas, screen, idle: idle)
    hints(&canvas, screen)
  }

  private static func status(_ canvas: inout Canvas, _ screen: any Screen, idle: String) {
    let y = canvas.size.height - footerHeight
    guard y > 0 else { return }
    let isTaken = screen.navigator?.overlay?.isInStatusLine == true
    if let message = screen.context.messages.current {
      put(message, &canvas, lastRow: isTaken ? y - 1 : y)
    } else if !isTaken {
      canvas.put(" " + idle, x: 0, y: y, role: .dim, maxWidth: canvas.size.width)
    }
  }

  /// A message with its sign.
  private static func put(_ message: Message, _ canvas: inout Canvas, lastRow y: Int) {
    let (role, sign): (StyleRole, String) =
      switch message.kind {
      case .info: (.text, "")
      case .good: (.good, canvas.glyphs.check + " ")
      case .warning: (.warning, "! ")
      case .error: (.error, "Error: ")
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
  private static func hints(_ canvas: inout Canvas, _ screen: any Screen) {
    guard let navigator = screen.navigator else { return }
    let y = canvas.size.height - 1
    if let hints = navigator.overlay?.hints {
      var x = 1
      for entry in hints { x += hint(&canvas, entry, x: x, y: y, enabled: true) }
      return
    }
    for (id, entry, x) in placedHints(navigator) where x + hintWidth(entry) <= canvas.size.width + 2 {
      let isFixed = [ActionID.palette, .back, .help].contains(id)
      _ = hint(&canvas, entry, x: x, y: y, enabled: isFixed || navigator.disabledReason(id) == nil)
    }
  }

  /// The action whose hint stands at a column of the last row.
  static func hint(at x: Int, _ navigator: Navigator) -> ActionID? {
    placedHints(navigator).first { x >= $0.x && x < $0.x + hintWidth($0.entry) - 2 }?.id
  }

  /// Every hint that there is room for, with its column.
  static func placedHints(_ navigator: Navigator) -> [(id: ActionID, entry: (key: String, title: String), x: Int)] {
    let screen = navigator.top
    if isClean(screen) { return [] }
    let glyphs = navigator.glyphs
    let isRoomy = navigator.size.width >= 100
    let fixed: [ActionID] = isRoomy ? [.palette, .back, .help] : [.back, .help]
    // Before an audience nothing is decided: what is for every screen is left to the palette.
    let actions =
      (screen.isForAudience
      ? screen.actions.filter { navigator.disabledReason($0.id) == nil } : navigator.availableActions)
      .filter { $0.hint != nil && screen.showsHint($0.id) }.sorted { ($0.hint ?? 0) < ($1.hint ?? 0) }
    func entry(_ action: Action) -> (key: String, title: String)? {
      guard let key = navigator.context.keyMap.keys(for: action.id).first?.label(glyphs) else { return nil }
      if action.id == .back, navigator.isAtRoot { return (key, "quit") }
      if let title = screen.hintTitle(action.id) { return (key, title) }
      if let rating = verdicts[action.id] {
        let glyph = VerdictLook.glyph(rating, glyphs)
        return (key, isRoomy ? "\(glyph) \(action.title)" : glyph)
      }
      return (key, action.title)
    }
    var placed: [(id: ActionID, entry: (key: String, title: String), x: Int)] = []
    let last = fixed.compactMap { ActionTable.action($0) }
      .compactMap { action in entry(action).map { (action.id, $0) } }
    var x = 1
    let limit = navigator.size.width - last.reduce(0) { $0 + hintWidth($1.1) }
    for action in actions where !fixed.contains(action.id) && action.id != .quit && action.id != .palette {
      guard let entry = entry(action), x + hintWidth(entry) <= limit else { continue }
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

  private static func hintWidth(_ entry: (key: String, title: String)) -> Int {
    DisplayWidth.of(entry.key) + 1 + DisplayWidth.of(entry.title) + 2
  }

  static func hint(
    _ canvas: inout Canvas, _ entry: (key: String, title: String), x: Int, y: Int, enabled: Bool
  ) -> Int {
    let used = canvas.put(entry.key, x: x, y: y, role: enabled ? .hintKey : .verdictNone)
    canvas.put(" " + entry.title, x: x + used, y: y, role: enabled ? .hint : .verdictNone)
    return hintWidth(entry)
  }
}
