import CritiqueModel
import Curation
import ReviewStore

/// The labels that count for a solution that somebody has decided about, by the precedence of the curation settings.
extension ReviewedSolution {
  /// The labels after every decision.
  public func resolution(_ policy: LabelPolicy) -> LabelResolution {
    LabelResolution(LabelEvidence(imported: ratings, format: format, views: views), policy: policy)
  }

  /// What a reviewer's verdicts on this solution are held against, by 1-based step: labels that others settled, then those
  /// that came with the data. What the reviewer settled, or what reviewers agree on, does not measure the reviewer.
  func truth(for reviewer: String) -> [Int: Rating] {
    var truth: [Int: Rating] = [:]
    for (index, rating) in ratings.enumerated() {
      if let rating { truth[index + 1] = rating }
    }
    for (step, settled) in Projection.adjudicated(views) {
      if settled.reviewer == reviewer { truth[step] = nil } else if let rating = settled.rating { truth[step] = rating }
    }
    return truth
  }

  /// Whether it is an item with a known label for a reviewer: by PRM800K's mark, because it was mixed into the queue, or on
  /// the steps that somebody else settled.
  func goldTruth(for reviewer: String) -> [Int: Rating] {
    let truth = truth(for: reviewer)
    if isScreening || goldFor.contains(reviewer) { return truth }
    let settled = Projection.adjudicated(views)
    return truth.filter { settled[$0.key] != nil }
  }
}
