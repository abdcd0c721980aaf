/// Reads LaTeX mathematics. Never fails: what it cannot read becomes a source piece, the rest is read.
struct LatexParser {
  let bytes: [UInt8]
  let tokens: [LatexToken]
  var position = 0
  var depth = 0
  /// Whether a letter was written in a font of its own, so that two fonts of one letter may need telling apart.
  var usesFonts = false
  /// Whether √ was written as a character.
  var usesRootSigns = false

  static func parse(_ bytes: [UInt8], _ range: Range<Int>) -> MathNode {
    if let halved = DoubledBackslashes.halved(bytes, range) { return parse(halved, 0..<halved.count) }
    var parser = LatexParser(bytes: bytes, tokens: LatexTokenizer.tokens(of: bytes, range))
    let node = parser.lines() ?? parser.row(to: parser.tokens.count)
    return parser.usesFonts ? separateFonts(node) : node
  }

  // MARK: Rows

  /// The row from the present token to the one before `end`.
  mutating func row(to end: Int) -> MathNode {
    let list = rowItems(to: end)
    return MathNode.of(Brackets.pair(usesRootSigns ? UnicodeInput.roots(list) : list))
  }

  private mutating func rowItems(to end: Int) -> [MathNode] {
    depth += 1
    defer { depth -= 1 }
    var list: [MathNode] = []
    while position < end {
      let token = tokens[position]
      switch token.kind {
      case .space: position += 1
      case .sup, .sub: scripts(&list, end)
      case .prime: primes(&list, end)
      case .command:
        if let node = infix(token.text, &list, end) { return [node] }
        list.append(nucleus(end))
      case .character:
        if isDigit(token) || isDecimalPoint(position, end) {
          list.append(number(end))
        } else if let word = typedWord(end) {
          list.append(word)
        } else {
          UnicodeInput.append(nucleus(end), to: &list)
        }
      default: list.append(nucleus(end))
      }
    }
    return list
  }

  /// `\over` and similar commands split their row.
  private mutating func infix(_ name: String, _ list: inout [MathNode], _ end: Int) -> MathNode? {
    switch name {
    case "over", "atop", "choose", "brace", "brack": break
    default: return nil
    }
    position += 1
    let above = MathNode.of(Brackets.pair(list))
    if depth > LatexTokenizer.maximalDepth { return .source("\\" + name) }
    let below = row(to: end)
    switch name {
    case "over": return .fraction(above, below)
    case "choose": return .binomial(above, below)
    case "brace": return .matrix(MathMatrix(kind: .matrix, left: "{", right: "}", rows: [[above], [below]]))
    case "brack": return .matrix(MathMatrix(kind: .matrix, left: "[", right: "]", rows: [[above], [below]]))
    default: return .matrix(MathMatrix(kind: .matrix, rows: [[above], [below]]))
    }
  }

  // MARK: Numbers

  func isDigit(_ token: LatexToken) -> Bool {
    token.end - token.start == 1 && (0x30...0x39).contains(bytes[token.start])
  }

  /// A point directly before a digit.
  private func isDecimalPoint(_ at: Int, _ end: Int) -> Bool {
    tokens[at].end - tokens[at].start == 1 && bytes[tokens[at].start] == 0x2E && at + 1 < end
      && isDigit(tokens[at + 1])
  }

  private mutating func number(_ end: Int) -> MathNode {
    let start = tokens[position].start
    var hasPoint = false
    if !isDigit(tokens[position]) {
      hasPoint = true
      position += 1
    }
    while position < end {
      if isDigit(tokens[position]) {
        position += 1
      } else if !hasPoint, isDecimalPoint(position, end) {
        hasPoint = true
        position += 1
      } else {
        break
      }
    }
    return .number(String(decoding: bytes[start..<tokens[position - 1].end], as: UTF8.self))
  }

  // MARK: Scripts

  private mutating func scripts(_ list: inout [MathNode], _ end: Int) {
    let token = tokens[position]
    position += 1
    let up = token.kind == .sup
    guard let argument = argument(end) else {
      list.append(.source(up ? "^" : "_"))
      return
    }
    attach(argument, up: up, to: &list)
  }

