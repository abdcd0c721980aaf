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

  /// The selected one of what the rows stand for; nil when there is none.
  public func selected<Item>(of items: [Item]) -> Item? {
    selected.flatMap { items.indices.contains($0) ? items[$0] : nil }
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

  /// `3/88`, or empty for an empty list.
  public var positionText: String { selected.map { "\($0 + 1)/\(count)" } ?? "" }
}
