import Foundation
import TestSupport
import Testing

/// The hand-checked list: input, linear form, two-dimensional form.
///
/// `> input`, then `= linear`, then the rows of the two-dimensional form, each behind `|`.
struct MathCase {
  var input: String
  var linear: String
  var rows: [String]

  static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Cases/cases.txt")

  static func load() throws -> [MathCase] {
    var cases: [MathCase] = []
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("> ") {
        cases.append(MathCase(input: String(line.dropFirst(2)), linear: "", rows: []))
      } else if line.hasPrefix("= "), !cases.isEmpty {
        cases[cases.count - 1].linear = String(line.dropFirst(2))
      } else if line.hasPrefix("|"), !cases.isEmpty {
        cases[cases.count - 1].rows.append(String(line.dropFirst(1)))
      }
    }
    return cases
  }

  static func write(_ cases: [MathCase]) throws {
    var text = ""
    for item in cases {
      text += "> \(item.input)\n= \(item.linear)\n" + item.rows.map { "|\($0)\n" }.joined() + "\n"
    }
    try text.write(to: file, atomically: true, encoding: .utf8)
  }
}

/// The texts of the benchmarks.
enum Corpus {
  static func processBench(_ name: String, in data: DataFolder) throws -> [String] {
    try texts(data.path("processbench/\(name).json"))
  }

  static func all(in data: DataFolder) throws -> [String] {
    let records = try String(contentsOfFile: data.path("prm800k/samples.jsonl"), encoding: .utf8)
    return try processBench("gsm8k", in: data) + processBench("math", in: data)
      + texts(data.path("mr-gsm8k/processed_test.json"))
      + records.split(separator: "\n").flatMap { strings(in: try JSONSerialization.jsonObject(with: Data($0.utf8))) }
  }

  private static func strings(in value: Any) -> [String] {
    switch value {
    case let text as String: [text]
    case let list as [Any]: list.flatMap(strings)
    case let object as [String: Any]: object.sorted { $0.key < $1.key }.flatMap { strings(in: $0.value) }
    default: []
    }
  }

  private static func texts(_ path: String) throws -> [String] {
    let rows = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path)))
    return try #require(rows as? [[String: Any]]).flatMap {
      [$0["problem"] as? String ?? ""] + ($0["steps"] as? [String] ?? [])
    }
  }
}
