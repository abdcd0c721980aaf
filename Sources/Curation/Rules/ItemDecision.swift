import CritiqueGeneration
import CritiqueModel
import ReviewStore

/// How far a solution is on its way into the set. Each stage includes those before.
public enum FunnelStage: Int, Sendable, Hashable, Codable, CaseIterable, Comparable {
  /// It is here, with steps.
  case imported
  /// Its labels reach a conclusion.
  case rated
  /// Every labelled step has an initial critique with a judgement.
  case initial
  /// Every labelled step has a deep critique with the label's judgement.
  case deep
  /// Every labelled step has a merged critique with the label's judgement.
  case merged

  /// In order.
  public static func < (a: FunnelStage, b: FunnelStage) -> Bool { a.rawValue < b.rawValue }

  /// The word shown to people.
  public var word: String {
    switch self {
    case .imported: "imported"
    case .rated: "rated"
    case .initial: "initial"
    case .deep: "deep"
    case .merged: "merged"
    }
  }
}

/// The critique that a row uses for a step.
public struct UsedCritique: Sendable, Hashable {
  /// 1-based.
  public var step: Int
  /// Row in this workspace.
  public var id: Int64
  /// Unicode scalars of its text.
  public var size: Int
}

/// What the rules say about one solution by itself: everything but what depends on other solutions (one per problem, the
/// cap). A pure function of a `CurationOutline` and the settings.
public struct ItemDecision: Sendable, Hashable {
  /// Number in this workspace.
  public var id: Int64
  /// The labels after every verdict.
  public var resolution: LabelResolution
  /// What keeps the solution out, by itself.
  public var reasons: [ItemReason]
  /// The merged critiques of the row, in step order; empty when there cannot be one.
  public var used: [UsedCritique]
  /// Its progress.
  public var stage: FunnelStage
  /// A deep critique has the label's judgement where the initial one has not.
  public var isCorrected: Bool
  /// Where it was put by hand.
  public var placement: StandingPlacement?
  /// Whether the problem is good, settled for all reviewers.
  public var settledProblem: StandingAdjudication?
  /// Unicode scalars of the row, all turns together; `nil` when there can be none.
  public var size: Int?
  /// Decisions that found a critique of the row unsound.
  public var unsound: [String]
  /// Decisions that found a critique unsound, so that another one is in the row.
  public var avoided: [String]
  /// 1-based steps whose critique in the row was chosen or written by a person, where the rule would take another.
  public var chosen: [Int]

  /// Whether a row can be made: labels with a conclusion, and a merged critique of each step up to the first error.
  public var canMakeRow: Bool { size != nil }
  /// The answer of the row: the first error, or −1.
  public var answer: Int? { resolution.firstError.boxed }
}

/// Applies the method's rules to one solution.
public struct ItemRules: Sendable {
  /// The settings in force.
  public let settings: CurationSettings
  /// Unicode scalars of a row's fixed parts: system turn and template.
  public let overhead: Int

  /// Decides about one solution.
  ///
  /// - Parameter tokens: tokens of its row by the settings' tokenizer, where they were counted.
  public func decide(_ outline: CurationOutline, tokens: Int? = nil) -> ItemDecision {
    let resolution = outline.resolution(settings.labels)
    var decision = ItemDecision(
      id: outline.id, resolution: resolution, reasons: [], used: [], stage: .imported, isCorrected: false,
      placement: outline.views.isEmpty ? nil : Projection.placed(outline.views),
      settledProblem: outline.views.isEmpty || !settings.labels.precedence.contains(.adjudication)
        ? nil : Projection.settledProblem(outline.views), size: nil, unsound: [], avoided: [],
      chosen: [])
    checkItem(outline, &decision)
    checkLabels(outline, &decision)
    if resolution.firstError != .unknown {
      decision.stage = .rated
      checkStages(outline, &decision)
      checkRow(outline, tokens: tokens, &decision)
    }
    decision.reasons.removeAll { !settings.applies($0.reason) }
    decision.reasons.sort { ($0.reason.index, $0.stage?.order ?? 0) < ($1.reason.index, $1.stage?.order ?? 0) }
    return decision
  }

