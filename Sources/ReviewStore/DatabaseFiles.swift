import DatasetFormats
import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// Which file a path leads to, whatever its name.
private struct FileIdentity: Equatable, Sendable {
  private let device: UInt64
  private let number: UInt64
  let size: Int64

  static func == (a: FileIdentity, b: FileIdentity) -> Bool { a.device == b.device && a.number == b.number }

  init?(path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    device = UInt64(facts.st_dev)
    number = UInt64(facts.st_ino)
    size = Int64(facts.st_size)
  }
}

/// The files of an open database: workspace.sqlite, its write-ahead log and the log's index.
///
/// SQLite keeps writing to a file after it was deleted or replaced, where no other process finds it. Hence they are looked at
/// before each write and after it: what went to a file that no other process can find is not acknowledged.
final class DatabaseFiles: Sendable {
  /// What became of a file.
  struct Loss: Sendable, Hashable {
    /// The file's name.
    var file: String
    /// "deleted or moved", "replaced by another file", "cut short", "overwritten".
    var what: String
  }

  private static let endings = ["", "-wal", "-shm"]
  private let database: String
  private let opened: [FileIdentity?]
  /// What is said about the first loss: it is looked into once.
  private let finding = Mutex<WorkspaceError?>(nil)

  private let isKept = Atomic(false)
  /// The sizes that were seen last: none of the files ever becomes shorter while it is open.
  private let sizes: Mutex<[Int64]>
  /// The number that the workspace was given when it was made; 0 for older ones.
  private let mark: Int

  /// Remembers the files of a database that has been read from.
  init(database: String, mark: Int) {
    self.database = database
    self.mark = mark
    opened = Self.endings.map { FileIdentity(path: database + $0) }
    sizes = Mutex(opened.map { $0?.size ?? 0 })
  }

  /// Throws when a file was lost, after saving what can be saved.
  ///
  /// - Parameter rescue: saves what the connection still sees; called once, with what was lost.
  func check(_ queue: DatabaseQueue, rescue: (Loss) -> WorkspaceError) throws {
    let loss = try loss(queue)
    let error: WorkspaceError? = finding.withLock { known in
      // What was put back is as it was.
      guard let loss else {
        known = nil
        return nil
      }
      // The first loss is the one to report: another connection may have put a file of its own there since.
      let error = known ?? rescue(loss)
      known = error
      return error
    }
    guard let error else { return }
    // At its end a connection moves its log into the database file; into a file with other content that would do harm.
    if !isKept.exchange(true, ordering: .relaxed) { _ = Unmanaged.passRetained(queue) }
    throw error
  }

  /// Whether the last look found a loss.
  var isLost: Bool { finding.withLock { $0 != nil } }

  private func loss(_ queue: DatabaseQueue) throws -> Loss? {
    for (place, (ending, before)) in zip(Self.endings, opened).enumerated() {
      let now = FileIdentity(path: database + ending)
      if now == before {
        let isShorter = sizes.withLock { sizes in
          defer { sizes[place] = max(sizes[place], now?.size ?? 0) }
          return (now?.size ?? 0) < sizes[place]
        }
        if !isShorter { continue }
        if ending == "-shm" {
          // It is mapped into memory: reading what was cut off would end the process. SQLite makes an empty index again.
          truncate(database + ending, off_t(sizes.withLock { $0[place] }))
          continue
        }
        return Loss(file: Workspace.databaseName + ending, what: "cut short")
      }
      // The log's index need not be there for a connection that has it to itself.
      if before == nil { continue }
      return Loss(
        file: Workspace.databaseName + ending, what: now == nil ? "deleted or moved" : "replaced by another file")
    }
    guard let header = try queue.unsafeReentrantRead(Self.header) else { return nil }
    // Before the log is first moved into the file, the file lacks the number.
    let now = Self.mark(in: header)
    if header.starts(with: Array("SQLite format 3\0".utf8)), now == 0 || now == mark { return nil }
    return Loss(file: Workspace.databaseName, what: "overwritten")
  }

  /// The number of a workspace in the first 64 bytes of its file (SQLite's `user_version`).
  static func mark(in header: some Collection<UInt8>) -> Int {
    header.dropFirst(60).prefix(4).reduce(0) { $0 << 8 | Int($1) }
  }

  /// The first 64 bytes of the file; `nil` when it cannot be read. Read through SQLite's own file: opening another one would,
  /// when it is closed, let go of the locks of this process.
  private static func header(_ db: Database) -> [UInt8]? {
    var pointer: UnsafeMutablePointer<sqlite3_file>?
    guard sqlite3_file_control(db.sqliteConnection, "main", SQLITE_FCNTL_FILE_POINTER, &pointer) == SQLITE_OK,
      let pointer, let read = pointer.pointee.pMethods?.pointee.xRead
    else { return nil }
    var header = [UInt8](repeating: 0, count: 64)
    let code = header.withUnsafeMutableBytes { read(pointer, $0.baseAddress, 64, 0) }
    // A read that fails is not a finding about the file: the transaction says what is wrong.
    if code != SQLITE_OK, code != ResultCode.SQLITE_IOERR_SHORT_READ.rawValue { return nil }
    return header
  }
}

/// Makes an empty file, unless there is one.
func makeIfMissing(_ path: String) {
  let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
  if file >= 0 { close(file) }
}

extension Workspace {
  /// Looks whether the files of the open database are still those that other processes find.
  ///
  /// Called before and after each write, and by whoever waits for keys. When one is gone nothing more is written, and what was
  /// saved is rescued: a log that was only deleted is moved into the database, else the decisions are written to a
  /// reviews file.
  ///
  /// - Throws: ``WorkspaceError/lost(_:what:rescue:)``.
  public func checkFiles() throws {
    if isReadOnly { return }
    try files.check(database.queue) { loss in
      let what = "\(loss.file) was \(loss.what) while the workspace was open, so nothing more was written"
      return .lost(path, what: what, rescue: moveLogIntoDatabase(loss) ?? writeRescue())
    }
  }

  /// Moves a log that was deleted into the database file, as long as no other process can have begun another log.
  private func moveLogIntoDatabase(_ loss: DatabaseFiles.Loss) -> String? {
    let log = databasePath + "-wal"
    guard loss.file == Self.databaseName + "-wal", access(log, F_OK) != 0 else { return nil }
    let row = try? database.writeWithoutTransaction { try Row.fetchOne($0, sql: "PRAGMA wal_checkpoint(PASSIVE)") }
    guard let row, row[0] == 0, (row[1] as Int) == (row[2] as Int), access(log, F_OK) != 0 else { return nil }
    return "Everything that was saved before is in \(Self.databaseName). End the program and open the workspace again."
  }

  private func writeRescue() -> String {
    let name = "rescued-reviews-\(Int(Date().timeIntervalSince1970)).jsonl"
    for folder in [path, NSTemporaryDirectory()] {
      let file = URL(fileURLWithPath: folder).appendingPathComponent(name).path
      do {
        var writer = try AtomicFileWriter(path: file)
        let count = try exportReviews { try writer.writeLine($0.utf8) }
        if count == 0 {
          return "It held no decisions. End the program, then put the file back or import the data again."
        }
        try writer.commit()
        return
          "All decisions saved before are in \(file). End the program, put the database back or make another workspace, "
          + "and run 'deepcritic import' with that file."
      } catch { continue }
    }
    return "The decisions could not be read any more. Do not end the program before you have a copy of the folder."
  }
}
