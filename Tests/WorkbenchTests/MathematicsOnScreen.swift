import DeepCriticCore
import Terminal
import Testing

@testable import Workbench

/// Mathematics as mathematics, and the way back to its source.
@Suite struct MathematicsOnScreen {
  /// Solution 16: a matrix and a determinant.
  private func matrixReview(_ size: Size, glyphs: Glyphs = .unicode) throws -> Bench {
    let bench = try Bench(size: size, glyphs: glyphs)
    try bench.type("/")
    bench.write("eigenvalue")
    try bench.type("enter enter j")
    return bench
  }

  @Test(arguments: ScreenSnapshots.sizes) func matrix(size: Size) throws {
    try expectSnapshot(try matrixReview(size).screen(), "math-matrix-\(size.width)x\(size.height)")
  }

  @Test func matrixInASCII() throws {
    let screen = try matrixReview(Size(width: 120, height: 40), glyphs: .ascii).screen()
    try expectSnapshot(screen, "math-matrix-ascii-120x40")
  }

  @Test func sourceIsOneKeyAwayPaneByPane() throws {
    let bench = try matrixReview(Size(width: 120, height: 40))
    #expect(!bench.screen().contains("\\begin"))
    try bench.type("v")
    #expect(bench.screen().contains("\\begin{vmatrix}") || bench.screen().contains("\\det"))
    #expect(bench.screen().contains("⟦1⟧"), "the critiques stay readable")
    try bench.type("v 3 v")
    #expect(bench.screen().contains("\\lambda") && !bench.screen().contains("\\begin"))
    try bench.type("V")
    #expect(!bench.screen().contains("\\begin"))
    try bench.type("V")
    #expect(bench.screen().contains("\\boxed{1}") && bench.screen().contains("\\det"))
  }

  @Test func theStepIsShownBothWays() throws {
    let bench = try matrixReview(Size(width: 120, height: 40))
    let before = bench.screen()
    try bench.type("w")
    let both = bench.screen()
    #expect(both.contains("source") && both.contains("\\lambda") && both.contains("λ² − 7λ + 10"))
    try bench.type("w j k")
    #expect(bench.screen() == before)
  }

  @Test func copyingGivesTheSourceOfTheFocusedPane() throws {
    let bench = try matrixReview(Size(width: 120, height: 40))
    let stored = try #require(bench.model.review?.stored)
    try bench.type("ctrl-y")
    #expect(bench.model.takeEffect() == .copy(stored.solution.steps[1].text))
    try bench.type("2 ctrl-y")
    #expect(bench.model.takeEffect() == .copy(try #require(stored.critique(.deep, step: 2)).critique.text))
    try bench.type("shift-tab shift-tab ctrl-y")
    #expect(bench.model.takeEffect() == .copy(stored.solution.problem))
  }

  @Test func copyingInBlindModeDoesNotLeakTheCritique() throws {
    let bench = try Bench(mode: .blind)
    try bench.type("enter 3 ctrl-y")
    guard case .copy(let text) = bench.model.takeEffect() else {
      Issue.record("nothing was copied")
      return
    }
    #expect(!text.contains("boxed"))
  }

  /// A frame must never wait for the mathematics: the longest sample laid out again stays far below a frame's time.
  @Test func everySampleIsLaidOutAtEveryWidth() throws {
    let bench = try Bench(files: ["solutions.prm800k.jsonl", "critiques.merged.jsonl"])
    for id in bench.model.queue.ids {
      let stored = try bench.workspace.solution(id)
      for text in [stored.solution.problem] + stored.solution.steps.map(\.text) {
        for width in [1, 7, 20, 38, 60, 118] {
          for line in ReadableText.plain(text, width: width, mode: .rendered, ascii: false) where width >= 20 {
            #expect(DisplayWidth.of(line) <= width, "\(line)")
          }
        }
      }
    }
  }

  @Test func aBigFormulaInAListIsAnEllipsisAlsoWhereItIsCut() {
    let cache = TextCache(isASCII: false)
    let cut = #"If $$\begin{array}{@{}l@{\;}l} && & P_b \\ & \times & & P_b \\ \cline{2-4} & & 3"#
    #expect(cache.oneLine(start: cut, source: false) == "If …")
    #expect(cache.oneLine(start: cut + #" \end{array}$$ where $b$ is"#, source: false) == "If … where b is")
    #expect(cache.oneLine(start: "It costs $5 and more", source: false) == "It costs $5 and more")
  }
}
