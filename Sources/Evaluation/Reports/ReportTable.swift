import Foundation

/// A table of texts that can be written in several ways.
public struct ReportTable: Sendable, Hashable {
  /// Names of the columns.
  public var header: [String]
  /// Cells, row by row.
  public var rows: [[String]]
  /// Columns of words, from 0; all others hold numbers and stand right.
  public var words: Set<Int>

  /// A table from its parts.
  public init(header: [String], rows: [[String]] = [], words: Set<Int> = [0]) {
    self.header = header
    self.rows = rows
    self.words = words
  }

  /// As lines with aligned columns.
  ///
  /// - Parameter pad: fills a text to a width in columns, to the right of it or to its left.
  public func lines(width: (String) -> Int, pad: (String, Int, Bool) -> String) -> [String] {
    let all = [header] + rows
    let widths = header.indices.map { column in all.map { width($0[column]) }.max() ?? 0 }
    return all.map { row in
      let cells = row.indices.map { pad(row[$0], widths[$0], !words.contains($0)) }
      return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
  }

  /// As a Markdown table.
  public var markdown: String {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { $0.replacing("|", with: "\\|").replacing("\n", with: " ") }.joined(separator: " | ") + " |"
    }
    let rule = header.indices.map { words.contains($0) ? "---" : "---:" }
    return ([line(header), line(rule)] + rows.map(line)).joined(separator: "\n")
  }

  /// As comma-separated values (RFC 4180). A cell that a spreadsheet would take for a formula begins with an apostrophe.
  public var csv: String {
    func cell(_ text: String) -> String {
      var text = text
      if let first = text.first, "=+@".contains(first) || (first == "-" && Double(text) == nil) { text = "'" + text }
      let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
      return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
    return ([header] + rows).map { $0.map(cell).joined(separator: ",") }.joined(separator: "\n")
  }
}

/// How figures are written.
public enum Figures {
  /// "82.3", or "–" for what is undefined.
  public static func percent(_ value: Double?) -> String { value.map { String(format: "%.1f", $0) } ?? "–" }

  /// "79.1–85.0".
  public static func interval(_ interval: Interval?) -> String {
    interval.map { String(format: "%.1f–%.1f", $0.low, $0.high) } ?? "–"
  }

  /// "+3.2".
  public static func signed(_ value: Double?) -> String { value.map { String(format: "%+.1f", $0) } ?? "–" }

  /// "0.003", "< 0.001".
  public static func chance(_ p: Double?) -> String {
    guard let p else { return "–" }
    return p < 0.001 ? "< 0.001" : String(format: "%.3f", p)
  }
}
