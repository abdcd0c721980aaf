/// One value of a TOML file.
public enum TOMLValue: Sendable, Hashable {
  /// A string.
  case string(String)
  /// A whole number.
  case integer(Int)
  /// A number with a fraction or an exponent; also `inf` and `nan`.
  case number(Double)
  /// `true` or `false`.
  case boolean(Bool)
  /// A date, a time or both, as it is written.
  case date(String)
  /// A list in square brackets, or tables under `[[name]]`.
  case array([TOMLValue])
  /// A table.
  case table(TOMLTable)

  /// The text, if it is one.
  public var string: String? { if case .string(let value) = self { value } else { nil } }
  /// The whole number, if it is one.
  public var int: Int? { if case .integer(let value) = self { value } else { nil } }
  /// The number, if it is one with a fraction or an exponent.
  public var double: Double? { if case .number(let value) = self { value } else { nil } }
  /// The truth value, if it is one.
  public var bool: Bool? { if case .boolean(let value) = self { value } else { nil } }
  /// The list, if it is one.
  public var array: [TOMLValue]? { if case .array(let value) = self { value } else { nil } }
  /// The table, if it is one.
  public var table: TOMLTable? { if case .table(let value) = self { value } else { nil } }
}

/// A table of a TOML file: values by key, and the line where each stands.
public struct TOMLTable: Sendable, Hashable {
  /// The keys in the order of the file.
  public internal(set) var keys: [String] = []
  /// The line of its header, counted from 1; that of its key for a table in braces.
  public internal(set) var line = 1
  var entries: [String: Entry] = [:]

  struct Entry: Sendable, Hashable {
    var value: TOMLValue
    var line: Int
  }

  init() {}

  /// Reads a whole file.
  ///
  /// Nothing in `text` can make this trap: nesting is bounded, and numbers that do not fit are errors.
  ///
  /// - Throws: ``TOMLError`` for the first line that is not TOML 1.0.
  public init(_ text: String) throws(TOMLError) {
    var parser = TOMLParser(text)
    self = try parser.parse()
  }

  /// The value of a key.
  public subscript(key: String) -> TOMLValue? { entries[key]?.value }

  /// The line on which a key first stands, counted from 1.
  public func line(of key: String) -> Int? { entries[key]?.line }
}

/// Why a text is not TOML.
public struct TOMLError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The line, counted from 1.
  public var line: Int
  /// What is wrong with it.
  public var reason: String
  /// Line and reason.
  public var description: String { "line \(line): \(reason)" }
}
