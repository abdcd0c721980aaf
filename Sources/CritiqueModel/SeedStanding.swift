/// The progress of a solution towards a seed critique (paper, section 3.1). The raw values are stable:
/// they are stored, counted by, and written in filters.
public enum SeedReason: String, Sendable, Hashable, Codable, CaseIterable {
  /// Nothing stands against asking for the next stage.
  case waiting
  /// All three stages exist and agree with the labels.
  case complete
  /// A request could not be answered; the next run asks again.
  case requestFailed = "request-failed"
  /// No sample ends in a judgement.
  case noJudgement = "no-judgement"
  /// Every sample was cut off at the token limit.
  case truncated
  /// Every sample is empty.
  case empty
  /// The merge filter: the deep critique's judgement is not the label's.
  case deepMissesLabel = "deep-misses-label"
  /// The merged critique's own judgement is not the label's.
  case mergedContradictsLabel = "merged-contradicts-label"
  /// No step has a rating.
  case unrated
  /// The labels reach no conclusion: steps without a rating, and none rated −1.
  case labelUnfinished = "label-unfinished"
  /// Reviewers disagree about a step that matters, and nobody has settled it.
  case conflictPending = "conflict-pending"
  /// The labeller or a reviewer found the problem itself bad.
  case badProblem = "bad-problem"
  /// The labeller gave up.
  case gaveUp = "gave-up"
  /// Another solution of the same problem is used.
  case duplicateProblem = "duplicate-problem"
  /// It belongs to a benchmark, which training data must not hold.
  case benchmark

  /// The words shown to people.
  public var words: String {
    switch self {
    case .waiting: "waiting"
    case .complete: "complete"
    case .requestFailed: "the request failed"
    case .noJudgement: "no valid judgement"
    case .truncated: "truncated"
    case .empty: "empty answer"
    case .deepMissesLabel: "deep misses the label"
    case .mergedContradictsLabel: "merged contradicts the label"
    case .unrated: "no rated step"
    case .labelUnfinished: "label unfinished"
    case .conflictPending: "conflict pending"
    case .badProblem: "bad problem"
    case .gaveUp: "labeller gave up"
    case .duplicateProblem: "duplicate problem"
    case .benchmark: "benchmark solution"
    }
  }

  /// What brings such a solution further, as a sentence.
  public var remedy: String {
    switch self {
    case .waiting: "Run 'deepcritic generate' for the next stage."
    case .complete: "Nothing is missing."
    case .requestFailed: "Run 'deepcritic generate' again; it asks for what is missing."
    case .noJudgement, .empty: "Run 'deepcritic generate' with --again to ask for further samples."
    case .truncated: "Run 'deepcritic generate' with --again and a larger --max-tokens."
    case .deepMissesLabel: "Review the step: the label may be wrong. Or ask for more deep samples (--n)."
    case .mergedContradictsLabel: "Review the step, or ask for another merged critique with --again."
    case .unrated, .labelUnfinished: "Rate its steps, or import a record that has labels."
    case .conflictPending: "Adjudicate the step, or let the reviewers come to one verdict."
    case .badProblem: "If the problem is good after all, settle that (F7)."
    case .gaveUp: "Give the steps verdicts: they replace the labeller's."
    case .duplicateProblem: "Ask for every solution of a problem with --keep-duplicates."
    case .benchmark: "Include benchmarks with --include-benchmarks, if their critiques are not for training."
    }
  }
}

/// Where a solution stands on the way to a seed critique.
public struct SeedStanding: Sendable, Hashable, Codable {
  /// The stage that is waited for, or at which the solution stopped; `nil` when the solution never starts, or is complete.
  public var stage: Stage?
  /// Why.
  public var reason: SeedReason
  /// The 1-based step that decides, where one does.
  public var step: Int?

  /// A standing from its parts.
  public init(_ reason: SeedReason, stage: Stage? = nil, step: Int? = nil) {
    self.reason = reason
    self.stage = stage
    self.step = step
  }

