extension LatexParser {
  static let accents: [String: MathAccent] = [
    "hat": .hat, "widehat": .hat, "check": .check, "widecheck": .check, "tilde": .tilde, "widetilde": .tilde,
    "acute": .acute, "grave": .grave, "dot": .dot, "ddot": .ddot, "dddot": .dddot, "breve": .breve,
    "mathring": .ring, "vec": .vec, "bar": .overline, "overline": .overline, "underline": .underline,
    "uline": .underline, "overarc": .arc, "wideparen": .arc, "overparen": .arc, "widearc": .arc, "arc": .arc,
    "overrightarrow": .overrightarrow, "overleftarrow": .overleftarrow,
    "overleftrightarrow": .overleftrightarrow, "Overrightarrow": .overrightarrow,
    "underrightarrow": .underrightarrow, "underleftarrow": .underleftarrow, "overbrace": .overbrace,
    "underbrace": .underbrace, "overbracket": .overbracket, "underbracket": .underbracket,
    "underparen": .underparen,
  ]

  /// Columns of the spacing commands.
  static let spaces: [String: Int] = [
    " ": 1, ",": 1, ":": 1, ";": 1, ">": 1, "!": 0, "quad": 2, "qquad": 4, "enspace": 1, "thinspace": 1,
    "medspace": 1, "thickspace": 1, "negthinspace": 0, "negmedspace": 0, "negthickspace": 0, "hfill": 1, "hfil": 1,
    "space": 1, "nobreakspace": 1, "enskip": 1, "\n": 1, "\t": 1, "\r": 1, "hss": 0, "dotfill": 1, "par": 1,
    "bigskip": 1, "medskip": 1, "smallskip": 1,
  ]

  /// Commands without a meaning on a grid of characters.
  static let ignored: Set<String> = [
    "displaystyle", "textstyle", "scriptstyle", "scriptscriptstyle", "limits", "nolimits", "displaylimits",
    "nonumber", "notag", "allowbreak", "nobreak", "relax", "hline", "toprule", "midrule", "bottomrule", "centering",
    "raggedright", "noindent", "strut", "mathsurround", "left.", "right.", "normalsize", "small", "large", "Large",
    "LARGE", "huge", "Huge", "tiny", "scriptsize", "footnotesize", "allowdisplaybreaks", "protect", "null", "empty",
    "rm", "bf", "it", "sf", "tt", "cal", "sl", "mit", "boldmath", "unboldmath", "rmfamily", "bfseries", "itshape",
    "upshape", "mathrm*", "linebreak", "nolinebreak", "goodbreak", "break", "hfuzz", "cdotp*", "leavevmode",
    "mathopen", "mathclose", "mathbin", "mathrel", "mathord", "mathpunct", "mathinner", "nonscript", "global",
    "ignorespaces", "normalfont", "em", "hrule", "vline", "hrulefill", "hdashline", "arraystretch",
  ]

  static let fonts: [String: MathFont] = [
    "mathbb": .doubleStruck, "Bbb": .doubleStruck, "mathbbm": .doubleStruck, "mathds": .doubleStruck,
    "mathbf": .bold, "boldsymbol": .bold, "bm": .bold, "bold": .bold, "pmb": .bold, "mathbold": .bold,
    "symbf": .bold, "mathcal": .calligraphic, "mathscr": .calligraphic, "mathfrak": .fraktur, "frak": .fraktur,
    "mathsf": .sans, "mathtt": .mono, "mathrm": .roman, "mathup": .roman, "mathit": .plain, "mathnormal": .plain,
    "symup": .roman, "text": .roman, "textrm": .roman, "textbf": .roman, "textit": .roman, "textsf": .roman,
    "texttt": .roman, "textnormal": .roman, "textup": .roman, "textsl": .roman, "textsc": .roman, "mbox": .roman,
    "emph": .roman, "intertext": .roman, "shortintertext": .roman, "textmd": .roman, "hbox": .roman,
    "text*": .roman, "textsuperscript": .roman, "textsubscript": .roman,
  ]

