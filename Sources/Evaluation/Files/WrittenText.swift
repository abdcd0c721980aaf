import JSON
import ReviewStore

/// A text as written in a file: read in place, and turned into a string only when all of it is needed.
public struct WrittenText: Sendable {
  private let value: JSONView

  /// A text of a document; null is an empty one.
  init(_ value: JSONView) { self.value = value }

  /// The whole text.
  public var string: String { value.string ?? "" }

  /// What an extractor finds in it; the same as in the whole text.
  func read(_ extractor: AnswerExtractor) -> SampleReading {
    let quick = value.raw.withUnsafeBufferPointer { raw -> SampleReading? in
      guard !extractor.requiresAnswerLine, raw.count > 2 else { return nil }
      // Without the quotes.
      let text = UnsafeBufferPointer(rebasing: raw[1..<(raw.count - 1)])
      switch extractor.rule {
      case .standard:
        return EscapedText.lastPlainNumber(text).map { .step(extractor.base.step($0)) }
      case .strictReference:
        guard let box = EscapedText.lastPlainBox(text), let number = ReferenceBox.integer(box) else { return nil }
        let isPlain = String(number) == box
        return SampleReading(
          .answered, prediction: extractor.base.step(number), ballot: isPlain ? nil : box)
      }
    }
    return quick ?? extractor.read(string)
  }
}

/// Looks for the last box in a text whose JSON escapes stand as they are in the file.
///
/// Says something only where escapes can play no part in the answer: between the box and the end there is no `\u`, which
/// could spell a brace, and the box holds a plain number. Everything else is left to the whole text.
enum EscapedText {
  /// The number in the last `boxed{…}`, digits with perhaps a minus.
  static func lastPlainNumber(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let p = text.baseAddress, text.count > 7 else { return nil }
    var i = text.count - 1
    // From the end back to an "x" that follows "bo".
    while i >= 2 {
      if p[i] == UInt8(ascii: "u"), p[i - 1] == UInt8(ascii: "\\") { return nil }
      guard p[i] == UInt8(ascii: "x"), p[i - 1] == UInt8(ascii: "o"), p[i - 2] == UInt8(ascii: "b") else {
        i -= 1
        continue
      }
      guard i + 4 < text.count, matches(p + i + 1, "ed{"), !isEscaped(text, i - 2) else { return nil }
      return plainNumber(text, from: i + 4)
    }
    return nil
  }

  /// The last match of the reference scripts' pattern.
  static func lastPlainBox(_ text: UnsafeBufferPointer<UInt8>) -> String? {
    guard let end = text.lastIndex(of: UInt8(ascii: "}")) else { return nil }
    let start = text[..<end].lastIndex(of: UInt8(ascii: "}")).map { $0 + 1 } ?? 0
    var open: Int?
    var i = start
    while i < text.count {
      if text[i] == UInt8(ascii: "\\") {
        guard i + 1 < text.count, text[i + 1] != UInt8(ascii: "u") else { return nil }
        // Two signs are one escape, so that what follows is looked at from its beginning.
        if text[i + 1] == UInt8(ascii: "\\"), open == nil, i + 8 <= end, let p = text.baseAddress,
          matches(p + i + 2, "boxed{")
        {
          open = i + 8
        }
        i += 2
        continue
      }
      i += 1
    }
    guard let open, open <= end else { return nil }
    let content = text[open..<end]
    guard content.allSatisfy({ ($0 >= 0x20 && $0 < 0x7F) && $0 != UInt8(ascii: "\\") }) else { return nil }
    return ReferenceBox.stripped(String(decoding: content, as: UTF8.self))
  }

  private static func matches(_ p: UnsafePointer<UInt8>, _ word: StaticString) -> Bool {
    for k in 0..<word.utf8CodeUnitCount where p[k] != word.utf8Start[k] { return false }
    return true
  }

  /// Whether the byte belongs to an escape: an odd number of backslashes stands before it.
  private static func isEscaped(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    var i = index - 1
    while i >= 0, text[i] == UInt8(ascii: "\\") { i -= 1 }
    return (index - 1 - i) % 2 == 1
  }

  private static func plainNumber(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var i = start
    let isNegative = i < text.count && text[i] == UInt8(ascii: "-")
    if isNegative { i += 1 }
    var value = 0
    let first = i
    while i < text.count, (48...57).contains(text[i]), i - first < 9 {
      value = value * 10 + Int(text[i] - 48)
      i += 1
    }
    guard i > first, i < text.count, text[i] == UInt8(ascii: "}") else { return nil }
    return isNegative ? -value : value
  }
}
