import DeepCriticCore
import Foundation
import Terminal

/// The command palette: what is typed, and the solutions and commands that match.
final class PaletteOverlay: Overlay {
  enum Entry {
    case action(Action)
    case solution(id: Int64, name: String)
  }

  private(set) var editor = LineEditor()
  /// What matches, the best first.
  private(set) var matches: [Entry]
  private(set) var list = ListState()
  private let choices: [Action]
  private let context: ScreenContext
  private static let nameWidth = 20

  init(_ context: ScreenContext, _ actions: [Action]) {
    self.context = context
    choices = actions.filter { $0.id != .palette }
    matches = choices.map(Entry.action)
    list.setCount(matches.count)
  }

  /// The selected command.
  var selected: Action? { if case .action(let action) = list.selected(of: matches) { action } else { nil } }

  func handle(_ key: Key) -> OverlayOutcome {
    switch key {
    case .escape, .control("c"), .control("g"): return .closes
    case .enter where matches.isEmpty: break
    case .enter:
      context.navigator?.overlay = nil
      switch list.selected(of: matches) {
      case .action(let action): context.navigator?.perform(action.id)
      case .solution(let id, let name): context.navigator?.go(to: id, name: name)
      case nil: break
      }
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

  /// Finds what matches again after typing.
  private func update() {
    let query = editor.text.trimmingCharacters(in: .whitespaces)
    let actions = Self.actions(query, of: choices)
    // A solution named in full is meant; the beginning of a name gives way to commands of that name.
    let named = (try? context.session.workspace.solutions(named: query)) ?? []
    func entries(_ isExact: Bool) -> [Entry] {
      named.filter { $0.isExact == isExact }.map { .solution(id: $0.id, name: $0.name) }
    }
    let isCommand = choices.contains { Self.names($0).contains { $0.hasPrefix(query.lowercased()) } }
    let commands = actions.map(Entry.action)
    matches = entries(true) + (isCommand ? commands + entries(false) : entries(false) + commands)
    list.setCount(matches.count)
    list.select(0)
  }

  private static func names(_ action: Action) -> [String] {
    [action.title.lowercased(), action.id.rawValue.lowercased()]
  }

  /// Commands whose name begins with a text, then those that hold it; scattered letters count only where nothing does.
  private static func actions(_ query: String, of choices: [Action]) -> [Action] {
    guard !query.isEmpty else { return choices }
    let text = query.lowercased()
    func rank(_ action: Action) -> Int? {
      let names = names(action)
      if names.contains(text) { return 0 }
      if names.contains(where: { $0.hasPrefix(text) }) { return 1 }
      if names.contains(where: { $0.contains(text) }) { return 2 }
      let words = action.summary.lowercased()
      if words.hasPrefix(text) || words.contains(" " + text) { return 3 }
      return words.contains(text) ? 4 : nil
    }
    let held = choices.enumerated().compactMap { place, action in rank(action).map { (action, $0, place) } }
    if !held.isEmpty { return held.sorted { ($0.1, $0.2) < ($1.1, $1.2) }.map(\.0) }
    return
      choices.compactMap { action -> (Action, Int)? in
        [action.title, action.summary, action.id.rawValue].compactMap { FuzzyMatcher.score(query, $0)?.score }.max()
          .map { (action, $0) }
      }
      .sorted { $0.1 > $1.1 }.map(\.0)
  }

  var hints: [(key: String, title: String)] {
    [(context.glyphs.arrowKeys, "choose"), ("enter", "do it"), ("esc", "close")]
  }

  private func height(_ size: Size) -> Int { min(size.height - 2, size.height >= 36 ? 26 : 16) }

  func layOut(_ size: Size) { list.setViewport(max(height(size) - 3, 1)) }

  func draw(_ canvas: inout Canvas) {
    let width = min(canvas.size.width, 96)
    let height = height(canvas.size)
    guard height >= 3, let navigator = context.navigator else { return }
    let frame = Rect(x: (canvas.size.width - width) / 2, y: 1, width: width, height: height)
    canvas.fill(frame, role: .popup)
    canvas.box(frame, title: "Commands, or a solution's number or name")
    canvas.put("> ", x: frame.x + 2, y: frame.y + 1, role: .accent)
    var editor = editor
    editor.draw(in: &canvas, x: frame.x + 4, y: frame.y + 1, width: frame.width - 6)
    if matches.isEmpty {
      canvas.put("No command or solution matches.", x: frame.x + 4, y: frame.y + 2, role: .dim)
    }
    for (index, entry) in matches.dropFirst(list.offset).prefix(list.viewport).enumerated() {
      let y = frame.y + 2 + index
      let isSelected = list.offset + index == list.selected
      if isSelected { canvas.put(context.glyphs.pointer, x: frame.x + 2, y: y, role: .accent) }
      draw(entry, &canvas, frame, y: y, isSelected: isSelected, navigator)
    }
    if let selected, let reason = navigator.disabledReason(selected.id) {
      // On the frame's lower edge: the row still shows the command.
      canvas.put(" \(reason) ", x: frame.x + 2, y: frame.maxY - 1, role: .warning, maxWidth: frame.width - 4)
    }
    Window.tint(&canvas, frame)
  }

  private func draw(
    _ entry: Entry, _ canvas: inout Canvas, _ frame: Rect, y: Int, isSelected: Bool, _ navigator: Navigator
  ) {
    let x = frame.x + 4
    let role: StyleRole = isSelected ? .selection : .text
    switch entry {
    case .solution(let id, let name):
      canvas.put("go to", x: x, y: y, role: role)
      canvas.put(
        "\(name), #\(id)", x: x + Self.nameWidth, y: y, role: .text, maxWidth: frame.width - Self.nameWidth - 6)
    case .action(let action):
      let isDisabled = navigator.disabledReason(action.id) != nil
      let key = context.keyMap.keys(for: action.id).first?.label(context.glyphs) ?? ""
      let keyWidth = DisplayWidth.of(key)
      canvas.put(action.title, x: x, y: y, role: isDisabled ? .dim : role, maxWidth: Self.nameWidth - 1)
      canvas.put(
        action.summary, x: x + Self.nameWidth, y: y, role: isDisabled ? .dim : .text,
        maxWidth: frame.width - Self.nameWidth - keyWidth - 8)
      canvas.put(key, x: frame.maxX - keyWidth - 2, y: y, role: .hintKey)
    }
  }
}

extension Navigator {
  /// Opens a solution that was named, also one that is not listed, which is said.
  func go(to id: Int64, name: String) {
    attempt {
      guard try review(id), services.queue.index(of: id) == nil else { return }
      let queue = services.queue
      let list = queue.subset.map { "'\($0)'" } ?? "the filter '\(queue.filter.text)'"
      say(.info, "\(TextSafety.line(name)) is not in \(list); it is open all the same, and the queue stays as it is.")
    }
  }
}
