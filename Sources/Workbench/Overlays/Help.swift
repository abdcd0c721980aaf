import Foundation
import Terminal

/// Every key by topic, those of the open screen first, in as many columns as there is room for. What is selected can be done
/// from here; with a search, only commands that hold its words are listed.
final class HelpOverlay: Overlay {
  private struct Line {
    var words = ""
    var keys = ""
    /// The command whose first line it is.
    var action: ActionID?
    var isHeading = false
    /// It can be done now.
    var isEnabled = true
  }

  /// What is searched for; `nil` while nothing is.
  private(set) var search: String?
  private let screen: ScreenID
  private let context: ScreenContext
  private var lines: [Line] = []
  private var selected = 0
  private var offset = 0
  private var columns = 1
  private var frame = Rect(x: 0, y: 0, width: 0, height: 0)

  private static let keyColumn = 15

  init(_ context: ScreenContext, on screen: ScreenID) {
    self.context = context
    self.screen = screen
  }

  private var height: Int { max(frame.height - 2, 1) }
  private var shown: Int { height * columns }
  private var columnWidth: Int { (frame.width - 4) / columns }

  // MARK: - Keys

  func handle(_ key: Key) -> OverlayOutcome {
    switch key {
    case .up: move(by: -1)
    case .down: move(by: 1)
    case .pageUp: move(by: -height)
    case .pageDown: move(by: height)
    case .control("u"): move(by: -height / 2)
    case .control("d"): move(by: height / 2)
    case .home: move(by: -lines.count)
    case .end: move(by: lines.count)
    case .enter: return perform()
    default: return search == nil ? handleLetter(key) : handleTyped(key)
    }
    return .stays
  }

  private func handleLetter(_ key: Key) -> OverlayOutcome {
    switch key {
    case .character("k"): move(by: -1)
    case .character("j"): move(by: 1)
    case .character(" "): move(by: height)
    case .character("g"): move(by: -lines.count)
    case .character("G"): move(by: lines.count)
    case .character("/"): find("")
    default: return .closes
    }
    return .stays
  }

  private func handleTyped(_ key: Key) -> OverlayOutcome {
    let text = search ?? ""
    switch key {
    case .escape: find(nil)
    case .backspace: find(text.isEmpty ? nil : String(text.dropLast()))
    case .character(let character): find(text + String(character))
    default: break
    }
    return .stays
  }

  func paste(_ text: String) -> Bool {
    guard let search else { return false }
    find(search + TextSafety.line(text))
    return true
  }

  /// Goes to the command some lines further on, or to the nearest there is.
  private func move(by delta: Int) {
    let places = lines.indices.filter { lines[$0].action != nil }
    guard let now = places.firstIndex(of: selected) else { return }
    if abs(delta) == 1 {
      selected = places[min(max(now + delta, 0), places.count - 1)]
    } else {
      let target = selected + delta
      selected = places.min { abs($0 - target) < abs($1 - target) } ?? selected
    }
    showSelected()
  }

  private func showSelected() {
    // The heading above the first command is seen too.
    if selected <= offset + 1 { offset = max(selected - 1, 0) }
    if selected >= offset + shown { offset = selected - shown + 1 }
    offset = min(max(offset, 0), max(lines.count - shown, 0))
  }

  private func perform() -> OverlayOutcome {
    guard lines.indices.contains(selected), let id = lines[selected].action, let navigator = context.navigator else {
      return .stays
    }
    navigator.overlay = nil
    navigator.perform(id)
    return .stays
  }

  private func find(_ text: String?) {
    search = text
    (selected, offset) = (0, 0)
    layOut(context.size)
  }

  var hints: [(key: String, title: String)] {
    let keys = [(context.glyphs.arrowKeys, "select"), ("enter", "do it")]
    return keys + (search == nil ? [("/", "find"), ("esc", "close")] : [("esc", "all keys")])
  }

  // MARK: - What is listed

