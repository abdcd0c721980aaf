/// The last whole number in a box: what a whole critique answers.
///
/// Rule (paper, sections 3.1 and 3.2, and the usual variants): the last `\boxed{}` (also `\fbox{}`, and `boxed` without its
/// backslash), braces matched, that holds a whole number; "Step 3" and "<paragraph_3>" are read as well. The trainers' reward
/// (`reward.py`) reads texts by the very same rule; a test compares the two over random texts.
public enum BoxedNumber {
  /// No spelling of a step's number takes more bytes.
  private static let longest = 200

  /// The number; `nil` when no box holds one.
  public static func last(in text: String) -> Int? {
    var text = text
    return text.withUTF8 { last(in: $0) }
  }

  /// The number in a text in UTF-8.
  public static func last(in text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let p = text.baseAddress else { return nil }
    var i = text.count - 4
    // Back from the end: the answer is nearly always there. "boxed" and "fbox" have "box" in common.
    while i >= 2 {
      if p[i] == UInt8(ascii: "x"), p[i - 1] == UInt8(ascii: "o"), p[i - 2] == UInt8(ascii: "b"),
        let open = opening(text, after: i + 1, isFramed: i >= 3 && p[i - 3] == UInt8(ascii: "f")),
        let close = JudgementParser.closingBrace(text, from: open, before: min(text.count, open + longest)),
        let number = number(text[(open + 1)..<close])
      {
        return number
      }
      i -= 1
    }
    return nil
  }

  /// Where the brace after "boxed" or "fbox" opens.
  private static func opening(
    _ text: UnsafeBufferPointer<UInt8>, after index: Int, isFramed: Bool
  ) -> Int? {
    var open = index
    if open + 1 < text.count, text[open] == UInt8(ascii: "e"), text[open + 1] == UInt8(ascii: "d") {
      open += 2
    } else if !isFramed {
      return nil
    }
    while open < text.count, text[open] == 0x20 || text[open] == 0x0A { open += 1 }
    return open < text.count && text[open] == UInt8(ascii: "{") ? open : nil
  }

  /// Words beside a number that add no meaning: "Step 3", "<paragraph_3>".
  private static let silentWords = ["paragraph", "step", "index"].map { Array($0.utf8) }

  private static func number(_ content: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    if let plain = plain(content) { return plain }
    if let number = JudgementParser.integer(ofBox: String(decoding: content, as: UTF8.self)) { return number }
    // "\text{Step 3}" and "<paragraph_3>": what is left without the word must be a number.
    var rest = content.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    for (index, word) in silentWords.enumerated() {
      guard let at = rest.indices.first(where: { rest[$0...].starts(with: word) }) else { continue }
      rest.replaceSubrange(at..<(at + word.count), with: [0x20])
      rest.removeAll { byte in "<>_#:/".utf8.contains(byte) || (index == 0 && byte == UInt8(ascii: "\\")) }
      return JudgementParser.integer(ofBox: String(decoding: rest, as: UTF8.self))
    }
    return nil
  }

  /// Up to nine digits with perhaps a minus, and nothing else.
  private static func plain(_ content: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    var value = 0
    var digits = 0
    let isNegative = content.first == UInt8(ascii: "-")
    for byte in isNegative ? content.dropFirst() : content {
      guard (48...57).contains(byte), digits < 9 else { return nil }
      value = value * 10 + Int(byte - 48)
      digits += 1
    }
    return digits == 0 ? nil : isNegative ? -value : value
  }
}