  private mutating func primes(_ list: inout [MathNode], _ end: Int) {
    var count = 0
    while position < end, tokens[position].kind == .prime {
      position += 1
      count += 1
    }
    let marks = MathNode.of(Array(repeating: .symbol("′", .postfix), count: min(count, 40)))
    attach(marks, up: true, to: &list, primes: true)
  }

  private func attach(_ argument: MathNode, up: Bool, to list: inout [MathNode], primes: Bool = false) {
    var base = MathNode.empty
    if let last = list.last {
      switch last {
      case .space: break
      default: base = list.removeLast()
      }
    }
    switch base {
    case .text(let words):
      // A script belongs to the last word.
      if let blank = words.lastIndex(of: " "), blank < words.index(before: words.endIndex) {
        let last = words.index(after: blank)
        list.append(.text(String(words[..<last])))
        base = .text(String(words[last...]))
      }
    case .row(let parts):
      // After scripts before a letter, the letter is the base.
      if case .script(let empty, _, _, _)? = parts.first, empty == .empty, parts.count == 2 {
        list.append(parts[0])
        base = parts[1]
      }
    default: break
    }
    if case .script(let inner, let sub, let sup, let limits) = base {
      if up, sup == nil {
        list.append(.script(inner, sub: sub, sup: argument, limits: limits))
        return
      }
      if !up, sub == nil {
        list.append(.script(inner, sub: argument, sup: sup, limits: limits))
        return
      }
      // f'^2 and f^2': one superscript after the other.
      if up, let sup, primes || Self.isPrimes(sup) {
        list.append(.script(inner, sub: sub, sup: .row(sup.items + argument.items), limits: limits))
        return
      }
      if Self.scriptDepth(base) > 8 {
        list.append(base)
        list.append(.source(up ? "^" : "_"))
        list.append(argument)
        return
      }
    }
    var limits = false
    switch base {
    case .bigOperator(_, let flag), .function(_, let flag): limits = flag
    case .accent(let accent, _, nil) where accent == .overbrace || accent == .underbrace:
      if case .accent(_, let body, _) = base, (accent == .overbrace) == up {
        list.append(.accent(accent, body, label: argument))
        return
      }
    default: break
    }
    list.append(.script(base, sub: up ? nil : argument, sup: up ? argument : nil, limits: limits))
  }

  private static func isPrimes(_ node: MathNode) -> Bool {
    node.items.allSatisfy { if case .symbol("′", _) = $0 { true } else { false } }
  }

  private static func scriptDepth(_ node: MathNode) -> Int {
    if case .script(let base, _, _, _) = node { return 1 + scriptDepth(base) }
    return 0
  }

  // MARK: Arguments

  /// What a command or script applies to: a group, a sign, or a command with its own arguments.
  mutating func argument(_ end: Int) -> MathNode? {
    skipSpaces(end)
    guard position < end, depth <= LatexTokenizer.maximalDepth else { return nil }
    let token = tokens[position]
    switch token.kind {
    case .open:
      guard let close = groupEnd(end) else { return nil }
      position += 1
      let node = row(to: close)
      position = close + 1
      if case .row(let list) = node, list.isEmpty { return .empty }
      return node
    case .character:
      if isDigit(token) {
        position += 1
        return .number(token.text)
      }
      return nucleus(end)
    case .command:
      depth += 1
      defer { depth -= 1 }
      return nucleus(end)
    case .prime:
      position += 1
      return .symbol("′", .postfix)
    case .begin, .left:
      depth += 1
      defer { depth -= 1 }
      return token.match > position ? nucleus(end) : nil
    default: return nil
    }
  }

  /// `[…]` directly after a command, as a range of tokens; nil leaves the position alone.
  mutating func optional(_ end: Int) -> Range<Int>? {
    let before = position
    skipSpaces(end)
    guard position < end, tokens[position].kind == .character, tokens[position].text == "[" else {
      position = before
      return nil
    }
    var at = position + 1
    var level = 0
    while at < end {
      let token = tokens[at]
      if token.match > at { at = token.match }
      if token.kind == .character {
        if token.text == "[" { level += 1 }
        if token.text == "]" {
          if level == 0 {
            let range = (position + 1)..<at
            position = at + 1
            return range
          }
          level -= 1
        }
      }
      // An index or option is short; do not search a whole text for a bracket that never closes.
      if at - position > 400 { break }
      at += 1
    }
    position = before
    return nil
  }

