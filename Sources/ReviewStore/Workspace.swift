import DatasetFormats
import Formatting
import Foundation
import GRDB

/// What went wrong with a workspace, as a sentence with its remedy.
public enum WorkspaceError: Error, Sendable, Equatable, CustomStringConvertible {
  case missing(String)
  case alreadyExists(String)
  case cannotCreate(String, reason: String)
  case cannotOpen(String, reason: String)
  case newerVersion(String)
  case readOnly(String)
  case lost(String, what: String, rescue: String)
  case diskFull(String)
  case fullWhenOpened(String)
  case blank(String)
  case foreign(String)
  case writeFailed(String)
  case readFailed(String)
  case noSuchSolution(String)
  case ambiguousSolution(String, [String])
  case invalidFilter(String)
  case invalidQueue(String)

  /// What happened and what to do about it.
  public var description: String {
    switch self {
    case .missing(let dir):
      "\(dir): no workspace here (workspace.sqlite is missing). Make one with 'deepcritic init \(ShellWords.quoted(dir))'."
    case .alreadyExists(let dir):
      "\(dir): already a workspace. Open it with 'deepcritic -w \(ShellWords.quoted(dir))'."
    case .cannotCreate(let path, let reason): "\(path): cannot create a workspace: \(Clause.of(reason))."
    case .cannotOpen(let path, let reason):
      "\(path): cannot open the workspace: \(Clause.of(reason)). 'deepcritic doctor' shows more."
    case .newerVersion(let path):
      "\(path): this workspace was written by a newer version of deepcritic. Update the program to open it."
    case .readOnly(let path):
      "\(path): the workspace cannot be written to. Make the folder and its files writable, or copy them elsewhere."
    case .lost(let path, let what, let rescue): "\(path): \(what). \(rescue)"
    case .diskFull(let path):
      "\(path): the disk is full. Nothing half-written was kept; free some space and repeat the command."
    case .fullWhenOpened(let path):
      "\(path): the disk is full, so the workspace is open for reading only. Free some space, then open it again."
    case .blank(let path):
      "\(path)/workspace.sqlite is empty: it holds no workspace. Put it back from a copy, together with its -wal file, or "
        + "run 'deepcritic init \(path)' to begin a new workspace there."
    case .foreign(let path):
      "\(path)/workspace.sqlite is the database of another program, and was left as it is. Check the path, or choose "
        + "another folder."
    case .writeFailed(let reason): "The workspace could not be written: \(Clause.of(reason))."
    case .readFailed(let reason):
      "The workspace could not be read: \(Clause.of(reason)). 'deepcritic doctor' shows more."
    case .noSuchSolution(let id):
      "There is no solution '\(id)' here. 'deepcritic list' shows the numbers and names of all."
    case .ambiguousSolution(let id, let names):
      "'\(id)' fits \(names.count > 5 ? "more than 5" : "\(names.count)") solutions: "
        + "\(names.prefix(5).joined(separator: ", ")). Write #NUMBER for a number, name:NAME for a name."
    case .invalidFilter(let reason): "The filter cannot be read: \(Clause.of(reason))."
    case .invalidQueue(let sentence): sentence
    }
  }
}

/// A folder with a database of solutions, critiques and review events.
///
/// Several processes may have the same workspace open. Every decision is one durable transaction (write-ahead log,
/// `synchronous=FULL`), so that a crash or `kill -9` right after a call returns loses nothing; a writer that meets
/// another one waits for its turn instead of failing.
///
/// ```swift
/// let workspace = try Workspace.create(at: "audit")
/// let outcome = try workspace.record(
///   ReviewDecision(solution: key, step: 1, .verdict(.correct)), by: ReviewContext(reviewer: "rt"))
/// ```
public final class Workspace: Sendable {
  /// The folder.
  public let path: String
  /// Why every change is refused: the folder or its file system forbids writing, or the disk was full when the workspace was
  /// opened. `nil` when it can be written to.
  public let refusal: WorkspaceError?
  /// Whether every change is refused (``refusal``).
  public var isReadOnly: Bool { refusal != nil }
  /// What it holds.
  package let schema: WorkspaceSchema
  package let database: WorkspaceDatabase
  /// The files that were opened.
  let files: DatabaseFiles
  /// What stands of the solutions decided about last.
  let folds = FoldCache()
  private let readingURI: String

