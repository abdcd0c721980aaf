/// One cell as read back from a canvas.
public struct Cell: Hashable, Sendable {
  /// What the cell shows; empty for the second half of a wide character.
  public var grapheme: String
  /// How it looks.
  public var style: Style
  /// 1 or 2 columns; 0 for the second half of a wide character.
  public var width: Int

  /// A cell from its parts.
  public init(grapheme: String, style: Style, width: Int) {
    self.grapheme = grapheme
    self.style = style
    self.width = width
  }
}

/// Eight bytes a cell: a scalar (or, with the top bit set, an index into the canvas's clusters), style and width.
struct PackedCell: Equatable {
  var code: UInt32
  private var bits: UInt32

  static let clusterBit: UInt32 = 1 << 31

  init(code: UInt32, style: UInt32, width: Int) {
    self.code = code
    bits = style | UInt32(truncatingIfNeeded: width) << 24
  }

  var style: UInt32 {
    get { bits & 0xFF_FFFF }
    set { bits = bits & 0xFF00_0000 | newValue }
  }
  var width: Int { Int(bits >> 24) }
  var isCluster: Bool { code & Self.clusterBit != 0 }
  var clusterIndex: Int { Int(code & ~Self.clusterBit) }
}

/// A grid of styled cells that views draw into.
///
/// The whole interface is drawn here first, so a screen can be tested as text without a terminal. Drawing outside is
/// clipped, never an error; every string is made safe on the way in.
public struct Canvas: Sendable {
  /// Columns and rows.
  public let size: Size
  /// Where roles get their styles.
  public let theme: Theme
  /// The glyphs frames and ellipses are drawn with.
  public let glyphs: Glyphs
  /// Where the terminal's cursor stands; nil hides it.
  public var cursor: (x: Int, y: Int)?
  var cells: [PackedCell]
  var clusters: [String] = []
  private var clusterIndices: [String: UInt32] = [:]

  /// A blank canvas in the theme's text style.
  public init(size: Size, theme: Theme = .terminal, glyphs: Glyphs = .unicode) {
    self.size = size
    self.theme = theme
    self.glyphs = glyphs
    cells = Array(
      repeating: PackedCell(code: 0x20, style: theme[.text].packed, width: 1), count: size.width * size.height)
  }

  /// The whole canvas.
  public var bounds: Rect { Rect(size) }

  /// The cell at a position; a blank one outside.
  public subscript(x: Int, y: Int) -> Cell {
    guard x >= 0, y >= 0, x < size.width, y < size.height else {
      return Cell(grapheme: " ", style: .plain, width: 1)
    }
    let cell = cells[y * size.width + x]
    return Cell(grapheme: grapheme(cell), style: Style(packed: cell.style), width: cell.width)
  }

  func grapheme(_ cell: PackedCell) -> String {
    if cell.width == 0 { return "" }
    if cell.isCluster { return clusters.indices.contains(cell.clusterIndex) ? clusters[cell.clusterIndex] : "\u{FFFD}" }
    return String(Character(Unicode.Scalar(cell.code) ?? "\u{FFFD}"))
  }

  // MARK: Text

  /// Draws one line of text.
  ///
  /// Text that does not fit before `maxWidth` or the right edge ends in an ellipsis (or is cut, without). A wide
  /// character is never split: where only half of it would show, that half is blank.
  /// - Returns: the columns from `x` that the text occupies.
  @discardableResult
  public mutating func put(
    _ text: String, x: Int, y: Int, style: Style, maxWidth: Int = .max, ellipsis: Bool = true
  ) -> Int {
    guard maxWidth > 0, x < size.width else { return 0 }
    let limit = min(maxWidth, size.width - x)
    var text = text
    if text.utf8.count / 64 > limit + 4 {
      // A line of a megabyte costs no more than the part that can show.
      text = String(text.unicodeScalars.prefix(16 * (limit + 4)))
    }
    guard y >= 0, y < size.height else { return min(limit, DisplayWidth.of(text)) }
    let style = style.packed
    if let used = putPlain(text, x: x, y: y, style: style, limit: limit, ellipsis: ellipsis) { return used }
    return putUnits(text, x: x, y: y, style: style, limit: limit, ellipsis: ellipsis)
  }

