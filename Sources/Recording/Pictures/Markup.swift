import Terminal

/// Text inside HTML and SVG: nothing in it may become markup.
public enum Markup {
  /// The text with the signs of markup written out, for elements and for attributes in double quotes.
  ///
  /// Controls and characters that turn the direction of writing become visible signs.
  public static func escaped(_ text: String) -> String {
    var out = ""
    for scalar in TextSafety.block(text).unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      default: out.unicodeScalars.append(scalar)
      }
    }
    return out
  }

  /// JSON that may stand in a script element: no tag can begin in it.
  static func json(_ json: String) -> String {
    json.replacing("<", with: "\\u003c").replacing("\u{2028}", with: "\\u2028").replacing("\u{2029}", with: "\\u2029")
  }

  /// One line of text, escaped, with a box of its columns around each character that fonts may lack, so that what stands
  /// below each other stays so. The page gives the classes `b` (one column) and `w` (two).
  public static func grid(_ text: String) -> String {
    var canvas = Canvas(size: Size(width: max(DisplayWidth.of(text), 1), height: 1))
    canvas.put(text, x: 0, y: 0, style: .plain)
    var out = ""
    for cell in canvas.row(0).prefix(DisplayWidth.of(text)) where cell.width > 0 {
      let words = escaped(cell.grapheme)
      out += RowRuns.isCommon(cell) ? words : "<span class=\"\(cell.width == 1 ? "b" : "w")\">\(words)</span>"
    }
    return out
  }

  /// A stack of fixed-width fonts that have frames and mathematics.
  public static let fontStack =
    "ui-monospace,'DejaVu Sans Mono','Cascadia Mono',Menlo,Consolas,'Liberation Mono',monospace"
}
