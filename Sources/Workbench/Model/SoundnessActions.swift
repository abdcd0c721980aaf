import DeepCriticCore

extension WorkbenchModel {
  /// The critique that a judgement of reasoning is about: the focused one, the merged one (or the tab in front) otherwise.
  var judgedCritique: Critique? {
    guard let review else { return nil }
    return review.critique(review.focus.stage ?? review.tab)?.critique.critique
  }

  /// What I said about its reasoning.
  var mySoundness: StandingSoundness? {
    judgedCritique.flatMap { review?.view.soundness[CritiqueKey(of: $0)] }
  }

  /// Goes on from nothing to unsound, to sound, to nothing.
  func judgeReasoning() throws {
    switch mySoundness?.isSound {
    case nil: try judgeReasoning(as: false)
    case .some(false): try judgeReasoning(as: true)
    case .some(true): try judgeReasoning(as: nil)
    }
  }

  /// Records what I think of the focused critique's reasoning.
  func judgeReasoning(as isSound: Bool?, note: String = "") throws {
    guard let review, let critique = judgedCritique else { return }
    try decide(
      .soundness, step: critique.step, value: isSound.map { $0 ? "sound" : "unsound" } ?? "",
      note: note.isEmpty ? nil : note, basis: CritiqueReference(critique).text)
    let what = "the \(critique.stage.rawValue) critique of step \(review.step)"
    switch isSound {
    case .some(true): say(.good, "The reasoning of \(what) is sound.")
    case .some(false): say(.good, "The reasoning of \(what) is unsound: it will not be trained on.")
    case nil: say(.info, "Nothing is said about the reasoning of \(what).")
    }
  }
}
