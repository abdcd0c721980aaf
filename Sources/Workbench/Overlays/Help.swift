import Foundation
import Terminal

/// Every key, grouped by screen, the one that is open first; with a search, those whose line holds its words. Never cut:
/// what does not fit is scrolled to.
final class HelpOverlay: Overlay {
  private typealias Line = (isHeading: Bool, key: String, words: String)

  /// What is searched for; `nil` while nothing is.
  private(set) var search: String?
  private var scroll = ScrollPosition()
  private let screen: ScreenID
  private let context: ScreenContext
  private var lines: [Line] = []
  private var frame = Rect(x: 0, y: 0, width: 0, height: 0)

  private static let keyColumn = 16

  init(_ context: ScreenContext, on screen: ScreenID) {
    self.context = context
    self.screen = screen
  }

  private var shown: Int { max(frame.height - 2, 0) }
  private var limit: Int { max(lines.count - shown, 0) }

  func handle(_ key: Key) -> OverlayOutcome {
    // While something is searched for, letters are typed.
    if search == nil || !key.isCharacter,
      scroll.handle(key, page: max(context.size.height - 6, 1), limit: limit)
    {
      return .stays
    }
    guard let search else {
      if key != .character("/") { return .closes }
      find("")
      return .stays
    }
    switch key {
    case .escape: find(nil)
    case .backspace: find(search.isEmpty ? nil : String(search.dropLast()))
    case .character(let character): find(search + String(character))
    default: break
    }
    return .stays
  }

  private func find(_ text: String?) {
    search = text
    scroll = ScrollPosition()
    layOut(context.size)
  }

  var hints: [(key: String, title: String)] {
    search == nil
      ? [(context.glyphs.arrowKeys, "scroll"), ("/", "find"), ("esc", "close")]
      : [(context.glyphs.arrowKeys, "scroll"), ("esc", "all keys")]
  }

  func layOut(_ size: Size) {
    frame = Window.tall(size)
    let width = max(frame.width - 4 - Self.keyColumn, 8)
    lines = content.flatMap { line -> [Line] in
      let wrapped = TextLayout.wrap(line.words, width: width)
      if wrapped.count <= 1 || line.isHeading { return [line] }
      return wrapped.enumerated().map { (false, $0 == 0 ? line.key : "", $1) }
    }
  }

  private var content: [Line] {
    let search = search.flatMap { $0.isEmpty ? nil : $0 }
    func fits(_ action: Action) -> Bool {
      guard let search else { return true }
      return [action.title, action.summary, action.id.rawValue].contains { $0.localizedCaseInsensitiveContains(search) }
    }
    func order(_ place: ActionTable.Place) -> Int { place.screen == screen ? 0 : place.screen == nil ? 1 : 2 }
    var lines: [Line] = []
    for place in ActionTable.places.enumerated().sorted(by: { (order($0.1), $0.0) < (order($1.1), $1.0) }).map(\.1) {
      let actions = place.actions.filter(fits)
      if actions.isEmpty, search != nil { continue }
      if !lines.isEmpty { lines.append((false, "", "")) }
      lines.append((true, "", place.heading))
      for action in actions {
        let keys = context.keyMap.keys(for: action.id).map { $0.label(context.glyphs) }.joined(separator: " ")
        lines.append((false, keys, action.summary))
      }
    }
    return lines
  }

  func draw(_ canvas: inout Canvas) {
    canvas.fill(frame, role: .popup)
    let offset = min(scroll.offset, limit)
    let mark = Window.scrollMark(offset, shown, of: lines.count, context.glyphs)
    canvas.box(frame, title: search.map { "Keys with: \($0)_" } ?? "Keys\(mark), / finds")
    if lines.isEmpty { canvas.put("No key's line holds that.", x: frame.x + 2, y: frame.y + 1, role: .dim) }
    for (index, line) in lines.dropFirst(offset).prefix(shown).enumerated() {
      let y = frame.y + 1 + index
      if line.isHeading {
        canvas.put(line.words, x: frame.x + 2, y: y, role: .title)
      } else {
        canvas.put(line.key, x: frame.x + 2, y: y, role: .hintKey, maxWidth: Self.keyColumn - 1)
        canvas.put(
          line.words, x: frame.x + 2 + Self.keyColumn, y: y, role: .text, maxWidth: frame.width - Self.keyColumn - 4)
      }
    }
    Window.tint(&canvas, frame)
  }
}

extension Key {
  var isCharacter: Bool { if case .character = self { true } else { false } }
}
