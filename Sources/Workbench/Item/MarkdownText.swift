import DeepCriticCore
import Terminal

/// Texts of datasets as Markdown for issues and chats: formulas as `$…$` and `$$…$$`, everything else as text.
///
/// No text may become markup, a link, a mention or a reference, end a block that it is in, or begin one.
enum MarkdownText {
  /// Formulas that cannot stand between dollars are shown as code.
  static func escaped(_ text: String) -> String {
    let text = TextSafety.block(text)
    var out = ""
    var last = text.startIndex
    for range in Formulas.ranges(of: text) {
      out += prose(text[last..<range.lowerBound])
      out += formula(String(text[range]), isAlone: isAlone(range, text))
      last = range.upperBound
    }
    return lines(out + prose(text[last...]))
  }

  /// Words between formulas. Judgements are boxed there: a box is mathematics, with dollars or without.
  private static func prose(_ text: Substring) -> String {
    var out = ""
    var last = text.startIndex
    for match in text.matches(of: /\\boxed\{[^{}$\n]*\}/) {
      out += words(String(text[last..<match.range.lowerBound])) + formula(String(match.output), isAlone: false)
      last = match.range.upperBound
    }
    return out + words(String(text[last...]))
  }

  /// One line of text without formulas, for headings and cells of tables.
  static func line(_ text: String) -> String { words(TextSafety.line(text)) }

  // MARK: Formulas

  private static let delimiters = [("$$", "$$", true), ("\\[", "\\]", true), ("\\(", "\\)", false), ("$", "$", false)]

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

  private static func isAlone(_ range: Range<String.Index>, _ text: String) -> Bool {
    let before = text[..<range.lowerBound].reversed().first { $0 != " " }
    let after = text[range.upperBound...].first { $0 != " " }
    return (before ?? "\n") == "\n" && (after ?? "\n") == "\n"
  }

  private static func formula(_ source: String, isAlone: Bool) -> String {
    var body = source
    var isDisplay = source.hasPrefix("\\begin")
    for (open, close, display) in delimiters
    where source.hasPrefix(open) && source.hasSuffix(close) && source.count >= open.count + close.count {
      body = String(source.dropFirst(open.count).dropLast(close.count))
      isDisplay = display
      break
    }
    // Blank lines would end the formula, and lines of their own do not matter in one.
    body = body.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !body.isEmpty, isBalanced(body), !Self.suspicious.contains(where: { body.contains($0) }),
      !hasActiveCommand(body)
    else {
      return code(source)
    }
    // Signs that Markdown and HTML would take for themselves, by commands that mean the same.
    body = body.unicodeScalars.map { scalar in
      switch scalar {
      case "<": "\\lt "
      case ">": "\\gt "
      case "`": "\u{2018}"
      case "~": "\\ "
      default: String(scalar)
      }
    }.joined()
    return isDisplay && isAlone ? "\n\n$$\(body)$$\n\n" : "$\(body)$"
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
