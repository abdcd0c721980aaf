import DeepCriticCore
import Terminal

extension ReviewScreen {
  /// Goes on to the next pair of critiques that this step has.
  func compareCritiques() {
    guard let review else { return }
    let all = CritiqueComparison.allCases
    var next = all.firstIndex(of: review.comparison) ?? 0
    for _ in all {
      next = (next + 1) % all.count
      if all[next] == .versionAndOriginal {
        if review.version != nil { break }
        continue
      }
      guard let (a, b) = all[next].stages else { break }
      if review.critique(a) != nil, review.critique(b) != nil { break }
    }
    review.comparison = all[next]
    if let (a, b) = review.comparison.stages {
      say(.info, "Marked is what the \(a.rawValue) and the \(b.rawValue) critique do not share.")
      if review.tab != a, review.tab != b { review.tab = b }
    } else if review.comparison == .versionAndOriginal {
      say(
        .info,
        "Marked is what this \((review.focus.stage ?? review.tab).rawValue) critique says and the original does not.")
    } else {
      say(.info, "No comparison.")
    }
  }

  /// Shows the sentence that the merged critique's first sentence in view comes from.
  func goToOrigin() {
    guard let review, let provenance = readingAids(review).provenance,
      let shown = review.critique(.merged), let area = ReviewView.layout(self)?.area(.merged)
    else {
      return say(.info, blindReason ?? "There is no merged critique in view whose sentences come from somewhere.")
    }
    let lines = ReviewView.text(of: .merged, self, width: area.width)
    let top = review.focus == .merged ? min(review.scroll[.merged] ?? 0, max(lines.count - 1, 0)) : 0
    // The sentence in view is the one that as many sentences begin before as lines say.
    let index = sentence(at: top, lines, provenance)
    guard provenance.sentences.indices.contains(index) else { return }
    let sentence = provenance.sentences[index]
    let excerpt = clip(context.oneLine(String(shown.critique.critique.text[sentence.range])), to: 60)
    guard let source = sentence.source, sentence.origin != .new else {
      return say(.info, "“\(excerpt)” is in neither critique: the merge added it.")
    }
    let stage: Stage = sentence.origin == .initial ? .initial : .deep
    guard let origin = review.critique(stage) else { return }
    show(stage)
    scroll(Pane(stage), to: source.lowerBound, of: origin.critique.critique.text)
    say(.info, "“\(excerpt)” comes from the \(stage.rawValue) critique.")
  }

  /// The number of the sentence that most of a line belongs to: sentences of one origin after another count as begun where
  /// the origin changes, so lines are mapped by how much of the text is above them.
  private func sentence(at line: Int, _ lines: [TextLine], _ provenance: Provenance) -> Int {
    guard let shown = review?.critique(.merged), line > 0 else { return 0 }
    func letters(_ lines: some Sequence<TextLine>) -> Int {
      lines.reduce(0) { $0 + $1.reduce(0) { $0 + $1.text.count { $0.isLetter } } }
    }
    let all = max(letters(lines), 1)
    let share = Double(letters(lines.prefix(line))) / Double(all)
    let text = shown.critique.critique.text
    let total = Double(max(text.count { $0.isLetter }, 1))
    var above = 0
    for (index, sentence) in provenance.sentences.enumerated() {
      above += text[sentence.range].count { $0.isLetter }
      if Double(above) / total > share { return index }
    }
    return max(provenance.sentences.count - 1, 0)
  }

  /// Scrolls a pane so that a place of its text is in view.
  func scroll(_ pane: Pane, to place: String.Index, of text: String) {
    guard let review, let layout = ReviewView.layout(self), let area = layout.area(pane) else { return }
    let line = line(of: place, in: pane, text) ?? 0
    if pane == .step, let page = layout.page {
      let row = page.rows(of: review.step).lowerBound + line
      let top = layout.pageTop(review)
      if row < top || row >= top + area.height { scrollPage(to: row - area.height / 3) }
      return
    }
    review.scroll[pane] = min(max(line - area.height / 3, 0), ReviewView.scrollLimit(pane, self))
  }

