import Testing

@testable import CritiqueModel

@Suite struct JudgementParserTests {
  @Test(arguments: [
    ("The step is correct: \\boxed{1}.", 1),
    ("so the judgement is \\boxed{-1}", -1),
    ("$\\boxed{-1}$", -1),
    ("\\[\\boxed{1}\\]", 1),
    ("\\boxed{−1}", -1),
    ("\\boxed{–1}", -1),
    ("\\boxed{ -1 }", -1),
    ("\\boxed{- 1}", -1),
    ("\\boxed{{-1}}", -1),
    ("\\boxed{\\text{-1}}", -1),
    ("\\boxed{\\textbf{1}}", 1),
    ("\\boxed{\\mathbf{-1}}", -1),
    ("\\boxed{+1}", 1),
    ("\\boxed{1.}", 1),
    ("\\boxed{$-1$}", -1),
    ("\\boxed{(-1)}", -1),
    ("\\boxed {1}", 1),
    ("boxed{-1}", -1),
    ("\\fbox{-1}", -1),
    ("first \\boxed{1}, but then, on reflection, \\boxed{-1}.", -1),
    ("\\boxed{-1} and the answer of the problem is \\boxed{42}", -1),
    ("the step claims \\boxed{\\frac{1}{2}}; \\boxed{1}", 1),
  ])
  func finds(text: String, value: Int) {
    #expect(JudgementParser.judgement(in: text)?.rawValue == value)
  }

  @Test(arguments: [
    "", "no box at all", "\\boxed{}", "\\boxed{0}", "\\boxed{2}", "\\boxed{11}", "\\boxed{1.1}", "\\boxed{-1",
    "\\boxed",
    "\\boxed 1", "\\boxed{\\frac{1}{1}}", "\\boxed{x = 1}", "{1}", "\\boxed{1/1}",
  ])
  func findsNothing(text: String) {
    #expect(JudgementParser.judgement(in: text) == nil)
  }

  @Test func bracesAreMatched() {
    #expect(
      JudgementParser.boxedContents(in: "a \\boxed{\\frac{1}{2}} b \\boxed{\\{1\\}}") == ["\\frac{1}{2}", "\\{1\\}"])
    #expect(JudgementParser.boxedContents(in: "\\boxed{\\text{yes \\boxed{1}}}").count == 1)
  }
}
