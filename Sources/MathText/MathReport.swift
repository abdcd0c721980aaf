/// How much of the mathematics of some texts is fully rendered.
public struct MathReport: Sendable, Hashable {
  /// Formulas seen.
  public var formulas = 0
  /// Formulas without a piece left as source.
  public var fullyRendered = 0
  /// Formulas whose linear form reads back as the same tree.
  public var readBack = 0
  /// Commands and other pieces left as source, with how often.
  public var leftAsSource: [String: Int] = [:]
  /// The source of the slowest formula.
  public var slowestSource = ""
  /// Its time.
  public var slowestNanoseconds: Int64 = 0

  /// The share of formulas fully rendered, 1 when there are none.
  public var share: Double { formulas == 0 ? 1 : Double(fullyRendered) / Double(formulas) }

  /// An empty report.
  public init() {}

  /// Adds the formulas of a text.
  public mutating func add(_ text: String) {
    let clock = ContinuousClock()
    for formula in MathText.formulas(in: text) {
      formulas += 1
      var node = MathNode.empty
      var linear = ""
      let time = clock.measure {
        node = MathText.parse(formula.body)
        linear = MathText.linear(node)
      }
      let nanoseconds = time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000
      if nanoseconds > slowestNanoseconds {
        slowestNanoseconds = nanoseconds
        slowestSource = formula.body
      }
      let pieces = node.sourcePieces
      if pieces.isEmpty {
        fullyRendered += 1
        if (try? MathText.parseLinear(linear)) == MathText.normalized(node) { readBack += 1 }
      }
      for piece in pieces { leftAsSource[Self.command(piece), default: 0] += 1 }
    }
  }

  /// The name of a source piece: its command, or its first characters.
  private static func command(_ piece: String) -> String {
    guard piece.hasPrefix("\\") else { return String(piece.prefix(20)) }
    if piece.hasPrefix("\\begin"), let end = piece.firstIndex(of: "}") { return String(piece[...end]) }
    let name = piece.dropFirst().prefix(while: { $0.isLetter })
    return name.isEmpty ? String(piece.prefix(2)) : "\\" + String(name)
  }
}
