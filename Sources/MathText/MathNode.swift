/// What a symbol does in a row: it decides the blanks around it and where a line may break.
public enum SymbolKind: Sendable, Hashable {
  /// Stands like a variable: ∞, ∅, △, …
  case ordinary
  /// Joins what stands on both sides: + − × ∪.
  case binary
  /// States something about both sides: = ≤ ∈ → ⇒.
  case relation
  /// An opening bracket that was not matched.
  case open
  /// A closing bracket that was not matched.
  case close
  /// A vertical bar, of which nobody can say whether it opens or closes.
  case bar
  /// Comma, semicolon, colon as in `f: A`.
  case punctuation
  /// Binds to what follows: ∠ ∂ ∇ ¬ $.
  case prefix
  /// Binds to what precedes: ! % °.
  case postfix
  /// Division written in the line.
  case slash
}

/// The font a letter was written in; a role in the output, and a letter of its own only where two fonts would clash.
public enum MathFont: UInt8, Sendable, Hashable {
  case plain, bold, calligraphic, fraktur, sans, mono, roman, doubleStruck
}

/// What is drawn above or below an expression.
public enum MathAccent: String, Sendable, Hashable {
  case hat, check, tilde, acute, grave, dot, ddot, dddot, breve, ring, vec
  case overline, underline, arc
  case overrightarrow, overleftarrow, overleftrightarrow, underrightarrow, underleftarrow
  case overbrace, underbrace, overparen, underparen, overbracket, underbracket
  case cancel
}

/// A grid: matrices, cases, arrays, aligned rows.
public struct MathMatrix: Sendable, Hashable {
  /// What kind of grid.
  public enum Kind: Sendable, Hashable {
    /// A matrix or array with its own brackets, which may be empty.
    case matrix
    /// A brace on the left, cases on the right of it.
    case cases
    /// Cases with the brace on the right.
    case reversedCases
    /// Rows aligned at `&`, columns alternating right and left.
    case aligned
    /// Rows centred.
    case gathered
  }
  /// Where the cells of a column stand.
  public enum Alignment: Sendable, Hashable {
    case left, centre, right
  }

  /// The kind of grid.
  public var kind: Kind
  /// The opening bracket, or nothing.
  public var left = ""
  /// The closing bracket, or nothing.
  public var right = ""
  /// Rows of cells; rows may have different lengths.
  public var rows: [[MathNode]]
  /// Alignment per column; columns beyond are centred.
  public var alignments: [Alignment] = []
  /// Columns with a vertical rule before them.
  public var bars: Set<Int> = []
  /// Rows with a horizontal rule before them; the number of rows for one below the last.
  public var rules: Set<Int> = []
  /// Rules before a row over some of the columns only.
  public var partialRules: [Int: [ClosedRange<Int>]] = [:]

  var hasBarAtLeft: Bool { kind == .matrix && bars.contains(0) }
  var hasBarAtRight: Bool { kind == .matrix && !alignments.isEmpty && bars.contains(alignments.count) }

  /// Rows that read one after the other, without brackets of their own.
  var isStackOfRows: Bool { kind == .aligned || kind == .gathered }

  /// Whether each `&` only says where the rows meet, so that it does not show when the row stands on a line: before or
  /// after a relation, and in the middle of each pair of columns of an aligned environment.
  private func joins(_ row: [MathNode], before column: Int) -> Bool {
    if kind == .aligned, alignments.isEmpty { return !column.isMultiple(of: 2) }
    return kind == .gathered || kind == .aligned || Self.isRelation(row[column].shownItems.first)
      || Self.isRelation(row[column - 1].shownItems.last)
  }

  /// A row as it reads on a line: cells that belong together joined, so that the rest can be set apart by commas.
  func joined(_ row: [MathNode]) -> [MathNode] {
    guard kind != .matrix else { return row }
    var result: [MathNode] = []
    for (column, cell) in row.enumerated() {
      if column > 0, let last = result.last, joins(row, before: column) {
        result[result.count - 1] = .row(last.items + cell.items)
      } else {
        result.append(cell)
      }
    }
    // Empty columns only make room.
    return isStackOfRows && result.count > 1 ? result.filter { !$0.shownItems.isEmpty } : result
  }

  /// Whether no row shows the `&` before a column when it stands on a line.
  func joinsAll(before column: Int) -> Bool {
    kind != .matrix && rows.allSatisfy { $0.count <= column || joins($0, before: column) }
  }

