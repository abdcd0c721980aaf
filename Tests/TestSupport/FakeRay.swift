import Foundation

/// A stand-in for a Ray cluster (`Tests/EndToEnd/support/fake_ray.py`), ended with the value.
public final class FakeRay {
  /// Its address.
  public let address: String
  private let folder: TemporaryFolder
  private let process = Process()
  private let input = Pipe()

  /// Starts it.
  public init() throws {
    folder = try TemporaryFolder()
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("EndToEnd/support/fake_ray.py")
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script.path, folder.path]
    process.standardOutput = output
    // Closed with this process at the latest, which ends it.
    process.standardInput = input
    try process.run()
    var line = Data()
    while line.last != 0x0A, let byte = try output.fileHandleForReading.read(upToCount: 1), !byte.isEmpty {
      line += byte
    }
    address = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  deinit { end() }

  /// Ends it: nobody answers any more.
  public func end() {
    guard process.isRunning else { return }
    // Whoever started it may have had other signals blocked, and so has it.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// Takes no more jobs, for a reason; `nil` takes them again.
  public func refuse(_ reason: String?) throws { try set("refuse", reason) }

  /// Turns everybody away who does not send a token.
  public func want(token: String?) throws { try set("token", token) }

  private func set(_ name: String, _ text: String?) throws {
    let path = folder.path + "/" + name
    if let text {
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    } else {
      try FileManager.default.removeItem(atPath: path)
    }
  }

  /// Method and path of each request so far.
  public func requests() throws -> [String] {
    let text = try String(contentsOfFile: folder.path + "/requests.jsonl", encoding: .utf8)
    return try text.split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return "\(object?["method"] ?? "") \(object?["path"] ?? "")"
    }
  }
}
