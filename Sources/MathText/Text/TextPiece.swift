/// A piece of a text: prose, code, or a formula.
struct TextPiece {
  enum Kind {
    case prose, code, codeBlock, drawing, inline, display, bare
  }
  var kind: Kind
  /// Delimiters included.
  var range: Range<Int>
  /// What stands between the delimiters.
  var body: Range<Int>
}

/// Finds the formulas of a text, in one pass.
struct TextScanner {
  let bytes: [UInt8]
  private var pieces: [TextPiece] = []
  private var proseStart = 0
  private var at = 0
  private var environmentEnds: [Int: Int]?
  /// Ends that were looked for in vain need no second search.
  private var noDoubleDollar = false
  private var noDrawingEnd = false
  private var noFenceEnd = false

  static func pieces(of bytes: [UInt8]) -> [TextPiece] {
    var scanner = TextScanner(bytes: bytes)
    scanner.run()
    return scanner.pieces
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func run() {
    while at < bytes.count {
      switch bytes[at] {
      case 0x5C: backslash()
      case 0x24: dollar()
      case 0x60: backtick()
      case 0x5B:
        if !noDrawingEnd, matches("[asy]", at) {
          if let end = find("[/asy]", from: at + 5) {
            add(.drawing, at..<(end + 6), (at + 5)..<end)
          } else {
            noDrawingEnd = true
            at += 1
          }
        } else {
          at += 1
        }
      default: at += 1
      }
    }
    flushProse(to: bytes.count)
  }

  private mutating func flushProse(to end: Int) {
    if end > proseStart {
      pieces.append(TextPiece(kind: .prose, range: proseStart..<end, body: proseStart..<end))
    }
  }

  private mutating func add(_ kind: TextPiece.Kind, _ range: Range<Int>, _ body: Range<Int>) {
    flushProse(to: range.lowerBound)
    pieces.append(TextPiece(kind: kind, range: range, body: body))
    at = range.upperBound
    proseStart = at
  }

  private func byte(_ index: Int) -> UInt8 { index >= 0 && index < bytes.count ? bytes[index] : 0 }

  private func matches(_ text: StaticString, _ index: Int) -> Bool {
    guard index + text.utf8CodeUnitCount <= bytes.count else { return false }
    for offset in 0..<text.utf8CodeUnitCount where bytes[index + offset] != text.utf8Start[offset] { return false }
    return true
  }

  private func find(_ text: StaticString, from start: Int) -> Int? {
    guard text.utf8CodeUnitCount > 0 else { return nil }
    let first = text.utf8Start[0]
    var index = start
    while index + text.utf8CodeUnitCount <= bytes.count {
      if bytes[index] == first, matches(text, index) { return index }
      index += 1
    }
    return nil
  }

  // MARK: Code

  private mutating func backtick() {
    if matches("```", at) {
      let atLineStart = lineStart(at).allBlank
      if !noFenceEnd, let end = find("```", from: at + 3) {
        add(atLineStart ? .codeBlock : .code, at..<(end + 3), (at + 3)..<end)
      } else {
        noFenceEnd = true
        // Fences that never close reach to the end, as Markdown has it.
        if atLineStart { add(.codeBlock, at..<bytes.count, (at + 3)..<bytes.count) } else { at += 3 }
      }
      return
    }
    var end = at + 1
    while end < bytes.count, bytes[end] != 0x60, bytes[end] != 0x0A { end += 1 }
    if end < bytes.count, bytes[end] == 0x60, end > at + 1 {
      add(.code, at..<(end + 1), (at + 1)..<end)
    } else {
      at += 1
    }
  }

  private func lineStart(_ index: Int) -> (start: Int, allBlank: Bool) {
    var start = index
    while start > 0, bytes[start - 1] == 0x20 || bytes[start - 1] == 0x09 { start -= 1 }
    return (start, start == 0 || bytes[start - 1] == 0x0A)
  }

  // MARK: Backslash

  private mutating func backslash() {
    let next = byte(at + 1)
    switch next {
    case 0x28:
      if let end = closing(0x29, opener: 0x28) { add(.inline, at..<(end + 2), (at + 2)..<end) } else { at += 2 }
    case 0x5B:
      if let end = closing(0x5D, opener: 0x5B) { add(.display, at..<(end + 2), (at + 2)..<end) } else { at += 2 }
    default:
      if matches("\\begin{", at) {
        beginEnvironment()
      } else if LatexTokenizer.isLetter(next) {
        bareCommand()
      } else {
        at += 2
      }
    }
    at = min(at, bytes.count)
  }

  /// The `\)` that closes; another opening or an empty line before it means there is none.
  private func closing(_ close: UInt8, opener: UInt8) -> Int? {
    var index = at + 2
    while index + 1 < bytes.count {
      if bytes[index] == 0x5C {
        if bytes[index + 1] == close { return index }
        if bytes[index + 1] == opener { return nil }
        index += 2
        continue
      }
      if close == 0x29, bytes[index] == 0x0A, bytes[index + 1] == 0x0A { return nil }
      index += 1
    }
    return nil
  }

  private mutating func beginEnvironment() {
    guard let name = environmentName(at + 7), LatexParser.environments[name] != nil, name != "center" else {
      at += 7
      return
    }
    if environmentEnds == nil { environmentEnds = pairEnvironments() }
    guard let end = environmentEnds?[at] else {
      at += 7
      return
    }
    add(.display, at..<end, at..<end)
  }

  private func environmentName(_ start: Int) -> String? {
    var end = start
    while end < bytes.count, LatexTokenizer.isLetter(bytes[end]) || bytes[end] == 0x2A { end += 1 }
    guard end > start, byte(end) == 0x7D else { return nil }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// Every `\begin` with the end of its `\end`.
  private func pairEnvironments() -> [Int: Int] {
    var result: [Int: Int] = [:]
    var open: [(name: String, start: Int)] = []
    var index = at
    while index + 5 < bytes.count {
      if bytes[index] == 0x5C {
        if matches("\\begin{", index), let name = environmentName(index + 7) {
          open.append((name, index))
          index += 7
          continue
        }
        if matches("\\end{", index), let name = environmentName(index + 5) {
          if let last = open.last, last.name == name {
            open.removeLast()
            result[last.start] = index + 6 + name.utf8.count
          }
          index += 5
          continue
        }
        index += 2
        continue
      }
      index += 1
    }
    return result
  }

  // MARK: Dollars

  private mutating func dollar() {
    if byte(at + 1) == 0x24 {
      if !noDoubleDollar, let end = find("$$", from: at + 2) {
        if end > at + 2 { add(.display, at..<(end + 2), (at + 2)..<end) } else { at += 4 }
      } else {
        noDoubleDollar = true
        at += 2
      }
      at = min(at, bytes.count)
      return
    }
    guard let end = closingDollar() else {
      at += 1
      return
    }
    add(.inline, at..<(end + 1), (at + 1)..<end)
  }

  /// The dollar that closes the one at `at`, unless the two are amounts of money.
  private func closingDollar() -> Int? {
    var end = at + 1
    while end < bytes.count, bytes[end] != 0x24 {
      if bytes[end] == 0x5C { end += 1 }
      if bytes[end < bytes.count ? end : at] == 0x0A, byte(end + 1) == 0x0A { return nil }
      end += 1
    }
    guard end < bytes.count, end > at + 1 else { return nil }
    let body = bytes[(at + 1)..<end]
    let hasCommand = body.contains(0x5C)
    let first = byte(at + 1)
    let last = byte(end - 1)
    if hasCommand { return isBalanced(body) && !readsAsSentence(body) ? end : nil }
    let startsBlank = first == 0x20 || first == 0x0A
    let endsBlank = last == 0x20 || last == 0x0A
    if endsBlank, !startsBlank { return nil }
    if isDigit(byte(end + 1)) { return nil }
    if byte(end + 1) == 0x24 { return nil }
    if startsBlank || isDigit(first) || first == 0x2E {
      // $5 … $: money, unless what stands between reads as a formula.
      if hasProse(body) { return nil }
    } else if hasLongProse(body) {
      return nil
    }
    return end
  }

  /// Whether its braces pair and no other formula begins or ends in it.
  private func isBalanced(_ body: ArraySlice<UInt8>) -> Bool {
    var level = 0
    var index = body.startIndex
    while index < body.endIndex {
      switch body[index] {
      case 0x5C:
        index += 1
        if index < body.endIndex, [0x28, 0x29, 0x5B, 0x5D].contains(body[index]) { return false }
      case 0x7B: level += 1
      case 0x7D:
        level -= 1
        if level < 0 { return false }
      default: break
      }
      index += 1
    }
    return level == 0
  }

  /// Whether more than four words stand outside all braces, as between two amounts of money.
  private func readsAsSentence(_ body: ArraySlice<UInt8>) -> Bool {
    var level = 0
    var words = 0
    var run = 0
    var isCommand = false
    for byte in body {
      if LatexTokenizer.isLetter(byte) {
        run += 1
        continue
      }
      if run > 2, level == 0, !isCommand { words += 1 }
      run = 0
      isCommand = byte == 0x5C
      if byte == 0x7B { level += 1 }
      if byte == 0x7D { level -= 1 }
    }
    return words > 4
  }

  private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  /// Whether a word of two letters or more stands in it.
  private func hasProse(_ body: ArraySlice<UInt8>) -> Bool { longestWords(body, 2) > 0 }

  /// Whether it reads as a sentence: three words of three letters or more.
  private func hasLongProse(_ body: ArraySlice<UInt8>) -> Bool { longestWords(body, 3) > 2 }

  private func longestWords(_ body: ArraySlice<UInt8>, _ length: Int) -> Int {
    var count = 0
    var run = 0
    for byte in body {
      if LatexTokenizer.isLetter(byte) {
        run += 1
      } else {
        if run >= length { count += 1 }
        run = 0
      }
    }
    if run >= length { count += 1 }
    return count
  }

  // MARK: LaTeX outside delimiters

  private mutating func bareCommand() {
    var nameEnd = at + 1
    while nameEnd < bytes.count, LatexTokenizer.isLetter(bytes[nameEnd]) { nameEnd += 1 }
    let name = String(decoding: bytes[(at + 1)..<nameEnd], as: UTF8.self)
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
        let next = byte(end + 1)
        if LatexTokenizer.isLetter(next) {
          if matches("\\begin", end) || matches("\\item", end) || matches("\\end", end) { break scan }
          if matches("\\left", end), !matches("\\leftarrow", end), !matches("\\leftr", end) { open += 1 }
          if matches("\\right", end), !matches("\\rightarrow", end) { open -= 1 }
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
  private func trimmed(_ start: Int, _ end: Int, _ least: Int) -> Int {
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
  private func bareStart() -> Int {
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

  private func closingBrace(_ open: Int) -> Int? {
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
