/// A word, a number, a sign or a whole formula of a text.
struct WordToken: Hashable {
  /// Where it stands.
  var range: Range<String.Index>
  /// What is compared: lower case, formulas without blanks and delimiters.
  var normal: String
  /// A punctuation mark outside formulas, which says nothing about what a sentence means.
  var isPunctuation: Bool

  /// Cuts a text. A formula (`$…$`, `$$…$$`, `\(…\)`, `\[…\]`) is one token, however long.
  static func tokens(of text: String) -> [WordToken] { tokens(of: text[...]) }

  static func tokens(of text: Substring) -> [WordToken] {
    var tokens: [WordToken] = []
    var i = text.startIndex
    while i < text.endIndex {
      let character = text[i]
      if character.isWhitespace {
        i = text.index(after: i)
      } else if let end = formulaEnd(text, i) {
        tokens.append(WordToken(range: i..<end, normal: formula(text[i..<end]), isPunctuation: false))
        i = end
      } else if isWordPart(character) || character == "\\" {
        var end = text.index(after: i)
        while end < text.endIndex, isWordPart(text[end]) || isInner(text, end) { end = text.index(after: end) }
        tokens.append(WordToken(range: i..<end, normal: text[i..<end].lowercased(), isPunctuation: false))
        i = end
      } else {
        let end = text.index(after: i)
        tokens.append(
          WordToken(range: i..<end, normal: String(character), isPunctuation: ".,;:!?\"'“”()*_".contains(character)))
        i = end
      }
    }
    return tokens
  }

  /// The end of the formula that begins at an index; `nil` when none does.
  static func formulaEnd(_ text: Substring, _ start: String.Index) -> String.Index? {
    let rest = text[start...]
    for (open, close) in [("$$", "$$"), ("\\[", "\\]"), ("\\(", "\\)"), ("$", "$")] where rest.hasPrefix(open) {
      var i = text.index(start, offsetBy: open.count)
      var length = 0
      while i < text.endIndex, length < 4000 {
        if text[i...].hasPrefix(close) { return text.index(i, offsetBy: close.count) }
        // A formula between single dollars does not go over a blank line: that was an amount of money.
        if open == "$", text[i] == "\n", text[text.index(after: i)...].first == "\n" { return nil }
        if text[i] == "\\", text.index(after: i) < text.endIndex { i = text.index(after: i) }
        i = text.index(after: i)
        length += 1
      }
      return nil
    }
    return nil
  }

  private static func formula(_ text: Substring) -> String {
    var text = text
    for (open, close) in [("$$", "$$"), ("\\[", "\\]"), ("\\(", "\\)"), ("$", "$")]
    where text.hasPrefix(open) && text.hasSuffix(close) && text.count >= open.count + close.count {
      text = text.dropFirst(open.count).dropLast(close.count)
      break
    }
    return text.filter { !$0.isWhitespace }
  }

  private static func isWordPart(_ character: Character) -> Bool { character.isLetter || character.isNumber }

  /// An apostrophe or decimal point inside a word or number.
  private static func isInner(_ text: Substring, _ index: String.Index) -> Bool {
    guard "'’.,".contains(text[index]) else { return false }
    let next = text.index(after: index)
    guard next < text.endIndex, index > text.startIndex else { return false }
    let before = text[text.index(before: index)]
    if ".,".contains(text[index]) { return before.isNumber && text[next].isNumber }
    return before.isLetter && text[next].isLetter
  }
}
