import DeepCriticCore
import Terminal

extension ReviewScreen {
  /// The critique that a judgement of reasoning is about: the focused one, the merged one (or the tab in front) otherwise.
  var judgedCritique: Critique? {
    guard let review else { return nil }
    return review.critique(review.focus.stage ?? review.tab)?.critique.critique
  }

  /// What I said about its reasoning.
  var mySoundness: StandingSoundness? {
    judgedCritique.flatMap { review?.view.soundness[CritiqueKey(of: $0)] }
  }

  /// Cycles from nothing to unsound (and asks where), to sound, to nothing.
  func judgeReasoning() throws {
    switch mySoundness?.isSound {
    case nil:
      try judgeReasoning(as: false)
      let said = navigator?.message?.text ?? ""
      chooseSentences()
      if navigator?.overlay is SentencesOverlay { say(.good, said + " Which sentence? Escape marks none.") }
    case .some(false): try judgeReasoning(as: true)
    case .some(true): try judgeReasoning(as: nil)
    }
  }

  /// Records what I think of the focused critique's reasoning. The sentences that were marked stay marked as long as it is
  /// unsound.
  func judgeReasoning(as isSound: Bool?, note: String = "") throws {
    guard let review, let critique = judgedCritique else { return }
    let span = isSound == false ? mySoundness?.reference.span : nil
    try decide(
      .soundness(isSound, of: CritiqueReference(critique, span: span), note: note.isEmpty ? nil : note),
      step: critique.step)
    let what = "the \(critique.stage.rawValue) critique of step \(review.step)"
    switch isSound {
    case .some(true): say(.good, "The reasoning of \(what) is sound.")
    case .some(false): say(.good, "The reasoning of \(what) is unsound: it will not be trained on.")
    case nil: say(.info, "Nothing is said about the reasoning of \(what).")
    }
  }

  /// Records that the reasoning does not hold in some sentences; a note that there is stays.
  func markSentences(_ range: Range<String.Index>, of critique: Critique) throws {
    guard let span = CritiqueReference.span(of: range, in: critique.text) else { return }
    let before = review?.view.soundness[CritiqueKey(of: critique)].flatMap { $0.isSound ? nil : $0 }
    if before?.reference.span == span { return say(.info, "These sentences are marked already.") }
    try decide(
      .soundness(false, of: CritiqueReference(critique, span: span), note: before?.note), step: critique.step)
    say(.good, "Unsound in the \(critique.stage.rawValue) critique: \(excerpt(critique.text[range])).")
  }

  /// Marks sentences that were typed as numbers, "3" or "3-5".
  func markSentences(_ numbers: String) throws {
    guard let critique = judgedCritique else { return }
    let sentences = SentenceChoice.sentences(of: critique.text)
    let bounds = numbers.split(separator: "-", omittingEmptySubsequences: false).map {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    guard bounds.count <= 2, let first = bounds.first ?? nil, let last = bounds.last ?? nil,
      sentences.indices.contains(first - 1), sentences.indices.contains(last - 1), first <= last
    else {
      let count = sentences.count
      say(
        .warning, "Write the number of a sentence, 1 to \(count), or the first and the last of several, as 1-\(count).")
      return
    }
    try markSentences(sentences[first - 1].lowerBound..<sentences[last - 1].upperBound, of: critique)
  }

  /// What the reviewer, or else somebody whose work may be seen, thinks of a critique's reasoning.
  func reasoning(of critique: Critique, _ review: ReviewModel) -> StandingSoundness? {
    // Hardly any solution has one; then no text is hashed for a frame.
    guard review.stored.views.values.contains(where: { !$0.soundness.isEmpty }) else { return nil }
    let key = CritiqueKey(of: critique)
    return review.view.soundness[key]
      ?? review.others(mode: session.mode).lazy.compactMap { $0.view.soundness[key] }.first
  }

  /// The parts of a pane's critique that do not hold, and those that are being chosen.
  func reasoningMarks(_ pane: Pane, _ review: ReviewModel) -> [Annotation] {
    guard let stage = pane.stage, let critique = review.critique(stage)?.critique.critique else { return [] }
    if let choice = (navigator?.overlay as? SentencesOverlay)?.choice, choice.critique.stage == stage {
      return [Annotation(range: choice.range, mark: .chosen)]
    }
    guard let standing = reasoning(of: critique, review), !standing.isSound,
      let range = standing.reference.range(in: critique.text)
    else { return [] }
    return [Annotation(range: range, mark: .unsound)]
  }

  /// What was said about critiques of the step under review in words: where they do not hold, and why.
  func reasoningWords(_ review: ReviewModel) -> [String] {
    Stage.allCases.compactMap { stage in
      guard let critique = review.critique(stage)?.critique.critique,
        let standing = reasoning(of: critique, review), !standing.isSound
      else { return nil }
      let place = standing.reference.range(in: critique.text).map { " at \(excerpt(critique.text[$0]))" } ?? ""
      guard standing.note != nil || !place.isEmpty else { return nil }
      return "\(stage.rawValue) unsound\(place)" + (standing.note.map { ": \($0)" } ?? "")
    }
  }

  /// The beginning of a part of a text, in quotation marks.
  func excerpt(_ text: Substring) -> String { "“\(clip(context.oneLine(String(text)), to: 60))”" }
}
