import DeepCriticCore
import Terminal

/// Sentences of a critique that are being chosen: those whose reasoning does not hold.
struct SentenceChoice: Sendable {
  let critique: Critique
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

extension ReviewScreen {
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
      return say(.info, "This critique has no sentence to mark.")
    }
    show(critique.stage)
    choose(choice)
  }

  private func choose(_ choice: SentenceChoice) {
    navigator?.overlay = SentencesOverlay(self, choice)
    look(at: choice)
  }

  /// Scrolls to the sentence that the keys move, and says which one it is.
  func look(at choice: SentenceChoice) {
    let pane = Pane(choice.critique.stage)
    let text = choice.critique.text
    let at = choice.sentences[choice.cursor]
    let inside = text[at].isEmpty ? at.lowerBound : text.index(before: at.upperBound)
    if let area = ReviewView.layout(self)?.area(pane), let review,
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
    // What is only looked at is not a message to keep.
    context.messages.glance(
      Message(kind: .info, text: "\(which) of \(choice.sentences.count): \(excerpt(text[choice.range]))."))
  }

  /// The sentences of the critique that is judged, with the numbers to name them by.
  func choices(for id: ActionID) -> [String] {
    guard id == .critiqueMark, let critique = judgedCritique else { return [] }
    return SentenceChoice.sentences(of: critique.text).enumerated().map { index, range in
      "\(index + 1). \(context.oneLine(String(critique.text[range])))"
    }
  }
}

/// Sentences of a critique are being chosen. They are lit in its pane; the keys move through them.
final class SentencesOverlay: Overlay {
  private(set) var choice: SentenceChoice
  private let screen: ReviewScreen

  init(_ screen: ReviewScreen, _ choice: SentenceChoice) {
    self.screen = screen
    self.choice = choice
  }

  /// Keys that do not choose end it, and do what they always do.
  func handle(_ key: Key) -> OverlayOutcome {
    switch key {
    case .down, .character("j"): choice.move(to: choice.cursor + 1)
    case .up, .character("k"): choice.move(to: choice.cursor - 1)
    case .shiftDown, .character("J"): choice.move(to: choice.cursor + 1, extending: true)
    case .shiftUp, .character("K"): choice.move(to: choice.cursor - 1, extending: true)
    case .home: choice.move(to: 0)
    case .end: choice.move(to: choice.sentences.count - 1)
    case .character("v"): choice.toggleExtending()
    case .enter: return mark() ? .closes : .stays
    case .escape, .control("c"), .control("g"):
      screen.say(
        .info,
        screen.mySoundness?.reference.span == nil ? "No sentence is marked." : "What was marked stays marked.")
      return .closes
    default:
      let action = screen.context.keyMap.action(for: key, in: .review)
      return action == .critiqueUnsoundWhy && !mark() ? .stays : .passes
    }
    screen.look(at: choice)
    return .stays
  }

  private func mark() -> Bool {
    screen.navigator?.attempt { try screen.markSentences(choice.range, of: choice.critique) } ?? false
  }

  var hints: [(key: String, title: String)] {
    [
      (screen.glyphs.arrowKeys, "sentence"), ("v", "several"), ("enter", "mark"),
      (screen.keys(.critiqueUnsoundWhy), "mark, why"), ("esc", "none"),
    ]
  }
}
