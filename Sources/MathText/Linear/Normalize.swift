/// From the tree of a formula to normal form.
extension Canonical {
  /// The normal form of a tree.
  static func normalized(_ node: MathNode) -> MathNode {
    var items: [Item] = []
    expandRow(node, &items, isWhole: true)
    return build(items)
  }

  private static func part(_ node: MathNode) -> MathNode {
    var items: [Item] = []
    expandRow(node, &items)
    return build(items)
  }

  private static func expandRow(_ node: MathNode, _ out: inout [Item], isWhole: Bool = false) {
    let members = node.items
    var previous: MathNode?
    var spaced = false
    for (index, member) in members.enumerated() {
      if case .space(let columns) = member {
        if columns > 0 { spaced = true }
        continue
      }
      var blank = spaced
      if let previous {
        if LinearPrinter.blank(between: previous, member, false) != nil { blank = true }
        if case .text(let words) = previous, words.hasSuffix(" ") { blank = true }
      } else {
        blank = false
      }
      let at = out.count
      if case .matrix(let matrix) = member, matrix.isStackOfRows || matrix.isBare {
        let next = members[(index + 1)...].first { if case .space = $0 { false } else { true } }
        let alone = isWhole && previous == nil && (next == nil || LinearPrinter.isPunctuation(next))
        stackOfRows(matrix, bracketed: !alone, &out)
      } else {
        expand(member, &out)
      }
      if out.count > at, blank { out[at].spaced = true }
      previous = member
      spaced = false
    }
  }

  private static func sign(_ text: String, _ out: inout [Item], spaced: Bool = false) {
    if text.isEmpty { return }
    out.append(Item(sign: text, spaced: spaced))
  }

  private static func word(_ text: String, _ out: inout [Item], spaced: Bool = false) {
    out.append(Item(.text(text), spaced: spaced))
  }

  private static func bracketed(_ node: MathNode, _ out: inout [Item]) {
    sign("(", &out)
    expandRow(node, &out)
    sign(")", &out)
  }

  private static func operand(_ node: MathNode, _ out: inout [Item]) {
    let shown = node.shownItems
    if shown.count == 1, case .fence("(", _, ")") = shown[0] {
      expandRow(node, &out)
    } else {
      bracketed(node, &out)
    }
  }

  private static func cell(_ node: MathNode, _ out: inout [Item]) {
    if LinearPrinter.hasTopLevelComma(node) { bracketed(node, &out) } else { expandRow(node, &out) }
  }

  private static func expand(_ node: MathNode, _ out: inout [Item]) {
    switch node {
    case .row: expandRow(node, &out)
    case .number(let digits): out.append(Item(.number(digits)))
    case .letter(let letter, _):
      if letter.last.flatMap(Marks.trailing) == nil { word(letter, &out) } else { LinearParser.lex(letter, &out) }
    case .symbol(let text, _), .bigOperator(let text, _):
      if text.count == 1, text.last.flatMap(Marks.trailing) == nil {
        sign(text, &out)
      } else {
        LinearParser.lex(text, &out)
      }
    case .function(let name, _): LinearParser.lex(name, &out)
    case .text(let words): LinearParser.lex(MathString.clean(words), &out)
    case .space: break
    case .fraction(let above, let below):
      out.append(Item(.fraction(stripped(part(above)), stripped(part(below)))))
    case .binomial(let n, let k):
      sign("(", &out)
      expandRow(n, &out)
      word("choose", &out, spaced: true)
      let at = out.count
      expandRow(k, &out)
      if out.count > at { out[at].spaced = true }
      sign(")", &out)
    case .root(let index, let body):
      out.append(Item(.root(index: index.map { stripped(part($0)) }, stripped(part(body)))))
    case .script(let base, let sub, let sup, _): script(base, sub, sup, &out)
    case .fence(let left, let body, let right):
      let needsBrackets = LinearPrinter.needsBrackets(left, body, right)
      sign(left, &out)
      if needsBrackets { bracketed(body, &out) } else { expandRow(body, &out) }
      sign(right, &out)
    case .accent(let accent, let body, let label): self.accent(accent, body, label, &out)
    case .stack(let base, let over, let under):
      sign("(", &out)
      for (index, part) in [over, base, under].compactMap({ $0 }).enumerated() {
        if index > 0 { word("above", &out, spaced: true) }
        let at = out.count
        expandRow(part, &out)
        if index > 0, out.count > at { out[at].spaced = true }
      }
      sign(")", &out)
    case .matrix(let matrix): self.matrix(matrix, &out)
    case .boxed(let body):
      sign("⟦", &out)
      expandRow(body, &out)
      sign("⟧", &out)
    case .modulus(let body):
      sign("(", &out)
      word("mod", &out)
      let at = out.count
      expandRow(body, &out)
      if out.count > at { out[at].spaced = true }
      sign(")", &out)
    case .tag(let body): bracketed(body, &out)
    case .source(let piece): LinearParser.lex(MathString.clean(piece), &out)
    }
  }

