extension LinearPrinter {
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
      openBracket()
      for (index, part) in [over, base, under].compactMap({ $0 }).enumerated() {
        if index > 0 {
          blank(0)
          emit("above", .function)
          blank(0)
        }
        row(part, tight: true)
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

  mutating func openBracket() {
    emit("(", .op)
    depth += 1
  }

  mutating func closeBracket() {
    depth -= 1
    pendingBlank = false
    emit(")", .op)
  }

  mutating func comma() {
    emit(",", .op)
    blank(3)
  }

  mutating func textWords(_ words: String) {
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

  mutating func fraction(_ above: MathNode, _ below: MathNode) {
    if Self.isPlainNumerator(above) { row(above, tight: true) } else { operand(above) }
    emit("/", .op)
    if Self.isPlainDenominator(below, above) { row(below, tight: true) } else { operand(below) }
  }

  /// An operand in brackets, unless it has its own.
  mutating func operand(_ node: MathNode) {
    let shown = node.shownItems
    if shown.count == 1, case .fence("(", _, ")") = shown[0] {
      row(node, tight: true)
    } else {
      bracketed(node)
    }
  }

  mutating func root(_ index: MathNode?, _ body: MathNode) {
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
  mutating func cell(_ node: MathNode) {
    if Self.hasTopLevelComma(node) { bracketed(node) } else { row(node, tight: true) }
    pendingBlank = false
    pendingBreak = 0
  }

  mutating func fence(_ left: String, _ body: MathNode, _ right: String, tight: Bool) {
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

  mutating func script(_ base: MathNode, _ sub: MathNode?, _ sup: MathNode?, tight: Bool) {
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

  mutating func superscript(_ sup: MathNode, isBig: Bool) {
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

  mutating func scriptPart(_ node: MathNode, up: Bool, isBig: Bool) {
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

  mutating func accent(_ accent: MathAccent, _ body: MathNode, _ label: MathNode?) {
    if !ascii {
      if label == nil, let letters = Marks.marked(accent, body) { return emit(letters.text, .variable) }
      let sign = Marks.sign(accent)
      operand(body)
      if !Marks.isBrace(accent) { emit(sign.isBelow ? "_" : "^", .op) }
      emit(sign.text, .op)
      depth += 1
      if let label { scriptPart(label, up: !sign.isBelow, isBig: false) }
      depth -= 1
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
}
