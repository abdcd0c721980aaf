extension Canvas {
  /// The canvas as text: one line per row, trailing blanks trimmed. For snapshot tests and for printing a screen.
  public func text() -> String {
    (0..<size.height).map { y in
      var line = ""
      for x in 0..<size.width { line += grapheme(cells[y * size.width + x]) }
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }

  /// The cells of a row, from left to right.
  public func row(_ y: Int) -> [Cell] {
    guard y >= 0, y < size.height else { return [] }
    return cells[(y * size.width)..<((y + 1) * size.width)].map {
      Cell(grapheme: grapheme($0), style: Style(packed: $0.style), width: $0.width)
    }
  }
}

/// Styles as SGR sequences.
public enum ANSIText {
  /// The SGR sequence after which text looks like a style, whatever held before; `ESC [ 0 m` for the plain one.
  public static func sequence(_ style: Style) -> String {
    var codes = ["0"]
    if style.bold { codes.append("1") }
    if style.dim { codes.append("2") }
    if style.italic { codes.append("3") }
    if style.underline { codes.append("4") }
    if style.reverse { codes.append("7") }
    codes += color(style.foreground, base: 30)
    codes += color(style.background, base: 40)
    return "\u{1B}[" + codes.joined(separator: ";") + "m"
  }

  private static func color(_ color: Color, base: Int) -> [String] {
    switch color {
    case .default: []
    case .indexed(let index) where index < 8: [String(base + Int(index))]
    case .indexed(let index) where index < 16: [String(base + 60 + Int(index) - 8)]
    case .indexed(let index): [String(base + 8), "5", String(index)]
    }
  }
}