  private static func script(_ base: MathNode, _ sub: MathNode?, _ sup: MathNode?, _ out: inout [Item]) {
    let shown = base.shownItems
    let at = out.count
    if shown.count == 1 {
      switch shown[0] {
      case .fraction, .root, .script, .accent, .matrix:
        if LinearPrinter.standsAlone(shown[0], false) { expand(shown[0], &out) } else { bracketed(shown[0], &out) }
      case .text(let words):
        if MathString.trimmed(words).contains(" ") {
          bracketed(base, &out)
        } else {
          LinearParser.lex((words.hasPrefix(" ") ? " " : "") + MathString.trimmed(words), &out)
        }
      default: expand(shown[0], &out)
      }
    } else if shown.count > 1 {
      bracketed(base, &out)
    }
    if out.count == at { out.append(Item(.empty)) }
    let last = out.count - 1
    if let sub { out[last].sub = (out[last].sub ?? []) + list(sub) }
    guard let sup else { return }
    if LinearPrinter.isDegree(sup) {
      if out[last].node == .empty, out[last].isPlain { out.removeLast() }
      sign("°", &out)
    } else {
      out[last].sup = (out[last].sup ?? []) + list(sup)
    }
  }

  private static func list(_ node: MathNode) -> [Item] {
    var items: [Item] = []
    expandRow(node, &items, isWhole: true)
    return items
  }

  private static func accent(_ accent: MathAccent, _ body: MathNode, _ label: MathNode?, _ out: inout [Item]) {
    if label == nil, let mark = Marks.marked(accent, body)?.mark, let shown = Marks.accent(of: mark) {
      out.append(Item(.accent(shown, part(body), label: nil)))
      return
    }
    let mark = Marks.sign(accent)
    operand(body, &out)
    var scripts = [Item(sign: mark.text)]
    if Marks.isBrace(accent) {
      sign(mark.text, &out)
      guard let label else { return }
      scripts = list(label)
    }
    if mark.isBelow { out[out.count - 1].sub = scripts } else { out[out.count - 1].sup = scripts }
  }

  private static func matrix(_ matrix: MathMatrix, _ out: inout [Item]) {
    switch matrix.kind {
    case .cases, .reversedCases:
      word("cases", &out)
      sign("(", &out)
      cells(matrix, &out)
      sign(")", &out)
    case .aligned, .gathered: stackOfRows(matrix, bracketed: true, &out)
    case .matrix:
      sign(matrix.isBare ? "(" : matrix.left, &out)
      cells(matrix, &out)
      sign(matrix.isBare ? ")" : matrix.right, &out)
    }
  }

  private static func cells(_ matrix: MathMatrix, _ out: inout [Item]) {
    for (index, row) in matrix.rows.enumerated() {
      if index > 0 { sign(";", &out) }
      if matrix.hasBarAtLeft { sign("|", &out) }
      for (column, content) in matrix.joined(row).enumerated() {
        if column > 0 { sign(matrix.bars.contains(column) ? "|" : ",", &out) }
        cell(LinearPrinter.withoutTrailingComma(content), &out)
      }
      if matrix.hasBarAtRight { sign("|", &out) }
    }
  }

  private static func stackOfRows(_ matrix: MathMatrix, bracketed: Bool, _ out: inout [Item]) {
    if bracketed { sign("(", &out) }
    if matrix.isStackOfRows {
      for (index, row) in matrix.rows.enumerated() {
        if index > 0 { sign(";", &out) }
        for (column, content) in matrix.joined(row).enumerated() {
          if column > 0 { sign(",", &out) }
          expandRow(LinearPrinter.withoutTrailingComma(content), &out)
        }
      }
    } else {
      cells(matrix, &out)
    }
    if bracketed { sign(")", &out) }
  }
}
