/// Which stars of prose are emphasis and which are signs: `x**2`, `2**3**2` and `3 *5* 2` are powers and products.
enum EmphasisMarks {
  /// The positions of the last marks in a line from `start` that may close strong and emphasised text, so that a mark without
  /// partner stays a sign. `pieces` from `index` on are those of the line.
  static func ends(
    _ bytes: [UInt8], _ start: Int, _ pieces: ArraySlice<TextPiece>
  ) -> (strong: Int, emphasis: Int) {
    var result = (strong: 0, emphasis: 0)
    for piece in pieces {
      switch piece.kind {
      case .display, .codeBlock: return result
      case .prose:
        if !scan(bytes, max(start, piece.range.lowerBound)..<piece.range.upperBound, &result) { return result }
      case .code, .drawing, .inline, .bare: break
      }
    }
    return result
  }

  /// The same in a part of a line.
  static func ends(_ bytes: [UInt8], in range: Range<Int>) -> (strong: Int, emphasis: Int) {
    var result = (strong: 0, emphasis: 0)
    _ = scan(bytes, range, &result)
    return result
  }

  /// Looks through a range; false when the line ends in it.
  private static func scan(_ bytes: [UInt8], _ range: Range<Int>, _ ends: inout (strong: Int, emphasis: Int)) -> Bool {
    var at = range.lowerBound
    while at < range.upperBound {
      switch bytes[at] {
      case 0x0A: return false
      case 0x5C: at += 1
      case 0x2A where at + 1 < range.upperBound && bytes[at + 1] == 0x2A:
        if closesStrong(bytes, at) { ends.strong = at }
        at += 1
      case 0x2A: if closesEmphasis(bytes, at) { ends.emphasis = at }
      default: break
      }
      at += 1
    }
    return true
  }

  // MARK: Two stars

  /// Whether `**` at `at` may begin strong text: not behind what could be raised to a power.
  static func opensStrong(_ bytes: [UInt8], _ at: Int) -> Bool {
    let next = byte(bytes, at + 2)
    return !isBlank(next) && next != 0x2A && !isOperandEnd(bytes, at - 1)
  }

  /// Whether `**` at `at` may end strong text: not where a number or one letter is raised to another.
  static func closesStrong(_ bytes: [UInt8], _ at: Int) -> Bool {
    !(isShortOperand(bytes, endingAt: at - 1) && isShortOperand(bytes, startingAt: at + 2))
  }

  // MARK: One star

  static func opensEmphasis(_ bytes: [UInt8], _ at: Int) -> Bool {
    let before = byte(bytes, at - 1)
    let next = byte(bytes, at + 1)
    guard !isBlank(next), !isWord(before), next != 0x29, before != 0x29, !isTimes(bytes, at) else { return false }
    // The next star of the line must be the one that closes.
    var end = at + 1
    while end < bytes.count, bytes[end] != 0x0A, end - at < 400 {
      if bytes[end] == 0x2A {
        if bytes[end - 1] != 0x2A, byte(bytes, end + 1) != 0x2A { return closesEmphasis(bytes, end) }
      }
      end += bytes[end] == 0x5C ? 2 : 1
    }
    return true
  }

  static func closesEmphasis(_ bytes: [UInt8], _ at: Int) -> Bool {
    at > 0 && !isBlank(bytes[at - 1]) && !isWord(byte(bytes, at + 1)) && !isTimes(bytes, at)
  }

  /// Whether a number or one letter stands on both sides, blanks aside.
  private static func isTimes(_ bytes: [UInt8], _ at: Int) -> Bool {
    var left = at - 1
    while left >= 0, bytes[left] == 0x20, at - left < 8 { left -= 1 }
    var right = at + 1
    while right < bytes.count, bytes[right] == 0x20, right - at < 8 { right += 1 }
    return isShortOperand(bytes, endingAt: left) && isShortOperand(bytes, startingAt: right)
  }

  // MARK: Operands

  private static func byte(_ bytes: [UInt8], _ at: Int) -> UInt8 { at >= 0 && at < bytes.count ? bytes[at] : 0x20 }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0 }

  static func isWord(_ byte: UInt8) -> Bool { LatexTokenizer.isLetter(byte) || isDigit(byte) || byte >= 0x80 }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

  private static func isClosing(_ byte: UInt8) -> Bool { byte == 0x29 || byte == 0x5D || byte == 0x7D }

  /// A letter, digit or closing bracket; of other scripts the letters that take two bytes, as Greek ones.
  private static func isOperandEnd(_ bytes: [UInt8], _ at: Int) -> Bool {
    let last = byte(bytes, at)
    if last < 0x80 { return LatexTokenizer.isLetter(last) || isDigit(last) || isClosing(last) }
    return (0xC2..<0xE0).contains(byte(bytes, at - 1))
  }

  /// A digit, a closing bracket, or a letter by itself.
  private static func isShortOperand(_ bytes: [UInt8], endingAt at: Int) -> Bool {
    guard isOperandEnd(bytes, at) else { return false }
    return !LatexTokenizer.isLetter(byte(bytes, at)) || !isWord(byte(bytes, at - 1))
  }

  /// A digit, an opening bracket before one, or a letter by itself.
  private static func isShortOperand(_ bytes: [UInt8], startingAt at: Int) -> Bool {
    let first = byte(bytes, at)
    if isDigit(first) { return true }
    if first == 0x28 || first == 0x2D { return isDigit(byte(bytes, at + 1)) }
    if first >= 0x80 { return (0xC2..<0xE0).contains(first) && !LatexTokenizer.isLetter(byte(bytes, at + 2)) }
    return LatexTokenizer.isLetter(first) && !isWord(byte(bytes, at + 1))
  }
}
