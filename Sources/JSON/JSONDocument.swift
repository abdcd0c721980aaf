/// What a JSON value is.
public enum JSONKind: UInt8, Sendable {
  case null, bool, number, string, array, object

  /// The word used in messages to people.
  public var word: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

/// Why bytes are not JSON, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The 0-based byte the parser stopped at.
  public var offset: Int
  /// A clause without the position ("a comma or } is expected").
  public var reason: String

  /// The reason with its position.
  public var description: String { "\(reason) (byte \(offset))" }

  /// An error at a byte.
  public init(offset: Int, reason: String) {
    self.offset = offset
    self.reason = reason
  }
}

/// One value of a document: where its bytes are and where its next sibling is.
@usableFromInline struct TapeEntry: Sendable {
  /// What reading the value needs, found while scanning.
  @usableFromInline struct Flags: OptionSet, Sendable {
    @usableFromInline let rawValue: UInt8

    @usableFromInline init(rawValue: UInt8) { self.rawValue = rawValue }

    /// A string with a backslash.
    static let escaped = Flags(rawValue: 1)
    /// A string with `\u` or `\/`, whose canonical spelling may differ.
    static let respelled = Flags(rawValue: 2)
    /// A number with a fraction or an exponent.
    static let fractional = Flags(rawValue: 4)
  }

  /// Strings: the first byte after the opening quote. Others: the first byte of the value.
  @usableFromInline var start: UInt32
  /// Strings: the closing quote. Others: the byte after the value.
  @usableFromInline var end: UInt32
  /// The entry after this value and all it holds. While a container is open: the entry of its parent.
  @usableFromInline var next: UInt32
  @usableFromInline var kind: JSONKind
  @usableFromInline var flags: Flags
}

/// A parsed JSON text that keeps everything the text said: key order, number spelling, duplicate keys, escapes.
///
/// Foundation's decoders lose these, and the project promises that an untouched record is written back as it was read.
/// The grammar is RFC 8259, strictly (so Python's `NaN` is an error that says so), with two allowances that the RFC
/// leaves open: keys may repeat (the last wins, as in Python) and `\ud800`-style lone surrogates are accepted (they read
/// as U+FFFD). Parsing is one pass over the bytes into a flat tape; nothing is decoded until asked for.
public struct JSONDocument: Sendable {
  /// Containers may nest this deep.
  public static let maximumDepth = 512
  /// A document may hold this many values: the tape costs 16 bytes for each, so memory stays bounded.
  public static let maximumValues = 4_000_000

  /// The text as parsed.
  public private(set) var bytes: [UInt8]
  var tape: [TapeEntry]

  /// Parses one JSON text: a value with optional white space around it, and no byte order mark.
  public init(parsing bytes: [UInt8]) throws(JSONError) {
    self.bytes = []
    tape = []
    try parse(bytes)
  }

  /// A document to call `parse(_:)` on.
  package init() {
    bytes = []
    tape = []
  }

  /// Replaces the content, keeping the tape's memory when no view of the old content is alive.
  ///
  /// After an error the document is empty and must not be read.
  package mutating func parse(_ bytes: [UInt8]) throws(JSONError) {
    tape.removeAll(keepingCapacity: true)
    self.bytes = bytes
    guard bytes.count < Int(UInt32.max) else {
      throw JSONError(offset: 0, reason: "the text is longer than 4 GiB")
    }
    var scanner = JSONScanner(tape: tape)
    tape = []
    // The tape goes back even when scanning fails, so that its memory is reused.
    defer { tape = scanner.tape }
    try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in
      try scanner.scan(buffer)
    }
  }

  /// The outermost value.
  public var root: JSONView { JSONView(bytes: bytes, tape: tape, index: 0) }
}
