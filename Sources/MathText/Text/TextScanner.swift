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

  var isFormulaInLine: Bool { kind == .inline || kind == .bare }
}

/// Finds the formulas of a text, in one pass.
struct TextScanner {
  let bytes: [UInt8]
  var pieces: [TextPiece] = []
  var proseStart = 0
  var at = 0
  var environmentEnds: [Int: Int]?
  /// Ends that were looked for in vain need no second search.
  var noDoubleDollar = false
  var noDrawingEnd = false
  var noFenceEnd = false
  /// The same for one and two backticks: up to where.
  private var noCodeEndBefore = [0, 0]
  /// What is known of a chain of formulas without anything between them, and where it ends.
  var areNeighbours = false
  var neighboursEnd = 0

  static func pieces(of bytes: [UInt8]) -> [TextPiece] {
    var scanner = TextScanner(bytes: bytes)
    scanner.run()
    return scanner.pieces
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  mutating func run() {
    while at < bytes.count {
      switch bytes[at] {
      case 0x5C: backslash()
      case 0x24: dollar()
      case 0x60: backtick()
      case 0x5B:
        if !noDrawingEnd, bytes.matches("[asy]", at) {
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

  mutating func flushProse(to end: Int) {
    if end > proseStart {
      pieces.append(TextPiece(kind: .prose, range: proseStart..<end, body: proseStart..<end))
    }
  }

  mutating func add(_ kind: TextPiece.Kind, _ range: Range<Int>, _ body: Range<Int>) {
    flushProse(to: range.lowerBound)
    pieces.append(TextPiece(kind: kind, range: range, body: body))
    at = range.upperBound
    proseStart = at
  }

  func byte(_ index: Int) -> UInt8 { index >= 0 && index < bytes.count ? bytes[index] : 0 }

  func find(_ text: StaticString, from start: Int) -> Int? {
    guard text.utf8CodeUnitCount > 0 else { return nil }
    let first = text.utf8Start[0]
    var index = start
    while index + text.utf8CodeUnitCount <= bytes.count {
      if bytes[index] == first, bytes.matches(text, index) { return index }
      index += 1
    }
    return nil
  }

  // MARK: Code

  mutating func backtick() {
    if bytes.matches("```", at) {
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
    let marks = byte(at + 1) == 0x60 ? 2 : 1
    guard let end = codeEnd(marks) else {
      at += marks
      return
    }
    var body = (at + marks)..<end
    // A blank inside keeps a backtick of the code from the mark.
    if body.count > 2, bytes[body.lowerBound] == 0x20, bytes[end - 1] == 0x20 {
      body = (body.lowerBound + 1)..<(end - 1)
    }
    add(.code, at..<(end + marks), body)
  }

  /// Where as many backticks follow as open the code at `at`, on the same line. ``quotation marks'' of LaTeX are not code.
  private mutating func codeEnd(_ marks: Int) -> Int? {
    if at < noCodeEndBefore[marks - 1] { return nil }
    var end = at + marks
    while end < bytes.count, bytes[end] != 0x0A {
      guard bytes[end] == 0x60 else {
        if marks == 2, bytes[end] == 0x27, byte(end + 1) == 0x27 { return nil }
        end += 1
        continue
      }
      let start = end
      while end < bytes.count, bytes[end] == 0x60 { end += 1 }
      if end - start == marks { return start }
    }
    noCodeEndBefore[marks - 1] = end
    return nil
  }

  func lineStart(_ index: Int) -> (start: Int, allBlank: Bool) {
    var start = index
    while start > 0, bytes[start - 1] == 0x20 || bytes[start - 1] == 0x09 { start -= 1 }
    return (start, start == 0 || bytes[start - 1] == 0x0A)
  }

  // MARK: Backslash

  mutating func backslash() {
    let next = byte(at + 1)
    switch next {
    case 0x28:
      if let end = closing(0x29, opener: 0x28) { add(.inline, at..<(end + 2), (at + 2)..<end) } else { at += 2 }
    case 0x5B:
      if let end = closing(0x5D, opener: 0x5B) { add(.display, at..<(end + 2), (at + 2)..<end) } else { at += 2 }
    case 0x5C: doubledBackslash()
    default:
      if bytes.matches("\\begin{", at) {
        beginEnvironment()
      } else if LatexTokenizer.isLetter(next) {
        bareCommand()
      } else {
        at += 2
      }
    }
    at = min(at, bytes.count)
  }

  /// `\\(x\\)` and `\\frac{1}{2}`: LaTeX that was escaped twice.
  private mutating func doubledBackslash() {
    let next = byte(at + 2)
    if next == 0x28 || next == 0x5B, let end = doubledClosing(next == 0x28 ? 0x29 : 0x5D, opener: next) {
      add(next == 0x28 ? .inline : .display, at..<(end + 3), (at + 3)..<end)
    } else if LatexTokenizer.isLetter(next) {
      bareCommand(backslashes: 2)
    } else {
      at += 2
    }
  }

  /// The `\\)` that closes; another opening or an empty line before it means there is none.
  private func doubledClosing(_ close: UInt8, opener: UInt8) -> Int? {
    var index = at + 3
    while index + 2 < bytes.count {
      if bytes[index] == 0x0A, bytes[index + 1] == 0x0A { return nil }
      if bytes[index] == 0x5C, bytes[index + 1] == 0x5C {
        if bytes[index + 2] == close { return index > at + 3 ? index : nil }
        if bytes[index + 2] == opener { return nil }
        index += 1
      }
      index += 1
    }
    return nil
  }

  /// The `\)` that closes; another opening or an empty line before it means there is none.
  func closing(_ close: UInt8, opener: UInt8) -> Int? {
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

  mutating func beginEnvironment() {
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

  func environmentName(_ start: Int) -> String? {
    var end = start
    while end < bytes.count, LatexTokenizer.isLetter(bytes[end]) || bytes[end] == 0x2A { end += 1 }
    guard end > start, byte(end) == 0x7D else { return nil }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// Every `\begin` with the end of its `\end`.
  func pairEnvironments() -> [Int: Int] {
    var result: [Int: Int] = [:]
    var open: [(name: String, start: Int)] = []
    var index = at
    while index + 5 < bytes.count {
      if bytes[index] == 0x5C {
        if bytes.matches("\\begin{", index), let name = environmentName(index + 7) {
          open.append((name, index))
          index += 7
          continue
        }
        if bytes.matches("\\end{", index), let name = environmentName(index + 5) {
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
}

extension RandomAccessCollection<UInt8> where Index == Int {
  func matches(_ text: StaticString, _ index: Int) -> Bool {
    guard index + text.utf8CodeUnitCount <= count else { return false }
    for offset in 0..<text.utf8CodeUnitCount where self[index + offset] != text.utf8Start[offset] { return false }
    return true
  }
}
