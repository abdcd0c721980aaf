import CritiqueModel
import DatasetFormats
import DeepCriticCore
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ReviewStore

@Suite struct ImportTests {
  private func sample(_ name: String) -> String { packageRoot.appendingPathComponent("SampleData/\(name)").path }

  @Test func importingTwiceAddsNothing() throws {
    let bench = try TemporaryWorkspace()
    let first = try bench.workspace.importFile(sample("solutions.prm800k.jsonl"))
    #expect(first.added == 31 && first.records == 31 && first.bad == 0)
    let second = try bench.workspace.importFile(sample("solutions.prm800k.jsonl"))
    #expect(second.added == 0 && second.already == 31)
    #expect(try bench.workspace.statistics().solutions == 31)
  }

  @Test(arguments: [
    ["solutions.prm800k.jsonl", "critiques.deep.jsonl", "critiques.merged.jsonl"],
    ["critiques.merged.jsonl", "solutions.prm800k.jsonl", "critiques.deep.jsonl"],
  ])
  func stageFilesFindTheirSolutions(files: [String]) throws {
    let bench = try TemporaryWorkspace(samples: files)
    let statistics = try bench.workspace.statistics()
    #expect(statistics.solutions == 31)
    #expect(statistics.critiques == ["initial": 43, "deep": 43, "merged": 41])
    #expect(statistics.critiqued == ["initial": 14, "deep": 14, "merged": 13])
    #expect(statistics.contradictions == ["initial": 11, "deep": 1, "merged": 1])
  }

  @Test func theQueueShowsWhatTheFilesSay() throws {
    let bench = try TemporaryWorkspace(samples: [
      "solutions.prm800k.jsonl", "critiques.deep.jsonl", "critiques.merged.jsonl",
    ])
    let ids = try bench.workspace.queue(sort: .disagreement, reviewer: "rt")
    #expect(ids.count == 31)
    let rows = try bench.workspace.rows(ids, reviewer: "rt")
    #expect(rows[0].name == "solutions-11" && rows[0].disagreement.contains(.merged))
    #expect(rows[1].name == "solutions-22" && rows[1].disagreement.contains(.deep))
    let wrong = try bench.workspace.queue(sort: .imported, filter: QueueFilter("label:wrong"), reviewer: "rt")
    #expect(wrong.count == 18)
    let words = try bench.workspace.queue(sort: .imported, filter: QueueFilter("croissant coff"), reviewer: "rt")
    #expect(words == [1])
    let steps = try bench.workspace.queue(sort: .length, filter: QueueFilter("steps:>6"), reviewer: "rt")
    #expect(try bench.workspace.rows(steps, reviewer: "rt").map(\.stepCount) == [12, 7])
    #expect(throws: WorkspaceError.self) { try QueueFilter("state:nonsense") }
    #expect(throws: WorkspaceError.self) { try QueueFilter("steps:many") }
    for text in ["=", "\"", "% ^", "stat:todo", "labels:>3"] {
      #expect(throws: WorkspaceError.self, "\(text)") { try QueueFilter(text) }
    }
    #expect(try QueueFilter(" ").isEmpty)
    #expect(try QueueFilter("\"stat:todo\" 3:5").words.map(\.text) == ["stat", "todo", "3", "5"])
    #expect(try QueueFilter("label:wrong").revealsLabels && QueueFilter("differs:deep").revealsLabels)
    #expect(try QueueFilter("differs:me").revealsLabels && QueueFilter("has:deep").revealsLabels)
    #expect(try !QueueFilter("state:todo steps>3 prime").revealsLabels)
    for text in [
      "' OR 1=1 --", "a*b", "x^2", "\\frac", "NEAR(", "source:'", "3:5", "http://x", "हिन्दी", "e\u{301}t", "\"stat:todo\"",
      "\u{1F600} x", "\u{10D4A}\u{10D4B}", "AND",
    ] {
      _ = try bench.workspace.queue(sort: .todo, filter: QueueFilter(text), reviewer: "r'); DROP TABLE event; --")
    }
  }

