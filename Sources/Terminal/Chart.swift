import Formatting

extension StyleRole {
  /// The first line of a chart.
  public static let series1 = StyleRole(rawValue: "series1")
  /// The second line of a chart.
  public static let series2 = StyleRole(rawValue: "series2")
  /// The third line of a chart.
  public static let series3 = StyleRole(rawValue: "series3")
  /// The fourth line of a chart.
  public static let series4 = StyleRole(rawValue: "series4")
}

/// A chart of lines with axes: in braille dots, eight to a cell, or in plain signs where the terminal has no more.
///
/// Lines are told apart by a sign that stands on them here and there and in the legend, and by their colour as well.
/// Values that share a column are drawn as the stretch from the least to the greatest, so nothing that happened in
/// between is hidden.
///
/// ```swift
/// var chart = Chart(title: "reward", xTitle: "step")
/// chart.series = [ChartSeries(name: "rl-2", points: points)]
/// chart.draw(in: &canvas, area: Rect(x: 0, y: 2, width: 80, height: 16))
/// ```
///
/// Drawing costs the same for a thousand values and for a million (``ChartSeries``): keep the series and append to it;
/// keep it between frames. An area smaller than 20 columns or 5 rows gets a line of its course in one row.
public struct Chart: Sendable {
  /// What the values are, with their unit: above the vertical axis.
  public var title: String
  /// What the positions are: below the horizontal axis.
  public var xTitle: String
  /// The lines, the most important first; the first one is drawn above the others.
  public var series: [ChartSeries] = []
  /// The positions that are shown; `nil` for all.
  public var xRange: ClosedRange<Double>?
  /// The values that are shown; `nil` for those that occur, with a little room.
  public var yRange: ClosedRange<Double>?

  /// A chart with no lines.
  public init(title: String, xTitle: String) {
    self.title = title
    self.xTitle = xTitle
  }

  /// The signs of lines, in their order.
  public static func markers(_ glyphs: Glyphs) -> [String] {
    glyphs.isUnicode ? ["●", "▲", "■", "◆"] : ["*", "+", "o", "x"]
  }

  /// The roles of lines, in their order.
  public static let roles: [StyleRole] = [.series1, .series2, .series3, .series4]

  /// All positions that occur; `nil` without values.
  public var fullXRange: ClosedRange<Double>? {
    let firsts = series.compactMap(\.xs.first)
    let lasts = series.compactMap(\.xs.last)
    guard let low = firsts.min(), let high = lasts.max() else { return nil }
    return max(low, -1e300)...max(min(high, 1e300), max(low, -1e300))
  }

  private func visibleYRange(_ x: ClosedRange<Double>) -> ClosedRange<Double>? {
    if let yRange { return yRange }
    let extents = series.compactMap { line -> ChartSeries.Extent? in
      // One value to each side: the line comes from there.
      let from = max(line.index(from: x.lowerBound) - 1, 0)
      let to = min(line.index(from: x.upperBound.nextUp) + 1, line.count)
      return from < to ? line.extent(from..<to) : nil
    }
    guard var low = extents.map(\.low).min(), var high = extents.map(\.high).max() else { return nil }
    // The distance of the two must be a number too.
    (low, high) = (max(low, -1e300), min(max(high, -1e300), 1e300))
    low = min(low, high)
    let room = high > low ? (high - low) * 0.05 : high == 0 ? 1 : abs(high) * 0.1
    // A value that never falls below zero is not shown as if it could.
    return max(low - room, low >= 0 ? 0 : -.infinity)...(high + room)
  }

  /// Draws title, legend, axes and lines.
  public func draw(in canvas: inout Canvas, area: Rect) {
    guard area.width > 0, area.height > 0 else { return }
    guard let x = xRange ?? fullXRange, let y = visibleYRange(x) else {
      canvas.put(title, x: area.x, y: area.y, role: .title, maxWidth: area.width)
      if area.height > 1 {
        canvas.put("No values yet.", x: area.x, y: area.y + 1, role: .dim, maxWidth: area.width)
      }
      return
    }
    guard area.width >= 20, area.height >= 5 else { return drawSmall(in: &canvas, area) }
    drawHead(in: &canvas, area)
    let rows = area.height - 3
    let vertical = ChartAxis(y, most: max(min(rows / 2, 8), 1))
    let margin = min((vertical.labels.map { $0.count }.max() ?? 1) + 1, area.width / 3)
    let plot = Rect(x: area.x + margin + 1, y: area.y + 1, width: area.width - margin - 1, height: rows)
    drawAxes(in: &canvas, area, plot, x, y, vertical, margin)
    let frame = PlotFrame(plot: plot, x: widened(x), y: y)
    for index in series.indices.reversed() { draw(index, frame, in: &canvas) }
    if series.count > 1 {
      for index in series.indices.reversed() { mark(index, frame, in: &canvas) }
    }
  }

