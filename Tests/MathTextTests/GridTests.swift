import MathText
import Testing

/// Bars and rules of arrays, and signs that grow with what they act on.
@Suite struct GridTests {
  private func lines(_ source: String, ascii: Bool = false) -> [String] {
    MathText.box(MathText.parse(source), ascii: ascii).lines
  }

  @Test(arguments: [
    (#"\begin{array}{c|c} a & b \\ c & d\end{array}"#, "a | b; c | d"),
    (#"x = \begin{array}{c|c} a & b \\ c & d\end{array}"#, "x = (a | b; c | d)"),
    (#"\left[\begin{array}{cc|c} 1 & 2 & 3 \\ 4 & 5 & 6\end{array}\right]"#, "[1, 2 | 3; 4, 5 | 6]"),
    (#"\begin{array}{|c|c|} a & b \\ c & d\end{array}"#, "| a | b |; | c | d |"),
    (#"\begin{tabular}{c|r} a & b \\ c & d\end{tabular}"#, "a | b; c | d"),
  ])
  func barsStayOnTheLine(_ source: String, _ expected: String) throws {
    let node = MathText.parse(source)
    #expect(MathText.linear(node) == expected)
    #expect(try MathText.parseLinear(expected) == MathText.normalized(node))
  }

  @Test func rulesOverSomeColumns() {
    let source = #"\begin{array}{|c|cc|}\hline a & b & c\\ \cline{2-3} d & e & f \\\hline\end{array}"#
    #expect(
      lines(source) == ["────────────", "│ a │ b  c │", "│   │ ──── │", "│ d │ e  f │", "────────────"])
    #expect(
      lines(#"\begin{array}{rr} & 12\\ + & 5\\ \cline{1-2} & 17\\ \cmidrule(lr){2-2}\end{array}"#) == [
        "   12", "+   5", "─────", "   17", "   ──",
      ])
    // What names no columns draws nothing.
    #expect(lines(#"\begin{array}{c} 1\\ \cline{3-1} 2\\ \cline{x} 3\end{array}"#) == ["1", "2", "3"])
  }

  @Test func integralsGrow() {
    #expect(
      lines(#"\int_0^1 \frac{x}{x+1}dx = 3"#) == [
        "⌠1", "⎮     x", "⎮   ───── dx = 3", "⎮   x + 1", "⌡0",
      ])
    #expect(lines(#"\int \frac{1}{x} dx"#) == ["⌠  1", "⎮  ─ dx", "⌡  x"])
    #expect(lines(#"\int \frac{1}{x} dx"#, ascii: true) == ["/  1", "|  - dx", "/  x"])
    #expect(lines(#"\iint \frac{1}{x}"#).first == "⌠⌠  1")
    // It ends at its d, and at a relation.
    #expect(lines(#"\int x\,dx \frac{1}{2}"#) == ["       1", "∫ x dx ─", "       2"])
    #expect(lines(#"\int x = \frac{1}{2}"#) == ["      1", "∫ x = ─", "      2"])
  }

  @Test func sumsAndProductsGrow() {
    #expect(
      lines(#"\sum_{k=1}^n \frac{k}{k+1}"#) == [" n", "__     k", "╲    ─────", "╱    k + 1", "‾‾", "k=1"])
    #expect(lines(#"\prod_{k=1}^n \frac{1}{k}"#) == [" n", "┬─┬  1", "│ │  ─", "│ │  k", "k=1"])
    #expect(lines(#"\sum_k k + \frac{1}{2}"#) == ["      1", "∑ k + ─", "k     2"])
  }

  /// However tall what follows is, the sign stays within bounds.
  @Test func growthHasAnEnd() {
    let tall = (0..<20).reduce("x") { inner, _ in #"\frac{1}{"# + inner + "}" }
    #expect(lines(#"\int "# + tall).filter { $0.contains("⎮") }.count < 14)
  }
}
