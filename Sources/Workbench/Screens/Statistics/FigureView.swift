import DeepCriticCore
import Terminal

/// Draws a page of figures: labels left, numbers aligned right, a bar in what is left of the line. The statistics screen and
/// `deepcritic stats` draw the very same.
public enum FigureView {
  private static let widestBar = 40
  private static let narrowestBar = 8
  private static let gap = 2

  /// One line ready to be drawn.
  enum Line {
    case row(FigureRow)
    case note(String)
  }

  /// The lines of a page at a width: long sentences take several.
  static func lines(_ page: FigurePage, width: Int) -> [Line] {
    page.rows.flatMap { row -> [Line] in
      guard row.kind == .note else { return [.row(row)] }
      return TextLayout.wrap(TextSafety.line(row.label), width: max(width, 8)).map(Line.note)
    }
  }

  /// Where things are in a line.
  struct Columns {
    var label: Int
    /// Place and width of each column that is shown; `nil` for one that does not fit.
    var cells: [(x: Int, width: Int)?]
    var bar: (x: Int, width: Int)?

    init(_ page: FigurePage, width: Int) {
      let rows = page.rows.filter { $0.kind == .figure }
      let widest = rows.map { DisplayWidth.of(TextSafety.line($0.label)) }.max() ?? 0
      let label = min(widest, max(width / 3, 10))
      self.label = label
      var widths = page.columns.indices.map { column in
        max(
          DisplayWidth.of(page.columns[column]),
          rows.map { $0.cells.indices.contains(column) ? DisplayWidth.of($0.cells[column]) : 0 }.max() ?? 0)
      }
      var dropped: Set<Int> = []
      func used() -> Int {
        label + widths.indices.filter { !dropped.contains($0) }.reduce(0) { $0 + widths[$1] + FigureView.gap }
      }
      for column in page.droppable where used() > width { dropped.insert(column) }
      var x = label
      var cells: [(x: Int, width: Int)?] = []
      for column in widths.indices {
        if dropped.contains(column) || widths[column] == 0 {
          cells.append(nil)
          continue
        }
        x += FigureView.gap
        widths[column] = min(widths[column], max(width - x, 0))
        cells.append((x, widths[column]))
        x += widths[column]
      }
      self.cells = cells
      x += FigureView.gap
      let rest = min(width - x, FigureView.widestBar)
      bar = rest >= FigureView.narrowestBar && rows.contains { $0.bar != nil } ? (x, rest) : nil
    }
  }

  /// Draws the headings of the columns, and below them the lines from `scroll` on.
  static func draw(in canvas: inout Canvas, _ page: FigurePage, area: Rect, scroll: Int = 0, bars: Bool = true) {
    guard area.height > 0, area.width > 0 else { return }
    let columns = Columns(page, width: area.width)
    var y = area.y
    if page.columns.contains(where: { !$0.isEmpty }) {
      for (title, place) in zip(page.columns, columns.cells) {
        guard let place else { continue }
        put(title, right: area.x + place.x + place.width, width: place.width, y: y, in: &canvas, role: .dim)
      }
      if bars, let bar = columns.bar, page.rows.contains(where: { $0.isInterval }) {
        drawScale(page.scale, x: area.x + bar.x, y: y, width: bar.width, in: &canvas)
      }
      y += 1
    }
    for line in lines(page, width: area.width).dropFirst(scroll).prefix(max(area.maxY - y, 0)) {
      switch line {
      case .note(let text): canvas.put(text, x: area.x, y: y, role: .dim, maxWidth: area.width)
      case .row(let row): draw(row, page, columns, area: area, y: y, bars: bars, in: &canvas)
      }
      y += 1
    }
  }

  static func headingHeight(_ page: FigurePage) -> Int { page.columns.contains { !$0.isEmpty } ? 1 : 0 }

