import MathText
import Testing

/// Where a formula is open in a text that is still being written.
@Suite struct OpenFormulaTests {
  private func open(_ text: String) -> String? { MathText.openFormula(in: text).map { String(text[$0...]) } }

  @Test(arguments: [
    ("a \\(x + y", "\\(x + y"), ("a \\[\\frac{1}{2}", "\\[\\frac{1}{2}"), ("a $x^2", "$x^2"), ("a $$x", "$$x"),
    ("a \\begin{cases} 1 \\\\", "\\begin{cases} 1 \\\\"), ("```\ncode", "```\ncode"), ("a $", "$"), ("a \\", "\\"),
  ])
  func whatIsOpenIsFound(_ text: String, _ expected: String) { #expect(open(text) == expected) }

  @Test(arguments: [
    "a \\(x\\) b", "\\[x\\]", "$x$ and $y$", "$$x$$", "\\begin{cases} 1 \\end{cases} b", "```\ncode\n``` b",
    "costs $5 and 3 more", "costs $5 or $6 each", "a \\\\ b", "plain", "",
    "\\begin{a} \\begin{a} x \\end{a} \\end{a}",
  ])
  func whatIsClosedIsNot(_ text: String) { #expect(open(text) == nil) }

  @Test func aDollarIsNotWaitedForForEver() {
    #expect(open("a $x " + String(repeating: "word ", count: 100)) == nil)
    #expect(open("a $x\n\nnext paragraph") == nil)
  }
}
