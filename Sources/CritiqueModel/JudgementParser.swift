/// Finds what a critique concludes.
///
/// Rule (paper, section 3.1): the last `\boxed{…}` that holds 1 or −1. Braces are matched, so `\boxed{\text{-1}}` is
/// read whole; a box that holds anything else is passed over.
public enum JudgementParser {
  /// The judgement of a critique's text, or `nil` when no box holds 1 or −1.
  public static func judgement(in text: String) -> Judgement? {
    var last: Judgement?
    for content in boxedContents(in: text) {
      if let value = judgement(ofBox: content) { last = value }
    }
    return last
  }

  /// The contents of every `\boxed{…}` (also `\fbox`, and a space or a plain `boxed` before the brace), outermost only,
  /// in order. A box whose braces never close is not one.
  public static func boxedContents(in text: String) -> [String] {
    var found: [String] = []
    let bytes = Array(text.utf8)
    let names = [Array("boxed".utf8), Array("fbox".utf8)]
    var i = 0
    // Filled when a box turns out not to close, because looking for each one's end anew would take quadratic time.
    var closers: [Int: Int]?
    func close(of open: Int) -> Int? {
      if let closers { return closers[open] }
      if let close = closingBrace(bytes, from: open) { return close }
      closers = allClosingBraces(bytes)
      return nil
    }
    while i < bytes.count {
      guard let name = names.first(where: { matches($0, in: bytes, at: i) }) else {
        i += 1
        continue
      }
      var open = i + name.count
      while open < bytes.count, bytes[open] == UInt8(ascii: " ") { open += 1 }
      guard open < bytes.count, bytes[open] == UInt8(ascii: "{"), let close = close(of: open) else {
        i += name.count
        continue
      }
      found.append(String(decoding: bytes[(open + 1)..<close], as: UTF8.self))
      i = close + 1
    }
    return found
  }

  /// Reads the content of one box: 1 or −1 with the spellings models use (`-1`, `−1`, `{-1}`, `\text{-1}`, `+1`, `1.`).
  static func judgement(ofBox content: String) -> Judgement? {
    var text = content
    for wrapper in ["\\textbf", "\\text", "\\mathbf", "\\mathrm", "\\left", "\\right"] {
      text = text.replacing(wrapper, with: "")
    }
    var kept = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case " ", "\t", "\n", "\u{00A0}", "{", "}", "$", "(", ")", "\\", "*": continue
      case "−", "–", "—", "‐", "‑", "﹣", "－": kept.append("-")
      default: kept.unicodeScalars.append(scalar)
      }
    }
    while let end = kept.last, end == "." || end == "," { kept.removeLast() }
    switch kept {
    case "1", "+1": return .correct
    case "-1": return .incorrect
    default: return nil
    }
  }

  private static func matches(_ name: [UInt8], in bytes: [UInt8], at start: Int) -> Bool {
    guard start + name.count <= bytes.count else { return false }
    for k in name.indices where bytes[start + k] != name[k] { return false }
    return true
  }

  /// The closing brace of every opening one that has one, found in one pass, ignoring escaped braces.
  private static func allClosingBraces(_ bytes: [UInt8]) -> [Int: Int] {
    var closers: [Int: Int] = [:]
    var open: [Int] = []
    var i = 0
    while i < bytes.count {
      switch bytes[i] {
      case UInt8(ascii: "\\"): i += 1
      case UInt8(ascii: "{"): open.append(i)
      case UInt8(ascii: "}"):
        if let start = open.popLast() { closers[start] = i }
      default: break
      }
      i += 1
    }
    return closers
  }

  /// The index of the brace that closes the one at `open`, ignoring escaped braces.
  private static func closingBrace(_ bytes: [UInt8], from open: Int) -> Int? {
    var depth = 0
    var i = open
    while i < bytes.count {
      switch bytes[i] {
      case UInt8(ascii: "\\"): i += 1
      case UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "}"):
        depth -= 1
        if depth == 0 { return i }
      default: break
      }
      i += 1
    }
    return nil
  }
}
