import Foundation

/// A temporary folder, removed when the value goes away.
final class TemporaryFolder {
  let path: String
  init() throws {
    path = NSTemporaryDirectory() + "deepcritic-test-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}
