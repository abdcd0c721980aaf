/// A text on a single line.
enum OneLine {
  static func runs(_ text: String, ascii: Bool) -> [MathRun] {
    let bytes = Array(text.utf8)
    var paragraph = ParagraphBuilder(bytes: bytes, ascii: ascii, columns: { _ in 1 })
    for piece in TextScanner.pieces(of: bytes) {
      switch piece.kind {
      case .prose:
        var at = piece.range.lowerBound
        while at < piece.range.upperBound {
          var end = at
          while end < piece.range.upperBound, bytes[end] != 0x0A { end += 1 }
          let isLineStart = at == 0 || bytes[at - 1] == 0x0A
          let words = isLineStart ? min(HeadingMark.end(bytes, at) ?? at, end) : at
          paragraph.prose(words..<end, strongEnd: end, emphasisEnd: 0)
          if end < piece.range.upperBound { paragraph.addBlank() }
          at = end + 1
        }
      case .code, .codeBlock: paragraph.code(piece.body, piece.range)
      case .drawing:
        paragraph.addBlank()
        paragraph.add("[asy]…[/asy]", .source, piece.range)
        paragraph.addBlank()
      case .inline, .display, .bare:
        if piece.kind == .display { paragraph.addBlank() }
        paragraph.formula(LatexParser.parse(bytes, piece.body), piece.range)
      }
    }
    var runs: [MathRun] = []
    for (index, token) in paragraph.endParagraph().enumerated() {
      if token.blank, index > 0 { MathBox.append([MathRun(text: " ", role: .text)], to: &runs) }
      MathBox.append([MathRun(text: token.text, role: token.role)], to: &runs)
    }
    return runs
  }
}
