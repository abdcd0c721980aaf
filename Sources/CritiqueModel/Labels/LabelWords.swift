import Formatting

extension FirstError {
  /// "4", "none", "unknown".
  public var words: String {
    switch self {
    case .step(let step): String(step)
    case .none: "none"
    case .unknown: "unknown"
    }
  }
}

extension LabelOrigin {
  /// The word shown to people.
  public var word: String {
    switch self {
    case .gold: "benchmark"
    case .adjudication: "settled"
    default: rawValue
    }
  }
}

extension ResolvedLabel {
  /// Who or what it comes from: "imported", "rollouts", "reviewers ana, rt", "settled by chief".
  public var source: String {
    switch origin {
    case .reviewer: (names.count == 1 ? "reviewer " : "reviewers ") + names.joined(separator: ", ")
    case .adjudication: "settled by " + names.joined(separator: ", ")
    default: origin.word
    }
  }

  /// Where it comes from and what it replaced: "settled by chief, imported correct".
  public var words: String { source + (replaced.map { ", \($0.origin.word) \($0.rating.word)" } ?? "") }
}

extension LabelConflict {
  /// "ana says correct, rt says incorrect".
  public var words: String {
    ratings.sorted { $0.key < $1.key }.map { "\($0.key) says \($0.value.word)" }.joined(separator: ", ")
  }
}

extension LabelResolution {
  /// The first step, 1-based, whose label leads to another judgement than what came with the data; `nil` where there is none.
  public func firstChange(from imported: [Rating?]) -> Int? {
    labels.indices.first { labels[$0]?.rating.judgement != imported[$0]?.judgement }.map { $0 + 1 }
  }

  /// "4, imported 2, settled by chief, 12 Nov 2026": the first error, and what made it another one.
  public func firstErrorWords(imported: [Rating?]) -> String {
    var parts = [firstError.words]
    let before = FirstError(ratings: imported)
    if before != firstError { parts.append("imported \(before.words)") }
    if let step = firstChange(from: imported), let label = labels[step - 1] {
      parts.append(label.source)
      if let at = label.at { parts.append(Figures.date(at)) }
    }
    if let conflict { parts.append("reviewers disagree at step \(conflict.step)") }
    return parts.joined(separator: ", ")
  }
}
