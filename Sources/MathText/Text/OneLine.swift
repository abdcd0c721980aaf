/// A text on a single line.
enum OneLine {
  /// `abbreviated`: big grids, which nobody can read in a line, are an ellipsis.
  static func runs(_ text: String, ascii: Bool, abbreviated: Bool) -> [MathRun] {
    let bytes = Array(text.utf8)
    let pieces = TextScanner.pieces(of: bytes)
    var paragraph = ParagraphBuilder(bytes: bytes, ascii: ascii, columns: { _ in 1 })
    var strongEnd = 0
    for (index, piece) in pieces.enumerated() {
      let isDisplay = index > 0 && pieces[index - 1].kind == .display
      if isDisplay, piece.kind != .prose || !isPunctuation(bytes[piece.range.lowerBound]) { paragraph.addBlank() }
      if index == 0 || isDisplay || pieces[index - 1].kind == .codeBlock {
        strongEnd = EmphasisMarks.ends(bytes, piece.range.lowerBound, pieces[index...]).strong
      }
      switch piece.kind {
      case .prose:
        var at = piece.range.lowerBound
        while at < piece.range.upperBound {
          var end = at
          while end < piece.range.upperBound, bytes[end] != 0x0A { end += 1 }
          let isLineStart = at == 0 || bytes[at - 1] == 0x0A
          if isLineStart { strongEnd = EmphasisMarks.ends(bytes, at, pieces[index...]).strong }
          let words = isLineStart ? min(HeadingMark.end(bytes, at) ?? at, end) : at
          paragraph.prose(words..<end, strongEnd: strongEnd, emphasisEnd: 0)
          if end < piece.range.upperBound { paragraph.addBlank() }
          at = end + 1
        }
      case .code, .codeBlock: paragraph.code(piece.body, piece.range)
      case .drawing:
        paragraph.addBlank()
        paragraph.add("[asy]…[/asy]", .source, piece.range)
        paragraph.addBlank()
      case .inline, .display, .bare:
        if piece.kind == .display || index > 0 && pieces[index - 1].isFormulaInLine { paragraph.addBlank() }
        let node = LatexParser.parse(bytes, piece.body)
        if abbreviated, isBig(node) {
          paragraph.add(ascii ? "..." : "…", .op, piece.range)
        } else {
          paragraph.formula(node, piece.range)
        }
      }
    }
    var runs: [MathRun] = []
    for (index, token) in paragraph.endParagraph().enumerated() {
      if token.blank, index > 0 { MathBox.append([MathRun(text: " ", role: .text)], to: &runs) }
      MathBox.append([MathRun(text: token.text, role: token.role)], to: &runs)
    }
    return runs
  }

  private static func isPunctuation(_ byte: UInt8) -> Bool {
    byte == 0x2E || byte == 0x2C || byte == 0x3B || byte == 0x3A
  }

  /// Grids that fall into fragments on a line: tables, calculations in columns, more than nine cells.
  private static func isBig(_ node: MathNode) -> Bool {
    guard case .matrix(let matrix) = node else { return node.children.contains(where: isBig) }
    let cells = matrix.rows.reduce(0) { $0 + $1.count }
    if matrix.isStackOfRows { return cells > 9 || matrix.rows.count > 4 }
    let hasGaps = matrix.rows.contains { row in row.contains { $0.shownItems.isEmpty } }
    return cells > 9 || hasGaps || !matrix.partialRules.isEmpty || matrix.isBare && !matrix.rules.isEmpty
  }
}
