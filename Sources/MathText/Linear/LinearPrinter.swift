/// A piece of the linear form.
struct LinearToken {
  var text: String
  var role: MathRole
  /// Whether a blank stands before it.
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
  private var depth: UInt8 = 0
  private var pendingBlank = false
  private var pendingBreak: UInt8 = 0
  private var role: MathRole?

  init(ascii: Bool) { self.ascii = ascii }

  /// The pieces of a formula.
  static func tokens(_ node: MathNode, ascii: Bool) -> [LinearToken] {
    var printer = LinearPrinter(ascii: ascii)
    printer.row(node, tight: false, isWhole: true)
    return printer.tokens
  }

  /// The formula as a string.
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

  private mutating func emit(_ text: String, _ kind: MathRole) {
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

  private mutating func blank(_ breakClass: UInt8 = 0) {
    pendingBlank = true
    if breakClass != 0, pendingBreak == 0 || breakClass < pendingBreak { pendingBreak = breakClass }
  }

  /// Something in brackets that the line form needs.
  private mutating func bracketed(_ node: MathNode, tight: Bool = true) {
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
      separate(previous, item, tight: tight)
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

  private mutating func separate(_ previous: MathNode?, _ item: MathNode, tight: Bool) {
    guard let previous, let breakClass = Self.blank(between: previous, item, ascii) else { return }
    blank(breakClass)
  }

  /// Whether neighbours need a blank between them, and how willingly a line breaks there.
  static func blank(between previous: MathNode, _ item: MathNode, _ ascii: Bool) -> UInt8? {
    // A bare _ or ^ would take what follows for a script.
    if case .symbol(let sign, _) = previous, sign == "_" || sign == "^" { return 0 }
    let left = previous.rightEdge(ascii)
    let right = item.leftEdge(ascii)
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

  private mutating func symbol(
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

  // MARK: One node

  mutating func single(_ node: MathNode, previous: MathNode?, next: MathNode?, tight: Bool) {
    switch node {
    case .row: row(node, tight: tight)
    case .number(let digits): emit(digits, .number)
    case .letter(let letter, let font): emit(letter, font == .bold ? .strong : .variable)
    case .symbol(let sign, let kind):
      symbol(sign, kind, previous: previous, next: next, tight: tight)
    case .bigOperator(let sign, _): emit(sign, .op)
    case .function(let name, _): emit(name, .function)
    case .text(let words): textWords(words)
    case .space: break
    case .fraction(let above, let below):
      let needsBrackets = Self.isJuxtaposed(node, previous, next)
      if needsBrackets { openBracket() }
      fraction(above, below)
      if needsBrackets { closeBracket() }
    case .binomial(let n, let k):
      openBracket()
      row(n, tight: true)
      blank(0)
      emit("choose", .function)
      blank(0)
      row(k, tight: true)
      closeBracket()
    case .root(let index, let body): root(index, body)
    case .script(let base, let sub, let sup, _): script(base, sub, sup, tight: tight)
    case .fence(let left, let body, let right): fence(left, body, right, tight: tight)
    case .accent(let accent, let body, let label): self.accent(accent, body, label)
    case .stack(let base, let over, let under):
      emit(over != nil && under != nil ? "overunderset" : over != nil ? "overset" : "underset", .function)
      openBracket()
      for (index, part) in [over, under, base].compactMap({ $0 }).enumerated() {
        if index > 0 { comma() }
        cell(part)
      }
      closeBracket()
    case .matrix(let matrix): self.matrix(matrix)
    case .boxed(let body):
      let outer = role
      role = .boxed
      emit("⟦", .boxed)
      depth += 1
      row(body, tight: tight)
      depth -= 1
      pendingBlank = false
      emit("⟧", .boxed)
      role = outer
    case .modulus(let body):
      openBracket()
      emit("mod", .function)
      blank(0)
      row(body, tight: true)
      closeBracket()
    case .tag(let body): bracketed(body)
    case .source(let piece):
      let outer = role
      role = .source
      emit(MathString.clean(piece), .source)
      role = outer
    }
  }

  private mutating func openBracket() {
    emit("(", .op)
    depth += 1
  }

  private mutating func closeBracket() {
    depth -= 1
    pendingBlank = false
    emit(")", .op)
  }

  private mutating func comma() {
    emit(",", .op)
    blank(3)
  }

  private mutating func textWords(_ words: String) {
    var word = ""
    for c in MathString.clean(words) {
      if c == " " {
        emit(word, .function)
        word = ""
        if !tokens.isEmpty { blank(4) }
      } else {
        word.append(c)
      }
    }
    emit(word, .function)
  }

  private mutating func fraction(_ above: MathNode, _ below: MathNode) {
    if Self.isPlainNumerator(above) { row(above, tight: true) } else { operand(above) }
    emit("/", .op)
    if Self.isPlainDenominator(below, above) { row(below, tight: true) } else { operand(below) }
  }

  /// An operand in brackets, unless it has its own.
  private mutating func operand(_ node: MathNode) {
    let shown = node.shownItems
    if shown.count == 1, case .fence("(", _, ")") = shown[0] {
      row(node, tight: true)
    } else {
      bracketed(node)
    }
  }

  private mutating func root(_ index: MathNode?, _ body: MathNode) {
    guard let index else {
      emit("√", .op)
      if Self.isBareOperand(body), !ascii { row(body, tight: true) } else { operand(body) }
      return
    }
    if !Self.isCalledRoot(index) {
      emit(MathNode.of(index.shownItems) == .number("3") ? "∛" : "∜", .op)
      if Self.isBareOperand(body), !ascii { row(body, tight: true) } else { operand(body) }
      return
    }
    emit("root", .function)
    openBracket()
    cell(index)
    comma()
    cell(body)
    closeBracket()
  }

  /// A cell: in brackets when it holds a comma of its own.
  private mutating func cell(_ node: MathNode) {
    if Self.hasTopLevelComma(node) { bracketed(node) } else { row(node, tight: true) }
    pendingBlank = false
    pendingBreak = 0
  }

  private mutating func fence(_ left: String, _ body: MathNode, _ right: String, tight: Bool) {
    // A bracket that is not shown leaves nobody to say how far the other reaches: round brackets say it.
    let needsBrackets = Self.needsBrackets(left, body, right)
    emit(left, .op)
    if needsBrackets { openBracket() } else { depth += 1 }
    row(body, tight: tight)
    pendingBlank = false
    pendingBreak = 0
    if needsBrackets { closeBracket() } else { depth -= 1 }
    emit(right, .op)
  }

  private mutating func script(_ base: MathNode, _ sub: MathNode?, _ sup: MathNode?, tight: Bool) {
    let shown = base.shownItems
    if shown.isEmpty {
      // A script before its letter.
    } else if shown.count == 1 {
      switch shown[0] {
      case .fraction, .root, .script, .accent, .matrix:
        if Self.standsAlone(shown[0], ascii) {
          single(shown[0], previous: nil, next: nil, tight: tight)
        } else {
          bracketed(shown[0])
        }
      case .text(let words):
        if MathString.trimmed(words).contains(" ") {
          bracketed(base)
        } else {
          textWords((words.hasPrefix(" ") ? " " : "") + MathString.trimmed(words))
        }
      case .symbol(let sign, let kind):
        if kind == .relation, !tight { blank(1) }
        emit(sign, .op)
      default: single(shown[0], previous: nil, next: nil, tight: tight)
      }
    } else {
      bracketed(base)
    }
    depth += 1
    var isBig = false
    var spaceAfter = false
    if shown.count == 1 {
      switch shown[0] {
      case .bigOperator: isBig = true
      case .symbol(_, .relation): spaceAfter = !tight
      default: break
      }
    }
    if let sub { scriptPart(sub, up: false, isBig: isBig) }
    if let sup { superscript(sup, isBig: isBig) }
    depth -= 1
    if spaceAfter { blank(0) }
  }

  private mutating func superscript(_ sup: MathNode, isBig: Bool) {
    let items = sup.shownItems
    if Self.isDegree(sup) {
      emit("°", .op)
      return
    }
    var primes = 0
    while primes < items.count, case .symbol("′", _) = items[primes] { primes += 1 }
    if primes > 0 {
      emit(primes == 2 ? "″" : primes == 3 ? "‴" : String(repeating: "′", count: primes), .op)
      if primes == items.count { return }
      scriptPart(MathNode.of(Array(items[primes...])), up: true, isBig: isBig)
      return
    }
    scriptPart(sup, up: true, isBig: isBig)
  }

  private mutating func scriptPart(_ node: MathNode, up: Bool, isBig: Bool) {
    if !ascii, !isBig, let mapped = Self.mapped(node, up: up) {
      emit(mapped, Self.scriptRole(node))
      return
    }
    emit(up ? "^" : "_", .op)
    if Self.isBareScript(node) {
      row(node, tight: true)
    } else {
      openBracket()
      row(node, tight: true, isWhole: true)
      closeBracket()
    }
    pendingBlank = false
  }

  private static func scriptRole(_ node: MathNode) -> MathRole {
    if case .number = node { return .number }
    return .variable
  }

  private mutating func accent(_ accent: MathAccent, _ body: MathNode, _ label: MathNode?) {
    if !ascii, let letter = Self.markedLetter(accent, body) {
      emit(letter, .variable)
      return
    }
    if !ascii, label == nil, let sign = Self.prefixSign(accent) {
      emit(sign, .op)
      if Self.isBareWord(body) { row(body, tight: true) } else { operand(body) }
      return
    }
    emit(Self.accentName(accent), .function)
    if let label {
      openBracket()
      cell(body)
      comma()
      cell(label)
      closeBracket()
    } else {
      operand(body)
    }
  }

  // MARK: Grids

  private mutating func matrix(_ matrix: MathMatrix) {
    switch matrix.kind {
    case .cases, .reversedCases:
      emit("cases", .function)
      openBracket()
      cells(matrix)
      closeBracket()
    case .aligned, .gathered: stackOfRows(matrix, bracketed: true, tight: true)
    case .matrix:
      let bare = matrix.left.isEmpty && matrix.right.isEmpty
      emit(bare ? "(" : matrix.left, .op)
      depth += 1
      cells(matrix)
      depth -= 1
      pendingBlank = false
      emit(bare ? ")" : matrix.right, .op)
    }
  }

  private mutating func cells(_ matrix: MathMatrix) {
    for (index, row) in matrix.rows.enumerated() {
      if index > 0 {
        pendingBlank = false
        emit(";", .op)
        blank(1)
      }
      for (column, content) in row.enumerated() {
        if column > 0 {
          if matrix.bars.contains(column) {
            blank(3)
            emit("|", .op)
            blank(0)
          } else {
            pendingBlank = false
            comma()
          }
        }
        cell(Self.withoutTrailingComma(content, isLast: column == row.count - 1))
      }
    }
    pendingBlank = false
    pendingBreak = 0
  }

  private mutating func stackOfRows(_ matrix: MathMatrix, bracketed: Bool, tight: Bool) {
    if bracketed { openBracket() }
    for (index, row) in matrix.rows.enumerated() {
      if index > 0 {
        pendingBlank = false
        emit(";", .op)
        blank(1)
      }
      if matrix.isStackOfRows {
        self.row(MathNode.row(row), tight: tight)
      } else {
        for (column, content) in row.enumerated() {
          if column > 0 {
            pendingBlank = false
            comma()
          }
          cell(content)
        }
      }
    }
    if bracketed { closeBracket() }
  }
}

extension MathMatrix {
  /// Without brackets of its own.
  var isBare: Bool { kind == .matrix && left.isEmpty && right.isEmpty }
}