  /// The line of a pane that holds a place of its text, from 0; `nil` where the pane is not on screen.
  func line(of place: String.Index, in pane: Pane, _ text: String) -> Int? {
    guard let review, let layout = ReviewView.layout(self), let area = layout.area(pane) else { return nil }
    let marked = context.texts.lines(
      text, width: textWidth(pane, review, area.width), source: context.reading.isSource(pane),
      [Annotation(range: place..<text.endIndex, mark: .hit)])
    return marked.firstIndex { $0.contains { $0.marks.contains(.hit) } }
  }

  private func textWidth(_ pane: Pane, _ review: ReviewModel, _ width: Int) -> Int {
    hasGutter(pane, review) ? width - 2 : width
  }

  /// Searches the texts of the solution from this step on, and shows the first place.
  func search(_ text: String) {
    guard let review else { return }
    review.search = text.isEmpty ? [] : [SearchedText(text, .anywhere)]
    if text.isEmpty { return }
    if !searchHits(review).isEmpty {
      goToNextHit(isFirst: true)
    } else if !goToHitOfNextStep(review) {
      review.search = []
      say(.warning, "'\(text)' does not occur in the problem, the steps or their critiques.")
    }
  }

  /// Forgets what was typed to be found; words of the queue's filter stay lit.
  func clearSearch() -> Bool {
    guard let review, !review.search.isEmpty, review.search != queue.filter.searched else { return false }
    review.search = queue.filter.searched
    glance("The search is cleared.")
    return true
  }

  /// Goes to the next step (round at the end) that holds what is searched for.
  private func goToHitOfNextStep(_ review: ReviewModel) -> Bool {
    let count = review.stepCount
    guard count > 1 else { return false }
    for distance in 1..<count {
      let step = (review.step - 1 + distance) % count + 1
      var texts = [review.stored.solution.steps[step - 1].text]
      if review.isRevealed(step, mode: session.mode) {
        texts += Stage.allCases.compactMap { review.stored.critique($0, step: step)?.critique.text }
      }
      guard texts.contains(where: { !ReadingAids.hits(review.search, in: $0).isEmpty }) else { continue }
      review.goTo(step: step)
      session.itemShown()
      goToNextHit(isFirst: true, skippingProblem: true)
      return true
    }
    return false
  }

  /// Places that were found, by pane, in the order in which they are walked.
  private func searchHits(_ review: ReviewModel) -> [(Pane, [Annotation])] {
    let marks = readingAids(review).marks
    return [Pane.problem, .step, .initial, .deep, .merged].compactMap { pane in
      let hits = (marks[pane] ?? []).filter { $0.mark == .hit }
      return hits.isEmpty ? nil : (pane, hits)
    }
  }

  /// Shows the next place, in this step or after its last one in the next step that has one.
  func goToNextHit(isFirst: Bool = false, skippingProblem: Bool = false) {
    guard let review else { return }
    let all = searchHits(review).flatMap { pane, hits in hits.map { (pane, $0) } }
    guard !review.search.isEmpty else {
      return say(.info, "Nothing is searched for here; \(keys(.textSearch)) finds words.")
    }
    if !isFirst, all.isEmpty || review.searchIndex + 1 >= all.count, goToHitOfNextStep(review) { return }
    guard !all.isEmpty else {
      return say(.info, "Nothing more is found in this solution.")
    }
    let start = skippingProblem ? all.firstIndex { $0.0 != .problem } ?? 0 : 0
    let index = isFirst ? start : (review.searchIndex + 1) % all.count
    review.searchIndex = index
    let (pane, hit) = all[index]
    let texts: [Pane: String?] = [
      .problem: review.stored.solution.problem, .step: review.stored.solution.steps[max(review.step - 1, 0)].text,
    ]
    let text = texts[pane] ?? pane.stage.flatMap { review.critique($0)?.critique.critique.text }
    if let stage = pane.stage { show(stage) } else { review.focus = pane == .step && isPage ? .steps : pane }
    if let text { scroll(pane, to: hit.range.lowerBound, of: text) }
    say(.info, "\(index + 1) of \(all.count) in step \(review.step): \(pane.title).")
  }
}
