import Terminal

/// The command palette: what is typed, and the actions that fit.
final class PaletteOverlay: Overlay {
  private(set) var editor = LineEditor()
  /// The actions that fit, the best first.
  private(set) var matches: [Action]
  private(set) var list = ListState()
  private let choices: [Action]
  private let context: ScreenContext

  init(_ context: ScreenContext, _ actions: [Action]) {
    self.context = context
    choices = actions.filter { $0.id != .palette }
    matches = choices
    list.setCount(matches.count)
  }

  var selected: Action? { list.selected(of: matches) }

  func handle(_ key: Key) -> OverlayOutcome {
    switch key {
    case .escape, .control("c"), .control("g"): return .closes
    case .enter:
      context.navigator?.overlay = nil
      if let selected { context.navigator?.perform(selected.id) }
    case .up, .control("p"): list.move(by: -1)
    case .down, .control("n"): list.move(by: 1)
    case .pageUp, .pageDown: list.page(by: key == .pageUp ? -1 : 1)
    default:
      let before = editor.text
      _ = editor.handle(key)
      if editor.text != before { update() }
    }
    return .stays
  }

  func paste(_ text: String) -> Bool {
    editor.paste(text)
    update()
    return true
  }

  /// Finds the actions again after typing.
  private func update() {
    let query = editor.text
    if query.isEmpty {
      matches = choices
    } else {
      matches =
        choices.compactMap { action -> (Action, Int)? in
          let names = [action.title, action.summary, action.id.rawValue]
          guard let best = names.compactMap({ FuzzyMatcher.score(query, $0)?.score }).max() else { return nil }
          // A name typed from its beginning is what was meant, however well a sentence fits.
          let isNamed = [action.title, action.id.rawValue].contains { $0.lowercased().hasPrefix(query.lowercased()) }
          return (action, isNamed ? best + 10_000 : best)
        }
        .sorted { $0.1 > $1.1 }.map(\.0)
    }
    list.setCount(matches.count)
    list.select(0)
  }

  var hints: [(key: String, title: String)] {
    [(context.glyphs.arrowKeys, "choose"), ("enter", "do it"), ("esc", "close")]
  }

  private func height(_ size: Size) -> Int { min(size.height - 2, 16) }

  func layOut(_ size: Size) { list.setViewport(max(height(size) - 3, 1)) }

  func draw(_ canvas: inout Canvas) {
    let width = min(canvas.size.width, 72)
    let height = height(canvas.size)
    guard height >= 3, let navigator = context.navigator else { return }
    let frame = Rect(x: (canvas.size.width - width) / 2, y: 1, width: width, height: height)
    canvas.fill(frame, role: .popup)
    canvas.box(frame, title: "Commands")
    canvas.put("> ", x: frame.x + 2, y: frame.y + 1, role: .accent)
    var editor = editor
    editor.draw(in: &canvas, x: frame.x + 4, y: frame.y + 1, width: frame.width - 6)
    if matches.isEmpty { canvas.put("No command fits.", x: frame.x + 4, y: frame.y + 2, role: .dim) }
    for (index, action) in matches.dropFirst(list.offset).prefix(list.viewport).enumerated() {
      let y = frame.y + 2 + index
      let isSelected = list.offset + index == list.selected
      let key = context.keyMap.keys(for: action.id).first?.label(context.glyphs) ?? ""
      if isSelected { canvas.put(context.glyphs.pointer, x: frame.x + 2, y: y, role: .accent) }
      let keyWidth = DisplayWidth.of(key)
      canvas.put(
        action.summary, x: frame.x + 4, y: y,
        role: navigator.disabledReason(action.id) != nil ? .dim : isSelected ? .selection : .text,
        maxWidth: frame.width - keyWidth - 8)
      canvas.put(key, x: frame.maxX - keyWidth - 2, y: y, role: .hintKey)
    }
    if let selected, let reason = navigator.disabledReason(selected.id) {
      // On the frame's lower edge: the row goes on saying what the command is.
      canvas.put(" \(reason) ", x: frame.x + 2, y: frame.maxY - 1, role: .warning, maxWidth: frame.width - 4)
    }
    Window.tint(&canvas, frame)
  }
}
