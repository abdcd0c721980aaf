extension BoxBuilder {
  /// Scripts: small ones as raised and lowered characters, others on a row of their own.
  ///
  /// `body`: the box of the base, where that is known.
  func script(
    _ base: MathNode, _ sub: MathNode?, _ sup: MathNode?, _ limits: Bool, body known: MathBox? = nil
  ) -> MathBox {
    let shown = base.shownItems
    if limits || isLimitBase(shown) {
      var list: [MathBox] = []
      if let sup { list.append(linear(sup, tight: true)) }
      var body = known ?? box(base)
      if case .symbol(_, .relation)? = shown.first, shown.count == 1 { body = stretched(shown[0], sub, sup) }
      list.append(body)
      if let sub { list.append(limit(sub)) }
      return MathBox.stacked(list, base: sup == nil ? 0 : 1)
    }
    var body: MathBox
    if let known {
      body = known
    } else if shown.count > 1 {
      body = fenced("(", box(base), ")")
    } else if let only = shown.first {
      switch only {
      case .fraction, .root, .script: body = fenced("(", single(only), ")")
      case .accent(let accent, let inner, _) where LinearPrinter.markedLetter(accent, inner) == nil:
        body = fenced("(", single(only), ")")
      default: body = single(only)
      }
    } else {
      body = MathBox(rows: [[]], width: 0, baseline: 0)
    }
    if let sup, LinearPrinter.isDegree(sup) {
      if let sub { body = lowered(body, sub) }
      return MathBox.beside([body, text("°", .op)])
    }
    let isIntegral: Bool
    if case .bigOperator? = shown.first { isIntegral = true } else { isIntegral = false }
    let small = !ascii && !isIntegral
    let up = sup.flatMap { small ? raisedText($0) : nil }
    let down = sub.flatMap { small ? LinearPrinter.mapped($0, up: false) : nil }
    // Both small, or one that is absent: no new rows.
    if sup == nil || up != nil, sub == nil || down != nil {
      return corner(body, up: up, down: down)
    }
    // ASCII: on the line, as in the linear form, unless the base is tall.
    let upBox = sup.map { linear($0, tight: true) }
    let downBox = sub.map { linear($0, tight: true) }
    let width = max(upBox?.width ?? 0, downBox?.width ?? 0)
    var rows: [[MathRun]] = []
    if let upBox { rows += upBox.widened(to: width, .left).rows }
    let between = max(
      0, body.height - (upBox == nil ? 0 : body.height > 1 ? 1 : 0) - (downBox == nil ? 0 : body.height > 1 ? 1 : 0))
    for _ in 0..<max(between, body.height == 1 ? 1 : 0) { rows.append([MathBox.blankRun(width)]) }
    if let downBox { rows += downBox.widened(to: width, .left).rows }
    let top = upBox == nil ? 0 : body.height > 1 ? 0 : 1
    let scripts = MathBox(rows: rows, width: width, baseline: body.baseline + top)
    return MathBox.beside([body, scripts])
  }

  private func isLimitBase(_ shown: [MathNode]) -> Bool {
    if shown.count == 1, case .symbol(_, .relation) = shown[0] { true } else { false }
  }

  /// Rows of a limit: a substack stays a stack.
  private func limit(_ node: MathNode) -> MathBox {
    let shown = node.shownItems
    if shown.count == 1, case .matrix(let matrix) = shown[0], matrix.kind == .gathered {
      return MathBox.stacked(matrix.rows.map { linear(.row($0), tight: true) }, base: 0)
    }
    return linear(node, tight: true)
  }

  /// An arrow as long as what stands on it.
  private func stretched(_ sign: MathNode, _ sub: MathNode?, _ sup: MathNode?) -> MathBox {
    let wanted = max(sub.map { linear($0, tight: true).width } ?? 0, sup.map { linear($0, tight: true).width } ?? 0) + 2
    guard case .symbol(let text, _) = sign, !ascii, wanted > 1 else { return single(sign) }
    let shafts = ["→": ("─", false), "←": ("─", true), "⇒": ("═", false), "⇐": ("═", true), "=": ("=", false)]
    guard let (shaft, headFirst) = shafts[text] else { return single(sign) }
    let shaftText = String(repeating: shaft, count: wanted - 1)
    return self.text(text == "=" ? "=" : headFirst ? text + shaftText : shaftText + text, .op)
  }

  /// A superscript as raised characters; primes lead it.
  private func raisedText(_ sup: MathNode) -> String? {
    let items = sup.shownItems
    var primes = 0
    while primes < items.count, case .symbol("′", _) = items[primes] { primes += 1 }
    let marks = primes == 2 ? "″" : primes == 3 ? "‴" : String(repeating: "′", count: primes)
    if primes == items.count { return marks.isEmpty ? nil : marks }
    return LinearPrinter.mapped(MathNode.of(Array(items[primes...])), up: true).map { marks + $0 }
  }

  private func lowered(_ body: MathBox, _ sub: MathNode) -> MathBox {
    if let down = LinearPrinter.mapped(sub, up: false), !ascii {
      return corner(body, up: nil, down: down)
    }
    return MathBox.beside([body, text("_", .op), linear(sub, tight: true)])
  }

  /// Raised text at the upper right corner, lowered text at the lower right one.
  private func corner(_ body: MathBox, up: String?, down: String?) -> MathBox {
    if body.height == 1 {
      return MathBox.beside([body, text(down ?? "", .variable), text(up ?? "", .variable)])
    }
    let upBox = text(up ?? "", .variable)
    let downBox = text(down ?? "", .variable)
    let width = max(upBox.width, downBox.width)
    var rows = [[MathRun]](repeating: [MathBox.blankRun(width)], count: body.height)
    rows[0] = upBox.widened(to: width, .left).rows[0]
    rows[body.height - 1] = downBox.widened(to: width, .left).rows[0]
    return MathBox.beside([body, MathBox(rows: rows, width: width, baseline: body.baseline)])
  }

  // MARK: Accents

  /// Accents that are the same sign at every width.
  private static let signs: [MathAccent: String] = [
    .hat: "^", .check: "v", .tilde: "~", .dot: ".", .ddot: "..", .dddot: "...", .acute: "'", .grave: "`", .breve: "u",
    .ring: "o",
  ]

  func accent(_ accent: MathAccent, _ body: MathNode, _ label: MathNode?) -> MathBox {
    if !ascii, let letter = LinearPrinter.markedLetter(accent, body) { return text(letter, .variable) }
    if accent == .cancel { return linear(.accent(accent, body, label: label), tight: true) }
    let inner = box(body)
    let width = max(inner.width, 1)
    var above: [MathBox] = []
    var below: [MathBox] = []
    switch accent {
    case .overline: above = [line("_", width)]
    case .underline: below = [line(ascii ? "-" : "‾", width)]
    case .overrightarrow, .vec: above = [arrow(width, "→", ">", atEnd: true)]
    case .overleftarrow: above = [arrow(width, "←", "<", atEnd: false)]
    case .underrightarrow: below = [arrow(width, "→", ">", atEnd: true)]
    case .underleftarrow: below = [arrow(width, "←", "<", atEnd: false)]
    case .overleftrightarrow:
      let shaft = String(repeating: bar, count: max(0, width - 2))
      let text = width == 1 ? (ascii ? "-" : "↔") : ascii ? "<" + shaft + ">" : "←" + shaft + "→"
      above = [MathBox(rows: [[MathRun(text: text, role: .op)]], width: width, baseline: 0)]
    case .overbrace, .overbracket, .overparen:
      above = [brace(width, ascii ? "/-^\\" : accent == .overbracket ? "┌─┴┐" : "╭─┴╮")]
      if let label { above.insert(linear(label, tight: true), at: 0) }
    case .underbrace, .underbracket, .underparen:
      below = [brace(width, ascii ? "\\-v/" : accent == .underbracket ? "└─┬┘" : "╰─┬╯")]
      if let label { below.append(linear(label, tight: true)) }
    case .arc: above = [ascii ? line("^", width) : arc(width)]
    default: if let sign = Self.signs[accent] { above = [text(sign, .op)] }
    }
    return MathBox.stacked(above + [inner] + below, base: above.count)
  }

  private func arrow(_ width: Int, _ head: String, _ asciiHead: String, atEnd: Bool) -> MathBox {
    let shaft = String(repeating: bar, count: width - 1)
    let tip = ascii ? asciiHead : head
    return MathBox(
      rows: [[MathRun(text: atEnd ? shaft + tip : tip + shaft, role: .op)]], width: width, baseline: 0)
  }

  private func arc(_ width: Int) -> MathBox {
    let text = width == 1 ? "⌒" : "╭" + String(repeating: "─", count: width - 2) + "╮"
    return MathBox(rows: [[MathRun(text: text, role: .op)]], width: width, baseline: 0)
  }

  /// A brace lying down: its ends, its line, its tip.
  private func brace(_ width: Int, _ signs: String) -> MathBox {
    let parts = signs.map(String.init)
    guard width > 2 else { return line(parts[1], width) }
    let left = (width - 3) / 2
    let right = width - 3 - left
    let text =
      parts[0] + String(repeating: parts[1], count: left) + parts[2] + String(repeating: parts[1], count: right)
      + parts[3]
    return MathBox(rows: [[MathRun(text: text, role: .op)]], width: width, baseline: 0)
  }
}
