/// Collects the tokens of one paragraph: prose with its emphasis, code, formulas.
struct ParagraphBuilder {
  let bytes: [UInt8]
  let ascii: Bool
  let columns: @Sendable (Character) -> Int
  /// The role of plain prose: text, or heading.
  var base: MathRole = .text
  private(set) var tokens: [LayoutToken] = []
  private var blank = false
  private var isStrong = false
  private var isEmphasis = false
  private var word: [UInt8] = []
  private var wordStart = 0

  init(bytes: [UInt8], ascii: Bool, columns: @escaping @Sendable (Character) -> Int) {
    self.bytes = bytes
    self.ascii = ascii
    self.columns = columns
  }

  var isEmpty: Bool { tokens.isEmpty && word.isEmpty }

  private var role: MathRole {
    if base == .heading { return .heading }
    return isStrong ? .strong : isEmphasis ? .emphasis : base
  }

  mutating func endParagraph() -> [LayoutToken] {
    flushWord(bytes.count)
    defer {
      tokens = []
      blank = false
      isStrong = false
      isEmphasis = false
      base = .text
    }
    return tokens
  }

  mutating func addBlank() {
    flushWord(wordStart)
    blank = true
  }

  private func width(_ text: String) -> Int {
    text.utf8.allSatisfy { $0 < 0x80 } ? text.utf8.count : text.reduce(0) { $0 + columns($1) }
  }

  private mutating func flushWord(_ end: Int) {
    guard !word.isEmpty else { return }
    var text = MathString.clean(String(decoding: word, as: UTF8.self))
    if ascii { text = Self.asciiProse(text) }
    let range = wordStart..<max(wordStart, min(end, wordStart + max(word.count, end - wordStart)))
    add(text, role, range)
    word.removeAll(keepingCapacity: true)
  }

  /// Prose keeps its letters; the signs that have ASCII words get them.
  static func asciiProse(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var result = ""
    for c in text {
      if !c.isASCII, let words = Symbols.ascii[c] { result += words } else { result.append(c) }
    }
    return result
  }

  mutating func add(_ text: String, _ role: MathRole, _ source: Range<Int>) {
    tokens.append(
      LayoutToken(
        text: text, role: role, width: width(text), blank: blank, breakCost: blank ? LayoutToken.proseBreak : 0,
        source: source))
    blank = false
  }

  mutating func code(_ body: Range<Int>, _ range: Range<Int>) {
    flushWord(range.lowerBound)
    let text = MathString.clean(String(decoding: bytes[body], as: UTF8.self))
    for part in text.split(separator: " ", omittingEmptySubsequences: false) {
      if !part.isEmpty { add(String(part), .code, range) }
      blank = true
    }
    blank = false
  }

  mutating func formula(_ node: MathNode, _ range: Range<Int>) {
    flushWord(range.lowerBound)
    for (index, token) in LinearPrinter.tokens(node, ascii: ascii).enumerated() {
      let isFirst = index == 0
      var cost = isFirst ? (blank ? LayoutToken.proseBreak : 0) : 0
      if !isFirst, token.breakClass > 0 { cost = 1 + Int(token.breakClass) + Int(token.depth) * 5 }
      tokens.append(
        LayoutToken(
          text: token.text, role: token.role, width: width(token.text), blank: isFirst ? blank : token.blank,
          breakCost: cost, source: range))
      blank = false
    }
  }

  // MARK: Prose

  /// Adds prose without line ends. `strongEnd` and `emphasisEnd`: where the last mark stands that could close one.
  mutating func prose(_ range: Range<Int>, strongEnd: Int, emphasisEnd: Int) {
    var at = range.lowerBound
    func next(_ offset: Int) -> UInt8 { at + offset < bytes.count ? bytes[at + offset] : 0 }
    while at < range.upperBound {
      let byte = bytes[at]
      switch byte {
      case 0x20, 0x09, 0x0D, 0x0B, 0x0C:
        flushWord(at)
        blank = true
        at += 1
      case 0x2A:
        if next(1) == 0x2A {
          let changes =
            isStrong
            ? EmphasisMarks.closesStrong(bytes, at) : at < strongEnd && EmphasisMarks.opensStrong(bytes, at)
          if changes {
            flushWord(at)
            isStrong.toggle()
            at += 2
          } else {
            append(byte, at)
            append(byte, at + 1)
            at += 2
          }
        } else {
          let changes =
            isEmphasis
            ? EmphasisMarks.closesEmphasis(bytes, at) : at < emphasisEnd && EmphasisMarks.opensEmphasis(bytes, at)
          if changes {
            flushWord(at)
            isEmphasis.toggle()
          } else {
            append(byte, at)
          }
          at += 1
        }
      case 0x5C: backslash(&at, range.upperBound)
      default:
        append(byte, at)
        at += 1
      }
    }
    flushWord(at)
  }

