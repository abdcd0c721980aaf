import Foundation

/// Paths that people write with a leading "~".
public enum HomePath {
  /// The path with `~` replaced by `HOME`, as shells do; without `HOME`, by the user's home directory.
  public static func expanded(
    _ path: String, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    guard path == "~" || path.hasPrefix("~/"), let home = environment["HOME"], !home.isEmpty else {
      return NSString(string: path).expandingTildeInPath
    }
    return home + path.dropFirst()
  }
}