  /// A font command: words for the text family, letters for the others.
  mutating func fonted(_ font: MathFont, _ start: Int, _ end: Int) -> MathNode {
    let name = tokens[start].text
    if name == "textsuperscript" || name == "textsubscript" {
      let up = name == "textsuperscript"
      return words(start, end) { .script(.empty, sub: up ? nil : $0, sup: up ? $0 : nil, limits: false) }
    }
    let isText = font == .roman && name != "mathrm" && name != "mathup" && name != "symup"
    if isText { return words(start, end) { $0 } }
    guard let body = argument(end) else { return sourceOnly(start) }
    if font == .roman { return upright(body) }
    return restyled(body, font)
  }

  /// Letters written together upright are a word.
  private func upright(_ node: MathNode) -> MathNode {
    var result: [MathNode] = []
    var word = ""
    func flush() {
      if word.count == 1 { result.append(.letter(word, .plain)) }
      if word.count > 1 {
        result.append(Symbols.functionNames.contains(word) ? .function(word, limits: false) : .text(word))
      }
      word = ""
    }
    for item in node.items {
      switch item {
      case .letter(let letter, .plain): word += letter
      case .space(0): continue
      default:
        flush()
        result.append(item)
      }
    }
    flush()
    return MathNode.of(result)
  }

  private mutating func restyled(_ node: MathNode, _ font: MathFont) -> MathNode {
    if font == .plain { return node }
    usesFonts = true
    switch node {
    case .letter(let letter, .plain):
      if font == .doubleStruck { return .letter(Fonts.styled(letter, font) ?? letter, .plain) }
      return .letter(letter, font)
    case .number(let digits) where font == .doubleStruck:
      return .number(digits)
    case .row(let list): return .row(list.map { restyled($0, font) })
    case .script(let base, let sub, let sup, let limits):
      return .script(
        restyled(base, font), sub: sub.map { restyled($0, font) }, sup: sup.map { restyled($0, font) }, limits: limits)
    case .fence(let left, let body, let right): return .fence(left, restyled(body, font), right)
    case .fraction(let a, let b): return .fraction(restyled(a, font), restyled(b, font))
    case .accent(let accent, let body, let label): return .accent(accent, restyled(body, font), label: label)
    default: return node
    }
  }

  /// Letters that a formula uses in two fonts get the letter of the font; a lone bold or calligraphic letter stays
  /// plain, since terminals show it better and nothing is lost.
  static func separateFonts(_ node: MathNode) -> MathNode {
    var seen: [String: Set<MathFont>] = [:]
    collect(node, &seen)
    let clashing = Set(seen.filter { $0.value.count > 1 }.keys)
    return clashing.isEmpty ? node : replaced(node, clashing)
  }

  private static func collect(_ node: MathNode, _ seen: inout [String: Set<MathFont>]) {
    if case .letter(let letter, let font) = node { seen[letter, default: []].insert(font) }
    for child in node.children { collect(child, &seen) }
  }

  private static func replaced(_ node: MathNode, _ clashing: Set<String>) -> MathNode {
    func inner(_ node: MathNode) -> MathNode { replaced(node, clashing) }
    switch node {
    case .letter(let letter, let font):
      return clashing.contains(letter) ? .letter(Fonts.styled(letter, font) ?? letter, font) : node
    case .row(let list): return .row(list.map(inner))
    case .number, .symbol, .bigOperator, .function, .text, .space, .source: return node
    case .fraction(let a, let b): return .fraction(inner(a), inner(b))
    case .binomial(let a, let b): return .binomial(inner(a), inner(b))
    case .root(let index, let body): return .root(index: index.map(inner), inner(body))
    case .script(let base, let sub, let sup, let limits):
      return .script(inner(base), sub: sub.map(inner), sup: sup.map(inner), limits: limits)
    case .fence(let left, let body, let right): return .fence(left, inner(body), right)
    case .accent(let accent, let body, let label): return .accent(accent, inner(body), label: label.map(inner))
    case .stack(let base, let over, let under):
      return .stack(inner(base), over: over.map(inner), under: under.map(inner))
    case .matrix(var matrix):
      matrix.rows = matrix.rows.map { $0.map(inner) }
      return .matrix(matrix)
    case .boxed(let body): return .boxed(inner(body))
    case .modulus(let body): return .modulus(inner(body))
    case .tag(let body): return .tag(inner(body))
    }
  }
}
