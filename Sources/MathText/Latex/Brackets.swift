/// Pairing of the brackets written in a row.
enum Brackets {
  /// Brackets nested deeper than this stay single signs.
  private static let maximalDepth = 60

  /// A row with its matching brackets made into fences.
  static func pair(_ list: [MathNode]) -> [MathNode] {
    guard list.contains(where: { isOpen($0) }) else { return list }
    var stack: [(bracket: String, at: Int)] = []
    var result: [MathNode] = []
    result.reserveCapacity(list.count)
    for item in list {
      if case .symbol(let sign, .open) = item {
        stack.append((sign, result.count))
        result.append(item)
        continue
      }
      guard let close = closing(item), let top = stack.last, Symbols.pairs(top.bracket, with: close),
        stack.count <= maximalDepth
      else {
        result.append(item)
        continue
      }
      stack.removeLast()
      let body = MathNode.of(Array(result[(top.at + 1)...]))
      result.removeSubrange(top.at...)
      var fenced = fence(top.bracket, body, close)
      if case .symbol(let sign, .ordinary)? = result.last, let root = UnicodeInput.rootIndices[sign],
        top.bracket == "(", close == ")"
      {
        result.removeLast()
        fenced = .root(index: root, fenced)
      }
      if case .script(_, let sub, let sup, let limits) = item {
        result.append(.script(fenced, sub: sub, sup: sup, limits: limits))
      } else {
        result.append(fenced)
      }
    }
    return result
  }

  private static func isOpen(_ node: MathNode) -> Bool {
    if case .symbol(_, .open) = node { return true }
    return false
  }

  /// `(mod n)` however it was written.
  private static func isModulus(_ node: MathNode) -> Bool {
    switch node {
    case .function("mod", _): true
    case .text(let words): MathString.trimmed(words) == "mod"
    default: false
    }
  }

  private static func closing(_ node: MathNode) -> String? {
    switch node {
    case .symbol(let sign, .close): return sign
    case .script(.symbol(let sign, .close), _, _, _): return sign
    default: return nil
    }
  }

  /// Brackets around a body; around a lone grid without brackets they become the grid's own.
  static func fence(_ left: String, _ body: MathNode, _ right: String) -> MathNode {
    let shown = body.shownItems
    if left == "(", right == ")", shown.count > 1, isModulus(shown[0]) {
      return .modulus(.row(Array(shown.dropFirst())))
    }
    guard shown.count == 1, case .matrix(var matrix) = shown[0], matrix.left.isEmpty, matrix.right.isEmpty else {
      return .fence(left, body, right)
    }
    if left == "{", right.isEmpty {
      if matrix.kind == .matrix || matrix.isStackOfRows {
        matrix.kind = .cases
        return .matrix(matrix)
      }
      return .fence(left, body, right)
    }
    if left.isEmpty, right == "}", matrix.kind == .matrix {
      matrix.kind = .reversedCases
      return .matrix(matrix)
    }
    guard matrix.kind == .matrix, !left.isEmpty, !right.isEmpty else { return .fence(left, body, right) }
    matrix.left = left
    matrix.right = right
    return .matrix(matrix)
  }
}
