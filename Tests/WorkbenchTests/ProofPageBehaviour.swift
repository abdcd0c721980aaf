import DeepCriticCore
import Foundation
import Terminal
import TestSupport
import Testing

@testable import Workbench

/// A solution is read as a page, and judged with one key onwards.
@Suite struct ProofPageBehaviour {
  /// A solution with steps of some lines each, and no critiques.
  private func long(steps: Int, size: Size) throws -> Bench {
    let folder = try TemporaryFolder()
    let path = folder.path + "/long.jsonl"
    let texts = (1...steps).map { step in
      "Step number \(step) begins. " + String(repeating: "It goes on for a while. ", count: 9) + "End of \(step)."
    }
    let record: [String: Any] = [
      "id": "long-1", "generator": "made", "problem": "A long problem.", "steps": texts, "final_answer_correct": true,
      "label": -1,
    ]
    try JSONSerialization.data(withJSONObject: record).write(to: URL(fileURLWithPath: path))
    return try Bench(size: size, files: [path])
  }

  private func review(_ bench: Bench) throws -> ReviewModel { try #require(bench.model.review) }

  @Test(arguments: [Size(width: 120, height: 40), Size(width: 200, height: 60)])
  func everyStepStandsInFullWhileThereIsRoom(size: Size) throws {
    let bench = try Bench(size: size)
    try bench.type("enter")
    let screen = bench.screen()
    for words in [
      "so c + k = 14, and the bill gives 5c + 3k = 54.", "croissants and 8 coffees.", "= $48.60 in total.",
      "Therefore the group paid $6 more for croissants than for coffees.", "labels stop here · 1 more step",
    ] { #expect(screen.contains(words), "\(words)") }
    #expect(!screen.contains("lines 1"), "nothing of the page is out of view")
    if size.width == 200 {
      // Beside the page each critique is as tall as its text: none is cut, so none has a position.
      #expect(screen.firstMatch(of: /[0-9]+–[0-9]+\/[0-9]+/) == nil)
    }
  }

  @Test func aLongSolutionScrollsWithTheStepAndSaysWhereItIs() throws {
    for size in [Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 60, height: 14)] {
      let bench = try long(steps: 60, size: size)
      try bench.type("enter")
      #expect(bench.screen().contains("↓"))
      for step in 1...60 {
        let rows = bench.screen().split(separator: "\n", omittingEmptySubsequences: false)
        let lit = rows.indices.filter { rows[$0].contains("▌") }
        #expect(rows[try #require(lit.first)].contains(String(step)), "step \(step) at \(size)")
        #expect(bench.screen().contains("\(step) of 60"))
        if step > 1, step < 60, size.height >= 24 {
          // Two lines of what stands before and after it are in view.
          let page = try #require(ReviewView.layout(bench.reviewScreen))
          #expect(
            lit[0] - page.steps.y >= 2 && page.steps.maxY - 1 - lit[lit.count - 1] >= 2, "step \(step) at \(size)")
        }
        try bench.type("j")
      }
      #expect(bench.screen().contains("End of 60.") && !bench.screen().contains("↓"))
      try bench.type("home")
      #expect(bench.screen().contains("Step number 1 begins."))
    }
  }

  @Test func thePageIsScrolledByItselfAndComesBackToTheStep() throws {
    let bench = try long(steps: 60, size: Size(width: 80, height: 24))
    try bench.type("enter page-down page-down")
    #expect(!bench.screen().contains("Step number 1 begins."))
    #expect(try review(bench).step == 1)
    try bench.type("space")
    #expect(bench.screen().contains("Step number 1 begins."))
    #expect(try review(bench).step == 1)
    try bench.type("space")
    #expect(try review(bench).step == 2)
  }