  private mutating func append(_ byte: UInt8, _ at: Int) {
    if word.isEmpty { wordStart = at }
    word.append(byte)
  }

  private mutating func backslash(_ at: inout Int, _ end: Int) {
    let next = at + 1 < end ? bytes[at + 1] : 0
    switch next {
    case 0x24, 0x25, 0x26, 0x23, 0x5F, 0x2A, 0x7B, 0x7D, 0x7E, 0x60, 0x3C, 0x3E:
      append(next, at)
      at += 2
    case 0x5C:
      append(next, at)
      append(next, at + 1)
      at += 2
    case 0x2C, 0x3B, 0x20:
      flushWord(at)
      blank = true
      at += 2
    case 0x21 where at > 1 && (bytes[at - 1] == 0x2C || bytes[at - 1] == 0x20 && bytes[at - 2] == 0x2C):
      // 1,\!000 outside of mathematics.
      at += 2
    case let letter where LatexTokenizer.isLetter(letter):
      var nameEnd = at + 1
      while nameEnd < end, LatexTokenizer.isLetter(bytes[nameEnd]) { nameEnd += 1 }
      let name = String(decoding: bytes[(at + 1)..<nameEnd], as: UTF8.self)
      proseCommand(name, &at, nameEnd, end)
    default:
      append(bytes[at], at)
      at += 1
    }
  }

  private mutating func proseCommand(_ name: String, _ at: inout Int, _ nameEnd: Int, _ end: Int) {
    switch name {
    case "textbf", "textit", "emph", "textrm", "text", "textsf", "texttt", "mbox", "section", "subsection", "paragraph",
      "title":
      guard nameEnd < end, bytes[nameEnd] == 0x7B, let close = closingBrace(nameEnd, end) else { break }
      flushWord(at)
      let outer = (isStrong, isEmphasis)
      if name == "textbf" || name == "section" || name == "subsection" || name == "title" { isStrong = true }
      if name == "textit" || name == "emph" { isEmphasis = true }
      prose((nameEnd + 1)..<close, strongEnd: 0, emphasisEnd: 0)
      (isStrong, isEmphasis) = outer
      at = close + 1
      return
    case "item":
      flushWord(at)
      blank = true
      add(ascii ? "*" : "•", .listMarker, at..<nameEnd)
      blank = true
      at = nameEnd
      return
    case "noindent", "par", "centering", "bigskip", "medskip", "smallskip", "newline", "newpage":
      flushWord(at)
      blank = true
      at = nameEnd
      return
    case "begin", "end":
      // The frame of a list or a picture says nothing to a reader; the frame of what is unknown stays.
      if nameEnd < end, bytes[nameEnd] == 0x7B, let close = closingBrace(nameEnd, end) {
        let environment = String(decoding: bytes[(nameEnd + 1)..<close], as: UTF8.self)
        if ["enumerate", "itemize", "center", "proof", "solution", "quote"].contains(environment) {
          flushWord(at)
          at = close + 1
          return
        }
        flushWord(at)
        add(MathString.clean(String(decoding: bytes[at...close], as: UTF8.self)), .source, at..<(close + 1))
        at = close + 1
        return
      }
    default: break
    }
    flushWord(at)
    add(MathString.clean(String(decoding: bytes[at..<nameEnd], as: UTF8.self)), .source, at..<nameEnd)
    at = nameEnd
  }

  private func closingBrace(_ open: Int, _ end: Int) -> Int? {
    var level = 0
    var index = open
    while index < end, index - open < 2000 {
      if bytes[index] == 0x7B { level += 1 }
      if bytes[index] == 0x7D {
        level -= 1
        if level == 0 { return index }
      }
      index += 1
    }
    return nil
  }
}