  /// Draws one line of text in a role's style. See `put(_:x:y:style:maxWidth:ellipsis:)`.
  @discardableResult
  public mutating func put(
    _ text: String, x: Int, y: Int, role: StyleRole = .text, maxWidth: Int = .max, ellipsis: Bool = true
  ) -> Int {
    put(text, x: x, y: y, style: theme[role], maxWidth: maxWidth, ellipsis: ellipsis)
  }

  /// Draws runs of differing style one after the other.
  /// - Returns: the columns from `x` that they occupy.
  @discardableResult
  public mutating func putSpans(_ spans: [Span], x: Int, y: Int, maxWidth: Int = .max, ellipsis: Bool = true) -> Int {
    var used = 0
    for (index, span) in spans.enumerated() {
      let room = maxWidth == .max ? Int.max : maxWidth - used
      if room <= 0 || x + used >= size.width { break }
      // An ellipsis also where this run fits exactly but a later one does not.
      let limit = min(room, size.width - (x + used))
      let follows = spans[(index + 1)...].contains { !$0.text.isEmpty }
      if ellipsis, follows, DisplayWidth.of(span.text) == limit, limit > 0 {
        let text = Terminal.clip(span.text, to: limit - 1, ellipsis: "") + glyphs.ellipsis
        return used + put(text, x: x + used, y: y, style: span.style, maxWidth: limit, ellipsis: false)
      }
      used += put(span.text, x: x + used, y: y, style: span.style, maxWidth: room, ellipsis: ellipsis)
    }
    return used
  }

  /// The fast path: printable ASCII. Returns nil when the text is anything else.
  private mutating func putPlain(_ text: String, x: Int, y: Int, style: UInt32, limit: Int, ellipsis: Bool) -> Int? {
    var text = text
    let width = size.width
    let mark = glyphs.ellipsis.unicodeScalars.first?.value ?? 0x7E
    return text.withUTF8 { bytes -> Int? in
      for byte in bytes where byte < 0x20 || byte > 0x7E { return nil }
      guard !bytes.isEmpty else { return 0 }
      let fits = bytes.count <= limit
      let used = fits ? bytes.count : limit
      let first = max(x, 0)
      guard x + used > first else { return used }
      heal(from: first, to: x + used, y: y)
      let row = y * width
      cells.withUnsafeMutableBufferPointer { cells in
        for column in first..<(x + used) {
          cells[row + column] = PackedCell(code: UInt32(bytes[column - x]), style: style, width: 1)
        }
        if !fits, ellipsis { cells[row + x + used - 1] = PackedCell(code: mark, style: style, width: 1) }
      }
      return used
    }
  }

  private mutating func putUnits(_ text: String, x: Int, y: Int, style: UInt32, limit: Int, ellipsis: Bool) -> Int {
    var used = 0
    var cut = 0  // the last character boundary that leaves room for an ellipsis
    var overflow = false
    DisplayUnit.forEach(in: text) { unit in
      if unit.startsCharacter, used <= limit - 1 { cut = used }
      if used + unit.width > limit {
        overflow = true
        return false
      }
      write(unit, x: x + used, y: y, style: style)
      used += unit.width
      return true
    }
    guard overflow else { return used }
    let end = ellipsis ? cut : used
    let blank = DisplayUnit(base: 0x20, cluster: nil, width: 1, startsCharacter: true)
    for column in end..<max(end, limit) { write(blank, x: x + column, y: y, style: style) }
    guard ellipsis else { return used }
    let mark = glyphs.ellipsis.unicodeScalars.first?.value ?? 0x7E
    write(DisplayUnit(base: mark, cluster: nil, width: 1, startsCharacter: true), x: x + cut, y: y, style: style)
    return cut + 1
  }

  private mutating func write(_ unit: DisplayUnit, x: Int, y: Int, style: UInt32) {
    let first = max(x, 0)
    let end = min(x + unit.width, size.width)
    guard first < end else { return }
    heal(from: first, to: end, y: y)
    let row = y * size.width
    if end - first < unit.width {
      cells[row + first] = PackedCell(code: 0x20, style: style, width: 1)
      return
    }
    cells[row + x] = PackedCell(code: code(unit), style: style, width: unit.width)
    if unit.width == 2 { cells[row + x + 1] = PackedCell(code: 0, style: style, width: 0) }
  }

