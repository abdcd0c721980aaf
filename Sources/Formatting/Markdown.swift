/// Text inside Markdown: nothing in it may become markup, a link, a mention or a reference.
public enum Markdown {
  /// A text that stays text, in running words, headings and cells of tables.
  ///
  /// It is read scalar by scalar, as readers of Markdown do: an accent behind a bracket does not hide the bracket.
  public static func escaped(_ text: String) -> String {
    var out = ""
    var before: Unicode.Scalar = "\n"
    let scalars = Array(text.unicodeScalars)
    var hexadecimal = 0
    for (index, scalar) in scalars.enumerated() {
      hexadecimal = scalar.properties.isASCIIHexDigit ? hexadecimal + 1 : 0
      let next = index + 1 < scalars.count ? scalars[index + 1] : "\n"
      switch scalar {
      case "&": out += "&amp;"
      // Some readers find formulas between brackets that have backslashes.
      case "[", "]",
        "(" where before == "\\", ")" where before == "\\":
        out += "&#\(scalar.value);"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\\", "`", "*", "_", "~", "|", "$", "!", "{", "}": out += "\\\(scalar)"
      // Mentions and references to issues are found in the finished text: an invisible sign keeps the two apart.
      case "@": out += isWord(next) ? "@&#8288;" : "@"
      case "#": out += next.properties.numericType != nil ? "\\#&#8288;" : "\\#"
      case "-" where (before == "H" || before == "h") && next.properties.numericType != nil: out += "-&#8288;"
      // Forty digits are the name of a commit.
      case _ where hexadecimal == 20: out += "\(scalar)&#8288;"
      // Links are made of bare addresses.
      case ":" where next == "/": out += ":&#8288;"
      case "." where before == "w" || before == "W": out += "\\."
      default: out.unicodeScalars.append(scalar)
      }
      before = scalar
    }
    return out
  }

  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }
}
