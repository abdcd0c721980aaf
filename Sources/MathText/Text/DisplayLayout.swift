/// A formula on lines of its own: in two dimensions where it fits, else row by row, else broken at relations, else on
/// wrapped lines of the linear form.
struct DisplayLayout {
  let builder: BoxBuilder
  let width: Int
  let indent: Int
  let isLinear: Bool

  func lines(_ node: MathNode, _ source: Range<Int>) -> [MathLine] {
    if isLinear { return linear(node, source, indent) }
    let box = builder.box(node)
    if box.width <= width { return placed(box, source, min(indent, width - box.width)) }
    if let rows = rows(of: node) {
      return rows.flatMap { lines($0, source) }
    }
    return broken(node, source) ?? linear(node, source, min(indent, 2))
  }

  /// The rows of a formula that is nothing but aligned rows.
  private func rows(of node: MathNode) -> [MathNode]? {
    let shown = node.shownItems
    guard let first = shown.first, case .matrix(let matrix) = first, matrix.isStackOfRows,
      matrix.rows.count > 1 || matrix.rows.first?.count ?? 0 > 1,
      shown.dropFirst().allSatisfy({ LinearPrinter.isPunctuation($0) })
    else { return nil }
    var result = matrix.rows.map { MathNode.row($0) }
    if shown.count > 1, let last = result.popLast() { result.append(.row(last.items + shown.dropFirst())) }
    return result
  }

  private func placed(_ box: MathBox, _ source: Range<Int>, _ indent: Int) -> [MathLine] {
    box.rows.map { row in
      var runs: [MathRun] = indent > 0 ? [MathBox.blankRun(indent)] : []
      MathBox.append(row, to: &runs)
      while let last = runs.last, last.text.utf8.allSatisfy({ $0 == 0x20 }) { runs.removeLast() }
      if var last = runs.last, last.text.hasSuffix(" ") {
        while last.text.hasSuffix(" ") { last.text.removeLast() }
        runs[runs.count - 1] = last
      }
      return MathLine(runs: runs, source: source)
    }
  }

  /// Two-dimensional pieces below one another, broken between statements, else at relations, then at binary operators.
  private func broken(_ node: MathNode, _ source: Range<Int>) -> [MathLine]? {
    let boxes = builder.boxes(node)
    for weakest in [BoxBuilder.Break.statement, .relation, .binary] {
      var pieces: [MathBox] = []
      var current: [MathBox] = []
      for (box, breaks) in boxes {
        if breaks <= weakest, !current.isEmpty {
          pieces.append(MathBox.beside(current))
          current = []
        }
        current.append(box)
      }
      pieces.append(MathBox.beside(current))
      let rest = min(indent + 2, width / 4)
      guard pieces.count > 1, pieces.allSatisfy({ $0.width <= width - rest }) else { continue }
      var rows: [[MathBox]] = [[]]
      var used = min(indent, width / 4)
      for piece in pieces {
        if used + piece.width > width, rows[rows.count - 1].isEmpty == false {
          rows.append([])
          used = rest
        }
        rows[rows.count - 1].append(piece)
        used += piece.width
      }
      let parts = rows.map { trimmed(MathBox.beside($0)) }
      return parts.enumerated().flatMap { index, part in
        // The text below a bar must not be read with the text above the next one.
        let meets = index > 0 && part.baseline > 0 && parts[index - 1].baseline < parts[index - 1].height - 1
        return (meets ? [MathLine(runs: [], source: source)] : [])
          + placed(part, source, index == 0 ? min(indent, width / 4) : rest)
      }
    }
    return nil
  }

  /// Without a blank column on the left.
  private func trimmed(_ box: MathBox) -> MathBox {
    guard box.width > 1, box.rows.allSatisfy({ $0.first?.text.hasPrefix(" ") ?? true }) else { return box }
    var result = box
    for index in result.rows.indices {
      guard !result.rows[index].isEmpty else { continue }
      result.rows[index][0].text.removeFirst()
    }
    result.width -= 1
    return result
  }

  private func linear(_ node: MathNode, _ source: Range<Int>, _ indent: Int) -> [MathLine] {
    var paragraph = ParagraphBuilder(bytes: [], ascii: builder.ascii, columns: builder.columns)
    paragraph.formula(node, source)
    var filler = LineFiller(width: width, columns: builder.columns)
    let first = min(indent, width / 4)
    filler.firstIndent = first > 0 ? [MathBox.blankRun(first)] : []
    filler.firstIndentWidth = first
    filler.hanging = min(first + 2, width / 4)
    return filler.fill(paragraph.endParagraph())
  }
}
