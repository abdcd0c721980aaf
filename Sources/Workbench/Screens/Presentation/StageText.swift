import DeepCriticCore
import Terminal

/// Texts as an audience reads them: words in place of signs.
enum StageText {
  /// What a box means: a judgement of a step, or in a whole critique the first error at its end.
  enum Boxes {
    case judgements
    case answer
  }

  /// A solution's text: its answer on one line.
  static func words(_ text: String) -> String {
    text.replacing(/\s*\n\s*#+\s*Answer\s*\n+\s*(\S[^\n]*)\s*$/) { " Answer: \($0.output.1)" }
  }

  /// A critique with words for its boxes: "✓ correct" for 1, "✗ incorrect" for −1, "step 5" for an answer, else the number.
  static func critique(_ text: String, _ boxes: Boxes, _ glyphs: Glyphs) -> String {
    let found = text.matches(of: /(\$|\\\()?\\boxed\{\s*([+−-]?\d{1,4})\s*\}(\$|\\\))?/)
    let formulas = Formulas.ranges(of: text)
    var out = ""
    var last = text.startIndex
    for (index, match) in found.enumerated() {
      let isDelimited = match.output.1 != nil && match.output.3 != nil
      // A box within a formula is part of it.
      if !isDelimited, formulas.contains(where: { $0.contains(match.range.lowerBound) && $0 != match.range }) {
        continue
      }
      if (match.output.1 == nil) != (match.output.3 == nil) { continue }
      guard let number = Int(match.output.2.replacing("−", with: "-")) else { continue }
      // The sign and its word stay in one row.
      let words =
        if boxes == .answer, index == found.count - 1 {
          number == -1 ? "no error" : "step \(number)"
        } else if number == 1 {
          "\(glyphs.correct)\u{A0}correct"
        } else {
          number == -1 ? "\(glyphs.incorrect)\u{A0}incorrect" : String(number)
        }
      out += text[last..<match.range.lowerBound] + "**\(words)**"
      last = match.range.upperBound
    }
    return out + text[last...]
  }

  /// The text with an ellipsis for each formula that takes several rows.
  static func abbreviated(_ text: String, _ screen: any Screen) -> String {
    guard !screen.context.reading.isSource(.step) else { return text }
    var out = ""
    var last = text.startIndex
    for range in Formulas.ranges(of: text) {
      guard screen.context.lines(String(text[range]), width: 1000, in: .step).count > 1 else { continue }
      out += text[last..<range.lowerBound] + screen.glyphs.ellipsis
      last = range.upperBound
    }
    return out + text[last...]
  }
}
