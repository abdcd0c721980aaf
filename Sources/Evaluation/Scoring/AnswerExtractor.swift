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
