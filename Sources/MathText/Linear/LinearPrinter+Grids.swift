extension LinearPrinter {
  // MARK: Grids

  mutating func matrix(_ matrix: MathMatrix) {
    switch matrix.kind {
    case .cases, .reversedCases:
      emit("cases", .function)
      openBracket()
      cells(matrix)
      closeBracket()
    case .aligned, .gathered: stackOfRows(matrix, bracketed: true, tight: true)
    case .matrix:
      let bare = matrix.left.isEmpty && matrix.right.isEmpty
      emit(bare ? "(" : matrix.left, .op)
      depth += 1
      cells(matrix)
      depth -= 1
      pendingBlank = false
      emit(bare ? ")" : matrix.right, .op)
    }
  }

  private mutating func endRow() {
    pendingBlank = false
    emit(";", .op)
    blank(1)
  }

  mutating func cells(_ matrix: MathMatrix) {
    for (index, row) in matrix.rows.enumerated() {
      if index > 0 { endRow() }
      let row = matrix.joined(row)
      for (column, content) in row.enumerated() {
        if column > 0 {
          if matrix.bars.contains(column) {
            blank(3)
            emit("|", .op)
            blank(0)
          } else {
            pendingBlank = false
            comma()
          }
        }
        cell(Self.withoutTrailingComma(content))
      }
    }
    pendingBlank = false
    pendingBreak = 0
  }

  mutating func stackOfRows(_ matrix: MathMatrix, bracketed: Bool, tight: Bool) {
    if bracketed { openBracket() }
    for (index, row) in matrix.rows.enumerated() {
      if index > 0 { endRow() }
      let cells = matrix.joined(row)
      for (column, content) in cells.enumerated() {
        if column > 0 {
          pendingBlank = false
          comma()
        }
        if matrix.isStackOfRows {
          self.row(Self.withoutTrailingComma(content), tight: tight)
        } else {
          cell(content)
        }
      }
    }
    if bracketed { closeBracket() }
  }
}