  private func checkItem(_ outline: CurationOutline, _ decision: inout ItemDecision) {
    if let placed = decision.placement, placed.value == .out {
      let why = placed.note.map { ": \($0)" } ?? ""
      decision.reasons.append(ItemReason(.excluded, detail: placed.reviewer + why))
    }
    checkTags(outline, &decision)
    if outline.isBenchmark {
      decision.reasons.append(ItemReason(.benchmark))
    } else if let item = outline.benchmarkItem {
      decision.reasons.append(ItemReason(.contaminated, detail: item.words))
    }
    checkFinish(outline, &decision)
    if outline.isProblemBlank { decision.reasons.append(ItemReason(.emptyText)) }
    let flags = outline.views.filter { settings.counts($0.key) && !$0.value.flags.isEmpty }
    if !flags.isEmpty {
      let steps = Set(flags.values.flatMap(\.flags)).subtracting([0]).sorted()
      decision.reasons.append(
        ItemReason(.flagged, steps: steps, detail: flags.keys.sorted().joined(separator: ", ")))
    }
  }

  private func checkTags(_ outline: CurationOutline, _ decision: inout ItemDecision) {
    if settings.excludedTags.isEmpty, settings.requiredTags.isEmpty { return }
    let tags = Projection.tags(outline.views)
    let bad = settings.excludedTags.filter { tags[$0] != nil }.map { "has \($0)" }
    let missing = settings.requiredTags.filter { tags[$0] == nil }.map { "lacks \($0)" }
    if bad.isEmpty, missing.isEmpty { return }
    decision.reasons.append(ItemReason(.tagged, detail: (bad + missing).joined(separator: ", ")))
  }

  /// Why the solution was set aside, if it was: by the rule that generation goes by, too.
  private func checkFinish(_ outline: CurationOutline, _ decision: inout ItemDecision) {
    switch Projection.finish(outline.finishReason, outline.views, decision.resolution, policy: settings.labels) {
    case .badProblem:
      let marks = outline.views.filter { settings.counts($0.key) && $0.value.mark?.mark == .badProblem }.keys.sorted()
      let who =
        decision.settledProblem.map { "settled by \($0.reviewer)" }
        ?? (marks.isEmpty ? "labeller" : marks.joined(separator: ", "))
      decision.reasons.append(ItemReason(.badProblem, detail: who))
    case .giveUp: decision.reasons.append(ItemReason(.gaveUp))
    default: break
    }
  }

  private func checkLabels(_ outline: CurationOutline, _ decision: inout ItemDecision) {
    let resolution = decision.resolution
    if let conflict = resolution.conflict {
      decision.reasons.append(ItemReason(.conflictPending, steps: [conflict.step], detail: conflict.words))
    } else if resolution.firstError == .unknown {
      if resolution.labels.allSatisfy({ $0 == nil }) {
        decision.reasons.append(ItemReason(.unrated))
      } else {
        let missing = resolution.labels.indices.filter { resolution.labels[$0] == nil }.map { $0 + 1 }
        decision.reasons.append(ItemReason(.labelUnfinished, steps: missing))
      }
    }
  }

