/// Lays a whole text out: paragraphs, lists, headings, code, tables, formulas in the line and on their own.
struct TextLayout {
  let bytes: [UInt8]
  let options: MathOptions
  private let width: Int
  private var lines: [MathLine] = []
  private var paragraph: ParagraphBuilder
  private var marker: (runs: [MathRun], width: Int)?
  private var indent = 0
  /// Where the last mark of the present line stands that may close strong or emphasised text.
  private var strongEnd = 0
  private var emphasisEnd = 0

  static func lines(_ text: String, _ options: MathOptions) -> [MathLine] {
    let bytes = Array(text.utf8)
    var layout = TextLayout(bytes: bytes, options: options)
    layout.run()
    return layout.lines
  }

  private init(bytes: [UInt8], options: MathOptions) {
    self.bytes = bytes
    self.options = options
    width = max(1, options.width)
    paragraph = ParagraphBuilder(bytes: bytes, ascii: options.ascii, columns: options.columns)
  }

  private var builder: BoxBuilder { BoxBuilder(ascii: options.ascii, columns: options.columns) }

  private mutating func run() {
    let pieces = TextScanner.pieces(of: bytes)
    var atLineStart = true
    for (index, piece) in pieces.enumerated() {
      switch piece.kind {
      case .prose: atLineStart = prose(piece.range, atLineStart, pieces, index)
      case .code:
        if atLineStart { beginLine(piece.range.lowerBound, pieces, index) }
        paragraph.code(piece.body, piece.range)
        atLineStart = false
      case .codeBlock:
        endParagraph()
        codeBlock(piece)
        atLineStart = true
        swallowLineEnd = true
      case .drawing:
        endParagraph()
        drawing(piece)
        atLineStart = true
        swallowLineEnd = true
      case .inline, .bare, .display:
        if atLineStart { beginLine(piece.range.lowerBound, pieces, index) }
        let node = LatexParser.parse(bytes, piece.body)
        if piece.kind == .display || options.mode == .rendered && Self.needsRows(node) {
          display(node, piece, index + 1 < pieces.count ? pieces[index + 1] : nil)
          atLineStart = true
          swallowLineEnd = true
        } else {
          // $p=2$$q=3$: two formulas.
          if index > 0, pieces[index - 1].isFormulaInLine { paragraph.addBlank() }
          paragraph.formula(node, piece.range)
          atLineStart = false
        }
      }
    }
    endParagraph()
    while let last = lines.last, last.runs.isEmpty, lines.count > 1 { lines.removeLast() }
  }

  /// After something on lines of its own the line end that follows is its own.
  private var swallowLineEnd = false
  /// Lines before this place were looked at: no written sum begins there.
  private var noSumBefore = 0
  private var skipBytes = 0

  /// Aligned rows cannot be said on one line.
  private static func needsRows(_ node: MathNode) -> Bool {
    node.shownItems.contains {
      if case .matrix(let matrix) = $0 { return matrix.isStackOfRows && matrix.rows.count > 1 }
      return false
    }
  }

  // MARK: Prose

