/// Text inside HTML and SVG: nothing in it may become markup.
package enum HTML {
  /// The text with the characters of markup written out, for elements and for attributes in quotes.
  ///
  /// Controls have no meaning in a page, characters that turn the direction of writing must have none, and an XML parser
  /// refuses some of them: each becomes U+FFFD. Tabs and line ends stay.
  package static func escaped(_ text: String) -> String {
    var out = ""
    out.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      case "\t", "\n": out.unicodeScalars.append(scalar)
      case "\u{FFFE}", "\u{FFFF}": out += "\u{FFFD}"
      default: out.unicodeScalars.append(scalar.isControl || scalar.turnsDirection ? "\u{FFFD}" : scalar)
      }
    }
    return out
  }

  /// JSON that is safe in a script element: no tag can begin in it.
  package static func script(_ json: String) -> String {
    json.replacing("<", with: "\\u003c").replacing("\u{2028}", with: "\\u2028").replacing("\u{2029}", with: "\\u2029")
  }
}

extension Unicode.Scalar {
  /// A control of ASCII or Latin-1, tabs and line ends included.
  package var isControl: Bool { value < 0x20 || (0x7F...0x9F).contains(value) }

  /// Marks, embeddings, overrides and isolates of bidirectional text.
  package var turnsDirection: Bool {
    switch value {
    case 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
