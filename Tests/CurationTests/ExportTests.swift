import CritiqueModel
import DatasetFormats
import DeepCriticCore
import Foundation
import Testing

@testable import CritiqueGeneration
@testable import Curation
@testable import ReviewStore

/// Datasets as files.
@Suite struct ExportTests {
  private func lines(_ data: Data?) -> [[String: Any]] {
    String(decoding: data ?? Data(), as: UTF8.self).split(separator: "\n").compactMap {
      (try? JSONSerialization.jsonObject(with: Data($0.utf8))) as? [String: Any]
    }
  }

  @Test(arguments: SFTFormat.allCases) func exportingTwiceGivesTheSameBytes(format: SFTFormat) async throws {
    let bench = try Bench.samples()
    let curator = try bench.curator { $0.validation = 0.3 }
    let one = try await bench.export(.sft(format), curator)
    #expect(try await bench.export(.sft(format), curator, to: "again") == one)
    // Replacing a set gives the same again.
    #expect(try await bench.export(.sft(format), curator) == one)
    #expect(one.keys.contains("dataset_info.json") == (format != .promptCompletion))
    // Another workspace with the same contents gives the same bytes, too.
    let other = try Bench.samples()
    let theirs = try await other.export(.sft(format), try other.curator { $0.validation = 0.3 })
    #expect(theirs["train.jsonl"] == one["train.jsonl"])
    #expect(theirs["manifest.json"] == one["manifest.json"])
  }

  @Test func undoingEveryDecisionRestoresTheBytes() async throws {
    let bench = try Bench.samples()
    let before = try await bench.export()
    try bench.decide(1, step: 2, .verdict, "-1")
    try bench.decide(2, .placement, "out")
    try bench.decide(3, step: 1, .flag, "1", by: "ana")
    try bench.decide(5, .mark, "bad_problem")
    try bench.decide(6, step: 1, .adjudication, "-1")
    let changed = try await bench.export()
    #expect(changed["train.jsonl"] != before["train.jsonl"])
    for reviewer in ["rt", "ana"] {
      while try bench.workspace.undo(by: ReviewContext(reviewer: reviewer)) != nil {}
    }
    #expect(try await bench.export() == before)
  }

