import DeepCriticCore
import Terminal

/// A few lines over the screen, each with the key that does what it says.
final class CardOverlay: Overlay {
  struct Line {
    var key: Key
    var words: String
    /// What the key does, for the hints.
    var verb: String
    var act: () throws -> Void
  }

  let title: String
  private var text: [String]
  private var lines: [Line]
  /// What is still being found out, and what to make of it.
  private var following: (take: () -> Bool, isBusy: () -> Bool, wait: () -> Void)?
  /// What other keys do: what they always do, or nothing.
  private let passesOthers: Bool
  private let context: ScreenContext
  private var frame = Rect(x: 0, y: 0, width: 0, height: 0)

  init(_ context: ScreenContext, title: String, text: [String] = [], lines: [Line], passesOthers: Bool) {
    self.context = context
    self.title = title
    self.text = text
    self.lines = lines
    self.passesOthers = passesOthers
  }

  /// Takes in what is found out beside it.
  func follow<Value: Sendable>(
    _ reading: BackgroundReading<Value>, _ make: @escaping (Value) -> (text: [String], lines: [Line])
  ) {
    reading.start()
    let take = { [unowned self] in
      guard let outcome = reading.take() else { return false }
      following = nil
      if case .success(let value) = outcome { (text, lines) = make(value) }
      return true
    }
    following = (take, { reading.isWorking || reading.hasOutcome }, { reading.wait() })
  }

  func refresh() -> Bool { following?.take() ?? false }

  var isBusy: Bool { following?.isBusy() ?? false }

  func settle() {
    following?.wait()
    _ = refresh()
  }

  func handle(_ key: Key) -> OverlayOutcome {
    if key == .escape || key == .control("g") { return .closes }
    if key == .control("c"), !passesOthers { return .closes }
    guard let line = lines.first(where: { $0.key == key }) else { return passesOthers ? .passes : .stays }
    context.navigator?.overlay = nil
    context.messages.current = nil
    context.navigator?.attempt(line.act)
    return .stays
  }

  var hints: [(key: String, title: String)] {
    lines.map { ($0.key.label(context.glyphs), $0.verb) } + [("esc", "close")]
  }

  /// The lines, broken to a width, with the key of each in its first row.
  private func rows(_ width: Int) -> [(key: String, words: String)] {
    let keys = keyWidth
    var rows = text.flatMap { TextLayout.wrap(TextSafety.line($0), width: max(width, 8)) }.map { ("", $0) }
    if !rows.isEmpty, !lines.isEmpty { rows.append(("", "")) }
    for line in lines {
      for (index, words) in TextLayout.wrap(TextSafety.line(line.words), width: max(width - keys, 8)).enumerated() {
        rows.append((index == 0 ? line.key.label(context.glyphs) : " ", words))
      }
    }
    return rows
  }

  private var keyWidth: Int { (lines.map { DisplayWidth.of($0.key.label(context.glyphs)) }.max() ?? 0) + 2 }

  func layOut(_ size: Size) {
    let width = min(size.width, 76)
    let height = min(rows(width - 6).count + 2, max(size.height - Chrome.footerHeight, 1))
    frame = Rect(
      x: (size.width - width) / 2, y: max((size.height - height) / 3, 0), width: width, height: height)
  }

  func draw(_ canvas: inout Canvas) {
    guard frame.width >= 20, frame.height >= 3 else { return }
    canvas.fill(frame, role: .popup)
    canvas.box(frame, title: title)
    for (index, row) in rows(frame.width - 6).prefix(frame.height - 2).enumerated() {
      let y = frame.y + 1 + index
      let x = frame.x + 3
      if row.key.isEmpty {
        canvas.put(row.words, x: x, y: y, role: .text, maxWidth: frame.width - 5)
      } else {
        canvas.put(row.key, x: x, y: y, role: .hintKey)
        canvas.put(row.words, x: x + keyWidth, y: y, role: .text, maxWidth: frame.width - keyWidth - 5)
      }
    }
    Window.tint(&canvas, frame)
  }

  func describe() -> [String] { [title + ":"] + text + lines.map { "\($0.key.label(context.glyphs)): \($0.words)" } }
}
