import DeepCriticCore
import Terminal
import Testing

@testable import Workbench

/// The mouse: it moves and scrolls, and never decides.
@Suite struct PointingTests {
  private func click(_ bench: Bench, _ x: Int, _ y: Int) { bench.model.handle(PointerEvent(.press, x: x, y: y)) }

  /// Column and row of some words on the screen.
  private func place(_ bench: Bench, _ words: String) throws -> (x: Int, y: Int) {
    for (y, line) in bench.screen().split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if let range = line.range(of: words) {
        return (DisplayWidth.of(String(line[..<range.lowerBound])), y)
      }
    }
    throw Missing()
  }
  private struct Missing: Error {}

  @Test func aRowIsSelectedByOneClickAndOpenedByTheNext() throws {
    let bench = try Bench()
    click(bench, 10, 5)
    #expect(bench.model.queue.list.selected == 2)
    #expect(bench.model.review == nil)
    click(bench, 10, 5)
    #expect(bench.model.review?.stored.id == bench.model.queue.ids[2])
  }

  @Test func stepsAndPanesAreChosenAndTheWheelScrollsWhatLiesBelowIt() throws {
    let bench = try Bench()
    try bench.type("enter")
    let third = try place(bench, "  3  ")
    click(bench, third.x + 6, third.y)
    #expect(bench.model.review?.step == 3)
    let deep = try place(bench, "Deep")
    click(bench, deep.x, deep.y + 1)
    #expect(bench.model.review?.focus == .deep)
    let merged = try place(bench, "Merged")
    bench.model.resize(to: Size(width: 120, height: 24))
    bench.model.handle(PointerEvent(.wheelDown, x: merged.x, y: 20))
    #expect(bench.model.review?.focus == .deep)
    #expect((bench.model.review?.scroll[.merged] ?? 0) > 0)
  }

  @Test func theLineAboveTheCritiquesIsDragged() throws {
    let bench = try Bench()
    try bench.type("enter")
    let before = try place(bench, "▌  1").y
    let rule = try #require(ReviewView.layout(bench.reviewScreen)?.rule)
    click(bench, 50, rule)
    bench.model.handle(PointerEvent(.drag, x: 50, y: rule - 3))
    bench.model.handle(PointerEvent(.release, x: 50, y: rule - 3))
    #expect(ReviewView.layout(bench.reviewScreen)?.rule == rule - 3)
    bench.model.handle(PointerEvent(.drag, x: 50, y: rule))
    #expect(ReviewView.layout(bench.reviewScreen)?.rule == rule - 3)
    #expect(try place(bench, "▌  1").y == before)
  }

  @Test func hintsAreClickedButNoVerdictIsGivenSo() throws {
    let bench = try Bench()
    try bench.type("enter")
    let verdict = try place(bench, "y ✓ correct")
    click(bench, verdict.x, verdict.y)
    #expect(bench.model.review?.view.isEmpty == true)
    let keys = try place(bench, "? keys")
    click(bench, keys.x, keys.y)
    guard bench.model.overlay is HelpOverlay else {
      Issue.record("help did not open")
      return
    }
  }

  @Test func theMouseIsTakenAndLeft() throws {
    let bench = try Bench()
    #expect(!bench.model.usesMouse)
    try bench.type("f9")
    #expect(bench.model.usesMouse)
    #expect(bench.model.message?.text.contains("with shift it selects text") == true)
    try bench.type("f9")
    #expect(!bench.model.usesMouse)
  }
}
