/// What a node begins or ends with on the line: it decides where a blank must stand.
enum Edge {
  case none, number, letters, word, function, open, close, symbol, op, relation, punctuation, big, raised, root
  /// A root whose index stands at its left: ∛.
  case indexed
  case bar, slash, postfix, prefix, source
  /// Ends in an operand without brackets, which a neighbour would run into.
  case bare
}

extension Edge {
  /// Which end of a node is looked at.
  enum Side {
    case left, right

    /// The bracket that ends something on this side.
    var bracket: Edge { self == .left ? .open : .close }
  }
}

extension MathNode {
  /// The first (left) or last (right) thing seen.
  func edge(_ side: Edge.Side, _ ascii: Bool) -> Edge {
    switch self {
    case .row(let list): return (side == .left ? list.first : list.last)?.edge(side, ascii) ?? .none
    case .number: return .number
    case .letter(let letter, _): return ascii && !(letter.first?.isASCII ?? true) ? .word : .letters
    case .symbol(_, let kind): return Self.edge(kind)
    case .bigOperator: return .big
    case .function: return .function
    case .text(let words):
      guard let end = side == .left ? words.first : words.last, end != " " else { return .none }
      return end.isLetter ? .word : end.isNumber ? .number : Self.edge(Symbols.kind(of: String(end)))
    case .space: return .none
    case .fraction, .binomial, .boxed, .stack: return side.bracket
    case .modulus, .tag: return side == .left ? .function : .close
    case .root(let index, let body):
      let isCalled = LinearPrinter.isCalledRoot(index)
      if side == .left { return isCalled ? .function : index == nil ? .root : .indexed }
      return LinearPrinter.isBareOperand(body) && !isCalled ? .bare : .close
    case .script(let base, let sub, let sup, _):
      return side == .left ? Self.leftEdge(ofScriptOn: base, ascii) : Self.rightEdge(ofScriptOn: base, sub, sup, ascii)
    case .fence(let left, let body, let right):
      let sign = side == .left ? left : right
      if !sign.isEmpty { return Self.edge(Symbols.kind(of: sign)) }
      return LinearPrinter.needsBrackets(left, body, right) ? side.bracket : body.edge(side, ascii)
    case .accent(let accent, let body, let label):
      if side == .left || ascii {
        return !ascii && Marks.marked(accent, body) != nil ? .letters : side == .left ? .function : .close
      }
      if Marks.isBrace(accent) {
        return label.map { LinearPrinter.scriptEdge(sub: nil, sup: $0, ascii: ascii) } ?? .symbol
      }
      return Marks.marked(accent, body) == nil ? .bare : .letters
    case .matrix(let matrix):
      if matrix.kind == .cases || matrix.kind == .reversedCases { return side == .left ? .function : .close }
      return matrix.left == "|" || matrix.left == "‖" ? .bar : side.bracket
    case .source(let piece):
      let isName = side == .left ? piece.hasPrefix("\\") : piece.last?.isLetter ?? false
      return isName ? .source : .symbol
    }
  }

  private static func leftEdge(ofScriptOn base: MathNode, _ ascii: Bool) -> Edge {
    if case .row(let list) = base, list.isEmpty { return .raised }
    return base.shownItems.count > 1 ? .open : base.edge(.left, ascii)
  }

  private static func rightEdge(ofScriptOn base: MathNode, _ sub: MathNode?, _ sup: MathNode?, _ ascii: Bool) -> Edge {
    if case .bigOperator = base { return .big }
    if case .function = base { return .function }
    if LinearPrinter.isDegree(sup) { return .postfix }
    if case .symbol(_, let kind) = base, kind == .relation || kind == .binary { return edge(kind) }
    if sub == nil, let sup, sup.items.allSatisfy({ if case .symbol("′", _) = $0 { true } else { false } }) {
      return .postfix
    }
    return LinearPrinter.scriptEdge(sub: sub, sup: sup, ascii: ascii)
  }

  private static func edge(_ kind: SymbolKind) -> Edge {
    switch kind {
    case .ordinary: return .symbol
    case .binary: return .op
    case .relation: return .relation
    case .open: return .open
    case .close: return .close
    case .bar: return .bar
    case .punctuation: return .punctuation
    case .prefix: return .prefix
    case .postfix: return .postfix
    case .slash: return .slash
    }
  }
}

/// Whether two neighbours in a product or phrase need a blank between them to stay apart.
enum Gap {
  static func between(_ left: Edge, _ right: Edge) -> Bool {
    switch (left, right) {
    case (.none, _), (_, .none): return false
    case (.word, .word), (.word, .letters), (.word, .number), (.word, .root), (.word, .function), (.word, .prefix),
      (.word, .raised):
      return true
    case (.function, .word), (.function, .letters), (.function, .number), (.function, .root), (.function, .function),
      (.function, .prefix), (.function, .symbol), (.function, .bar), (.function, .raised):
      return true
    case (.letters, .word), (.letters, .function), (.number, .function), (.close, .function), (.raised, .function),
      (.symbol, .function), (.postfix, .function), (.bar, .function):
      return true
    case (.close, .word), (.raised, .word): return true
    case (.number, .number), (.raised, .number), (.postfix, .number): return true
    case (.bare, .letters), (.bare, .number), (.bare, .word), (.bare, .function), (.bare, .raised), (.bare, .symbol),
      (.bare, .prefix), (.bare, .postfix), (.bare, .open):
      return true
    case (.number, .raised), (.letters, .raised), (.close, .raised), (.raised, .raised), (.postfix, .raised),
      (.symbol, .raised), (.bar, .raised):
      return true
    // A raised index must not be read with what stands before it.
    case (_, .indexed): return left != .open && left != .prefix && left != .slash
    case (.source, .letters), (.source, .number), (.source, .word), (.source, .function): return true
    case (_, .source): return left != .open && left != .prefix && left != .source && left != .symbol
    default: return false
    }
  }
}
