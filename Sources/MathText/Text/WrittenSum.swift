/// Calculations in columns, as on paper: their signs are not list items, and their spaces count.
///
/// ```
///   25
/// + 17
/// ----
///   42
/// ```
enum WrittenSum {
  private enum Line {
    case number, signed, rule
  }

  /// Looks for a written sum that begins with the line at `start`: where its last line ends, or where the lines end that
  /// need no second look.
  static func read(_ bytes: [UInt8], _ start: Int, _ limit: Int) -> (isSum: Bool, end: Int) {
    var at = start
    var numbers = 0
    var signed = 0
    var rules = 0
    var end = start
    while at < limit, let (line, next) = line(bytes, at, limit) {
      switch line {
      case .number: numbers += 1
      case .signed:
        if numbers == 0 { return (false, next) }
        signed += 1
      case .rule:
        if numbers == 0 { return (false, next) }
        rules += 1
      }
      at = next
      end = next
    }
    return (signed > 0 || rules > 0 && numbers > 1, end)
  }

  /// The kind of the line at `start` and where the next one begins; `nil` for a line of anything else.
  private static func line(_ bytes: [UInt8], _ start: Int, _ limit: Int) -> (Line, Int)? {
    var end = start
    while end < limit, bytes[end] != 0x0A {
      if end - start > 60 { return nil }
      end += 1
    }
    // A line must be whole: a formula inside it would end the prose here.
    if end == limit, limit < bytes.count { return nil }
    let next = min(end + 1, limit)
    var at = start
    while at < end, isBlank(bytes[at]) { at += 1 }
    guard at < end else { return nil }
    let content = bytes[at..<end]
    if isRule(content) { return (.rule, next) }
    let isSigned = signLength(content).map { at += $0 } != nil
    var digits = 0
    for byte in bytes[at..<end] {
      switch byte {
      case 0x30...0x39: digits += 1
      case 0x20, 0x09, 0x0D, 0x2E, 0x2C, 0x24, 0x25: break
      default: return nil
      }
    }
    return digits > 0 ? (isSigned ? .signed : .number, next) : nil
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

  /// Two or more of - = _ ─ and nothing else, perhaps behind a sign.
  private static func isRule(_ content: ArraySlice<UInt8>) -> Bool {
    var dashes = 0
    for (offset, byte) in content.enumerated() {
      switch byte {
      case 0x2D, 0x3D, 0x5F: dashes += 1
      // ─
      case 0xE2, 0x94, 0x80: dashes += byte == 0xE2 ? 2 : 0
      case 0x20, 0x09, 0x0D: break
      case 0x2B where offset == 0: break
      default: return false
      }
    }
    return dashes > 1
  }

  /// The bytes of + − × x * ÷ = before a number.
  private static func signLength(_ content: ArraySlice<UInt8>) -> Int? {
    guard let first = content.first else { return nil }
    switch first {
    case 0x2B, 0x2D, 0x2A, 0x78, 0x3D: return 1
    case 0xC3:
      let second = content.dropFirst().first
      return second == 0x97 || second == 0xB7 ? 2 : nil
    case 0xE2: return content.starts(with: [0xE2, 0x88, 0x92]) ? 3 : nil
    default: return nil
    }
  }
}
