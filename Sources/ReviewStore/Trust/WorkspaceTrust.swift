import DatasetFormats
import Formatting
import Foundation
import Hashing
import Synchronization

/// One thing that a workspace's settings or files would have this program run, read or send outside of the workspace.
public struct TrustItem: Sendable, Hashable, Codable {
  /// The setting or file: "train.python.trl".
  public var setting: String
  /// Its value, of which a change asks again.
  public var value: String
  /// What would happen, to follow "wants to": "run /opt/trl/bin/python".
  public var words: String

  /// An item from its parts.
  public init(_ setting: String, _ value: String, _ words: String) {
    self.setting = setting
    self.value = value
    self.words = words
  }

  /// What stands for it in the record.
  fileprivate var hash: String {
    Hex.string(Array(SHA256.hash(data: Data("\(setting)\0\(value)".utf8)).prefix(16)))
  }
}

/// What the user has allowed a workspace's settings to do.
///
/// A workspace may come from anybody. Programs, key files and servers that its `deepcritic.toml` or its runs name are used
/// only when the workspace was made on this machine by this user, or when the user has allowed exactly these values. Both
/// are remembered outside of the workspace, in the user's state folder, readable by the user only.
public enum WorkspaceTrust {
  private struct Record: Codable {
    var path: String
    /// Device and number of the database file that was made here, and its own number; a workspace put in its place is another one.
    var made: String?
    var allowed: Set<String> = []
  }

  private static let trustsAll = Mutex(false)

  /// Allows everything, for this process only (`--trust`).
  public static func allowForThisProcess() { trustsAll.withLock { $0 = true } }

  /// The items that are not allowed yet.
  public static func missing(_ items: [TrustItem], in workspace: String) -> [TrustItem] {
    if items.isEmpty || trustsAll.withLock({ $0 }) { return [] }
    let record = record(of: workspace)
    if let made = record.made, made == identity(of: workspace) { return [] }
    return items.filter { !record.allowed.contains($0.hash) }
  }

  /// - Parameter workspace: its folder.
  /// - Throws: ``UntrustedError`` where the user has not allowed an item.
  public static func require(_ items: [TrustItem], in workspace: String) throws {
    let missing = missing(items, in: workspace)
    if !missing.isEmpty { throw UntrustedError(workspace: absolute(workspace), items: missing) }
  }

  /// Remembers that the user allows some items.
  public static func allow(_ items: [TrustItem], in workspace: String) throws {
    var record = record(of: workspace)
    record.allowed.formUnion(items.map(\.hash))
    try write(record, of: workspace)
  }

  /// Forgets all that was allowed, and that the workspace was made here.
  public static func forget(_ workspace: String) {
    if let file = file(of: workspace) { unlink(file) }
  }

  /// Remembers that the user has made a workspace here.
  public static func rememberMade(_ workspace: String) throws {
    var record = record(of: workspace)
    record.made = identity(of: workspace)
    try write(record, of: workspace)
  }

  /// Whether the user made it on this machine.
  public static func wasMadeHere(_ workspace: String) -> Bool {
    record(of: workspace).made.map { $0 == identity(of: workspace) } ?? false
  }

  // MARK: - The record

  private static func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
  }

  private static func identity(of workspace: String) -> String? {
    var facts = stat()
    let file = workspace + "/" + Workspace.databaseName
    guard stat(file, &facts) == 0, facts.st_uid == getuid(), facts.st_mode & S_IFMT == S_IFREG,
      let mark = marks.withLock({ $0[absolute(workspace)] }) ?? storedMark(file)
    else { return nil }
    // The number that it was given when it was made: another workspace's content in the same file has another one.
    return "\(facts.st_dev):\(facts.st_ino):\(mark)"
  }

  /// Numbers of workspaces that this process has opened. Their files must not be opened here: closing one would let go of
  /// SQLite's locks.
  private static let marks = Mutex<[String: Int]>([:])

  /// Remembers the number of a workspace that has been opened.
  static func note(mark: Int, of workspace: String) { marks.withLock { $0[absolute(workspace)] = mark } }

  private static func storedMark(_ file: String) -> Int? {
    guard let handle = FileHandle(forReadingAtPath: file), let header = try? handle.read(upToCount: 64),
      header.count == 64
    else { return nil }
    return DatabaseFiles.mark(in: header)
  }

  /// A file for each workspace, so that several processes remember at the same time.
  private static func file(of workspace: String) -> String? {
    guard let state = SettingsFile.stateFolder(environment: ProcessInfo.processInfo.environment) else { return nil }
    let name = TrustItem("", absolute(workspace), "").hash
    return "\(state)/trust/\(name).json"
  }

  private static func record(of workspace: String) -> Record {
    guard let file = file(of: workspace), isPrivate(file), let data = FileManager.default.contents(atPath: file),
      let record = try? JSONDecoder().decode(Record.self, from: data), record.path == absolute(workspace)
    else { return Record(path: absolute(workspace)) }
    return record
  }

  /// A record that others can write says nothing.
  private static func isPrivate(_ file: String) -> Bool {
    var facts = stat()
    return stat(file, &facts) == 0 && facts.st_uid == getuid() && facts.st_mode & (S_IWGRP | S_IWOTH) == 0
  }

  private static func write(_ record: Record, of workspace: String) throws {
    guard let file = file(of: workspace) else {
      throw SettingsError(file: "trust", reason: "cannot be remembered: neither XDG_STATE_HOME nor HOME is set")
    }
    let folder = (file as NSString).deletingLastPathComponent
    let temporary = "\(folder)/.\(UUID().uuidString)"
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
      let bytes = try encoder.encode(record)
      guard
        FileManager.default.createFile(
          atPath: temporary, contents: bytes, attributes: [.posixPermissions: 0o600])
      else { throw CocoaError(.fileWriteUnknown) }
      guard rename(temporary, file) == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    } catch {
      unlink(temporary)
      throw SettingsError(file: file, reason: "cannot be written: \(Workspace.reason(of: error))")
    }
  }
}

/// Something that a workspace's settings want and that the user has not allowed.
public struct UntrustedError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The workspace's folder.
  public var workspace: String
  /// What it wants.
  public var items: [TrustItem]

  /// What it wants, and how to allow it.
  public var description: String {
    let wishes = items.map { "\($0.words) (\($0.setting))" }.joined(separator: "; ")
    return "the workspace \(workspace) wants to \(wishes). It was not made by you on this machine, so nothing was run, "
      + "read or sent. If you trust it: deepcritic trust \(ShellWords.quoted(workspace)); for this once: --trust."
  }
}
