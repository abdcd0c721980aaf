import Foundation

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

/// The real data beside the checkout, when it is there.
enum Corpus {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func processBench(_ name: String) -> [String]? { rows("../shared/data/processbench/\(name).json") }

  static func all() -> [String]? {
    guard let gsm = processBench("gsm8k"), let math = processBench("math"),
      let mr = rows("../shared/data/mr-gsm8k/processed_test.json")
    else { return nil }
    let prm = try? String(
      contentsOf: root.appendingPathComponent("../shared/data/prm800k/samples.jsonl"), encoding: .utf8)
    return gsm + math + mr + (prm?.split(separator: "\n").map(String.init) ?? [])
  }

  private static func rows(_ path: String) -> [String]? {
    guard let data = try? Data(contentsOf: root.appendingPathComponent(path)),
      let rows = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]]
    else {
      print("skipped: no data at \(path)")
      return nil
    }
    return rows.flatMap { [$0["problem"] as? String ?? ""] + ($0["steps"] as? [String] ?? []) }
  }
}