  @Test func badLinesAreReportedCountedAndKept() throws {
    let bench = try TemporaryWorkspace()
    let good = try String(contentsOfFile: sample("solutions.prm800k.jsonl"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
    let path = try bench.file(
      "mixed.jsonl", [good[0], "{\"broken\": ", good[1], String(good[2].prefix(300))].joined(separator: "\n"))
    var reported: [String] = []
    let summary = try bench.workspace.importFile(path) { _ in
    } onBad: {
      reported.append("\($0)")
    }
    #expect(summary.added == 2 && summary.bad == 2 && summary.records == 4)
    #expect(reported.count == 2)
    #expect(reported[0].hasPrefix("\(path):2: ") && reported[1].hasPrefix("\(path):4: "))
    #expect(try bench.workspace.badRecords().map(\.line) == [2, 4])
  }

  @Test func aWrongFormatCanBeCorrected() throws {
    let bench = try TemporaryWorkspace()
    let path = sample("processbench.sample.json")
    #expect(try bench.workspace.importFile(path, options: ImportOptions(format: .generic)).already == 0)
    let again = try bench.workspace.importFile(path, options: ImportOptions(format: .processbench))
    #expect(again.already == 0 && again.added + again.further == 4)
    #expect(try bench.workspace.importFile(path).already == 4)
  }

  @Test func correctedLinesAreBadNoMore() throws {
    let bench = try TemporaryWorkspace()
    let good = try String(contentsOfFile: sample("solutions.prm800k.jsonl"), encoding: .utf8)
    _ = try bench.workspace.importFile(try bench.file("a.jsonl", good + "{\"cut\": "))
    _ = try bench.workspace.importFile(try bench.file("b.jsonl", good + "{\"cut\": "))
    #expect(try bench.workspace.badRecords().map { ($0.file as NSString).lastPathComponent } == ["b.jsonl", "a.jsonl"])
    _ = try bench.workspace.importFile(try bench.file("b.jsonl", good))
    #expect(try bench.workspace.badRecords().map { ($0.file as NSString).lastPathComponent } == ["a.jsonl"])
    #expect(try bench.workspace.statistics().badRecords == 1)
  }

  @Test func recordsAreNamedAfterTheirFile() {
    for (path, stem) in [
      ("/x/solutions.prm800k.jsonl", "solutions"), ("critiques.deep.jsonl", "critiques.deep"),
      ("critiques.merged.jsonl.gz", "critiques.merged"), ("a.b.txt", "a.b"), ("prm800k.jsonl", "prm800k"),
      ("plain", "plain"), (".jsonl", "jsonl"),
    ] {
      #expect(ImportFeed.stem(of: path) == stem)
    }
  }

  @Test func strictImportsNothingOfABadFile() throws {
    let bench = try TemporaryWorkspace()
    let good = try String(contentsOfFile: sample("solutions.prm800k.jsonl"), encoding: .utf8)
    let path = try bench.file("bad.jsonl", good + "{\"cut\": ")
    #expect(throws: StrictImportError.self) {
      try bench.workspace.importFile(path, options: ImportOptions(strict: true))
    }
    #expect(try bench.workspace.statistics().solutions == 0)
  }

  @Test func reviewsGivenBeforeTheImportAppear() throws {
    let source = try TemporaryWorkspace(samples: ["solutions.prm800k.jsonl"])
    let key = try source.keys()[0]
    let bench = try TemporaryWorkspace()
    for step in 1...6 {
      try bench.workspace.record(
        ReviewDecision(solution: key, step: step, .verdict(.correct)), by: ReviewContext(reviewer: "rt"))
    }
    #expect(try bench.workspace.progress(of: "rt", midnight: 0).done == 0)
    _ = try bench.workspace.importFile(sample("solutions.prm800k.jsonl"))
    #expect(try bench.workspace.progress(of: "rt", midnight: 0).done == 1)
    #expect(try bench.workspace.rows([1], reviewer: "rt").first?.state == .complete)
    // The label has a wrong step; this reviewer found none.
    #expect(try bench.workspace.rows([1], reviewer: "rt").first?.differingVerdicts == 1)
  }

  @Test func reviewsMergedByOthersDuringAnImportAppear() throws {
    let source = try TemporaryWorkspace(samples: ["solutions.prm800k.jsonl"])
    let key = try source.keys()[0]
    let bench = try TemporaryWorkspace()
    let file = sample("solutions.prm800k.jsonl")
    let feed = try ImportFeed(path: file, options: ImportOptions())
    let writer = try ImportWriter(workspace: bench.workspace, path: file, format: feed.format, programVersion: "")
    try Workspace(at: bench.path).record(
      ReviewDecision(solution: key, step: 1, .verdict(.incorrect)), by: ReviewContext(reviewer: "rt"))
    var summary = ImportSummary(path: file, format: feed.format.rawValue)
    while let batch = try feed.next() { _ = try writer.write(batch, into: &summary) }
    #expect(try bench.workspace.rows([1], reviewer: "rt").first?.state == .complete)
  }

  @Test func anImportThatFailsLeavesDecisionsDurable() throws {
    let bench = try TemporaryWorkspace()
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try bench.workspace.importFile(sample("solutions.prm800k.jsonl")) { _ in throw Stop() }
    }
    let level = try bench.workspace.database.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
    #expect(level == 2)
  }

