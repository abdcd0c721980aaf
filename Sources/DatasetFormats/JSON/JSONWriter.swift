/// Builds JSON text. Commas and colons come by themselves; non-ASCII text is kept as UTF-8.
///
/// ```swift
/// var json = JSONWriter()
/// json.object { json in
///   json.key("id"); json.int(1)
///   json.key("steps"); json.array { json in json.string("…") }
/// }
/// ```
public struct JSONWriter: Sendable {
  /// What has been written.
  public private(set) var bytes: [UInt8] = []
  private var needsComma = false

  /// A writer with nothing written.
  public init() {}

  /// Starts a member: the next value written belongs to this key.
  public mutating func key(_ key: String) {
    string(key)
    bytes.append(UInt8(ascii: ":"))
    bytes.append(UInt8(ascii: " "))
    needsComma = false
  }

  /// Writes an object whose members `body` writes.
  public mutating func object<E>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
    open(UInt8(ascii: "{"))
    try body(&self)
    close(UInt8(ascii: "}"))
  }

  /// Writes a list whose elements `body` writes.
  public mutating func array<E>(_ body: (inout JSONWriter) throws(E) -> Void) throws(E) {
    open(UInt8(ascii: "["))
    try body(&self)
    close(UInt8(ascii: "]"))
  }

  /// Writes a string; `nil` writes null.
  public mutating func string(_ text: String?) {
    guard var text else { return null() }
    separate()
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { utf8 in
      var run = 0
      for i in utf8.indices where utf8[i] < 0x20 || utf8[i] == UInt8(ascii: "\"") || utf8[i] == UInt8(ascii: "\\") {
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[run..<i]))
        JSONEscapes.appendASCII(utf8[i], to: &bytes)
        run = i + 1
      }
      bytes.append(contentsOf: UnsafeBufferPointer(rebasing: utf8[run...]))
    }
    bytes.append(UInt8(ascii: "\""))
    needsComma = true
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
    bytes.append(contentsOf: json)
    needsComma = true
  }

  private mutating func token(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
    needsComma = true
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func separate() {
    guard needsComma else { return }
    bytes.append(UInt8(ascii: ","))
    bytes.append(UInt8(ascii: " "))
  }
}
