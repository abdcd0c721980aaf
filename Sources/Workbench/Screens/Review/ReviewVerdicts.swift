import DeepCriticCore
import Terminal

/// A change of a verdict whose label has been shown, asked about before it is made.
struct VerdictChange: Equatable {
  var action: ActionID
  var solution: String
  var step: Int
}

/// Verdicts: one, or several that are given together.
extension ReviewScreen {
  /// Gives the step under review a verdict and goes to the next one that needs one.
  func rate(_ rating: Rating, by action: ActionID, basis: String? = nil) throws {
    guard let review else { return }
    let step = review.step
    let before = review.mine(step)
    if before == rating { return say(.info, "Your verdict on step \(step) is \(rating.word) already.") }
    guard isConfirmed(action, "changes it to \(rating.word)", review) else { return }
    let wasShown = session.mode == .blind && review.isRevealed(step, mode: session.mode)
    let change = wasShown ? before.map { "change from:\($0.rawValue)" } : nil
    let stoppedBefore = review.view.firstError
    let outcome = try decide(.verdict(rating, basis: basis ?? change), step: step)
    var words = "Step \(step) \(rating.word)" + (change == nil ? "." : ", changed after its label was shown.")
    if rating == .incorrect, review.view.firstError == step {
      let later = review.stepCount - step
      words = words.dropLast() + ": labels stop here." + stateWords(review)
      if later > 0, stoppedBefore == nil {
        words += " \(later) later \(later == 1 ? "step needs" : "steps need") none."
      }
    } else if review.view.state(count: review.stepCount) == .complete {
      words += stateWords(review)
    }
    say(.good, words + recordedWords(outcome))
    advance(review)
  }

  /// Whether a verdict may be given or removed: one that was given before its label was shown is changed only when the same
  /// key says so again, so that a stray one cannot.
  func isConfirmed(_ action: ActionID, _ what: String, _ review: ReviewModel) -> Bool {
    guard session.mode == .blind, let mine = review.mine(review.step), review.isRevealed(review.step, mode: .blind)
    else { return true }
    let change = VerdictChange(action: action, solution: review.stored.key, step: review.step)
    defer { askedChange = askedChange == change ? nil : change }
    if askedChange == change { return true }
    let key = context.pressed?.label(glyphs) ?? keys(action)
    say(
      .warning,
      "Your verdict on step \(review.step) was \(mine.word) before its label was shown. \(key) again \(what); any other key "
        + "keeps it.")
    return false
  }

  /// Why the step cannot be the first error together with what is given already.
  var firstErrorReason: String? {
    guard let review else { return nil }
    let step = review.step
    if let stop = review.view.firstError, stop < step {
      return "Your first error is step \(stop): change that verdict first."
    }
    switch review.mine(step) {
    case nil: return nil
    case .incorrect: return review.missingSteps > 0 ? nil : "Step \(step) is your first error already."
    case .some(let mine):
      return "Your verdict on step \(step) is \(mine.word): \(keys(.verdictIncorrect)) changes it."
    }
  }

  /// Makes the step the first error, and the open ones before it correct.
  func rateFirstError() throws {
    guard let review else { return }
    let step = review.step
    let before = review.openSteps.filter { $0 < step }
    var decisions = before.map { (step: $0, decision: Decision.verdict(.correct)) }
    if review.mine(step) == nil { decisions.append((step, .verdict(.incorrect))) }
    let outcome = try decide(decisions)
    say(
      .good,
      "Step \(step) incorrect: your first error"
        + (before.isEmpty ? "." : "; \(Figures.count(before.count, "step")) before it correct.") + stateWords(review)
        + recordedWords(outcome))
  }

  /// Why there is no rest to rate.
  var restReason: String? {
    guard let review, review.missingSteps == 0 else { return nil }
    return review.view.firstError.map { "Every step up to your first error, step \($0), has your verdict." }
      ?? "Every step has your verdict."
  }

  /// Makes every step that still needs a verdict correct.
  func rateRestCorrect() throws {
    guard let review else { return }
    let open = review.openSteps
    let outcome = try decide(open.map { ($0, .verdict(.correct)) })
    say(
      .good,
      "\(Figures.count(open.count, "step")) without your verdict rated correct." + stateWords(review)
        + recordedWords(outcome))
  }

  func clearVerdict() throws {
    guard let review, isConfirmed(.verdictClear, "clears it", review) else { return }
    let outcome = try decide(.clearVerdict, step: review.step)
    say(.info, "Verdict on step \(review.step) cleared." + recordedWords(outcome))
  }

  func takeMerged(opposite: Bool) throws {
    guard let judgement = review?.mergedJudgement else { return }
    if opposite {
      try rate(judgement.opposite.rating, by: .verdictFix, basis: "fix merged:\(judgement.rawValue)")
    } else {
      try rate(judgement.rating, by: .verdictAccept, basis: "accept merged:\(judgement.rawValue)")
    }
  }

  /// Goes to the next step that needs a verdict. Where a step's label appears behind its verdict, that is looked at first.
  private func advance(_ review: ReviewModel) {
    guard session.mode == .audit || session.reveal == .solution, let next = review.nextOpenStep else { return }
    goTo(step: next)
  }

  /// " Done; Enter for the next solution.", or how many steps before an error are open.
  private func stateWords(_ review: ReviewModel) -> String {
    if review.view.state(count: review.stepCount) == .complete {
      return importedWords(review) + " Done; \(keys(.stepNextTodo)) for the next solution."
    }
    let missing = review.missingSteps
    return " \(missing) earlier \(missing == 1 ? "step has" : "steps have") no verdict yet."
  }

  /// What came with the data, where blind review reveals it: "The imported first error is step 4."
  private func importedWords(_ review: ReviewModel) -> String {
    guard session.mode == .blind else { return "" }
    let imported = review.stored.imported
    let first = imported.firstIndex(of: .incorrect).map { $0 + 1 }
    if first == review.view.firstError, imported.contains(where: { $0 != nil }) { return " The imported label agrees." }
    if let first { return " The imported first error is step \(first)." }
    return imported.allSatisfy { $0 != nil } && !imported.isEmpty ? " By the imported label every step is correct." : ""
  }

  /// That a decision was not recorded as blind, where the mode is.
  private func recordedWords(_ outcome: DecisionOutcome?) -> String {
    guard session.mode == .blind, outcome?.event.mode == .audit else { return "" }
    return " Recorded as audit: you have seen labels of this solution."
  }
}
