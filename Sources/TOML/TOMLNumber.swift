/// Numbers and truth values as TOML writes them.
enum TOMLNumber {
  /// `nil` for a word that is none, and for a whole number that does not fit 64 bits.
  static func value(_ word: String) -> TOMLValue? {
    switch word {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "inf", "+inf": return .number(.infinity)
    case "-inf": return .number(-.infinity)
    case "nan", "+nan", "-nan": return .number(.nan)
    default: break
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(prefix) {
      return digits(
        word.dropFirst(2), where: { Character(Unicode.Scalar($0)).hexDigitValue.map { $0 < radix } ?? false }
      )
      .flatMap { Int($0, radix: radix) }.map(TOMLValue.integer)
    }
    let sign = word.first.map { $0 == "+" || $0 == "-" } ?? false ? word.prefix(1) : ""
    let rest = word.dropFirst(sign.count)
    let parts = rest.split(maxSplits: 1) { $0 == "e" || $0 == "E" }
    guard let mantissa = parts.first else { return nil }
    let pieces = mantissa.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = digits(pieces[0]), whole == "0" || !whole.hasPrefix("0") else { return nil }
    if pieces.count == 1 && rest.count == mantissa.count { return Int(sign + whole).map(TOMLValue.integer) }
    var text = sign + whole
    if pieces.count == 2 {
      guard let fraction = digits(pieces[1]) else { return nil }
      text += "." + fraction
    }
    if rest.count > mantissa.count {
      guard parts.count == 2, let exponent = exponent(parts[1]) else { return nil }
      text += "e" + exponent
    }
    return Double(text).map(TOMLValue.number)
  }

  /// Whether a word is a whole number of any size.
  static func isWhole(_ word: String) -> Bool {
    let digits = word.drop { $0 == "+" || $0 == "-" }
    return word.count - digits.count < 2 && (digits.isEmpty || !digits.hasPrefix("0")) && self.digits(digits) != nil
  }

  private static func exponent(_ text: Substring) -> String? {
    let sign = text.hasPrefix("+") || text.hasPrefix("-") ? text.prefix(1) : ""
    return digits(text.dropFirst(sign.count)).map { sign + $0 }
  }

  /// Digits without the underscores between them; `nil` for an underscore without digits on both sides and for other
  /// characters.
  private static func digits(
    _ text: Substring, where isDigit: (UInt8) -> Bool = TOMLScanner.isDigit
  ) -> String? {
    let groups = text.split(separator: "_", omittingEmptySubsequences: false)
    guard groups.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) else { return nil }
    return groups.joined()
  }
}

/// Dates and times as TOML (RFC 3339) writes them.
enum TOMLDate {
  static func isDay(_ word: String) -> Bool { day(word[...]) }

  static func isValid(_ word: String) -> Bool {
    if day(word[...]) || time(word[...], zone: false) { return true }
    let bytes = Array(word.utf8)
    guard bytes.count > 11, "Tt ".utf8.contains(bytes[10]) else { return false }
    return day(word.prefix(10)) && time(word.dropFirst(11), zone: true)
  }

  private static func day(_ text: Substring) -> Bool {
    let parts = numbers(text, [4, 2, 2], separator: "-")
    guard let parts, (1...12).contains(parts[1]) else { return false }
    let isLeap = parts[0] % 4 == 0 && (parts[0] % 100 != 0 || parts[0] % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[parts[1] - 1]).contains(parts[2])
  }

  private static func time(_ text: Substring, zone: Bool) -> Bool {
    guard let parts = numbers(text.prefix(8), [2, 2, 2], separator: ":"), parts[0] < 24, parts[1] < 60, parts[2] <= 60
    else { return false }
    var rest = text.dropFirst(8)
    if rest.first == "." {
      let fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
      if fraction.isEmpty { return false }
      rest = rest.dropFirst(fraction.count + 1)
    }
    if rest.isEmpty { return true }
    guard zone else { return false }
    if rest == "Z" || rest == "z" { return true }
    guard rest.first == "+" || rest.first == "-", let parts = numbers(rest.dropFirst(), [2, 2], separator: ":")
    else { return false }
    return parts[0] < 24 && parts[1] < 60
  }

  /// Numbers of fixed widths, with a separator between them.
  private static func numbers(_ text: Substring, _ lengths: [Int], separator: Character) -> [Int]? {
    let parts = text.split(separator: separator, omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == lengths, parts.allSatisfy({ $0.utf8.allSatisfy(TOMLScanner.isDigit) })
    else { return nil }
    return parts.compactMap { Int($0) }
  }
}
