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

  /// The text, then the styles as a second layer: one letter per style that occurs, `.` for plain, and a legend.
  public func annotated() -> String {
    var letters: [UInt32: Character] = [Style.plain.packed: "."]
    var legend: [String] = []
    let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    var rows: [String] = []
    for y in 0..<size.height {
      var row = ""
      for x in 0..<size.width {
        let style = cells[y * size.width + x].style
        if letters[style] == nil {
          let letter = legend.count < alphabet.count ? alphabet[legend.count] : "#"
          letters[style] = letter
          legend.append("\(letter) = \(Style(packed: style))")
        }
        row.append(letters[style] ?? "#")
      }
      rows.append(String(row.reversed().drop { $0 == "." }.reversed()))
    }
    return ([text(), "--- styles ---"] + rows + legend).joined(separator: "\n")
  }
}

/// A canvas as text with SGR sequences, for printing a screen to standard output or making pictures of it.
public enum ANSIText {
  /// One line per row, each ending in a reset; trailing plain blanks are left out.
  public static func render(_ canvas: Canvas) -> String {
    var out = ""
    let plain = Style.plain.packed
    for y in 0..<canvas.size.height {
      let row = canvas.cells[(y * canvas.size.width)..<((y + 1) * canvas.size.width)]
      let end = row.lastIndex { $0.style != plain || $0.code != 0x20 } ?? row.startIndex - 1
      var current = plain
      for index in row.startIndex..<max(row.startIndex, end + 1) {
        let cell = canvas.cells[index]
        if cell.width == 0 { continue }
        if cell.style != current {
          out += sequence(Style(packed: cell.style))
          current = cell.style
        }
        out += canvas.grapheme(cell)
      }
      if current != plain { out += "\u{1B}[0m" }
      out += "\n"
    }
    return out
  }

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
