import MathText
import Testing

/// Prose keeps its characters: stars, signs and backslashes that are not marks of Markdown or LaTeX.
@Suite struct ProseTests {
  private func shown(_ text: String) -> [String] { MathText.render(text, MathOptions(width: 80)).map(\.text) }
  private func line(_ text: String) -> String { MathText.oneLine(text).map(\.text).joined() }

  @Test(arguments: [
    "Then x**2 + y**2 = 25.", "So 2**3**2 = 512.", "3 *5* 2 = 30", "2**(n+1) + 3**(m)", "(a+b)**2 = a**2 + 2*a*b",
    "α**2 + β**2", "2 * 3 *4* 5", "a *b* c", "10**6 and 10**-6", "f(x)**2 * g(x)**2", "x**n**m", "2 ** 3 ** 4",
    "a*b*c and 2*3*4", "**x**2", "x_1 and x_2", "length**2 + width**2", "*2*3 is a product",
  ])
  func starsStay(_ text: String) {
    #expect(shown(text) == [text])
    #expect(line(text) == text)
  }

  @Test(arguments: [
    ("**Bold** and *soft*.", "Bold and soft."), ("**Step 1:**Then", "Step 1:Then"), ("is **2** or *5*.", "is 2 or 5."),
    ("**Note: 2**3 = 8** ok", "Note: 2**3 = 8 ok"), ("(**a**) *see this*, ok", "(a) see this, ok"),
    ("**Total: 5**(all)", "Total: 5(all)"), ("说**粗**的", "说粗的"),
  ])
  func emphasisIsStillRead(_ text: String, _ expected: String) { #expect(shown(text) == [expected]) }

  @Test func oneLineReadsStrongTextOnlyWhereItEnds() {
    #expect(line("**Bold** and **open") == "Bold and **open")
    #expect(line("a **b\nc** d") == "a **b c** d")
    #expect(line(#"Sum: \[7\] so it is **7**."#) == "Sum: 7 so it is 7.")
  }

  @Test(arguments: [
    ["  25", "+ 17", "----", "  42"], ["  1 2 5", "-   1 7", "=======", "  1 0 8"], [" 125", "×  4", "────", " 500"],
    ["125", "* 4", "___", "500"], ["  12", "  30", "  --", "  42"], ["$25.00", "+ $1.50", "= $26.50"],
  ])
  func writtenSumsKeepSignsAndColumns(_ lines: [String]) {
    #expect(shown(lines.joined(separator: "\n")) == lines)
    #expect(shown("So:\n" + lines.joined(separator: "\n") + "\nDone.") == ["So:"] + lines + ["Done."])
  }

  @Test(arguments: [
    (["- 3", "- 5"], ["• 3", "• 5"]), (["Ages:", "- 5 apples", "* 7 pears"], ["Ages:", "• 5 apples", "• 7 pears"]),
    (["2. one", "3. two"], ["2. one", "3. two"]), (["a", "", "5", "", "b"], ["a", "", "5", "", "b"]),
    (["is + 17 more", "+ 17 more"], ["is + 17 more", "+ 17 more"]), (["+ more"], ["• more"]),
  ])
  func listsStayLists(_ lines: [String], _ expected: [String]) {
    #expect(shown(lines.joined(separator: "\n")) == expected)
  }

  @Test(arguments: [
    ("Let $p=2$$q=3$. Then $pq=6$.", "Let p = 2 q = 3. Then pq = 6."), ("$a$$b$ and $c$$d$$e$.", "a b and c d e."),
    (#"\(p=2\)\(q=3\)"#, "p = 2 q = 3"), ("It costs $5 or $$6.", "It costs $5 or $$6."),
  ])
  func neighboursAreTwoFormulas(_ text: String, _ expected: String) { #expect(shown(text) == [expected]) }

  @Test func neighboursBesideADisplay() {
    #expect(shown("Let $p=2$$q=3$. Then $$pq=6$$ holds.") == ["Let p = 2 q = 3. Then", "    pq = 6", "holds."])
    #expect(shown("Let $p=2$$$q=3$$") == ["Let p = 2", "    q = 3"])
    #expect(shown("$5 and $$x$$") == ["$5 and", "    x"])
  }

  @Test(arguments: [
    (#"It is $\\frac{3}{4}$ of it."#, "It is 3/4 of it."), (#"It is \\frac{3}{4} of it."#, "It is 3/4 of it."),
    (#"Let \\(x \\le 2\\) be."#, "Let x ≤ 2 be."), (#"So $2 \\times \\sqrt{2}$."#, "So 2 × √2."),
    (#"So $\\text{area} = 5$."#, "So area = 5."), (#"First \\ second \\foo"#, #"First \\ second \\foo"#),
    (#"$\\{1, 2\\} \\cup A$"#, "{1, 2} ∪ A"),
  ])
  func doubledBackslashes(_ text: String, _ expected: String) { #expect(shown(text) == [expected]) }

  @Test func doubledBackslashesOfDisplays() {
    #expect(shown(#"\\[ x^2 \\]"#) == ["    x²"])
    #expect(shown(#"$$a = \frac12 \\frac34$$"#).joined().contains("frac") == false)
    #expect(
      MathText.linear(MathText.parse(#"\begin{cases} 1 & x \\text{if} & y\end{cases}"#)) == "cases(1, x; if, y)")
    // Rows that end before a word stay rows.
    #expect(MathText.linear(MathText.parse(#"a=b \\ c=d"#)) == "a = b; c = d")
  }

  @Test(arguments: [
    ("Use ``a`b`` here.", "Use a`b here."), ("Use `` `x` `` here.", "Use `x` here."), ("`a` and `b`", "a and b"),
    ("``quoted'' and ``more''", "``quoted'' and ``more''"), ("a ` b", "a ` b"), ("``open", "``open"),
  ])
  func codeInBackticks(_ text: String, _ expected: String) { #expect(shown(text) == [expected]) }

  @Test(arguments: [
    (#"x_{\text{max_val}}"#, "x_(max_val)"), (#"\text{a_b_c} = 5"#, "a_b_c = 5"), (#"\text{a_}b"#, "a_ b"),
    (#"x\text{_1}"#, "x _1"), (#"\text{cm^2}"#, "cm²"), (#"\text{x_1}_2"#, "x_1₂"),
  ])
  func underscoresInText(_ source: String, _ expected: String) throws {
    let node = MathText.parse(source)
    #expect(MathText.linear(node) == expected)
    #expect(try MathText.parseLinear(expected) == MathText.normalized(node))
  }

  /// Grids that would fall into fragments are an ellipsis in lists, and whole where one line is asked for.
  @Test func bigGridsAreAnEllipsisInLists() {
    func list(_ text: String) -> String { MathText.oneLine(text, abbreviated: true).map(\.text).joined() }
    let sum =
      #"If \[\begin{array}{ccc} & & P_b \\ \times & & P_b \\ \hline & 3 & 1_b \end{array}\]where $b$ is a base."#
    #expect(list(sum) == "If … where b is a base.")
    #expect(line(sum) == "If ,, P_b; ×,, P_b;, 3, 1_b where b is a base.")
    #expect(list(#"Find $\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}^2$."#) == "Find (1, 2; 3, 4)².")
    #expect(
      list(#"Let \[f(x) = \begin{cases} 1 & x > 0 \\ 0 & x \le 0\end{cases}\]"#) == "Let f(x) = cases(1, x>0; 0, x≤0)")
  }

  @Test func aDisplayKeepsApartFromWhatFollowsOnOneLine() {
    #expect(line(#"Let \[x = 1\]where \[y = 2\], so \[z\]."#) == "Let x = 1 where y = 2, so z.")
  }
}
