/// The label of a step, and where it comes from.
public struct ResolvedLabel: Sendable, Hashable {
  /// The label.
  public var rating: Rating
  /// Where it comes from.
  public var origin: LabelOrigin
  /// Who gave it, in alphabetical order; empty for what came with the data.
  public var names: [String]
  /// UUIDs of the events behind it.
  public var events: [String]
  /// When it was given, in milliseconds since 1970; `nil` for what came with the data.
  public var at: Int64?
  /// What the step's label would be without it, where that is another one.
  public var replaced: Replaced?
  /// UUIDs of the decisions that changed something: without them the step would have another label, none, or a conflict. Empty
  /// where they only confirm what was the label anyway.
  public var decisive: [String]

  /// A label that another one took the place of.
  public struct Replaced: Sendable, Hashable {
    /// The label.
    public var rating: Rating
    /// Where it came from.
    public var origin: LabelOrigin
  }

  /// A label from its parts.
  public init(
    rating: Rating, origin: LabelOrigin, names: [String] = [], events: [String] = [], at: Int64? = nil,
    replaced: Replaced? = nil, decisive: [String] = []
  ) {
    self.rating = rating
    self.origin = origin
    self.names = names
    self.events = events
    self.at = at
    self.replaced = replaced
    self.decisive = decisive
  }
}

/// Two or more reviewers whose verdicts on a step lead to different judgements.
public struct LabelConflict: Sendable, Hashable {
  /// 1-based.
  public var step: Int
  /// Each reviewer's rating, by name.
  public var ratings: [String: Rating]
}

/// All that is said about the steps of a solution.
public struct LabelEvidence: Sendable, Hashable {
  /// One person's word about a step.
  public struct Statement: Sendable, Hashable {
    /// Who says so.
    public var name: String
    /// What.
    public var rating: Rating
    /// UUID of the event.
    public var event: String
    /// When, in milliseconds since 1970.
    public var at: Int64

    /// A statement from its parts.
    public init(name: String, rating: Rating, event: String, at: Int64) {
      self.name = name
      self.rating = rating
      self.event = event
      self.at = at
    }
  }

  /// What came with the data, by step.
  public var imported: [Rating?]
  /// Whose that is: a person's, a benchmark's or rollouts'.
  public var importedOrigin: LabelOrigin
  /// What rollouts estimate, by step; empty without an estimate.
  public var rollouts: [Rating?]
  /// Verdicts that stand, by 1-based step.
  public var verdicts: [Int: [Statement]]
  /// What was settled, by 1-based step.
  public var settled: [Int: Statement]

  /// What is said about a solution.
  public init(
    imported: [Rating?], importedOrigin: LabelOrigin = .imported, rollouts: [Rating?] = [],
    verdicts: [Int: [Statement]] = [:], settled: [Int: Statement] = [:]
  ) {
    self.imported = imported
    self.importedOrigin = importedOrigin
    self.rollouts = rollouts
    self.verdicts = verdicts
    self.settled = settled
  }
}

/// The labels of a solution after every verdict and adjudication: what everything that says "label" means.
public struct LabelResolution: Sendable, Hashable {
  /// By step, from step 1; `nil` where there is none, where reviewers disagree, and after a first error that verdicts moved
  /// forward.
  public var labels: [ResolvedLabel?]
  /// The first error by these labels. A conflict before it leaves it unknown.
  public var firstError: FirstError
  /// The conflict that has to be settled before anything can be said; `nil` when there is none that matters.
  public var conflict: LabelConflict?
  /// 1-based steps with verdicts that have no effect, since they come after the first error.
  public var ineffective: [Int]

  /// Resolves the labels of a solution.
  ///
  /// Step by step the strongest tier of the policy that says something gives the label. Neutral counts as correct: reviewers
  /// who differ only in that agree, and the more cautious rating stands. After the first error verdicts have no effect
  /// (PRM800K's rule): the imported labels remain there, and nothing where verdicts moved the first error forward.
  public init(_ evidence: LabelEvidence, policy: LabelPolicy) {
    var labels: [ResolvedLabel?] = []
    labels.reserveCapacity(evidence.imported.count)
    var conflicts: [LabelConflict] = []
    var stop: Int?
    ineffective = []
    for step in evidence.imported.indices.map({ $0 + 1 }) {
      if stop != nil {
        labels.append(policy.precedence.contains(.imported) ? evidence.label(.imported, step) : nil)
        if evidence.settled[step] != nil || evidence.verdicts[step] != nil { ineffective.append(step) }
        continue
      }
      switch evidence.opinion(step, policy) {
      case .label(let label):
        labels.append(label)
        if label?.rating == .incorrect { stop = step }
      case .conflict(let conflict):
        labels.append(nil)
        conflicts.append(conflict)
      }
    }
    if let stop, stop < evidence.firstErrorOfData(policy) {
      for index in stop..<labels.count { labels[index] = nil }
    }
    self.labels = labels
    let error = FirstError(ratings: labels.lazy.map { $0?.rating })
    let end = stop ?? labels.count
    conflict = conflicts.first { $0.step < end || error.boxed == nil || error == .none }
    firstError = conflict == nil ? error : .unknown
  }

