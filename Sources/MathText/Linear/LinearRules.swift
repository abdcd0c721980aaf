/// Where the linear form needs brackets.
extension LinearPrinter {
  static func isDegree(_ sup: MathNode?) -> Bool {
    guard let sup else { return false }
    switch MathNode.of(sup.shownItems) {
    case .symbol("∘", _), .symbol("°", _): return true
    default: return false
    }
  }

  /// Whether a root is written as `root(n, x)`: its index is neither 2, 3 nor 4.
  static func isCalledRoot(_ index: MathNode?) -> Bool {
    guard let index else { return false }
    if case .number(let digits) = MathNode.of(index.shownItems) { return digits != "3" && digits != "4" }
    return true
  }

  /// Whether a fence that shows one bracket only needs parentheses to show its extent.
  static func needsBrackets(_ left: String, _ body: MathNode, _ right: String) -> Bool {
    guard left.isEmpty != right.isEmpty else { return false }
    let shown = body.shownItems
    guard shown.count == 1 else { return shown.count > 1 }
    switch shown[0] {
    case .number, .letter, .script, .fence: return false
    default: return true
    }
  }

  /// A number or one letter: what √ takes without brackets.
  static func isBareOperand(_ node: MathNode) -> Bool {
    let shown = node.shownItems
    guard shown.count == 1 else { return false }
    switch shown[0] {
    case .number: return true
    case .letter(let letter, _): return letter.last.flatMap(Marks.trailing) == nil
    default: return false
    }
  }

  /// One letter, number or sign: what ^ and _ take without brackets.
  static func isBareScript(_ node: MathNode) -> Bool {
    let shown = node.shownItems
    guard shown.count == 1 else { return false }
    switch shown[0] {
    case .number: return true
    case .letter(let letter, _): return letter.last.flatMap(Marks.trailing) == nil
    case .symbol(let sign, let kind):
      return kind != .open && kind != .close && sign.count == 1 && sign != "/"
        && sign.last.flatMap(Marks.trailing) == nil
    default: return false
    }
  }

  /// The script as raised or lowered characters, when every one of its characters has such a form.
  static func mapped(_ node: MathNode, up: Bool) -> String? {
    // Looked at before it is written out: scripts inside scripts would otherwise be written many times over.
    guard isFlat(node) else { return nil }
    return Scripts.map(string(node, ascii: false, tight: true), up: up)
  }

  private static func isFlat(_ node: MathNode) -> Bool {
    switch node {
    case .number, .letter, .symbol, .text, .function, .space: return true
    case .row(let list): return list.count < 40 && list.allSatisfy(isFlat)
    case .fence(_, .row(let list), _):
      return list.count < 40 && list.allSatisfy { if case .fence = $0 { false } else { isFlat($0) } }
    case .fence(_, let body, _): if case .fence = body { return false } else { return isFlat(body) }
    default: return false
    }
  }

  /// What a script ends with.
  static func scriptEdge(sub: MathNode?, sup: MathNode?, ascii: Bool) -> Edge {
    guard let last = sup ?? sub else { return .raised }
    if !ascii, mapped(last, up: sup != nil) != nil { return .raised }
    return isBareScript(last) ? .bare : .close
  }

  /// What can carry a script without brackets.
  static func standsAlone(_ node: MathNode, _ ascii: Bool) -> Bool {
    switch node {
    case .accent(let accent, let body, _): return !ascii && Marks.marked(accent, body) != nil
    case .matrix(let matrix): return matrix.kind == .matrix && !matrix.left.isEmpty
    case .fraction, .root, .script: return false
    default: return true
    }
  }

  /// A mixed number: 2 1/2.
  static func isMixed(_ previous: MathNode, _ node: MathNode) -> Bool {
    guard case .number(let whole) = previous, !whole.contains("."), case .fraction(let a, let b) = node,
      a.shownItems.count == 1, b.shownItems.count == 1, case .number = a.shownItems[0],
      case .number = b.shownItems[0]
    else { return false }
    return true
  }

  /// Whether a fraction is part of a product, where its slash could be misread.
  static func isJuxtaposed(_ node: MathNode, _ previous: MathNode?, _ next: MathNode?) -> Bool {
    if let previous, !separatesBefore(previous), !isMixed(previous, node) { return true }
    if let next, !separatesAfter(next) { return true }
    return false
  }

  private static func separatesBefore(_ previous: MathNode) -> Bool {
    switch previous {
    case .symbol(let sign, let kind):
      switch kind {
      case .relation, .open, .punctuation, .bar: return true
      case .binary: return sign != "÷"
      default: return false
      }
    case .text(let words):
      guard words.hasSuffix(" ") else { return false }
      let last = words.split(separator: " ").last.map(String.init) ?? ""
      return LinearParser.isPlainWord(last)
    case .script(let base, let sub, _, _):
      if case .symbol(_, .relation) = base { return true }
      if case .function(let name, _) = base, sub != nil { return Symbols.limitFunctions.contains(name) }
      return false
    default: return false
    }
  }

  private static func separatesAfter(_ next: MathNode) -> Bool {
    switch next {
    case .symbol(let sign, let kind):
      switch kind {
      case .relation, .close, .punctuation, .bar: return true
      case .binary: return sign != "÷"
      default: return sign == "."
      }
    case .text(let words):
      guard words.hasPrefix(" ") else { return false }
      let first = words.split(separator: " ").first.map(String.init) ?? ""
      return first.count > 1 && first.allSatisfy(\.isLetter)
    case .function(let name, _): return name.prefix(while: \.isLetter).count > 1
    case .modulus, .tag: return true
    case .script(let base, _, _, _):
      switch base {
      case .symbol(_, .relation), .bigOperator: return true
      case .function(let name, _): return name.count > 1 && name.allSatisfy(\.isLetter)
      default: return false
      }
    case .bigOperator: return true
    default: return false
    }
  }

