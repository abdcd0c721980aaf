/// A token of LaTeX mathematics with its place in the source.
struct LatexToken {
  enum Kind: UInt8 {
    case character, command, open, close, sup, sub, amp, newline, space, prime, begin, end, left, right
  }
  var kind: Kind
  var start: Int
  var end: Int
  /// The name of a command or environment, the character, or the bracket after `\left` and `\right`.
  var text: String
  /// The token that closes this one, or the one that opened it; −1 when there is none.
  var match: Int = -1
}

/// Splits LaTeX into tokens and pairs braces, environments and `\left…\right` in one pass.
struct LatexTokenizer {
  let bytes: [UInt8]
  private var position: Int
  private let end: Int
  private var tokens: [LatexToken] = []

  /// Deeper nesting is left as source, so that no text can exhaust the stack.
  static let maximalDepth = 100

  static func tokens(of bytes: [UInt8], _ range: Range<Int>) -> [LatexToken] {
    var tokenizer = LatexTokenizer(bytes: bytes, position: range.lowerBound, end: range.upperBound)
    tokenizer.run()
    tokenizer.pair()
    return tokenizer.tokens
  }

  private init(bytes: [UInt8], position: Int, end: Int) {
    self.bytes = bytes
    self.position = position
    self.end = end
  }

  private mutating func add(_ kind: LatexToken.Kind, _ start: Int, _ text: String = "") {
    tokens.append(LatexToken(kind: kind, start: start, end: position, text: text))
  }

  private mutating func addByte(_ kind: LatexToken.Kind) {
    position += 1
    add(kind, position - 1)
  }

  private mutating func run() {
    tokens.reserveCapacity((end - position) / 2)
    while position < end {
      let start = position
      let byte = bytes[position]
      switch byte {
      case 0x5C: command()
      case 0x7B: addByte(.open)
      case 0x7D: addByte(.close)
      case 0x5E: addByte(.sup)
      case 0x5F: addByte(.sub)
      case 0x26: addByte(.amp)
      case 0x27: addByte(.prime)
      case 0x20, 0x09, 0x0A, 0x0D, 0x0C, 0x0B:
        while position < end, bytes[position] == 0x20 || (0x09...0x0D).contains(bytes[position]) { position += 1 }
        add(.space, start)
      default:
        add(.character, start, Self.cluster(bytes, &position, end))
      }
    }
  }

  /// One character with the marks that combine with it, at `position`, which moves on.
  static func cluster(_ bytes: [UInt8], _ position: inout Int, _ end: Int) -> String {
    let first = bytes[position]
    if first < 0x80 {
      position += 1
      if position + 1 < end, bytes[position] >= 0xCC, isMark(bytes, position, end) {
        return marked(String(UnicodeScalar(first)), bytes, &position, end)
      }
      return String(UnicodeScalar(first))
    }
    let length = sequenceLength(bytes, position, end)
    let text = String(decoding: bytes[position..<(position + length)], as: UTF8.self)
    position += length
    if position + 1 < end, bytes[position] >= 0xCC, isMark(bytes, position, end) {
      return marked(text, bytes, &position, end)
    }
    return text
  }

  private static func marked(_ base: String, _ bytes: [UInt8], _ position: inout Int, _ end: Int) -> String {
    var result = base
    var marks = 0
    while position < end, isMark(bytes, position, end) {
      let length = sequenceLength(bytes, position, end)
      if marks < 4 { result += String(decoding: bytes[position..<(position + length)], as: UTF8.self) }
      marks += 1
      position += length
    }
    return result
  }

  /// Whether a combining mark (U+0300–036F, U+20D0–20FF) or a variation selector begins here.
  private static func isMark(_ bytes: [UInt8], _ at: Int, _ end: Int) -> Bool {
    let first = bytes[at]
    if first == 0xCC || first == 0xCD {
      return at + 1 < end && (first == 0xCC || bytes[at + 1] < 0xB0)
    }
    guard at + 2 < end else { return false }
    if first == 0xE2, bytes[at + 1] == 0x83 { return bytes[at + 2] >= 0x90 }
    return first == 0xEF && bytes[at + 1] == 0xB8 && bytes[at + 2] <= 0x8F
  }

  static func sequenceLength(_ bytes: [UInt8], _ at: Int, _ end: Int) -> Int {
    let first = bytes[at]
    let wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
    var length = 1
    while length < wanted, at + length < end, bytes[at + length] & 0xC0 == 0x80 { length += 1 }
    return length
  }

  private mutating func command() {
    let start = position
    position += 1
    guard position < end else {
      add(.command, start, "")
      return
    }
    let first = bytes[position]
    if Self.isLetter(first) {
      let nameStart = position
      while position < end, Self.isLetter(bytes[position]) { position += 1 }
      let name = String(decoding: bytes[nameStart..<position], as: UTF8.self)
      switch name {
      case "begin", "end":
        if let environment = braced() {
          add(name == "begin" ? .begin : .end, start, environment)
        } else {
          add(.command, start, name)
        }
      case "left", "right":
        let after = position
        if let bracket = delimiter() {
          add(name == "left" ? .left : .right, start, bracket)
        } else {
          position = after
          add(.command, start, name)
        }
      case "cr", "newline", "tabularnewline": add(.newline, start)
      default:
        if position < end, bytes[position] == 0x2A, Self.starred.contains(name) {
          position += 1
          add(.command, start, name + "*")
        } else {
          add(.command, start, name)
        }
      }
      return
    }
    if first == 0x5C {
      position += 1
      skipLineGap()
      add(.newline, start)
      if DoubledBackslashes.startsCommand(bytes, position, end) {
        position -= 1
        command()
      }
      return
    }
    if first < 0x80 {
      position += 1
      add(.command, start, String(UnicodeScalar(first)))
    } else {
      _ = Self.cluster(bytes, &position, end)
      add(.command, start, String(decoding: bytes[(start + 1)..<position], as: UTF8.self))
    }
  }

