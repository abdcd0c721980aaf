import DeepCriticCore
import Terminal

/// A text of several lines that is being written in a window over the screen.
final class TextEntryOverlay: Overlay {
  let title: String
  var area: TextArea
  private let original: String
  /// Where the window stands on a screen of a size.
  private let frame: (Size) -> Rect
  /// Saves the text; `false` when that failed, and why was said.
  private let save: (String) -> Bool
  /// Escape was pressed once; again it throws the changes away.
  private var isLeaving = false
  private var rect = Rect(x: 0, y: 0, width: 0, height: 0)
  private let context: ScreenContext

  /// - Parameter original: the text as it is stored, where another is opened.
  init(
    _ context: ScreenContext, title: String, text: String, original: String? = nil, cursorAtEnd: Bool = false,
    frame: @escaping (Size) -> Rect, save: @escaping (String) -> Bool
  ) {
    self.context = context
    self.title = title
    area = TextArea(text: text)
    self.original = original ?? text
    self.frame = frame
    self.save = save
    if cursorAtEnd { area.moveCursor(to: text.count) }
  }

  private var isChanged: Bool { area.text != original }

  func handle(_ key: Key) -> OverlayOutcome {
    let wasLeaving = isLeaving
    isLeaving = false
    if context.messages.current?.kind != .error { context.messages.current = nil }
    switch key {
    case .control("s"), .alt("\r"): return save(area.text) ? .closes : .stays
    case .control("e"):
      // The window stays open below the editor: nothing is lost when that fails.
      context.navigator?.edit(area.text) { [self] written in
        if save(written) {
          context.navigator?.overlay = nil
        } else if TextArea.fits(written) {
          area = TextArea(text: written)
        }
      }
    case .escape, .control("c"), .control("g"):
      if isChanged, !wasLeaving {
        isLeaving = true
        context.say(
          .warning,
          "This is not saved: \(Key.control("s").label(context.glyphs)) saves it, escape again throws it away.")
      } else {
        context.say(.info, "Nothing changed.")
        return .closes
      }
    case .tab: insert("\t")
    case .character(let character): insert(String(character))
    default: _ = area.handle(key, page: rect.height - 3)
    }
    return .stays
  }

  /// Puts pasted text at the cursor, line ends and tabs as they are, hostile characters made visible: nothing hidden is saved.
  func paste(_ text: String) -> Bool {
    isLeaving = false
    insert(
      text.split(separator: "\t", omittingEmptySubsequences: false).map { TextSafety.block(String($0)) }
        .joined(separator: "\t"))
    return true
  }

  private func insert(_ text: String) {
    if !area.insert(text) {
      context.say(
        .warning,
        "The text is as long as this window takes, \(TextArea.limit) characters; the rest was left out. "
          + "\(Key.control("e").label(context.glyphs)) goes on in $EDITOR.")
    }
  }

  // What is written is not lost by a click.
  func clickOutside() -> OverlayOutcome { .stays }

  var hints: [(key: String, title: String)] {
    [
      (Key.control("s").label(context.glyphs), "save"), (Key.control("e").label(context.glyphs), "in $EDITOR"),
      (Key.alt("u").label(context.glyphs), "undo"), ("esc", "leave"),
    ]
  }

  func layOut(_ size: Size) { rect = frame(size) }

  func draw(_ canvas: inout Canvas) {
    canvas.fill(rect, role: .popup)
    guard rect.width >= 8, rect.height >= 3 else {
      area.draw(in: &canvas, rect)
      return
    }
    canvas.box(rect, title: title + (isChanged ? " (changed)" : ""))
    area.draw(in: &canvas, rect.inset(dx: 2, dy: 1))
    let place = area.position
    let words = " line \(place.line) of \(area.lineCount), column \(place.column) "
    canvas.put(words, x: max(rect.maxX - DisplayWidth.of(words) - 2, rect.x), y: rect.maxY - 1, role: .dim)
    Window.tint(&canvas, rect)
  }
}
