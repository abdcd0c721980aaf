import DeepCriticCore
import Foundation
import Terminal

extension ReviewScreen {
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
    switch id {
    case .stepCorrect: write(.correction, standingText(of: .correction))
    case .critiqueWrite: write(.critique(CritiquePlace(versionStage, review.step), parent: nil), "")
    default:
      guard let shown = review.critique(versionStage)?.critique.critique else { return }
      write(.critique(CritiquePlace(shown.stage, shown.step), parent: CritiqueReference(shown)), shown.text)
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

  func save(_ text: String, at place: CritiquePlace, changing parent: CritiqueReference?) throws {
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

  func saveCorrection(_ text: String) throws {
    guard let review, review.step > 0 else { return }
    let before = review.view.corrections[review.step]?.text
    let original = review.stored.solution.steps[review.step - 1].text
    let value = text == original.trimmingCharacters(in: .whitespacesAndNewlines) ? "" : text
    if value == before ?? "" {
      return say(.info, before == nil ? "The step is as it was." : "The correction is as it was.")
    }
    try decide(.correction(value.isEmpty ? nil : value), step: review.step)
    say(.good, value.isEmpty ? "Correction removed." : "Saved what step \(review.step) should say.")
  }

  /// What a choice at a stage means for the merged critique.
  private func staleWords(after stage: Stage) -> String {
    guard let review, stage < .merged,
      review.stored.critique(.merged, step: review.step)?.standing.contains(.stale) == true
    else { return "" }
    return " The merged critique is of another one now: \(keys(.generationOpen)) generates it again."
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