  private mutating func code(_ unit: DisplayUnit) -> UInt32 {
    guard let cluster = unit.cluster else { return unit.base }
    if let known = clusterIndices[cluster] { return known }
    let code = UInt32(clusters.count) | PackedCell.clusterBit
    clusters.append(cluster)
    clusterIndices[cluster] = code
    return code
  }

  /// Blanks the other half of wide characters that a change to these columns cuts in two.
  private mutating func heal(from first: Int, to end: Int, y: Int) {
    let row = y * size.width
    if cells[row + first].width == 0, first > 0 {
      cells[row + first - 1] = PackedCell(code: 0x20, style: cells[row + first - 1].style, width: 1)
    }
    if end < size.width, cells[row + end].width == 0 {
      cells[row + end] = PackedCell(code: 0x20, style: cells[row + end].style, width: 1)
    }
  }

  // MARK: Areas and lines

  /// Blanks a rectangle in a style.
  public mutating func fill(_ rect: Rect, style: Style) {
    let area = rect.intersection(bounds)
    guard !area.isEmpty else { return }
    let blank = PackedCell(code: 0x20, style: style.packed, width: 1)
    for y in area.y..<area.maxY {
      heal(from: area.x, to: area.maxX, y: y)
      let row = y * size.width
      for x in area.x..<area.maxX { cells[row + x] = blank }
    }
  }

  /// Blanks a rectangle in a role's style.
  public mutating func fill(_ rect: Rect, role: StyleRole) { fill(rect, style: theme[role]) }

  /// Changes the style of a rectangle and keeps its text: a selection or a search hit over what is drawn already.
  public mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
    let area = rect.intersection(bounds)
    guard !area.isEmpty else { return }
    for y in area.y..<area.maxY {
      for index in (y * size.width + area.x)..<(y * size.width + area.maxX) {
        cells[index].style = change(Style(packed: cells[index].style)).packed
      }
    }
  }

  /// A horizontal line.
  public mutating func hline(x: Int, y: Int, width: Int, role: StyleRole = .border) {
    guard width > 0 else { return }
    let line = String(repeating: glyphs.horizontal, count: min(width, size.width + abs(x)))
    put(line, x: x, y: y, role: role, ellipsis: false)
  }

  /// A vertical line.
  public mutating func vline(x: Int, y: Int, height: Int, role: StyleRole = .border) {
    for row in max(y, 0)..<max(y, 0, min(y + height, size.height)) {
      put(glyphs.vertical, x: x, y: row, role: role, ellipsis: false)
    }
  }

  /// A frame, with a title in its top line. Draws nothing below 2×2.
  public mutating func box(_ rect: Rect, title: String = "", role: StyleRole = .border) {
    guard rect.width >= 2, rect.height >= 2 else { return }
    let right = rect.maxX - 1
    let bottom = rect.maxY - 1
    hline(x: rect.x + 1, y: rect.y, width: rect.width - 2, role: role)
    hline(x: rect.x + 1, y: bottom, width: rect.width - 2, role: role)
    vline(x: rect.x, y: rect.y + 1, height: rect.height - 2, role: role)
    vline(x: right, y: rect.y + 1, height: rect.height - 2, role: role)
    put(glyphs.topLeft, x: rect.x, y: rect.y, role: role, ellipsis: false)
    put(glyphs.topRight, x: right, y: rect.y, role: role, ellipsis: false)
    put(glyphs.bottomLeft, x: rect.x, y: bottom, role: role, ellipsis: false)
    put(glyphs.bottomRight, x: right, y: bottom, role: role, ellipsis: false)
    if !title.isEmpty, rect.width >= 6 {
      let text = Terminal.clip(title, to: rect.width - 6, ellipsis: glyphs.ellipsis)
      put(" \(text) ", x: rect.x + 2, y: rect.y, role: .title)
    }
  }
}
