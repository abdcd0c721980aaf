import Foundation

/// A folder with the files of the benchmarks: generated ones, or the real ones where they lie beside the package.
///
/// Both have the same names, shapes and numbers of records.
public enum DataFolder: String, Sendable {
  /// Made by `Tests/EndToEnd/support/datasets.py`, once for a run of the tests.
  case generated
  /// `../shared/data`.
  case real

  /// The folders of this machine; the generated one is always among them.
  public static let available: [DataFolder] =
    FileManager.default.fileExists(atPath: realPath) ? [.generated, .real] : [.generated]

  /// The path of a file such as `processbench/gsm8k.json`.
  public func path(_ name: String) throws -> String {
    let folder = self == .real ? Self.realPath : try Self.generatedPath.get()
    return folder + "/" + name
  }

  private static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static let realPath = package.deletingLastPathComponent().appending(path: "shared/data").path

  private static let generatedPath = Result { try generate() }

  private static func generate() throws -> String {
    let folder = NSTemporaryDirectory() + "deepcritic-data-" + UUID().uuidString
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", package.appending(path: "Tests/EndToEnd/support/datasets.py").path, folder]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw GenerationError(status: process.terminationStatus) }
    atexit {
      if case .success(let folder) = DataFolder.generatedPath { try? FileManager.default.removeItem(atPath: folder) }
    }
    return folder
  }

  private struct GenerationError: Error, CustomStringConvertible {
    let status: Int32
    var description: String { "Tests/EndToEnd/support/datasets.py ended with \(status). Run it by hand to see why." }
  }
}
