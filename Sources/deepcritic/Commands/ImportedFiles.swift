import DeepCriticCore
import Foundation

/// The files that an import is about: those named, and the data files in directories that were named.
struct ImportedFiles {
  /// Files of one kind in a directory that hold no data.
  struct PassedOver: Encodable {
    /// The directory that was named.
    var directory: String
    /// ".parquet", "hidden", "not a dataset" …
    var kind: String
    /// Paths below the directory.
    var files: [String]
  }

  /// In the order in which they are imported.
  private(set) var files: [String] = []
  private(set) var passedOver: [PassedOver] = []
  /// The directory that each file was found in; nothing for a file that was named itself.
  private var directories: [String: String] = [:]
  private var named: [String] = []

  private static let endings = [".json", ".jsonl", ".ndjson"].flatMap { [$0, $0 + ".gz"] }

  init(_ arguments: [String]) {
    for argument in arguments {
      guard Self.isDirectory(argument) else {
        files.append(argument)
        continue
      }
      var directory = argument
      while directory.count > 1, directory.hasSuffix("/") { directory.removeLast() }
      named.append(directory)
      walk(directory, below: directory)
    }
  }

  /// Directories that held nothing to import.
  var empty: [String] { named.filter { !directories.values.contains($0) } }

  /// What was passed over, a line for each directory.
  var words: [String] {
    named.compactMap { directory in
      let kinds = passedOver.filter { $0.directory == directory }
      if kinds.isEmpty { return nil }
      let parts = kinds.map { kind in
        let shown = kind.files.prefix(3).joined(separator: ", ") + (kind.files.count > 3 ? ", …" : "")
        return "\(kind.kind) \(Figures.count(kind.files.count)) (\(shown))"
      }
      return "\(directory): passed over: \(parts.joined(separator: ", "))."
    }
  }

  /// Takes a file of a directory off the list when it turns out to hold no dataset: a manifest, a configuration.
  ///
  /// - Returns: `false` for a file that was named itself, and for one that is damaged.
  mutating func passOver(_ file: String, _ error: any Error) -> Bool {
    guard let directory = directories[file] else { return false }
    switch error as? DatasetError {
    case .unknownFormat, .otherKind, .parquet: break
    default: return false
    }
    directories[file] = nil
    add("not a dataset", String(file.dropFirst(directory.count + 1)), directory)
    return true
  }

  private static func isDirectory(_ path: String) -> Bool {
    var isDirectory: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
  }

  private mutating func walk(_ folder: String, below directory: String) {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted() } catch {
      return add(
        "unreadable directory", folder == directory ? "." : String(folder.dropFirst(directory.count + 1)), directory)
    }
    for name in names {
      let path = (folder == "/" ? "" : folder) + "/" + name
      let shown = String(path.dropFirst(directory.count + 1))
      let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
      if name.hasPrefix(".") {
        add("hidden", shown, directory)
      } else if Self.isDirectory(path) {
        if isLink {
          // It may lead back here.
          add("link to a directory", shown, directory)
        } else if Workspace.exists(at: path) {
          add("workspace", shown, directory)
        } else {
          walk(path, below: directory)
        }
      } else if Self.endings.contains(where: name.lowercased().hasSuffix) {
        if directories[path] == nil, !files.contains(path) {
          files.append(path)
          directories[path] = directory
        }
      } else {
        let ending = (name as NSString).pathExtension.lowercased()
        add(ending.isEmpty ? "without extension" : "." + ending, shown, directory)
      }
    }
  }

  private mutating func add(_ kind: String, _ file: String, _ directory: String) {
    if let at = passedOver.firstIndex(where: { $0.directory == directory && $0.kind == kind }) {
      passedOver[at].files.append(file)
    } else {
      passedOver.append(PassedOver(directory: directory, kind: kind, files: [file]))
    }
  }
}
