/// The single pass that checks a JSON text and fills the tape.
///
/// Unsafe pointers are used because array bounds checks cost a third of the speed here. Every read is at an index
/// tested against `count` first; 8-byte reads are tested as `i + 8 <= count`.
struct JSONScanner {
  var tape: [TapeEntry]
  private var open = -1
  private var depth = 0

  init(tape: consuming [TapeEntry]) {
    self.tape = tape
  }

  private enum Expect {
    case value, firstElement, firstKey, key, afterValue
  }

  mutating func scan(_ text: UnsafeBufferPointer<UInt8>) throws(JSONError) {
    let count = text.count
    guard let p = text.baseAddress, count > 0 else { throw JSONError(offset: 0, reason: "the text is empty") }
    var i = 0
    var expect = Expect.value
    while true {
      while i < count, p[i] <= 0x20, p[i] == 0x20 || p[i] == 0x0A || p[i] == 0x0D || p[i] == 0x09 { i += 1 }
      if expect == .afterValue, open < 0 {
        if i < count { throw JSONError(offset: i, reason: "there is more text after the end of the JSON value") }
        return
      }
      guard i < count else { throw JSONError(offset: i, reason: cutOff) }
      let c = p[i]
      switch expect {
      case .afterValue:
        switch c {
        case UInt8(ascii: ","): expect = tape[open].kind == .object ? .key : .value
        case UInt8(ascii: "}") where tape[open].kind == .object, UInt8(ascii: "]") where tape[open].kind == .array:
          close(at: i)
        default:
          let closer = tape[open].kind == .object ? "}" : "]"
          throw JSONError(offset: i, reason: "a comma or \(closer) is expected, not \(name(c))")
        }
        i += 1
      case .firstKey, .key:
        if c == UInt8(ascii: "}"), expect == .firstKey {
          close(at: i)
          i += 1
          expect = .afterValue
          continue
        }
        guard c == UInt8(ascii: "\"") else {
          throw JSONError(offset: i, reason: "a key in double quotes is expected, not \(name(c))")
        }
        i = try string(p, i, count)
        while i < count, p[i] == 0x20 || p[i] == 0x0A || p[i] == 0x0D || p[i] == 0x09 { i += 1 }
        guard i < count else { throw JSONError(offset: i, reason: "the text is cut off after a key") }
        guard p[i] == UInt8(ascii: ":") else {
          throw JSONError(offset: i, reason: "a colon is expected after the key, not \(name(p[i]))")
        }
        i += 1
        expect = .value
      case .value, .firstElement:
        switch c {
        case UInt8(ascii: "\""):
          i = try string(p, i, count)
          expect = .afterValue
        case UInt8(ascii: "{"):
          try push(.object, at: i)
          i += 1
          expect = .firstKey
        case UInt8(ascii: "["):
          try push(.array, at: i)
          i += 1
          expect = .firstElement
        case UInt8(ascii: "]") where expect == .firstElement:
          close(at: i)
          i += 1
          expect = .afterValue
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
          i = try number(p, i, count)
          expect = .afterValue
        default:
          i = try literal(p, i, count)
          expect = .afterValue
        }
      }
    }
  }

  // MARK: Containers

  private mutating func push(_ kind: JSONKind, at start: Int) throws(JSONError) {
    depth += 1
    guard depth <= JSONDocument.maximumDepth else {
      throw JSONError(offset: start, reason: "values nest deeper than \(JSONDocument.maximumDepth) levels")
    }
    let parent = open
    open = tape.count
    try append(kind, start, start, next: UInt32(truncatingIfNeeded: parent))
  }

  private mutating func close(at end: Int) {
    let parent = Int(Int32(truncatingIfNeeded: tape[open].next))
    tape[open].end = UInt32(end + 1)
    tape[open].next = UInt32(tape.count)
    open = parent
    depth -= 1
  }

