import Curation
import DatasetFormats
import Formatting
import Foundation
import Hashing
import JSON
import ReviewStore

/// A dataset that a run trains on: files whose content hash is known and was compared.
public struct TrainingData: Sendable, Hashable {
  /// The folder it was read from.
  public var folder: String
  /// SHA-256 over the lines that `sha256sum` prints for the files.
  public var hash: String
  /// "sft" or "rl" as the manifest says; `nil` without a manifest.
  public var kind: String?
  /// The shape of its rows as the manifest says.
  public var format: String?
  /// Rows of each file, by name.
  public var rows: [String: Int]
  /// Bytes of all files.
  public var bytes: Int64

  /// Files that count for the hash, in their order.
  static let fileNames = ["train.jsonl", "validation.jsonl"]

  /// Finds a dataset by its folder, or by its hash (six digits or more) among those that the workspace knows.
  ///
  /// - Throws: ``RunSettingError`` for the key "data".
  public init(_ name: String, workspace: Workspace?) throws(RunSettingError) {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: name, isDirectory: &isFolder), isFolder.boolValue {
      try self.init(folder: URL(fileURLWithPath: name).standardizedFileURL.path)
      // A folder that was moved is where the set is from now on.
      if let entry = try? workspace?.datasets(hashPrefix: hash).first { _ = try? workspace?.moved(entry, to: folder) }
      return
    }
    guard name.count >= 6, name.allSatisfy(\.isHexDigit), let workspace else {
      throw RunSettingError("data", "names neither a folder nor a content hash: '\(name)'")
    }
    let known: [DatasetEntry]
    do { known = try workspace.datasets(hashPrefix: name) } catch { throw RunSettingError("data", "\(error)") }
    guard let entry = known.first else {
      // Rows from elsewhere, that an earlier run has kept.
      if let kept = RunCatalog.keptData(workspace.path, hashPrefix: name.lowercased()) {
        try self.init(folder: kept)
        return
      }
      throw RunSettingError("data", "is not a dataset of this workspace: '\(name)'; 'deepcritic lineage' lists them")
    }
    guard known.count == 1 else {
      throw RunSettingError(
        "data",
        "'\(name)' matches \(known.count) datasets; give more "
          + "of the hash")
    }
    let kept = RunCatalog.dataFolder(workspace.path, hash: entry.hash)
    var found: TrainingData?
    for path in [entry.path, kept]
    where found == nil && FileManager.default.fileExists(atPath: path + "/" + Self.fileNames[0]) {
      // Another set may be in its place, or files that were changed.
      if let data = try? TrainingData(folder: path), data.hash == entry.hash { found = data }
    }
    guard let found else {
      throw RunSettingError(
        "data",
        "\(entry.hash.prefix(12)) was written to \(entry.path) and is no longer there; name the folder where it is now, or "
          + "export it again")
    }
    self = found
  }

  /// Reads the files of a folder once, for their hash and counts.
  ///
  /// - Throws: ``RunSettingError`` for the key "data".
  public init(folder: String) throws(RunSettingError) {
    self.folder = folder
    rows = [:]
    bytes = 0
    var lines = ""
    for name in Self.fileNames {
      let path = folder + "/" + name
      guard FileManager.default.fileExists(atPath: path) else { continue }
      guard let read = FileFacts(path) else { throw RunSettingError("data", "\(path) cannot be read") }
      rows[name] = read.rows
      bytes += read.bytes
      lines += "\(read.sha256)  \(name)\n"
    }
    guard let count = rows[Self.fileNames[0]] else {
      throw RunSettingError(
        "data", "has no train.jsonl: \(folder); 'deepcritic export' writes a dataset into a folder")
    }
    guard count > 0 else { throw RunSettingError("data", "has no rows: \(folder)/train.jsonl is empty") }
    hash = Hex.string(SHA256.hash(data: Array(lines.utf8)))
    guard let text = PlainFile.data(folder + "/manifest.json") else { return }
    guard let manifest = try? JSONDocument(parsing: [UInt8](text)).root else {
      throw RunSettingError("data", "\(folder)/manifest.json is not JSON; export the dataset again")
    }
    kind = manifest["kind"]?.string
    format = manifest["row_format"]?.string
    if let stated = manifest["content_hash"]?.string, stated != hash {
      throw RunSettingError(
        "data",
        "the files of \(folder) are not those of its manifest (hash \(hash.prefix(12)), manifest "
          + "\(stated.prefix(12))); export the dataset again")
    }
  }

  /// Copies the files to where runs share them, unless they exist; under another name first, so that nobody sees half
  /// of them.
  func keep(in target: String) throws {
    if FileManager.default.fileExists(atPath: target) {
      if let there = try? TrainingData(folder: target), there.hash == hash { return }
      try FileManager.default.removeItem(atPath: target)
    }
    let parent = (target as NSString).deletingLastPathComponent
    try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
    TemporaryFiles.sweep(parent, age: 86400) { $0.hasPrefix(".new-") }
    let temporary = "\(parent)/.new-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: false)
    for name in Self.fileNames + ["manifest.json"] where FileManager.default.fileExists(atPath: folder + "/" + name) {
      try FileManager.default.copyItem(atPath: folder + "/" + name, toPath: temporary + "/" + name)
    }
    // Somebody else may have put the same files there meanwhile.
    do { try FileManager.default.moveItem(atPath: temporary, toPath: target) } catch {
      guard FileManager.default.fileExists(atPath: target + "/" + Self.fileNames[0]) else { throw error }
    }
  }
}

/// What one pass over a file tells.
struct FileFacts {
  var sha256: String
  var rows: Int
  var bytes: Int64

  /// `nil` when it cannot be read.
  init?(_ path: String) {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    var hash = SHA256()
    (sha256, rows, bytes) = ("", 0, 0)
    var isEmpty = true
    while true {
      let read: Data?
      do { read = try handle.read(upToCount: 1 << 20) } catch { return nil }
      guard let data = read, !data.isEmpty else { break }
      hash.update(data: data)
      bytes += Int64(data.count)
      for byte in data {
        if byte == 0x0A {
          rows += isEmpty ? 0 : 1
          isEmpty = true
        } else {
          isEmpty = false
        }
      }
    }
    if !isEmpty { rows += 1 }
    sha256 = Hex.string(hash.finalize())
  }
}
