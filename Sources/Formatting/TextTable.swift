/// A table of texts that can be written in several ways.
///
/// ```swift
/// let table = TextTable(header: ["set", "F1"], rows: [["gsm8k", "82.3"]])
/// for line in table.lines() { print(line) }
/// ```
public struct TextTable: Sendable, Hashable {
  /// Names of the columns; empty for a table without them.
  public var header: [String]
  /// Cells, row by row; a row may have fewer than there are columns.
  public var rows: [[String]]
  /// Columns of words, from 0; all others hold numbers and are aligned to the right.
  public var words: Set<Int>

  /// A table from its parts.
  public init(header: [String] = [], rows: [[String]] = [], words: Set<Int> = [0]) {
    self.header = header
    self.rows = rows
    self.words = words
  }

  /// A table of words only, without names of columns.
  package init(words rows: [[String]]) {
    self.init(rows: rows, words: Set(0..<(rows.map(\.count).max() ?? 0)))
  }

  private var all: [[String]] { (header.isEmpty ? [] : [header]) + rows }

  /// The same with every cell changed, as `TextSafety.line` does it for what comes from files.
  public func mapCells(_ change: (String) -> String) -> TextTable {
    TextTable(header: header.map(change), rows: rows.map { $0.map(change) }, words: words)
  }

  /// As lines with aligned columns, without blanks at their ends.
  ///
  /// - Parameter width: columns that a text takes on a terminal; without it each character is one.
  public func lines(width: (String) -> Int = \.count) -> [String] {
    let rows = all
    let widths = (0..<(rows.map(\.count).max() ?? 0)).map { column in
      rows.map { $0.indices.contains(column) ? width($0[column]) : 0 }.max() ?? 0
    }
    return rows.map { row in
      let cells = row.enumerated().map { column, text in
        TextTable.pad(text, to: widths[column], left: !words.contains(column), width: width)
      }
      return TextTable.trimmed(cells.joined(separator: "  "))
    }
  }

  /// A text filled up with blanks to its right, or to its left.
  package static func pad(
    _ text: String, to columns: Int, left: Bool = false, width: (String) -> Int = \.count
  ) -> String {
    let blanks = String(repeating: " ", count: max(0, columns - width(text)))
    return left ? blanks + text : text + blanks
  }

  private static func trimmed(_ line: String) -> String {
    line.last == " " ? String(line.reversed().drop { $0 == " " }.reversed()) : line
  }

  /// As a Markdown table.
  public var markdown: String {
    func line(_ cells: [String]) -> String {
      "| " + cells.map { Markdown.escaped(String($0.map { $0.isNewline ? " " : $0 })) }.joined(separator: " | ") + " |"
    }
    let rule = header.indices.map { words.contains($0) ? "---" : "---:" }
    return ([line(header), line(rule)] + rows.map(line)).joined(separator: "\n")
  }

  /// As comma-separated values (RFC 4180). A cell that a spreadsheet would take for a formula begins with an apostrophe.
  public var csv: String {
    // By scalars: an accent behind a quote makes one character of both.
    func cell(_ text: String) -> String {
      var text = text
      if let first = text.unicodeScalars.first,
        "=+@\t\r＝＋－＠".unicodeScalars.contains(first) || (first == "-" && Double(text) == nil)
      {
        text = "'" + text
      }
      let isPlain = text.unicodeScalars.allSatisfy { $0 != "," && $0 != "\"" && !$0.isControl }
      if isPlain { return text }
      var quoted = String.UnicodeScalarView()
      for scalar in text.unicodeScalars { quoted.append(contentsOf: scalar == "\"" ? [scalar, scalar] : [scalar]) }
      return "\"" + String(quoted) + "\""
    }
    return all.map { $0.map(cell).joined(separator: ",") }.joined(separator: "\n")
  }

  /// As the table element of a page; columns of words have the class `t`.
  public var html: String {
    func row(_ cells: [String], _ tag: String) -> String {
      let cells = cells.enumerated().map { column, text in
        "<\(tag)\(words.contains(column) ? " class=\"t\"" : "")>\(HTML.escaped(text))</\(tag)>"
      }
      return "<tr>\(cells.joined())</tr>"
    }
    let head = header.isEmpty ? "" : "<thead>\(row(header, "th"))</thead>"
    return "<table>\(head)<tbody>\(rows.map { row($0, "td") }.joined())</tbody></table>"
  }
}
