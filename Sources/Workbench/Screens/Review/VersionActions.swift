import DeepCriticCore
import Foundation
import Terminal

/// What a text written in the editor is.
enum EditedText: Hashable {
  case comment
  /// A changed version of a critique, or one of the reviewer's own.
  case critique(CritiquePlace, parent: CritiqueReference?)
  case correction
}

/// A text that could not be saved.
struct Draft {
  var solution: String
  var step: Int
  var edited: EditedText
  var text: String
}

extension ReviewScreen {
  func edit(_ what: EditedText, _ text: String) {
    navigator?.edit(text) { [unowned self] written in _ = keep(written, as: what) }
  }

  /// Opens a text for writing; one that is too long for the window opens in `$EDITOR`.
  ///
  /// - Parameter original: the text as it is stored, where another is opened.
  func write(_ what: EditedText, _ text: String, original: String? = nil) {
    guard TextArea.fits(text) else { return edit(what, text) }
    navigator?.overlay = entry(what, text, original: original)
  }

  /// The window for a comment, with what has been typed so far.
  func commentEntry(text: String) -> TextEntryOverlay { entry(.comment, text, original: currentComment?.text ?? "") }

  private func entry(_ what: EditedText, _ text: String, original: String?) -> TextEntryOverlay {
    TextEntryOverlay(
      context, title: title(of: what), text: text, original: original, cursorAtEnd: what == .comment,
      frame: { [unowned self] size in frame(of: what, size) }
    ) { [unowned self] written in keep(written, as: what) }
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

  /// Where a text is written: over the critiques, so that the step stays in view; over everything where that is too small.
  private func frame(of what: EditedText, _ size: Size) -> Rect {
    let all = Rect(x: 0, y: 0, width: size.width, height: max(size.height - Chrome.footerHeight, 1))
    let layout = ReviewView.layout(self)
    let wanted = layout?.rule ?? layout?.critiques.first?.rect.y ?? all.height - 12
    let top = max(min(wanted, all.height - 9), 0)
    if all.height - top < 8 { return all }
    let rect = all.splitTop(top).rest
    guard size.width >= 160 else { return rect }
    // Lines that the eye can follow; and what the text is made of stays in view beside it.
    let width = max(size.width * 11 / 20, 100)
    var isLeft = true
    if case .critique(let place, _) = what { isLeft = place.stage == .initial }
    return Rect(x: isLeft ? 0 : size.width - width, y: rect.y, width: width, height: rect.height)
  }

  /// Saves a text that was written; one that cannot be saved is kept and opened again the next time.
  ///
  /// - Returns: whether it was saved.
  private func keep(_ text: String, as what: EditedText) -> Bool {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard let review, let navigator else { return true }
    let isSaved = navigator.attempt {
      switch what {
      case .comment: try addComment(text)
      case .critique(let place, let parent): try save(text, at: place, changing: parent)
      case .correction: try saveCorrection(text)
      }
    }
    if isSaved {
      draft = nil
      return true
    }
    draft = Draft(solution: review.stored.key, step: review.step, edited: what, text: text)
    let key: ActionID =
      switch what {
      case .comment: .commentEditor
      case .critique(_, let parent): parent == nil ? .critiqueWrite : .critiqueEdit
      case .correction: .stepCorrect
      }
    if !(navigator.overlay is TextEntryOverlay) {
      say(.error, "\(navigator.message?.text ?? "") \(keys(key)) opens your text again.")
    }
    return false
  }

  /// The stage whose critique is meant: the focused one, or the tab in front.
  private var versionStage: Stage { review.map { $0.focus.stage ?? $0.tab } ?? .merged }

  /// Why there is nothing to choose or write.
  func versionReason(_ id: ActionID) -> String? {
    guard let review else { return nil }
    if review.step == 0 { return "This is a problem without a solution: there are no steps." }
    if id == .stepCorrect { return nil }
    if let blindReason { return blindReason }
    if id == .critiqueWrite { return nil }
    let stage = versionStage
    guard let shown = review.critique(stage) else {
      return "There is no \(stage.rawValue) critique of this step; \(keys(.critiqueWrite)) writes one."
    }
    if shown.isWhole { return "This critique is of the whole solution: there is none of the step alone." }
    switch id {
    case .sampleNext, .samplePrevious:
      return shown.samples > 1 ? nil : "There is one \(stage.rawValue) critique of this step, and no other."
    case .sampleChoose:
      return shown.samples > 1 || shown.critique.standing.contains(.chosen)
        ? nil : "There is one \(stage.rawValue) critique of this step, and it is used."
    default: return nil
    }
  }

  /// Shows another sample of the critique in view.
  func showSample(_ delta: Int) {
    guard let review, let shown = review.critique(versionStage) else { return }
    let stage = versionStage
    let index = ((review.samples[stage] ?? 0) + delta + shown.samples) % shown.samples
    review.samples[stage] = index
    review.scroll[Pane(stage)] = 0
    show(stage)
    guard let now = review.critique(stage)?.critique else { return }
    let votes = review.stored.votes(stage, step: review.step).map {
      "; of \($0.total) samples \($0.correct) say correct, \($0.incorrect) incorrect"
        + ($0.none > 0 ? ", \($0.none) nothing clear" : "")
    }
    say(
      .info,
      "\(stage.title) critique \(index + 1) of \(shown.samples): \(now.about(isUsed: index == 0))\(votes ?? ""). "
        + (index == 0 ? "" : "\(keys(.sampleChoose)) uses it."))
  }

  /// Uses the sample in view; the one that a person chose before is given back to the rule.
  func chooseSample() throws {
    guard let review, let shown = review.critique(versionStage) else { return }
    let stage = versionStage
    let critique = shown.critique
    let isChosen = critique.standing.contains(.chosen)
    try decide(.choice(CritiqueReference(critique.critique), isTaken: !isChosen), step: review.step)
    show(stage)
    let what = "the \(stage.rawValue) critique of step \(review.step)"
    say(
      .good, (isChosen ? "The rule chooses \(what) again." : "This is \(what) from now on.") + staleWords(after: stage))
  }

  /// Opens the window for an action that writes a version.
  func editVersion(_ id: ActionID) {
    guard let review else { return }
    let kept = draft.flatMap { $0.solution == review.stored.key && $0.step == review.step ? $0 : nil }
    switch id {
    case .stepCorrect:
      let text = review.view.corrections[review.step]?.text ?? review.stored.solution.steps[review.step - 1].text
      write(.correction, kept?.edited == .correction ? kept?.text ?? text : text, original: text)
    case .critiqueWrite:
      let what = EditedText.critique(CritiquePlace(versionStage, review.step), parent: nil)
      write(what, kept?.edited == what ? kept?.text ?? "" : "", original: "")
    default:
      guard let shown = review.critique(versionStage)?.critique.critique else { return }
      let what = EditedText.critique(CritiquePlace(shown.stage, shown.step), parent: CritiqueReference(shown))
      write(what, kept?.edited == what ? kept?.text ?? shown.text : shown.text, original: shown.text)
    }
  }

  /// Saves a text that was typed as a line (or came with the command, without a screen).
  func saveVersion(_ id: ActionID, _ text: String) throws {
    guard let review else { return }
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    switch id {
    case .stepCorrect: try saveCorrection(text)
    case .critiqueWrite: try save(text, at: CritiquePlace(versionStage, review.step), changing: nil)
    default:
      guard let shown = review.critique(versionStage)?.critique.critique else { return }
      try save(text, at: CritiquePlace(shown.stage, shown.step), changing: CritiqueReference(shown))
    }
  }

  private func save(_ text: String, at place: CritiquePlace, changing parent: CritiqueReference?) throws {
    guard let review, place.step == review.step else { return }
    if text.isEmpty { return say(.info, "Nothing was written: the critique is as it was.") }
    if review.critiques(place.stage).contains(where: { $0.critique.text == text }) {
      return say(.info, "The critique is as it was.")
    }
    try decide(.edit(text, at: place, changing: parent), step: place.step)
    show(place.stage)
    let judgement = JudgementParser.judgement(in: text)
    say(
      judgement == nil ? .warning : .good,
      (parent == nil ? "Your critique is used." : "Your version is used; the original is kept.")
        + (judgement == nil ? " It has no judgement: end it with \\boxed{1} or \\boxed{-1}." : "")
        + staleWords(after: place.stage))
  }

  private func saveCorrection(_ text: String) throws {
    guard let review, review.step > 0 else { return }
    let before = review.view.corrections[review.step]?.text
    let original = review.stored.solution.steps[review.step - 1].text
    let value = text == original.trimmingCharacters(in: .whitespacesAndNewlines) ? "" : text
    if value == before ?? "" {
      return say(.info, before == nil ? "The step is as it was." : "The correction is as it was.")
    }
    try decide(.correction(value.isEmpty ? nil : value), step: review.step)
    say(.good, value.isEmpty ? "The correction is taken back." : "Saved what step \(review.step) should say.")
  }

  /// What a choice at a stage means for the merged critique.
  private func staleWords(after stage: Stage) -> String {
    guard let review, stage < .merged,
      review.stored.critique(.merged, step: review.step)?.standing.contains(.stale) == true
    else { return "" }
    return " The merged critique is of another one now: \(keys(.generationOpen)) generates it anew."
  }
}

extension StoredCritique {
  /// What kind of sample it is: "in use", "written by rt".
  func about(isUsed: Bool) -> String {
    var parts: [String] = []
    if let author { parts.append("written by \(author)") }
    if isUsed { parts.append(standing.contains(.chosen) ? "chosen by hand" : "in use") }
    if standing.contains(.stale) { parts.append("merged from other critiques") }
    return parts.isEmpty ? "not used" : parts.joined(separator: ", ")
  }
}
