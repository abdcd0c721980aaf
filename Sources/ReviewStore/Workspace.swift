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
  case replaced(String)
  case diskFull(String)
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
      "\(dir): there is a workspace here already. Open it with 'deepcritic -w \(ShellWords.quoted(dir))'."
    case .cannotCreate(let path, let reason): "\(path): cannot make a workspace here: \(reason)."
    case .cannotOpen(let path, let reason):
      "\(path): cannot open the workspace: \(reason). 'deepcritic doctor' tells more."
    case .newerVersion(let path):
      "\(path): this workspace was written by a newer version of deepcritic. Update the program to open it."
    case .readOnly(let path):
      "\(path): the workspace cannot be written to. Make the folder and its files writable, or copy them elsewhere."
    case .replaced(let path):
      "\(path): workspace.sqlite was deleted, moved or replaced while it was open, so nothing was written. Put it back, "
        + "or end the program and open the workspace again."
    case .diskFull(let path):
      "\(path): the disk is full. Nothing half-written was kept; free some space and repeat the command."
    case .writeFailed(let reason): "The workspace could not be written: \(reason)."
    case .readFailed(let reason):
      "The workspace could not be read: \(reason). 'deepcritic doctor' tells more."
    case .noSuchSolution(let id):
      "There is no solution '\(id)' here. 'deepcritic list' shows the numbers and names of all."
    case .ambiguousSolution(let id, let names):
      "'\(id)' fits \(names.count > 5 ? "more than 5" : "\(names.count)") solutions: "
        + "\(names.prefix(5).joined(separator: ", ")). Write #NUMBER for a number, name:NAME for a name."
    case .invalidFilter(let reason): "The filter cannot be read: \(reason)."
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
  /// Whether the folder or its file system forbids writing; every change then throws ``WorkspaceError/readOnly(_:)``.
  public let isReadOnly: Bool
  /// What it holds.
  package let schema: WorkspaceSchema
  package let database: WorkspaceDatabase
  /// The file that was opened. SQLite would go on writing to it after it was deleted, where nobody finds it again.
  private let openedFile: FileIdentity?

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
    if exists(at: path) { throw WorkspaceError.alreadyExists(path) }
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
    try self.init(path: path, schema: schema, mayCreate: false, readOnly: readOnly)
  }

  private init(path: String, schema: WorkspaceSchema, mayCreate: Bool, readOnly: Bool = false) throws {
    self.path = path
    self.schema = schema
    let file = path + "/" + Self.databaseName
    let writable = !readOnly && access(path, W_OK) == 0 && (mayCreate || access(file, W_OK) == 0)
    isReadOnly = !writable
    do {
      let queue =
        writable
        ? try DatabaseQueue(path: file, configuration: Self.configuration(readOnly: false))
        : try DatabaseQueue(path: Self.readingURI(path), configuration: Self.configuration(readOnly: true))
      switch try queue.read(schema.state) {
      case .current: break
      case .newer: throw WorkspaceError.newerVersion(path)
      case .outdated where !writable:
        throw WorkspaceError.cannotOpen(path, reason: "it needs an upgrade, and the folder is read-only")
      case .outdated:
        let derived = DerivedTables(features: schema.features)
        try queue.writeWithoutTransaction { try schema.update($0, rebuild: derived.rebuild) }
      }
      database = WorkspaceDatabase(queue: queue)
    } catch let error as WorkspaceError {
      throw error
    } catch let error as DatabaseError
      where !writable && [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
    {
      throw WorkspaceError.cannotOpen(
        path,
        reason: "this user may only read the folder, and somebody else may write to it, which takes readable files "
          + "workspace.sqlite-wal and -shm; they are there while its owner has it open. Ask the owner to open it, or "
          + "copy the folder")
    } catch {
      throw WorkspaceError.cannotOpen(path, reason: Self.reason(of: error))
    }
    openedFile = FileIdentity(path: file)
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

  private static func configuration(readOnly: Bool) -> Configuration {
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
    return try DatabaseQueue(path: Self.readingURI(path), configuration: configuration)
  }

  private static func readingURI(_ path: String) -> String {
    "file:\(uriEscaped(path + "/" + databaseName))?mode=ro" + (isImmutable(path) ? "&immutable=1" : "")
  }

  private static func uriEscaped(_ path: String) -> String {
    path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
  }

  /// A short reason of any error, in words for people.
  static func reason(of error: any Error) -> String {
    if let error = error as? DatabaseError {
      switch error.resultCode {
      case .SQLITE_NOTADB: return "workspace.sqlite is not a database"
      case .SQLITE_CORRUPT: return "the database is damaged"
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
    if isReadOnly { throw WorkspaceError.readOnly(path) }
    guard FileIdentity(path: databasePath) == openedFile else { throw WorkspaceError.replaced(path) }
    do { return try database.write(body) } catch { throw translated(error) }
  }

  /// A number that changes whenever another process has committed something.
  public func dataVersion() throws -> Int {
    try database.read { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
  }

  /// Moves the write-ahead log into the database file and closes it. Called at a clean end; not needed for safety.
  public func close() throws {
    try database.close()
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

/// Which file a path leads to, whatever its name.
private struct FileIdentity: Equatable {
  private let device: UInt64
  private let number: UInt64

  init?(path: String) {
    var facts = stat()
    guard stat(path, &facts) == 0 else { return nil }
    device = UInt64(facts.st_dev)
    number = UInt64(facts.st_ino)
  }
}
