/// Signs that grow with what they act on: integrals, sums, products.
extension BoxBuilder {
  /// Rows above and below the baseline.
  struct Extent {
    var above = 0
    var below = 0

    var isTall: Bool { above + below > 0 }

    mutating func include(_ box: MathBox) {
      above = max(above, box.baseline)
      below = max(below, box.height - 1 - box.baseline)
    }
  }

  /// The boxes of a row's members, big operators as tall as what follows them: an integral up to its d, a sum up to the
  /// next sign of addition, both up to the next relation.
  func members(_ items: [MathNode]) -> [MathBox] {
    var result = [MathBox](repeating: .empty, count: items.count)
    var integrand = Extent()
    var summand = Extent()
    var next: MathNode?
    for index in items.indices.reversed() {
      let item = items[index]
      if case .space = item { continue }
      defer { next = item }
      if let sign = Self.bigOperator(item) {
        // Neighbours on its left see the sign as tall as this, without its limits.
        result[index] = single(item, over: Self.integrals[sign] == nil ? summand : integrand)
        continue
      }
      result[index] = single(item)
      switch item {
      case .symbol(_, .relation), .symbol(_, .punctuation), .script(.symbol(_, .relation), _, _, _):
        integrand = Extent()
        summand = Extent()
        continue
      case .symbol(let sign, .binary) where !Self.multiplications.contains(sign): summand = Extent()
      case .letter("d", _):
        if case .letter? = next { integrand = Extent() }
      default: break
      }
      integrand.include(result[index])
      summand.include(result[index])
    }
    return result
  }

  private static func bigOperator(_ node: MathNode) -> String? {
    switch node {
    case .bigOperator(let sign, _), .script(.bigOperator(let sign, _), _, _, _): sign
    default: nil
    }
  }

  private static let multiplications: Set<String> = ["·", "×", "*", "÷", "∘", "⊗"]
  /// How many integral signs stand side by side.
  private static let integrals = ["∫": 1, "∬": 2, "∭": 3, "∮": 1]
  private static let maximalGrowth = 6

  /// A member of a row; `over`: what a big operator acts on.
  private func single(_ node: MathNode, over extent: Extent) -> MathBox {
    switch node {
    case .bigOperator(let sign, _): return bigOperator(sign, over: extent)
    case .script(.bigOperator(let sign, let flag), let sub, let sup, let limits):
      var extent = extent
      if Self.integrals[sign] != nil, extent.isTall, !limits {
        // Room for the limits beside the ends.
        if sup != nil { extent.above += 1 }
        if sub != nil { extent.below += 1 }
      }
      return script(.bigOperator(sign, limits: flag), sub, sup, limits, body: bigOperator(sign, over: extent))
    default: return single(node)
    }
  }

  private func bigOperator(_ sign: String, over extent: Extent) -> MathBox {
    guard extent.isTall else { return text(sign, .op) }
    let above = min(extent.above, Self.maximalGrowth)
    let below = min(extent.below, Self.maximalGrowth)
    func box(_ rows: [String], baseline: Int) -> MathBox {
      MathBox(rows: rows.map { [MathRun(text: $0, role: .op)] }, width: width(rows[0]), baseline: baseline)
    }
    if let count = Self.integrals[sign] {
      func row(_ piece: String) -> String { String(repeating: piece, count: count) }
      let fill = sign == "∮" ? ["⎮", "∮"] : ["⎮", "⎮"]
      var rows = (0...(above + below)).map { ascii ? row("|") : row(fill[$0 == above ? 1 : 0]) }
      rows[0] = row(ascii ? "/" : "⌠")
      rows[rows.count - 1] = row(ascii ? "/" : "⌡")
      return box(rows, baseline: above)
    }
    if ascii { return text(sign, .op) }
    switch sign {
    case "∏": return box(["┬─┬"] + Array(repeating: "│ │", count: above + below), baseline: above)
    case "∐": return box(Array(repeating: "│ │", count: above + below) + ["┴─┴"], baseline: above)
    case "∑":
      // Two strokes between two lines; the baseline runs above the point where they meet.
      let half = max(1, above, below - 1)
      func stroke(_ indent: Int, _ piece: String) -> String {
        String(repeating: " ", count: indent) + piece + String(repeating: " ", count: half - indent)
      }
      let rows =
        [String(repeating: "_", count: half + 1)] + (0..<half).map { stroke($0, "╲") }
        + (0..<half).reversed().map { stroke($0, "╱") } + [String(repeating: "‾", count: half + 1)]
      return box(rows, baseline: half)
    default: return text(sign, .op)
    }
  }
}
