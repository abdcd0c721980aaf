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

  /// A stack of fixed-width fonts that have frames and mathematics.
  static let fonts = "ui-monospace,'DejaVu Sans Mono','Cascadia Mono',Menlo,Consolas,'Liberation Mono',monospace"
}