  @Test func everyShapeHoldsTheSameTexts() async throws {
    let bench = try Bench.samples()
    let plain = lines(try await bench.export(.sft(.messages))["train.jsonl"])
    let turns = try plain.map { try #require($0["messages"] as? [[String: String]]) }
    #expect(turns.allSatisfy { $0.map { $0["role"] } == ["system", "user", "assistant"] })
    for (row, turns) in zip(lines(try await bench.export(.sft(.promptCompletion))["train.jsonl"]), turns) {
      #expect(row["prompt"] as? [[String: String]] == Array(turns.prefix(2)))
      #expect(row["completion"] as? [[String: String]] == Array(turns.suffix(1)))
    }
    for (row, turns) in zip(lines(try await bench.export(.sft(.sharegpt))["train.jsonl"]), turns) {
      let said = try #require(row["conversations"] as? [[String: String]])
      #expect(said.map { $0["from"] } == ["human", "gpt"])
      #expect(said.map { $0["value"] } == turns.suffix(2).map { $0["content"] })
      #expect(row["system"] as? String == turns[0]["content"])
    }
    for (row, turns) in zip(lines(try await bench.export(.sft(.openai))["train.jsonl"]), turns) {
      #expect(Array(row.keys) == ["messages"])
      #expect(row["messages"] as? [[String: String]] == turns)
    }
    // Without a system turn there is none.
    let none = lines(try await bench.export(.sft(.messages), try bench.curator { $0.system = "" })["train.jsonl"])
    #expect((none.first?["messages"] as? [[String: String]])?.map { $0["role"] } == ["user", "assistant"])
  }

  @Test func theProgramsOwnReaderTakesItsRowsBack() async throws {
    let bench = try Bench.samples()
    let folder = bench.path + "/set"
    _ = try await bench.export(.sft(.deepcritic))
    let other = try Bench([folder + "/train.jsonl"])
    let there = try bench.workspace.rows(try await bench.curator().index().included, reviewer: "")
    let here = try other.workspace.rows(try other.workspace.queue(sort: .imported, reviewer: ""), reviewer: "")
    #expect(here.map(\.firstError) == there.map(\.firstError))
    #expect(here.map(\.stepCount) == there.map(\.stepCount))
  }

  @Test func noProblemIsOnBothSidesOfTheSplit() async throws {
    let bench = try Bench()
    try bench.add(
      try (0..<60).map { number in
        try stageRow("What is \(number / 3)?", [1, number % 2 == 0 ? -1 : 1], filler: "no \(number)")
      })
    let curator = try bench.curator {
      $0.validation = 0.4
      $0.ignored = [.duplicateProblem]
    }
    let files = try await bench.export(.sft(.deepcritic), curator)
    let train = Set(lines(files["train.jsonl"]).compactMap { $0["problem"] as? String })
    let validation = Set(lines(files["validation.jsonl"]).compactMap { $0["problem"] as? String })
    #expect(!train.isEmpty && !validation.isEmpty)
    #expect(train.isDisjoint(with: validation))
    #expect(lines(files["train.jsonl"]).count + lines(files["validation.jsonl"]).count == 60)
  }

  @Test func theManifestNamesRowsLabelsEventsAndCritiques() async throws {
    let bench = try Bench()
    try bench.add([
      try stageRow("P", [1, 1], initial: [1, -1], deep: [1, -1], merged: [1, -1]), try stageRow("Q", [-1]),
    ])
    let verdict = try bench.decide(1, step: 2, .verdict, "-1")
    let out = try bench.decide(2, .placement, "out")
    let files = try await bench.export()
    let data = try #require(files["manifest.json"])
    let manifest = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(manifest["format"] as? String == "deepcritic-dataset")
    #expect(manifest["program"] as? String == "test 1")
    #expect((manifest["kept_out"] as? [[String: String]])?.map { $0["event"] } == [out.uuid])
    let row = try #require((manifest["rows"] as? [[String: Any]])?.first)
    #expect(row["solution"] as? String == (try bench.key(1)))
    #expect(row["label_sources"] as? [String] == ["imported", "reviewer rt"])
    #expect(row["events"] as? [String] == [verdict.uuid])
    let critique = Critique(stage: .merged, step: 2, text: "2 because \\boxed{-1}")
    #expect((row["critiques"] as? [[String: Any]])?.last?["id"] as? String == CritiqueKey(of: critique).description)
  }

  @Test func aGeneratedCritiqueNamesItsTemplateAndModel() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("P", [-1], merged: [])].map { $0.replacing("[]", with: #"[""]"#) })
    let hash = [UInt8](repeating: 0xAB, count: 32)
    try bench.workspace.keepPrompt("t", hash: hash)
    let generation = try bench.workspace.generationID(
      of: GenerationSpecification(
        Stage.merged, model: "qwen", promptHash: hash, sampling: Sampling(temperature: 1, topP: 1, maxTokens: 9)))
    _ = try bench.workspace.record([
      (
        GeneratedSample(
          target: GenerationTarget(solution: 1, stage: .merged, step: 1), key: [UInt8](repeating: 1, count: 16),
          sample: 0, text: "No. \\boxed{-1}", finish: "stop", endpoint: "e"), generation
      )
    ])
    let files = try await bench.export()
    let text = String(decoding: try #require(files["manifest.json"]), as: UTF8.self)
    #expect(text.contains(#""model": "qwen", "template": "\#(String(repeating: "ab", count: 32))""#))
  }

  @Test func lineageIsWalkedBothWays() async throws {
    let bench = try Bench()
    try bench.add([
      try stageRow("P", [1, 1], initial: [1, -1], deep: [1, -1], merged: [1, -1]), try stageRow("Q", [-1]),
    ])
    let verdict = try bench.decide(1, step: 2, .verdict, "-1")
    let flag = try bench.decide(2, step: 1, .flag, "1")
    _ = try await bench.export()
    let dataset = try #require(try bench.workspace.datasets().first)
    #expect(dataset.kind == "sft" && dataset.rows == 1)
    #expect(try bench.workspace.rows(ofDataset: dataset.hash).map(\.solution) == [try bench.key(1)])
    #expect(
      Set(try bench.workspace.events(ofDataset: dataset.hash)) == [
        DatasetEvent(event: verdict.uuid, solution: try bench.key(1), role: .label),
        DatasetEvent(event: flag.uuid, solution: try bench.key(2), role: .keptOut),
      ])
    let link = try #require(try bench.workspace.lineage(ofSolution: try bench.key(1)).first)
    #expect(link.dataset == dataset)
    #expect(link.rows == [DatasetRow(number: 1, split: "train", solution: try bench.key(1), firstError: 2)])
    #expect(try bench.workspace.lineage(ofEvent: flag.uuid).map(\.dataset.hash) == [dataset.hash])
    #expect(try bench.workspace.lineage(ofEvent: flag.uuid).first?.rows == [])
    // The same set again is the same entry; another one is another.
    _ = try await bench.export(to: "elsewhere")
    #expect(try bench.workspace.datasets().map(\.path) == [bench.path + "/elsewhere"])
    try bench.decide(2, step: 1, .flag, "0")
    _ = try await bench.export()
    #expect(try bench.workspace.datasets().count == 2)
    #expect(try bench.workspace.lineage(ofSolution: try bench.key(1)).count == 2)
  }

  // MARK: - Step labels

  @Test func prm800kRowsCarryTheReviewersLabelsAndReadBack() async throws {
    let bench = try Bench.samples()
    try bench.decide(1, step: 2, .verdict, "-1")
    let files = try await bench.export(.prm(.prm800k))
    let other = try Bench([bench.path + "/set/train.jsonl"])
    let ids = try other.workspace.queue(sort: .imported, reviewer: "")
    let first = try other.workspace.solution(ids[0]).solution
    #expect(first.steps.map(\.rating) == [.correct, .incorrect, nil, nil, nil, nil])
    #expect(first.labeler == "rt")
    #expect(first.finishReason == .foundError)
    let original = try bench.workspace.solution(1).solution
    #expect(first.problem == original.problem && first.steps.map(\.text) == original.steps.map(\.text))
    // What nobody touched is as it came.
    let source = try String(
      contentsOf: packageRoot.appendingPathComponent("SampleData/solutions.prm800k.jsonl"), encoding: .utf8)
    let written = String(decoding: try #require(files["train.jsonl"]), as: UTF8.self).split(separator: "\n")
    #expect(written[1] == source.split(separator: "\n")[1])
    // Round trip: what was written, imported and written again, is the same.
    #expect(try await other.export(.prm(.prm800k))["train.jsonl"] == files["train.jsonl"])
  }

  @Test func stepwiseRowsEndAtTheFirstError() async throws {
    let bench = try Bench.golden()
    let rows = lines(try await bench.export(.prm(.trlStepwise))["train.jsonl"])
    #expect(rows.first?["prompt"] as? String == "What is $2+3$?")
    #expect(rows.first?["completions"] as? [String] == ["We add.", "2+3=6."])
    #expect(rows.first?["labels"] as? [Bool] == [true, false])
    // The one with a gap before the error cannot be held, and is named.
    let report = try await bench.curator().export(.prm(.trlStepwise), to: bench.path + "/set", program: "t")
    #expect(report.refused == ["stages-8"])
    #expect(rows.count == 8)
  }
}