  private static let starred: Set<String> = ["operatorname", "tag", "hspace", "vspace", "DeclareMathOperator"]

  /// The star and the extra height after `\\`.
  private mutating func skipLineGap() {
    if position < end, bytes[position] == 0x2A { position += 1 }
    guard position < end, bytes[position] == 0x5B else { return }
    var at = position + 1
    var hasDigit = false
    while at < end, at - position < 12, bytes[at] != 0x5D {
      let b = bytes[at]
      if (0x30...0x39).contains(b) { hasDigit = true }
      let allowed = (0x30...0x39).contains(b) || b == 0x2E || b == 0x2D || b == 0x20 || (0x61...0x7A).contains(b)
      if !allowed { return }
      at += 1
    }
    let isLength =
      at < end && bytes[at] == 0x5D && hasDigit && at - position > 3 && (0x61...0x7A).contains(bytes[at - 1])
    if isLength { position = at + 1 }
  }

  /// `{name}` of an environment.
  private mutating func braced() -> String? {
    var at = position
    while at < end, bytes[at] == 0x20 { at += 1 }
    guard at < end, bytes[at] == 0x7B else { return nil }
    let nameStart = at + 1
    at = nameStart
    while at < end, Self.isLetter(bytes[at]) || bytes[at] == 0x2A { at += 1 }
    guard at < end, bytes[at] == 0x7D, at > nameStart else { return nil }
    let name = String(decoding: bytes[nameStart..<at], as: UTF8.self)
    position = at + 1
    return name
  }

  private mutating func delimiter() -> String? {
    while position < end, bytes[position] == 0x20 || bytes[position] == 0x0A { position += 1 }
    guard position < end else { return nil }
    if bytes[position] == 0x5C {
      position += 1
      let nameStart = position
      while position < end, Self.isLetter(bytes[position]) { position += 1 }
      if position == nameStart, position < end, bytes[position] < 0x80 { position += 1 }
      let name = String(decoding: bytes[nameStart..<position], as: UTF8.self)
      return Delimiters.commands[name]
    }
    return Delimiters.characters[Self.cluster(bytes, &position, end)]
  }

  /// Pairs what opens with what closes. A brace reaches over an unfinished `\left`, never the other way round.
  private mutating func pair() {
    var stack: [Int] = []
    var braces = 0
    for index in tokens.indices {
      switch tokens[index].kind {
      case .open:
        braces += 1
        stack.append(index)
      case .begin, .left:
        stack.append(index)
      case .close:
        if braces == 0 { continue }
        dropUnfinished(&stack)
        guard let last = stack.last, tokens[last].kind == .open else { continue }
        braces -= 1
        join(&stack, index)
      case .end:
        dropUnfinished(&stack)
        guard let last = stack.last, tokens[last].kind == .begin, tokens[last].text == tokens[index].text else {
          continue
        }
        join(&stack, index)
      case .right:
        guard let last = stack.last, tokens[last].kind == .left else { continue }
        join(&stack, index)
      default: break
      }
    }
    limitDepth()
  }

  /// Forgets every `\left` that a closing brace or `\end` cuts off.
  private func dropUnfinished(_ stack: inout [Int]) {
    while let last = stack.last, tokens[last].kind == .left { stack.removeLast() }
  }

  private mutating func join(_ stack: inout [Int], _ index: Int) {
    let opening = stack.removeLast()
    tokens[opening].match = index
    tokens[index].match = opening
  }

  private mutating func limitDepth() {
    var depth = 0
    for index in tokens.indices where tokens[index].match >= 0 {
      if tokens[index].match > index {
        depth += 1
        if depth > Self.maximalDepth {
          tokens[tokens[index].match].match = -2
          tokens[index].match = -2
          depth -= 1
        }
      } else {
        depth -= 1
      }
    }
  }

  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }
}

/// Brackets and bars as they come after `\left`, `\big` and their kin.
enum Delimiters {
  static let commands = [
    "{": "{", "lbrace": "{", "}": "}", "rbrace": "}", "|": "‖", "Vert": "‖", "lVert": "‖", "rVert": "‖",
    "parallel": "‖", "vert": "|", "lvert": "|", "rvert": "|", "mid": "|", "langle": "⟨", "lang": "⟨", "rangle": "⟩",
    "rang": "⟩", "lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "lbrack": "[", "rbrack": "]",
    "lparen": "(", "lgroup": "(", "rparen": ")", "rgroup": ")", "backslash": "\\", "uparrow": "↑", "downarrow": "↓",
    "llbracket": "⟦", "rrbracket": "⟧",
  ]

  static let characters = [
    "(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "/": "/", "⟨": "⟨", "⟩": "⟩", "⌊": "⌊", "⌋": "⌋", "⌈": "⌈",
    "⌉": "⌉", "‖": "‖", ".": "", "<": "⟨", ">": "⟩",
  ]
}