  @inline(__always)
  private mutating func append(
    _ kind: JSONKind, _ start: Int, _ end: Int, next: UInt32, flags: TapeEntry.Flags = []
  ) throws(JSONError) {
    guard tape.count < JSONDocument.maximumValues else {
      throw JSONError(offset: start, reason: "there are more than \(JSONDocument.maximumValues) values")
    }
    tape.append(TapeEntry(start: UInt32(start), end: UInt32(end), next: next, kind: kind, flags: flags))
  }

  // MARK: Strings

  /// Reads the string whose opening quote is at `quote`; returns the index after the closing quote.
  @inline(__always)
  private mutating func string(
    _ p: UnsafePointer<UInt8>, _ quote: Int, _ count: Int
  ) throws(JSONError) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let high: UInt64 = 0x8080_8080_8080_8080
    var i = quote + 1
    var flags: TapeEntry.Flags = []
    while true {
      // Eight bytes at a time up to the first that is a quote, a backslash, a control character or not ASCII. The bit
      // tricks may flag bytes after such a byte wrongly, never the first, and only the first is used.
      while i + 8 <= count {
        let word = UInt64(littleEndian: UnsafeRawPointer(p + i).loadUnaligned(as: UInt64.self))
        let quotes = word ^ (ones &* 0x22)
        let slashes = word ^ (ones &* 0x5C)
        let found =
          (((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes) | (word &- (ones &* 0x20)) | word) & high
        if found != 0 {
          i += found.trailingZeroBitCount >> 3
          break
        }
        i += 8
      }
      guard i < count else { throw JSONError(offset: quote, reason: "the text that starts here is never closed") }
      let c = p[i]
      switch c {
      case UInt8(ascii: "\""):
        try append(.string, quote + 1, i, next: UInt32(tape.count + 1), flags: flags)
        return i + 1
      case UInt8(ascii: "\\"):
        flags.insert(.escaped)
        i = try escape(p, i, count, &flags)
      case 0x80...:
        i = try UTF8Checker.end(ofSequenceAt: i, p, count)
      case 0..<0x20:
        throw JSONError(offset: i, reason: controlReason(c))
      default:
        i += 1
      }
    }
  }

