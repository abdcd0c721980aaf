import DeepCriticCore
import Terminal
import Testing

@testable import Workbench

/// Texts written in the window over the screen.
@Suite struct WritingBehaviour {
  @Test func aCritiqueIsChangedOnTheScreen() throws {
    let bench = try Bench()
    try bench.type("enter 3 e")
    #expect(bench.screen().contains("Your version of the merged critique of step 1"))
    try bench.type("alt->")
    bench.write(" And no more.")
    #expect(bench.screen().contains("(changed)"))
    try bench.type("ctrl-s")
    #expect(bench.model.message?.text.hasPrefix("Your version is used; the original is kept.") == true)
    #expect(bench.model.overlay == nil)
    #expect(bench.model.review?.critique(.merged)?.critique.critique.text.hasSuffix("And no more.") == true)
    try bench.type("u")
    #expect(bench.model.review?.critiques(.merged).count == 1)
  }

  @Test func aTextThatIsNotChangedIsNoVersion() throws {
    let bench = try Bench()
    try bench.type("enter 3 e ctrl-s")
    #expect(bench.model.message?.text == "The critique is as it was.")
    try bench.type("e escape")
    #expect(bench.model.overlay == nil && bench.model.message?.text == "Nothing changed.")
  }

  @Test func escapeAsksOnceBeforeItThrowsAway() throws {
    let bench = try Bench()
    try bench.type("enter 3 E")
    bench.write("Wrong.")
    try bench.type("escape")
    #expect(bench.model.message?.kind == .warning)
    #expect(bench.screen().contains("Wrong."))
    // Any other key means to continue.
    bench.write("!")
    try bench.type("escape")
    #expect(bench.screen().contains("Wrong.!"))
    try bench.type("escape")
    #expect(bench.model.overlay == nil)
    #expect(bench.model.review?.critiques(.merged).count == 1)
  }

  @Test func aCommentGrowsToSeveralLines() throws {
    let bench = try Bench()
    try bench.type("enter c")
    bench.write("first")
    try bench.type("alt-enter")
    bench.write("second")
    try bench.type("ctrl-s")
    #expect(bench.model.review?.view.comments.map(\.text) == ["first\nsecond"])
    // It opens in the window again, and a pasted text keeps its lines.
    try bench.type("c")
    bench.model.handlePaste("\r\nthird\r\n\tfourth")
    #expect(bench.screen().contains("Comment on step 1 (changed)"))
    try bench.type("ctrl-s")
    #expect(bench.model.review?.view.comments.map(\.text) == ["first\nsecond\nthird\n\tfourth"])
  }

  @Test func aPasteOfSeveralLinesIntoTheLineOpensTheWindow() throws {
    let bench = try Bench()
    try bench.type("enter c")
    bench.write("ac")
    try bench.type("left")
    bench.model.handlePaste("one\ntwo")
    try bench.type("ctrl-s")
    #expect(bench.model.review?.view.comments.map(\.text) == ["aone\ntwoc"])
    // One line stays in the line.
    try bench.type("j c")
    bench.model.handlePaste("plain\n")
    #expect(!bench.screen().contains("Comment on step 2 (changed)"))
    try bench.type("enter")
    #expect(bench.model.review?.view.comments.last?.text == "plain")
  }

  @Test func theWindowLivesInAnySize() throws {
    let bench = try Bench()
    try bench.type("enter 3 e")
    for size in [
      Size(width: 1, height: 1), Size(width: 200, height: 1), Size(width: 2, height: 40), Size(width: 60, height: 3),
      Size(width: 80, height: 10), Size(width: 120, height: 40),
    ] {
      bench.model.resize(to: size)
      let canvas = bench.model.draw(theme: .terminal)
      #expect(canvas.cursor != nil, "\(size)")
      bench.write("x")
    }
    #expect(bench.screen().contains("xxxxxx"))
  }

  @Test func theStepStaysInViewWhileItsCritiqueIsWritten() throws {
    for size in ScreenSnapshots.sizes {
      let bench = try Bench(size: size)
      try bench.type("enter 3 e")
      #expect(bench.screen().contains("▌  1"), "\(size)")
      try expectSnapshot(bench.screen(), "writing-\(size.width)x\(size.height)")
    }
  }
}
