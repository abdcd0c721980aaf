/// The tables, built once from `SymbolData`.
enum Symbols {
  /// Commands that are one sign.
  static let commands: [String: MathNode] = {
    var table: [String: MathNode] = [:]
    for (name, sign) in pairs(SymbolData.relations) { table[name] = .symbol(sign, .relation) }
    for (name, sign) in pairs(SymbolData.binaries) { table[name] = .symbol(sign, .binary) }
    for (name, sign) in pairs(SymbolData.ordinaries) { table[name] = .symbol(sign, .ordinary) }
    for (name, sign) in pairs(SymbolData.prefixes) { table[name] = .symbol(sign, .prefix) }
    for (name, sign) in pairs(SymbolData.bigOperators) { table[name] = .bigOperator(sign, limits: true) }
    for (name, sign) in pairs(SymbolData.integrals) { table[name] = .bigOperator(sign, limits: false) }
    for (name, sign) in pairs(SymbolData.greek) { table[name] = .letter(sign, .plain) }
    for name in ["ell", "Re", "Im", "aleph", "beth", "gimel", "daleth", "imath", "jmath", "hbar", "hslash"] {
      if case .symbol(let sign, _)? = table[name] { table[name] = .letter(sign, .plain) }
    }
    for name in functions { table[name] = .function(name, limits: false) }
    for name in limitFunctions { table[name] = .function(name, limits: true) }
    table["limsup"] = .function("lim sup", limits: true)
    table["liminf"] = .function("lim inf", limits: true)
    table["varlimsup"] = .function("lim sup", limits: true)
    table["varliminf"] = .function("lim inf", limits: true)
    table["injlim"] = .function("inj lim", limits: true)
    table["projlim"] = .function("proj lim", limits: true)
    table["degree"] = .symbol("°", .postfix)
    table["textdegree"] = .symbol("°", .postfix)
    table["colon"] = .symbol(":", .punctuation)
    table["longequal"] = .symbol("=", .relation)
    table["textquoteright"] = .symbol("’", .ordinary)
    for (name, sign) in ["lparen": "(", "lbrace": "{", "lbrack": "[", "langle": "⟨", "lfloor": "⌊", "lceil": "⌈"] {
      table[name] = .symbol(sign, .open)
    }
    for (name, sign) in ["rparen": ")", "rbrace": "}", "rbrack": "]", "rangle": "⟩", "rfloor": "⌋", "rceil": "⌉"] {
      table[name] = .symbol(sign, .close)
    }
    for (name, sign) in ["ulcorner": "⌜", "llcorner": "⌞"] { table[name] = .symbol(sign, .open) }
    for (name, sign) in ["urcorner": "⌝", "lrcorner": "⌟"] { table[name] = .symbol(sign, .close) }
    for (names, sign) in [
      ("N natnums", "ℕ"), ("Z Zeta integers", "ℤ"), ("Q rationals", "ℚ"), ("R reals Reals", "ℝ"),
      ("Complex cnums", "ℂ"),
    ] {
      for name in names.split(separator: " ") { table[String(name)] = .letter(sign, .doubleStruck) }
    }
    table["llbracket"] = .symbol("⟦", .open)
    table["rrbracket"] = .symbol("⟧", .close)
    table["lgroup"] = .symbol("(", .open)
    table["rgroup"] = .symbol(")", .close)
    table["lang"] = .symbol("⟨", .open)
    table["rang"] = .symbol("⟩", .close)
    for name in ["lvert", "rvert", "vert"] { table[name] = .symbol("|", .bar) }
    for name in ["lVert", "rVert", "Vert", "|"] { table[name] = .symbol("‖", .bar) }
    return table
  }()

  /// Upright names with scripts beside them.
  static let functions: [String] = [
    "sin", "cos", "tan", "cot", "sec", "csc", "cosec", "sinh", "cosh", "tanh", "coth", "sech", "csch", "arcsin",
    "arccos", "arctan", "arccot", "arcsec", "arccsc", "arsinh", "arcosh", "artanh", "log", "ln", "lg", "exp", "arg",
    "deg", "dim", "hom", "ker", "tg", "ctg", "cotg", "arctg", "arcctg", "sgn", "sign", "ord", "lcm", "rank", "tr",
    "sh", "ch", "th", "cth", "Tr", "Pr", "Var", "Cov", "erf", "diag", "span", "Res", "Arg", "cosech",
  ]
  /// Upright names with scripts above and below in a display.
  static let limitFunctions: [String] = [
    "lim", "max", "min", "sup", "inf", "det", "gcd", "argmax", "argmin", "Pr", "plim",
  ]
  static let limitFunctionNames = Set(limitFunctions)
  /// All names a reader takes for a function.
  static let functionNames: Set<String> = Set(functions + limitFunctions)

