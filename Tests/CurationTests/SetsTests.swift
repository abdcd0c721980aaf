import CritiqueModel
import DeepCriticCore
import Foundation
import Testing

@testable import Curation
@testable import ReviewStore

/// Exported sets: found by their hash wherever they are, compared row by row, with the decisions that changed something.
@Suite struct SetsTests {
  private func manifest(_ files: [String: Data]) throws -> [String: Any] {
    let data = try #require(files["manifest.json"])
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  private func rowEvents(_ files: [String: Data]) throws -> [[String]] {
    try #require(try manifest(files)["rows"] as? [[String: Any]]).map { $0["events"] as? [String] ?? [] }
  }

  private func keptOut(_ files: [String: Data]) throws -> [String] {
    (try manifest(files)["kept_out"] as? [[String: String]] ?? []).compactMap { $0["event"] }
  }

  // MARK: - Decisions that changed nothing

  @Test func aVerdictThatConfirmsTheLabelIsNoDecisionBehindTheRow() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("P", [1, -1])])
    try bench.decide(1, step: 1, .verdict, "1")
    try bench.decide(1, step: 2, .verdict, "-1")
    try bench.decide(1, step: 2, .adjudication, "-1", by: "chief")
    #expect(try await rowEvents(bench.export()) == [[]])
  }

  @Test func aVerdictWhereThereWasNoLabelIsNamed() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("P", [1, nil])])
    let verdict = try bench.decide(1, step: 2, .verdict, "-1")
    #expect(try await rowEvents(bench.export(.prm(.trlStepwise))) == [[verdict.uuid]])
  }

  @Test func aSettlementBetweenReviewersIsNamedAlsoWhereItGivesTheImportedLabel() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("P", [1, -1])])
    try bench.decide(1, step: 2, .verdict, "-1", by: "ana")
    try bench.decide(1, step: 2, .verdict, "1", by: "bo")
    let settled = try bench.decide(1, step: 2, .adjudication, "-1", by: "chief")
    #expect(try await rowEvents(bench.export()) == [[settled.uuid]])
  }

  @Test func soundJudgementsAreNotNamedAndUnsoundOnesOnlyWhereTheyChoseAnother() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("P", [-1])])
    func reference(_ text: String) -> String {
      CritiqueReference(stage: .merged, step: 1, key: CritiqueKey(stage: .merged, step: 1, text: text)).text
    }
    try bench.decide(1, step: 1, .soundness, "sound", basis: reference("1 because \\boxed{-1}"))
    #expect(try await rowEvents(bench.export()) == [[]])
    let unsound = try bench.decide(
      1, step: 1, .soundness, "unsound", by: "ana", basis: reference("1 because \\boxed{-1}"))
    try bench.add([try stageRow("Q", [-1])], "other.jsonl")
    #expect(try await keptOut(bench.export()) == [unsound.uuid])
  }

  @Test func onlyDecisionsThatCausedAReasonAreUnderKeptOut() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("P", [1, -1]), try stageRow("Q", [-1])])
    // Raised, lowered and raised again: the last one keeps it out.
    try bench.decide(1, step: 1, .flag, "1")
    try bench.decide(1, step: 1, .flag, "0")
    let flag = try bench.decide(1, step: 1, .flag, "1")
    try bench.decide(1, step: 2, .verdict, "-1")
    #expect(try await keptOut(bench.export()) == [flag.uuid])
    // A verdict that turns the label round leaves critiques that miss it.
    try bench.decide(1, step: 1, .flag, "0")
    let verdict = try bench.decide(1, step: 1, .verdict, "-1")
    #expect(try await keptOut(bench.export()) == [verdict.uuid])
  }

  @Test func aProblemFoundBadBySettlementNamesThatAlone() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("P", [1, -1]), try stageRow("Q", [-1])])
    try bench.decide(1, .mark, "bad_problem")
    let settled = try bench.decide(1, .adjudication, "-1", by: "chief")
    #expect(try await keptOut(bench.export()) == [settled.uuid])
  }

  // MARK: - Finding sets

  @Test func aFolderThatWasMovedIsFoundByItsHash() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("P", [1, -1])])
    _ = try await bench.export(to: "old")
    let entry = try #require(try bench.workspace.datasets().first)
    let moved = bench.path + "/elsewhere"
    try FileManager.default.moveItem(atPath: bench.path + "/old", toPath: moved)
    #expect(try bench.workspace.dataset(matching: moved)?.hash == entry.hash)
    // After the second look it is known.
    #expect(try bench.workspace.datasets().map(\.path) == [moved])
    #expect(try bench.workspace.dataset(matching: String(entry.hash.prefix(8)))?.path == moved)
    #expect(try bench.workspace.dataset(matching: String(entry.number))?.hash == entry.hash)
    // A copy does not take the place of the set that is still there.
    try FileManager.default.copyItem(atPath: moved, toPath: bench.path + "/copy")
    #expect(try bench.workspace.dataset(matching: bench.path + "/copy")?.hash == entry.hash)
    #expect(try bench.workspace.datasets().map(\.path) == [moved])
  }

  @Test func anotherSetInTheFolderIsNotTakenForTheOldOne() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("P", [1, -1]), try stageRow("Q", [-1])])
    _ = try await bench.export(to: "one")
    let first = try #require(try bench.workspace.datasets().first)
    try bench.decide(2, .placement, "out")
    _ = try await bench.export(to: "two")
    let second = try #require(try bench.workspace.datasets().first)
    try FileManager.default.removeItem(atPath: bench.path + "/one")
    try FileManager.default.moveItem(atPath: bench.path + "/two", toPath: bench.path + "/one")
    #expect(try bench.workspace.dataset(matching: bench.path + "/one")?.hash == second.hash)
    #expect(first.hash != second.hash)
  }

  // MARK: - Comparing

  @Test func aDifferenceNamesRowsAndTheDecisionsThatLedToThem() async throws {
    let bench = try Bench()
    try bench.add([
      try stageRow("P", [1, -1], initial: [-1, -1], deep: [-1, -1], merged: [-1, -1]), try stageRow("Q", [-1]),
      try stageRow("R", [1, -1]),
    ])
    let early = try bench.decide(3, .placement, "out")
    let critics = try bench.curator { $0.ignored = [.deepMissesLabel, .mergedContradictsLabel] }
    _ = try await bench.export(.sft(.messages), critics)
    let a = try #require(try bench.workspace.datasets().first)
    let verdict = try bench.decide(1, step: 1, .verdict, "-1")
    let out = try bench.decide(2, .placement, "out")
    let undone = try bench.workspace.record(
      ReviewDecision(solution: try bench.key(3), .placement(nil, note: "good after all")),
      by: ReviewContext(reviewer: "chief"))
    _ = try await bench.export(.sft(.messages), critics)
    let b = try #require(try bench.workspace.datasets().first)
    let difference = try bench.workspace.difference(from: a, to: b)
    #expect(difference.settings == [])
    #expect(difference.changed.map(\.solution) == [try bench.key(1)])
    #expect(difference.changed.first?.before?.firstError == 2 && difference.changed.first?.after?.firstError == 1)
    #expect(difference.changed.first?.labels.map(\.step) == [1, 2])
    #expect(difference.changed.first?.critiques == [2])
    #expect(difference.changed.first?.decisions.map(\.event) == [verdict.uuid])
    #expect(difference.dropped.map(\.solution) == [try bench.key(2)])
    #expect(difference.dropped.first?.decisions.map(\.event) == [out.uuid])
    #expect(difference.dropped.first?.decisions.first?.role == .keptOut)
    #expect(difference.added.map(\.solution) == [try bench.key(3)])
    #expect(difference.added.first?.decisions.map(\.event) == [undone.event.uuid])
    #expect(difference.added.first?.decisions.map(\.note) == ["good after all"])
    // The other way round what had been decided is what leads there.
    let back = try bench.workspace.difference(from: b, to: a)
    #expect(back.dropped.map(\.decisions).map { $0.map(\.event) } == [[early.uuid]])
    #expect(try bench.workspace.difference(from: a, to: a).changed == [])
  }

  @Test func anUndoIsWhatLedToARowThatCameBack() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("P", [1, -1]), try stageRow("Q", [-1])])
    try bench.decide(2, .placement, "out")
    _ = try await bench.export()
    let undo = try #require(try bench.workspace.undo(by: ReviewContext(reviewer: "rt"))).event
    _ = try await bench.export()
    let sets = try bench.workspace.datasets()
    let difference = try bench.workspace.difference(from: sets[1], to: sets[0])
    #expect(difference.added.first?.decisions.map(\.event) == [undo.uuid])
  }

  @Test func aSolutionThatTookThePlaceOfAnotherIsNamedWithItsDecisions() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("P", [-1], filler: "one"), try stageRow("P", [-1], filler: "two")])
    _ = try await bench.export()
    let taken = try #require(try bench.workspace.rows(ofDataset: bench.workspace.datasets()[0].hash).first).solution
    let other: Int64 = try bench.key(1) == taken ? 2 : 1
    let placed = try bench.decide(other, .placement, "in")
    _ = try await bench.export()
    let sets = try bench.workspace.datasets()
    let difference = try bench.workspace.difference(from: sets[1], to: sets[0])
    #expect(difference.dropped.first?.insteadOf == difference.added.first?.name)
    #expect(difference.dropped.first?.decisions.map(\.event) == [placed.uuid])
  }

  @Test func aSetOfAnEarlierVersionIsComparedByItsManifest() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("P", [1, -1])])
    _ = try await bench.export(to: "one")
    try bench.workspace.write { try $0.execute(sql: "UPDATE dataset_row SET labels = NULL, critiques = NULL") }
    let a = try #require(try bench.workspace.datasets().first)
    #expect(try bench.workspace.contents(of: a)[bench.key(1)]?.labels == "+-")
    #expect(try bench.workspace.contents(of: a)[bench.key(1)]?.critiques.keys.sorted() == [1, 2])
  }

  // MARK: - Writing

  @Test func missingFoldersAreMadeAndGoAgainWhenNothingIsWritten() async throws {
    let bench = try Bench()
    await #expect(throws: ExportError.self) { _ = try await bench.export(to: "no/such/folder") }
    #expect(!FileManager.default.fileExists(atPath: bench.path + "/no"))
    try bench.add([try stageRow("P", [1, -1])])
    #expect(try await bench.export(to: "no/such/folder").keys.contains("train.jsonl"))
  }

  @Test func anEmptyValidationShareLeavesNoFile() async throws {
    let bench = try Bench()
    try bench.add([try stageRow("P", [1, -1])])
    let curator = try bench.curator { $0.validation = 0.000_001 }
    let files = try await bench.export(.sft(.sharegpt), curator)
    #expect(files.keys.sorted() == ["dataset_info.json", "manifest.json", "train.jsonl"])
    #expect(!String(decoding: files["dataset_info.json"] ?? Data(), as: UTF8.self).contains("validation"))
    let report = try await curator.export(.sft(.messages), to: bench.path + "/set", program: "test 1")
    #expect(report.rows == ["train": 1, "validation": 0])
  }
}
