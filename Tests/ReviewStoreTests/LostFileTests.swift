import CritiqueModel
import DeepCriticCore
import Foundation
import GRDB
import TestSupport
import Testing

@testable import ReviewStore

/// Files of an open database that are deleted, replaced or overwritten by somebody else.
@Suite struct LostFileTests {
  private let key = "0123456789abcdef0123456789abcdef"
  private let rt = ReviewContext(reviewer: "rt")

  private func decide(_ workspace: Workspace, _ step: Int) throws {
    try workspace.record(ReviewDecision(solution: key, step: step, .verdict(.correct)), by: rt)
  }

  enum Harm: String, CaseIterable {
    case logDeleted, logReplaced, logEmptied, indexDeleted, databaseDeleted, databaseReplaced,
      databaseEmptied
    case databaseCut, databaseOverwritten, databaseCopiedOver

    func happen(to path: String) throws {
      let file = path + "/workspace.sqlite"
      let files = FileManager.default
      switch self {
      case .logDeleted: try files.removeItem(atPath: file + "-wal")
      case .logReplaced:
        try files.moveItem(atPath: file + "-wal", toPath: file + "-old")
        try Data(count: 5).write(to: URL(fileURLWithPath: file + "-wal"))
      case .indexDeleted: try files.removeItem(atPath: file + "-shm")
      case .databaseDeleted: try files.removeItem(atPath: file)
      case .databaseReplaced:
        try files.removeItem(atPath: file)
        try Data("other".utf8).write(to: URL(fileURLWithPath: file))
      case .databaseEmptied: truncate(file, 0)
      case .logEmptied: truncate(file + "-wal", 0)
      case .databaseCut:
        let size = try files.attributesOfItem(atPath: file)[.size] as? Int ?? 0
        truncate(file, off_t(size / 2))
      case .databaseCopiedOver:
        // Another workspace, as 'cp' writes it: into the same file.
        let other = path + "-other"
        try Workspace.create(at: other).close()
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        try handle.write(contentsOf: Data(contentsOf: URL(fileURLWithPath: other + "/workspace.sqlite")))
        try files.removeItem(atPath: other)
      case .databaseOverwritten:
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: file))
        try handle.write(contentsOf: Data("text in the place of a database".utf8))
      }
    }
  }

  /// Nothing is acknowledged that another process cannot find, and what was acknowledged before can be had.
  @Test(arguments: Harm.allCases) func nothingIsAcknowledgedThatNobodyFinds(harm: Harm) throws {
    let bench = try TemporaryWorkspace()
    for step in 1...3 { try decide(bench.workspace, step) }
    try harm.happen(to: bench.path)
    var sentence = ""
    for _ in 0..<2 {
      #expect {
        try decide(bench.workspace, 4)
      } throws: { error in
        sentence = "\(error)"
        if case .lost = error as? WorkspaceError { return true }
        return false
      }
    }
    #expect(sentence.contains("while the workspace was open, so nothing more was written"))
    if harm == .logDeleted {
      #expect(sentence.contains("Everything that was saved before is in workspace.sqlite."))
      let again = try Workspace(at: bench.path)
      #expect(try again.events().map(\.step) == [1, 2, 3])
      #expect(try again.integrityProblems(thorough: true) == [])
    } else if harm == .logEmptied {
      // What is only in the log is gone with it, or still in memory.
      #expect(
        sentence.contains("rescued-reviews-") || sentence.contains("Do not end the program before you have a copy"))
    } else {
      let name = try #require(
        FileManager.default.contentsOfDirectory(atPath: bench.path).first { $0.hasPrefix("rescued-reviews-") })
      #expect(sentence.contains(name))
      let other = try TemporaryWorkspace()
      #expect(try other.workspace.importFile(bench.path + "/" + name).events == 3)
    }
    // Whoever waits for keys hears it too, and closing does no harm.
    #expect(throws: WorkspaceError.self) { try bench.workspace.checkFiles() }
    try bench.workspace.close()
  }

  /// The index is mapped into memory, where reading what was cut off ends a process; it is made again instead.
  @Test func anIndexThatWasEmptiedIsMadeAnew() throws {
    let bench = try TemporaryWorkspace()
    try decide(bench.workspace, 1)
    truncate(bench.path + "/workspace.sqlite-shm", 0)
    try bench.workspace.checkFiles()
    try decide(bench.workspace, 2)
    #expect(try bench.workspace.events().map(\.step) == [1, 2])
    #expect(try Workspace(at: bench.path).events().map(\.step) == [1, 2])
  }

  /// A file that is lost between a write and its acknowledgement.
  @Test func aWriteIsLookedAtAgainBeforeItIsAcknowledged() throws {
    let bench = try TemporaryWorkspace()
    try decide(bench.workspace, 1)
    #expect(throws: WorkspaceError.self) {
      try bench.workspace.write { _ in try Harm.databaseDeleted.happen(to: bench.path) }
    }
  }

  /// Other processes come and go without a false alarm.
  @Test func othersThatOpenAndCloseAreNoLoss() throws {
    let bench = try TemporaryWorkspace()
    for step in 1...5 {
      let other = try Workspace(at: bench.path)
      try decide(other, step)
      try decide(bench.workspace, step + 10)
      try other.close()
      try bench.workspace.checkFiles()
    }
    #expect(try bench.workspace.events().count == 10)
  }
}

