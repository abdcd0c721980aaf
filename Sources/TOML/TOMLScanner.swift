/// A place in the text of a TOML file, and what can be read from there.
struct TOMLScanner {
  static let open = UInt8(ascii: "[")
  static let brace = UInt8(ascii: "{")
  static let hash = UInt8(ascii: "#")
  static let quote = UInt8(ascii: "\"")
  static let apostrophe = UInt8(ascii: "'")
  private static let newline = UInt8(ascii: "\n")
  private static let backslash = UInt8(ascii: "\\")

  private let bytes: [UInt8]
  private var position = 0
  /// Counted from 1.
  private(set) var line = 1

  init(_ text: String) { bytes = Array(text.utf8) }

  /// The next byte; 0 at the end, as no text that is accepted holds one.
  var next: UInt8 { position < bytes.count ? bytes[position] : 0 }
  var isAtEnd: Bool { position >= bytes.count }
  var isAtLineEnd: Bool { isAtEnd || next == Self.newline || startsWith("\r\n") }

  func error(_ reason: String) -> TOMLError { TOMLError(line: line, reason: reason) }

  /// Steps over a piece of text, if it is what comes next.
  mutating func take(_ piece: StaticString) -> Bool {
    guard startsWith(piece) else { return false }
    position += piece.utf8CodeUnitCount
    return true
  }

  private func startsWith(_ piece: StaticString) -> Bool {
    piece.withUTF8Buffer { piece in
      position + piece.count <= bytes.count && bytes[position..<position + piece.count].elementsEqual(piece)
    }
  }

  // MARK: - Blanks, comments, ends of lines

  mutating func skipBlanks() {
    while next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") { position += 1 }
  }

  /// The rest of a line: blanks and a comment.
  mutating func endLine() throws(TOMLError) {
    skipBlanks()
    try skipComment()
    if isAtEnd { return }
    if takeNewline() { return }
    try refuseControlCharacter()
    throw error("there is more on the line than its value: \(excerpt)")
  }

  mutating func skipBlanksAndLines() throws(TOMLError) {
    repeat {
      skipBlanks()
      try skipComment()
    } while takeNewline()
  }

  private mutating func skipComment() throws(TOMLError) {
    guard next == Self.hash else { return }
    while !isAtLineEnd { try skipCharacter() }
  }

  private mutating func takeNewline() -> Bool {
    guard take("\n") || take("\r\n") else { return false }
    line += 1
    return true
  }

  /// Steps over one byte of a comment or a text, which holds no control characters but tabs.
  private mutating func skipCharacter() throws(TOMLError) {
    try refuseControlCharacter()
    position += 1
  }

  private func refuseControlCharacter() throws(TOMLError) {
    if !isAtEnd && (next < 0x20 && next != 0x09 || next == 0x7F) {
      throw error("the control character with the number \(next) cannot stand here")
    }
  }

  /// The rest of the line, for messages.
  private var excerpt: String {
    let rest = bytes[position...].prefix { $0 >= 0x20 && $0 != 0x7F }
    let text = String(decoding: rest, as: UTF8.self)
    return text.count > 30 ? text.prefix(30) + "…" : text
  }

  // MARK: - Keys and texts

