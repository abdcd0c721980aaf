/// Hexadecimal digits.
package enum Hex {
  /// Bytes as lowercase digits, two for each: hashes and keys.
  @inlinable package static func string(_ bytes: some Sequence<UInt8>) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(2 * bytes.underestimatedCount)
    for byte in bytes {
      out.append(digit(byte >> 4))
      out.append(digit(byte & 15))
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Reads ``string(_:)``; `nil` unless the text is exactly `count` bytes.
  package static func bytes(_ text: String, count: Int) -> [UInt8]? {
    let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
    guard digits.count == 2 * count, text.utf8.count == 2 * count else { return nil }
    return (0..<count).map { UInt8(digits[2 * $0] << 4 | digits[2 * $0 + 1]) }
  }

  @usableFromInline static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

  /// A number with zeros before it: "00E9".
  package static func padded(_ value: UInt32, digits: Int = 4, uppercase: Bool = false) -> String {
    let text = String(value, radix: 16, uppercase: uppercase)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}