  static let databaseName = "workspace.sqlite"
  /// The file with the workspace's settings.
  public static let settingsName = "deepcritic.toml"

  /// Path of the database file.
  public var databasePath: String { path + "/" + Self.databaseName }
  /// Path of the settings file.
  public var settingsPath: String { path + "/" + Self.settingsName }

  /// The conditions of filters that the workspace knows.
  public var filterFields: FilterFields { schema.filterFields }

  /// What is computed from other tables.
  package var derived: DerivedTables { DerivedTables(features: schema.features) }

  /// Makes the folder (if needed), an empty database and a commented settings file.
  ///
  /// - Throws: ``WorkspaceError/alreadyExists(_:)`` when there is one; ``WorkspaceError/cannotCreate(_:reason:)``.
  package static func create(at path: String, schema: WorkspaceSchema) throws -> Workspace {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw WorkspaceError.cannotCreate(path, reason: Self.reason(of: error))
    }
    guard access(path, W_OK) == 0 else {
      throw WorkspaceError.cannotCreate(path, reason: "the folder is not writable")
    }
    let workspace = try Workspace(path: path, schema: schema, mayCreate: true)
    do {
      try SettingsFile.writeTemplateIfMissing(to: workspace.settingsPath)
    } catch {
      throw WorkspaceError.cannotCreate(path, reason: Self.reason(of: error))
    }
    return workspace
  }

  /// Whether the folder holds a workspace.
  public static func exists(at path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/" + databaseName)
  }

  /// Opens an existing workspace, bringing its tables up to this version.
  ///
  /// - Parameter readOnly: writes nothing, also where that could be done.
  package convenience init(at path: String, schema: WorkspaceSchema, readOnly: Bool = false) throws {
    guard Self.exists(at: path) else { throw WorkspaceError.missing(path) }
    if Self.isBlank(path) { throw WorkspaceError.blank(path) }
    try self.init(path: path, schema: schema, mayCreate: false, readOnly: readOnly)
  }

  private init(path: String, schema: WorkspaceSchema, mayCreate: Bool, readOnly: Bool = false) throws {
    self.path = path
    self.schema = schema
    let file = path + "/" + Self.databaseName
    let mayWrite = !readOnly && access(path, W_OK) == 0 && (mayCreate || access(file, W_OK) == 0)
    if let kind = PlainFile.otherKind(file) {
      throw WorkspaceError.cannotOpen(path, reason: "workspace.sqlite is \(kind)")
    }
    do {
      let (queue, uri, refusal) = try Self.connect(path, mayCreate: mayCreate, mayWrite: mayWrite, schema)
      switch try queue.read(schema.state) {
      case .current: break
      case .newer: throw WorkspaceError.newerVersion(path)
      case .outdated where refusal != nil:
        let reason = mayWrite ? "the disk is full" : "the folder is read-only"
        throw WorkspaceError.cannotOpen(path, reason: "it needs an upgrade, and \(reason)")
      case .outdated:
        let derived = DerivedTables(features: schema.features)
        try queue.writeWithoutTransaction { db in
          try schema.update(db, rebuild: derived.rebuild)
          // By this number the file is told from others of its kind.
          if mayCreate { try db.execute(sql: "PRAGMA user_version = \(Int32.random(in: 1 ... .max))") }
        }
      }
      let mark = try queue.read { try Int.fetchOne($0, sql: "PRAGMA user_version") ?? 0 }
      WorkspaceTrust.note(mark: mark, of: path)
      files = DatabaseFiles(database: file, mark: mark)
      database = WorkspaceDatabase(queue: queue)
      readingURI = uri
      self.refusal = refusal
    } catch let error as WorkspaceError {
      throw error
    } catch let error as DatabaseError
      where !mayWrite && [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
    {
      throw WorkspaceError.cannotOpen(
        path,
        reason: "this user may only read the folder, and somebody else may write to it, which takes readable files "
          + "workspace.sqlite-wal and -shm; they are there while its owner has it open. Ask the owner to open it, or "
          + "copy the folder")
    } catch {
      throw WorkspaceError.cannotOpen(path, reason: Self.reason(of: error))
    }
    if refusal == nil { TemporaryFiles.sweep(path) }
  }

  /// Opens the database, for reading only where nothing can be written.
  private static func connect(
    _ path: String, mayCreate: Bool, mayWrite: Bool, _ schema: WorkspaceSchema
  ) throws -> (queue: DatabaseQueue, readingURI: String, refusal: WorkspaceError?) {
    let file = path + "/" + databaseName
    @Sendable func check(_ db: Database) throws {
      switch try schema.owner(of: db) {
      case .us where mayCreate: throw WorkspaceError.alreadyExists(path)
      case .us: break
      case .nobody where mayCreate: break
      case .nobody: throw WorkspaceError.blank(path)
      case .another: throw WorkspaceError.foreign(path)
      }
    }
    func openForReading(_ uri: String) throws -> DatabaseQueue {
      let queue = try DatabaseQueue(path: uri, configuration: configuration(readOnly: true))
      try queue.read(check)
      return queue
    }
    let uri = "file:\(uriEscaped(file))?mode=ro"
    guard mayWrite else {
      let own = uri + (isImmutable(path) ? "&immutable=1" : "")
      return (try openForReading(own), own, .readOnly(path))
    }
    do {
      return (try DatabaseQueue(path: file, configuration: configuration(readOnly: false, check: check)), uri, nil)
    } catch let error as DatabaseError where !mayCreate && meansFullDisk(error) {
      // The index of the log cannot be made on a full disk. Without one that may be written to each connection keeps its
      // own in memory; the file need only be there.
      makeIfMissing(file + "-shm")
      let own = uri + "&readonly_shm=1"
      return (try openForReading(own), own, .fullWhenOpened(path))
    }
  }

  /// Whether opening failed for want of room, and not for what the file holds.
  private static func meansFullDisk(_ error: DatabaseError) -> Bool {
    [.SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CANTOPEN].contains(error.resultCode)
  }

  /// Whether the database file exists and holds nothing at all: what a creation leaves that was interrupted.
  package static func isBlank(_ path: String) -> Bool {
    var facts = stat()
    let file = path + "/" + databaseName
    return stat(file, &facts) == 0 && facts.st_mode & S_IFMT == S_IFREG && facts.st_size == 0
      && access(file + "-wal", F_OK) != 0
  }

  /// Whether no process at all can write to the workspace: its file system is read-only, or neither the folder nor the
  /// file lets anybody write. Only then may SQLite read the file without the -wal and -shm files, which say what a
  /// writer is doing. A -wal file that is there holds what the database file lacks.
  static func isImmutable(_ path: String) -> Bool {
    let file = path + "/" + databaseName
    if FileManager.default.fileExists(atPath: file + "-wal") { return false }
    var system = statvfs()
    if statvfs(file, &system) == 0, UInt(system.f_flag) & UInt(ST_RDONLY) != 0 { return true }
    return [path, file].allSatisfy {
      var facts = stat()
      return stat($0, &facts) == 0 && facts.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH) == 0
    }
  }

  /// Longest wait for another process's transaction. Reached only when a writer hangs.
  static let longestWait: Double = 120

  private static func configuration(
    readOnly: Bool, check: @escaping @Sendable (Database) throws -> Void = { _ in }
  ) -> Configuration {
    var configuration = Configuration()
    configuration.readonly = readOnly
    // SQLite's own busy timeout sleeps up to 100 ms between attempts and so loses its turn to a busy importer;
    // short, even naps keep a reviewer's key fast while another process writes.
    configuration.busyMode = .callback { attempts in
      if Double(attempts) * 0.002 > longestWait { return false }
      usleep(2000)
      return true
    }
    configuration.prepareDatabase { db in
      if !readOnly {
        // Before anything is changed in what may be another program's file.
        try check(db)
        // Not by GRDB's `journalMode`: that sets synchronous=NORMAL after this block, with which a power cut loses
        // decisions, and writes to the database whenever it is opened. Pages of 16 KiB hold a usual record without
        // overflow pages; the size only counts when the file is made.
        try db.execute(sql: "PRAGMA page_size=16384")
        guard try String.fetchOne(db, sql: "PRAGMA journal_mode=WAL") == "wal" else {
          throw DatabaseError(message: "this file system has no write-ahead log")
        }
        try db.execute(sql: "PRAGMA synchronous=FULL")
      }
      try db.execute(sql: "PRAGMA cache_size=-32768; PRAGMA temp_store=MEMORY")
    }
    return configuration
  }

  /// Another connection that only reads, and may keep a transaction open between uses.
  package func openReader() throws -> DatabaseQueue {
    var configuration = Self.configuration(readOnly: true)
    configuration.allowsUnsafeTransactions = true
    return try DatabaseQueue(path: readingURI, configuration: configuration)
  }

  private static func uriEscaped(_ path: String) -> String {
    path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
  }

  /// A short reason of any error, in words for people.
  static func reason(of error: any Error) -> String {
    if let error = error as? DatabaseError {
      switch error.resultCode {
      case .SQLITE_NOTADB: return "workspace.sqlite is not a database"
      case .SQLITE_CORRUPT: return "workspace.sqlite is damaged or cut short"
      case .SQLITE_FULL: return "the disk is full"
      case .SQLITE_READONLY: return "it is read-only"
      case .SQLITE_CANTOPEN: return "workspace.sqlite cannot be opened (check the folder's permissions)"
      case .SQLITE_BUSY: return "another process has kept it locked for two minutes"
      case .SQLITE_IOERR: return "reading or writing the disk failed"
      default: return error.message ?? error.description
      }
    }
    if let error = error as? CocoaError, let underlying = error.userInfo[NSUnderlyingErrorKey] as? any Error {
      return reason(of: underlying)
    }
    if let error = error as? POSIXError { return String(cString: strerror(error.code.rawValue)) }
    let cocoa = error as NSError
    if cocoa.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(cocoa.code))) }
    return String(describing: error)
  }

  /// Turns a database error of a write into a ``WorkspaceError`` with a remedy.
  func translated(_ error: any Error) -> any Error {
    guard let error = error as? DatabaseError else { return error }
    switch error.resultCode {
    case .SQLITE_FULL: return WorkspaceError.diskFull(path)
    case .SQLITE_READONLY: return WorkspaceError.readOnly(path)
    default: return WorkspaceError.writeFailed(Self.reason(of: error))
    }
  }

  /// Runs one write transaction; waits for other writers, and reports failures as ``WorkspaceError``.
  package func write<T>(_ body: (Database) throws -> T) throws -> T {
    if let refusal { throw refusal }
    try checkFiles()
    let result: T
    do { result = try database.write(body) } catch {
      // Of two reasons the lost file is the one that helps.
      try checkFiles()
      throw translated(error)
    }
    try checkFiles()
    return result
  }

  /// Writes what can be worked out again; on a full disk it is left out, so that the workspace can still be read.
  ///
  /// - Returns: what `body` says; `false` on a full disk.
  package func writeDerived(_ body: (Database) throws -> Bool) throws -> Bool {
    do { return try write(body) } catch WorkspaceError.diskFull { return false }
  }

  /// A number that changes whenever another process has committed something.
  public func dataVersion() throws -> Int {
    try database.read { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
  }

  /// Moves the write-ahead log into the database file and closes it. Called at a clean end; not needed for safety.
  public func close() throws {
    if !files.isLost { try database.close() }
  }
}

/// The connection. A read that fails throws a ``WorkspaceError``; writes leave that to ``Workspace/write(_:)``.
package struct WorkspaceDatabase: Sendable {
  let queue: DatabaseQueue

  var path: String { queue.path }

  package func read<T>(_ body: (Database) throws -> T) throws -> T {
    do { return try queue.read(body) } catch let error as DatabaseError {
      throw WorkspaceError.readFailed(Workspace.reason(of: error))
    }
  }

  func write<T>(_ body: (Database) throws -> T) throws -> T { try queue.write(body) }

  func writeWithoutTransaction<T>(_ body: (Database) throws -> T) rethrows -> T {
    try queue.writeWithoutTransaction(body)
  }

  func close() throws { try queue.close() }
}
