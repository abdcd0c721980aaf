import CritiqueModel
import DeepCriticCore
import Foundation
import GRDB
import Testing

@testable import ReviewStore

@Suite struct WorkspaceTests {
  @Test func aFolderWithoutAWorkspaceSaysHowToMakeOne() {
    #expect(throws: WorkspaceError.missing("/nowhere")) { try Workspace(at: "/nowhere") }
    #expect("\(WorkspaceError.missing("/nowhere"))".contains("deepcritic init"))
  }

  @Test func aWorkspaceIsNotMadeTwice() throws {
    let bench = try TemporaryWorkspace()
    #expect(throws: WorkspaceError.alreadyExists(bench.path)) { try Workspace.create(at: bench.path) }
  }

  @Test func aFileThatIsNoDatabaseIsNamed() throws {
    let path = NSTemporaryDirectory() + "deepcritic-nodb-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    try String(repeating: "not a database ", count: 100).write(
      toFile: path + "/workspace.sqlite", atomically: true, encoding: .utf8)
    #expect { try Workspace(at: path) } throws: { error in "\(error)".contains("not a database") }
  }

  @Test func aNewerVersionsWorkspaceIsRefused() throws {
    let bench = try TemporaryWorkspace()
    try bench.workspace.database.write {
      try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('9 from the future')")
    }
    #expect(throws: WorkspaceError.newerVersion(bench.path)) { try Workspace(at: bench.path) }
  }

  @Test func settingsAreReadAndMistakesNamed() throws {
    let bench = try TemporaryWorkspace()
    let defaults = try WorkspaceSettings(workspace: bench.workspace.settingsPath, user: nil)
    #expect(defaults == WorkspaceSettings())
    let good = try bench.file(
      "a.toml", "reviewer = \"ana\"\nmode = \"blind\"\ntheme = \"dark\"\n[keys]\n\"step.next\" = [\"n\", \"down\"]\n")
    let settings = try WorkspaceSettings(workspace: good, user: nil)
    #expect(settings.reviewer == "ana" && settings.mode == .blind && settings.keys["step.next"] == ["n", "down"])
    for (text, word) in [
      ("mode = \"open\"", "mode"), ("colour = 1", "colour"), ("reviewer = 3", "reviewer"), ("keys = 1", "keys"),
      ("[keys]\n\"undo\" = 5", "undo"), ("mode = ", "TOML"), ("generate = 1", "[generate]"),
    ] {
      let path = try bench.file("b.toml", text)
      #expect { try WorkspaceSettings(workspace: path, user: nil) } throws: { error in
        "\(error)".contains(word) && "\(error)".contains("b.toml")
      }
    }
  }

  /// In a shared folder decisions must carry the name of the one who made them, not of the one who made the folder.
  @Test func ownSettingsWinExceptForTheMode() throws {
    let bench = try TemporaryWorkspace()
    let shared = try bench.file(
      "shared.toml",
      """
      reviewer = "owner"
      mode = "blind"
      theme = "dark"
      [keys]
      "undo" = "u"
      "redo" = "r"
      [generate]
      model = "m"
      """)
    let own = try bench.file("own.toml", "reviewer = \"guest\"\nmode = \"audit\"\n[keys]\n\"undo\" = \"z\"\n")
    let settings = try WorkspaceSettings(workspace: shared, user: own)
    #expect(settings.reviewer == "guest" && settings.mode == .blind && settings.theme == "dark")
    #expect(settings.keys == ["undo": ["z"], "redo": ["r"]])
    #expect(
      settings.origins == [
        "reviewer": own, "mode": shared, "theme": shared, "keys.undo": own, "keys.redo": shared,
      ])
    #expect(try WorkspaceSettings(workspace: bench.path + "/none.toml", user: own).mode == .audit)
    #expect(SettingsFile.userPath(environment: ["HOME": "/h"]) == "/h/.config/deepcritic/settings.toml")
    #expect(
      SettingsFile.userPath(environment: ["HOME": "/h", "XDG_CONFIG_HOME": "/c"]) == "/c/deepcritic/settings.toml")
    #expect(SettingsFile.userPath(environment: [:]) == nil)
  }

  /// Reviewers write while an import runs: nobody sees "database is locked", and nothing is lost.
  @Test func reviewersAndAnImportShareTheDatabase() async throws {
    let bench = try TemporaryWorkspace(samples: ["solutions.prm800k.jsonl"])
    let keys = try bench.keys()
    let path = bench.path
    let sample = try String(
      contentsOfFile: packageRoot.appendingPathComponent("SampleData/solutions.prm800k.jsonl").path, encoding: .utf8)
    var many = ""
    for copy in 0..<60 { many += sample.replacing("\"problem\": \"", with: "\"problem\": \"Variant \(copy). ") }
    let file = try bench.file("many.jsonl", many)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { _ = try Workspace(at: path).importFile(file) }
      for reviewer in ["ana", "bo"] {
        group.addTask {
          let workspace = try Workspace(at: path)
          for round in 0..<50 {
            try workspace.record(
              ReviewDecision(solution: keys[round % keys.count], step: 1 + round % 3, .verdict(.correct)),
              by: ReviewContext(reviewer: reviewer))
            _ = try workspace.rows([1, 2, 3], reviewer: reviewer)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try bench.workspace.events().count == 100)
    #expect(try bench.workspace.statistics().solutions == 31 * 61)
    let kept = try bench.workspace.projectionDump()
    try bench.workspace.rebuildProjections()
    #expect(try bench.workspace.projectionDump() == kept)
  }

  /// SQLite's shortcut for files that nobody changes must not be taken where somebody may.
  @Test func onlyWhatNobodyCanWriteIsImmutable() throws {
    let bench = try TemporaryWorkspace()
    try bench.workspace.close()
    #expect(!Workspace.isImmutable(bench.path))
    func allow(_ folder: Int, _ file: Int) throws {
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: bench.path)
      try FileManager.default.setAttributes([.posixPermissions: file], ofItemAtPath: bench.path + "/workspace.sqlite")
      try FileManager.default.setAttributes([.posixPermissions: folder], ofItemAtPath: bench.path)
    }
    try allow(0o555, 0o644)
    #expect(!Workspace.isImmutable(bench.path))
    try allow(0o555, 0o444)
    #expect(Workspace.isImmutable(bench.path))
    try allow(0o755, 0o644)
    _ = try bench.file("workspace.sqlite-wal", "log")
    try allow(0o555, 0o444)
    #expect(!Workspace.isImmutable(bench.path))
    try allow(0o755, 0o644)
  }

  @Test func readsThatFailSayWhy() throws {
    let bench = try TemporaryWorkspace()
    try bench.workspace.database.write { try $0.execute(sql: "DROP TABLE review") }
    #expect(throws: WorkspaceError.self) { try bench.workspace.progress(of: "rt", midnight: 0) }
  }
}
