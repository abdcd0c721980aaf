import DeepCriticCore
import Terminal

/// What settling a conflict would change in the training set: told before it is done.
extension WorkbenchModel {
  /// The place of the selected conflict's solution now, and what each outcome would change that is not the label already;
  /// `nil` while that is not known. Neutral and correct change the same.
  func settlementLine() -> (now: String, verdicts: [(rating: Rating, words: String)])? {
    guard let conflict = adjudication.selected, let id = conflict.solution, let state = curation.state else {
      return curation.isLoading ? ("SFT  deciding about all solutions" + glyphs.ellipsis, []) : nil
    }
    guard let item = try? state.curator.item(id, benchmarks: state.benchmarks) else { return nil }
    func consequence(_ hypothesis: Hypothesis) -> Consequence? {
      try? state.curator.consequence(of: hypothesis, on: item, in: state.index)
    }
    guard let now = consequence(.nothing) else { return nil }
    let told = [Rating.correct, .incorrect].filter { $0.judgement != conflict.settled?.rating.judgement }
      .compactMap { (rating: Rating) in
        consequence(
          .decision(
            ReviewDecision(solution: conflict.key, step: conflict.step, .adjudication(rating)),
            by: session.context)
        ).map { (rating: rating, consequence: $0) }
      }
    return consequenceLine(now: now, told)
  }
}
