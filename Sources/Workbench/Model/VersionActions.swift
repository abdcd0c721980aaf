import DeepCriticCore
import Foundation
import Terminal

/// What a text written in the editor is.
enum EditedText: Hashable {
  case comment
  /// A changed version of a critique, or one of the reviewer's own.
  case critique(CritiquePlace, parent: CritiqueReference?)
  case correction
  /// A problem and its solution, for a live critique.
  case live
}

/// A text that could not be saved.
struct Draft {
  var solution: String
  var step: Int
  var edited: EditedText
  var text: String
}

extension WorkbenchModel {
  /// Opens a text in the editor.
  func edit(_ what: EditedText, _ text: String) {
    edited = what
    effect = .edit(text)
  }

  /// Takes the text written in `$EDITOR`; one that cannot be saved is kept and opened again the next time.
  public func finishEditing(_ text: String) {
    guard case .text(let entry) = overlay else {
      _ = keep(text)
      return
    }
    if keep(text) {
      overlay = nil
    } else if TextArea.fits(text) {
      overlay = .text(TextEntry(entry.edited, title: entry.title, text: text, original: entry.original))
    }
  }

  /// Saves a text that was written.
  ///
  /// - Returns: whether it was saved; else it is kept.
  func keep(_ text: String) -> Bool {
    let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    if edited == .live {
      edited = .comment
      takeLive(text: text)
      return true
    }
    guard let review else { return true }
    let saved = attempt {
      switch edited {
      case .comment: try addComment(text)
      case .critique(let place, let parent): try save(text, at: place, changing: parent)
      case .correction: try saveCorrection(text)
      case .live: break
      }
    }
    if saved {
      draft = nil
    } else {
      draft = Draft(solution: review.stored.key, step: review.step, edited: edited, text: text)
      let key: ActionID =
        switch edited {
        case .comment: .commentEditor
        case .critique(_, let parent): parent == nil ? .critiqueWrite : .critiqueEdit
        case .correction: .stepCorrect
        case .live: .liveCompose
        }
      if case .text = overlay {} else { say(.error, "\(message?.text ?? "") \(keys(key)) opens your text again.") }
    }
    return saved
  }

  /// Reads the solution under review again, and shows the critiques that are used now.
  func reread() throws {
    guard let review else { return }
    review.stored = try session.workspace.solution(review.stored.id)
    review.samples = [:]
  }

  /// The stage whose critique is meant: the focused one, or the tab in front.
  private var versionStage: Stage { review.map { $0.focus.stage ?? $0.tab } ?? .merged }

  /// Why there is nothing to choose or write.
  func versionReason(_ id: ActionID, _ review: ReviewModel) -> String? {
    if review.step == 0 { return "This is a problem without a solution: there are no steps." }
    if id == .stepCorrect { return nil }
    guard review.isRevealed(review.step, mode: session.mode) else {
      return "In blind mode critiques are shown after your verdict: give it with \(verdictKeys)."
    }
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
    if text.isEmpty {
      say(.info, "Nothing was written: the critique is as it was.")
      return
    }
    if review.critiques(place.stage).contains(where: { $0.critique.text == text }) {
      say(.info, "The critique is as it was.")
      return
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
      say(.info, before == nil ? "The step is as it was." : "The correction is as it was.")
      return
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
