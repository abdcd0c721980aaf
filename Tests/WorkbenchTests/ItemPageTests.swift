import DeepCriticCore
import Foundation
import Recording
import Terminal
import TestSupport
import Testing

@testable import Workbench

/// One item on a page of its own.
@Suite struct ItemPageTests {
  private static let hostile =
    "</pre><script>alert(1)</script> [x](javascript:1) @octocat #12 http://evil.example | `code` \u{1B}[31m\n# head\n- item\n"
    + "1. one\n    code\n\n</details>\n---\n<!-- $a < b$ and \\( x | y \\) and $5 \\[ \\frac{1}{2} \\] ``` <b>"

  /// The sample solution of a line, as somebody sees it.
  private static func item(
    _ name: String, step: Int? = nil, mode: ReviewMode = .audit, verdict: Rating? = nil,
    reveal: Reveal = .solution
  ) throws -> ShownItem {
    let bench = try Bench(mode: mode)
    let id = try bench.workspace.solutionID(matching: name)
    let stored = try bench.workspace.solution(id)
    if let verdict {
      _ = try bench.workspace.record(
        ReviewDecision(solution: stored.key, step: 1, .verdict(verdict)),
        by: ReviewContext(reviewer: "rt", mode: mode))
    }
    return ShownItem(try bench.workspace.solution(id), step: step, reviewer: "rt", Visibility(mode, reveal: reveal))
  }

  /// An item all of whose texts are hostile.
  private static func hostileItem() throws -> ShownItem {
    let folder = try TemporaryFolder()
    let workspace = try Workspace.create(at: folder.path + "/w")
    let record: [String: Any] = [
      "id": "<b>name</b> | @octocat", "problem": hostile, "steps": [hostile, "plain"], "label": 0,
      "final_answer_correct": false,
    ]
    let data = try JSONSerialization.data(withJSONObject: [record])
    let file = folder.path + "/processbench.json"
    try data.write(to: URL(fileURLWithPath: file))
    _ = try workspace.importFile(file)
    let stored = try workspace.solution(1)
    _ = try workspace.record(
      ReviewDecision(solution: stored.key, step: 1, .comment(hostile)),
      by: ReviewContext(reviewer: "<i>", mode: .audit))
    return ShownItem(try workspace.solution(1), reviewer: "<i>", Visibility(.audit))
  }

  private static func pages(_ item: ShownItem) -> [(name: String, text: String)] {
    let canvas = ItemPicture.canvas(item, width: 120, theme: .terminal, glyphs: .unicode)
    return [
      ("text", ItemText(item, columns: 100, isSource: false, isASCII: false).lines.joined(separator: "\n")),
      ("ansi", Frame(canvas).ansiLines.joined(separator: "\n")), ("markdown", ItemMarkdown(item).page),
      ("html", ItemPage(item).page),
    ]
  }

  @Test func everyFormatShowsStepsVerdictsAndCritiques() throws {
    let item = try Self.item("solutions-13", verdict: .correct)
    for (name, page) in Self.pages(item) {
      for words in ["solutions-13", "Problem", "Step 2 of 5", "incorrect", "First error: 2", "rt"] {
        #expect(page.contains(words), "\(name) lacks \(words)")
      }
      let critiques = page.lowercased()
      for stage in ["initial", "deep", "merged"] { #expect(critiques.contains(stage), "\(name) lacks \(stage)") }
    }
  }

  @Test func blindReviewHidesTheSameInEveryFormat() throws {
    let item = try Self.item("solutions-13", mode: .blind)
    let all = try Self.item("solutions-13").stored
    let words = try #require(all.critique(.deep, step: 2)).critique.text.prefix(30)
    for (name, page) in Self.pages(item) {
      #expect(!page.contains(words), "\(name)")
      #expect(!page.contains("First error"), "\(name)")
      #expect(!page.contains("✗"), "\(name)")
      #expect(page.contains("hidden in blind mode"), "\(name)")
    }
    // A verdict opens nothing before the solution is finished; it is shown itself.
    let rated = try Self.item("solutions-13", mode: .blind, verdict: .correct)
    #expect(
      rated.steps.allSatisfy { $0.isHidden && $0.label == nil } && rated.steps[0].verdicts.map(\.rating) == [.correct])
    // Where a workspace shows it step by step, step 1 is open and the others are not.
    let open = try Self.item("solutions-13", mode: .blind, verdict: .correct, reveal: .step)
    #expect(open.steps.map(\.isHidden) == [false, true, true, true, true])
    #expect(open.steps[0].label == .correct && open.answer == nil && open.isAnswerHidden)
    // An error at step 1 finishes it.
    let finished = try Self.item("solutions-13", mode: .blind, verdict: .incorrect)
    #expect(finished.isOpen && finished.steps.allSatisfy { !$0.isHidden })
  }

