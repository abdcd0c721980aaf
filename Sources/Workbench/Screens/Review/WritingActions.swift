import DeepCriticCore
import Foundation
import Terminal

/// What a text written in the editor is.
enum EditedText: Hashable {
  case comment
  /// A changed version of a critique, or one of the reviewer's own.
  case critique(CritiquePlace, parent: CritiqueReference?)
  case correction

  /// The action that writes it.
  var action: ActionID {
    switch self {
    case .comment: .commentEditor
    case .critique(_, let parent): parent == nil ? .critiqueWrite : .critiqueEdit
    case .correction: .stepCorrect
    }
  }

  /// What a draft is of.
  init?(_ draft: Draft) {
    switch draft.place.kind {
    case .comment: self = .comment
    case .correction: self = .correction
    case .version, .critique:
      guard let stage = draft.place.stage.flatMap(Stage.init(rawValue:)) else { return nil }
      let parent = draft.parent.flatMap { CritiqueReference($0) }
      if draft.place.kind == .version, parent == nil { return nil }
      self = .critique(CritiquePlace(stage, draft.place.step), parent: parent)
    }
  }
}

/// Texts that are written over the screen: comments, critiques and corrections, each with a draft until it is saved.
extension ReviewScreen {
  /// Where a text is written.
  enum WritingPlace { case window, editor, line }

  /// Opens a text for writing; one that is too long for the window opens in `$EDITOR`. Where there is a draft of it, that is
  /// offered first.
  ///
  /// - Parameter text: the text as it is stored.
  func write(_ what: EditedText, _ text: String, in place: WritingPlace = .window) {
    guard let draft = draftPlace(of: what).flatMap(drafts.draft(at:)), draft.text != text else {
      return open(what, text, original: text, in: place)
    }
    let excerpt = clip(TextSafety.line(draft.text), to: 200, ellipsis: glyphs.ellipsis)
    navigator?.overlay = CardOverlay(
      context, title: "A draft is kept", text: ["\(draft.words), \(draft.facts):", excerpt],
      lines: [
        .init(key: .enter, words: "continue the draft", verb: "draft") { [unowned self] in
          open(EditedText(draft) ?? what, draft.text, original: text, in: place == .line ? .window : place)
        },
        .init(key: .character("d"), words: "discard it and start from the stored text", verb: "discard") {
          [unowned self] in
          drafts.discard(draft.place)
          open(what, text, original: text, in: place)
        },
      ], passesOthers: false)
  }

  /// Continues a draft, where its solution and its step can be shown.
  func take(up draft: Draft) throws {
    guard let what = EditedText(draft), let id = try workspace.solutionID(key: draft.place.solution) else {
      throw RefusalError("\(draft.name) is not in this workspace any more; its draft is kept.")
    }
    guard let navigator, try navigator.review(id, step: draft.place.step),
      let review = navigator.top as? ReviewScreen
    else { return }
    if let stage = draft.place.stage.flatMap(Stage.init(rawValue:)) { review.show(stage) }
    let reason = what == .comment ? nil : review.versionReason(what.action)
    if let reason { throw RefusalError("\(reason) The draft is kept.") }
    review.open(what, draft.text, original: review.standingText(of: what), in: .window)
  }

  /// A text as it is stored.
  func standingText(of what: EditedText) -> String {
    guard let review else { return "" }
    switch what {
    case .comment: return currentComment?.text ?? ""
    case .correction:
      return review.view.corrections[review.step]?.text ?? review.stored.solution.steps[review.step - 1].text
    case .critique(let place, let parent):
      guard let parent else { return "" }
      return review.critiques(place.stage).first { CritiqueKey(of: $0.critique) == parent.key }?.critique.text ?? ""
    }
  }

  private func open(_ what: EditedText, _ text: String, original: String, in place: WritingPlace) {
    switch place {
    case .line:
      navigator?.ask(.commentLine, text: text)
      (navigator?.overlay as? PromptOverlay)?.draft = keeper(of: what)
    case .window where TextArea.fits(text): navigator?.overlay = entry(what, text, original: original)
    default: navigator?.edit(text) { [unowned self] written in _ = keep(written, as: what) }
    }
  }

  /// The window for a comment, with what has been typed so far.
  func commentEntry(text: String) -> TextEntryOverlay { entry(.comment, text, original: currentComment?.text ?? "") }

