import Testing

@testable import CritiqueModel

@Suite struct SolutionTests {
  private func ratings(_ text: String) -> [Rating?] {
    text.map { $0 == "+" ? .correct : $0 == "0" ? .neutral : $0 == "-" ? .incorrect : nil }
  }

  @Test(arguments: [
    ("++0+", -1), ("++-", 3), ("-", 1), ("+-.", 2), (".-", 2), ("-+-", 1),
  ])
  func firstErrorIsTheFirstWrongStep(signature: String, boxed: Int) {
    #expect(FirstError(ratings: ratings(signature)).boxed == boxed)
  }

  @Test(arguments: ["", ".", "++.", "0..", "..+"])
  func withoutAWrongStepEveryStepMustBeRated(signature: String) {
    #expect(FirstError(ratings: ratings(signature)) == .unknown)
  }

  @Test func neutralCountsAsCorrect() {
    #expect(Rating.neutral.judgement == .correct)
    #expect(Rating.incorrect.judgement == .incorrect)
  }

  @Test func keysDependOnContentOnly() {
    let a = Solution(problem: "p", steps: [Step("x", rating: .correct), Step("y")], sourceID: "a", generator: "g")
    let b = Solution(problem: "p", steps: [Step("x", rating: .correct), Step("y")], sourceID: "b")
    #expect(SolutionKey(of: a) == SolutionKey(of: b))
    let others = [
      Solution(problem: "q", steps: a.steps), Solution(problem: "p", steps: [Step("x", rating: .correct)]),
      Solution(problem: "p", steps: [Step("x", rating: .neutral), Step("y")]),
      Solution(problem: "p", steps: [Step("xy", rating: .correct), Step("")]),
      Solution(problem: "px", steps: [Step("", rating: .correct), Step("y")]),
    ]
    for other in others { #expect(SolutionKey(of: other) != SolutionKey(of: a)) }
    #expect(SolutionKey(SolutionKey(of: a).description) == SolutionKey(of: a))
    #expect(SolutionKey("xyz") == nil)
  }

  /// The identity is part of files that travel between workspaces: it must never change.
  @Test func keysAreStable() {
    let solution = Solution(problem: "1+1?", steps: [Step("It is 2.", rating: .correct), Step("Done.", rating: nil)])
    #expect(SolutionKey(of: solution).description == "ed098b2b9adf13903b04d8894d98f311")
  }
}
