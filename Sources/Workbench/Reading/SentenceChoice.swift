import DeepCriticCore
import Terminal

/// Sentences of a critique that are being chosen: those whose reasoning does not hold.
public struct SentenceChoice: Sendable {
  /// The critique.
  public let critique: Critique
  /// Its sentences in order.
  let sentences: [Range<String.Index>]
  /// The sentence at which choosing began.
  private(set) var anchor: Int
  /// The sentence that the keys move.
  private(set) var cursor: Int
  /// Moving adds sentences.
  private(set) var isExtending = false

  /// - Parameter first: the sentence to begin at, and the last one of several.
  init?(_ critique: Critique, first: ClosedRange<Int>) {
    self.critique = critique
    sentences = Self.sentences(of: critique.text)
    guard let last = sentences.indices.last else { return nil }
    anchor = min(first.lowerBound, last)
    cursor = min(first.upperBound, last)
    isExtending = anchor != cursor
  }

  /// Sentences as they are chosen. A displayed formula belongs to the sentence before it: alone nothing could be said about it.
  static func sentences(of text: String) -> [Range<String.Index>] {
    var out: [Range<String.Index>] = []
    for range in Sentences.ranges(of: text) {
      let sentence = text[range]
      let isDisplay =
        (sentence.hasPrefix("$$") && sentence.hasSuffix("$$"))
        || (sentence.hasPrefix("\\[") && sentence.hasSuffix("\\]"))
      if isDisplay, let last = out.indices.last {
        out[last] = out[last].lowerBound..<range.upperBound
      } else {
        out.append(range)
      }
    }
    return out
  }

  /// The numbers of the chosen sentences, from 0.
  var chosen: ClosedRange<Int> { min(anchor, cursor)...max(anchor, cursor) }

  /// Their part of the text.
  var range: Range<String.Index> { sentences[chosen.lowerBound].lowerBound..<sentences[chosen.upperBound].upperBound }

  /// Goes to another sentence; with `extending` those in between are chosen too.
  mutating func move(to index: Int, extending: Bool = false) {
    if extending { isExtending = true }
    cursor = min(max(index, 0), sentences.count - 1)
    if !isExtending { anchor = cursor }
  }

  /// Begins to add sentences, or goes back to one.
  mutating func toggleExtending() {
    isExtending.toggle()
    if !isExtending { anchor = cursor }
  }
}

extension WorkbenchModel {
  /// Begins to choose the sentences of the focused critique that do not hold: at those marked before, or where it is scrolled
  /// to.
  func chooseSentences() {
    guard let review, let critique = judgedCritique else { return }
    let sentences = SentenceChoice.sentences(of: critique.text)
    var first = 0...0
    if let range = mySoundness?.reference.range(in: critique.text) {
      let held = sentences.indices.filter { sentences[$0].overlaps(range) }
      if let low = held.first, let high = held.last { first = low...high }
    } else {
      let pane = Pane(critique.stage)
      let top = review.scroll[pane] ?? 0
      let index = top == 0 ? 0 : sentences.firstIndex { (line(of: $0.lowerBound, in: pane, critique.text) ?? 0) >= top }
      if let index { first = index...index }
    }
    guard let choice = SentenceChoice(critique, first: first) else {
      say(.info, "This critique has no sentence to mark.")
      return
    }
    show(critique.stage)
    choose(choice)
  }

  /// Takes a key while sentences are chosen. Keys that do not choose end it, and do what they always do.
  func handleSentences(_ choice: SentenceChoice, _ key: Key) {
    var choice = choice
    switch key {
    case .down, .character("j"): choice.move(to: choice.cursor + 1)
    case .up, .character("k"): choice.move(to: choice.cursor - 1)
    case .shiftDown, .character("J"): choice.move(to: choice.cursor + 1, extending: true)
    case .shiftUp, .character("K"): choice.move(to: choice.cursor - 1, extending: true)
    case .home: choice.move(to: 0)
    case .end: choice.move(to: choice.sentences.count - 1)
    case .character("v"): choice.toggleExtending()
    case .enter:
      if attempt({ try markSentences(choice.range, of: choice.critique) }) { overlay = nil }
      return
    case .escape, .control("c"), .control("g"):
      overlay = nil
      say(.info, mySoundness?.reference.span == nil ? "No sentence is marked." : "What was marked stays marked.")
      return
    default:
      let action = keyMap.action(for: key, in: place)
      if action == .critiqueUnsoundWhy, !attempt({ try markSentences(choice.range, of: choice.critique) }) { return }
      overlay = nil
      handle(key)
      return
    }
    choose(choice)
  }

  /// Shows a choice, and says which sentence it is.
  private func choose(_ choice: SentenceChoice) {
    overlay = .sentences(choice)
    let pane = Pane(choice.critique.stage)
    let text = choice.critique.text
    let at = choice.sentences[choice.cursor]
    let inside = text[at].isEmpty ? at.lowerBound : text.index(before: at.upperBound)
    if let area = ReviewScreen.layout(self).area(pane), let review,
      let first = line(of: at.lowerBound, in: pane, text), let last = line(of: inside, in: pane, text)
    {
      let top = review.scroll[pane] ?? 0
      // As much of the sentence as there is room for, its beginning above all.
      if first < top || last >= top + area.height { scroll(pane, to: at.lowerBound, of: text) }
    }
    let chosen = choice.chosen
    let which =
      chosen.count == 1
      ? "Sentence \(chosen.lowerBound + 1)"
      : "Sentences \(chosen.lowerBound + 1)\(glyphs.rangeDash)\(chosen.upperBound + 1)"
    say(.info, "\(which) of \(choice.sentences.count): \(excerpt(text[choice.range])).")
    // What is only looked at is no message to keep.
    messages.removeLast()
  }
}
