extension LatexParser {
  mutating func command(_ name: String, _ start: Int, _ end: Int) -> MathNode {
    if let node = Symbols.commands[name] {
      position = start + 1
      if case .bigOperator(let sign, _) = node { return limitsSwitch(sign, node, end) }
      if case .function(let sign, _) = node { return limitsSwitch(sign, node, end) }
      return node
    }
    if let accent = Self.accents[name] { return accented(accent, start, end) }
    if let columns = Self.spaces[name] { return .space(columns) }
    if let font = Self.fonts[name] { return fonted(font, start, end) }
    if Self.ignored.contains(name) { return .space(0) }
    switch name {
    case "frac", "dfrac", "tfrac", "cfrac", "sfrac", "nicefrac", "ifrac", "flatfrac", "xfrac":
      if name == "cfrac" { _ = optional(end) }
      return two(start, end) { .fraction($0, $1) }
    case "binom", "dbinom", "tbinom":
      return two(start, end) { .binomial($0, $1) }
    case "genfrac": return generalFraction(start, end)
    case "sqrt", "root": return root(name, start, end)
    case "boxed", "fbox", "framebox", "bbox", "ovalbox", "Aboxed":
      _ = optional(end)
      return name == "fbox" || name == "framebox" || name == "ovalbox"
        ? words(start, end) { .boxed($0) } : one(start, end) { .boxed($0) }
    case "cancel", "bcancel", "xcancel", "sout":
      return one(start, end) { .accent(.cancel, $0, label: nil) }
    case "overset", "stackrel", "stackbin": return stacked(start, end, over: true)
    case "underset": return stacked(start, end, over: false)
    case "overunderset":
      return stackedBoth(start, end)
    case "sideset": return sideset(start, end)
    case "pmod": return one(start, end) { .modulus($0) }
    case "pod": return one(start, end) { .row([.space(2), .fence("(", $0, ")")]) }
    case "bmod", "mod": return .function("mod", limits: false)
    case "not": return negated(start, end)
    case "operatorname", "operatorname*", "mathop": return operatorName(name, start, end)
    case "phantom", "hphantom", "vphantom": return phantom(name, start, end)
    case "substack":
      return substack(start, end)
    case "tag", "tag*":
      let starred = name == "tag*"
      return words(start, end) { starred ? $0 : .tag($0) }
    case "label", "hspace", "hspace*", "vspace", "vspace*", "kern", "mkern", "mskip", "hskip", "vskip",
      "setlength", "arraycolsep", "pagebreak", "addtolength", "rule", "cline", "renewcommand", "newcommand",
      "providecommand", "DeclareMathOperator", "DeclareMathOperator*", "def", "gdef",
      "color", "pagecolor", "require", "usepackage", "raisebox", "rotatebox", "scalebox", "resizebox", "cmidrule":
      return dropped(name, start, end)
    case "textcolor", "colorbox", "fcolorbox", "href":
      return coloured(name, start, end)
    case "xrightarrow", "xleftarrow", "xRightarrow", "xLeftarrow", "xleftrightarrow", "xLeftrightarrow",
      "xmapsto", "xlongequal", "xhookrightarrow", "xrightleftharpoons", "xlongrightarrow":
      return extensibleArrow(name, start, end)
    case "big", "Big", "bigg", "Bigg", "bigl", "Bigl", "biggl", "Biggl", "bigr", "Bigr", "biggr", "Biggr", "bigm",
      "Bigm", "biggm", "Biggm", "middle":
      return sized(start, end)
    case "prescript": return prescript(start, end)
    case "multicolumn": return multicolumn(start, end)
    case "bra", "ket", "braket", "abs", "norm", "floor", "ceil", "set", "Set", "paren":
      return bracketed(name, start, end)
    case "{", "}":
      return .symbol(name, name == "{" ? .open : .close)
    case "%", "$", "#", "&", "_": return .symbol(name, Symbols.kind(of: name))
    case "-", "/": return .space(0)
    case "(", ")", "[", "]": return .space(0)
    case "": return .source("\\")
    case "ensuremath", "displaylines", "mathstrut", "smash", "mathclap", "mathllap", "mathrlap", "llap", "rlap",
      "underbar", "mathpalette", "hbox", "vbox", "vcenter", "centerline", "center":
      return one(start, end) { $0 }
    case "url", "texttt", "verb": return words(start, end) { $0 }
    case "ce", "unit", "si", "SI", "qty", "num", "ang": return quantity(name, start, end)
    case "mathchoice":
      let display = argument(end)
      for _ in 0..<3 { _ = rawGroup(end) }
      return display ?? sourceOnly(start)
    case "frac12": return .fraction(.number("1"), .number("2"))
    default:
      position = start + 1
      return sourcePiece(from: start, end)
    }
  }