  @Test func anImportNoticesThatTheDatabaseWasReplaced() throws {
    let bench = try TemporaryWorkspace()
    #expect {
      try bench.workspace.importFile(sample("solutions.prm800k.jsonl")) { _ in
        try FileManager.default.removeItem(atPath: bench.workspace.databasePath)
      }
    } throws: {
      "\($0)".contains("workspace.sqlite was deleted or moved while the workspace was open")
    }
  }

  /// What came in goes out again, byte for byte, whatever keys it has.
  @Test(
    arguments: DataFolder.available,
    [
      ("processbench/gsm8k.json", 400), ("processbench/math.json", 1000), ("mr-gsm8k/processed_test.json", 1418),
      ("prm800k/samples.jsonl", 6),
    ])
  func filesComeBack(_ data: DataFolder, _ told: (name: String, count: Int)) throws {
    let file = try data.path(told.name)
    let count = told.count
    let bench = try TemporaryWorkspace()
    let summary = try bench.workspace.importFile(file)
    #expect(summary.records == count && summary.bad == 0)
    var lines: [String] = []
    let result = try bench.workspace.exportSolutions(
      as: try #require(DatasetFormat(rawValue: summary.format)), converting: false
    ) { lines.append(String(decoding: $0, as: UTF8.self).replacing("\n", with: " ")) }
    #expect(result.native == count)
    // Import of the export: nothing is new, so everything is the same record.
    let path = try bench.file("again.jsonl", lines.joined(separator: "\n"))
    let again = try bench.workspace.importFile(path)
    #expect(again.already == count && again.added == 0 && again.further == 0)
    // And semantically equal for an independent reader.
    let original = try JSONSerialization.jsonObject(with: wrapped(Data(contentsOf: URL(fileURLWithPath: file))))
    let exported = try JSONSerialization.jsonObject(with: Data(("[" + lines.joined(separator: ",") + "]").utf8))
    #expect((original as? NSArray) == (exported as? NSArray))
  }

  /// JSON Lines as an array; an array as it is.
  private func wrapped(_ data: Data) -> Data {
    let text = String(decoding: data, as: UTF8.self)
    if text.hasPrefix("[") { return data }
    return Data(("[" + text.split(separator: "\n").joined(separator: ",") + "]").utf8)
  }

  @Test func everySolutionCanBeOpened() throws {
    let bench = try TemporaryWorkspace(samples: [
      "solutions.prm800k.jsonl", "critiques.merged.jsonl", "processbench.sample.json",
    ])
    for id in try bench.workspace.queue(sort: .imported, reviewer: "rt") {
      let stored = try bench.workspace.solution(id)
      let row = try #require(try bench.workspace.rows([id], reviewer: "rt").first)
      #expect(stored.solution.steps.map(\.rating) == row.ratings)
      #expect(SolutionKey(of: stored.solution).description == stored.key)
    }
  }
}
