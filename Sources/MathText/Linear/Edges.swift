/// What a node begins or ends with on the line: it decides where a blank must stand.
enum Edge {
  case none, number, letters, word, function, open, close, symbol, op, relation, punctuation, big, raised, root
  case bar, slash, postfix, prefix, source
  /// Ends in an operand without brackets, which a neighbour would run into.
  case bare
}

extension MathNode {
  /// The first thing seen.
  func leftEdge(_ ascii: Bool) -> Edge {
    switch self {
    case .row(let list): return list.first?.leftEdge(ascii) ?? .none
    case .number: return .number
    case .letter(let letter, _): return ascii && !(letter.first?.isASCII ?? true) ? .word : .letters
    case .symbol(_, let kind): return Self.edge(kind)
    case .bigOperator: return .big
    case .function: return .function
    case .text(let words):
      guard let first = words.first else { return .none }
      if first == " " { return .none }
      return first.isLetter ? .word : first.isNumber ? .number : Self.edge(Symbols.kind(of: String(first)))
    case .space: return .none
    case .fraction: return .open
    case .binomial: return .open
    case .root(let index, _): return LinearPrinter.isCalledRoot(index) ? .function : .root
    case .script(let base, _, _, _):
      if case .row(let list) = base, list.isEmpty { return .raised }
      if base.shownItems.count > 1 { return .open }
      return base.leftEdge(ascii)
    case .fence(let left, let body, let right):
      if left.isEmpty, !LinearPrinter.needsBrackets(left, body, right) { return body.leftEdge(ascii) }
      return left.isEmpty ? .open : Self.edge(Symbols.kind(of: left))
    case .accent(let accent, let body, _):
      if LinearPrinter.markedLetter(accent, body) != nil, !ascii { return .letters }
      return !ascii && LinearPrinter.prefixSign(accent) != nil ? .prefix : .function
    case .stack: return .function
    case .matrix(let matrix):
      if matrix.kind == .cases || matrix.kind == .reversedCases { return .function }
      return matrix.left == "|" || matrix.left == "‖" ? .bar : .open
    case .boxed: return .open
    case .modulus, .tag: return .function
    case .source(let piece): return piece.hasPrefix("\\") ? .source : .symbol
    }
  }

  /// The last thing seen.
  func rightEdge(_ ascii: Bool) -> Edge {
    switch self {
    case .row(let list): return list.last?.rightEdge(ascii) ?? .none
    case .number: return .number
    case .letter(let letter, _): return ascii && !(letter.first?.isASCII ?? true) ? .word : .letters
    case .symbol(_, let kind): return Self.edge(kind)
    case .bigOperator: return .big
    case .function: return .function
    case .text(let words):
      guard let last = words.last else { return .none }
      if last == " " { return .none }
      return last.isLetter ? .word : last.isNumber ? .number : Self.edge(Symbols.kind(of: String(last)))
    case .space: return .none
    case .fraction: return .close
    case .root(let index, let body):
      return LinearPrinter.isBareOperand(body) && !LinearPrinter.isCalledRoot(index) ? .bare : .close
    case .script(let base, let sub, let sup, _):
      if case .bigOperator = base { return .big }
      if case .function = base { return .function }
      if LinearPrinter.isDegree(sup) { return .postfix }
      if case .symbol(_, let kind) = base, kind == .relation || kind == .binary { return Self.edge(kind) }
      if sub == nil, let sup, sup.items.allSatisfy({ if case .symbol("′", _) = $0 { true } else { false } }) {
        return .postfix
      }
      return LinearPrinter.scriptEdge(sub: sub, sup: sup, ascii: ascii)
    case .accent(let accent, let body, _):
      if LinearPrinter.markedLetter(accent, body) != nil, !ascii { return .letters }
      let bare = !ascii && LinearPrinter.prefixSign(accent) != nil && LinearPrinter.isBareWord(body)
      return bare ? .bare : .close
    case .fence(let left, let body, let right):
      if right.isEmpty, !LinearPrinter.needsBrackets(left, body, right) { return body.rightEdge(ascii) }
      return right.isEmpty ? .close : Self.edge(Symbols.kind(of: right))
    case .matrix(let matrix): return matrix.left == "|" || matrix.left == "‖" ? .bar : .close
    case .binomial, .stack, .boxed, .modulus, .tag: return .close
    case .source(let piece): return piece.last?.isLetter ?? false ? .source : .symbol
    }
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
    case (.source, .letters), (.source, .number), (.source, .word), (.source, .function): return true
    case (_, .source): return left != .open && left != .prefix && left != .source && left != .symbol
    default: return false
    }
  }
}
