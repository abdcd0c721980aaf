/// Cuts critiques into sentences.
public enum Sentences {
  /// The sentences of a text in order, without the blanks between them. Formulas are never cut; a line that begins a list
  /// item or a heading, and a blank line, end a sentence.
  public static func ranges(of text: String) -> [Range<String.Index>] {
    var ranges: [Range<String.Index>] = []
    var start = text.startIndex
    var i = text.startIndex
    func finish(at end: String.Index) {
      var low = start
      var high = end
      while low < high, text[low].isWhitespace { low = text.index(after: low) }
      while high > low, text[text.index(before: high)].isWhitespace { high = text.index(before: high) }
      if low < high { ranges.append(low..<high) }
      start = end
    }
    while i < text.endIndex {
      if let end = WordToken.formulaEnd(text[...], i) {
        i = end
        continue
      }
      let character = text[i]
      let next = text.index(after: i)
      if character == "\n", isBoundary(text, next) {
        finish(at: i)
      } else if ".!?。".contains(character), endsSentence(text, i) {
        var end = next
        // Closing quotes and emphasis belong to the sentence.
        while end < text.endIndex, "\"”’)*_".contains(text[end]) { end = text.index(after: end) }
        finish(at: end)
        i = end
        continue
      }
      i = next
    }
    finish(at: text.endIndex)
    return ranges
  }

  /// Whether the line that begins at an index begins something new.
  private static func isBoundary(_ text: String, _ start: String.Index) -> Bool {
    let line = text[start...].prefix { $0 != "\n" }
    let trimmed = line.drop { $0 == " " || $0 == "\t" }
    guard let first = trimmed.first else { return true }
    if first == "#" || first == ">" { return true }
    if "-*•".contains(first), trimmed.dropFirst().first == " " { return true }
    let digits = trimmed.prefix { $0.isNumber }
    if !digits.isEmpty, let mark = trimmed.dropFirst(digits.count).first, mark == "." || mark == ")" { return true }
    // A displayed formula continues the sentence before it.
    return trimmed.hasPrefix("**")
  }

  private static func endsSentence(_ text: String, _ dot: String.Index) -> Bool {
    var after = text.index(after: dot)
    while after < text.endIndex, "\"”’)*_".contains(text[after]) { after = text.index(after: after) }
    guard after < text.endIndex else { return true }
    guard text[after].isWhitespace else { return false }
    var next = after
    while next < text.endIndex, text[next].isWhitespace { next = text.index(after: next) }
    guard next < text.endIndex else { return true }
    if text[dot] != "." { return true }
    let word = text[..<dot].suffix(while: { $0.isLetter || $0 == "." || $0.isNumber })
    if ["e.g", "i.e", "cf", "resp", "vs", "approx"].contains(word.lowercased()) { return false }
    if ["eq", "fig", "no"].contains(word.lowercased()), text[next].isNumber { return false }
    // "1." at the beginning of a line numbers an item.
    if !word.isEmpty, word.allSatisfy(\.isNumber) {
      let before = text[..<word.startIndex].last
      if before == nil || before == "\n" { return false }
    }
    return !text[next].isLowercase
  }
}

extension BidirectionalCollection {
  /// The longest suffix whose elements all satisfy a condition.
  fileprivate func suffix(while condition: (Element) -> Bool) -> SubSequence {
    var start = endIndex
    while start > startIndex, condition(self[index(before: start)]) { start = index(before: start) }
    return self[start...]
  }
}

/// Finds formulas in texts.
public enum Formulas {
  /// Every formula with its delimiters, in order.
  public static func ranges(of text: String) -> [Range<String.Index>] {
    var ranges: [Range<String.Index>] = []
    var i = text.startIndex
    while i < text.endIndex {
      if let end = WordToken.formulaEnd(text[...], i) {
        ranges.append(i..<end)
        i = end
      } else {
        i = text.index(after: i)
      }
    }
    return ranges
  }
}
