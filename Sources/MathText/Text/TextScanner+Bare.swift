extension TextScanner {
  // MARK: LaTeX outside delimiters

  /// `backslashes`: two where the text was escaped twice.
  mutating func bareCommand(backslashes: Int = 1) {
    var nameEnd = at + backslashes
    while nameEnd < bytes.count, LatexTokenizer.isLetter(bytes[nameEnd]) { nameEnd += 1 }
    let name = String(decoding: bytes[(at + backslashes)..<nameEnd], as: UTF8.self)
    guard LatexParser.isMathematics(name) else {
      at = nameEnd
      return
    }
    var end = at
    // Blanks end the formula, except between \left and \right and before a script.
    var open = 0
    var firstBlank: Int?
    scan: while end < bytes.count {
      switch bytes[end] {
      case 0x7B:
        guard let close = closingBrace(end) else { break scan }
        end = close + 1
      case 0x5C:
        if backslashes == 2, byte(end + 1) == 0x5C, LatexTokenizer.isLetter(byte(end + 2)) { end += 1 }
        let next = byte(end + 1)
        if LatexTokenizer.isLetter(next) {
          if bytes.matches("\\begin", end) || bytes.matches("\\item", end) || bytes.matches("\\end", end) { break scan }
          if bytes.matches("\\left", end), !bytes.matches("\\leftarrow", end), !bytes.matches("\\leftr", end) {
            open += 1
          }
          if bytes.matches("\\right", end), !bytes.matches("\\rightarrow", end) { open -= 1 }
          end += 2
          while end < bytes.count, LatexTokenizer.isLetter(bytes[end]) { end += 1 }
        } else if next == 0x28 || next == 0x29 || next == 0x5B || next == 0x5D || next == 0x5C || next == 0 {
          break scan
        } else {
          end += 2
        }
      case 0x20 where open > 0 && end - at < 1000:
        if firstBlank == nil { firstBlank = end }
        end += 1
      case 0x20 where byte(end + 1) == 0x5F || byte(end + 1) == 0x5E:
        end += 1
      case 0x20, 0x09, 0x0A, 0x0D, 0x24, 0x60, 0x2A, 0x7D, 0x22, 0x3B: break scan
      case let letter where LatexTokenizer.isLetter(letter):
        var word = end
        while word < bytes.count, LatexTokenizer.isLetter(bytes[word]) { word += 1 }
        if word - end > 2, open == 0 { break scan }
        end = word
      case 0x80...: break scan
      default: end += 1
      }
    }
    end = min(open > 0 ? firstBlank ?? end : end, bytes.count)
    let start = bareStart()
    end = trimmed(start, max(end, nameEnd), nameEnd)
    add(.bare, start..<end, start..<end)
  }

  /// Leaves punctuation of the sentence, and a bracket that opened before, outside.
  func trimmed(_ start: Int, _ end: Int, _ least: Int) -> Int {
    var end = end
    var level = 0
    for byte in bytes[start..<end] {
      if byte == 0x28 { level += 1 }
      if byte == 0x29 { level -= 1 }
    }
    while end > least {
      let last = bytes[end - 1]
      if last == 0x2E || last == 0x2C || last == 0x3A || last == 0x21 || last == 0x3F {
        end -= 1
      } else if last == 0x29, level < 0 {
        level += 1
        end -= 1
      } else {
        break
      }
    }
    return end
  }

  /// The terms that touch a bare command on its left: 2\sqrt{3}, x^2\cdot.
  func bareStart() -> Int {
    var start = at
    var letters = 0
    while start > proseStart, at - start < 40 {
      let byte = bytes[start - 1]
      if LatexTokenizer.isLetter(byte) {
        letters += 1
        if letters > 2 { return at }
      } else {
        letters = 0
        let isTerm =
          isDigit(byte) || byte == 0x5E || byte == 0x5F || byte == 0x28 || byte == 0x2B || byte == 0x3D || byte == 0x2F
          || byte == 0x7B || byte == 0x7D || byte == 0x2D || byte == 0x7C
        if !isTerm { break }
      }
      start -= 1
    }
    // Half a word, or braces that opened elsewhere, are left alone.
    var level = 0
    for byte in bytes[start..<at] {
      if byte == 0x7B { level += 1 }
      if byte == 0x7D { level -= 1 }
      if level < 0 { return at }
    }
    if level != 0 { return at }
    if start > proseStart {
      let before = bytes[start - 1]
      if before >= 0x80 || LatexTokenizer.isLetter(before) { return at }
    }
    return start
  }

  func closingBrace(_ open: Int) -> Int? {
    var level = 0
    var index = open
    // A group outside all delimiters is short.
    while index < bytes.count, index - open < 4000 {
      switch bytes[index] {
      case 0x5C: index += 1
      case 0x7B: level += 1
      case 0x7D:
        level -= 1
        if level == 0 { return index }
      case 0x0A where byte(index + 1) == 0x0A: return nil
      default: break
      }
      index += 1
    }
    return nil
  }
}

extension LatexParser {
  /// Commands of prose, which the text layout reads itself.
  static let proseCommands: Set<String> = [
    "textbf", "textit", "emph", "textrm", "textsf", "texttt", "text", "mbox", "item", "begin", "end", "par", "newline",
    "section", "subsection", "paragraph", "noindent", "centering", "label", "ref", "cite", "url", "href",
    "includegraphics",
    "caption", "footnote", "documentclass", "usepackage", "title", "author", "date", "maketitle", "vspace", "hspace",
    "newpage", "bigskip", "medskip", "smallskip", "verb", "input", "n", "t", "r", "i", "o", "O", "l", "S", "P", "it",
    "bf", "rm", "em", "tt", "small", "large", "Large", "b", "c", "u", "d", "k",
  ]

  /// Whether a command outside all delimiters is mathematics.
  static func isMathematics(_ name: String) -> Bool {
    if proseCommands.contains(name) { return false }
    if Symbols.commands[name] != nil || accents[name] != nil { return true }
    if let font = fonts[name] { return font != .roman || name.hasPrefix("math") }
    return bareCommands.contains(name)
  }

  private static let bareCommands: Set<String> = [
    "frac", "dfrac", "tfrac", "cfrac", "binom", "dbinom", "tbinom", "sqrt", "boxed", "fbox", "pmod", "bmod", "mod",
    "pod", "not", "operatorname", "overset", "underset", "stackrel", "substack", "left", "right", "big", "Big", "bigg",
    "Bigg", "bigl", "bigr", "cancel", "phantom", "quad", "qquad", "displaystyle", "xrightarrow", "xleftarrow", "root",
    "textcolor", "color", "tag", "limits", "Bigl", "Bigr", "mathop", "genfrac", "dots",
  ]
}
