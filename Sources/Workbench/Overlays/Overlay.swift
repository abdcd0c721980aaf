import Terminal

/// What becomes of an overlay after a key.
enum OverlayOutcome: Sendable, Equatable {
  case stays
  case closes
  /// It is closed, and the key means what it means on the screen.
  case passes
}

/// Something that lies over the screen and takes the keys: help, a palette, a line to type into.
protocol Overlay: AnyObject {
  func handle(_ key: Key) -> OverlayOutcome
  /// Takes pasted text.
  ///
  /// - Returns: `false` when there is no line to take it.
  func paste(_ text: String) -> Bool
  /// A click beside the window.
  func clickOutside() -> OverlayOutcome
  /// Fits it to the screen. Called before each ``draw(_:)``.
  func layOut(_ size: Size)
  func draw(_ canvas: inout Canvas)
  /// Takes over what was worked out beside it.
  ///
  /// - Returns: whether it looks different now.
  func refresh() -> Bool
  /// Something is running in it that it follows.
  var isBusy: Bool { get }
  /// Waits for what is worked out beside it.
  func settle()
  /// The program ends while it is open.
  func release()
  /// Its keys, for the last row.
  var hints: [(key: String, title: String)] { get }
  var isInStatusLine: Bool { get }
  func describe() -> [String]
}

extension Overlay {
  func paste(_ text: String) -> Bool { false }
  func clickOutside() -> OverlayOutcome { .closes }
  func layOut(_ size: Size) {}
  func draw(_ canvas: inout Canvas) {}
  func refresh() -> Bool { false }
  var isBusy: Bool { false }
  func settle() {}
  func release() {}
  var isInStatusLine: Bool { false }
  func describe() -> [String] { [] }
}

/// Windows over the screen.
enum Window {
  /// A window for much text: nearly as high as the screen, as wide as one reads.
  static func tall(_ size: Size) -> Rect {
    let width = min(size.width, 84)
    let height = max(min(size.height, size.height - 2), 1)
    return Rect(x: (size.width - width) / 2, y: (size.height - height) / 2, width: width, height: height)
  }

  /// "3–9/20, arrows scroll" where not all lines show.
  static func scrollMark(_ offset: Int, _ shown: Int, of count: Int, _ glyphs: Glyphs) -> String {
    count > shown
      ? " \(offset + 1)\(glyphs.rangeDash)\(min(offset + shown, count))/\(count), arrows scroll" : ""
  }

  /// Gives what was drawn in a window the window's background.
  static func tint(_ canvas: inout Canvas, _ frame: Rect) {
    let background = canvas.theme[.popup].background
    let plain = canvas.theme[.text].background
    canvas.restyle(frame) { style in
      if style.background != plain { return style }
      var style = style
      style.background = background
      return style
    }
  }
}

/// A window whose text is scrolled.
struct ScrollPosition {
  var offset = 0

  /// Moves by a key.
  ///
  /// - Returns: `false` for a key that does not scroll.
  mutating func handle(_ key: Key, page: Int, limit: Int) -> Bool {
    switch key {
    case .up, .character("k"): offset = max(min(offset, limit) - 1, 0)
    case .down, .character("j"): offset = min(offset + 1, limit)
    case .pageUp: offset = max(min(offset, limit) - page, 0)
    case .pageDown, .character(" "): offset = min(offset + page, limit)
    case .control("d"): offset = min(offset + max(page / 2, 1), limit)
    case .control("u"): offset = max(min(offset, limit) - max(page / 2, 1), 0)
    case .home, .character("g"): offset = 0
    case .end, .character("G"): offset = limit
    default: return false
    }
    return true
  }
}

extension Glyphs {
  var arrowKeys: String { isUnicode ? "↑↓" : "up down" }
}
