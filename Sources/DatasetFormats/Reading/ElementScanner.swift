import JSON

/// Finds where a JSON value ends without checking its grammar, across refills of the window.
///
/// It follows strings and brackets only. What it calls complete may still fail to parse; what it calls damaged cannot
/// be a value, whatever follows.
struct ElementScanner {
  enum Outcome {
    /// All bytes were used; continue at the returned offset when there are more.
    case needsMore
    /// The offset after the value.
    case complete(Int)
    case damaged(String)
  }

  private enum Shape { case unknown, brackets, string, word }

  private var shape = Shape.unknown
  private var open: [UInt8] = []
  private var inString = false
  private var escaped = false

  /// Continues at `offset`, which is then moved on.
  mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, from offset: inout Int) -> Outcome {
    guard let p = bytes.baseAddress else { return .needsMore }
    let count = bytes.count
    var i = offset
    defer { offset = i }
    if shape == .unknown, i < count {
      switch p[i] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): shape = .brackets
      case UInt8(ascii: "\""): shape = .string
      default: shape = .word
      }
    }
    if shape == .word {
      while i < count {
        switch p[i] {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x20, 0x0A, 0x0D, 0x09: return .complete(i)
        default: i += 1
        }
      }
      return .needsMore
    }
    while i < count {
      if inString {
        guard let reason = string(p, &i, count) else { continue }
        return .damaged(reason)
      }
      let c = p[i]
      i += 1
      switch c {
      case UInt8(ascii: "\""): inString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        open.append(c)
        if open.count > JSONDocument.maximumDepth {
          return .damaged("values nest deeper than \(JSONDocument.maximumDepth) levels")
        }
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        // "[" is 2 below "]" in ASCII, "{" 2 below "}".
        guard open.popLast() == c - 2 else {
          return .damaged("a \(c == UInt8(ascii: "}") ? "}" : "]") closes what it did not open")
        }
      default: continue
      }
      if open.isEmpty, !inString { return .complete(i) }
    }
    return shape == .string && !inString && offset < i ? .complete(i) : .needsMore
  }

  /// Moves through the inside of a string; a reason when it cannot continue, `nil` at its end or the end of the bytes.
  @inline(__always)
  private mutating func string(_ p: UnsafePointer<UInt8>, _ i: inout Int, _ count: Int) -> String? {
    if escaped {
      escaped = false
      if p[i] != 0x0A { i += 1 }
    }
    while i < count {
      switch p[i] {
      case UInt8(ascii: "\""):
        inString = false
        // The closing quote is left for nobody: a value that is only a string ends here.
        i += 1
        return nil
      case UInt8(ascii: "\\"):
        i += 1
        guard i < count else {
          escaped = true
          return nil
        }
        if p[i] != 0x0A { i += 1 }
      case 0x0A:
        return "a text is not closed on its line"
      default: i += 1
      }
    }
    return nil
  }
}
