import DeepCriticCore
import Foundation
import ReviewStore

@testable import Evaluation

/// A folder for the files of a test, removed with the value.
final class Scratch {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "deepcritic-evaluation-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ lines: [String]) throws -> String {
    let file = path + "/" + name
    try (lines.joined(separator: "\n") + "\n").write(toFile: file, atomically: true, encoding: .utf8)
    return file
  }
}

/// A JSON object on one line.
func line(_ object: [String: Any]) throws -> String {
  String(decoding: try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys]), as: UTF8.self)
}

/// A row with samples that name steps; `nil` names nothing.
func item(_ gold: Int, _ said: [Int?], id: String = "x", steps: Int = 6) -> ItemResult {
  ItemResult(
    id: id, steps: steps, gold: gold, samples: said.map { $0.map { .step($0) } ?? SampleReading(.unparsed) })
}
