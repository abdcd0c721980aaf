extension LatexParser {
  /// The argument of `\text` and its kin: words, with mathematics between dollars.
  mutating func words(_ start: Int, _ end: Int, _ make: (MathNode) -> MathNode) -> MathNode {
    skipSpaces(end)
    guard position < end else { return sourceOnly(start) }
    guard tokens[position].kind == .open else {
      guard let body = argument(end) else { return sourceOnly(start) }
      return make(body)
    }
    let close = tokens[position].match
    guard close > position, close < end, depth <= LatexTokenizer.maximalDepth else { return sourceOnly(start) }
    position += 1
    let node = textRow(to: close)
    position = close + 1
    return make(node)
  }

  mutating func textRow(to end: Int) -> MathNode {
    depth += 1
    defer { depth -= 1 }
    var parts: [MathNode] = []
    var words = ""
    func flush() {
      if !words.isEmpty { parts.append(.text(words)) }
      words = ""
    }
    while position < end {
      let token = tokens[position]
      switch token.kind {
      case .space, .newline:
        position += 1
        if !words.hasSuffix(" ") { words += " " }
      case .character where token.text == "$":
        if let closing = closingDollar(end) {
          flush()
          position += 1
          parts.append(row(to: closing))
          position = closing + 1
        } else {
          position += 1
          words += "$"
        }
      case .character:
        position += 1
        words += token.text == "~" ? " " : token.text == "`" ? "‘" : token.text
      case .prime:
        position += 1
        words += "’"
      case .sub:
        // max_val: a name.
        position += 1
        words += "_"
      case .sup:
        // cm^2 in a text is a slip; show it as the mathematics it is.
        flush()
        position += 1
        if let argument = argument(end) {
          parts.append(.script(parts.popLast() ?? .empty, sub: nil, sup: argument, limits: false))
        } else {
          words += "^"
        }
      case .open where token.match > position && token.match < end:
        position += 1
        let inner = textRow(to: token.match)
        position = token.match + 1
        flush()
        parts.append(contentsOf: inner.items)
      case .amp:
        position += 1
        words += "&"
      case .command where Self.textEscapes[token.text] != nil:
        position += 1
        words += Self.textEscapes[token.text] ?? ""
      case .command where token.text == "(" || token.text == ")":
        position += 1
      default:
        flush()
        parts.append(nucleus(end))
      }
    }
    flush()
    return MathNode.of(parts)
  }

  private static let textEscapes: [String: String] = [
    "%": "%", "$": "$", "#": "#", "&": "&", "_": "_", "{": "{", "}": "}", " ": " ", ",": " ", ";": " ", "quad": "  ",
    "qquad": "    ", "ldots": "…", "dots": "…", "textendash": "–", "textemdash": "—", "!": "", "/": "", "-": "",
  ]

  /// Names that are taken for words when they are typed as letters with nothing beside them that could be a factor.
  private static let typedNames: Set<String> = Set(Symbols.functions + Symbols.limitFunctions + ["mod"]).filter {
    $0.utf8.count > 2 || $0 == "ln"
  }
  /// Words between formulas, when blanks stand on both sides.
  private static let typedWords: Set<String> = [
    "and", "or", "if", "for", "where", "when", "then", "with", "is", "are", "so", "since", "otherwise", "not", "the",
    "but", "because", "hence", "thus", "gives", "implies", "all", "from", "by",
  ]

  /// A name or word typed letter by letter (`x = 1 or x = 2`, `(mod n)`): TeX would run it into its neighbours, which
  /// nobody means. The letters stay the same; blanks keep the word apart.
  mutating func typedWord(_ end: Int) -> MathNode? {
    func isLetter(_ at: Int) -> Bool {
      guard at >= 0, at < tokens.count, tokens[at].kind == .character else { return false }
      return tokens[at].end - tokens[at].start == 1 && LatexTokenizer.isLetter(bytes[tokens[at].start])
    }
    guard isLetter(position), !isLetter(position - 1) else { return nil }
    var last = position
    while last < end, isLetter(last), last - position < 12 { last += 1 }
    guard last - position > 1, !isLetter(last) else { return nil }
    let word = String(decoding: bytes[tokens[position].start..<tokens[last - 1].end], as: UTF8.self)
    let isSpacedBefore = position == 0 || tokens[position - 1].kind == .space
    let isSpacedAfter = last < end && tokens[last].kind == .space
    if Self.typedWords.contains(word), isSpacedBefore, isSpacedAfter {
      position = last
      return .text(" \(word) ")
    }
    let followsBase = position > 0 && (tokens[position - 1].kind == .sub || tokens[position - 1].kind == .sup)
    guard Self.typedNames.contains(word), !followsBase, last < end else { return nil }
    if word == "mod", !isSpacedAfter { return nil }
    position = last
    return .function(word, limits: Symbols.limitFunctionNames.contains(word))
  }

  private func closingDollar(_ end: Int) -> Int? {
    var at = position + 1
    while at < end {
      if tokens[at].match > at { at = tokens[at].match }
      if tokens[at].kind == .character, tokens[at].text == "$" { return at }
      at += 1
    }
    return nil
  }
}
