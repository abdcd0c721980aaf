/// Finds what a critique concludes.
///
/// Rule (paper, section 3.1): the last `\boxed{…}` that holds 1 or −1. Braces are matched, so `\boxed{\text{-1}}` is
/// read whole; a box that holds anything else is passed over.
public enum JudgementParser {
  /// The judgement of a critique's text, or `nil` when no box holds 1 or −1.
  public static func judgement(in text: String) -> Judgement? {
    let bytes = Array(text.utf8)
    let starts = boxes(in: bytes)
    guard !starts.isEmpty else { return nil }
    // From the last box back; a box within another one is looked at for itself.
    let closers = allClosingBraces(bytes)
    for open in starts.reversed() {
      guard let close = closers[open], close - open <= longestBox else { continue }
      if let found = judgement(ofBox: String(decoding: bytes[(open + 1)..<close], as: UTF8.self)) { return found }
    }
    return nil
  }

  /// No spelling of 1 or −1 takes more bytes.
  private static let longestBox = 200

  /// The opening braces of all boxes.
  private static func boxes(in bytes: [UInt8]) -> [Int] {
    var found: [Int] = []
    bytes.withUnsafeBufferPointer { bytes in
      var i = 0
      while i + 3 < bytes.count {
        // "boxed" and "fbox" have "box" in common.
        guard bytes[i] == UInt8(ascii: "b"), bytes[i + 1] == UInt8(ascii: "o"), bytes[i + 2] == UInt8(ascii: "x") else {
          i += 1
          continue
        }
        var open = i + 3
        if open + 1 < bytes.count, bytes[open] == UInt8(ascii: "e"), bytes[open + 1] == UInt8(ascii: "d") {
          open += 2
        } else if i == 0 || bytes[i - 1] != UInt8(ascii: "f") {
          i += 3
          continue
        }
        while open < bytes.count, bytes[open] == 0x20 || bytes[open] == 0x0A { open += 1 }
        if open < bytes.count, bytes[open] == UInt8(ascii: "{") { found.append(open) }
        i += 3
      }
    }
    return found
  }

  /// The contents of every `\boxed{…}` (also `\fbox`, and a space or a plain `boxed` before the brace), outermost only,
  /// in order. A box whose braces never close is not one.
  public static func boxedContents(in text: String) -> [String] {
    var found: [String] = []
    let bytes = Array(text.utf8)
    let names = [Array("boxed".utf8), Array("fbox".utf8)]
    var i = 0
    // Filled when a box turns out not to close, because looking for each one's end again would take quadratic time.
    var closers: [Int: Int]?
    func close(of open: Int) -> Int? {
      if let closers { return closers[open] }
      if let close = bytes.withUnsafeBufferPointer({ closingBrace($0, from: open, before: bytes.count) }) {
        return close
      }
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
    switch number(ofBox: content) {
    case "1", "+1": .correct
    case "-1": .incorrect
    default: nil
    }
  }

  /// Reads the content of a box that should hold a whole number, with the spellings of `judgement(ofBox:)`; `nil` for
  /// anything else.
  public static func integer(ofBox content: String) -> Int? {
    guard let number = number(ofBox: content) else { return nil }
    // Beyond nine digits nothing is a step; a limit that every language can keep.
    let digits = number.drop { $0 == "+" || $0 == "-" }
    guard number.count - digits.count <= 1, (1...9).contains(digits.count),
      digits.allSatisfy({ ("0"..."9").contains($0) })
    else { return nil }
    return Int(number)
  }

  /// The digits, signs and points of a box's content, in ASCII, without a final full stop or a fraction of zeros; `nil`
  /// when it says anything else.
  ///
  /// Fonts, sizes, spaces, quotes, plain braces and dollar signs say nothing. Anything else says something: a set `\{1\}`,
  /// an amount `\$1` or a fraction is an answer of the problem, not a judgement.
  static func number(ofBox content: String) -> String? {
    var kept = ""
    let scalars = Array(content.unicodeScalars)
    var i = 0
    while i < scalars.count {
      let scalar = scalars[i]
      i += 1
      switch scalar {
      case "\\":
        guard i < scalars.count else { return nil }
        let name = scalars[i...].prefix { ("a"..."z").contains($0) || ("A"..."Z").contains($0) }
        if name.isEmpty {
          guard silentSymbols.contains(scalars[i]) else { return nil }
          i += 1
        } else {
          let word = String(String.UnicodeScalarView(name))
          if word == "minus" || word == "textminus" {
            kept.append("-")
          } else if !silentCommands.contains(word) {
            return nil
          }
          i = name.endIndex
        }
      case "−", "–", "—", "‐", "‑", "﹣", "－": kept.append("-")
      case "＋": kept.append("+")
      case "０"..."９":
        guard let digit = Unicode.Scalar(scalar.value - 0xFF10 + 0x30) else { return nil }
        kept.unicodeScalars.append(digit)
      case "0"..."9", "+", "-", ".", ",": kept.unicodeScalars.append(scalar)
      case "{", "}", "$", "(", ")", "*", "~", "`", "\"", "'", "“", "”", "‘", "’", "\u{200B}", "\u{FEFF}", "\u{2060}":
        continue
      default:
        guard scalar.properties.isWhitespace else { return nil }
      }
    }
    while let end = kept.last, end == "." || end == "," { kept.removeLast() }
    if let dot = kept.firstIndex(of: "."), kept[dot...].dropFirst().allSatisfy({ $0 == "0" }) {
      kept.removeSubrange(dot...)
    }
    return kept
  }

  /// Commands that change how a number looks and not what it is.
  private static let silentCommands: Set<String> = [
    "text", "textbf", "textit", "textrm", "textsf", "texttt", "textnormal", "emph", "mathbf", "mathrm", "mathit",
    "mathsf",
    "mathtt", "mathnormal", "boldsymbol", "bm", "mbox", "left", "right", "big", "Big", "bigl", "bigr", "displaystyle",
    "textstyle", "small", "large", "Large", "LARGE", "huge", "Huge", "bf", "rm", "it", "quad", "qquad", "thinspace",
    "ensuremath", "mathop", "mathord",
  ]
  /// After a backslash: thin and wide spaces, formula brackets, a line break.
  private static let silentSymbols: Set<Unicode.Scalar> = [",", ";", ":", "!", " ", "(", ")", "\\", "\n"]

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

  /// The index of the brace that closes the one at `open`, ignoring escaped braces; looked for before `end`.
  static func closingBrace(_ bytes: UnsafeBufferPointer<UInt8>, from open: Int, before end: Int) -> Int? {
    var depth = 0
    var i = open
    while i < end {
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
