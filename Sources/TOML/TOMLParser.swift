/// Reads TOML 1.0 (https://toml.io/en/v1.0.0), byte by byte.
///
/// The tables are built as objects, since headers come back to a table that was begun earlier, and frozen at the end.
struct TOMLParser {
  /// Maximum nesting depth of tables and lists.
  static let maximumDepth = 64

  var text: TOMLScanner
  private let root = TOMLTableBuilder(.header, line: 1)

  init(_ text: String) { self.text = TOMLScanner(text) }

  mutating func parse() throws(TOMLError) -> TOMLTable {
    var table = root
    // A byte order mark is no part of the text.
    _ = text.take("\u{FEFF}")
    while !text.isAtEnd {
      text.skipBlanks()
      if text.next == TOMLScanner.open {
        table = try parseHeader()
      } else if !text.isAtLineEnd && text.next != TOMLScanner.hash {
        try parsePair(into: table, depth: 0)
      }
      try text.endLine()
    }
    return root.frozen
  }

  /// `[a.b]` or `[[a.b]]`; the table that the lines below it fill.
  private mutating func parseHeader() throws(TOMLError) -> TOMLTableBuilder {
    let line = text.line
    let isList = text.take("[[")
    if !isList { _ = text.take("[") }
    text.skipBlanks()
    let path = try parseKey(depth: 0)
    guard text.take(isList ? "]]" : "]") else { throw text.error("a table's name ends with \(isList ? "]]" : "]")") }
    var table = root
    for part in path.dropLast() { table = try table.descend(part, line: line) }
    return isList
      ? try table.append(path[path.count - 1], line: line) : try table.begin(path[path.count - 1], line: line)
  }

  /// `a.b = value`.
  private mutating func parsePair(into table: TOMLTableBuilder, depth: Int) throws(TOMLError) {
    let line = text.line
    let path = try parseKey(depth: depth)
    guard text.take("=") else { throw text.error("a key is followed by = and a value") }
    text.skipBlanks()
    var table = table
    for part in path.dropLast() { table = try table.descendDotted(part, line: line) }
    let value = try parseValue(depth: depth + path.count)
    try table.set(path[path.count - 1], value, line: line)
  }

  /// One or more names with points between them, and the blanks after them. At least one name.
  private mutating func parseKey(depth: Int) throws(TOMLError) -> [String] {
    var path: [String] = []
    repeat {
      text.skipBlanks()
      path.append(try text.key())
      if depth + path.count > Self.maximumDepth { throw tooDeep }
      text.skipBlanks()
    } while text.take(".")
    return path
  }

  private mutating func parseValue(depth: Int) throws(TOMLError) -> TOMLValue {
    if depth > Self.maximumDepth { throw tooDeep }
    switch text.next {
    case TOMLScanner.quote, TOMLScanner.apostrophe: return .string(try text.string())
    case TOMLScanner.open: return .array(try parseArray(depth: depth))
    case TOMLScanner.brace: return .table(try parseInlineTable(depth: depth))
    default: return try text.word()
    }
  }

  private mutating func parseArray(depth: Int) throws(TOMLError) -> [TOMLValue] {
    _ = text.take("[")
    var values: [TOMLValue] = []
    while true {
      try text.skipBlanksAndLines()
      if text.take("]") { return values }
      values.append(try parseValue(depth: depth + 1))
      try text.skipBlanksAndLines()
      if text.take("]") { return values }
      guard text.take(",") else { throw text.error("a list has commas between its values and ends with ]") }
    }
  }

  private mutating func parseInlineTable(depth: Int) throws(TOMLError) -> TOMLTable {
    _ = text.take("{")
    let table = TOMLTableBuilder(.header, line: text.line)
    text.skipBlanks()
    if text.take("}") { return table.frozen }
    while true {
      text.skipBlanks()
      try parsePair(into: table, depth: depth + 1)
      text.skipBlanks()
      if text.take("}") { return table.frozen }
      guard text.take(",") else {
        throw text.error("an inline table must be on one line, with commas between its keys and a closing }")
      }
    }
  }

  private var tooDeep: TOMLError {
    text.error("tables and lists stand more than \(Self.maximumDepth) deep in each other")
  }
}
