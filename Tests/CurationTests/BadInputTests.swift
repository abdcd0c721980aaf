import CritiqueModel
import DatasetFormats
import Foundation
import ReviewStore
import Testing

@testable import Curation

/// What goes wrong is named, and nothing is half done.
@Suite struct BadInputTests {
  @Test func aTwoMegabyteCritiqueIsTooLongAndStopsNothing() async throws {
    let bench = try Bench()
    let filler = String(repeating: "é ", count: 1 << 20)
    try bench.add([try stageRow("P", [-1], filler: filler), try stageRow("Q", [-1])])
    let index = try await bench.curator().index()
    #expect(index.reasons(of: 1) == [.tooLong])
    #expect(index.included == [2])
    let all = try bench.curator { $0.maxCharacters = nil }
    let files = try await bench.export(.sft(.messages), all)
    #expect((files["train.jsonl"]?.count ?? 0) > 3 << 20)
    // The size told is the size written.
    let item = try all.item(1, benchmarks: try bench.workspace.benchmarkProblems())
    let row = try #require(try all.row(of: item))
    let size = [row.system ?? "", row.user, row.assistant].reduce(0) { $0 + $1.unicodeScalars.count }
    #expect(try all.decide(item.outline).size == size)
  }

  @Test func emptyTextsAreNamed() async throws {
    let bench = try Bench()
    let row = try stageRow("P", [1, -1])
    try bench.add([
      row.replacing(#""problem":"P""#, with: #""problem":"  ""#),
      row.replacing("2 because \\\\boxed{-1}", with: "   ").replacing(#""P"#, with: #""R"#),
    ])
    let index = try await bench.curator().index()
    #expect(index.reasons(of: 1) == [.emptyText])
    #expect(index.reasons(of: 2)?.isEmpty == false)
  }

  @Test func anEmptySetIsNotWritten() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("P", [1, nil])])
    await #expect(throws: ExportError.self) { try await bench.export() }
    #expect(!FileManager.default.fileExists(atPath: bench.path + "/set"))
    #expect(leftovers(bench) == [])
  }

  private func leftovers(_ bench: Bench) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: bench.path)) ?? []).filter { $0.hasSuffix(".tmp") }
  }

  @Test func anInterruptedExportLeavesTheOldSet() async throws {
    struct Stop: Error {}
    let bench = try Bench()
    try bench.add(try (0..<400).map { try stageRow("P \($0)", [1, -1]) })
    let before = try await bench.export()
    try bench.decide(1, .placement, "out")
    await #expect(throws: Stop.self) {
      _ = try await bench.curator().export(.sft(.messages), to: bench.path + "/set", program: "test 1") { _, all in
        if all > 0 { throw Stop() }
      }
    }
    var after: [String: Data] = [:]
    for name in before.keys { after[name] = FileManager.default.contents(atPath: bench.path + "/set/" + name) }
    #expect(after == before)
    #expect(leftovers(bench) == [])
  }

  @Test func aFolderWithOtherFilesIsNotReplaced() async throws {
    let bench = try Bench.samples()
    let folder = bench.path + "/mine"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "keep me".write(toFile: folder + "/notes.txt", atomically: true, encoding: .utf8)
    await #expect { try await bench.export(to: "mine") } throws: { "\($0)".contains("holds other files ('notes.txt')") }
    #expect(FileManager.default.contents(atPath: folder + "/notes.txt") == Data("keep me".utf8))
    await #expect { try await bench.export(to: "mine/notes.txt") } throws: {
      "\($0)".contains("there is a file of that name")
    }
  }

  @Test func whatAKilledExportLeftIsSweptAway() async throws {
    let bench = try Bench.samples()
    let dead = bench.path + "/.set.abc.deepcritic.tmp"
    let alive = bench.path + "/.set.abd.deepcritic.tmp"
    let fresh = bench.path + "/.set.abe.deepcritic.tmp"
    let others = bench.path + "/.set.abc.tmp"
    for folder in [dead, alive, fresh, others] {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try "half".write(toFile: folder + "/train.jsonl", atomically: true, encoding: .utf8)
      if folder == fresh { continue }
      try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: folder)
    }
    // Held as another process would.
    let descriptor = open(alive, O_RDONLY)
    TemporaryFiles.hold(descriptor)
    _ = try await bench.export()
    #expect(!FileManager.default.fileExists(atPath: dead))
    for folder in [alive, fresh, others] { #expect(FileManager.default.fileExists(atPath: folder)) }
    close(descriptor)
    _ = try await bench.export()
    #expect(!FileManager.default.fileExists(atPath: alive))
  }

  @Test(arguments: [
    ("seed = -1", "'curate.seed' must be a whole number"),
    ("precedence = [\"gold\", \"gold\"]", "at most once"),
    ("precedence = [\"god\"]", "not \"god\""),
    ("ignore = [\"no-critique\"]", "'curate.ignore' may name"),
    ("validation = 1.5", "'curate.validation' must be a number"),
    ("all_correct_limit = \"many\"", "or \"none\""),
    ("capp = 3", "is unknown"),
  ])
  func aWrongSettingIsNamed(line: String, words: String) throws {
    let path = NSTemporaryDirectory() + "deepcritic-settings-" + UUID().uuidString
    try "[curate]\n\(line)\n".write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect { try CurationSettings(path: path) } throws: { "\($0)".contains(words) }
  }

  @Test func settingsAreRead() throws {
    let path = NSTemporaryDirectory() + "deepcritic-settings-" + UUID().uuidString
    try """
    [curate]
    precedence = ["gold"]
    reviewers = ["rt"]
    seed = 7
    all_correct_limit = "none"
    max_characters = 100
    ignore = ["flagged"]
    benchmarks = ["phase2_test"]
    system = "none"
    validation = 0.1
    """.write(toFile: path, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let settings = try CurationSettings(path: path)
    var expected = CurationSettings()
    expected.labels.precedence = [.imported]
    expected.labels.reviewers = ["rt"]
    expected.seed = 7
    expected.allCorrectLimit = nil
    expected.maxCharacters = 100
    expected.ignored = [.flagged]
    expected.benchmarks = ["phase2_test"]
    expected.system = ""
    expected.validation = 0.1
    #expect(settings == expected)
  }

  @Test func aTokenizerThatIsNotThereIsNamed() throws {
    let bench = try Bench()
    #expect { try bench.curator { $0.tokenizer = "/no/such/tokenizer.json" } } throws: {
      "\($0)".contains("/no/such/tokenizer.json: the tokenizer's file cannot be read")
    }
  }
}