  private mutating func prose(_ range: Range<Int>, _ lineStart: Bool, _ pieces: [TextPiece], _ index: Int) -> Bool {
    var atLineStart = lineStart
    var at = range.lowerBound + skipBytes
    skipBytes = 0
    while at < range.upperBound {
      if swallowLineEnd {
        swallowLineEnd = false
        var end = at
        while end < range.upperBound, bytes[end] == 0x20 || bytes[end] == 0x0D { end += 1 }
        if end < range.upperBound, bytes[end] == 0x0A {
          at = end + 1
          continue
        }
        at = end
        if at >= range.upperBound { return atLineStart }
        beginLine(at, pieces, index, continues: true)
        atLineStart = false
      }
      var end = at
      while end < range.upperBound, bytes[end] != 0x0A { end += 1 }
      if atLineStart {
        if let next = table(at, range) ?? writtenSum(at, range) {
          at = next
          continue
        }
        var content = at
        if end < range.upperBound || !isBlank(at..<end) {
          content = beginLine(at, pieces, index)
        }
        paragraph.prose(min(content, end)..<end, strongEnd: strongEnd, emphasisEnd: emphasisEnd)
      } else {
        paragraph.prose(at..<end, strongEnd: strongEnd, emphasisEnd: emphasisEnd)
      }
      if end < range.upperBound {
        let wasEmpty = paragraph.isEmpty && marker == nil
        endParagraph()
        if wasEmpty, let last = lines.last, !last.runs.isEmpty { lines.append(MathLine(runs: [], source: end..<end)) }
        atLineStart = true
        at = end + 1
      } else {
        if atLineStart, !isBlank(at..<end) { atLineStart = false }
        at = end
      }
    }
    return atLineStart
  }

  private func isBlank(_ range: Range<Int>) -> Bool {
    range.allSatisfy { bytes[$0] == 0x20 || bytes[$0] == 0x09 || bytes[$0] == 0x0D }
  }

  /// Reads the marks at the beginning of a line; the result is where its content begins.
  @discardableResult
  private mutating func beginLine(_ start: Int, _ pieces: [TextPiece], _ index: Int, continues: Bool = false) -> Int {
    (strongEnd, emphasisEnd) = EmphasisMarks.ends(bytes, start, pieces[index...])
    if continues { return start }
    var at = start
    var blanks = 0
    while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 {
      blanks += bytes[at] == 0x09 ? 4 : 1
      at += 1
    }
    indent = min(blanks >= 2 ? blanks : 0, width / 4, 8)
    marker = nil
    let kind = pieces[index].kind
    guard kind == .prose, at < pieces[index].range.upperBound else { return at }
    if let content = HeadingMark.end(bytes, at) {
      paragraph.base = .heading
      return content
    }
    if let (runs, end) = listMarker(at) {
      marker = (runs, runs.reduce(0) { $0 + builder.width($1.text) })
      return end
    }
    return at
  }

  private func listMarker(_ start: Int) -> (runs: [MathRun], end: Int)? {
    let first = bytes[start]
    if first == 0x2D || first == 0x2A || first == 0x2B {
      guard start + 1 < bytes.count, bytes[start + 1] == 0x20 else { return nil }
      // "+ 17" continues a calculation.
      if first == 0x2B, let number = bytes[(start + 1)...].first(where: { $0 != 0x20 && $0 != 0x24 }),
        (0x30...0x39).contains(number)
      {
        return nil
      }
      return ([MathRun(text: options.ascii ? "- " : "• ", role: .listMarker)], start + 2)
    }
    var at = start
    while at < bytes.count, at - start < 4, bytes[at] >= 0x30, bytes[at] <= 0x39 { at += 1 }
    guard at > start, at + 1 < bytes.count, bytes[at] == 0x2E || bytes[at] == 0x29, bytes[at + 1] == 0x20 else {
      return nil
    }
    let text = String(decoding: bytes[start...at], as: UTF8.self)
    return ([MathRun(text: text + " ", role: .listMarker)], at + 2)
  }

  // MARK: Paragraphs

  private mutating func endParagraph() {
    let tokens = paragraph.endParagraph()
    defer {
      marker = nil
      indent = 0
    }
    if tokens.isEmpty, marker == nil { return }
    lines.append(contentsOf: filled(tokens))
  }

  private func filled(_ tokens: [LayoutToken]) -> [MathLine] {
    var filler = LineFiller(width: width, columns: options.columns)
    var runs: [MathRun] = []
    if indent > 0 { runs.append(MathBox.blankRun(indent)) }
    filler.firstIndentWidth = indent
    filler.hanging = indent
    if let marker, indent + marker.width < width {
      MathBox.append(marker.runs, to: &runs)
      filler.firstIndentWidth += marker.width
      filler.hanging = min(indent + marker.width, width / 2)
    }
    filler.firstIndent = runs
    var tokens = tokens
    if !tokens.isEmpty { tokens[0].blank = false }
    return filler.fill(tokens)
  }