  @inline(__always)
  private func escape(
    _ p: UnsafePointer<UInt8>, _ slash: Int, _ count: Int, _ flags: inout TapeEntry.Flags
  ) throws(JSONError) -> Int {
    guard slash + 1 < count else { throw JSONError(offset: slash, reason: "the text is cut off after a backslash") }
    switch p[slash + 1] {
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "n"), UInt8(ascii: "t"), UInt8(ascii: "r"),
      UInt8(ascii: "b"), UInt8(ascii: "f"):
      return slash + 2
    case UInt8(ascii: "/"):
      flags.insert(.respelled)
      return slash + 2
    case UInt8(ascii: "u"):
      flags.insert(.respelled)
      guard slash + 6 <= count, JSONEscapes.hex4(p + slash + 2) != nil else {
        throw JSONError(offset: slash, reason: "\\u must be followed by four hexadecimal digits")
      }
      return slash + 6
    case let other:
      throw JSONError(offset: slash, reason: "a backslash cannot be followed by \(name(other))")
    }
  }

  private func controlReason(_ c: UInt8) -> String {
    switch c {
    case 0: "a NUL byte in a string (the file may be binary or damaged)"
    case 0x0A, 0x0D: "a line ends inside a text (a text must be closed on its line; line ends are written \\n)"
    default: "\(name(c)) must be escaped in a string"
    }
  }

  // MARK: Numbers and words

  private mutating func number(
    _ p: UnsafePointer<UInt8>, _ start: Int, _ count: Int
  ) throws(JSONError) -> Int {
    var i = start
    var flags: TapeEntry.Flags = []
    func digits() -> Bool {
      let first = i
      while i < count, p[i] >= 0x30, p[i] <= 0x39 { i += 1 }
      return i > first
    }
    if p[i] == UInt8(ascii: "-") { i += 1 }
    if i < count, p[i] == UInt8(ascii: "I") {
      throw JSONError(offset: start, reason: Self.notFinite("-Infinity"))
    }
    let first = i
    guard digits() else { throw JSONError(offset: start, reason: "a digit is expected after the minus sign") }
    if p[first] == UInt8(ascii: "0"), i > first + 1 {
      throw JSONError(offset: start, reason: "a number cannot start with 0 and another digit")
    }
    if i < count, p[i] == UInt8(ascii: ".") {
      i += 1
      flags.insert(.fractional)
      guard digits() else { throw JSONError(offset: i, reason: "a digit is expected after the decimal point") }
    }
    if i < count, p[i] | 0x20 == UInt8(ascii: "e") {
      i += 1
      flags.insert(.fractional)
      if i < count, p[i] == UInt8(ascii: "+") || p[i] == UInt8(ascii: "-") { i += 1 }
      guard digits() else { throw JSONError(offset: i, reason: "a digit is expected in the exponent") }
    }
    try append(.number, start, i, next: UInt32(tape.count + 1), flags: flags)
    return i
  }

  private mutating func literal(
    _ p: UnsafePointer<UInt8>, _ start: Int, _ count: Int
  ) throws(JSONError) -> Int {
    func stands(_ word: StaticString) -> Bool {
      let length = word.utf8CodeUnitCount
      guard start + length <= count else { return false }
      for k in 0..<length where p[start + k] != word.utf8Start[k] { return false }
      return true
    }
    if stands("null") {
      try append(.null, start, start + 4, next: UInt32(tape.count + 1))
      return start + 4
    }
    if stands("true") {
      try append(.bool, start, start + 4, next: UInt32(tape.count + 1))
      return start + 4
    }
    if stands("false") {
      try append(.bool, start, start + 5, next: UInt32(tape.count + 1))
      return start + 5
    }
    if stands("NaN") { throw JSONError(offset: start, reason: Self.notFinite("NaN")) }
    if stands("Infinity") { throw JSONError(offset: start, reason: Self.notFinite("Infinity")) }
    throw JSONError(offset: start, reason: "a value is expected, not \(name(p[start]))")
  }

  // MARK: Words for messages

  private static func notFinite(_ word: String) -> String {
    "\(word) is not JSON (Python writes it unless told not to; replace it with null)"
  }

  private var cutOff: String {
    if tape.isEmpty { return "there is only white space" }
    return open >= 0 && tape[open].kind == .object
      ? "the text ends inside an object" : "the text ends inside a list"
  }

  private func name(_ byte: UInt8) -> String {
    switch byte {
    case 0: "a NUL byte"
    case 0x21...0x7E: "\"\(Character(UnicodeScalar(byte)))\""
    default: "byte 0x" + String(byte, radix: 16, uppercase: true)
    }
  }
}

/// Checks that text is UTF-8.
enum UTF8Checker {
  /// The index after the multi-byte sequence that starts at `i`; throws when it is not well formed.
  ///
  /// Rule: table 3-7 of the Unicode Standard (no overlong forms, no surrogates, nothing above U+10FFFF).
  @inline(__always)
  static func end(ofSequenceAt i: Int, _ p: UnsafePointer<UInt8>, _ count: Int) throws(JSONError) -> Int {
    let lead = p[i]
    var low: UInt8 = 0x80
    var top: UInt8 = 0xBF
    let length: Int
    switch lead {
    case 0xC2...0xDF: length = 2
    case 0xE0:
      length = 3
      low = 0xA0
    case 0xED:
      length = 3
      top = 0x9F
    case 0xE1...0xEF: length = 3
    case 0xF0:
      length = 4
      low = 0x90
    case 0xF1...0xF3: length = 4
    case 0xF4:
      length = 4
      top = 0x8F
    default: throw error(at: i, lead)
    }
    guard i + length <= count, p[i + 1] >= low, p[i + 1] <= top else { throw error(at: i, lead) }
    for k in 2..<max(length, 2) where p[i + k] & 0xC0 != 0x80 { throw error(at: i, lead) }
    return i + length
  }

  private static func error(at i: Int, _ byte: UInt8) -> JSONError {
    JSONError(
      offset: i, reason: "byte 0x\(String(byte, radix: 16, uppercase: true)) does not start valid UTF-8 text here")
  }
}
