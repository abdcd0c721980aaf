/// LaTeX mathematics for a terminal: on one line, in two dimensions, and inside paragraphs.
public enum MathText {
  /// A whole text, with its Markdown, paragraphs, and mathematics in the line and on lines of its own.
  ///
  /// Never fails. No line is wider than `options.width`, unless a single character is; no control character comes out.
  public static func render(_ text: String, _ options: MathOptions) -> [MathLine] {
    options.mode == .source ? SourceLayout.lines(text, options) : TextLayout.lines(text, options)
  }

  /// The text on one line: formulas linear, line ends as blanks.
  ///
  /// `abbreviated`, as for lists: grids that would fall into fragments on a line are an ellipsis.
  public static func oneLine(_ text: String, ascii: Bool = false, abbreviated: Bool = false) -> [MathRun] {
    OneLine.runs(text, ascii: ascii, abbreviated: abbreviated)
  }

  /// The formulas of a text, in order.
  public static func formulas(in text: String) -> [Formula] {
    let bytes = Array(text.utf8)
    return TextScanner.pieces(of: bytes).compactMap { piece in
      switch piece.kind {
      case .inline, .display, .bare:
        let body = DoubledBackslashes.halved(bytes, piece.body) ?? Array(bytes[piece.body])
        return Formula(
          range: piece.range, body: String(decoding: body, as: UTF8.self), isDisplay: piece.kind == .display)
      case .prose, .code, .codeBlock, .drawing: return nil
      }
    }
  }

  /// The tree of a formula. Never fails; what cannot be read becomes `.source`.
  public static func parse(_ latex: String) -> MathNode {
    let bytes = Array(latex.utf8)
    return LatexParser.parse(bytes, 0..<bytes.count)
  }

  /// The formula on one line, with brackets exactly where they are needed.
  public static func linear(_ node: MathNode, ascii: Bool = false) -> String {
    LinearPrinter.string(node, ascii: ascii)
  }

  /// Reads a linear form (not its ASCII variant) back into normal form.
  ///
  /// `parseLinear(linear(node)) == normalized(node)` for every node without source pieces.
  /// - Throws: `LinearFormError` when a bracket of a script or root is not closed.
  public static func parseLinear(_ linear: String) throws -> MathNode {
    try LinearParser.parse(linear)
  }

  /// The formula in two dimensions.
  public static func box(
    _ node: MathNode, ascii: Bool = false, columns: @escaping @Sendable (Character) -> Int = defaultColumns
  ) -> MathBox {
    BoxBuilder(ascii: ascii, columns: columns).box(node)
  }

  /// The normal form in which a formula and its linear form are compared; see `Canonical`.
  public static func normalized(_ node: MathNode) -> MathNode {
    Canonical.normalized(node)
  }

  /// The columns of a character when the caller has no width function: 2 for East Asian wide and emoji, else 1.
  @Sendable public static func defaultColumns(_ c: Character) -> Int {
    guard let first = c.unicodeScalars.first else { return 0 }
    switch first.value {
    case 0..<0x20, 0x7F..<0xA0, 0x300...0x36F, 0x200B...0x200F, 0xFE00...0xFE0F: return 0
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
