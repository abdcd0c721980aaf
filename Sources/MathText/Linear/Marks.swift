/// Accents in the line: marks that combine with every character of what they cover (x̂, A̅B̅, A⃗B⃗, 0.3̇).
///
/// Lines (over, under, through) go over whatever stands on the line; other marks go over letters, digits and their
/// scripts only. Anything else with an accent is put in parentheses with the accent as a superscript, as AMS-LaTeX writes wide
/// accents (`\sphat`); a brace follows the parentheses: (1+1)⏟ₙ.
enum Marks {
  /// The mark of an accent over more than one letter.
  private static let marks: [MathAccent: Unicode.Scalar] = [
    .hat: "\u{302}", .check: "\u{30C}", .tilde: "\u{303}", .acute: "\u{301}", .grave: "\u{300}", .dot: "\u{307}",
    .ddot: "\u{308}", .dddot: "\u{20DB}", .breve: "\u{306}", .ring: "\u{30A}", .overline: "\u{305}",
    .underline: "\u{332}", .vec: "\u{20D7}", .overrightarrow: "\u{20D7}", .overleftarrow: "\u{20D6}",
    .overleftrightarrow: "\u{20E1}", .underrightarrow: "\u{20EF}", .underleftarrow: "\u{20EE}", .arc: "\u{311}",
    .overparen: "\u{311}", .cancel: "\u{336}",
  ]
  /// Over one letter a short line looks better.
  private static let macron: Unicode.Scalar = "\u{304}"

  /// What a mark means; arrows to the right are one accent, whoever wrote them.
  private static let accents: [Unicode.Scalar: MathAccent] = {
    var table = Dictionary(marks.map { ($1, $0) }, uniquingKeysWith: { $0.rawValue < $1.rawValue ? $0 : $1 })
    table[macron] = .overline
    return table
  }()

  static func accent(of mark: Unicode.Scalar) -> MathAccent? { accents[mark] }

  /// Signs that stand as a script where no mark can.
  static func sign(_ accent: MathAccent) -> (text: String, isBelow: Bool) {
    switch accent {
    case .hat: ("∧", false)
    case .check: ("∨", false)
    case .tilde: ("∼", false)
    case .acute: ("´", false)
    case .grave: ("`", false)
    case .dot: ("·", false)
    case .ddot: ("¨", false)
    case .dddot: ("⋯", false)
    case .breve: ("˘", false)
    case .ring: ("˚", false)
    case .overline: ("‾", false)
    case .underline: ("‾", true)
    case .vec, .overrightarrow: ("→", false)
    case .overleftarrow: ("←", false)
    case .overleftrightarrow: ("↔", false)
    case .underrightarrow: ("→", true)
    case .underleftarrow: ("←", true)
    case .arc, .overparen: ("⌢", false)
    case .cancel: ("╱", false)
    case .overbrace: ("⏞", false)
    case .underbrace: ("⏟", true)
    case .underparen: ("⏝", true)
    case .overbracket: ("⎴", false)
    case .underbracket: ("⎵", true)
    }
  }

  /// Braces follow what they cover and carry its label.
  static func isBrace(_ accent: MathAccent) -> Bool {
    switch accent {
    case .overbrace, .underbrace, .underparen, .overbracket, .underbracket: true
    default: false
    }
  }

  private static func isLine(_ accent: MathAccent) -> Bool {
    accent == .overline || accent == .underline || accent == .cancel
  }

  // MARK: Writing

  /// The accent with what it covers, every character marked, and the mark; `nil` where it takes brackets.
  static func marked(_ accent: MathAccent, _ body: MathNode) -> (text: String, mark: Unicode.Scalar)? {
    guard var mark = marks[accent] else { return nil }
    // Looked at before it is written out: accents inside accents would otherwise be written many times over.
    var budget = 60
    guard fits(body, &budget, accents: 1) else { return nil }
    let text = LinearPrinter.string(body, ascii: false, tight: true)
    guard !text.isEmpty, text.utf8.count < 500 else { return nil }
    if accent == .overline, text.count == 1, text.first?.isLetter ?? false { mark = macron }
    var result = String.UnicodeScalarView()
    for c in text {
      let scalars = c.unicodeScalars
      let isFree = scalars.count == 1 || scalars.count == 2 && trailing(c) != nil
      guard isFree, isLine(accent) || c.isLetter || c.isNumber || isScript(c) else { return nil }
      result.append(contentsOf: scalars)
      result.append(mark)
    }
    return (String(result), mark)
  }

  private static func isScript(_ c: Character) -> Bool {
    Scripts.raised[c] != nil || Scripts.lowered[c] != nil || c == "′" || c == "″" || c == "‴"
  }

  private static func fits(_ node: MathNode, _ budget: inout Int, accents: Int) -> Bool {
    budget -= 1
    if budget < 0 { return false }
    switch node {
    case .source, .matrix, .stack, .boxed, .tag, .accent(_, _, .some): return false
    case .accent(let accent, let body, nil):
      return accents > 0 && marks[accent] != nil && fits(body, &budget, accents: accents - 1)
    default:
      for child in node.children where !fits(child, &budget, accents: accents) { return false }
      return true
    }
  }

  /// The mark with which a node begins or ends on the line: neighbours with the same mark would read as one.
  static func mark(_ node: MathNode, at side: Edge.Side) -> Unicode.Scalar? {
    switch node {
    case .accent(let accent, let body, nil): return marked(accent, body)?.mark
    case .letter(let text, _), .symbol(let text, _), .text(let text):
      if text.utf8.count < 3 { return nil }
      return (side == .left ? text.first : text.last).flatMap(trailing)
    case .row(let list): return (side == .left ? list.first : list.last).flatMap { mark($0, at: side) }
    case .script(let base, _, _, _) where side == .left: return mark(base, at: side)
    case .fence(let left, let body, let right):
      return (side == .left ? left : right).isEmpty ? mark(body, at: side) : nil
    default: return nil
    }
  }

  // MARK: Reading

  /// The accent that a character carries on the outside.
  static func trailing(_ c: Character) -> Unicode.Scalar? {
    if c.utf8.count < 3 { return nil }
    let scalars = c.unicodeScalars
    guard let last = scalars.last, last.value >= 0x300, accents[last] != nil, (2...5).contains(scalars.count) else {
      return nil
    }
    return last
  }

  /// The character without its outermost mark.
  static func dropping(_ c: Character) -> Character {
    Character(String(String.UnicodeScalarView(c.unicodeScalars.dropLast())))
  }
}