  /// One name of a key.
  mutating func key() throws(TOMLError) -> String {
    if next == Self.quote || next == Self.apostrophe {
      if startsWith("\"\"\"") || startsWith("'''") {
        throw error("a quoted key must end on its line")
      }
      return try string()
    }
    let name = takeWord { Self.isLetter($0) || Self.isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
    if !name.isEmpty { return name }
    if isAtLineEnd { throw error("a name is missing at the end of the line") }
    try refuseControlCharacter()
    throw error("a name is missing before \(excerpt): it holds letters, digits, - and _; any other needs quotes")
  }

  /// A text in any of the four kinds of quotes.
  mutating func string() throws(TOMLError) -> String {
    if take("\"\"\"") { return try multiline(quote: Self.quote, escapes: true) }
    if take("'''") { return try multiline(quote: Self.apostrophe, escapes: false) }
    let quote = next
    position += 1
    var out: [UInt8] = []
    while true {
      if isAtLineEnd { throw error("the text has no quote at its end") }
      let byte = next
      if byte == quote {
        position += 1
        return String(decoding: out, as: UTF8.self)
      }
      if byte == Self.backslash && quote == Self.quote {
        try escape(into: &out)
      } else {
        try skipCharacter()
        out.append(byte)
      }
    }
  }

  private mutating func multiline(quote: UInt8, escapes: Bool) throws(TOMLError) -> String {
    let start = line
    _ = takeNewline()
    var out: [UInt8] = []
    while true {
      if isAtEnd { throw TOMLError(line: start, reason: "the text has no three quotes at its end") }
      let byte = next
      if byte == quote {
        let count = bytes[position...].prefix(5).prefix { $0 == quote }.count
        position += count
        if count >= 3 {
          out += Array(repeating: quote, count: count - 3)
          return String(decoding: out, as: UTF8.self)
        }
        out += Array(repeating: quote, count: count)
      } else if takeNewline() {
        out.append(Self.newline)
      } else if byte == Self.backslash && escapes {
        if !skipFoldedLines() { try escape(into: &out) }
      } else {
        try skipCharacter()
        out.append(byte)
      }
    }
  }

  /// A backslash at the end of a line, which takes the blanks and line ends after it away.
  private mutating func skipFoldedLines() -> Bool {
    let start = position
    position += 1
    skipBlanks()
    guard takeNewline() else {
      position = start
      return false
    }
    repeat { skipBlanks() } while takeNewline()
    return true
  }

  private mutating func escape(into out: inout [UInt8]) throws(TOMLError) {
    position += 1
    let letter = next
    position += 1
    switch letter {
    case UInt8(ascii: "b"): out.append(0x08)
    case UInt8(ascii: "t"): out.append(0x09)
    case UInt8(ascii: "n"): out.append(0x0A)
    case UInt8(ascii: "f"): out.append(0x0C)
    case UInt8(ascii: "r"): out.append(0x0D)
    case Self.quote, Self.backslash: out.append(letter)
    case UInt8(ascii: "u"), UInt8(ascii: "U"):
      let count = letter == UInt8(ascii: "u") ? 4 : 8
      let digits = bytes[min(position, bytes.count)...].prefix(count)
      guard digits.count == count, digits.allSatisfy(Self.isHexadecimal),
        let number = UInt32(String(decoding: digits, as: UTF8.self), radix: 16), let scalar = Unicode.Scalar(number)
      else {
        throw error(
          "\\\(letter == UInt8(ascii: "u") ? "u" : "U") needs \(count) hexadecimal digits that name a character")
      }
      position += count
      out += Array(String(scalar).utf8)
    default: throw error("a backslash in double quotes begins \\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX or \\UXXXXXXXX")
    }
  }

  // MARK: - Words: numbers, truth values, dates

  mutating func word() throws(TOMLError) -> TOMLValue {
    let start = position
    var word = takeWord { byte in
      Self.isLetter(byte) || Self.isDigit(byte) || "+-._:".utf8.contains(byte)
    }
    // A date and its time may have a blank between them.
    if next == UInt8(ascii: " "), TOMLDate.isDay(word), position + 1 < bytes.count, Self.isDigit(bytes[position + 1]) {
      position += 1
      word += " " + takeWord { Self.isDigit($0) || "+-:.Zz".utf8.contains($0) }
    }
    if let value = TOMLNumber.value(word) ?? (TOMLDate.isValid(word) ? .date(word) : nil) { return value }
    position = start
    if isAtLineEnd { throw error("a value is missing at the end of the line") }
    try refuseControlCharacter()
    if TOMLNumber.isWhole(word) { throw error("the number \(excerpt) does not fit 64 bits") }
    throw error("not a value: \(excerpt) (a string needs quotes)")
  }

  private mutating func takeWord(while isPart: (UInt8) -> Bool) -> String {
    let word = bytes[min(position, bytes.count)...].prefix(while: isPart)
    position += word.count
    return String(decoding: word, as: UTF8.self)
  }

  static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
  static func isLetter(_ byte: UInt8) -> Bool { byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A }
  static func isHexadecimal(_ byte: UInt8) -> Bool { isDigit(byte) || byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66 }
}
