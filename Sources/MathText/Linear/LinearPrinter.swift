/// A piece of the linear form.
struct LinearToken {
  var text: String
  var role: MathRole
  var blank: Bool
  /// How willingly a line breaks before it: 0 not at all, 1 relation, 2 binary operator, 3 after a comma, 4 at a blank.
  var breakClass: UInt8
  /// How deep inside brackets and scripts it stands.
  var depth: UInt8
}

/// Writes a tree on one line, with brackets exactly where they are needed to read the same tree back.
struct LinearPrinter {
  let ascii: Bool
  private(set) var tokens: [LinearToken] = []
  var depth: UInt8 = 0
  var pendingBlank = false
  var pendingBreak: UInt8 = 0
  var role: MathRole?

  init(ascii: Bool) { self.ascii = ascii }

  static func tokens(_ node: MathNode, ascii: Bool) -> [LinearToken] {
    var printer = LinearPrinter(ascii: ascii)
    printer.row(node, tight: false, isWhole: true)
    return printer.tokens
  }

  static func string(_ node: MathNode, ascii: Bool, tight: Bool = false) -> String {
    var printer = LinearPrinter(ascii: ascii)
    printer.row(node, tight: tight, isWhole: !tight)
    return printer.text
  }

  private var text: String {
    var result = ""
    for token in tokens {
      if token.blank, !result.isEmpty { result += " " }
      result += token.text
    }
    return result
  }

  // MARK: Emitting

  mutating func emit(_ text: String, _ kind: MathRole) {
    if text.isEmpty { return }
    tokens.append(
      LinearToken(
        text: ascii ? Self.asciiText(text) : text, role: role ?? kind, blank: pendingBlank, breakClass: pendingBreak,
        depth: depth))
    pendingBlank = false
    pendingBreak = 0
  }

  /// A sign in ASCII words.
  static func asciiText(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var result = ""
    for c in text {
      if c.isASCII {
        result.append(c)
      } else if let words = Symbols.ascii[c] {
        result += words
      } else {
        for scalar in String(c).unicodeScalars {
          if scalar.isASCII { result.unicodeScalars.append(scalar) } else { result += "?" }
        }
      }
    }
    return result
  }

  mutating func blank(_ breakClass: UInt8 = 0) {
    pendingBlank = true
    if breakClass != 0, pendingBreak == 0 || breakClass < pendingBreak { pendingBreak = breakClass }
  }

  /// Something in brackets that the line form needs.
  mutating func bracketed(_ node: MathNode, tight: Bool = true) {
    emit("(", .op)
    depth += 1
    row(node, tight: tight)
    depth -= 1
    emit(")", .op)
  }

  // MARK: Rows

  mutating func row(_ node: MathNode, tight: Bool, isWhole: Bool = false) {
    let items = node.items
    var previous: MathNode?
    var spaced = false
    for (index, item) in items.enumerated() {
      if case .space(let columns) = item {
        if columns > 0 { spaced = true }
        continue
      }
      if spaced, previous != nil { blank(4) }
      separate(previous, item)
      let next = nextShown(items, index)
      if case .symbol(let sign, let kind) = item {
        symbol(sign, kind, previous: previous, next: next, tight: tight)
      } else if case .matrix(let matrix) = item, matrix.isStackOfRows || matrix.isBare {
        let alone = isWhole && previous == nil && (next == nil || Self.isPunctuation(next))
        stackOfRows(matrix, bracketed: !alone, tight: tight)
      } else {
        single(item, previous: previous, next: next, tight: tight)
      }
      previous = item
      spaced = false
    }
    // A trailing space keeps what follows apart.
    if spaced, previous != nil { blank(4) }
  }

  private func nextShown(_ items: [MathNode], _ index: Int) -> MathNode? {
    var at = index + 1
    while at < items.count {
      if case .space = items[at] { at += 1 } else { return items[at] }
    }
    return nil
  }

  static func isPunctuation(_ node: MathNode?) -> Bool {
    switch node {
    case .symbol(_, .punctuation)?, .symbol(".", _)?, .tag?: return true
    default: return false
    }
  }

  mutating func separate(_ previous: MathNode?, _ item: MathNode) {
    guard let previous, let breakClass = Self.blank(between: previous, item, ascii) else { return }
    blank(breakClass)
  }

  /// Whether neighbours need a blank between them, and how willingly a line breaks there.
  static func blank(between previous: MathNode, _ item: MathNode, _ ascii: Bool) -> UInt8? {
    // A bare _ or ^ would take what follows for a script.
    switch previous {
    case .symbol("_", _), .symbol("^", _): return 0
    case .text(let words) where words.last == "_" || words.last == "^": return 0
    default: break
    }
    if case .text(let words) = item, words.first == "_" || words.first == "^" { return 0 }
    if !ascii, let mark = Marks.mark(previous, at: .right), mark == Marks.mark(item, at: .left) { return 0 }
    let left = previous.edge(.right, ascii)
    let right = item.edge(.left, ascii)
    if right == .big {
      switch left {
      case .open, .prefix, .none, .op, .relation, .slash: return nil
      default: return 4
      }
    }
    if left == .big {
      switch right {
      case .close, .punctuation, .op, .relation, .none: return nil
      default: return 0
      }
    }
    if right == .raised, left != .open, left != .none { return 0 }
    if left == .relation || left == .op { return nil }
    if isMixed(previous, item) { return 0 }
    switch item {
    case .modulus, .tag: return 4
    case .fraction where left == .function:
      if case .function = previous { return nil }
      return 4
    default:
      if right == .relation || right == .op || right == .punctuation { return nil }
      guard Gap.between(left, right) else { return nil }
      return left == .word || right == .word ? 4 : 0
    }
  }

  mutating func symbol(
    _ sign: String, _ kind: SymbolKind, previous: MathNode?, next: MathNode?, tight: Bool
  ) {
    switch kind {
    case .relation:
      let spaced = !tight && previous != nil
      if spaced { blank(1) }
      emit(sign, .op)
      // Two relations after one another, as in := or ≥ ≤, keep apart only from terms.
      if !tight, next != nil { blank(0) }
    case .binary:
      if Self.isUnary(after: previous) || next == nil {
        emit(sign, .op)
      } else {
        if !tight { blank(2) }
        emit(sign, .op)
        if !tight { blank(0) }
      }
    case .punctuation:
      emit(sign, .op)
      if sign == ",", case .number(let digits)? = next, digits.utf8.count == 3, case .number? = previous { return }
      if sign == ":" {
        if !tight, next != nil { blank(4) }
      } else if next != nil, !tight {
        blank(3)
      }
    case .slash: emit(sign, .op)
    case .ordinary where sign == "…" || sign == "⋯" || sign == ".": emit(sign, .op)
    default: emit(sign, .op)
    }
  }

  /// Whether an operator after this has nothing on its left to join.
  static func isUnary(after previous: MathNode?) -> Bool {
    switch previous {
    case nil: return true
    case .symbol(_, let kind)?:
      switch kind {
      case .binary, .relation, .open, .punctuation, .slash: return true
      default: return false
      }
    case .bigOperator?, .function?: return true
    case .script(let base, _, _, _)?:
      switch base {
      case .bigOperator, .symbol(_, .relation), .symbol(_, .binary): return true
      default: return false
      }
    default: return false
    }
  }
}

extension MathMatrix {
  /// Without brackets of its own.
  var isBare: Bool { kind == .matrix && left.isEmpty && right.isEmpty }
}
