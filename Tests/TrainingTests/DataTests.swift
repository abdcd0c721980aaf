import Foundation
import Testing

@testable import Curation
@testable import ReviewStore
@testable import Training

@Suite struct DataTests {
  @Test func rowsAreKnownByTheirHash() throws {
    let bench = try Bench()
    let folder = try bench.data(rows: 5)
    let data = try TrainingData(folder, workspace: bench.workspace)
    #expect(data.rows == ["train.jsonl": 5] && data.kind == "sft")
    try bench.workspace.record(
      DatasetEntry(
        hash: data.hash, kind: "sft", format: "messages", path: folder, rows: 5, settings: "{}", programVersion: "t",
        at: 1),
      rows: [], events: [])
    #expect(try TrainingData(String(data.hash.prefix(8)), workspace: bench.workspace).hash == data.hash)
    // Runs keep the rows, whatever becomes of the folder.
    try data.keep(in: RunCatalog.dataFolder(bench.path, hash: data.hash))
    try FileManager.default.removeItem(atPath: folder)
    #expect(try TrainingData(data.hash, workspace: bench.workspace).rows == ["train.jsonl": 5])
    try FileManager.default.removeItem(atPath: bench.path + "/runs")
    let gone = #expect(throws: RunSettingError.self) { try TrainingData(data.hash, workspace: bench.workspace) }
    #expect("\(try #require(gone))".contains("no longer there; name the folder where it is now"))
  }

  @Test func aMovedFolderIsKnownAgainOnceItWasNamed() throws {
    let bench = try Bench()
    let folder = try bench.data(rows: 5)
    let data = try TrainingData(folder, workspace: bench.workspace)
    try bench.workspace.record(
      DatasetEntry(
        hash: data.hash, kind: "sft", format: "messages", path: folder, rows: 5, settings: "{}", programVersion: "t",
        at: 1),
      rows: [], events: [])
    let moved = bench.path + "/elsewhere"
    try FileManager.default.moveItem(atPath: folder, toPath: moved)
    #expect(throws: RunSettingError.self) { try TrainingData(data.hash, workspace: bench.workspace) }
    #expect(try TrainingData(moved, workspace: bench.workspace).hash == data.hash)
    #expect(try TrainingData(data.hash, workspace: bench.workspace).folder == moved)
    // Another set in its place is not taken for it; what runs kept is.
    try TrainingData(moved, workspace: nil).keep(in: RunCatalog.dataFolder(bench.path, hash: data.hash))
    try bench.append("{}\n", to: moved + "/train.jsonl")
    #expect(try TrainingData(data.hash, workspace: bench.workspace).folder.contains("/.data/"))
  }

  @Test func changedRowsAreNotTrainedOn() throws {
    let bench = try Bench()
    let folder = try bench.data()
    try bench.append("{}\n", to: folder + "/train.jsonl")
    let error = #expect(throws: RunSettingError.self) { try TrainingData(folder, workspace: nil) }
    #expect("\(try #require(error))".contains("are not those of its manifest"))
  }

  @Test(arguments: ["nothing-there", "abcdef12", ""]) func unknownNames(name: String) throws {
    let bench = try Bench()
    let error = #expect(throws: RunSettingError.self) { try TrainingData(name, workspace: bench.workspace) }
    #expect(error?.key == "data")
  }

  @Test func anArchiveIsOneThatOthersRead() async throws {
    let bench = try Bench()
    let manager = try bench.manager(trainer: "exit 0")
    let folder = try manager.name(
      try await manager.prepare(try bench.specification(), data: try bench.data(), asksEngine: false))
    let zip = try ZipArchive.of(folder)
    #expect(try zip == ZipArchive.of(folder))
    let file = bench.path + "/run.zip"
    try Data(zip).write(to: URL(fileURLWithPath: file))
    let done = try await python(
      """
      import sys, zipfile
      with zipfile.ZipFile(sys.argv[1]) as file: print(file.testzip(), *sorted(file.namelist()))
      """, [file])
    #expect(done.output.hasPrefix("None data/manifest.json data/train.jsonl launch.json"))
    #expect(done.output.contains("scripts/attend.py"))
  }
}
