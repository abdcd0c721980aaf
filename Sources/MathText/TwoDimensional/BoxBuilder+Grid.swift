extension BoxBuilder {
  func grid(_ matrix: MathMatrix) -> MathBox {
    let body = cells(matrix)
    switch matrix.kind {
    case .cases: return MathBox.beside([bracket("{", height: body.height, baseline: body.baseline), .blank(1), body])
    case .reversedCases:
      return MathBox.beside([body, .blank(1), bracket("}", height: body.height, baseline: body.baseline)])
    case .aligned, .gathered: return body
    case .matrix:
      if matrix.left.isEmpty, matrix.right.isEmpty { return body }
      let padded = matrix.left == "|" ? MathBox.beside([.blank(1), body, .blank(1)]) : body
      return fenced(matrix.left, padded, matrix.right)
    }
  }

  private func side(_ matrix: MathMatrix, _ column: Int) -> MathMatrix.Alignment {
    switch matrix.kind {
    case .cases, .reversedCases: return .left
    case .gathered: return .centre
    case .aligned where matrix.alignments.isEmpty: return column % 2 == 0 ? .right : .left
    case .aligned, .matrix:
      return column < matrix.alignments.count ? matrix.alignments[column] : .centre
    }
  }

  private func gap(_ matrix: MathMatrix, _ column: Int) -> Int {
    switch matrix.kind {
    case .aligned: return matrix.alignments.isEmpty ? (column % 2 == 0 ? 3 : 0) : 1
    default: return matrix.joinsAll(before: column) ? 1 : 2
    }
  }

  private func cells(_ matrix: MathMatrix) -> MathBox {
    var boxes = matrix.rows.map { row in row.map { box($0) } }
    let count = boxes.reduce(0) { max($0, $1.count) }
    if count == 0 { return .empty }
    if matrix.kind == .aligned { spaceAlignedRelations(matrix, &boxes) }
    var widths = [Int](repeating: 0, count: count)
    for row in boxes {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.width) }
    }
    let isTall = boxes.contains { $0.contains { $0.height > 1 } }
    let total = widths.reduce(0, +) + (1..<max(1, count)).reduce(0) { $0 + gap(matrix, $1) + barWidth(matrix, $1) }
    var rows: [[MathRun]] = []
    func rule() { rows.append([MathRun(text: String(repeating: bar, count: total), role: .op)]) }
    for (index, row) in boxes.enumerated() {
      if matrix.rules.contains(index) {
        rule()
      } else if index > 0, isTall {
        rows.append([MathBox.blankRun(total)])
      }
      var parts: [MathBox] = []
      let height = row.reduce(1) { max($0, $1.height) }
      for column in 0..<count {
        if column > 0 {
          let space = gap(matrix, column)
          if barWidth(matrix, column) > 0 {
            parts.append(.blank(space / 2))
            parts.append(bracket(ascii ? "|" : "│", height: height, baseline: row.reduce(0) { max($0, $1.baseline) }))
            parts.append(.blank(space - space / 2))
          } else {
            parts.append(.blank(space))
          }
        }
        let cell = column < row.count ? row[column] : .empty
        parts.append(cell.widened(to: widths[column], side(matrix, column)))
      }
      rows.append(contentsOf: MathBox.beside(parts).rows)
    }
    if matrix.rules.contains(boxes.count) { rule() }
    return MathBox(rows: rows, width: total, baseline: (rows.count - 1) / 2)
  }

  private func barWidth(_ matrix: MathMatrix, _ column: Int) -> Int {
    matrix.bars.contains(column) ? 1 : 0
  }

  /// A relation or operator at the beginning of a cell keeps its blank from the cell before.
  private func spaceAlignedRelations(_ matrix: MathMatrix, _ boxes: inout [[MathBox]]) {
    for (r, row) in matrix.rows.enumerated() {
      for (c, cell) in row.enumerated() where c % 2 == 1 && matrix.alignments.isEmpty {
        guard let first = cell.shownItems.first else { continue }
        switch first {
        case .symbol(_, .relation):
          boxes[r][c] = MathBox.beside([.blank(1), boxes[r][c]])
        case .symbol(let sign, .binary):
          let rest = MathNode.of(Array(cell.shownItems.dropFirst()))
          boxes[r][c] = MathBox.beside([.blank(1), text(sign, .op), .blank(1), box(rest)])
        default: boxes[r][c] = MathBox.beside([.blank(1), boxes[r][c]])
        }
      }
    }
  }
}