/// Files in the place of a database that are none of ours.
@Suite struct ForeignDatabaseTests {
  private final class Folder {
    let path = NSTemporaryDirectory() + "deepcritic-foreign-" + UUID().uuidString
    var file: String { path + "/workspace.sqlite" }

    init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(atPath: path) }
  }

  private func refusal(_ path: String) -> String {
    do {
      _ = try Workspace(at: path)
      return "opened"
    } catch { return "\(error)" }
  }

  @Test func anEmptyFileIsRefusedAndLeftForInit() throws {
    let folder = try Folder()
    try Data().write(to: URL(fileURLWithPath: folder.file))
    #expect(refusal(folder.path).contains("\(folder.path)/workspace.sqlite is empty"))
    #expect(refusal(folder.path).contains("deepcritic init"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file)).isEmpty)
    #expect(try Workspace.create(at: folder.path).events().isEmpty)
  }

  @Test(arguments: ["delete", "wal"]) func anotherProgramsDatabaseIsNotTouched(journal: String) throws {
    let folder = try Folder()
    for tables in ["CREATE TABLE places(url TEXT)", "CREATE TABLE grdb_migrations(identifier TEXT)"] {
      try? FileManager.default.removeItem(atPath: folder.file)
      let queue = try DatabaseQueue(path: folder.file)
      try queue.writeWithoutTransaction { db in
        try db.execute(
          sql:
            "PRAGMA journal_mode=\(journal); \(tables); CREATE INDEX i ON \(tables.contains("places") ? "places(url)" : "grdb_migrations(identifier)")"
        )
      }
      try queue.close()
      let before = try Data(contentsOf: URL(fileURLWithPath: folder.file))
      #expect(refusal(folder.path).contains("workspace.sqlite is the database of another program"))
      #expect { try Workspace.create(at: folder.path) } throws: {
        "\($0)".contains("already") || "\($0)".contains("another program")
      }
      #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file)) == before)
    }
  }

  @Test func aPipeIsRefusedAndNotWaitedFor() throws {
    let folder = try TemporaryFolder()
    #expect(mkfifo(folder.path + "/workspace.sqlite", 0o600) == 0)
    #expect {
      try Workspace(at: folder.path)
    } throws: {
      "\($0)".contains("workspace.sqlite is a pipe")
    }
  }

  @Test func textDirectoriesAndTruncatedFilesAreRefused() throws {
    let folder = try Folder()
    try Data(String(repeating: "some text ", count: 200).utf8).write(to: URL(fileURLWithPath: folder.file))
    #expect(refusal(folder.path).contains("workspace.sqlite is not a database"))
    try FileManager.default.removeItem(atPath: folder.file)
    try FileManager.default.createDirectory(atPath: folder.file, withIntermediateDirectories: false)
    #expect(refusal(folder.path).contains("workspace.sqlite is a directory"))
    let bench = try TemporaryWorkspace(samples: ["solutions.prm800k.jsonl"])
    try bench.workspace.close()
    truncate(bench.workspace.databasePath, 200_000)
    #expect(refusal(bench.path).contains("workspace.sqlite is damaged or cut short"))
  }
}

