/// Which of several samples of one stage and step is used.
///
/// Rule (paper, section 3.1): the first whose judgement is the label's, else the first with a judgement, else none.
public enum CritiqueSelection {
  /// The index of the sample to use.
  ///
  /// - Parameters:
  ///   - judgements: what each sample concludes, in sample order; `nil` for one without a judgement.
  ///   - label: the step's label; `nil` when there is none, and then the first judgement is taken.
  public static func index(of judgements: [Judgement?], label: Judgement?) -> Int? {
    if let label, let matching = judgements.firstIndex(of: label) { return matching }
    return judgements.firstIndex { $0 != nil }
  }
}

/// How the samples of one stage and step judge.
public struct VoteSplit: Sendable, Hashable, Codable {
  /// Samples that say correct.
  public var correct: Int
  /// Samples that say incorrect.
  public var incorrect: Int
  /// Samples without a judgement.
  public var none: Int

  /// Counts judgements.
  public init(_ judgements: some Sequence<Judgement?>) {
    correct = 0
    incorrect = 0
    none = 0
    for judgement in judgements {
      switch judgement {
      case .correct: correct += 1
      case .incorrect: incorrect += 1
      case nil: none += 1
      }
    }
  }

  /// All samples, those without a judgement included.
  public var total: Int { correct + incorrect + none }

  /// Samples with a judgement.
  public func count(of judgement: Judgement) -> Int { judgement == .correct ? correct : incorrect }
}