  /// The ratings alone.
  public var ratings: [Rating?] { labels.map { $0?.rating } }

  /// Whether any label is not what came with the data.
  public var isReviewed: Bool { labels.contains { $0?.origin.isReviewed ?? false } }

  /// Whether any label is a person's or a benchmark's, and not an estimate of rollouts.
  public var isByPeople: Bool { labels.contains { $0.map { $0.origin != .rollouts } ?? false } }

  /// 1-based steps that have a label, in order.
  public var labelled: [Int] { labels.indices.filter { labels[$0] != nil }.map { $0 + 1 } }

  /// Events behind the labels.
  public var events: [String] { labels.flatMap { $0?.events ?? [] } }

  /// Events without which a label would be another one.
  public var decisiveEvents: [String] { labels.flatMap { $0?.decisive ?? [] } }

  /// The label that decides the first error; `nil` where there is none.
  public var deciding: ResolvedLabel? {
    if case .step(let step) = firstError { labels[step - 1] } else { nil }
  }
}

extension LabelEvidence {
  fileprivate enum Opinion {
    case label(ResolvedLabel?)
    case conflict(LabelConflict)
  }

  /// The first error by what nobody reviewed; beyond the last step where there is none.
  fileprivate func firstErrorOfData(_ policy: LabelPolicy) -> Int {
    let data = policy.precedence.contains(.imported) && imported.contains { $0 != nil } ? imported : rollouts
    if case .step(let step) = FirstError(ratings: data) { return step }
    return .max
  }

  fileprivate func opinion(_ step: Int, _ policy: LabelPolicy) -> Opinion {
    for (place, tier) in policy.precedence.enumerated() {
      if tier == .reviewers, let conflict = conflict(step, policy) { return .conflict(conflict) }
      guard var label = label(tier, step, policy) else { continue }
      if label.origin.isReviewed {
        label.decisive = decisive(label, below: policy.precedence[(place + 1)...], step, policy)
        let below = policy.precedence[(place + 1)...].lazy.compactMap { self.label($0, step, policy) }.first
        label.replaced = below.flatMap {
          $0.rating == label.rating ? nil : ResolvedLabel.Replaced(rating: $0.rating, origin: $0.origin)
        }
      }
      return .label(label)
    }
    return .label(nil)
  }

  /// Events of a label and of the tiers below that say the same, unless it is there without anybody's decision.
  private func decisive(
    _ label: ResolvedLabel, below tiers: ArraySlice<LabelTier>, _ step: Int, _ policy: LabelPolicy
  ) -> [String] {
    var events = label.events
    for tier in tiers {
      if tier == .reviewers, conflict(step, policy) != nil { return events }
      guard let other = self.label(tier, step, policy) else { continue }
      if other.rating != label.rating { return events }
      if !other.origin.isReviewed { return [] }
      events += other.events
    }
    return events
  }

  private func counted(_ step: Int, _ policy: LabelPolicy) -> [Statement] {
    verdicts[step]?.filter { policy.counts($0.name) } ?? []
  }

  private func conflict(_ step: Int, _ policy: LabelPolicy) -> LabelConflict? {
    let verdicts = counted(step, policy)
    guard Set(verdicts.map(\.rating.judgement)).count > 1 else { return nil }
    return LabelConflict(
      step: step, ratings: Dictionary(verdicts.map { ($0.name, $0.rating) }, uniquingKeysWith: { one, _ in one }))
  }

  /// What a tier says about a step; `nil` also where its reviewers disagree.
  fileprivate func label(_ tier: LabelTier, _ step: Int, _ policy: LabelPolicy = LabelPolicy()) -> ResolvedLabel? {
    switch tier {
    case .imported: return imported[step - 1].map { ResolvedLabel(rating: $0, origin: importedOrigin) }
    case .rollouts:
      guard rollouts.indices.contains(step - 1) else { return nil }
      return rollouts[step - 1].map { ResolvedLabel(rating: $0, origin: .rollouts) }
    case .adjudication:
      return settled[step].map {
        ResolvedLabel(rating: $0.rating, origin: .adjudication, names: [$0.name], events: [$0.event], at: $0.at)
      }
    case .reviewers:
      let verdicts = counted(step, policy).sorted { $0.name < $1.name }
      guard let rating = verdicts.map(\.rating.rawValue).min().flatMap(Rating.init(rawValue:)),
        Set(verdicts.map(\.rating.judgement)).count == 1
      else { return nil }
      return ResolvedLabel(
        rating: rating, origin: .reviewer, names: verdicts.map(\.name), events: verdicts.map(\.event),
        at: verdicts.map(\.at).max())
    }
  }
}
