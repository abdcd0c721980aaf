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
      if matrix.hasBarAtLeft { verticalBar(blankAfter: true) }
      for (column, content) in row.enumerated() {
        if column > 0 { divide(matrix, column) }
        cell(Self.withoutTrailingComma(content))
      }
      if matrix.hasBarAtRight { verticalBar(blankAfter: false) }
    }
    pendingBlank = false
    pendingBreak = 0
  }

  private mutating func verticalBar(blankAfter: Bool) {
    if !blankAfter { blank(0) }
    emit("|", .op)
    if blankAfter { blank(0) }
  }

  /// What stands between two cells.
  private mutating func divide(_ matrix: MathMatrix, _ column: Int) {
    if matrix.bars.contains(column) {
      blank(3)
      verticalBar(blankAfter: true)
    } else {
      pendingBlank = false
      comma()
    }
  }

  mutating func stackOfRows(_ matrix: MathMatrix, bracketed: Bool, tight: Bool) {
    if bracketed { openBracket() }
    if matrix.isStackOfRows {
      for (index, row) in matrix.rows.enumerated() {
        if index > 0 { endRow() }
        for (column, content) in matrix.joined(row).enumerated() {
          if column > 0 {
            pendingBlank = false
            comma()
          }
          self.row(Self.withoutTrailingComma(content), tight: tight)
        }
      }
    } else {
      cells(matrix)
    }
    if bracketed { closeBracket() }
  }
}
