import Terminal

/// A row of a frame as pieces of text for a page.
enum RowRuns {
  /// Cells of one style.
  struct Run: Hashable {
    var style: Style
    var text: String
    /// Columns of a character that gets a box of its own, since fonts may lack it and take one with other widths; 0 for
    /// text that any fixed-width font has.
    var box = 0
  }

  /// The pieces, without blanks at the end that look like the page.
  static func runs(_ row: [Cell], palette: Palette) -> [Run] {
    var runs: [Run] = []
    let end = row.lastIndex { cell in
      cell.grapheme != " " || cell.style.underline || palette.colors(cell.style).ground != palette.background
    }
    for cell in row[..<((end ?? -1) + 1)] where cell.width > 0 {
      let isPlain = isCommon(cell)
      if isPlain, let last = runs.last, last.box == 0, last.style == cell.style {
        runs[runs.count - 1].text += cell.grapheme
      } else {
        runs.append(Run(style: cell.style, text: cell.grapheme, box: isPlain ? 0 : cell.width))
      }
    }
    return runs
  }

  /// ASCII, Latin letters, and the lines and blocks that fixed-width fonts come with.
  static func isCommon(_ cell: Cell) -> Bool {
    guard cell.width == 1, cell.grapheme.unicodeScalars.count == 1 else { return false }
    return switch cell.grapheme.unicodeScalars.first?.value ?? 0 {
    case 0x20...0x7E, 0xA1...0xFF, 0x2500...0x257F, 0x2580...0x259F: true
    default: false
    }
  }
}

/// The styles of a page as classes.
struct StyleSheet {
  private let palette: Palette
  private var numbers: [Style: Int] = [:]
  private(set) var rules: [String] = []

  init(_ palette: Palette) { self.palette = palette }

  /// The number of a style's class; nil for text that looks like the page.
  mutating func number(_ style: Style) -> Int? {
    if let known = numbers[style] { return known < 0 ? nil : known }
    let (text, ground) = palette.colors(style)
    var rule = ""
    if text != palette.foreground { rule += "color:\(text.hex);" }
    if ground != palette.background { rule += "background:\(ground.hex);" }
    if style.bold { rule += "font-weight:bold;" }
    if style.italic { rule += "font-style:italic;" }
    if style.underline { rule += "text-decoration:underline;" }
    numbers[style] = rule.isEmpty ? -1 : rules.count
    if rule.isEmpty { return nil }
    rules.append(rule)
    return rules.count - 1
  }

  /// The classes `s0`, `s1` and so on.
  var css: String { rules.enumerated().map { ".s\($0.offset){\($0.element)}" }.joined() }
}