  private func entry(_ what: EditedText, _ text: String, original: String) -> TextEntryOverlay {
    TextEntryOverlay(
      context, title: title(of: what), text: text, original: original,
      cursorAtEnd: what == .comment || text != original, draft: keeper(of: what),
      showsPreview: what != .comment, frame: { [unowned self] size in frame(of: what, size) }
    ) { [unowned self] written in keep(written, as: what) }
  }

  private func keeper(of what: EditedText) -> DraftKeeper? {
    draftPlace(of: what).map {
      DraftKeeper(drafts, context, $0, name: review?.stored.name ?? "", parent: parent(of: what))
    }
  }

  private func draftPlace(of what: EditedText) -> Draft.Place? {
    guard let review else { return nil }
    let solution = review.stored.key
    switch what {
    case .comment: return Draft.Place(solution: solution, step: review.step, kind: .comment)
    case .correction: return Draft.Place(solution: solution, step: review.step, kind: .correction)
    case .critique(let place, let parent):
      return Draft.Place(
        solution: solution, step: place.step, kind: parent == nil ? .critique : .version, stage: place.stage.rawValue)
    }
  }

  private func parent(of what: EditedText) -> String? {
    if case .critique(_, let parent) = what { parent?.text } else { nil }
  }

  private func title(of what: EditedText) -> String {
    let step = review?.step ?? 0
    switch what {
    case .comment: return step == 0 ? "Comment" : "Comment on step \(step)"
    case .critique(let place, let parent):
      return
        "\(parent == nil ? "Your own" : "Your version of the") \(place.stage.rawValue) critique of step \(place.step)"
    case .correction: return "What step \(step) should say"
    }
  }

  /// Where a text is written: a critique in its own pane, with the next one where that is narrow; other texts over all
  /// critiques. The step stays in view, but where there is too little room.
  private func frame(of what: EditedText, _ size: Size) -> Rect {
    let all = Rect(x: 0, y: 0, width: size.width, height: max(size.height - Chrome.footerHeight, 1))
    guard let layout = ReviewView.layout(self) else { return all }
    if layout.isBeside, let divider = layout.divider {
      let x = divider + 1
      return Rect(x: x, y: layout.stepsTitle, width: size.width - x, height: layout.steps.height + 1)
    }
    let wanted = layout.rule ?? layout.critiques.first?.rect.y ?? all.height - 12
    let top = max(min(wanted, all.height - 9), 0)
    if all.height - top < 8 { return all }
    // What verdicts would change stays in view below, where there is room.
    let bottom = layout.critiques.map(\.rect.maxY).max() ?? all.height
    let room = all.splitTop(top).rest
    let rect = bottom - top >= 12 ? Rect(x: 0, y: top, width: room.width, height: bottom - top) : room
    guard case .critique(let place, _) = what, layout.critiques.count > 1,
      let own = layout.critiques.firstIndex(where: { $0.stages.contains(place.stage) })
    else {
      // Lines that the eye can follow.
      return size.width < 160 ? rect : Rect(x: 0, y: rect.y, width: size.width * 11 / 20, height: rect.height)
    }
    // From the line before a pane to the one after it.
    func edge(_ index: Int) -> Int {
      index == 0 ? 0 : index < layout.critiques.count ? layout.critiques[index].rect.x - 2 : size.width
    }
    var panes = own...own
    while edge(panes.upperBound + 1) - edge(panes.lowerBound) < 56, panes.count < layout.critiques.count {
      panes =
        panes.upperBound + 1 < layout.critiques.count
        ? panes.lowerBound...panes.upperBound + 1 : panes.lowerBound - 1...panes.upperBound
    }
    let x = edge(panes.lowerBound)
    return Rect(x: x, y: rect.y, width: edge(panes.upperBound + 1) - x, height: rect.height)
  }

  /// Saves a text that was written; one that cannot be saved is kept as a draft and offered the next time.
  ///
  /// - Returns: whether it was saved.
  private func keep(_ text: String, as what: EditedText) -> Bool {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard let review, let navigator, let place = draftPlace(of: what) else { return true }
    let isSaved = navigator.attempt {
      switch what {
      case .comment: try addComment(text)
      case .critique(let place, let parent): try save(text, at: place, changing: parent)
      case .correction: try saveCorrection(text)
      }
    }
    if isSaved {
      drafts.discard(place)
      return true
    }
    try? drafts.keep(Draft(place, name: review.stored.name, parent: parent(of: what), text: text))
    if !(navigator.overlay is TextEntryOverlay) {
      say(.error, "\(navigator.message?.text ?? "") \(keys(what.action)) offers your text again.")
    }
    return false
  }
}