  /// A product that stands before a slash without brackets: 2x, π r², n!, 3√2.
  static func isPlainNumerator(_ node: MathNode) -> Bool {
    let shown = node.items
    if shown.isEmpty { return false }
    for (index, item) in shown.enumerated() {
      if index > 0, Gap.between(shown[index - 1].edge(.right, false), item.edge(.left, false)) { return false }
      if case .text = item {
        if shown.count > 1 { return false }
      }
      if case .function = item, index + 1 < shown.count, case .fence = shown[index + 1] { continue }
      if !isFactor(item) { return false }
      if case .symbol(_, .postfix) = item, index == 0 { return false }
      if case .symbol(_, .prefix) = item, index == shown.count - 1 { return false }
    }
    return true
  }

  /// One factor that stands after a slash without brackets.
  static func isPlainDenominator(_ node: MathNode, _ above: MathNode) -> Bool {
    var shown = node.items
    while shown.count > 1, case .symbol(_, .prefix) = shown[0] { shown.removeFirst() }
    while shown.count > 1, case .symbol(_, .postfix)? = shown.last { shown.removeLast() }
    if shown.count == 2, case .letter("d", _) = shown[0], case .letter = shown[1],
      case .letter("d", _)? = above.items.first
    {
      return true
    }
    if shown.count == 2, case .fence("(", _, ")") = shown[1] {
      switch shown[0] {
      case .letter(let letter, _): return callNames.contains(letter)
      case .function(let name, _): return Symbols.functionNames.contains(name)
      default: return false
      }
    }
    guard shown.count == 1 else { return false }
    if case .symbol(_, .prefix) = shown[0] { return false }
    if case .symbol(_, .postfix) = shown[0] { return false }
    return isFactor(shown[0])
  }

  /// Letters that with brackets after them are read as a function, not as a product.
  static let callNames: Set<String> = ["P", "f", "g", "h", "F", "G"]

  private static func isFactor(_ node: MathNode) -> Bool {
    switch node {
    case .number, .letter, .binomial, .boxed: return true
    case .root(let index, _): return !isCalledRoot(index)
    case .text(let words): return words.count > 0 && words.allSatisfy(\.isLetter)
    case .symbol(let sign, let kind):
      return sign != "." && (kind == .ordinary || kind == .prefix || kind == .postfix)
    case .fence(let left, _, let right): return Symbols.pairs(left, with: right)
    case .script(let base, _, _, _):
      switch MathNode.of(base.shownItems) {
      case .row(let list): return !list.isEmpty
      case .bigOperator, .function: return false
      case .symbol(_, let kind): return kind == .ordinary
      case .text(let words): return words.allSatisfy(\.isLetter)
      case .matrix(let matrix): return matrix.kind == .matrix && Symbols.pairs(matrix.left, with: matrix.right)
      case .fence(let left, _, let right): return Symbols.pairs(left, with: right)
      case .source, .accent, .stack, .modulus, .tag, .space: return false
      default: return true
      }
    case .accent(let accent, let body, nil): return Marks.marked(accent, body) != nil
    case .matrix(let matrix): return matrix.kind == .matrix && Symbols.pairs(matrix.left, with: matrix.right)
    default: return false
    }
  }

  /// A letter or digit with the mark of its accent, which needs no row of its own; nil when the accent covers more.
  static func markedLetter(_ accent: MathAccent, _ body: MathNode) -> String? {
    let shown = body.shownItems
    guard shown.count == 1, Fonts.hasMark(accent) else { return nil }
    switch shown[0] {
    case .letter(let letter, _) where letter.unicodeScalars.count == 1: break
    case .number(let digits) where digits.count == 1 && accent != .overline: break
    default: return nil
    }
    return Marks.marked(accent, body)?.text
  }

  /// The word for an accent where only ASCII can be shown.
  static func accentName(_ accent: MathAccent) -> String {
    accent == .overrightarrow ? "vec" : accent.rawValue
  }

  /// Whether it has a comma or semicolon outside all brackets.
  static func hasTopLevelComma(_ node: MathNode) -> Bool {
    node.items.contains { item in
      switch item {
      case .symbol(",", _), .symbol(";", _): return true
      case .text(let words): return words.contains(",") || words.contains(";")
      case .fence(let left, let body, let right):
        return !Symbols.pairs(left, with: right) && hasTopLevelComma(body)
      case .matrix(let matrix):
        return matrix.left == "|" || matrix.left == "‖"
      default: return false
      }
    }
  }

  /// A cell of cases ends in a comma before its condition; the separator says the same.
  static func withoutTrailingComma(_ node: MathNode) -> MathNode {
    var list = node.items
    while let last = list.last, case .space = last { list.removeLast() }
    guard let last = list.last else { return node }
    switch last {
    case .symbol(",", _), .symbol(";", _):
      list.removeLast()
      return MathNode.of(list)
    case .text(let words):
      let trimmed = MathString.trimmed(words)
      guard trimmed.hasSuffix(",") || trimmed.hasSuffix(";") else { return node }
      list[list.count - 1] = .text(String(words.prefix(while: { $0 == " " })) + String(trimmed.dropLast()))
      return MathNode.of(list)
    default: return node
    }
  }
}