  /// The method's filters, stage by stage. A stage that is missing ends the walk, since nothing after it was made; merged
  /// existing critiques count even where those they were made from are missing.
  private func checkStages(_ outline: CurationOutline, _ decision: inout ItemDecision) {
    let samples = SampleTable(outline)
    let labelled = decision.resolution.labelled
    let unsound = unsoundCritiques(outline)
    let isMerged = labelled.allSatisfy { samples.isAnswered(.merged, $0) }
    var chosen: [Judgement?] = []
    for stage in Stage.allCases {
      var faults: [ItemReason] = []
      func add(_ reason: CurationReason, _ step: Int, _ detail: String? = nil) {
        if let at = faults.firstIndex(where: { $0.reason == reason && $0.detail == detail }) {
          faults[at].steps.append(step)
        } else {
          faults.append(ItemReason(reason, stage: stage, steps: [step], detail: detail))
        }
      }
      for (place, step) in labelled.enumerated() {
        guard let label = decision.resolution.labels[step - 1]?.rating.judgement else { continue }
        let used = samples.used(stage, step, label: label, avoiding: unsound)
        if stage == .initial { chosen.append(used?.judgement) }
        guard let used else {
          if stage < .merged, isMerged { continue }
          switch samples.fault(stage, step) {
          case .truncated: add(.truncated, step)
          case .noJudgement: add(.noJudgement, step)
          case .requestFailed: add(.noCritique, step, "the request failed")
          case .empty: add(.noCritique, step, "the answer is empty")
          default: add(.noCritique, step)
          }
          continue
        }
        if used.judgement != label {
          if stage == .deep { add(.deepMissesLabel, step) }
          if stage == .merged { add(.mergedContradictsLabel, step) }
        } else if stage == .deep, let initial = chosen[place], initial != label {
          decision.isCorrected = true
        }
        if stage == .merged, isInRow(step, decision) {
          if used.critique.standing.contains(.stale) { add(.staleMerge, step) }
          noteChoices(outline, samples, used.critique, step, label, unsound, &decision)
          decision.used.append(UsedCritique(step: step, id: used.critique.id, size: used.critique.size))
        }
      }
      decision.reasons += faults
      if faults.isEmpty, decision.stage.rawValue == FunnelStage.rated.rawValue + stage.order {
        decision.stage = FunnelStage(rawValue: decision.stage.rawValue + 1) ?? .merged
      }
      if !faults.isEmpty, !isMerged { break }
    }
    if !isMerged || decision.used.count != labelled.count(where: { isInRow($0, decision) }) { decision.used = [] }
  }

  /// Notes which decisions made a critique the one of the row.
  private func noteChoices(
    _ outline: CurationOutline, _ samples: SampleTable, _ used: CritiqueOutline, _ step: Int, _ label: Judgement,
    _ unsound: Set<Int64>, _ decision: inout ItemDecision
  ) {
    if !unsound.isEmpty, let other = samples.used(.merged, step, label: label, avoiding: [])?.critique,
      other.id != used.id, let key = outline.judgedCritiques[other.id]
    {
      decision.avoided += judgements(of: key, outline).filter { !$0.isSound }.map(\.event)
    }
    if used.standing.contains(.chosen),
      samples.used(.merged, step, label: label, avoiding: unsound, choices: false)?.critique.id != used.id
    {
      decision.chosen.append(step)
    }
  }

  /// What the reviewers who count think of a critique.
  private func judgements(of key: CritiqueKey, _ outline: CurationOutline) -> [StandingSoundness] {
    outline.views.sorted { $0.key < $1.key }.filter { settings.counts($0.key) }.compactMap { $0.value.soundness[key] }
  }

  /// Rows end at the first error.
  private func isInRow(_ step: Int, _ decision: ItemDecision) -> Bool {
    if case .step(let first) = decision.resolution.firstError { return step <= first }
    return true
  }

  private func unsoundCritiques(_ outline: CurationOutline) -> Set<Int64> {
    guard !outline.judgedCritiques.isEmpty else { return [] }
    let unsound = Set(
      outline.views.filter { settings.counts($0.key) }.values
        .flatMap { $0.soundness.filter { !$0.value.isSound }.keys })
    return Set(outline.judgedCritiques.filter { unsound.contains($0.value) }.keys)
  }

  private func checkRow(_ outline: CurationOutline, tokens: Int?, _ decision: inout ItemDecision) {
    guard let answer = decision.answer, !decision.used.isEmpty else { return }
    checkSoundness(outline, &decision)
    let critiques = decision.used.reduce(0) { $0 + $1.size + 2 }
    let size = overhead + outline.promptSize + critiques + TrainingRow.answerLine(answer).unicodeScalars.count
    decision.size = size
    if settings.tokenizer != nil {
      if let limit = settings.maxTokens, let tokens, tokens > limit {
        decision.reasons.append(ItemReason(.tooLong, detail: "\(tokens) tokens, the limit is \(limit)"))
      }
    } else if let limit = settings.maxCharacters, size > limit {
      decision.reasons.append(ItemReason(.tooLong, detail: "\(size) characters, the limit is \(limit)"))
    }
  }