  /// A single position still needs a width.
  private func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    range.upperBound > range.lowerBound ? range : (range.lowerBound - 0.5)...(range.upperBound + 0.5)
  }

  private func drawSmall(in canvas: inout Canvas, _ area: Rect) {
    var y = area.y
    for (index, line) in series.enumerated() where y < area.maxY {
      let text = Sparkline.text(line, width: area.width, glyphs: canvas.glyphs)
      canvas.put(text, x: area.x, y: y, role: Self.roles[index % Self.roles.count], maxWidth: area.width)
      y += 1
    }
  }

  private func drawHead(in canvas: inout Canvas, _ area: Rect) {
    let used = canvas.put(title, x: area.x, y: area.y, role: .title, maxWidth: area.width)
    let markers = Self.markers(canvas.glyphs)
    var x = area.maxX
    // From the right; the first line's name stays longest.
    for (index, line) in series.enumerated().reversed() {
      let last = line.ys.last.map { " " + Figures.significant($0) } ?? ""
      let name = line.name + last + (line.skipped > 0 ? " (\(line.skipped) not finite)" : "")
      let text = series.count > 1 ? markers[index % markers.count] + " " + name : name
      let width = DisplayWidth.of(TextSafety.line(text))
      guard x - width - 2 >= area.x + used else { continue }
      x -= width
      canvas.put(text, x: x, y: area.y, role: Self.roles[index % Self.roles.count], maxWidth: width)
      x -= 2
    }
  }

  private func drawAxes(
    in canvas: inout Canvas, _ area: Rect, _ plot: Rect, _ x: ClosedRange<Double>, _ y: ClosedRange<Double>,
    _ vertical: ChartAxis, _ margin: Int
  ) {
    let glyphs = canvas.glyphs
    canvas.vline(x: plot.x - 1, y: plot.y, height: plot.height)
    for (tick, label) in zip(vertical.ticks, vertical.labels) {
      let share = (tick - y.lowerBound) / (y.upperBound - y.lowerBound)
      let row = plot.maxY - 1 - Int((share * Double(plot.height - 1)).rounded())
      guard row >= plot.y, row < plot.maxY else { continue }
      canvas.put(glyphs.teeLeft, x: plot.x - 1, y: row, role: .border)
      canvas.put(label, x: area.x + margin - 1 - label.count, y: row, role: .dim, maxWidth: margin)
    }
    canvas.put(glyphs.bottomLeft, x: plot.x - 1, y: plot.maxY, role: .border)
    canvas.hline(x: plot.x, y: plot.maxY, width: plot.width)
    let horizontal = ChartAxis(x, most: max(plot.width / 12, 1))
    let end = plot.maxX - DisplayWidth.of(xTitle) - 2
    var free = plot.x - 1
    let wide = widened(x)
    for (tick, label) in zip(horizontal.ticks, horizontal.labels) {
      let share = (tick - wide.lowerBound) / (wide.upperBound - wide.lowerBound)
      let column = plot.x + Int((share * Double(plot.width - 1)).rounded())
      guard column >= plot.x, column < plot.maxX else { continue }
      canvas.put(glyphs.teeDown, x: column, y: plot.maxY, role: .border)
      let start = max(column - label.count / 2, plot.x - 1)
      guard start >= free, start + label.count <= end else { continue }
      canvas.put(label, x: start, y: plot.maxY + 1, role: .dim)
      free = start + label.count + 1
    }
    canvas.put(xTitle, x: plot.maxX - DisplayWidth.of(xTitle), y: plot.maxY + 1, role: .dim)
  }

  // MARK: - Lines

  private func draw(_ index: Int, _ frame: PlotFrame, in canvas: inout Canvas) {
    let role = Self.roles[index % Self.roles.count]
    let isFine = canvas.glyphs.isUnicode
    let columns = frame.plot.width * (isFine ? 2 : 1)
    let rows = frame.plot.height * (isFine ? 4 : 1)
    let cover = frame.cover(series[index], columns: columns, rows: rows)
    guard isFine else {
      let marker = Self.markers(canvas.glyphs)[index % 4]
      for (column, stretch) in cover.enumerated() {
        for row in stretch ?? 0..<0 {
          canvas.put(marker, x: frame.plot.x + column, y: frame.plot.y + row, role: role)
        }
      }
      return
    }
    var cells = [UInt8](repeating: 0, count: frame.plot.width * frame.plot.height)
    for (column, stretch) in cover.enumerated() {
      for row in stretch ?? 0..<0 {
        cells[row / 4 * frame.plot.width + column / 2] |= Self.dots[row % 4][column % 2]
      }
    }
    for (place, bits) in cells.enumerated() where bits != 0 {
      guard let scalar = Unicode.Scalar(0x2800 + UInt32(bits)) else { continue }
      canvas.put(
        String(Character(scalar)), x: frame.plot.x + place % frame.plot.width,
        y: frame.plot.y + place / frame.plot.width, role: role)
    }
  }

  /// Bits of braille dots, by row and column within a cell.
  private static let dots: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

  /// Puts a line's sign on it every dozen columns, each line at other ones, and at its end.
  private func mark(_ index: Int, _ frame: PlotFrame, in canvas: inout Canvas) {
    let markers = Self.markers(canvas.glyphs)
    let (wide, high) = canvas.glyphs.isUnicode ? (2, 4) : (1, 1)
    let cover = frame.cover(series[index], columns: frame.plot.width * wide, rows: frame.plot.height * high)
    let last = cover.lastIndex { $0 != nil }
    for (column, stretch) in cover.enumerated() {
      guard let stretch, column == last || column % (12 * wide) == (3 + 3 * index) % 12 * wide else { continue }
      canvas.put(
        markers[index % markers.count], x: frame.plot.x + column / wide,
        y: frame.plot.y + (stretch.lowerBound + stretch.upperBound - 1) / 2 / high,
        role: Self.roles[index % Self.roles.count])
    }
  }
}

