import DeepCriticCore
import Foundation

/// The demonstrations that are part of the program: solutions of the top-level folder `SampleData/demonstrations`.
public enum PreparedDemonstrations {
  /// Puts them into a new workspace in a temporary folder.
  ///
  /// - Returns: the workspace; its folder is the caller's to remove.
  /// - Throws: `WorkspaceError`, `DatasetError`, errors of the file system.
  public static func workspace(programVersion: String) throws -> Workspace {
    let folder = try temporaryFolder()
    let file = folder + "/demonstration.jsonl"
    try Data(PackageResources.demonstrations_jsonl).write(to: URL(fileURLWithPath: file))
    let workspace = try Workspace.create(at: folder + "/demonstration")
    _ = try workspace.importFile(file, programVersion: programVersion)
    return workspace
  }

  /// A new folder that only its owner may enter.
  public static func temporaryFolder() throws -> String {
    var name = Array((NSTemporaryDirectory() + "/deepcritic-XXXXXX").utf8CString)
    guard let made = mkdtemp(&name) else { throw CocoaError(.fileWriteUnknown) }
    return String(cString: made)
  }
}
