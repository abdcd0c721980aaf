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
          paragraph.prose(afterHeadingMark(bytes, at..<end)..<end, strongEnd: end, emphasisEnd: 0)
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

  /// Where the words of a line begin: behind the signs that make it a heading, which are no words.
  private static func afterHeadingMark(_ bytes: [UInt8], _ line: Range<Int>) -> Int {
    guard line.lowerBound == 0 || bytes[line.lowerBound - 1] == 0x0A else { return line.lowerBound }
    var at = line.lowerBound
    while at < line.upperBound, bytes[at] == UInt8(ascii: "#") { at += 1 }
    let isHeading = (1...6).contains(at - line.lowerBound) && at < line.upperBound && bytes[at] == UInt8(ascii: " ")
    return isHeading ? at : line.lowerBound
  }
}
