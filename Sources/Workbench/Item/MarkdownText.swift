import DeepCriticCore
import MathText
import Terminal

/// Texts of datasets as Markdown for issues and chats: formulas as `$…$` and `$$…$$`, everything else as text.
///
/// No text may become markup, a link, a mention or a reference, end a block that it is in, or begin one.
enum MarkdownText {
  /// Formulas are what the screen shows as formulas; those that cannot stand between dollars are shown as code.
  static func escaped(_ text: String) -> String {
    let bytes = Array(TextSafety.block(text).utf8)
    var pieces: [String] = []
    var last = 0
    for formula in MathText.formulas(in: String(decoding: bytes, as: UTF8.self)) {
      pieces.append(words(String(decoding: bytes[last..<formula.range.lowerBound], as: UTF8.self)))
      pieces.append(written(formula, bytes))
      last = formula.range.upperBound
    }
    pieces.append(words(String(decoding: bytes[last...], as: UTF8.self)))
    return lines(joined(pieces))
  }

  /// Puts pieces together: a dollar beside a word, a digit or another dollar would begin and end no formula.
  private static func joined(_ pieces: [String]) -> String {
    var out = ""
    for piece in pieces where !piece.isEmpty {
      if let before = out.last, let next = piece.first, before == "$" && touches(next) || next == "$" && touches(before)
      {
        out += "&#8288;"
      }
      out += piece
    }
    return out
  }

  private static func touches(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || "$\\".contains(character)
  }

  /// One line of text without formulas, for headings and cells of tables.
  static func line(_ text: String) -> String { lines(words(TextSafety.line(text))) }

  // MARK: Formulas

  /// What makes links, pictures, mentions and references where a reader of Markdown knows no formulas; hardly any formula
  /// has it.
  private static let suspicious = ["](", "][", "]:", "![", "[^", "://", "www.", "@", "#"]

  /// Commands of MathJax and KaTeX that reach out of a formula: they make links, load pictures and extensions, set classes and
  /// styles, or define other commands.
  private static let activeCommands: Set<String> = [
    "href", "url", "html", "htmlData", "htmlClass", "htmlId", "htmlStyle", "class", "cssId", "style", "data", "require",
    "includegraphics", "input", "include", "usepackage", "unicode", "def", "gdef", "edef", "xdef", "let", "futurelet",
    "global",
    "newcommand", "renewcommand", "providecommand", "newenvironment", "renewenvironment", "DeclareMathOperator",
    "csname",
    "catcode", "write", "openout", "immediate", "special", "mmlToken", "texttip", "mathtip", "toggle", "action", "bbox",
    "Rule", "loop", "expandafter", "char", "mathchardef", "tag", "label", "ref", "eqref",
  ]

  private static func hasActiveCommand(_ body: String) -> Bool {
    body.matches(of: /\\([A-Za-z]+)/).contains { activeCommands.contains(String($0.output.1)) }
  }

  /// Whether a range has its lines to itself.
  private static func isAlone(_ range: Range<Int>, _ bytes: [UInt8]) -> Bool {
    let before = bytes[..<range.lowerBound].last { $0 != 0x20 }
    let after = bytes[range.upperBound...].first { $0 != 0x20 }
    return (before ?? 0x0A) == 0x0A && (after ?? 0x0A) == 0x0A
  }

  private static func written(_ formula: Formula, _ bytes: [UInt8]) -> String {
    // Blank lines would end the formula, and lines of their own do not matter in one.
    var body = formula.body.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !body.isEmpty, isBalanced(body), !Self.suspicious.contains(where: { body.contains($0) }),
      !hasActiveCommand(body)
    else {
      return code(String(decoding: bytes[formula.range], as: UTF8.self))
    }
    // Signs that Markdown and HTML would take for themselves, by commands that mean the same. A percent sign is one here,
    // and would begin a comment there.
    var before: Unicode.Scalar = " "
    body = body.unicodeScalars.map { scalar in
      defer { before = before == "\\" && scalar == "\\" ? " " : scalar }
      switch scalar {
      case "%" where before != "\\": return "\\%"
      case "<": return "\\lt "
      case ">": return "\\gt "
      case "`": return "\u{2018}"
      case "~": return "\\ "
      default: return String(scalar)
      }
    }.joined()
    return formula.isDisplay && isAlone(formula.range, bytes) ? "\n\n$$\(body)$$\n\n" : "$\(body)$"
  }

  /// No dollar sign may end it early, and braces must match.
  private static func isBalanced(_ body: String) -> Bool {
    var depth = 0
    var isEscaped = false
    for character in body.unicodeScalars {
      if isEscaped {
        isEscaped = false
        continue
      }
      switch character {
      case "\\": isEscaped = true
      case "{": depth += 1
      case "}": depth -= 1
      case "$": return false
      default: break
      }
      if depth < 0 { return false }
    }
    return depth == 0 && !isEscaped
  }

  private static func code(_ text: String) -> String {
    let text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    // A fence that is longer than any run of backticks in it.
    var longest = 0
    var run = 0
    for character in text.unicodeScalars {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    return text.isEmpty ? "" : "\(fence) \(text) \(fence)"
  }

  // MARK: Words

  private static func words(_ text: String) -> String { Markdown.escaped(text) }

  /// Line ends stay line ends; no line begins a list, a heading or code.
  private static func lines(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
      let content = line.drop { $0 == " " }
      let indent = String(repeating: "&nbsp;", count: min(line.count - content.count, 12))
      guard let first = content.first else { return "" }
      let digits = content.prefix { $0.isASCII && $0.isNumber }
      let rest = content.dropFirst(digits.count)
      if !digits.isEmpty, let mark = rest.first, mark == "." || mark == ")" { return indent + digits + "\\" + rest }
      return indent + ("-+=".contains(first) ? "\\" : "") + content
    }
    var out: [String] = []
    for (index, line) in lines.enumerated() {
      if line.isEmpty, out.last?.isEmpty ?? true { continue }
      let next = index + 1 < lines.count ? lines[index + 1] : ""
      let isFormula = line.hasPrefix("$$")
      out.append(line.isEmpty || next.isEmpty || isFormula ? line : line + "\\")
    }
    while out.last?.isEmpty == true { out.removeLast() }
    return out.joined(separator: "\n")
  }
}
