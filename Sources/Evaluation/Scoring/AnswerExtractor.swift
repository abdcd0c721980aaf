import CritiqueModel
import Foundation
import ReviewStore

/// How a critic's answer is found in its text.
public enum ExtractionRule: String, Sendable, Hashable, Codable, CaseIterable {
  /// The last box that holds a whole number, braces matched, in any of the spellings that models use. Answers that were
  /// cut off are none.
  case standard
  /// What the public scripts do, bit for bit: the last match of `\\boxed\{([^}]*)\}`, white space cut off, counted as a
  /// text in votes, read by Python's `int`. Whether an answer was cut off plays no part.
  case strictReference = "strict-reference"

  /// Changes with every change of what the rule does, so that stored readings tell by which they were made.
  public var version: Int { 1 }
}

/// Where a protocol begins to count steps.
public enum IndexBase: Int, Sendable, Hashable, Codable, CaseIterable {
  /// ProcessBench: paragraphs from 0.
  case zero = 0
  /// DeepCritic: steps from 1.
  case one = 1

  /// The 1-based step that a written number means; negative numbers mean themselves.
  public func step(_ written: Int) -> Int { written >= 0 && self == .zero ? written &+ 1 : written }

  /// How a 1-based step is written.
  public func written(_ step: Int) -> Int { step > 0 && self == .zero ? step - 1 : step }
}

/// Finds what a critic's text answers.
public struct AnswerExtractor: Sendable, Hashable, Codable {
  /// The rule.
  public var rule: ExtractionRule
  /// Where the answers begin to count.
  public var base: IndexBase
  /// A text without a line that begins with "Answer" says nothing (DeepCritic's rule for votes).
  public var requiresAnswerLine: Bool

  /// An extractor from its parts.
  public init(_ rule: ExtractionRule = .standard, base: IndexBase = .one, requiresAnswerLine: Bool = false) {
    self.rule = rule
    self.base = base
    self.requiresAnswerLine = requiresAnswerLine
  }

  /// What a text says.
  ///
  /// - Parameter isTruncated: it was cut off at the token limit.
  public func read(_ text: String, isTruncated: Bool = false) -> SampleReading {
    var text = text
    return text.withUTF8 { read($0, isTruncated: isTruncated) }
  }

  /// What a text in UTF-8 says.
  public func read(_ text: UnsafeBufferPointer<UInt8>, isTruncated: Bool = false) -> SampleReading {
    switch rule {
    case .standard:
      if isTruncated { return SampleReading(.truncated) }
      if isBlank(text) { return SampleReading(.empty) }
      if requiresAnswerLine, !AnswerLine.stands(in: text) { return SampleReading(.unparsed) }
      guard let number = BoxedNumber.last(in: text) else { return SampleReading(.unparsed) }
      return .step(base.step(number))
    case .strictReference:
      if requiresAnswerLine, !AnswerLine.stands(in: text) { return SampleReading(.unparsed) }
      guard let box = ReferenceBox.last(in: text) else {
        return SampleReading(isBlank(text) ? .empty : .unparsed)
      }
      guard let number = ReferenceBox.integer(box) else { return SampleReading(.unparsed, ballot: box) }
      let isPlain = String(number) == box
      return SampleReading(.answered, prediction: base.step(number), ballot: isPlain ? nil : box)
    }
  }

  private func isBlank(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    // Most texts end with a sign of their own.
    if let last = text.last, last > 0x20, last < 0x7F { return false }
    return String(decoding: text, as: UTF8.self).unicodeScalars.allSatisfy {
      $0.properties.isWhitespace || $0.value < 0x20 || $0.properties.isDefaultIgnorableCodePoint
    }
  }
}

/// The last whole number in a box.
enum BoxedNumber {
  /// No spelling of a step's number takes more bytes.
  private static let longest = 200

  /// The number in the last `\boxed{}` (also `\fbox{}`, and `boxed` without its backslash) that holds one.
  static func last(in text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard let p = text.baseAddress else { return nil }
    var i = text.count - 4
    // Back from the end: the answer is nearly always there. "boxed" and "fbox" have "box" in common.
    while i >= 0 {
      if p[i] == UInt8(ascii: "x"), i >= 2, p[i - 1] == UInt8(ascii: "o"), p[i - 2] == UInt8(ascii: "b"),
        let open = opening(text, after: i + 1, isFramed: i >= 3 && p[i - 3] == UInt8(ascii: "f")),
        let close = closing(text, from: open), let number = number(text[(open + 1)..<close])
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

  private static func closing(_ text: UnsafeBufferPointer<UInt8>, from open: Int) -> Int? {
    var depth = 0
    var i = open
    let end = min(text.count, open + longest)
    while i < end {
      switch text[i] {
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

  /// Words that stand beside a number without saying anything else: "Step 3", "<paragraph_3>".
  private static let silentWords = ["paragraph", "step", "index"]

  private static func number(_ content: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    if let plain = plain(content) { return plain }
    let text = String(decoding: content, as: UTF8.self)
    if let number = JudgementParser.integer(ofBox: text) { return number }
    // "\text{Step 3}" and "<paragraph_3>": what is left without the word must be a number.
    var rest = text.lowercased()
    guard let word = silentWords.first(where: rest.contains) else { return nil }
    rest = rest.replacingFirst(word, with: " ")
    rest.removeAll { "<>_#:\\/".contains($0) && ($0 != "\\" || word == "paragraph") }
    return JudgementParser.integer(ofBox: rest)
  }

  /// Digits with perhaps a minus, and nothing else.
  private static func plain(_ content: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    var value = 0
    var digits = 0
    let isNegative = content.first == UInt8(ascii: "-")
    for byte in isNegative ? content.dropFirst() : content {
      guard (48...57).contains(byte), digits < 18 else { return nil }
      value = value * 10 + Int(byte - 48)
      digits += 1
    }
    return digits == 0 ? nil : isNegative ? -value : value
  }
}

extension String {
  fileprivate func replacingFirst(_ word: String, with other: String) -> String {
    guard let range = range(of: word) else { return self }
    return replacingCharacters(in: range, with: other)
  }
}

/// The line that says which step is wrong: "**Answer**: \boxed{3}".
enum AnswerLine {
  static func stands(in text: UnsafeBufferPointer<UInt8>) -> Bool {
    let word = Array("answer".utf8)
    var start = 0
    while start < text.count {
      var i = start
      while i < text.count, "*#_> \t".utf8.contains(text[i]) { i += 1 }
      if i + word.count <= text.count, word.indices.allSatisfy({ text[i + $0] | 0x20 == word[$0] }) {
        i += word.count
        while i < text.count, "*_ ".utf8.contains(text[i]) { i += 1 }
        if i < text.count, text[i] == UInt8(ascii: ":") { return true }
      }
      while start < text.count, text[start] != 0x0A { start += 1 }
      start += 1
    }
    return false
  }
}
