import Foundation

/// Files that come with the program.
public enum InstalledFiles {
  /// Folders that may hold them, in order: `share/deepcritic` next to the folder of the program, then the source tree's.
  public static func folders(program: String, installed: String, source: String) -> [String] {
    var folder = URL(fileURLWithPath: program).resolvingSymlinksInPath().deletingLastPathComponent()
    var folders = [folder.appendingPathComponent("../share/deepcritic/\(installed)").standardizedFileURL.path]
    for _ in 0..<5 {
      folders.append(folder.appendingPathComponent(source).path)
      folder.deleteLastPathComponent()
    }
    return folders
  }
}