  private static func draw(
    _ row: FigureRow, _ page: FigurePage, _ columns: Columns, area: Rect, y: Int, bars: Bool, in canvas: inout Canvas
  ) {
    if row.kind == .heading {
      canvas.put(row.label, x: area.x, y: y, role: .title, maxWidth: area.width)
      return
    }
    canvas.put(row.label, x: area.x, y: y, role: .text, maxWidth: columns.label)
    for (cell, place) in zip(row.cells, columns.cells) {
      guard let place else { continue }
      put(cell, right: area.x + place.x + place.width, width: place.width, y: y, in: &canvas, role: .text)
    }
    guard bars, let bar = columns.bar, let value = row.bar else { return }
    switch value {
    case .share(let share):
      ProgressBar.draw(in: &canvas, x: area.x + bar.x, y: y, width: bar.width, fraction: share)
    case .interval(let value, let low, let high):
      drawInterval(
        value, low, high, scale: page.scale, x: area.x + bar.x, y: y, width: bar.width, in: &canvas)
    }
  }

  private static func put(
    _ text: String, right: Int, width: Int, y: Int, in canvas: inout Canvas, role: StyleRole
  ) {
    let used = min(DisplayWidth.of(text), width)
    canvas.put(text, x: right - used, y: y, role: role, maxWidth: used)
  }

  /// The ends of the scale, and 0 where it is inside.
  private static func drawScale(_ scale: ClosedRange<Double>, x: Int, y: Int, width: Int, in canvas: inout Canvas) {
    let left = String(format: "%.0f", scale.lowerBound)
    let right = String(format: "%.0f", scale.upperBound)
    canvas.put(left, x: x, y: y, role: .dim)
    if scale.lowerBound < 0 { canvas.put("0", x: x + place(0, scale, width), y: y, role: .dim) }
    canvas.put(right, x: x + width - right.count, y: y, role: .dim)
  }

  private static func place(_ value: Double, _ scale: ClosedRange<Double>, _ width: Int) -> Int {
    let share = (value - scale.lowerBound) / (scale.upperBound - scale.lowerBound)
    return min(max(Int(saturating: (share * Double(width - 1)).rounded()), 0), width - 1)
  }

  /// `····├──●──┤····`: the value, and the ends of its interval.
  static func drawInterval(
    _ value: Double, _ low: Double?, _ high: Double?, scale: ClosedRange<Double>, x: Int, y: Int, width: Int,
    in canvas: inout Canvas
  ) {
    let glyphs = canvas.glyphs
    canvas.put(String(repeating: glyphs.none, count: width), x: x, y: y, role: .barEmpty, ellipsis: false)
    let middle = place(value, scale, width)
    if let low, let high {
      let from = place(low, scale, width)
      let to = place(high, scale, width)
      canvas.hline(x: x + from, y: y, width: to - from + 1, role: .barFull)
      canvas.put(glyphs.teeRight, x: x + from, y: y, role: .barFull)
      canvas.put(glyphs.teeLeft, x: x + to, y: y, role: .barFull)
    }
    canvas.put(glyphs.isUnicode ? "●" : "o", x: x + middle, y: y, role: .accent)
  }

  /// A page as plain lines, its title first.
  ///
  /// - Parameters:
  ///   - width: columns; what does not fit is cut.
  ///   - bars: whether bars are drawn beside the numbers.
  public static func text(_ page: FigurePage, width: Int, glyphs: Glyphs, bars: Bool) -> [String] {
    let inner = max(width - 2, 8)
    let height = lines(page, width: inner).count + headingHeight(page) + 1
    var canvas = Canvas(size: Size(width: max(width, 10), height: height), theme: .terminal, glyphs: glyphs)
    canvas.put(page.topic.title, x: 0, y: 0, role: .title)
    draw(in: &canvas, page, area: Rect(x: 2, y: 1, width: inner, height: height - 1), bars: bars)
    return canvas.text().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }
}

extension FigureRow {
  var isInterval: Bool { if case .interval = bar { true } else { false } }
}
