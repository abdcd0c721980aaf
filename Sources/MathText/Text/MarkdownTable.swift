/// Tables with bars, as Markdown has them.
enum MarkdownTable {
  /// The cells of a table that begins at `start`, and where it ends; nil when there is none.
  static func read(_ bytes: [UInt8], _ start: Int, _ limit: Int) -> (rows: [[Range<Int>]], end: Int)? {
    var rows: [[Range<Int>]] = []
    var at = start
    while at < limit, bytes[at] == 0x7C {
      var end = at
      while end < limit, bytes[end] != 0x0A { end += 1 }
      rows.append(cells(bytes, at..<end))
      // A row must be whole: a formula inside it would end the prose here.
      if end == limit, limit < bytes.count { return nil }
      if rows.count == 2, !rows[1].allSatisfy({ isRule(bytes, $0) }) { return nil }
      at = min(end + 1, limit)
    }
    guard rows.count >= 2 else { return nil }
    rows.remove(at: 1)
    return (rows, at)
  }

  private static func isRule(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    !range.isEmpty && range.allSatisfy { bytes[$0] == 0x2D || bytes[$0] == 0x3A || bytes[$0] == 0x20 }
  }

  private static func cells(_ bytes: [UInt8], _ range: Range<Int>) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = range.lowerBound + 1
    var at = start
    func add(_ end: Int) {
      var low = start
      var high = end
      while low < high, bytes[low] == 0x20 { low += 1 }
      while high > low, bytes[high - 1] == 0x20 || bytes[high - 1] == 0x0D { high -= 1 }
      result.append(low..<high)
    }
    while at < range.upperBound {
      if bytes[at] == 0x5C {
        at += 2
        continue
      }
      if bytes[at] == 0x7C {
        add(at)
        start = at + 1
      }
      at += 1
    }
    if start < range.upperBound, bytes[start..<range.upperBound].contains(where: { $0 != 0x20 && $0 != 0x0D }) {
      add(range.upperBound)
    }
    return result
  }

  static func lines(_ rows: [[Range<Int>]], bytes: [UInt8], options: MathOptions, width: Int) -> [MathLine] {
    func tokens(_ range: Range<Int>) -> [LayoutToken] {
      var paragraph = ParagraphBuilder(bytes: bytes, ascii: options.ascii, columns: options.columns)
      let ends = EmphasisMarks.ends(bytes, in: range)
      paragraph.prose(range, strongEnd: ends.strong, emphasisEnd: ends.emphasis)
      return paragraph.endParagraph()
    }
    let cells = rows.map { $0.map(tokens) }
    func cellWidth(_ tokens: [LayoutToken]) -> Int { tokens.reduce(0) { $0 + $1.width + ($1.blank ? 1 : 0) } }
    let count = cells.reduce(0) { max($0, $1.count) }
    var widths = [Int](repeating: 0, count: count)
    for row in cells {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cellWidth(cell)) }
    }
    let bar = options.ascii ? "|" : "│"
    let total = widths.reduce(0, +) + max(0, count - 1) * 3
    var result: [MathLine] = []
    for (index, row) in cells.enumerated() {
      let source = (rows[index].first?.lowerBound ?? 0)..<(rows[index].last?.upperBound ?? 0)
      var all: [LayoutToken] = []
      for column in 0..<count {
        let cell = column < row.count ? row[column] : []
        if column > 0 {
          all.append(LayoutToken(text: bar, role: .op, width: 1, blank: true, breakCost: 1, source: source))
        }
        for (position, token) in cell.enumerated() {
          var token = token
          if position == 0 {
            token.blank = column > 0
            token.breakCost = column > 0 ? 1 : 0
          }
          if index == 0, token.role == .text { token.role = .strong }
          all.append(token)
        }
        let missing = widths[column] - cellWidth(cell)
        if total <= width, missing > 0, column < count - 1 {
          let fill = missing - (cell.isEmpty ? 1 : 0) + (cell.isEmpty && column > 0 ? 1 : 0)
          if fill > 0 {
            all.append(
              LayoutToken(
                text: String(repeating: " ", count: cell.isEmpty ? missing : fill), role: .text,
                width: cell.isEmpty ? missing : fill, blank: cell.isEmpty && column > 0, breakCost: 0, source: source))
          }
        }
      }
      var filler = LineFiller(width: width, columns: options.columns)
      filler.hanging = total <= width ? 0 : min(2, width / 4)
      result.append(contentsOf: filler.fill(all))
      if index == 0, total <= width {
        let rule = widths.map { String(repeating: options.ascii ? "-" : "─", count: $0) }
        result.append(
          MathLine(
            runs: [MathRun(text: rule.joined(separator: options.ascii ? "-+-" : "─┼─"), role: .op)], source: source))
      }
    }
    return result
  }
}
