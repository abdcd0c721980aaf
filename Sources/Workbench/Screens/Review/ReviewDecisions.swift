import DeepCriticCore
import Terminal

/// Verdicts, flags, comments and marks.
extension ReviewScreen {
  /// Records a decision about the solution under review and reads the state that follows from it.
  func decide(_ decision: Decision, step: Int) throws {
    guard let review else { return }
    let before = review.view.state(count: review.stepCount)
    let outcome: DecisionOutcome
    do {
      outcome = try session.decide(decision, on: review.stored, step: step)
      context.saveFailed = false
    } catch {
      context.saveFailed = true
      throw error
    }
    review.stored.apply(outcome)
    switch decision {
    case .verdict: review.stored.seen[review.reviewer, default: []].insert(step)
    case .mark(let mark, _) where mark != .skip: review.stored.seen[review.reviewer, default: []].insert(0)
    case .choice, .edit: try reread()
    default: break
    }
    queue.changed(review.stored.id, from: before, to: review.view.state(count: review.stepCount), decisions: 1)
    try navigator?.decided(about: review.stored.id, outcome)
  }

  func tag(_ text: String) throws {
    let decision = try Decision(tagging: text)
    try decide(decision, step: 0)
    say(.info, "\(review?.stored.name ?? ""): \(Decision.taggedWords(text)).")
  }

  func takeMerged(opposite: Bool) throws {
    guard let judgement = review?.mergedJudgement else { return }
    if opposite {
      try rate(judgement.opposite.rating, basis: "fix merged:\(judgement.rawValue)")
    } else {
      try rate(judgement.rating, basis: "accept merged:\(judgement.rawValue)")
    }
  }

  func clearVerdict() throws {
    guard let review else { return }
    try decide(.clearVerdict, step: review.step)
    say(.info, "Verdict on step \(review.step) cleared.")
  }

  func toggleFlag() throws {
    guard let review else { return }
    let isFlagged = review.view.flags.contains(review.step)
    try decide(.flag(!isFlagged), step: review.step)
    say(.info, isFlagged ? "Flag removed." : "Step \(review.step) flagged.")
  }

  func removeMark() throws {
    try decide(.mark(nil), step: 0)
    say(.info, "The mark is taken back.")
  }

  func rate(_ rating: Rating, basis: String? = nil) throws {
    guard let review else { return }
    let step = review.step
    if review.mine(step) == rating { return say(.info, "Your verdict on step \(step) is \(rating.word) already.") }
    let stoppedBefore = review.view.firstError
    try decide(.verdict(rating, basis: basis), step: step)
    let state = review.view.state(count: review.stepCount)
    let next = keys(.solutionNextTodo)
    if rating == .incorrect, review.view.firstError == step {
      let later = review.stepCount - step
      say(
        .good,
        "Step \(step) incorrect: labels stop here."
          + (state == .complete
            ? " Done; \(next) for the next solution."
            : " \(review.missingSteps) earlier \(review.missingSteps == 1 ? "step has" : "steps have") no verdict yet.")
          + (later > 0 && stoppedBefore == nil
            ? " \(later) later \(later == 1 ? "step needs" : "steps need") none." : ""))
    } else if state == .complete {
      say(.good, "Step \(step) \(rating.word). Done; \(next) for the next solution.")
    } else {
      say(.good, "Step \(step) \(rating.word).")
    }
    // In blind mode the reveal is shown first; otherwise go on to the next step that needs a verdict.
    if session.mode == .audit, step < review.neededSteps, review.mine(step + 1) == nil { goTo(step: step + 1) }
  }

  var currentComment: StandingComment? { review?.view.comments.last { $0.step == review?.step } }

  /// A line for a comment of one line, the window for a longer one.
  func askForComment() {
    let text = currentComment?.text ?? ""
    let isLine = LineEditor(text: text).text == text
    write(.comment, text, in: isLine ? .line : .window)
  }

  func addComment(_ text: String) throws {
    guard let review else { return }
    let before = currentComment
    if text.isEmpty && before == nil { return say(.info, "No comment written.") }
    if text == before?.text {
      return say(.info, "The comment is as it was.")
    }
    try decide(.comment(text, replacing: before?.event), step: review.step)
    say(.good, text.isEmpty ? "Comment removed." : "Comment saved.")
  }

  func mark(_ mark: SolutionMark, reason: String) throws {
    guard !reason.isEmpty || mark == .skip else {
      throw RefusalError("Write a short reason, or leave with escape.")
    }
    try decide(.mark(mark, reason: reason.isEmpty ? nil : reason), step: 0)
    say(.good, "Marked: \(mark.words). \(keys(.solutionNextTodo)) for the next solution.")
  }

  func skip() throws {
    guard let review else { return }
    let name = review.stored.name
    let isDone = review.view.state(count: review.stepCount).isDone
    if !isDone { try decide(.mark(.skip), step: 0) }
    try moveSolution(1)
    let rest = self.review === review ? " This is the last solution of the queue." : ""
    say(.info, (isDone ? "\(name) is done already." : "Skipped \(name); it stays to do.") + rest)
  }
}
