/// The beginning of a stage record that holds problem and steps, cut off before the critiques, which are most of it.
///
/// For those who need only what a solution says of a hundred thousand records. All of the record has been read and checked
/// when it was imported.
public enum RecordHead {
  /// A shorter record with the same problem and steps.
  ///
  /// - Returns: `nil` when the record has to be read whole: it is of another shape, or might say something else further down
  ///   (the last of repeated keys counts).
  public static func cut(_ raw: UnsafeBufferPointer<UInt8>, format: DatasetFormat) -> [UInt8]? {
    guard format == .deepcritic, let end = end(raw) else { return nil }
    var head = [UInt8](unsafeUninitializedCapacity: end + 1) { buffer, count in
      _ = buffer.initialize(from: raw[..<end])
      count = end
    }
    head.append(UInt8(ascii: "}"))
    return head
  }

  /// The index after the second of `problem` and `steps`; `nil` when a later key might be one of them again.
  private static func end(_ raw: UnsafeBufferPointer<UInt8>) -> Int? {
    var i = skipBlanks(raw, 0)
    guard i < raw.count, raw[i] == UInt8(ascii: "{") else { return nil }
    i += 1
    var found = (problem: false, steps: false)
    var end: Int?
    while true {
      i = skipBlanks(raw, i)
      guard i < raw.count, raw[i] == UInt8(ascii: "\""), let close = endOfString(raw, i) else { return nil }
      let key = raw[(i + 1)..<(close - 1)]
      let isProblem = key.elementsEqual("problem".utf8)
      let isSteps = key.elementsEqual("steps".utf8)
      // Letters of keys can be spelled as escapes, too.
      if end != nil, isProblem || isSteps || key.contains(UInt8(ascii: "\\")) { return nil }
      found = (found.problem || isProblem, found.steps || isSteps)
      i = skipBlanks(raw, close)
      guard i < raw.count, raw[i] == UInt8(ascii: ":"), let after = endOfValue(raw, skipBlanks(raw, i + 1)) else {
        return nil
      }
      if end == nil, found.problem, found.steps { end = after }
      i = skipBlanks(raw, after)
      guard i < raw.count else { return nil }
      if raw[i] == UInt8(ascii: "}") { return end }
      guard raw[i] == UInt8(ascii: ",") else { return nil }
      i += 1
    }
  }

  private static func skipBlanks(_ raw: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var i = start
    while i < raw.count, raw[i] == 0x20 || (0x09...0x0D).contains(raw[i]) { i += 1 }
    return i
  }

  private static func endOfValue(_ raw: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    guard start < raw.count else { return nil }
    var i = start
    var depth = 0
    while i < raw.count {
      switch raw[i] {
      case UInt8(ascii: "\""):
        guard let close = endOfString(raw, i) else { return nil }
        i = close
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        depth += 1
        i += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        if depth == 0 { return i }
        depth -= 1
        i += 1
      case UInt8(ascii: ",") where depth == 0: return i
      default:
        i += 1
        continue
      }
      if depth == 0 { return i }
    }
    return nil
  }

  /// The index after the closing quote of the text whose opening one is at `quote`.
  private static func endOfString(_ raw: UnsafeBufferPointer<UInt8>, _ quote: Int) -> Int? {
    guard let p = raw.baseAddress else { return nil }
    let ones: UInt64 = 0x0101_0101_0101_0101
    let high: UInt64 = 0x8080_8080_8080_8080
    var i = quote + 1
    while i < raw.count {
      // Eight bytes at a time up to the first quote or backslash, as in `JSONScanner`.
      while i + 8 <= raw.count {
        let word = UInt64(littleEndian: UnsafeRawPointer(p + i).loadUnaligned(as: UInt64.self))
        let quotes = word ^ (ones &* 0x22)
        let slashes = word ^ (ones &* 0x5C)
        let found = (((quotes &- ones) & ~quotes) | ((slashes &- ones) & ~slashes)) & high
        if found != 0 {
          i += found.trailingZeroBitCount >> 3
          break
        }
        i += 8
      }
      guard i < raw.count else { return nil }
      switch raw[i] {
      case UInt8(ascii: "\""): return i + 1
      case UInt8(ascii: "\\"): i += 2
      default: i += 1
      }
    }
    return nil
  }
}
