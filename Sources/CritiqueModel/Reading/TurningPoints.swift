/// Finds where a critique pauses and thinks again ("However", "But wait", "Let me verify"): the mark of a deliberate
/// critique (paper, figure 1).
public enum TurningPoints {
  /// The phrases at the beginning of sentences, in order.
  public static func ranges(in text: String) -> [Range<String.Index>] {
    Sentences.ranges(of: text).compactMap { sentence in
      var start = sentence.lowerBound
      // Marks of lists and emphasis stand before the first word.
      while start < sentence.upperBound, !text[start].isLetter { start = text.index(after: start) }
      let words = text[start..<sentence.upperBound]
      guard let length = phraseLength(words) else { return nil }
      return start..<text.index(start, offsetBy: length)
    }
  }

  /// The number of characters of the phrase that a sentence begins with; `nil` when it is not a turn.
  private static func phraseLength(_ sentence: Substring) -> Int? {
    let head = sentence.prefix(60).lowercased()
    guard let phrase = phrases.first(where: { begins(head, with: $0) }) else { return nil }
    guard openers.contains(phrase) else { return phrase.count }
    // "Let me" alone says nothing: what is done about it does.
    let rest = head.dropFirst(phrase.count).drop { $0 == " " }
    guard let action = actions.first(where: { begins(String(rest), with: $0) }) else { return nil }
    return head.count - rest.count + action.count
  }

  private static func begins(_ text: String, with phrase: String) -> Bool {
    guard text.hasPrefix(phrase) else { return false }
    return text.dropFirst(phrase.count).first.map { !$0.isLetter } ?? true
  }

  /// Longer ones before those that they begin with.
  private static let phrases = [
    "but wait", "but hold on", "but let me", "but let's", "but is ", "but does ", "wait, let me", "wait", "hold on",
    "hmm",
    "however", "on closer inspection", "on closer examination", "on second thought", "on reflection", "upon reflection",
    "upon closer inspection", "upon closer examination", "upon re-examination", "actually", "nevertheless", "that said",
    "still, ", "to be sure", "to make sure", "to be certain", "to verify this", "to double-check", "now let me",
    "now let's",
    "so let me", "let me", "let's", "let us", "looking again", "looking more closely", "thinking again",
  ]
  private static let openers: Set<String> = [
    "but let me", "but let's", "wait, let me", "now let me", "now let's", "so let me", "let me", "let's", "let us",
  ]
  private static let actions = [
    "verify", "check", "double-check", "double check", "recheck", "re-check", "look", "take another look",
    "take a closer",
    "reconsider", "re-examine", "reexamine", "recompute", "recalculate", "redo", "try", "confirm", "test", "pause",
    "think",
    "go back", "step back", "see whether", "see if", "examine", "work", "derive", "re-derive", "rederive", "count",
    "write",
    "substitute", "compute", "calculate", "approach", "revisit", "compare", "make sure",
  ]
}
