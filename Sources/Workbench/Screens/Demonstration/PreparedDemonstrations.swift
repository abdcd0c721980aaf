import DeepCriticCore
import Foundation

/// The demonstrations that are part of the program: solutions of the top-level folder `SampleData/demonstrations`.
public enum PreparedDemonstrations {
  /// Puts them into a new workspace in an empty folder.
  ///
  /// - Throws: `WorkspaceError`, `DatasetError`, errors of the file system.
  public static func workspace(in folder: String, programVersion: String) throws -> Workspace {
    let file = folder + "/demonstration.jsonl"
    try Data(PackageResources.demonstrations_jsonl).write(to: URL(fileURLWithPath: file))
    let workspace = try Workspace.create(at: folder + "/demonstration")
    _ = try workspace.importFile(file, programVersion: programVersion)
    return workspace
  }
}
