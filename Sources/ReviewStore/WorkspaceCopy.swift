import Foundation
import GRDB

extension Workspace {
  /// Copies database and settings into a new folder, as they are at one moment, while others may continue writing.
  ///
  /// Files beside them, such as the folders of runs, are not copied.
  ///
  /// - Parameter path: the folder, which must not hold a workspace.
  /// - Returns: the copy, opened.
  /// - Throws: ``WorkspaceError``.
  public func copy(to path: String) throws -> Workspace {
    if Self.exists(at: path) { throw WorkspaceError.alreadyExists(path) }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try openReader().backup(to: DatabaseQueue(path: path + "/" + Self.databaseName))
      if FileManager.default.fileExists(atPath: settingsPath) {
        try FileManager.default.copyItem(atPath: settingsPath, toPath: path + "/" + Self.settingsName)
      }
    } catch {
      throw WorkspaceError.cannotCreate(path, reason: Self.reason(of: error))
    }
    return try Workspace(at: path, schema: schema)
  }
}
