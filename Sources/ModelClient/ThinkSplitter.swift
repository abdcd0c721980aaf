/// Keeps what a model thinks apart from what it answers, where both come as one text: `<think>…</think>` at its beginning.
///
/// Texts may come in pieces, cut anywhere.
struct ThinkSplitter {
  typealias Part = (text: String, isReasoning: Bool)

  private enum State {
    case beginning
    case thinking
    /// Behind the thoughts: blank lines before the answer belong to neither.
    case between
    case answering
  }

  private var state = State.beginning
  /// What may be part of a tag.
  private var held = ""

  /// The parts of the next piece, as far as they are known.
  mutating func take(_ piece: String) -> [Part] {
    var parts: [Part] = []
    var text = held + piece
    held = ""
    while !text.isEmpty {
      switch state {
      case .beginning:
        let start = text.drop(while: \.isWhitespace)
        if start.hasPrefix("<think>") {
          state = .thinking
          text = String(start.dropFirst("<think>".count))
        } else if "<think>".hasPrefix(start) {
          held = text
          return parts
        } else {
          state = .answering
        }
      case .thinking:
        if let tag = text.firstRange(of: "</think>") {
          if tag.lowerBound > text.startIndex { parts.append((String(text[..<tag.lowerBound]), true)) }
          state = .between
          text = String(text[tag.upperBound...])
        } else {
          let count = (1..<"</think>".count).last { text.hasSuffix("</think>".prefix($0)) } ?? 0
          held = String(text.suffix(count))
          let known = text.dropLast(count)
          if !known.isEmpty { parts.append((String(known), true)) }
          return parts
        }
      case .between:
        text = String(text.drop(while: \.isWhitespace))
        if !text.isEmpty { state = .answering }
      case .answering:
        parts.append((text, false))
        return parts
      }
    }
    return parts
  }

  /// What was held back, once nothing more comes.
  mutating func rest() -> [Part] {
    defer { held = "" }
    return held.isEmpty ? [] : [(held, state == .thinking)]
  }

  /// A whole text. Some templates open the tag in the question, so that only its end comes back.
  static func split(_ text: String) -> (text: String, reasoning: String?) {
    var splitter = ThinkSplitter()
    let parts = splitter.take(text) + splitter.rest()
    let answer = parts.filter { !$0.isReasoning }.map(\.text).joined()
    let thoughts = parts.filter(\.isReasoning).map(\.text).joined()
    if thoughts.isEmpty { return withoutOpenThoughts(answer) }
    return (answer, thoughts)
  }

  /// An answer that begins within thoughts: what is before the tag that ends them is kept apart too.
  static func withoutOpenThoughts(_ text: String) -> (text: String, reasoning: String?) {
    guard let tag = text.firstRange(of: "</think>"), !text[..<tag.lowerBound].contains("<think>") else {
      return (text, nil)
    }
    return (String(text[tag.upperBound...].drop(while: \.isWhitespace)), String(text[..<tag.lowerBound]))
  }
}
