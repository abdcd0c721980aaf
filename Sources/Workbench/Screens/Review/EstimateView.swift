import DeepCriticCore
import Terminal

/// What rollouts say about a solution, in a column, a few signs and a sentence.
enum EstimateView {
  static let title = "mc"

  /// The label that rollouts give a step.
  static func rating(_ review: ReviewModel, _ step: Int) -> Rating? {
    guard let estimate = review.stored.estimate else { return nil }
    let ratings = estimate.ratings(steps: review.stepCount)
    return ratings.indices.contains(step - 1) ? ratings[step - 1] : nil
  }

  static func isThere(_ review: ReviewModel) -> Bool { review.stored.estimate?.counts.isEmpty == false }

  /// "rollouts 6/8 ▇▅▁▁": the successes from the step that is shown, and the rates of all steps, or of those that the
  /// reviewer may see.
  static func note(_ screen: ReviewScreen, _ review: ReviewModel) -> String? {
    guard let counts = review.stored.estimate?.counts, counts.indices.contains(review.step - 1) else { return nil }
    let here = counts[review.step - 1]
    let isLast = review.step == review.stepCount
    let words = isLast ? (here.right > 0 ? "its answer is right" : "its answer is wrong") : "\(here.right)/\(here.all)"
    return "rollouts \(words) \(spark(counts, screen, review))"
  }

  /// The same in words, for the plain-text front end.
  static func sentence(_ review: ReviewModel) -> String? {
    guard let estimate = review.stored.estimate, estimate.counts.indices.contains(review.step - 1),
      review.step < review.stepCount
    else { return nil }
    let here = estimate.counts[review.step - 1]
    let label = rating(review, review.step).map { ", so by rollouts the step is \($0.word)" } ?? ""
    return "Rollouts from here: \(here.right) of \(here.all) reach the answer\(label)."
  }

  /// One sign for each step, higher for more successes; blank for what is still hidden.
  private static func spark(_ counts: [SuccessCount], _ screen: ReviewScreen, _ review: ReviewModel) -> String {
    let sparks = screen.glyphs.sparks
    return counts.enumerated().map { index, count in
      guard review.isRevealed(index + 1, mode: screen.session.mode) else { return " " }
      guard count.all > 0 else { return screen.glyphs.none }
      return sparks[min(Int(count.rate * Double(sparks.count)), sparks.count - 1)]
    }.joined()
  }
}
