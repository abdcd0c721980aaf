/// Lays a tree out in two dimensions.
struct BoxBuilder {
  let ascii: Bool
  let columns: @Sendable (Character) -> Int

  // MARK: Pieces of text

  func width(_ string: String) -> Int {
    let isPlain = string.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x80 }
    return isPlain ? string.utf8.count : string.reduce(0) { $0 + columns($1) }
  }

  func text(_ string: String, _ role: MathRole) -> MathBox {
    if string.isEmpty { return .empty }
    let shown = ascii ? LinearPrinter.asciiText(string) : string
    return MathBox(rows: [[MathRun(text: shown, role: role)]], width: width(shown), baseline: 0)
  }

  /// A tree on one row.
  func linear(_ node: MathNode, tight: Bool) -> MathBox {
    var printer = LinearPrinter(ascii: ascii)
    printer.row(node, tight: tight, isWhole: true)
    return linear(printer.tokens)
  }

  private func linear(_ tokens: [LinearToken]) -> MathBox {
    var row: [MathRun] = []
    var total = 0
    for (index, token) in tokens.enumerated() {
      if token.blank, index > 0 {
        MathBox.append([MathBox.blankRun(1)], to: &row)
        total += 1
      }
      MathBox.append([MathRun(text: token.text, role: token.role)], to: &row)
      total += width(token.text)
    }
    return MathBox(rows: [row], width: total, baseline: 0)
  }

  func line(_ sign: String, _ width: Int, _ role: MathRole = .op) -> MathBox {
    MathBox(
      rows: [[MathRun(text: String(repeating: sign, count: max(0, width)), role: role)]], width: width, baseline: 0)
  }

  var bar: String { ascii ? "-" : "─" }

  // MARK: Rows

  func box(_ node: MathNode) -> MathBox { MathBox.beside(boxes(node).map(\.box)) }

  /// How willingly a line breaks before a member of a row.
  enum Break: Int, Comparable {
    /// Before a statement of its own: after a comma, before ⇒.
    case statement
    case relation
    case binary
    case never

    static func < (a: Break, b: Break) -> Bool { a.rawValue < b.rawValue }
  }

  /// One box per member of a row, with the blanks before it, and how willingly a line breaks before it.
  func boxes(_ node: MathNode) -> [(box: MathBox, breaks: Break)] {
    let items = node.items
    if items.isEmpty { return [(.empty, .never)] }
    let members = members(items)
    var result: [(box: MathBox, breaks: Break)] = []
    var previous: MathNode?
    var explicit = 0
    var isAfterComma = false
    for (index, item) in items.enumerated() {
      if case .space(let columns) = item {
        explicit += columns
        continue
      }
      let next = items[(index + 1)...].first { if case .space = $0 { false } else { true } }
      let (before, after, breaks) = blanks(previous, item, next)
      var part = members[index]
      let isAfterLimits = previous?.edge(.right, ascii) == .big && part.height > 1 && before == 1
      let blank = max(
        before + (isAfterLimits ? 1 : 0), previous == nil ? 0 : min(explicit, 8), touching(result.last?.box, part))
      if blank > 0 { part = MathBox.beside([.blank(blank), part]) }
      if after > 0 { part = MathBox.beside([part, .blank(after)]) }
      let isStatement =
        isAfterComma || previous.map { (explicit > 1 && !endsBlank($0)) || Self.isImplication(item) } ?? false
      result.append((part, isStatement ? .statement : breaks))
      isAfterComma = after > 0 && (item == .symbol(",", .punctuation) || item == .symbol(";", .punctuation))
      previous = item
      explicit = 0
    }
    return result
  }

  private static func isImplication(_ node: MathNode) -> Bool {
    guard case .symbol(let sign, .relation) = node else { return false }
    return ["⇒", "⟹", "⇔", "⟺", "⇐", "⟸", "∴"].contains(sign)
  }

  /// Whether neighbours need a blank column: a fraction keeps apart from everything but punctuation, and what is raised or
  /// lowered from its neighbours on the row, lest `x` with the exponent `a/b` before `c/d` read as `a/bc`.
  private func touching(_ left: MathBox?, _ right: MathBox) -> Int {
    guard let left, left.width > 0, right.width > 0 else { return 0 }
    let above = min(left.baseline, right.baseline)
    let below = min(left.height - 1 - left.baseline, right.height - 1 - right.baseline)
    for row in -above...below {
      guard let a = left.rows[left.baseline + row].last?.text.last, a != " ",
        let b = right.rows[right.baseline + row].first?.text.first, b != " "
      else { continue }
      if row == 0 {
        if isBar(a), isBar(b) { return 1 }
        if a == bar.first, left.height > 1, !",.;:)]".contains(b) { return 1 }
        if b == bar.first, right.height > 1, !"([{".contains(a) { return 1 }
      } else if !Self.bracketPieces.contains(a) || !Self.bracketPieces.contains(b) {
        return 1
      }
    }
    return 0
  }

  private static func isBar(_ bracket: String) -> Bool { bracket == "|" || bracket == "‖" }

  private func isBar(_ c: Character) -> Bool { c == "─" || c == "−" || c == "-" && ascii }

  private static let bracketPieces = Set("⎛⎜⎝⎞⎟⎠⎡⎢⎣⎤⎥⎦⎧⎪⎩⎨⎫⎭⎬⎰⎱│║╱╲")

  /// Blanks before and after a member, and how willingly a line breaks before it.
  private func blanks(_ previous: MathNode?, _ item: MathNode, _ next: MathNode?) -> (Int, Int, Break) {
    guard let previous else {
      if case .symbol(_, .relation) = item, next != nil { return (0, 1, .never) }
      return (0, 0, .never)
    }
    switch item {
    case .symbol(let sign, let kind):
      switch kind {
      case .relation: return (endsBlank(previous) ? 0 : 1, next == nil ? 0 : 1, .relation)
      case .binary:
        if LinearPrinter.isUnary(after: previous) || next == nil { return (0, 0, .never) }
        return (1, 1, .binary)
      case .punctuation:
        if sign == ",", case .number(let digits)? = next, digits.utf8.count == 3, case .number = previous {
          return (0, 0, .never)
        }
        return (0, next == nil ? 0 : 1, .never)
      default: break
      }
    case .script(.symbol(_, .relation), _, _, _): return (1, 1, .relation)
    case .modulus: return (2, 0, .never)
    case .tag: return (4, 0, .never)
    default: break
    }
    return (LinearPrinter.blank(between: previous, item, ascii) == nil ? 0 : 1, 0, .never)
  }

  private func endsBlank(_ node: MathNode) -> Bool {
    if case .symbol(_, .relation) = node { return true }
    return false
  }

  // MARK: One node

  func single(_ node: MathNode) -> MathBox {
    switch node {
    case .row: return box(node)
    case .number(let digits): return text(digits, .number)
    case .letter(let letter, let font): return text(letter, font == .bold ? .strong : .variable)
    case .symbol(let sign, _): return text(sign, .op)
    case .bigOperator(let sign, _): return text(sign, .op)
    case .function(let name, _): return text(name, .function)
    case .text(let words): return text(MathString.clean(words), .function)
    case .space(let columns): return .blank(columns)
    case .fraction(let above, let below): return fraction(above, below)
    case .binomial(let n, let k):
      let body = MathBox.stacked([box(n), .blank(1), box(k)], base: 1)
      return fenced("(", body, ")")
    case .root(let index, let body): return root(index, body)
    case .script(let base, let sub, let sup, let limits): return script(base, sub, sup, limits)
    case .fence(let left, let body, let right):
      var inner = box(body)
      // The bar of a fraction must not run into a bar on its side.
      if inner.height > 1 {
        inner = MathBox.beside([.blank(Self.isBar(left) ? 1 : 0), inner, .blank(Self.isBar(right) ? 1 : 0)])
      }
      return fenced(left, inner, right)
    case .accent(let accent, let body, let label): return self.accent(accent, body, label)
    case .stack(let base, let over, let under):
      var list: [MathBox] = []
      if let over { list.append(linear(over, tight: true)) }
      list.append(box(base))
      if let under { list.append(linear(under, tight: true)) }
      return MathBox.stacked(list, base: over == nil ? 0 : 1)
    case .matrix(let matrix): return grid(matrix)
    case .boxed(let body): return boxed(box(body))
    case .modulus(let body):
      let inner = MathBox.beside([text("mod", .function), .blank(1), box(body)])
      return fenced("(", inner, ")")
    case .tag(let body): return fenced("(", box(body), ")")
    case .source(let piece):
      let shown = MathString.clean(piece)
      return MathBox(rows: [[MathRun(text: shown, role: .source)]], width: width(shown), baseline: 0)
    }
  }

  private func fraction(_ above: MathNode, _ below: MathNode) -> MathBox {
    let top = box(above)
    let bottom = box(below)
    var width = max(top.width, bottom.width, 1)
    if Self.isFraction(above) || Self.isFraction(below) { width += 2 }
    return MathBox.stacked([top, line(bar, width), bottom], base: 1)
  }

  private static func isFraction(_ node: MathNode) -> Bool {
    let shown = node.shownItems
    if shown.count == 1, case .fraction = shown[0] { return true }
    return false
  }

  private func root(_ index: MathNode?, _ body: MathNode) -> MathBox {
    if LinearPrinter.isBareOperand(body), index == nil || ascii == false && Self.isSmall(index) {
      return linear(.root(index: index, body), tight: true)
    }
    let inner = box(body)
    let sign = text(ascii ? "\\/" : "√", .op)
    var head: [MathBox] = []
    if let index { head.append(linear(index, tight: true)) }
    if inner.height == 1 {
      var top = MathBox.stacked([line("_", inner.width), inner], base: 1)
      top.baseline = 1
      var rows = [sign]
      if let index = head.first {
        // To the left of the sign: above it, the index would run into the roof.
        let above = MathBox.beside([index, .blank(sign.width)])
        rows = [MathBox.stacked([above, sign.widened(to: above.width, .right)], base: 1)]
      }
      return MathBox.beside(rows + [top])
    }
    // A tall root: the sign at the bottom, a stem on the left, a roof above; a blank keeps a fraction from the stem.
    let roof = ascii ? "_" : "─"
    var rows: [[MathRun]] = [
      [MathRun(text: (ascii ? " " : "┌") + String(repeating: roof, count: inner.width + 1), role: .op)]
    ]
    for row in inner.rows {
      var line = [MathRun(text: ascii ? "|" : "│", role: .op), MathBox.blankRun(1)]
      MathBox.append(row, to: &line)
      rows.append(line)
    }
    let body = MathBox(rows: rows, width: inner.width + 2, baseline: inner.baseline + 1)
    var left = [[MathRun]](repeating: [MathBox.blankRun(sign.width)], count: body.height)
    left[body.height - 1] = sign.rows[0]
    var stem = MathBox(rows: left, width: sign.width, baseline: body.baseline)
    if let index = head.first {
      let width = max(index.width, sign.width)
      stem = stem.widened(to: width, .right)
      stem.rows[body.height - 2] = index.widened(to: width, .right).rows[0]
    }
    return MathBox.beside([stem, body])
  }

  private static func isSmall(_ index: MathNode?) -> Bool {
    guard let index, case .number(let digits) = MathNode.of(index.shownItems) else { return false }
    return digits == "3" || digits == "4"
  }

  private func boxed(_ inner: MathBox) -> MathBox {
    let sides = ascii ? ["+", "-", "+", "|", "+", "+"] : ["┌", "─", "┐", "│", "└", "┘"]
    let width = inner.width + 4
    func edge(_ left: String, _ right: String) -> [MathRun] {
      [MathRun(text: left + String(repeating: sides[1], count: width - 2) + right, role: .boxed)]
    }
    var rows = [edge(sides[0], sides[2])]
    for row in inner.rows {
      var line = [MathRun(text: sides[3] + " ", role: .boxed)]
      MathBox.append(row.map { MathRun(text: $0.text, role: $0.role == .source ? .source : .boxed) }, to: &line)
      MathBox.append([MathRun(text: " " + sides[3], role: .boxed)], to: &line)
      rows.append(line)
    }
    rows.append(edge(sides[4], sides[5]))
    return MathBox(rows: rows, width: width, baseline: inner.baseline + 1)
  }
}