  func layOut(_ size: Size) {
    columns = size.width >= 190 ? 3 : size.width >= 110 ? 2 : 1
    let width = columns == 1 ? min(size.width, 84) : min(size.width, columns * 66 + 4)
    let height = max(min(size.height, size.height - 2), 1)
    frame = Rect(x: (size.width - width) / 2, y: (size.height - height) / 2, width: width, height: height)
    let room = max(columnWidth - Self.keyColumn - 2, 8)
    lines = sections.flatMap { heading, actions -> [Line] in
      var lines = [Line(words: heading, isHeading: true)]
      for action in actions {
        let keys = context.keyMap.keys(for: action.id).map { $0.label(context.glyphs) }.joined(separator: " ")
        let isEnabled = context.navigator?.disabledReason(action.id) == nil
        for (row, words) in TextLayout.wrap(action.summary, width: room).enumerated() {
          lines.append(
            Line(
              words: words, keys: row == 0 ? keys : "", action: row == 0 ? action.id : nil, isEnabled: isEnabled))
        }
      }
      return lines + [Line()]
    }
    if lines.last?.words.isEmpty == true { lines.removeLast() }
    if !lines.indices.contains(selected) || lines[selected].action == nil {
      selected = lines.firstIndex { $0.action != nil } ?? 0
    }
    showSelected()
  }

  /// What can be done here by topic, then what belongs to the screen, then the other screens.
  private var sections: [(heading: String, actions: [Action])] {
    func fits(_ action: Action) -> Bool {
      guard let search, !search.isEmpty else { return true }
      return [action.title, action.summary, action.id.rawValue].contains { $0.localizedCaseInsensitiveContains(search) }
    }
    let places = ActionTable.places
    let here = places.filter { $0.screen == screen || $0.screen == nil }.flatMap(\.actions)
    var sections = Topic.allCases.map { topic in (topic.rawValue, here.filter { Topic($0.id) == topic }) }
    let own = here.filter { Topic($0.id) == nil }
    if let place = places.first(where: { $0.screen == screen }) { sections.insert((place.heading, own), at: 0) }
    let known = Set(here.map(\.id))
    for place in places where place.screen != screen && place.screen != nil {
      sections.append((place.heading, place.actions.filter { !known.contains($0.id) }))
    }
    return sections.map { ($0.0, $0.1.filter(fits)) }.filter { !$0.1.isEmpty }
  }

  // MARK: - Drawing

  func draw(_ canvas: inout Canvas) {
    canvas.fill(frame, role: .popup)
    let mark = Window.scrollMark(offset, shown, of: lines.count, context.glyphs)
    canvas.box(frame, title: search.map { "Keys with: \($0)_" } ?? "Keys\(mark), / finds")
    if lines.isEmpty { canvas.put("No command matches.", x: frame.x + 2, y: frame.y + 1, role: .dim) }
    for (index, line) in lines.dropFirst(offset).prefix(shown).enumerated() {
      let x = frame.x + 2 + index / height * columnWidth
      let y = frame.y + 1 + index % height
      if line.isHeading {
        canvas.put(line.words, x: x, y: y, role: .title, maxWidth: columnWidth - 1)
        continue
      }
      let isSelected = offset + index == selected
      if isSelected { canvas.put(context.glyphs.pointer, x: x - 1, y: y, role: .accent) }
      canvas.put(line.keys, x: x, y: y, role: .hintKey, maxWidth: Self.keyColumn - 1)
      canvas.put(
        line.words, x: x + Self.keyColumn, y: y, role: isSelected ? .selection : line.isEnabled ? .text : .dim,
        maxWidth: columnWidth - Self.keyColumn - 1)
    }
    if lines.indices.contains(selected), let id = lines[selected].action,
      let reason = context.navigator?.disabledReason(id)
    {
      canvas.put(" \(reason) ", x: frame.x + 2, y: frame.maxY - 1, role: .warning, maxWidth: frame.width - 4)
    }
    Window.tint(&canvas, frame)
  }
}
