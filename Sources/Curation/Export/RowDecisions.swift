import CritiqueModel
import ReviewStore

/// Which decisions made a set what it is: only those that changed something.
extension CurationOutline {
  /// Decisions behind a row.
  func behindRow(_ decision: ItemDecision) -> [DatasetEvent] {
    guard !views.isEmpty else { return [] }
    // A labeller who gave up is replaced by any verdict, also by one that agrees.
    let labels = finishReason == .giveUp ? decision.resolution.events : decision.resolution.decisiveEvents
    var events = labels.map { DatasetEvent(event: $0, solution: key, role: .label) }
    if let settled = decision.settledProblem, settled.rating != .incorrect, isMarkedBad {
      events.append(DatasetEvent(event: settled.event, solution: key, role: .label))
    }
    events += decision.avoided.map { DatasetEvent(event: $0, solution: key, role: .soundness) }
    if !decision.chosen.isEmpty {
      let choices = Projection.chosen(views)
      events += decision.chosen.compactMap { choices[CritiquePlace(.merged, $0)] }
        .map { DatasetEvent(event: $0.event, solution: key, role: .critique) }
    }
    if let placed = decision.placement, placed.value == .in {
      events.append(DatasetEvent(event: placed.event, solution: key, role: .placement))
    }
    return events
  }

  /// The labeller or a reviewer found the problem bad.
  private var isMarkedBad: Bool {
    finishReason == .badProblem || views.values.contains { $0.mark?.mark == .badProblem }
  }

  /// Decisions that caused the reasons for which the solution is out: they made the set what it is, too.
  func keptOut(by decision: ItemDecision, _ settings: CurationSettings) -> [DatasetEvent] {
    guard !views.isEmpty, !decision.reasons.isEmpty else { return [] }
    let events = Set(decision.reasons.flatMap { causes(of: $0, decision, settings) })
    return events.sorted().map { DatasetEvent(event: $0, solution: key, role: .keptOut) }
  }

  private func causes(
    of reason: ItemReason, _ decision: ItemDecision, _ settings: CurationSettings
  ) -> [String] {
    let counted = views.filter { settings.counts($0.key) }
    switch reason.reason {
    case .tagged:
      let tags = Projection.tags(views)
      return settings.excludedTags.compactMap { tags[$0]?.event }
    case .excluded: return decision.placement.map { [$0.event] } ?? []
    case .badProblem:
      // What the labeller found already needs nobody's mark.
      if finishReason == .badProblem { return [] }
      if let settled = decision.settledProblem { return [settled.event] }
      return counted.values.compactMap(\.mark).filter { $0.mark == .badProblem }.map(\.event)
    case .unsound: return decision.unsound
    case .flagged: return counted.flatMap { flags(of: $0.key, on: $0.value.flags) }
    case .conflictPending:
      return decision.resolution.conflict.map { conflict in
        counted.values.compactMap { $0.verdicts[conflict.step]?.event }
      } ?? []
    case .labelUnfinished: return movingDecisions(decision)
    case .deepMissesLabel, .mergedContradictsLabel:
      return reason.steps.flatMap { step -> [String] in
        guard let label = decision.resolution.labels[step - 1] else { return [] }
        return label.replaced?.rating.judgement == label.rating.judgement ? [] : label.decisive
      }
    case .noCritique, .truncated, .noJudgement:
      // Steps that have a label only by a decision, or that count only because the first error moved back.
      let added = reason.steps.flatMap { step -> [String] in
        guard let label = decision.resolution.labels[step - 1], label.replaced == nil else { return [] }
        return label.decisive
      }
      return added + movingDecisions(decision)
    case .staleMerge:
      let choices = Projection.chosen(views)
      return reason.steps.flatMap { step in
        [Stage.initial, .deep].compactMap { choices[CritiquePlace($0, step)]?.event }
      }
    default: return []
    }
  }

  /// Decisions by which an incorrect step became a correct one.
  private func movingDecisions(_ decision: ItemDecision) -> [String] {
    decision.resolution.labels.flatMap { label -> [String] in
      guard let label, label.replaced?.rating == .incorrect, label.rating != .incorrect else { return [] }
      return label.decisive
    }
  }

  /// The decisions by which flags of a reviewer are up now.
  private func flags(of reviewer: String, on steps: Set<Int>) -> [String] {
    if steps.isEmpty { return [] }
    let undone = Projection.undone(events)
    var latest: [Int: String] = [:]
    for event in events where event.kind == .flag && event.reviewer == reviewer && !undone.contains(event.uuid) {
      latest[event.step] = event.uuid
    }
    return steps.compactMap { latest[$0] }
  }
}
