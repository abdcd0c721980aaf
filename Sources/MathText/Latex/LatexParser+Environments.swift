extension LatexParser {
  static let environments: [String: MathMatrix] = {
    func grid(_ kind: MathMatrix.Kind, _ left: String = "", _ right: String = "") -> MathMatrix {
      MathMatrix(kind: kind, left: left, right: right, rows: [])
    }
    var table: [String: MathMatrix] = [
      "matrix": grid(.matrix), "smallmatrix": grid(.matrix), "array": grid(.matrix), "tabular": grid(.matrix),
      "darray": grid(.matrix), "subarray": grid(.gathered), "tabularx": grid(.matrix),
      "pmatrix": grid(.matrix, "(", ")"), "bmatrix": grid(.matrix, "[", "]"), "Bmatrix": grid(.matrix, "{", "}"),
      "vmatrix": grid(.matrix, "|", "|"), "Vmatrix": grid(.matrix, "‖", "‖"),
      "psmallmatrix": grid(.matrix, "(", ")"), "bsmallmatrix": grid(.matrix, "[", "]"),
      "vsmallmatrix": grid(.matrix, "|", "|"), "Bsmallmatrix": grid(.matrix, "{", "}"),
      "cases": grid(.cases), "dcases": grid(.cases), "numcases": grid(.cases), "drcases": grid(.reversedCases),
      "rcases": grid(.reversedCases), "aligned": grid(.aligned), "align": grid(.aligned), "split": grid(.aligned),
      "alignat": grid(.aligned), "alignedat": grid(.aligned), "flalign": grid(.aligned), "eqnarray": grid(.aligned),
      "eqsplit": grid(.aligned), "gather": grid(.gathered), "gathered": grid(.gathered), "multline": grid(.gathered),
      "multlined": grid(.gathered), "equation": grid(.gathered), "displaymath": grid(.gathered),
      "math": grid(.gathered), "subequations": grid(.gathered), "dmath": grid(.gathered), "center": grid(.gathered),
      "lgathered": grid(.gathered), "IEEEeqnarray": grid(.aligned), "empheq": grid(.aligned),
    ]
    for (name, matrix) in table { table[name + "*"] = matrix }
    return table
  }()

  /// Environments with an argument before their body.
  static let withArgument: Set<String> = [
    "array", "tabular", "darray", "alignat", "alignedat", "alignat*", "subarray", "IEEEeqnarray", "numcases",
    "empheq", "tabularx",
  ]

  /// The environment whose `\begin` is at `start` and whose `\end` is at `end`.
  mutating func environment(_ name: String, _ start: Int, _ end: Int) -> MathNode {
    guard var matrix = Self.environments[name] else {
      let source = String(decoding: bytes[tokens[start].start..<tokens[end].end], as: UTF8.self)
      return .source(source)
    }
    depth += 1
    defer { depth -= 1 }
    let plain = name.hasSuffix("*") ? String(name.dropLast()) : name
    if plain != "cases", plain != "equation" { _ = optionalHere(end) }
    var before: MathNode?
    if name == "tabularx" { _ = rawGroup(end) }
    if plain == "numcases" {
      before = argument(end)
    } else if Self.withArgument.contains(name), let columns = rawGroup(end) {
      readColumns(columns, &matrix)
    } else if name.hasSuffix("matrix*"), let columns = optional(end) {
      readColumns(
        String(decoding: bytes[tokens[columns.lowerBound].start..<tokens[columns.upperBound].start], as: UTF8.self),
        &matrix)
    }
    let grid = cells(from: position, to: end, asText: plain.hasPrefix("tabular"))
    matrix.rows = grid.rows
    matrix.rules = grid.rules
    matrix.partialRules = grid.partialRules
    if plain == "array", matrix.alignsRelations { matrix.kind = .aligned }
    if plain == "eqnarray" || plain == "IEEEeqnarray" { matrix.alignments = [.right, .centre, .left] }
    if matrix.isStackOfRows, matrix.rows.count == 1, matrix.rows[0].count == 1 { return matrix.rows[0][0] }
    if let before { return .row([before, .matrix(matrix)]) }
    return .matrix(matrix)
  }

  /// `[t]` directly after `\begin{aligned}`.
  private mutating func optionalHere(_ end: Int) -> Range<Int>? {
    guard position + 2 < end, tokens[position].kind == .character, tokens[position].text == "[",
      tokens[position + 1].kind == .character, "tbc".contains(tokens[position + 1].text),
      tokens[position + 2].text == "]"
    else { return nil }
    position += 3
    return position..<position
  }

  private func readColumns(_ columns: String, _ matrix: inout MathMatrix) {
    var level = 0
    for c in columns {
      switch c {
      case "{": level += 1
      case "}": level -= 1
      case _ where level > 0: continue
      case "l", "p", "m", "X": matrix.alignments.append(.left)
      case "c": matrix.alignments.append(.centre)
      case "r": matrix.alignments.append(.right)
      case "|", ":": matrix.bars.insert(matrix.alignments.count)
      default: continue
      }
      if matrix.alignments.count > 200 { return }
    }
  }

  /// Rows and cells of a grid, and where it has rules.
  struct GridBody {
    var rows: [[MathNode]] = [[]]
    var rules: Set<Int> = []
    var partialRules: [Int: [ClosedRange<Int>]] = [:]
  }

  /// Rows and cells between two tokens, and the rules before them.
  mutating func cells(from first: Int, to end: Int, asText: Bool = false) -> GridBody {
    var grid = GridBody()
    var cellStart = first
    var at = first
    func isRule(_ token: LatexToken) -> Bool {
      guard token.kind == .command else { return false }
      switch token.text {
      case "hline", "cline", "toprule", "midrule", "bottomrule", "hdashline", "cmidrule": return true
      default: return false
      }
    }
    func finish(_ cellEnd: Int) {
      position = cellStart
      skipSpaces(cellEnd)
      while position < cellEnd, isRule(tokens[position]) {
        let isPartial = tokens[position].text == "cline" || tokens[position].text == "cmidrule"
        let row = grid.rows.count - 1
        position += 1
        if isPartial {
          skipTrim(cellEnd)
          if let columns = rawGroup(cellEnd).flatMap(Self.columnRange) {
            grid.partialRules[row, default: []].append(columns)
          }
        } else {
          grid.rules.insert(row)
        }
        skipSpaces(cellEnd)
      }
      grid.rows[grid.rows.count - 1].append(asText ? textRow(to: cellEnd) : row(to: cellEnd))
    }
    while at < end {
      let token = tokens[at]
      if token.match > at, token.match < end, token.kind != .left || leftOwnsItsCell(at) {
        at = token.match + 1
        continue
      }
      if token.kind == .amp {
        finish(at)
        cellStart = at + 1
      } else if token.kind == .newline {
        finish(at)
        grid.rows.append([])
        cellStart = at + 1
      }
      at += 1
    }
    finish(end)
    position = end
    if let last = grid.rows.last, last.allSatisfy({ $0.shownItems.isEmpty }) {
      grid.rows.removeLast()
      if grid.rows.isEmpty { grid.rows = [[.empty]] }
    }
    return grid
  }

  /// `(lr)` after `\cmidrule`.
  private mutating func skipTrim(_ end: Int) {
    guard position < end, tokens[position].kind == .character, tokens[position].text == "(" else { return }
    for at in position..<min(position + 8, end) where tokens[at].kind == .character && tokens[at].text == ")" {
      position = at + 1
      return
    }
  }

  /// `2-3`, counted from 1, as columns counted from 0.
  private static func columnRange(_ text: String) -> ClosedRange<Int>? {
    let ends = text.split(separator: "-").map { Int(MathString.trimmed(String($0))) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, first >= 1, first <= last, last <= 200 else {
      return nil
    }
    return (first - 1)...(last - 1)
  }

  /// Whether a `\left…\right` stays within one cell. (Models align inside it; then the cell ends inside.)
  private func leftOwnsItsCell(_ at: Int) -> Bool {
    var index = at + 1
    let close = tokens[at].match
    while index < close {
      if tokens[index].match > index { index = tokens[index].match }
      if tokens[index].kind == .amp || tokens[index].kind == .newline { return false }
      index += 1
    }
    return true
  }

  // MARK: Grids without an environment

  /// A formula of several lines without an environment around them; `nil` when there is no `\\` outside of groups.
  mutating func lines() -> MathNode? {
    var kind: MathMatrix.Kind?
    var hasAlignment = false
    var at = 0
    while at < tokens.count {
      let token = tokens[at]
      if token.kind == .newline { kind = .gathered }
      if token.kind == .amp { hasAlignment = true }
      at = token.match > at ? token.match + 1 : at + 1
    }
    guard kind != nil else { return nil }
    let grid = cells(from: 0, to: tokens.count)
    let rows = grid.rows.filter { row in row.contains { !$0.shownItems.isEmpty } }
    if rows.isEmpty { return .empty }
    if rows.count == 1, rows[0].count == 1 { return rows[0][0] }
    return .matrix(MathMatrix(kind: hasAlignment ? .aligned : .gathered, rows: rows))
  }

  /// An `&` outside a grid, in a row torn from an aligned environment: nothing beside a relation, else it keeps apart.
  mutating func strayAlignment(_ end: Int) -> MathNode {
    let before = position - 2
    func isRelation(_ at: Int) -> Bool {
      guard tokens.indices.contains(at) else { return false }
      switch tokens[at].kind {
      case .amp, .newline: return true
      case .character: return Symbols.kind(of: tokens[at].text) == .relation
      case .command:
        if case .symbol(_, .relation)? = Symbols.commands[tokens[at].text] { return true }
        return false
      default: return false
      }
    }
    var next = position
    while next < end, tokens[next].kind == .space { next += 1 }
    var last = before
    while last >= 0, tokens[last].kind == .space { last -= 1 }
    return .space(isRelation(next) || isRelation(last) || last < 0 || next >= end ? 0 : 2)
  }
}