  // MARK: Displays

  private mutating func display(_ node: MathNode, _ piece: TextPiece, _ next: TextPiece?) {
    let hanging = marker.map { $0.width } ?? 0
    let left = min(indent + hanging, width / 4)
    endParagraph()
    var node = node
    // Punctuation directly behind the formula belongs to its last line.
    if let next, next.kind == .prose {
      let first = bytes[next.range.lowerBound]
      if first == 0x2E || first == 0x2C || first == 0x3B {
        node = .row(node.items + [.symbol(String(UnicodeScalar(first)), first == 0x2E ? .ordinary : .punctuation)])
        skipBytes = 1
      }
    }
    let layout = DisplayLayout(
      builder: builder, width: width, indent: left + (width >= 40 ? 4 : width >= 20 ? 2 : 0),
      isLinear: options.mode == .linear)
    lines.append(contentsOf: layout.lines(node, piece.range))
  }

  // MARK: Code

  private mutating func codeBlock(_ piece: TextPiece) {
    var start = piece.body.lowerBound
    var firstEnd = start
    while firstEnd < piece.body.upperBound, bytes[firstEnd] != 0x0A { firstEnd += 1 }
    // The language after the fence.
    if firstEnd < piece.body.upperBound { start = firstEnd + 1 }
    verbatim(start..<max(start, piece.body.upperBound), .code)
  }

  private mutating func verbatim(_ range: Range<Int>, _ role: MathRole) {
    var at = range.lowerBound
    while at < range.upperBound {
      var end = at
      while end < range.upperBound, bytes[end] != 0x0A { end += 1 }
      if end == range.upperBound, isBlank(at..<end) { break }
      let text = MathString.clean(String(decoding: bytes[at..<end], as: UTF8.self))
      lines.append(contentsOf: Self.cut(text, role, width, options.columns, at..<end))
      at = end + 1
    }
  }

  /// A line of code, cut where the width ends.
  static func cut(
    _ text: String, _ role: MathRole, _ width: Int, _ columns: @Sendable (Character) -> Int, _ source: Range<Int>
  ) -> [MathLine] {
    var result: [MathLine] = []
    var part = ""
    var used = 0
    for c in text {
      let w = columns(c)
      if used + w > width, used > 0 {
        result.append(MathLine(runs: [MathRun(text: part, role: role)], source: source))
        part = ""
        used = 0
      }
      part.append(c)
      used += w
    }
    result.append(MathLine(runs: part.isEmpty ? [] : [MathRun(text: part, role: role)], source: source))
    return result
  }

  /// Asymptote code: one marked line that says how much there is.
  private mutating func drawing(_ piece: TextPiece) {
    let count = bytes[piece.body].reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
    let words = "[asy] drawing, \(count) lines of source [/asy]"
    lines.append(contentsOf: Self.cut(words, .source, width, options.columns, piece.range))
  }

  // MARK: Tables

  /// A calculation in columns, as it was written.
  private mutating func writtenSum(_ start: Int, _ range: Range<Int>) -> Int? {
    guard start >= noSumBefore else { return nil }
    let (isSum, end) = WrittenSum.read(bytes, start, range.upperBound)
    guard isSum else {
      noSumBefore = end
      return nil
    }
    endParagraph()
    verbatim(start..<end, .text)
    return end
  }

  private mutating func table(_ start: Int, _ range: Range<Int>) -> Int? {
    guard start < bytes.count, bytes[start] == 0x7C,
      let (rows, end) = MarkdownTable.read(bytes, start, range.upperBound)
    else { return nil }
    endParagraph()
    lines.append(contentsOf: MarkdownTable.lines(rows, bytes: bytes, options: options, width: width))
    return end
  }
}
