/// What people have made of a sample among those of its stage and step.
public struct SampleStanding: OptionSet, Sendable, Hashable {
  /// The bits, as stored in the database.
  public let rawValue: Int
  /// From stored bits.
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Somebody chose it.
  public static let chosen = SampleStanding(rawValue: 1)
  /// A merged critique of other critiques than are used now.
  public static let stale = SampleStanding(rawValue: 2)
  /// A person wrote it.
  public static let edited = SampleStanding(rawValue: 4)
}

/// Which of several samples of one stage and step is used.
///
/// What a person chose is used. Otherwise the rule holds (paper, section 3.1): the first whose judgement is the label's, else
/// the first with a judgement, else none. A version that a person wrote is used only where it is chosen, a merged critique of
/// other critiques than are used now only where there is no other.
public enum CritiqueSelection {
  /// The index of the sample that the rule takes.
  ///
  /// - Parameters:
  ///   - judgements: what each sample concludes, in sample order; `nil` for one without a judgement.
  ///   - label: the step's label; `nil` when there is none, and then the first judgement is taken.
  public static func index(of judgements: [Judgement?], label: Judgement?) -> Int? {
    if let label, let matching = judgements.firstIndex(of: label) { return matching }
    return judgements.firstIndex { $0 != nil }
  }

  /// The index of the sample to use.
  ///
  /// - Parameters:
  ///   - samples: what each concludes and what people made of it, in sample order.
  ///   - label: the step's label.
  public static func index(
    of samples: [(judgement: Judgement?, standing: SampleStanding)], label: Judgement?
  ) -> Int? {
    if !samples.contains(where: { !$0.standing.isEmpty }) { return index(of: samples.map(\.judgement), label: label) }
    func chosen(stale: Bool) -> Int? {
      samples.firstIndex { $0.standing.contains(.chosen) && $0.standing.contains(.stale) == stale }
    }
    func ruled(stale: Bool) -> Int? {
      index(
        of: samples.map { sample in
          sample.standing.contains(.edited) || sample.standing.contains(.stale) != stale ? nil : sample.judgement
        }, label: label)
    }
    return chosen(stale: false) ?? ruled(stale: false) ?? chosen(stale: true) ?? ruled(stale: true)
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
