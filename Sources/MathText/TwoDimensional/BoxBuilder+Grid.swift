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
    let lines = GridLines(matrix: matrix, widths: widths, gaps: (0..<count).map { $0 == 0 ? 0 : gap(matrix, $0) })
    var rows: [[MathRun]] = []
    for (index, row) in boxes.enumerated() {
      if matrix.rules.contains(index) {
        rows.append(rule(lines, [0...count]))
      } else if let columns = matrix.partialRules[index] {
        rows.append(rule(lines, columns))
      } else if index > 0, isTall {
        rows.append(rule(lines, []))
      }
      let height = row.reduce(1) { max($0, $1.height) }
      let baseline = row.reduce(0) { max($0, $1.baseline) }
      let parts = lines.parts.map { part -> MathBox in
        switch part {
        case .cell(let column):
          return (column < row.count ? row[column] : .empty).widened(to: widths[column], side(matrix, column))
        case .blank(let width, _): return .blank(width)
        case .bar: return bracket(ascii ? "|" : "│", height: height, baseline: baseline)
        }
      }
      rows.append(contentsOf: MathBox.beside(parts).rows)
    }
    if matrix.rules.contains(boxes.count) {
      rows.append(rule(lines, [0...count]))
    } else if let columns = matrix.partialRules[boxes.count] {
      rows.append(rule(lines, columns))
    }
    return MathBox(rows: rows, width: lines.width, baseline: (rows.count - 1) / 2)
  }

  /// The cells of each row of a grid.
  private struct GridLines {
    enum Part {
      case cell(Int)
      /// Columns without content before a cell.
      case blank(Int, before: Int)
      case bar(before: Int)
    }
    var parts: [Part] = []
    var width = 0
    let widths: [Int]

    init(matrix: MathMatrix, widths: [Int], gaps: [Int]) {
      self.widths = widths
      if matrix.hasBarAtLeft { add(.bar(before: 0), .blank(1, before: 0)) }
      for column in widths.indices {
        let space = gaps[column]
        if column > 0, matrix.bars.contains(column) {
          add(.blank(space / 2, before: column), .bar(before: column), .blank(space - space / 2, before: column))
        } else {
          add(.blank(space, before: column))
        }
        add(.cell(column))
      }
      if matrix.hasBarAtRight { add(.blank(1, before: widths.count), .bar(before: widths.count)) }
    }

    private mutating func add(_ new: Part...) {
      for part in new {
        parts.append(part)
        switch part {
        case .cell(let column): width += widths[column]
        case .blank(let columns, _): width += columns
        case .bar: width += 1
        }
      }
    }
  }

  /// A row of a grid without content: a rule over some columns, bars elsewhere.
  private func rule(_ lines: GridLines, _ columns: [ClosedRange<Int>]) -> [MathRun] {
    func covers(_ column: Int) -> Bool { columns.contains { $0.contains(column) } }
    let isWhole = columns.contains { $0.lowerBound == 0 && $0.upperBound >= lines.widths.count }
    var row: [MathRun] = []
    for part in lines.parts {
      let width: Int
      let isRule: Bool
      switch part {
      case .cell(let column): (width, isRule) = (lines.widths[column], covers(column))
      case .blank(let blanks, let column):
        (width, isRule) = (blanks, isWhole || columns.contains { $0.contains(column) && $0.contains(column - 1) })
      case .bar(let column):
        (width, isRule) = (1, isWhole || columns.contains { $0.contains(column) && $0.contains(column - 1) })
        if !isRule {
          MathBox.append([MathRun(text: ascii ? "|" : "│", role: .op)], to: &row)
          continue
        }
      }
      if width == 0 { continue }
      MathBox.append(
        [isRule ? MathRun(text: String(repeating: bar, count: width), role: .op) : MathBox.blankRun(width)], to: &row)
    }
    return row
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
