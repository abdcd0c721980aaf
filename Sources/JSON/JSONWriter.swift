/// Builds JSON text. Commas and colons come by themselves; non-ASCII text is kept as UTF-8.
///
/// ```swift
/// var json = JSONWriter()
/// json.object { json in
///   json.int("id", 1)
///   json.array("steps") { json in json.string("…") }
/// }
/// ```
public struct JSONWriter: Sendable {
  /// What has been written.
  public private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// A writer with nothing written.
  public init() {}

  /// A writer with nothing written, and room for this many bytes.
  public init(capacity: Int) { bytes.reserveCapacity(capacity) }

  /// Starts a member: the next value written belongs to this key.
  public mutating func key(_ key: String) {
    string(key)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(UInt8(ascii: " "))
    needsComma = false
  }

  /// Writes an object whose members `body` writes.
  @inlinable public mutating func object<E>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
    open(UInt8(ascii: "{"))
    try body(&self)
    close(UInt8(ascii: "}"))
  }

  /// Writes a list whose elements `body` writes.
  @inlinable public mutating func array<E>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
    open(UInt8(ascii: "["))
    try body(&self)
    close(UInt8(ascii: "]"))
  }

  /// Writes a string; `nil` writes null.
  public mutating func string(_ text: String?) {
    guard let text else { return null() }
    string { $0.add(text) }
  }

  /// Writes a string that is put together of pieces, without making it first.
  public mutating func string(_ body: (inout StringPieces) -> Void) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    // One owner: else the first piece would copy all that was written.
    var pieces = StringPieces(bytes: [])
    swap(&bytes, &pieces.bytes)
    body(&pieces)
    swap(&bytes, &pieces.bytes)
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
  }

  /// Takes the pieces of a string.
  public struct StringPieces: Sendable {
    fileprivate var bytes: [UInt8]

    /// Adds a piece.
    public mutating func add(_ text: String) {
      var text = text
      text.withUTF8 { JSONWriter.appendEscaped($0, to: &bytes) }
    }

    /// Adds a piece.
    public mutating func add(_ text: Substring) {
      var text = text
      text.withUTF8 { JSONWriter.appendEscaped($0, to: &bytes) }
    }
  }

  private static func appendEscaped(_ utf8: UnsafeBufferPointer<UInt8>, to bytes: inout [UInt8]) {
    var run = 0
    while true {
      let i = nextToEscape(utf8, from: run)
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[run..<i]))
      guard i < utf8.count else { break }
      JSONEscapes.appendASCII(utf8[i], to: &bytes)
      run = i + 1
    }
  }

  /// The first byte from `start` on that JSON wants escaped, or the end.
  private static func nextToEscape(_ utf8: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let high: UInt64 = 0x8080_8080_8080_8080
    var i = start
    guard let p = utf8.baseAddress else { return utf8.count }
    // Eight bytes at a time. The bit tricks may flag bytes after such a byte wrongly, never the first, and only the first is
    // used.
    while i + 8 <= utf8.count {
      let word = UInt64(littleEndian: UnsafeRawPointer(p + i).loadUnaligned(as: UInt64.self))
      let quotes = word ^ (ones &* 0x22)
      let slashes = word ^ (ones &* 0x5C)
      let controls = (word &- (ones &* 0x20)) & ~word
      let found =
        (((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes) | controls) & high
      if found != 0 { return i + (found.trailingZeroBitCount >> 3) }
      i += 8
    }
    while i < utf8.count, utf8[i] >= 0x20, utf8[i] != UInt8(ascii: "\""), utf8[i] != UInt8(ascii: "\\") { i += 1 }
    return i
  }

  /// Writes a whole number; `nil` writes null.
  public mutating func int(_ value: Int?) {
    token(value.map { String($0) } ?? "null")
  }

  /// Writes a number; one that is not finite (which JSON cannot say) and `nil` write null.
  public mutating func double(_ value: Double?) {
    guard let value, value.isFinite else { return null() }
    token("\(value)")
  }

  /// Writes true or false; `nil` writes null.
  public mutating func bool(_ value: Bool?) {
    token(value.map { $0 ? "true" : "false" } ?? "null")
  }

  /// Writes null.
  public mutating func null() { token("null") }

  /// Writes a value that is JSON already, byte for byte. The caller answers for its validity.
  public mutating func raw(_ json: some Collection<UInt8>) {
    separate()
    // In one piece where it lies in one: this is not specialised for other modules.
    if json.withContiguousStorageIfAvailable({ bytes.append(contentsOf: $0) }) == nil {
      for byte in json { bytes.append(byte) }
    }
    needsComma = true
  }

  // MARK: Members of an object, each with its key

  /// Writes a member that is an object.
  @inlinable public mutating func object<E>(_ name: String, _ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
    key(name)
    try object(body)
  }

  /// Writes a member that is a list.
  @inlinable public mutating func array<E>(_ name: String, _ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
    key(name)
    try array(body)
  }

  /// Writes a member that is a string; `nil` writes null.
  public mutating func string(_ name: String, _ text: String?) {
    key(name)
    string(text)
  }

  /// Writes a member that is a whole number; `nil` writes null.
  public mutating func int(_ name: String, _ value: Int?) {
    key(name)
    int(value)
  }

  /// Writes a member that is true or false; `nil` writes null.
  public mutating func bool(_ name: String, _ value: Bool?) {
    key(name)
    bool(value)
  }

  private mutating func token(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
    needsComma = true
  }

  @usableFromInline mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  @usableFromInline mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func separate() {
    guard needsComma else { return }
    bytes.append(UInt8(ascii: ","))
    bytes.append(UInt8(ascii: " "))
  }
}
