import ReviewStore

/// How success rates become a label: `[label.estimate]` of `deepcritic.toml` (paper, section 3.2; the thresholds are
/// not published, so each is a setting).
public struct EstimateRule: Sendable, Hashable, Codable {
  /// A prefix fails when the share of its rollouts that succeed is at most this.
  public var fail = 0.0
  /// A prefix succeeds when the share is more than this.
  public var succeed = 0.5
  /// A prefix behind the first failing one must not succeed more often than this.
  public var recover = 0.5

  /// For the store and for people: "fail 0.0, succeed 0.5, recover 0.5".
  public var description: String { "fail \(fail), succeed \(succeed), recover \(recover)" }

  /// The label of a solution.
  ///
  /// - A solution with a wrong answer: the first error is the first step from which rollouts fail, if every earlier
  ///   prefix succeeds. When no prefix fails it is the last step. A prefix between failing and succeeding makes it
  ///   ambiguous.
  /// - A solution with the right answer has no error if every prefix succeeds; else it is doubtful, and no label is
  ///   given.
  ///
  /// - Parameters:
  ///   - prefixes: counts for the prefixes of 1, 2, … steps, without the whole solution.
  ///   - isRight: whether the solution's own final answer is right.
  public func estimate(prefixes: [SuccessCount], isRight: Bool) -> StepEstimate {
    let counts = prefixes + [SuccessCount(right: isRight ? 1 : 0, all: 1)]
    func discarded(_ reason: EstimateReason, _ index: Int) -> StepEstimate {
      StepEstimate(counts: counts, firstError: nil, reason: reason, step: index + 1)
    }
    if isRight {
      if let doubtful = prefixes.firstIndex(where: { $0.rate <= succeed }) { return discarded(.doubtful, doubtful) }
      return StepEstimate(counts: counts, firstError: -1, reason: .labelled)
    }
    let first = prefixes.firstIndex { $0.rate <= fail } ?? prefixes.count
    if let between = prefixes[..<first].firstIndex(where: { $0.rate <= succeed }) {
      return discarded(.ambiguous, between)
    }
    if first < prefixes.count,
      let again = prefixes[(first + 1)...].firstIndex(where: { $0.rate > recover })
    {
      return discarded(.recovers, again)
    }
    return StepEstimate(counts: counts, firstError: first + 1, reason: .labelled, step: first + 1)
  }
}