  @Test func commentsStandBelowTheirStep() throws {
    let bench = try Bench()
    try bench.type("enter j c")
    bench.write("Why $\\frac{1}{2}$ here?")
    try bench.type("enter k")
    let rows = bench.screen().split(separator: "\n").map(String.init)
    let second = try #require(rows.firstIndex { $0.contains("croissants and 8 coffees.") })
    #expect(rows[(second + 1)...(second + 3)].contains { $0.contains("│ ") && $0.contains("Why") })
    #expect(!rows[rows.count - 2].contains("Why"), "the status line is for other things")
  }

  @Test func theListIsTheOtherWayAndIsRemembered() throws {
    let bench = try Bench()
    try bench.type("enter L j")
    #expect(bench.screen().contains("▸  2") && bench.screen().contains("│ Step 2"))
    try bench.type("L")
    #expect(bench.screen().contains("▌  2"))
    let old = try JSONDecoder().decode(LayoutChoice.self, from: Data(#"{"panes":2,"split":4}"#.utf8))
    #expect(old.panes == 2 && old.split == 4 && !old.showsList)
  }

  @Test func zoomKeepsTheStepInViewBesideACritique() throws {
    for size in ScreenSnapshots.sizes {
      let bench = try Bench(size: size)
      try bench.type("enter j 2 z")
      let screen = bench.screen()
      #expect(screen.contains("Step 2") && screen.contains("14 × $3 = $42"), "\(size)")
      #expect(screen.contains("Deep critique of step 2"), "\(size)")
      try bench.type("escape")
      #expect(bench.screen().contains("▌  2"))
    }
  }

  /// Columns follow the length of texts, and rows what each wants.
  @Test func roomIsSharedOutByWhatThereIsToRead() {
    let widths = ReviewLayout.widths([120, 900, 980], of: 120)
    #expect(widths.reduce(0, +) == 120 && widths[0] < widths[1] && widths[1] <= widths[2] && widths[0] >= 28)
    #expect(ReviewLayout.widths([0, 0, 0], of: 90).allSatisfy { $0 >= 28 })
    #expect(ReviewLayout.shares([4, 30, 30], of: 40) == [4, 18, 18])
    #expect(ReviewLayout.shares([4, 5, 6], of: 40) == [4, 5, 6])
  }

  @Test func spaceReadsTheWholeSolution() throws {
    for size in ScreenSnapshots.sizes {
      let bench = try Bench(size: size)
      try bench.type("enter")
      let count = try review(bench).stepCount
      var steps: [Int] = []
      var seen: Set<String> = []
      for _ in 0..<200 {
        let review = try review(bench)
        if steps.last != review.step { steps.append(review.step) }
        let screen = bench.screen()
        for words in ["the judgement is ⟦1⟧", "So the step is correct as it is stated"] where screen.contains(words) {
          seen.insert(words)
        }
        let before = screen
        try bench.type("space")
        if bench.screen() == before { break }
        if bench.model.message?.text.contains("open") == true { break }
      }
      #expect(steps == Array(1...count), "\(size)")
      #expect(seen.count == 2, "critiques were read to their ends at \(size)")
      #expect(bench.model.message?.text == "6 steps are open. ⏎ goes to the next one.")
    }
  }

  @Test func enterGoesToWhatIsOpenAndOnWhenNothingIs() throws {
    let bench = try Bench()
    let ids = bench.queue.ids
    // Steps 1 and 2 have verdicts; from 2 onwards, enter visits the open ones and comes round.
    try bench.type("enter y y home enter")
    #expect(try review(bench).step == 3)
    try bench.type("end enter")
    #expect(try review(bench).step == 3)
    try bench.type("]")
    #expect(bench.model.message?.text == "solutions-1: 4 steps are open.")
    #expect(try review(bench).stored.id == ids[1])
    try bench.type("[ home j j n")
    // The first error is found: nothing is open, and the next solution comes.
    #expect(try review(bench).openSteps.isEmpty)
    try bench.type("enter")
    #expect(try review(bench).stored.id == ids[1])
  }
}
