import DeepCriticCore
import Terminal

/// Texts in full, as wide as the screen, for which there is no room on it.
final class TextOverlay: Overlay {
  /// A text and what it is.
  typealias Part = (title: String, text: String)

  private let context: ScreenContext
  private let parts: [Part]
  private var lines: [TextLine] = []
  private var scroll = ScrollPosition()
  private var frame = Rect(x: 0, y: 0, width: 0, height: 0)

  init(_ context: ScreenContext, _ parts: [Part]) {
    self.context = context
    self.parts = parts
  }

  private var viewport: Viewport { Viewport(lines, height: max(frame.height - 2, 0)) }

  func handle(_ key: Key) -> OverlayOutcome {
    let viewport = viewport
    let before = min(scroll.offset, viewport.limit)
    guard scroll.handle(key, page: max(viewport.height - 1, 1), limit: viewport.limit) else { return .closes }
    scroll.offset = viewport.moved(from: before, by: scroll.offset - before)
    return .stays
  }

  var hints: [(key: String, title: String)] { [(context.glyphs.arrowKeys, "scroll"), ("esc", "close")] }

  func layOut(_ size: Size) {
    let width = max(size.width - 4, 1)
    lines = []
    for part in parts {
      if !lines.isEmpty { lines.append([]) }
      if parts.count > 1 { lines.append([TextRun(text: part.title, role: .title)]) }
      lines += context.lines(part.text, width: width, in: .step)
    }
    let height = min(lines.count + 2, max(size.height - Chrome.footerHeight, 1))
    frame = Rect(x: 0, y: max((size.height - Chrome.footerHeight - height) / 3, 0), width: size.width, height: height)
  }

  func draw(_ canvas: inout Canvas) {
    guard frame.height >= 3, frame.width >= 12 else { return }
    canvas.fill(frame, role: .popup)
    let viewport = viewport
    let first = min(scroll.offset, viewport.limit)
    let mark = Window.scrollMark(first, viewport.height, of: lines.count, context.glyphs)
    canvas.box(frame, title: (parts.count == 1 ? parts[0].title : "In full") + mark)
    for row in viewport.shown(from: first) {
      canvas.put(lines[row], x: frame.x + 2, y: frame.y + 1 + row - first, role: .text, maxWidth: frame.width - 4)
    }
    Window.tint(&canvas, frame)
  }

  func describe() -> [String] { parts.flatMap { [$0.title + ":", context.spoken($0.text)] } }
}