/// A small file system that fills up.
@Suite(.serialized, .enabled(if: SmallDisk.isPossible, "only root can make a small file system"))
struct FullDiskTests {
  private let key = "0123456789abcdef0123456789abcdef"
  private let rt = ReviewContext(reviewer: "rt")

  /// What was saved can be read when no byte more fits, whoever closed or crashed before.
  @Test(arguments: [true, false]) func aFullDiskCanBeRead(closed: Bool) throws {
    let disk = try SmallDisk(megabytes: 8)
    let path = disk.path + "/work"
    let first = try Workspace.create(at: path)
    for step in 1...3 { try first.record(ReviewDecision(solution: key, step: step, .verdict(.correct)), by: rt) }
    // A copy of the files is what a crash leaves: a log without its index.
    let crashed = disk.path + "/crashed"
    try FileManager.default.createDirectory(atPath: crashed, withIntermediateDirectories: false)
    if closed { try first.close() }
    for name in ["workspace.sqlite", "workspace.sqlite-wal"] where access(path + "/" + name, F_OK) == 0 {
      try FileManager.default.copyItem(atPath: path + "/" + name, toPath: crashed + "/" + name)
    }
    try disk.fill()
    let workspace = try Workspace(at: crashed)
    #expect(workspace.refusal == .fullWhenOpened(crashed))
    #expect(try workspace.events().map(\.step) == [1, 2, 3])
    #expect(try workspace.views(of: key)["rt"]?.verdicts.count == 3)
    #expect(try Workspace(at: crashed).events().count == 3, "two at a time")
    #expect { try workspace.record(ReviewDecision(solution: key, step: 4, .verdict(.correct)), by: rt) } throws: {
      "\($0)".contains("the disk is full, so the workspace is open for reading only")
    }
    try workspace.close()
    try disk.empty()
    let again = try Workspace(at: crashed)
    #expect(!again.isReadOnly)
    try again.record(ReviewDecision(solution: key, step: 4, .verdict(.correct)), by: rt)
    #expect(try again.events().map(\.step) == [1, 2, 3, 4])
  }

  /// A decision that does not fit is refused, what was acknowledged stays, and work continues when there is room.
  @Test func recordingSaysWhatFailed() throws {
    let disk = try SmallDisk()
    let workspace = try Workspace.create(at: disk.path + "/work")
    try disk.fill()
    var kept = 0
    var refusal: (any Error)?
    for step in 1...2000 where refusal == nil {
      do {
        try workspace.record(
          ReviewDecision(solution: key, step: step, .comment(String(repeating: "x", count: 500))), by: rt)
        kept += 1
      } catch { refusal = error }
    }
    #expect(refusal as? WorkspaceError == .diskFull(disk.path + "/work"))
    #expect(try workspace.events().count == kept)
    #expect(try workspace.projectionDifferences() == 0)
    try disk.empty()
    try workspace.record(ReviewDecision(solution: key, step: 1, .verdict(.correct)), by: rt)
    #expect(try Workspace(at: disk.path + "/work").events().count == kept + 1)
  }
}

/// A few mebibytes of memory as a file system, unmounted with the value.
final class SmallDisk {
  static let isPossible: Bool = (try? SmallDisk()) != nil

  let path = NSTemporaryDirectory() + "deepcritic-disk-" + UUID().uuidString

  init(megabytes: Int = 2) throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard getuid() == 0, try run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "none", path) == 0 else {
      try FileManager.default.removeItem(atPath: path)
      throw POSIXError(.EPERM)
    }
  }

  deinit {
    _ = try? run("umount", "-l", path)
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Writes until nothing fits any more.
  func fill() throws {
    let file = open(path + "/filler", O_WRONLY | O_CREAT | O_APPEND, 0o600)
    defer { close(file) }
    let block = [UInt8](repeating: 1, count: 4096)
    while write(file, block, block.count) > 0 {}
  }

  func empty() throws { try FileManager.default.removeItem(atPath: path + "/filler") }

  private func run(_ arguments: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
