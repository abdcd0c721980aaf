import DeepCriticCore
import Terminal
import Testing

@testable import Workbench

/// Whole screens as text. The snapshot files are reviewed like code.
@Suite struct ScreenSnapshots {
  static let sizes = [Size(width: 80, height: 24), Size(width: 120, height: 40), Size(width: 200, height: 60)]

  private func name(_ screen: String, _ size: Size) -> String { "\(screen)-\(size.width)x\(size.height)" }

  @Test(arguments: sizes) func queue(size: Size) throws {
    let bench = try Bench(size: size)
    try expectSnapshot(bench.screen(), name("queue", size))
  }

  @Test(arguments: sizes) func queueByDisagreement(size: Size) throws {
    let bench = try Bench(size: size)
    try bench.type("t enter n q")
    try expectSnapshot(bench.screen(), name("queue-disagreement", size))
  }

  @Test(arguments: sizes) func reviewAudit(size: Size) throws {
    let bench = try Bench(size: size)
    try bench.type("enter y y y y")
    try expectSnapshot(bench.screen(), name("review-audit", size))
  }

  @Test(arguments: sizes) func reviewBlind(size: Size) throws {
    let bench = try Bench(size: size, mode: .blind)
    try bench.type("enter")
    try expectSnapshot(bench.screen(), name("review-blind", size))
  }

  @Test(arguments: sizes) func reviewStopsAtTheFirstError(size: Size) throws {
    let bench = try Bench(size: size)
    try bench.type("enter y n f k")
    try expectSnapshot(bench.screen(), name("review-stop", size))
  }

  @Test(arguments: sizes) func reviewWithoutCritiques(size: Size) throws {
    let bench = try Bench(size: size, files: ["processbench.sample.json"])
    try bench.type("enter j")
    try expectSnapshot(bench.screen(), name("review-plain", size))
  }

  @Test(arguments: sizes) func help(size: Size) throws {
    let bench = try Bench(size: size)
    try bench.type("enter ?")
    try expectSnapshot(bench.screen(), name("help", size))
  }

  @Test(arguments: sizes) func palette(size: Size) throws {
    let bench = try Bench(size: size)
    try bench.type("enter :")
    bench.write("undo")
    try expectSnapshot(bench.screen(), name("palette", size))
  }

  @Test(arguments: sizes) func settings(size: Size) throws {
    let bench = try Bench(
      size: size,
      settingsText:
        "reviewer = \"rt\"\ntheme = \"dark\"\n[review]\ndaily_goal = 30\n[keys]\n\"undo\" = [\"U\", \"u\"]\n")
    try bench.type("f8 j j")
    try expectSnapshot(bench.screen(), name("settings", size))
  }

  @Test(arguments: sizes) func generation(size: Size) throws {
    let bench = try Bench(
      size: size,
      settingsText: """
        [generate]
        endpoints = ["http://gpu-1:8000/v1", "http://gpu-2:8000/v1"]
        model = "Qwen/Qwen2.5-72B-Instruct"
        """)
    try bench.type("f2")
    bench.model.settle()
    try bench.type("ctrl-s")
    try expectSnapshot(bench.screen(), name("generation", size))
  }

  @Test(arguments: sizes) func generationBlind(size: Size) throws {
    let bench = try Bench(size: size, mode: .blind)
    try bench.type("f2")
    bench.model.settle()
    try bench.type("end enter")
    try expectSnapshot(bench.screen(), name("generation-blind", size))
  }

  @Test(arguments: sizes) func curation(size: Size) throws {
    let bench = try Bench(
      size: size,
      files: [
        "solutions.prm800k.jsonl", "processbench.sample.json", "critiques.deep.jsonl", "critiques.merged.jsonl",
      ])
    try bench.type("f3")
    bench.model.settle()
    try bench.type("j enter j j")
    try expectSnapshot(bench.screen(), name("curation", size))
  }

  @Test(arguments: sizes) func consequences(size: Size) throws {
    let bench = try Bench(size: size)
    try bench.type("enter j")
    bench.model.settle()
    try bench.type("p")
    try expectSnapshot(bench.screen(), name("consequences", size))
  }

  @Test(arguments: sizes, [FigureTopic.progress, .stages, .reviewers, .agreement])
  func statistics(size: Size, topic: FigureTopic) throws {
    let bench = try Bench(size: size)
    try bench.reviewedByTwo()
    try bench.type("f6")
    bench.model.settle()
    for _ in 0..<(FigureTopic.allCases.firstIndex(of: topic) ?? 0) { try bench.type("j") }
    try expectSnapshot(bench.screen(), name("statistics-\(topic.rawValue)", size))
  }

  @Test(arguments: sizes) func adjudication(size: Size) throws {
    let bench = try Bench(size: size)
    try bench.reviewedByTwo()
    try bench.type("f7")
    bench.model.settle()
    try bench.type("c")
    bench.write("Both signs change.")
    try bench.type("enter n j")
    try expectSnapshot(bench.screen(), name("adjudication", size))
  }

  @Test func commentLine() throws {
    let bench = try Bench(size: Size(width: 80, height: 24))
    try bench.type("enter c")
    bench.write("Why cancel a percentage?")
    try expectSnapshot(bench.screen(), "comment-80x24")
  }

  @Test func asciiLocale() throws {
    let bench = try Bench(size: Size(width: 80, height: 24), glyphs: .ascii)
    try bench.type("enter j j")
    try expectSnapshot(bench.screen(), "review-ascii-80x24")
  }

  @Test func emptyWorkspace() throws {
    let bench = try Bench(size: Size(width: 80, height: 24), files: [])
    try expectSnapshot(bench.screen(), "queue-empty-80x24")
  }

  /// No size, however small, may crash or draw outside.
  @Test func everySize() throws {
    let bench = try Bench()
    try bench.reviewedByTwo()
    for keys in ["", "enter", "? escape", ":", "escape c", "escape f6 j j j j j", "f7"] {
      try bench.type(keys)
      bench.model.settle()
      for width in [1, 2, 5, 10, 20, 39, 40, 41, 60, 79, 99, 100, 101, 160] {
        for height in 1...30 {
          bench.model.resize(to: Size(width: width, height: height))
          let lines = bench.screen().split(separator: "\n", omittingEmptySubsequences: false)
          #expect(lines.count <= height)
          #expect(lines.allSatisfy { DisplayWidth.of(String($0)) <= width })
        }
      }
      bench.model.resize(to: Size(width: 120, height: 40))
    }
  }
}