  private func checkSoundness(_ outline: CurationOutline, _ decision: inout ItemDecision) {
    guard !outline.judgedCritiques.isEmpty else { return }
    var unsound: [(step: Int, name: String)] = []
    for used in decision.used {
      guard let key = outline.judgedCritiques[used.id] else { continue }
      for (name, view) in outline.views.sorted(by: { $0.key < $1.key }) where settings.counts(name) {
        guard let judged = view.soundness[key] else { continue }
        if judged.isSound { continue }
        unsound.append((used.step, name))
        decision.unsound.append(judged.event)
      }
    }
    guard !unsound.isEmpty else { return }
    decision.reasons.append(
      ItemReason(
        .unsound, steps: Set(unsound.map(\.step)).sorted(),
        detail: Set(unsound.map(\.name)).sorted().joined(separator: ", ")))
  }
}

/// The samples of each stage and step, found without searching.
private struct SampleTable {
  private let critiques: [CritiqueOutline]
  private let failures: [GenerationTarget]
  /// By stage, then step (0 for the whole solution).
  private var ranges: [Range<Int32>]
  private let steps: Int

  /// - Parameter outline: its critiques are in the order of stages, steps and samples.
  init(_ outline: CurationOutline) {
    critiques = outline.critiques
    failures = outline.failures
    steps = outline.ratings.count
    ranges = Array(repeating: 0..<0, count: 3 * (steps + 1))
    var start = 0
    while start < critiques.count {
      let first = critiques[start]
      var end = start + 1
      while end < critiques.count, critiques[end].step == first.step, critiques[end].stage == first.stage { end += 1 }
      if (0...steps).contains(first.step) {
        ranges[first.stage.order * (steps + 1) + first.step] = Int32(start)..<Int32(end)
      }
      start = end
    }
  }

  private func samples(_ stage: Stage, _ step: Int) -> ArraySlice<CritiqueOutline> {
    let range = ranges[stage.order * (steps + 1) + step]
    return critiques[Int(range.lowerBound)..<Int(range.upperBound)]
  }

  func isAnswered(_ stage: Stage, _ step: Int) -> Bool { !samples(stage, step).isEmpty }

  /// The critique that counts: what a person chose, else the first sample with the label's judgement, else the first with any (paper, section 3.1);
  /// one whose reasoning somebody found unsound only where no other has the label's judgement.
  ///
  /// - Parameter choices: follow what people chose.
  func used(
    _ stage: Stage, _ step: Int, label: Judgement, avoiding unsound: Set<Int64>, choices: Bool = true
  ) -> (critique: CritiqueOutline, judgement: Judgement)? {
    let samples = samples(stage, step).filter { $0.fault == nil && $0.size > 0 }
    let standings = samples.map { choices ? $0.standing : $0.standing.subtracting(.chosen) }
    guard var index = CritiqueSelection.index(of: zip(samples, standings).map { ($0.judgement, $1) }, label: label)
    else { return nil }
    if !unsound.isEmpty, !standings[index].contains(.chosen),
      let other = samples.firstIndex(where: {
        $0.judgement == label && !unsound.contains($0.id) && $0.standing.isDisjoint(with: [.edited, .stale])
      })
    {
      index = other
    }
    guard let judgement = samples[index].judgement else { return nil }
    return (samples[index], judgement)
  }

  /// Why no critique counts.
  func fault(_ stage: Stage, _ step: Int) -> SeedReason {
    let samples = samples(stage, step)
    if samples.isEmpty {
      return failures.contains { $0.stage == stage && $0.step == step } ? .requestFailed : .waiting
    }
    if samples.contains(where: { $0.fault == nil && $0.size > 0 }) { return .noJudgement }
    let truncated = samples.count { $0.fault == .truncated }
    return truncated > 0 && truncated * 2 >= samples.count ? .truncated : .empty
  }
}
