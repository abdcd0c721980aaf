/// Small helpers on strings.
enum MathString {
  /// Without blanks at both ends.
  static func trimmed(_ text: String) -> String {
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(text[first...last])
  }

  /// Whether a terminal must not be shown this scalar: controls, directions, invisible format characters.
  static func isHostile(_ value: UInt32) -> Bool {
    if value < 0x20 || (0x7F...0x9F).contains(value) { return true }
    if value < 0x61C { return value == 0xAD }
    switch value {
    case 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB: return true
    case 0xE0000...0xE007F: return true
    default: return false
    }
  }

  /// The text with every hostile scalar made visible; line ends and tabs become blanks.
  static func clean(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { isHostile($0.value) }) else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      guard isHostile(scalar.value) else {
        result.append(scalar)
        continue
      }
      switch scalar.value {
      case 0x09, 0x0A, 0x0D: result.append(" ")
      case 0..<0x20: result.append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
      case 0x7F: result.append("\u{2421}")
      default: result.append("\u{FFFD}")
      }
    }
    return String(result)
  }
}