  private mutating func limitsSwitch(_ sign: String, _ node: MathNode, _ end: Int) -> MathNode {
    var result = node
    while true {
      let before = position
      skipSpaces(end)
      guard position < end, tokens[position].kind == .command else {
        position = before
        return result
      }
      let flag: Bool
      switch tokens[position].text {
      case "limits": flag = true
      case "nolimits": flag = false
      case "displaylimits":
        position += 1
        continue
      default:
        position = before
        return result
      }
      position += 1
      if case .bigOperator = node {
        result = .bigOperator(sign, limits: flag)
      } else {
        result = .function(sign, limits: flag)
      }
    }
  }

  /// A command with one argument; without it the command stays source.
  mutating func one(_ start: Int, _ end: Int, _ make: (MathNode) -> MathNode) -> MathNode {
    guard let body = argument(end) else { return sourceOnly(start) }
    return make(body)
  }

  mutating func two(_ start: Int, _ end: Int, _ make: (MathNode, MathNode) -> MathNode) -> MathNode {
    guard !isOperatorNext(end), let first = argument(end) else { return sourceOnly(start) }
    guard !isOperatorNext(end), let second = argument(end) else {
      return .source(String(decoding: bytes[tokens[start].start..<tokens[position - 1].end], as: UTF8.self))
    }
    return make(first, second)
  }

  /// Whether a sign comes next that nobody means as an argument: `\frac{a} = b` lacks one.
  private func isOperatorNext(_ end: Int) -> Bool {
    var at = position
    while at < end, tokens[at].kind == .space { at += 1 }
    guard at < end, tokens[at].kind == .character else { return false }
    switch tokens[at].text {
    case "=", "+", "<", ">", ")", "]", ",", ";", ":", ".": return true
    default: return false
    }
  }

  /// The command alone as source; reading continues after it.
  mutating func sourceOnly(_ start: Int) -> MathNode {
    position = start + 1
    return sourceOnlyKeepingPosition(start)
  }

  func sourceOnlyKeepingPosition(_ start: Int) -> MathNode {
    .source(String(decoding: bytes[tokens[start].start..<tokens[start].end], as: UTF8.self))
  }

  private mutating func generalFraction(_ start: Int, _ end: Int) -> MathNode {
    guard let left = argument(end), let right = argument(end), let bar = rawGroup(end), rawGroup(end) != nil,
      let above = argument(end), let below = argument(end)
    else {
      position = start + 1
      return sourcePiece(from: start, end)
    }
    let opening = Self.bracket(left)
    let closing = Self.bracket(right)
    let hasBar = !bar.hasPrefix("0")
    if !hasBar, opening == "(", closing == ")" { return .binomial(above, below) }
    let body: MathNode =
      hasBar ? .fraction(above, below) : .matrix(MathMatrix(kind: .matrix, rows: [[above], [below]]))
    return opening.isEmpty && closing.isEmpty ? body : Brackets.fence(opening, body, closing)
  }

  private static func bracket(_ node: MathNode) -> String {
    if case .symbol(let sign, _) = node { return sign == "." ? "" : sign }
    return ""
  }

  private mutating func root(_ name: String, _ start: Int, _ end: Int) -> MathNode {
    if name == "root" {
      // \root n \of x
      var at = position
      while at < end, at - position < 40, !(tokens[at].kind == .command && tokens[at].text == "of") { at += 1 }
      if at < end, at - position < 40 {
        let index = row(to: at)
        position = at + 1
        return one(start, end) { .root(index: index, $0) }
      }
    }
    let range = optional(end)
    let index = range.map { row($0) }
    guard let body = argument(end) else { return sourceOnly(start) }
    if let index, index.shownItems.isEmpty || index == .number("2") { return .root(index: nil, body) }
    return .root(index: index, body)
  }

  private mutating func accented(_ accent: MathAccent, _ start: Int, _ end: Int) -> MathNode {
    guard let body = argument(end) else { return sourceOnly(start) }
    if accent == .underline || accent == .overline, Self.isBlank(body) {
      return .text("____")
    }
    return .accent(accent, body, label: nil)
  }

  private static func isBlank(_ node: MathNode) -> Bool {
    switch node {
    case .space: return true
    case .text(let words): return words.allSatisfy { $0 == " " }
    case .row(let list): return list.allSatisfy { isBlank($0) }
    default: return false
    }
  }

