/// Reading and respelling the escapes of JSON strings. All input has passed `JSONScanner`.
enum JSONEscapes {
  /// The value of four hexadecimal digits, or `nil`.
  @inline(__always)
  static func hex4(_ p: UnsafePointer<UInt8>) -> UInt32? {
    var value: UInt32 = 0
    for k in 0..<4 {
      let c = p[k]
      let digit: UInt8
      switch c {
      case 0x30...0x39: digit = c - 0x30
      case 0x41...0x46: digit = c - 0x41 + 10
      case 0x61...0x66: digit = c - 0x61 + 10
      default: return nil
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  /// What a `\u` escape stands for.
  enum Unit {
    case scalar(UInt32)
    case loneSurrogate(UInt32)
  }

  /// Reads the `\u` escape (or the pair of them) at `i`, moving past it.
  @inline(__always)
  static func unit(_ p: UnsafePointer<UInt8>, _ i: inout Int, _ end: Int) -> Unit {
    let first = hex4(p + i + 2) ?? 0xFFFD
    i += 6
    guard first & 0xF800 == 0xD800 else { return .scalar(first) }
    if first < 0xDC00, i + 6 <= end, p[i] == UInt8(ascii: "\\"), p[i + 1] == UInt8(ascii: "u"),
      let second = hex4(p + i + 2), second & 0xFC00 == 0xDC00
    {
      i += 6
      return .scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
    }
    return .loneSurrogate(first)
  }

  /// Writes the UTF-8 of a scalar; returns how many bytes.
  @inline(__always)
  static func put(_ scalar: UInt32, _ out: UnsafeMutablePointer<UInt8>) -> Int {
    func tail(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: 0x80 | (scalar >> shift) & 0x3F) }
    switch scalar {
    case 0..<0x80:
      out[0] = UInt8(truncatingIfNeeded: scalar)
      return 1
    case 0x80..<0x800:
      out[0] = UInt8(truncatingIfNeeded: 0xC0 | scalar >> 6)
      out[1] = tail(0)
      return 2
    case 0x800..<0x10000:
      out[0] = UInt8(truncatingIfNeeded: 0xE0 | scalar >> 12)
      out[1] = tail(6)
      out[2] = tail(0)
      return 3
    default:
      out[0] = UInt8(truncatingIfNeeded: 0xF0 | scalar >> 18)
      out[1] = tail(12)
      out[2] = tail(6)
      out[3] = tail(0)
      return 4
    }
  }

  /// Decodes the string content `start..<end` into `out`, which has room for `end - start` bytes: no escape is shorter
  /// than what it stands for (`\u` 6 bytes → at most 3, a pair 12 → 4). A lone surrogate becomes U+FFFD.
  static func decode(
    _ p: UnsafePointer<UInt8>, _ start: Int, _ end: Int, into out: UnsafeMutablePointer<UInt8>
  ) -> Int {
    var i = start
    var n = 0
    while i < end {
      if p[i] != UInt8(ascii: "\\") || i + 1 >= end {
        // Eight bytes at a time while none of them is a backslash.
        while i + 8 <= end {
          let word = UnsafeRawPointer(p + i).loadUnaligned(as: UInt64.self)
          let slashes = word ^ 0x5C5C_5C5C_5C5C_5C5C
          if (slashes &- 0x0101_0101_0101_0101) & ~slashes & 0x8080_8080_8080_8080 != 0 { break }
          UnsafeMutableRawPointer(out + n).storeBytes(of: word, as: UInt64.self)
          n += 8
          i += 8
        }
        while i < end, p[i] != UInt8(ascii: "\\") || i + 1 >= end {
          out[n] = p[i]
          n += 1
          i += 1
        }
        continue
      }
      let e = p[i + 1]
      if e == UInt8(ascii: "u") {
        switch unit(p, &i, end) {
        case .scalar(let scalar): n += put(scalar, out + n)
        case .loneSurrogate: n += put(0xFFFD, out + n)
        }
        continue
      }
      switch e {
      case UInt8(ascii: "n"): out[n] = 0x0A
      case UInt8(ascii: "t"): out[n] = 0x09
      case UInt8(ascii: "r"): out[n] = 0x0D
      case UInt8(ascii: "b"): out[n] = 0x08
      case UInt8(ascii: "f"): out[n] = 0x0C
      default: out[n] = e
      }
      n += 1
      i += 2
    }
    return n
  }

  /// Appends the canonical spelling of the string content `start..<end`, without quotes.
  ///
  /// Canonical: `\"`, `\\`, `\b`, `\t`, `\n`, `\f`, `\r`, other control characters as lowercase `\u00xx`, everything else
  /// as UTF-8; a lone surrogate stays a lowercase `\ud8xx`, so that two records that differ only there stay different.
  static func appendCanonical(
    _ p: UnsafePointer<UInt8>, _ start: Int, _ end: Int, to out: inout [UInt8]
  ) {
    var i = start
    while i < end {
      let run = i
      while i < end, p[i] != UInt8(ascii: "\\") { i += 1 }
      if i > run { out.append(contentsOf: UnsafeBufferPointer(start: p + run, count: i - run)) }
      guard i + 1 < end else { return }
      switch p[i + 1] {
      case UInt8(ascii: "/"):
        out.append(UInt8(ascii: "/"))
        i += 2
      case UInt8(ascii: "u"):
        switch unit(p, &i, end) {
        case .scalar(let scalar): appendScalar(scalar, to: &out)
        case .loneSurrogate(let value): out.append(contentsOf: Array("\\u\(String(value, radix: 16))".utf8))
        }
      default:
        out.append(p[i])
        out.append(p[i + 1])
        i += 2
      }
    }
  }

  /// Appends one scalar, escaped when JSON asks for it.
  static func appendScalar(_ scalar: UInt32, to out: inout [UInt8]) {
    if scalar < 0x80 {
      appendASCII(UInt8(truncatingIfNeeded: scalar), to: &out)
      return
    }
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4) { room in
      guard let base = room.baseAddress else { return }
      let n = put(scalar, base)
      out.append(contentsOf: UnsafeBufferPointer(start: base, count: n))
    }
  }

  /// Appends one ASCII byte, escaped when JSON asks for it.
  @inline(__always)
  static func appendASCII(_ byte: UInt8, to out: inout [UInt8]) {
    let short: UInt8
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): short = byte
    case 0x08: short = UInt8(ascii: "b")
    case 0x09: short = UInt8(ascii: "t")
    case 0x0A: short = UInt8(ascii: "n")
    case 0x0C: short = UInt8(ascii: "f")
    case 0x0D: short = UInt8(ascii: "r")
    case 0..<0x20:
      let digits: StaticString = "0123456789abcdef"
      out.append(contentsOf: [0x5C, 0x75, 0x30, 0x30, 0x30 + (byte >> 4), digits.utf8Start[Int(byte & 15)]])
      return
    default:
      out.append(byte)
      return
    }
    out.append(0x5C)
    out.append(short)
  }
}
