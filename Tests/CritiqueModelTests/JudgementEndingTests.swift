import Testing

@testable import CritiqueModel

/// Ends of critiques as models of several families write them.
@Suite struct JudgementEndingTests {
  static let correct = [
    "Hence the step holds.\n\nJudgement: \\boxed{1}",
    "Therefore, the final judgement is:\n\n\\[\n\\boxed{1}\n\\]",
    "So the step is correct, and I conclude with $\\boxed{1}$.",
    "**Judgement**: $$\\boxed{1}$$\n",
    "The calculation was verified twice.\n\n**\\boxed{1}**",
    "Final judgement: \\boxed{ 1 }.<|im_end|>",
    "### Final Judgement\n\n\\boxed{\\text{1}}",
    "\\boxed{\\textbf{1}}",
    "\\boxed{\\mathbf{1}}",
    "\\boxed{\\textrm{1}}",
    "\\boxed{\\mathrm{1}} (the step is correct)",
    "\\boxed{\\boldsymbol{1}}",
    "\\boxed{\\displaystyle 1}",
    "\\boxed{{\\Large 1}}",
    "\\boxed{\\,1\\,}",
    "\\boxed{\\ 1\\ }",
    "\\boxed{\\quad 1 \\quad}",
    "\\boxed{\\left(1\\right)}",
    "\\boxed{\\boxed{1}}",
    "\\boxed{+1}",
    "\\boxed{1.}",
    "\\boxed{1.0}",
    "\\boxed{\u{200B}1}",
    "\\boxed{１}",
    "\\boxed{\n1\n}",
    "\\boxed\n{1}",
    "\\boxed{\"1\"}",
    "\\boxed{`1`}",
    "\\fbox{1}",
    "```latex\n\\boxed{1}\n```",
    "\\\\boxed{1}",
    "I first thought \\boxed{-1}. Wait, 7 × 8 = 56 after all, so the step stands: \\boxed{1}",
    "The problem's answer is \\boxed{\\frac{3}{4}}, which the step does not claim yet. \\boxed{1}",
    "Using \\boxed{\\{x : x > 0\\}} as the domain is fine. \\boxed{1}",
    "The solution's box \\boxed{x^{2} never closes, but my own does: \\boxed{1}",
    "判断：\\boxed{1}。",
    "Le jugement est \\boxed{1}\u{00A0}!",
    "\\boxed{1} is my judgement. The solution will later find \\boxed{12}, which I do not judge here.",
    "Judgement: \\boxed{1}\n\nThis concludes the critique of Step 4.",
  ]

  static let incorrect = [
    "The sign is lost in the second line.\n\nJudgement: \\boxed{-1}",
    "\\[ \\boxed{-1} \\]",
    "$\\boxed{-1}$.",
    "$$\n\\boxed{-1}\n$$",
    "\\(\\boxed{-1}\\)",
    "Answer: \\boxed{−1}",
    "\\boxed{–1}",
    "\\boxed{—1}",
    "\\boxed{‑1}",
    "\\boxed{－１}",
    "\\boxed{ -1 }",
    "\\boxed{- 1}",
    "\\boxed{-\\,1}",
    "\\boxed{{-1}}",
    "\\boxed{-{1}}",
    "\\boxed{(-1)}",
    "\\boxed{$-1$}",
    "\\boxed{\\(-1\\)}",
    "\\boxed{\\text{-1}}",
    "\\boxed{\\text{ −1 }}",
    "\\boxed{-\\text{1}}",
    "\\boxed{\\textit{-1}}",
    "\\boxed{\\texttt{-1}}",
    "\\boxed{\\mathbf{-1}}",
    "\\boxed{\\bm{-1}}",
    "\\boxed{\\textminus 1}",
    "\\boxed{**-1**}",
    "\\boxed{-1.0}",
    "\\boxed{-1.}",
    "\\boxed{ \\left( -1 \\right) }",
    "At first sight \\boxed{1}; but wait — dividing by x needs x ≠ 0. \\boxed{-1}",
    "\\boxed{-1}\n\n(The correct value would be \\boxed{\\sqrt{2}}.)",
    "\\boxed{-1}\n\nFor reference, the right answer is \\boxed{\\$1}.",
    "\\boxed{-1}, since the solution set is \\boxed{\\{1\\}} and not empty.",
    "\\boxed{\\text{The step is wrong: } \\boxed{-1}}",
    "Either \\boxed{1} or \\boxed{-1} must be given; I give \\boxed{-1}",
    "\\boxed {-1}",
    "boxed{-1}",
  ]

  static let none = [
    "I cannot tell whether the step is correct.",
    "The step is correct.",
    "Judgement: 1",
    "Judgement: **-1**",
    "[[1]]",
    "\\boxed{correct}",
    "\\boxed{\\text{Incorrect}}",
    "\\boxed{\\text{True}}",
    "\\boxed{0}",
    "\\boxed{2}",
    "\\boxed{-2}",
    "\\boxed{10}",
    "\\boxed{01}",
    "\\boxed{1.5}",
    "\\boxed{-1.01}",
    "\\boxed{1 or -1}",
    "\\boxed{\\pm 1}",
    "\\boxed{±1}",
    "\\boxed{1, -1}",
    "\\boxed{\\frac{1}{1}}",
    "\\boxed{x=1}",
    "\\boxed{x_1}",
    "\\boxed{1^\\circ}",
    "\\boxed{1\\%}",
    "\\boxed{\\$1}",
    "\\boxed{\\{1\\}}",
    "\\boxed{1\\text{ cm}}",
    "\\boxed{|-1|}",
    "\\boxed{--1}",
    "\\boxed{-(-1)}",
    "\\boxed{(-1)(1)}",
    "\\boxed{1!}",
    "\\boxed{}",
    "\\boxed{-}",
    "\\boxed{1",
    "The answer is going to be \\boxed{-1",
    "\\boxed 1",
    "sandbox{1}",
    "\\boxed{Step 1}",
    "\\boxed{1/2}",
  ]

  @Test(arguments: correct) func saysCorrect(text: String) { #expect(JudgementParser.judgement(in: text) == .correct) }

  @Test(arguments: incorrect) func saysIncorrect(text: String) {
    #expect(JudgementParser.judgement(in: text) == .incorrect)
  }

  @Test(arguments: none) func saysNothing(text: String) { #expect(JudgementParser.judgement(in: text) == nil) }

  @Test func thereAreEnoughOfThem() {
    #expect(Self.correct.count + Self.incorrect.count >= 60)
    #expect(Self.none.count >= 30)
  }

  @Test func hostileNestingIsReadInOnePass() {
    let deep = String(repeating: "\\boxed{", count: 100_000)
    #expect(JudgementParser.judgement(in: deep + "1" + String(repeating: "}", count: 100_000)) == .correct)
    #expect(JudgementParser.judgement(in: deep + "1") == nil)
    #expect(JudgementParser.judgement(in: String(repeating: "{", count: 1_000_000) + "\\boxed{-1}") == .incorrect)
  }
}