/// The part of the plane that a plot shows.
struct PlotFrame {
  var plot: Rect
  var x: ClosedRange<Double>
  var y: ClosedRange<Double>

  /// The rows that a line covers in each column, counted from above; `nil` where it has nothing.
  func cover(_ line: ChartSeries, columns: Int, rows: Int) -> [Range<Int>?] {
    var cover = [Range<Int>?](repeating: nil, count: columns)
    let width = x.upperBound - x.lowerBound
    // Far outside is outside: a place must fit a whole number.
    func within(_ place: Double) -> Double { place.isNaN ? 0 : min(max(place, -1e6), 1e6) }
    func row(_ value: Double) -> Double {
      within(Double(rows - 1) * (1 - (value - y.lowerBound) / (y.upperBound - y.lowerBound)))
    }
    func put(_ column: Int, _ a: Double, _ b: Double) {
      guard columns > column, column >= 0 else { return }
      let (low, high) = (min(a, b), max(a, b))
      guard high > -0.5, low < Double(rows) - 0.5 else { return }
      let from = max(Int(low.rounded()), 0)
      let to = min(Int(high.rounded()), rows - 1)
      guard from <= to else { return }
      let old = cover[column]
      cover[column] = min(from, old?.lowerBound ?? from)..<max(to + 1, old?.upperBound ?? 0)
    }
    func place(_ position: Double) -> Double { within((position - x.lowerBound) / width * Double(columns - 1)) }
    // From the value before the first one that shows to the one after the last.
    var i = max(line.index(from: x.lowerBound) - 1, 0)
    let end = min(line.index(from: x.upperBound.nextUp) + 1, line.count)
    var before: (place: Double, row: Double)?
    while i < end {
      let column = place(line.xs[i]).rounded()
      // All values of this column.
      let next = min(max(line.index(from: x.lowerBound + (column + 0.5) / Double(columns - 1) * width), i + 1), end)
      let first = row(line.ys[i])
      if let before {
        // The way from the last value, column by column.
        let from = max(Int(before.place.rounded()), 0)
        let to = min(Int(column), columns - 1)
        let distance = place(line.xs[i]) - before.place
        if from <= to, distance > 0 {
          for step in from...to {
            let left = min(max((Double(step) - 0.5 - before.place) / distance, 0), 1)
            let right = min(max((Double(step) + 0.5 - before.place) / distance, 0), 1)
            put(
              step, before.row + (first - before.row) * left, before.row + (first - before.row) * right)
          }
        }
      }
      if let extent = line.extent(i..<next), column >= 0, column < Double(columns) {
        put(Int(column), row(extent.low), row(extent.high))
      }
      before = (place(line.xs[next - 1]), row(line.ys[next - 1]))
      i = next
    }
    return cover
  }
}