  /// `\overset{a}{=}` is a script of the sign; over a letter it is set over it.
  private mutating func stacked(_ start: Int, _ end: Int, over: Bool) -> MathNode {
    two(start, end) { mark, base in
      let shown = base.shownItems
      if over, mark.shownItems.count == 1, let accent = Self.accentSign(mark.shownItems[0]) {
        return .accent(accent, base, label: nil)
      }
      if shown.count == 1 {
        switch shown[0] {
        case .symbol(_, .relation), .symbol(_, .binary), .bigOperator, .function:
          return .script(shown[0], sub: over ? nil : mark, sup: over ? mark : nil, limits: true)
        case .script(let inner, let sub, nil, true) where over:
          return .script(inner, sub: sub, sup: mark, limits: true)
        case .script(let inner, nil, let sup, true) where !over:
          return .script(inner, sub: mark, sup: sup, limits: true)
        default: break
        }
      }
      return .stack(base, over: over ? mark : nil, under: over ? nil : mark)
    }
  }

  private static func accentSign(_ mark: MathNode) -> MathAccent? {
    guard case .symbol(let sign, _) = mark else { return nil }
    switch sign {
    case "⌢": return .arc
    case "→", "⟶": return .overrightarrow
    case "↔", "⟷": return .overleftrightarrow
    default: return nil
    }
  }

  private mutating func stackedBoth(_ start: Int, _ end: Int) -> MathNode {
    guard let over = argument(end), let under = argument(end), let base = argument(end) else {
      position = start + 1
      return sourcePiece(from: start, end)
    }
    return .stack(base, over: over, under: under)
  }

  private mutating func sideset(_ start: Int, _ end: Int) -> MathNode {
    guard let left = argument(end), let right = argument(end) else {
      position = start + 1
      return sourcePiece(from: start, end)
    }
    skipSpaces(end)
    guard position < end, tokens[position].kind == .command else { return .row([left, right]) }
    let sign = nucleus(end)
    if left == .empty, case .script(.row([]), let sub, let sup, _) = right {
      return .script(sign, sub: sub, sup: sup, limits: false)
    }
    return .row([left, sign, right])
  }

  private mutating func negated(_ start: Int, _ end: Int) -> MathNode {
    guard let body = argument(end) else { return sourceOnly(start) }
    let shown = body.shownItems
    if shown.count == 1, case .symbol(let sign, let kind) = shown[0] {
      if let known = Symbols.negated[sign] { return .symbol(known, .relation) }
      return .symbol(sign + "\u{338}", kind)
    }
    if shown.count == 1, case .letter(let letter, _) = shown[0] { return .symbol(letter + "\u{338}", .ordinary) }
    return .row([sourceOnlyKeepingPosition(start), body])
  }

  private mutating func operatorName(_ name: String, _ start: Int, _ end: Int) -> MathNode {
    guard let body = argument(end) else { return sourceOnly(start) }
    var words = ""
    for item in body.items {
      switch item {
      case .letter(let letter, _): words += letter
      case .number(let digits): words += digits
      case .space(let columns): if columns > 0, !words.isEmpty { words += " " }
      case .text(let text): words += text
      case .symbol("−", _): words += "-"
      case .function(let inner, _): words += inner
      default:
        return body
      }
    }
    let trimmed = MathString.trimmed(words)
    if trimmed.isEmpty { return .space(0) }
    let node = MathNode.function(trimmed, limits: name != "operatorname")
    return limitsSwitch(trimmed, node, end)
  }

  private mutating func phantom(_ name: String, _ start: Int, _ end: Int) -> MathNode {
    guard let body = argument(end) else { return sourceOnly(start) }
    if name == "vphantom" { return .space(0) }
    return .space(min(20, LinearPrinter.string(body, ascii: false).count))
  }

  private mutating func substack(_ start: Int, _ end: Int) -> MathNode {
    skipSpaces(end)
    guard let close = groupEnd(end) else { return sourceOnly(start) }
    let rows = cells(from: position + 1, to: close).rows
    position = close + 1
    return .matrix(MathMatrix(kind: .gathered, rows: rows))
  }