  mutating func row(_ range: Range<Int>) -> MathNode {
    let after = position
    position = range.lowerBound
    let node = row(to: range.upperBound)
    position = after
    return node
  }

  mutating func skipSpaces(_ end: Int) {
    while position < end, tokens[position].kind == .space { position += 1 }
  }

  /// The closing brace of the group that begins here; `nil` where none does, or it does not close before `end`.
  func groupEnd(_ end: Int) -> Int? {
    guard position < end, tokens[position].kind == .open else { return nil }
    let close = tokens[position].match
    return close > position && close < end ? close : nil
  }

  /// The source of a braced group as written, without its braces.
  mutating func rawGroup(_ end: Int) -> String? {
    skipSpaces(end)
    guard let close = groupEnd(end) else { return nil }
    let text = String(decoding: bytes[tokens[position].end..<tokens[close].start], as: UTF8.self)
    position = close + 1
    return text
  }

  /// The source from a token on, with the brace groups that directly follow: what an unknown command may own.
  mutating func sourcePiece(from start: Int, _ end: Int) -> MathNode {
    while let close = groupEnd(end) { position = close + 1 }
    let last = max(start, position - 1)
    return .source(String(decoding: bytes[tokens[start].start..<tokens[last].end], as: UTF8.self))
  }

  // MARK: One thing

  /// One group, sign, command, environment or bracketed expression.
  mutating func nucleus(_ end: Int) -> MathNode {
    let start = position
    let token = tokens[position]
    position += 1
    switch token.kind {
    case .character where token.text == ":" && position < end && tokens[position].text == "=":
      position += 1
      return .symbol(":=", .relation)
    case .character: return character(token.text)
    case .space: return .space(0)
    case .prime: return .symbol("′", .postfix)
    case .amp: return strayAlignment(end)
    case .newline: return .space(1)
    case .open:
      guard token.match > start, token.match < end, depth <= LatexTokenizer.maximalDepth else {
        if token.match == -2 || token.match > start { return tooDeep(start, end) }
        return .source("{")
      }
      let node = row(to: token.match)
      position = token.match + 1
      return node
    case .begin:
      guard token.match > start, token.match < end, depth <= LatexTokenizer.maximalDepth else {
        if Self.withArgument.contains(token.text) { return sourcePiece(from: start, end) }
        return .source(String(decoding: bytes[token.start..<token.end], as: UTF8.self))
      }
      let node = environment(token.text, start, token.match)
      position = token.match + 1
      return node
    case .left:
      guard token.match > start, token.match < end, depth <= LatexTokenizer.maximalDepth else {
        return .row([.source("\\left"), symbol(token.text)])
      }
      let body = row(to: token.match)
      position = token.match + 1
      return Brackets.fence(token.text, body, tokens[token.match].text)
    case .right: return .row([.source("\\right"), symbol(token.text)])
    case .close: return .source("}")
    case .end, .sup, .sub:
      return .source(String(decoding: bytes[token.start..<token.end], as: UTF8.self))
    case .command: return command(token.text, start, end)
    }
  }

  /// What is nested too deeply stays source, up to where it closes.
  private mutating func tooDeep(_ start: Int, _ end: Int) -> MathNode {
    var level = 0
    position = start
    while position < end {
      if tokens[position].kind == .open { level += 1 }
      if tokens[position].kind == .close { level -= 1 }
      position += 1
      if level == 0 { break }
    }
    return .source(String(decoding: bytes[tokens[start].start..<tokens[position - 1].end], as: UTF8.self))
  }

  func symbol(_ text: String) -> MathNode {
    text.isEmpty ? .space(0) : .symbol(text, Symbols.kind(of: text))
  }

  private mutating func character(_ text: String) -> MathNode {
    if text.utf8.count == 1, let byte = text.utf8.first {
      if LatexTokenizer.isLetter(byte) { return .letter(text, .plain) }
      switch byte {
      case 0x2D: return .symbol("−", .binary)
      case 0x7E: return .space(1)
      case 0x2E: return .symbol(".", .ordinary)
      default: break
      }
      if byte < 0x20 || byte == 0x7F { return .space(0) }
      return .symbol(text, Symbols.kind(of: text))
    }
    if text == "√" || text == "∛" || text == "∜" { usesRootSigns = true }
    return UnicodeInput.node(text)
  }
}
