import Testing

@testable import MathText

@Suite struct TextTests {
  private func shown(_ text: String, _ width: Int = 60, _ mode: MathMode = .rendered, ascii: Bool = false) -> [String] {
    MathText.render(text, MathOptions(width: width, mode: mode, ascii: ascii)).map(\.text)
  }

  @Test(arguments: [
    ("It costs $5 and $3.", "It costs $5 and $3."),
    ("She has $20, spends $5, keeps $15.", "She has $20, spends $5, keeps $15."),
    ("Let $5x$ and $x$ be.", "Let 5x and x be."),
    (#"Pay \$5.00 for $x^2$."#, "Pay $5.00 for x²."),
    (#"So \(x\) but \(y stays."#, #"So x but \(y stays."#),
    (#"Answer: \boxed{3}."#, "Answer: ⟦3⟧."),
    (#"About 2\sqrt{3} or \frac{1}{2}x, then."#, "About 2√3 or (1/2)x, then."),
    ("**Bold** and *soft*, 2*3*4.", "Bold and soft, 2*3*4."),
    ("He made <<2*6=12>>12 dollars.", "He made <<2*6=12>>12 dollars."),
    ("#### 18", "#### 18"),
    ("## The answer", "The answer"),
    ("- one", "• one"),
    ("`$x$` is code", "$x$ is code"),
    (#"a \* b"#, "a * b"),
    ("x\u{1B}[31m \u{202E}y", "x␛[31m \u{FFFD}y"),
  ])
  func inLine(_ source: String, _ expected: String) {
    #expect(shown(source) == [expected])
  }

  @Test func displaysStandAlone() {
    #expect(shown(#"So \[ x = \frac{1}{2}. \] Done."#) == ["So", "        1", "    x = ─.", "        2", "Done."])
    #expect(shown(#"So \[ x = \frac{1}{2} \], done."#, 60, .linear) == ["So", "    x = 1/2,", "done."])
  }

  @Test func listsHang() {
    #expect(shown("1. one two three four five\n2. six", 12) == ["1. one two", "   three", "   four five", "2. six"])
  }

  @Test func tables() {
    #expect(shown("| a | bb |\n|---|---|\n| 1 | 2 |") == ["a │ bb", "──┼───", "1 │ 2"])
  }

  @Test func sourceStaysAsItIs() {
    #expect(shown(#"Let \(x^2\) be **b**."#, 60, .source) == [#"Let \(x^2\) be **b**."#])
  }

  @Test func asciiOnly() {
    let lines = shown(#"\(\sqrt{x} \le \pi x^{n+1}_k \times \infty\)"#, 60, .rendered, ascii: true)
    #expect(lines == ["sqrt(x) <= pi x_k^(n+1) x oo"])
    #expect(lines.joined().utf8.allSatisfy { $0 < 0x80 })
  }

  @Test func wrapsAtRelationsBeforeOperators() {
    #expect(shown(#"\(aaaa + bbbb = cccc + dddd\)"#, 20) == ["aaaa + bbbb", "= cccc + dddd"])
  }

  /// A display that is too wide breaks where a new statement begins; tall lines keep a blank line between them, so that
  /// no denominator is read with the numerator below it.
  @Test func wideDisplaysBreakBetweenStatements() {
    #expect(
      shown(#"\[2222, 2222 + 1010 = 3232, 3232 + 1010 = 4242\]"#, 40) == [
        "    2222, 2222 + 1010 = 3232,",
        "      3232 + 1010 = 4242",
      ])
    #expect(
      shown(#"\[a = \frac{b+1}{2}, \frac{x + y + z}{2} = 17 \implies \frac{x}{3} = 3 \implies y = 4\]"#, 30) == [
        "      b + 1  x + y + z",
        "  a = ─────, ───────── = 17",
        "        2        2",
        "",
        "      x",
        "    ⟹ ─ = 3 ⟹ y = 4",
        "      3",
      ])
  }

  @Test func spacingOutsideMathematicsIsDropped() {
    #expect(shown(#"divisibility of 999,\!999 and 999, \!999"#) == ["divisibility of 999,999 and 999, 999"])
  }

  @Test func linesKnowTheirSource() {
    let text = "one two\n\\(x\\) three"
    let lines = MathText.render(text, MathOptions(width: 40))
    #expect(lines.map(\.source) == [0..<7, 8..<text.utf8.count])
  }

  @Test func headingsLoseTheirSignsOnOneLine() {
    #expect(MathText.oneLine("So it is 5.\n\n# Answer\n\n5").map(\.text).joined() == "So it is 5. Answer 5")
    #expect(MathText.oneLine("So 18.\n#### 18").map(\.text).joined() == "So 18. #### 18")
    #expect(MathText.oneLine("The # sign, #1 and\n#hash stay").map(\.text).joined() == "The # sign, #1 and #hash stay")
  }

  @Test func oneLineForLists() {
    let runs = MathText.oneLine("Let\n\\[ \\frac{a+b}{c} \\]\nbe.")
    #expect(runs.map(\.text).joined() == "Let (a+b)/c be.")
  }

  @Test func formulasHaveRanges() {
    let text = #"é \(x\) and $$y$$"#
    let found = MathText.formulas(in: text)
    #expect(found.map(\.body) == ["x", "y"])
    #expect(found.map(\.isDisplay) == [false, true])
    #expect(found.first?.range == 3..<8)
  }

  @Test func onlyThePieceStaysSource() {
    let runs = MathText.oneLine(#"\(\foo{x} + \frac{1}{2}\)"#)
    #expect(runs.first == MathRun(text: #"\foo{x}"#, role: .source))
    #expect(runs.map(\.text).joined() == #"\foo{x} + 1/2"#)
  }
}