  /// Whether an array is used to align equations: in some column every row begins with a relation or is one.
  var alignsRelations: Bool {
    guard bars.isEmpty, rules.isEmpty, partialRules.isEmpty else { return false }
    let full = rows.filter { $0.count > 1 }
    guard let width = full.map(\.count).min() else { return false }
    return (1..<width).contains { column in full.allSatisfy { Self.isRelation($0[column].shownItems.first) } }
  }

  private static func isRelation(_ node: MathNode?) -> Bool {
    switch node {
    case .symbol(_, .relation)?, .script(.symbol(_, .relation), _, _, _)?: true
    default: false
    }
  }
}

/// A formula as a tree.
public indirect enum MathNode: Sendable, Hashable {
  /// One after the other.
  case row([MathNode])
  /// Digits, perhaps with a decimal point.
  case number(String)
  /// One letter, as it is shown.
  case letter(String, MathFont)
  /// Any other sign.
  case symbol(String, SymbolKind)
  /// ∑ ∏ ∫ …; `limits`: whether they are set above and below in a display.
  case bigOperator(String, limits: Bool)
  /// A named function: sin, log, lim.
  case function(String, limits: Bool)
  case text(String)
  /// Empty columns.
  case space(Int)
  /// A fraction with a bar.
  case fraction(MathNode, MathNode)
  /// n choose k.
  case binomial(MathNode, MathNode)
  /// A root, with its index when that is not two.
  case root(index: MathNode?, MathNode)
  /// Subscript and superscript; primes lead the superscript. An empty row as base: a script before its letter.
  case script(MathNode, sub: MathNode?, sup: MathNode?, limits: Bool)
  /// Brackets around an expression; an empty string is a bracket not shown.
  case fence(String, MathNode, String)
  /// Something above or below, perhaps labelled.
  case accent(MathAccent, MathNode, label: MathNode?)
  /// An expression set over or under another.
  case stack(MathNode, over: MathNode?, under: MathNode?)
  case matrix(MathMatrix)
  /// A framed result.
  case boxed(MathNode)
  /// `(mod n)`.
  case modulus(MathNode)
  /// A number of an equation.
  case tag(MathNode)
  /// What could not be read, as it was written.
  case source(String)

  /// Nothing.
  public static let empty = MathNode.row([])

  /// The node of a list: the only one itself, or a row.
  static func of(_ items: [MathNode]) -> MathNode {
    items.count == 1 ? items[0] : .row(items)
  }

  /// The members of a row, rows inside rows spliced; anything else as a list of one.
  var items: [MathNode] {
    guard case .row(let list) = self else { return [self] }
    var nested = false
    for item in list {
      if case .row = item {
        nested = true
        break
      }
    }
    if !nested { return list }
    var result: [MathNode] = []
    for item in list { result.append(contentsOf: item.items) }
    return result
  }

  /// The members that show, without spaces.
  var shownItems: [MathNode] {
    items.filter { if case .space = $0 { false } else { true } }
  }

  var children: [MathNode] {
    switch self {
    case .row(let list): return list
    case .number, .letter, .symbol, .bigOperator, .function, .text, .space, .source: return []
    case .fraction(let a, let b), .binomial(let a, let b): return [a, b]
    case .root(let index, let body): return (index.map { [$0] } ?? []) + [body]
    case .script(let base, let sub, let sup, _):
      return [base] + (sub.map { [$0] } ?? []) + (sup.map { [$0] } ?? [])
    case .fence(_, let body, _), .boxed(let body), .modulus(let body), .tag(let body): return [body]
    case .accent(_, let body, let label): return [body] + (label.map { [$0] } ?? [])
    case .stack(let base, let over, let under):
      return [base] + (over.map { [$0] } ?? []) + (under.map { [$0] } ?? [])
    case .matrix(let matrix): return matrix.rows.flatMap { $0 }
    }
  }

  /// Whether nothing of it had to be left as source.
  public var isFullyRendered: Bool {
    if case .source = self { return false }
    for child in children where !child.isFullyRendered { return false }
    return true
  }

  /// The pieces left as source.
  public var sourcePieces: [String] {
    if case .source(let piece) = self { return [piece] }
    return children.flatMap(\.sourcePieces)
  }
}
