import DeepCriticCore
import Terminal

/// Flags, comments, tags and marks, and how every decision is recorded.
extension ReviewScreen {
  /// Records a decision about the solution under review and reads the state that follows from it.
  @discardableResult
  func decide(_ decision: Decision, step: Int) throws -> DecisionOutcome? { try decide([(step, decision)]) }

  /// Records decisions about the solution under review that are taken, and undone, together.
  @discardableResult
  func decide(_ decisions: [(step: Int, decision: Decision)]) throws -> DecisionOutcome? {
    guard let review else { return nil }
    let before = review.view.state(count: review.stepCount)
    let outcome: DecisionOutcome?
    do {
      outcome = try session.decide(decisions, on: review.stored)
      context.saveFailed = false
    } catch {
      context.saveFailed = true
      throw error
    }
    guard let outcome else { return nil }
    review.apply(outcome)
    let changesCritiques = decisions.contains {
      switch $0.decision {
      case .choice, .edit: true
      default: false
      }
    }
    if changesCritiques { try reread() }
    queue.changed(
      review.stored.id, from: before, to: review.view.state(count: review.stepCount), decisions: decisions.count)
    try navigator?.decided(about: review.stored.id, outcome)
    return outcome
  }

  func tag(_ text: String) throws {
    let decision = try Decision(tagging: text)
    try decide(decision, step: 0)
    say(.info, "\(review?.stored.name ?? ""): \(Decision.taggedWords(text)).")
  }

  func toggleFlag() throws {
    guard let review else { return }
    let isFlagged = review.view.flags.contains(review.step)
    try decide(.flag(!isFlagged), step: review.step)
    say(.info, isFlagged ? "Flag removed." : "Step \(review.step) flagged.")
  }

  func removeMark() throws {
    try decide(.mark(nil), step: 0)
    say(.info, "Mark removed.")
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
    say(.good, "Marked: \(mark.words). \(keys(.stepNextTodo)) for the next solution.")
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
