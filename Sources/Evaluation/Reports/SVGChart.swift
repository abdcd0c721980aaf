import Formatting
import Foundation

/// Plots as inline SVG. Colours are classes, so that the page's style decides about them.
enum SVGChart {
  struct Series {
    var name: String
    /// By place on the x axis; `nil` where there is none.
    var values: [Double?]
    var intervals: [Interval?] = []
  }

  private static let width = 760.0
  private static let height = 300.0
  private static let left = 48.0
  private static let right = 12.0
  private static let top = 14.0
  private static let bottom = 40.0

  /// Groups of bars, one group for each name, one bar for each series, in percent.
  static func bars(_ names: [String], _ series: [Series], label: String) -> String {
    let inner = width - left - right
    let group = inner / Double(max(names.count, 1))
    let bar = min(group * 0.8 / Double(max(series.count, 1)), 60)
    var body = grid(most: 100, unit: " %")
    for (place, name) in names.enumerated() {
      let middle = left + group * (Double(place) + 0.5)
      body += text(middle, height - 14, clipped(name, Int(group / 7)), anchor: "middle")
      for (index, one) in series.enumerated() {
        guard let value = one.values[place] else { continue }
        let x = middle + (Double(index) - Double(series.count) / 2) * bar
        let y = self.y(value, most: 100)
        body += """
          <rect class="s\(index % 6)" x="\(n(x + 1))" y="\(n(y))" width="\(n(bar - 2))" height="\(n(height - bottom - y))">\
          <title>\(HTML.escaped(one.name)), \(HTML.escaped(name)): \(Figures.percent(value))</title></rect>
          """
        if one.intervals.indices.contains(place), let interval = one.intervals[place] {
          body += whisker(x + bar / 2, interval)
        } else if bar > 24 {
          body += text(x + bar / 2, y - 4, Figures.percent(value), anchor: "middle")
        }
      }
    }
    return svg(body, label: label) + legend(series)
  }

  /// Lines over whole numbers starting at 1, in percent.
  static func lines(_ count: Int, _ series: [Series], label: String, axis: String) -> String {
    let values = series.flatMap(\.values).compactMap { $0 }
    let least = max(floor(((values.min() ?? 0) - 5) / 10) * 10, 0)
    let most = min(ceil(((values.max() ?? 100) + 5) / 10) * 10, 100)
    let step = (width - left - right) / Double(max(count - 1, 1))
    func x(_ place: Int) -> Double { left + step * Double(place) }
    var body = grid(least: least, most: most, unit: " %")
    for place in 0..<count { body += text(x(place), height - 24, String(place + 1), anchor: "middle") }
    body += text(width / 2, height - 8, axis, anchor: "middle")
    for (index, one) in series.enumerated() {
      let points = one.values.enumerated().compactMap { place, value in
        value.map { "\(n(x(place))),\(n(y($0, least: least, most: most)))" }
      }
      body += "<polyline class=\"l\(index % 6)\" points=\"\(points.joined(separator: " "))\"/>"
      for (place, value) in one.values.enumerated() {
        guard let value else { continue }
        body += """
          <circle class="s\(index % 6)" cx="\(n(x(place)))" cy="\(n(y(value, least: least, most: most)))" r="3.5">\
          <title>\(HTML.escaped(one.name)), k = \(place + 1): \(Figures.percent(value))</title></circle>
          """
      }
    }
    return svg(body, label: label) + legend(series)
  }

  static func counts(_ names: [String], _ counts: [Int], label: String) -> String {
    let most = Double(max(counts.max() ?? 1, 1))
    let group = (width - left - right) / Double(max(names.count, 1))
    let scale = niceTop(most)
    var body = grid(most: scale, unit: "")
    for (place, name) in names.enumerated() {
      let middle = left + group * (Double(place) + 0.5)
      let y = self.y(Double(counts[place]), most: scale)
      body += """
        <rect class="s0" x="\(n(middle - group * 0.35))" y="\(n(y))" width="\(n(group * 0.7))" \
        height="\(n(height - bottom - y))"/>
        """
      body += text(middle, y - 4, String(counts[place]), anchor: "middle")
      body += text(middle, height - 22, clipped(name, Int(group / 6)), anchor: "middle")
    }
    return svg(body, label: label)
  }

  private static func niceTop(_ most: Double) -> Double {
    let power = pow(10, floor(log10(most)))
    return [1.0, 2, 5, 10].map { $0 * power }.first { $0 >= most } ?? most
  }

  private static func y(_ value: Double, least: Double = 0, most: Double) -> Double {
    height - bottom - (value - least) / max(most - least, 1e-9) * (height - top - bottom)
  }

  private static func grid(least: Double = 0, most: Double, unit: String) -> String {
    (0...4).map { part in
      let value = least + (most - least) * Double(part) / 4
      let y = self.y(value, least: least, most: most)
      let words = value == value.rounded() ? String(format: "%.0f", value) : Figures.percent(value)
      return "<line class=\"g\" x1=\"\(n(left))\" y1=\"\(n(y))\" x2=\"\(n(width - right))\" y2=\"\(n(y))\"/>"
        + text(left - 6, y + 4, words + unit, anchor: "end")
    }.joined()
  }

  private static func whisker(_ x: Double, _ interval: Interval) -> String {
    let (low, high) = (y(interval.low, most: 100), y(interval.high, most: 100))
    return "<path class=\"w\" d=\"M\(n(x)) \(n(low))V\(n(high))M\(n(x - 4)) \(n(low))h8M\(n(x - 4)) \(n(high))h8\"/>"
  }

  private static func text(_ x: Double, _ y: Double, _ words: String, anchor: String) -> String {
    "<text x=\"\(n(x))\" y=\"\(n(y))\" text-anchor=\"\(anchor)\">\(HTML.escaped(words))</text>"
  }

  private static func clipped(_ text: String, _ most: Int) -> String {
    text.count > max(most, 3) ? String(text.prefix(max(most, 3) - 1)) + "…" : text
  }

  private static func svg(_ body: String, label: String) -> String {
    """
    <div class="scroll"><svg viewBox="0 0 \(Int(width)) \(Int(height))" role="img" \
    aria-label="\(HTML.escaped(label))">\(body)</svg></div>
    """
  }

  private static func legend(_ series: [Series]) -> String {
    let entries = series.enumerated().map { index, one in
      "<span><i class=\"k\(index % 6)\"></i>\(HTML.escaped(one.name))</span>"
    }
    return "<p class=\"legend\">\(entries.joined())</p>"
  }

  private static func n(_ number: Double) -> String { Figures.decimal(number, 1) }
}
