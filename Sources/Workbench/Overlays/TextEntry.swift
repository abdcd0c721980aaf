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
  /// Saving was tried in vain: what was written stays a draft.
  private var hasFailed = false
  private let draft: DraftKeeper?
  private let preview: TextPreview?
  private var rect = Rect(x: 0, y: 0, width: 0, height: 0)
  private let context: ScreenContext

  /// - Parameters:
  ///   - original: the text as it is stored, where another is opened.
  ///   - draft: writes down what is typed.
  ///   - showsPreview: the text is shown laid out too, where there is room.
  init(
    _ context: ScreenContext, title: String, text: String, original: String? = nil, cursorAtEnd: Bool = false,
    draft: DraftKeeper? = nil, showsPreview: Bool = false, frame: @escaping (Size) -> Rect,
    save: @escaping (String) -> Bool
  ) {
    self.context = context
    self.title = title
    area = TextArea(text: text)
    self.original = original ?? text
    self.frame = frame
    self.save = save
    self.draft = draft
    preview = showsPreview ? TextPreview(ascii: !context.glyphs.isUnicode) : nil
    if cursorAtEnd { area.moveCursor(to: text.count) }
  }

  private var isChanged: Bool { area.text != original }

  func handle(_ key: Key) -> OverlayOutcome {
    let before = area.revision
    defer { if area.revision != before { draft?.changed() } }
    let wasLeaving = isLeaving
    isLeaving = false
    if context.messages.current?.kind != .error { context.messages.current = nil }
    switch key {
    case .control("s"), .alt("\r"):
      hasFailed = !save(area.text)
      return hasFailed ? .stays : .closes
    case .control("e"):
      // The window stays open below the editor: nothing is lost when that fails.
      context.navigator?.edit(area.text) { [self] written in
        hasFailed = !save(written)
        if !hasFailed {
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
        if !hasFailed { draft?.discard() }
        context.say(.info, hasFailed ? "The text stays a draft." : "Nothing changed.")
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
    draft?.changed()
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
          + "\(Key.control("e").label(context.glyphs)) continues in $EDITOR.")
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

  func refresh() -> Bool {
    draft?.refresh { area.text }
    return preview?.refresh() ?? false
  }

  var isBusy: Bool { draft?.isDue == true || preview?.isBusy == true }

  func settle() { preview?.settle() }

  func release() { if draft?.isDue == true { draft?.keep(area.text) } }

  /// Where the text is written, and where it is shown laid out: beside it in a wide or a low window, else below it.
  private var parts: (text: Rect, preview: Rect?) {
    let inner = rect.inset(dx: 2, dy: 1)
    guard preview != nil else { return (inner, nil) }
    if inner.width >= 100 || (inner.height < 12 && inner.width >= 60) {
      let width = inner.width / 2 - 1
      return (
        Rect(x: inner.x, y: inner.y, width: width, height: inner.height),
        Rect(x: inner.x + width + 3, y: inner.y, width: inner.width - width - 3, height: inner.height)
      )
    }
    guard inner.height >= 9 else { return (inner, nil) }
    let height = (inner.height - 1) / 2
    return (inner.splitBottom(height + 1).rest, inner.splitBottom(height).bottom)
  }

  func layOut(_ size: Size) {
    rect = frame(size)
    if let width = parts.preview?.width { preview?.show({ area.text }, revision: area.revision, width: width) }
  }

  func draw(_ canvas: inout Canvas) {
    canvas.fill(rect, role: .popup)
    guard rect.width >= 8, rect.height >= 3 else {
      area.draw(in: &canvas, rect)
      return
    }
    canvas.box(rect, title: title + (isChanged ? " (changed)" : ""))
    let parts = parts
    area.draw(in: &canvas, parts.text)
    if let shown = parts.preview { drawPreview(&canvas, shown) }
    let place = area.position
    let words = " line \(place.line) of \(area.lineCount), column \(place.column) "
    canvas.put(words, x: max(rect.maxX - DisplayWidth.of(words) - 2, rect.x), y: rect.maxY - 1, role: .dim)
    Window.tint(&canvas, rect)
  }

  /// The part of the preview that the cursor is in.
  private func drawPreview(_ canvas: inout Canvas, _ shown: Rect) {
    if shown.y > rect.y + 1 {
      canvas.hline(x: rect.x + 1, y: shown.y - 1, width: rect.width - 2)
      canvas.put(" preview ", x: shown.x, y: shown.y - 1, role: .dim)
    } else {
      for y in shown.y..<shown.maxY { canvas.put(context.glyphs.vertical, x: shown.x - 2, y: y, role: .border) }
      canvas.put(" preview ", x: rect.maxX - 11, y: rect.y, role: .dim)
    }
    let lines = preview?.lines ?? []
    let place = area.position
    let line = (place.line - 1) * lines.count / max(area.lineCount, 1)
    let share = area.lineCount == 1 ? area.cursor * lines.count / max(area.count, 1) : line
    let offset = min(max(share - shown.height / 2, 0), max(lines.count - shown.height, 0))
    for (row, line) in lines.dropFirst(offset).prefix(shown.height).enumerated() {
      canvas.put(line, x: shown.x, y: shown.y + row, role: .text, maxWidth: shown.width)
    }
  }
}
