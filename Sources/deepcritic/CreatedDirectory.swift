import Foundation
import Terminal

/// Says which directory an export has created for its output.
struct CreatedDirectory {
  private let path: String?

  /// - Parameter output: where the export goes; before it is written.
  init(for output: String?) {
    let parent = output.map { NSString(string: $0).deletingLastPathComponent } ?? ""
    path = parent.isEmpty || FileManager.default.fileExists(atPath: parent) ? nil : parent
  }

  func report() {
    if let path { StandardError.write("Created directory \(TextSafety.line(path)).") }
  }
}
