import CritiqueModel
import DatasetFormats
import DeepCriticCore
import Foundation
import Testing

@testable import ReviewStore

let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// A workspace in a temporary folder, removed with the value.
final class TemporaryWorkspace {
  let path: String
  let workspace: Workspace

  init(samples: [String] = []) throws {
    path = NSTemporaryDirectory() + "deepcritic-store-" + UUID().uuidString
    workspace = try Workspace.create(at: path)
    for file in samples { _ = try workspace.importFile(packageRoot.appendingPathComponent("SampleData/\(file)").path) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file into the workspace's folder and returns its path.
  func file(_ name: String, _ content: String) throws -> String {
    try content.write(toFile: path + "/" + name, atomically: true, encoding: .utf8)
    return path + "/" + name
  }

  /// Keys of all solutions in the order of import.
  func keys() throws -> [String] {
    try workspace.rows(try workspace.queue(sort: .imported, reviewer: "rt"), reviewer: "rt").map(\.key)
  }
}
