/// Which row of a list is selected and which rows show.
public struct ListState: Hashable, Sendable {
  /// Rows in the list.
  public private(set) var count: Int
  /// The selected row; nil only when there is none.
  public private(set) var selected: Int?
  /// The first row that shows.
  public private(set) var offset: Int
  /// Rows that fit.
  public private(set) var viewport: Int
  /// Rows kept visible above and below the selection, where there is room.
  public var margin: Int

  /// A list with its first row selected.
  public init(count: Int = 0, viewport: Int = 1, margin: Int = 2) {
    self.count = max(0, count)
    self.viewport = max(0, viewport)
    self.margin = max(0, margin)
    selected = count > 0 ? 0 : nil
    offset = 0
  }

  /// The rows that show.
  public var visible: Range<Int> { offset..<min(count, offset + viewport) }

  /// Takes over a new number of rows; the selection stays, or moves to the last row.
  public mutating func setCount(_ count: Int) {
    self.count = max(0, count)
    if self.count == 0 { selected = nil } else { selected = min(selected ?? 0, self.count - 1) }
    ensureVisible()
  }

  /// Takes over a new height.
  public mutating func setViewport(_ rows: Int) {
    viewport = max(0, rows)
    ensureVisible()
  }

  /// Selects a row; a number outside becomes the nearest.
  public mutating func select(_ row: Int) {
    guard count > 0 else { return }
    selected = min(max(0, row), count - 1)
    ensureVisible()
  }

  /// Moves the selection; stops at the ends.
  /// - Returns: whether it moved.
  @discardableResult
  public mutating func move(by rows: Int) -> Bool {
    guard let selected else { return false }
    let (target, overflow) = selected.addingReportingOverflow(rows)
    select(overflow ? (rows > 0 ? count - 1 : 0) : target)
    return self.selected != selected
  }

  /// Moves the selection by screenfuls, one row less than the viewport each.
  @discardableResult
  public mutating func page(by pages: Int) -> Bool { move(by: pages * max(1, viewport - 1)) }

  /// Selects the first row.
  public mutating func home() { select(0) }

  /// Selects the last row.
  public mutating func end() { select(count - 1) }

  /// Scrolls as little as needed to show the selection with its margin.
  public mutating func ensureVisible() {
    guard let selected, viewport > 0 else {
      offset = min(max(0, offset), max(0, count - 1))
      return
    }
    let margin = min(margin, (viewport - 1) / 2)
    if selected - margin < offset { offset = selected - margin }
    if selected + margin >= offset + viewport { offset = selected + margin - viewport + 1 }
    offset = min(max(0, offset), max(0, count - viewport))
  }

  /// Handles the keys every list knows: cursor keys, page keys, home and end.
  /// - Returns: whether it was one of them.
  public mutating func handle(_ key: Key) -> Bool {
    switch key {
    case .up: move(by: -1)
    case .down: move(by: 1)
    case .pageUp: page(by: -1)
    case .pageDown: page(by: 1)
    case .home: home()
    case .end: end()
    default: return false
    }
    return true
  }

  /// `3/88`, or empty for an empty list.
  public var positionText: String { selected.map { "\($0 + 1)/\(count)" } ?? "" }
}

/// Which part of a text shows.
public struct ScrollState: Hashable, Sendable {
  /// The first line that shows.
  public private(set) var offset: Int
  /// Lines of the text.
  public private(set) var contentHeight: Int
  /// Lines that fit.
  public private(set) var viewport: Int

  /// A text at its beginning.
  public init(contentHeight: Int = 0, viewport: Int = 1) {
    self.contentHeight = max(0, contentHeight)
    self.viewport = max(0, viewport)
    offset = 0
  }

  /// The largest offset that still fills the viewport.
  public var maximumOffset: Int { max(0, contentHeight - viewport) }
  /// Whether lines are hidden above.
  public var hasAbove: Bool { offset > 0 }
  /// Whether lines are hidden below.
  public var hasBelow: Bool { offset < maximumOffset }
  /// The lines that show.
  public var visible: Range<Int> { offset..<min(contentHeight, offset + viewport) }

  /// Takes over new extents; the offset stays valid.
  public mutating func update(contentHeight: Int, viewport: Int) {
    self.contentHeight = max(0, contentHeight)
    self.viewport = max(0, viewport)
    scroll(to: offset)
  }

  /// Scrolls to a line.
  /// - Returns: whether the offset changed.
  @discardableResult
  public mutating func scroll(to line: Int) -> Bool {
    let before = offset
    offset = min(max(0, line), maximumOffset)
    return offset != before
  }

  /// Scrolls by lines.
  @discardableResult
  public mutating func scroll(by lines: Int) -> Bool { scroll(to: offset + lines) }

  /// Scrolls by screenfuls, with one line of overlap.
  @discardableResult
  public mutating func page(by pages: Int) -> Bool { scroll(by: pages * max(1, viewport - 1)) }

  /// Scrolls as little as needed to show a line.
  public mutating func reveal(_ line: Int) {
    if line < offset { scroll(to: line) } else if line >= offset + viewport { scroll(to: line - viewport + 1) }
  }

  /// `12–30/88`; empty when everything shows.
  public func positionText(_ glyphs: Glyphs = .unicode) -> String {
    guard contentHeight > viewport, viewport > 0 else { return "" }
    return "\(offset + 1)\(glyphs.rangeDash)\(visible.upperBound)/\(contentHeight)"
  }
}
