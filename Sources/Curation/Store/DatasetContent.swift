import CritiqueModel
import Formatting
import Foundation
import GRDB
import JSON
import ReviewStore

/// What is compared between the rows of two sets.
public struct DatasetRowContent: Sendable, Hashable {
  /// Labels by step, one character each: + 0 - and . for none.
  public var labels: String
  /// The first digits of the critiques' identities, by 1-based step.
  public var critiques: [Int: String]

  /// Digits of a critique's identity that are kept.
  static let digits = 12

  /// A row's content as it is exported.
  ///
  /// - Parameter keys: the critiques' identities, in the order of `spec.used`.
  init(_ spec: RowSpec, keys: [String]) {
    labels = Signature.of(spec.ratings.map { $0.flatMap { Rating(rawValue: Int($0)) } })
    critiques = Dictionary(
      zip(spec.used.map(\.step), keys.map { String($0.prefix(Self.digits)) }), uniquingKeysWith: { one, _ in one })
  }

  /// From stored text; `nil` for a row of an earlier version.
  init?(labels: String?, critiques: String?) {
    guard let labels, let critiques else { return nil }
    self.labels = labels
    self.critiques = [:]
    for part in critiques.split(separator: " ") {
      let pair = part.split(separator: ":")
      guard pair.count == 2, let step = Int(pair[0]) else { return nil }
      self.critiques[step] = String(pair[1])
    }
  }

  /// From a line of a manifest.
  init(manifest row: JSONView) {
    labels = Signature.of(
      row["labels"].map { $0.elements.map { $0.int.flatMap(Rating.init(rawValue:)) } } ?? [])
    critiques = [:]
    for critique in row["critiques"].map({ Array($0.elements) }) ?? [] {
      guard let step = critique["step"]?.int, let id = critique["id"]?.string else { continue }
      critiques[step] = String(id.prefix(Self.digits))
    }
  }

  var storedCritiques: String {
    critiques.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }.joined(separator: " ")
  }
}

/// The manifest of an exported set's folder.
public struct DatasetManifest: Sendable {
  /// The folder.
  public let folder: String
  /// The set's content hash.
  public let hash: String

  /// Finds the hash in `manifest.json` of a folder; `nil` where there is none that names a hash.
  public init?(folder: String) {
    let path = folder + "/manifest.json"
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    // It stands before the rows, of which there may be very many.
    guard let head = try? handle.read(upToCount: 64 << 10),
      let found = String(decoding: head, as: UTF8.self).firstMatch(of: #/"content_hash"\s*:\s*"([0-9a-f]{64})"/#)
    else { return nil }
    self.folder = URL(fileURLWithPath: folder).standardizedFileURL.path
    hash = String(found.1)
  }

  /// What its rows hold, by solution.
  var contents: [String: DatasetRowContent] {
    guard let bytes = PlainFile.data(folder + "/manifest.json"),
      let root = try? JSONDocument(parsing: [UInt8](bytes)).root
    else { return [:] }
    var contents: [String: DatasetRowContent] = [:]
    for row in root["rows"].map({ Array($0.elements) }) ?? [] {
      if let solution = row["solution"]?.string { contents[solution] = DatasetRowContent(manifest: row) }
    }
    return contents
  }
}

extension Workspace {
  /// Finds an exported set by its number, the beginning of its hash (six digits or more), or its folder. A folder is known by
  /// the hash in its manifest, wherever it is now; without a manifest, by the path it was written to.
  ///
  /// - Throws: `ExportError` when several sets fit.
  public func dataset(matching name: String) throws -> DatasetEntry? {
    if name.count < 6, let number = Int64(name) { return try datasets().first { $0.number == number } }
    if name.count >= 6, name.allSatisfy(\.isHexDigit) {
      let found = try datasets(hashPrefix: name)
      if found.count > 1 {
        throw ExportError(description: "'\(name)' matches \(found.count) datasets. Give more of the hash.")
      }
      if let only = found.first { return only }
    }
    if let manifest = DatasetManifest(folder: name) {
      guard let entry = try datasets(hashPrefix: manifest.hash).first else { return nil }
      return try moved(entry, to: manifest.folder)
    }
    let path = URL(fileURLWithPath: name).standardizedFileURL.path
    return try datasets().first { $0.path == path }
  }

  /// Whether the folder that a set was written to still holds it.
  public func isInPlace(_ entry: DatasetEntry) -> Bool { DatasetManifest(folder: entry.path)?.hash == entry.hash }

  /// Remembers where a set is now, when it is no longer where it was written.
  package func moved(_ entry: DatasetEntry, to folder: String) throws -> DatasetEntry {
    if entry.path == folder || isInPlace(entry) { return entry }
    var moved = entry
    moved.path = folder
    if !isReadOnly {
      try write { try $0.execute(sql: "UPDATE dataset SET path = ? WHERE hash = ?", arguments: [folder, entry.hash]) }
    }
    return moved
  }

  /// What is known of the rows of a set, by solution: stored here, or in the manifest of its folder.
  func contents(of entry: DatasetEntry) throws -> [String: DatasetRowContent] {
    var contents: [String: DatasetRowContent] = [:]
    let rows = try database.read { db in
      try Row.fetchAll(
        db, sql: "SELECT solution, labels, critiques FROM dataset_row WHERE dataset_id = ?", arguments: [entry.number])
    }
    for row in rows {
      guard let content = DatasetRowContent(labels: row["labels"], critiques: row["critiques"]) else { continue }
      contents[row["solution"]] = content
    }
    if contents.isEmpty, !rows.isEmpty, let manifest = DatasetManifest(folder: entry.path),
      manifest.hash == entry.hash
    {
      return manifest.contents
    }
    return contents
  }
}