  @Test func aStepByItselfIsShown() throws {
    let item = try Self.item("solutions-13", step: 2)
    for (name, page) in Self.pages(item) {
      #expect(page.contains("Step 2 of 5") && !page.contains("Step 3 of 5"), "\(name)")
    }
  }

  @Test func critiquesStandSideBySideWhereThereIsRoom() throws {
    let item = try Self.item("solutions-13", step: 2)
    let wide = Frame(ItemPicture.canvas(item, width: 120, theme: .terminal, glyphs: .unicode)).lines
    #expect(wide.contains { $0.contains("Initial  says ✓") && $0.contains("Merged  says ✗") })
    let narrow = Frame(ItemPicture.canvas(item, width: 60, theme: .terminal, glyphs: .unicode)).lines
    #expect(!narrow.contains { $0.contains("Initial") && $0.contains("Merged") })
    #expect(narrow.allSatisfy { DisplayWidth.of($0) <= 60 })
    // Nothing is cut off at any width.
    for lines in [wide, narrow] { #expect(!lines.contains { $0.contains("…") }) }
  }

  @Test func markdownKeepsFormulasAndFoldsWhatIsRight() throws {
    let page = ItemMarkdown(try Self.item("solutions-13")).page
    #expect(page.contains("| step | label | initial | deep | merged |"))
    #expect(page.contains("$\\boxed{-1}$"))
    let folds = page.ranges(of: "<details>").count
    #expect(folds == page.ranges(of: "</details>").count && folds > 0)
    // The wrong step's critiques are open.
    let start = try #require(page.range(of: "#### Step 2 of 5"))
    let end = try #require(page.range(of: "#### Step 3 of 5"))
    #expect(!page[start.upperBound..<end.lowerBound].contains("<details>"))
  }

  @Test func formulasOfEveryKindBecomeDollars() {
    #expect(MarkdownText.escaped("a \\(x_1 < y\\) b") == "a $x_1 \\lt  y$ b")
    #expect(MarkdownText.escaped("see\n\\[\n\\frac{1}{2}\n\\]\nso") == "see\n\n$$\\frac{1}{2}$$\n\nso")
    #expect(MarkdownText.escaped("$$a$$") == "$$a$$")
    #expect(MarkdownText.escaped("it costs $5.") == "it costs \\$5.")
    #expect(MarkdownText.escaped("buy at $5 and sell at $3.") == "buy at \\$5 and sell at \\$3.")
    #expect(MarkdownText.escaped("$5 and $x$ and a$y$$z$b") == "\\$5 and $x$ and a&#8288;$y$&#8288;$z$&#8288;b")
    #expect(MarkdownText.escaped("$5%$ of \\\\frac{1}{2} \\[ x") == "$5\\%$ of $\\frac{1}{2}$ \\\\&#91; x")
    #expect(MarkdownText.escaped("so \\boxed{-1}.") == "so $\\boxed{-1}$.")
    #expect(MarkdownText.escaped("\\([x](http://e)\\)") == "` \\([x](http://e)\\) `")
    #expect(MarkdownText.escaped("$a~b$") == "$a\\ b$")
    #expect(MarkdownText.escaped("two\nlines\n\nend") == "two\\\nlines\n\nend")
    #expect(MarkdownText.escaped("- a\n2) b\n    c") == "\\- a\\\n2\\) b\\\n&nbsp;&nbsp;&nbsp;&nbsp;c")
    #expect(
      MarkdownText.escaped("www.x.y http://z @who #7 **b**")
        == "www\\.x.y http:&#8288;//z @&#8288;who \\#&#8288;7 \\*\\*b\\*\\*")
  }

  @Test func hostileTextStaysText() throws {
    let item = try Self.hostileItem()
    for (name, page) in Self.pages(item) {
      #expect(!page.contains("\u{1B}[31m"), "\(name)")
      if name == "text" || name == "ansi" { continue }
      #expect(!page.contains("<script"), "\(name)")
      #expect(!page.contains("<b>"), "\(name)")
      #expect(page.ranges(of: "<details").count == page.ranges(of: "</details>").count, "\(name)")
    }
    let html = ItemPage(item).page
    #expect(html.ranges(of: "<pre").count == html.ranges(of: "</pre>").count)
    for word in ["src=", "url(", "@import", "href=\"http"] { #expect(!html.contains(word), "\(word)") }
    let markdown = ItemMarkdown(item).page
    for words in ["[x](", "@octocat", "http://evil", "\n# head", "\n- item", "\n1. one", "\n---", "<!--", "```"] {
      #expect(!markdown.contains(words), "\(words)")
    }
  }
}