  /// What each sign is when it stands alone, wherever it came from.
  static let kinds: [String: SymbolKind] = {
    var table: [String: SymbolKind] = [:]
    for (_, sign) in pairs(SymbolData.ordinaries) { table[sign] = .ordinary }
    for (_, sign) in pairs(SymbolData.prefixes) { table[sign] = .prefix }
    for (_, sign) in pairs(SymbolData.binaries) { table[sign] = .binary }
    for (_, sign) in pairs(SymbolData.relations) { table[sign] = .relation }
    for sign in ["+", "−", "*", "×", "·", "÷", "±", "∓", "⋅", "∗", "✕", "⨯"] { table[sign] = .binary }
    for sign in ["=", "<", ">", ":", "≪", ":=", "→", "←", "⟶", "∼", "≅", "⩽", "⩾", "⇐"] { table[sign] = .relation }
    for sign in ["(", "[", "{", "⟨", "⌊", "⌈", "⟦", "⌜", "⌞"] { table[sign] = .open }
    for sign in [")", "]", "}", "⟩", "⌋", "⌉", "⟧", "⌝", "⌟"] { table[sign] = .close }
    for sign in ["|", "‖", "∣"] { table[sign] = .bar }
    for sign in [",", ";"] { table[sign] = .punctuation }
    for sign in ["!", "%", "°", "′", "″", "‴", "‰"] { table[sign] = .postfix }
    for sign in ["$", "‾", "⌒", "⤺", "€", "£", "¬", "∆"] { table[sign] = .prefix }
    for sign in ["△", "◯", "\\", "⊤"] { table[sign] = .ordinary }
    table["/"] = .slash
    return table
  }()

  static func kind(of sign: String) -> SymbolKind { kinds[sign] ?? .ordinary }

  /// Words for signs, for terminals with ASCII only.
  static let ascii: [Character: String] = {
    var table: [Character: String] = [:]
    for (sign, words) in pairs(SymbolData.ascii) {
      if sign.count == 1, let c = sign.first { table[c] = words }
    }
    for (plain, raised) in Scripts.superscript { table[raised] = "^" + String(plain) }
    for (plain, lowered) in Scripts.subscript_ { table[lowered] = "_" + String(plain) }
    for (plain, struck) in Fonts.doubleStruckSpecial { table[struck] = String(plain) }
    return table
  }()

  /// Signs that `\not` has a sign of its own for.
  static let negated: [String: String] = [
    "=": "≠", "∈": "∉", "≡": "≢", "∼": "≁", "≈": "≉", "<": "≮", ">": "≯", "≤": "≰", "≥": "≱", "⊂": "⊄", "⊃": "⊅",
    "⊆": "⊈", "⊇": "⊉", "|": "∤", "∣": "∤", "∥": "∦", "≅": "≇", "∋": "∌", "∃": "∄", "⊢": "⊬", "⊨": "⊭", "→": "↛",
    "←": "↚", "↔": "↮", "⇒": "⇏", "⇐": "⇍", "⇔": "⇎", "≃": "≄", "≺": "⊀", "≻": "⊁", "⊲": "⋪", "⊳": "⋫", "⟹": "⇏",
    "⟺": "⇎",
  ]

  /// Brackets that close what another opens. Half-open intervals pair round with square ones.
  static func pairs(_ open: String, with close: String) -> Bool {
    switch open {
    case "(", "[": return close == ")" || close == "]"
    case "{": return close == "}"
    case "⟨": return close == "⟩"
    case "⌊": return close == "⌋"
    case "⌈": return close == "⌉"
    case "⟦": return close == "⟧"
    case "⌜": return close == "⌝"
    case "⌞": return close == "⌟"
    default: return false
    }
  }

  private static func pairs(_ data: String) -> [(String, String)] {
    data.split(separator: ";").compactMap { entry in
      let words = entry.split(whereSeparator: { $0 == " " || $0 == "\n" })
      guard let first = words.first, words.count > 1 else { return nil }
      return (String(first), words.dropFirst().joined(separator: " "))
    }
  }
}