  private mutating func dropped(_ name: String, _ start: Int, _ end: Int) -> MathNode {
    switch name {
    case "kern", "mkern", "mskip", "hskip", "vskip":
      // A length without braces: 3mu, -0.5em.
      skipSpaces(end)
      while position < end, tokens[position].kind == .character, let c = tokens[position].text.first,
        c.isNumber || c == "." || c == "-"
      {
        position += 1
      }
      var letters = 0
      while position < end, letters < 2, tokens[position].kind == .character,
        let c = tokens[position].text.first, c.isLetter
      {
        position += 1
        letters += 1
      }
      return .space(0)
    case "def", "gdef":
      // \def\name#1{…}: up to its body. A definition prints nothing.
      while position < end, tokens[position].kind != .open, position - start < 20 { position += 1 }
      return rawGroup(end) == nil ? sourceOnly(start) : .space(0)
    case "renewcommand", "newcommand", "providecommand", "DeclareMathOperator", "DeclareMathOperator*", "setlength",
      "addtolength":
      skipSpaces(end)
      if position < end, tokens[position].kind == .command { position += 1 } else { _ = rawGroup(end) }
      _ = optional(end)
      _ = optional(end)
      _ = rawGroup(end)
      return .space(0)
    case "rule":
      _ = optional(end)
      _ = rawGroup(end)
      _ = rawGroup(end)
      return .text("____")
    case "raisebox", "rotatebox", "scalebox":
      _ = rawGroup(end)
      return one(start, end) { $0 }
    case "resizebox":
      _ = rawGroup(end)
      _ = rawGroup(end)
      return one(start, end) { $0 }
    default:
      let before = position
      _ = optional(end)
      if let length = rawGroup(end) {
        return name.hasPrefix("hspace") ? .space(length.hasPrefix("-") ? 0 : 1) : .space(0)
      }
      position = before
      return name == "arraycolsep" ? .space(0) : sourceOnly(start)
    }
  }

  private mutating func coloured(_ name: String, _ start: Int, _ end: Int) -> MathNode {
    _ = optional(end)
    guard rawGroup(end) != nil else { return sourceOnly(start) }
    if name == "fcolorbox" { _ = rawGroup(end) }
    return name == "textcolor" ? one(start, end) { $0 } : words(start, end) { $0 }
  }

  private mutating func extensibleArrow(_ name: String, _ start: Int, _ end: Int) -> MathNode {
    let below = optional(end).map { row($0) }
    guard let above = argument(end) else { return sourceOnly(start) }
    let signs = [
      "xleftarrow": "←", "xRightarrow": "⇒", "xLeftarrow": "⇐", "xleftrightarrow": "↔", "xLeftrightarrow": "⇔",
      "xmapsto": "↦", "xlongequal": "=", "xhookrightarrow": "↪", "xrightleftharpoons": "⇌",
    ]
    let arrow = MathNode.symbol(signs[name] ?? "→", .relation)
    let over = above.shownItems.isEmpty ? nil : above
    if over == nil, below == nil { return arrow }
    return .script(arrow, sub: below, sup: over, limits: true)
  }

  /// `\big(` and `\middle|`: the bracket itself.
  private mutating func sized(_ start: Int, _ end: Int) -> MathNode {
    skipSpaces(end)
    guard position < end else { return sourceOnly(start) }
    let token = tokens[position]
    var sign: String?
    if token.kind == .command { sign = Delimiters.commands[token.text] }
    if token.kind == .character { sign = Delimiters.characters[token.text] }
    guard let sign else { return .space(0) }
    position += 1
    return symbol(sign)
  }

  private mutating func prescript(_ start: Int, _ end: Int) -> MathNode {
    guard let sup = argument(end), let sub = argument(end), let base = argument(end) else {
      position = start + 1
      return sourcePiece(from: start, end)
    }
    let before = MathNode.script(
      .empty, sub: sub.shownItems.isEmpty ? nil : sub, sup: sup.shownItems.isEmpty ? nil : sup, limits: false)
    return .row([before, base])
  }

  private mutating func multicolumn(_ start: Int, _ end: Int) -> MathNode {
    guard rawGroup(end) != nil, rawGroup(end) != nil else { return sourceOnly(start) }
    return one(start, end) { $0 }
  }

  private mutating func bracketed(_ name: String, _ start: Int, _ end: Int) -> MathNode {
    let signs: [String: (String, String)] = [
      "bra": ("⟨", "|"), "ket": ("|", "⟩"), "braket": ("⟨", "⟩"), "abs": ("|", "|"), "norm": ("‖", "‖"),
      "floor": ("⌊", "⌋"), "ceil": ("⌈", "⌉"), "set": ("{", "}"), "Set": ("{", "}"), "paren": ("(", ")"),
    ]
    if position < end, tokens[position].kind == .open, let sign = signs[name] {
      return one(start, end) { .fence(sign.0, $0, sign.1) }
    }
    return sourceOnly(start)
  }
}