  /// "deep misses the label at step 4".
  public var words: String { words(withStep: true) }

  /// The words, with or without the step that decides.
  public func words(withStep: Bool) -> String {
    let place = withStep ? step.map { " at step \($0)" } ?? "" : ""
    switch reason {
    case .waiting: return "waiting for " + (stage?.rawValue ?? "initial")
    case .deepMissesLabel, .mergedContradictsLabel: return reason.words + place
    default: return (stage.map { $0.rawValue + ": " } ?? "") + reason.words + place
    }
  }
}

/// What a stage has brought for one step.
public struct StageSamples: Sendable, Hashable {
  /// Judgements of the usable samples, in sample order; `nil` for a text without one.
  public var judgements: [Judgement?] = []
  /// Answers that were cut off at the token limit.
  public var truncated = 0
  /// Answers without text.
  public var empty = 0
  /// Requests that failed and were not answered since.
  public var failed = false
  /// What the critique that a person chose concludes; `nil` inside where it has no judgement.
  public var choice: Judgement??

  /// Nothing yet.
  public init() {}

  /// Whether any answer came, usable or not.
  public var isAnswered: Bool { !judgements.isEmpty || truncated > 0 || empty > 0 || choice != nil }

  /// The judgement used.
  public func chosen(label: Judgement?) -> Judgement? {
    if let choice { return choice }
    return CritiqueSelection.index(of: judgements, label: label).flatMap { judgements[$0] }
  }

  /// Why no judgement can be used.
  var fault: SeedReason {
    if choice == nil, judgements.isEmpty { return truncated >= empty && truncated > 0 ? .truncated : .empty }
    return .noJudgement
  }
}

extension SeedStanding {
  /// Whether labels allow a seed critique at all, told by what is known about the whole solution.
  public static func ofLabels(
    ratings: [Rating?], finishReason: FinishReason?, hasConflict: Bool = false, isBenchmark: Bool = false
  ) -> SeedStanding? {
    if hasConflict { return SeedStanding(.conflictPending) }
    if !ratings.contains(where: { $0 != nil }) { return SeedStanding(.unrated) }
    if finishReason == .badProblem { return SeedStanding(.badProblem) }
    if finishReason == .giveUp { return SeedStanding(.gaveUp) }
    if isBenchmark { return SeedStanding(.benchmark) }
    if FirstError(ratings: ratings) == .unknown { return SeedStanding(.labelUnfinished) }
    return nil
  }

  /// Applies the method's filters in the order of the stages; the first obstacle is the result.
  ///
  /// Only rated steps are critiqued. A solution continues to the deep stage when every rated step has a usable initial
  /// critique, to the merged stage when the deep judgement is the label's at every rated step.
  ///
  /// - Parameters:
  ///   - ratings: by step, from step 1.
  ///   - samples: what there is, by stage and 1-based step.
  public static func of(ratings: [Rating?], samples: [Stage: [Int: StageSamples]]) -> SeedStanding {
    let rated = ratings.indices.filter { ratings[$0] != nil }.map { $0 + 1 }
    guard !rated.isEmpty else { return SeedStanding(.unrated) }
    for stage in Stage.allCases {
      let those = samples[stage] ?? [:]
      if let step = rated.first(where: { those[$0]?.isAnswered != true && those[$0]?.failed == true }) {
        return SeedStanding(.requestFailed, stage: stage, step: step)
      }
      if rated.contains(where: { those[$0]?.isAnswered != true }) { return SeedStanding(.waiting, stage: stage) }
      for step in rated {
        guard let there = those[step], let label = ratings[step - 1]?.judgement else { continue }
        guard let judgement = there.chosen(label: label) else {
          return SeedStanding(there.fault, stage: stage, step: step)
        }
        if judgement == label { continue }
        switch stage {
        case .initial: continue
        case .deep: return SeedStanding(.deepMissesLabel, stage: stage, step: step)
        case .merged: return SeedStanding(.mergedContradictsLabel, stage: stage, step: step)
        }
      }
    }
    return SeedStanding(.complete)
  }
}
