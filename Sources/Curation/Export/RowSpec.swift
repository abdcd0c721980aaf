import CritiqueModel
import ReviewStore

/// What a row is made of, kept small: one for each row while a set is written.
struct RowSpec: Sendable {
  var id: Int64
  var key: String
  var name: String
  var problem: Int64
  /// The first wrong step, or −1.
  var answer: Int
  /// Resolved ratings by step as far as they count.
  var ratings: [Int8?]
  /// Where each label comes from, by step; `nil` when all came with the data.
  var sources: [String?]?
  /// Where the labels come from when all came with the data.
  var origin: LabelOrigin
  /// Reviewers behind the labels, when there are any.
  var labelers: String?
  /// Events behind the row, by role.
  var events: [DatasetEvent]
  /// Critiques of the row, in step order.
  var used: [UsedCritique]
  /// Place among the rows, from 0; and whose label it is: in sets for reinforcement learning.
  var index = 0
  var rlSource = RLSource.human

  init(_ outline: CurationOutline, _ decision: ItemDecision) {
    id = outline.id
    key = outline.key
    name = outline.name
    problem = outline.problem
    answer = decision.answer ?? 0
    ratings = decision.resolution.ratings.map { $0.map { Int8($0.rawValue) } }
    origin = decision.resolution.labels.lazy.compactMap { $0?.origin }.first ?? .imported
    used = decision.used
    events = []
    if decision.resolution.isReviewed {
      sources = decision.resolution.labels.map { $0?.source }
      labelers = Set(decision.resolution.labels.flatMap { $0?.names ?? [] }).sorted().joined(separator: ", ")
    }
    events += decision.resolution.events.map { DatasetEvent(event: $0, solution: key, role: .label) }
    if let settled = decision.settledProblem {
      events.append(DatasetEvent(event: settled.event, solution: key, role: .label))
    }
    events += decision.soundness.map { DatasetEvent(event: $0, solution: key, role: .soundness) }
    if let placed = decision.placement, placed.value == .in {
      events.append(DatasetEvent(event: placed.event, solution: key, role: .placement))
    }
  }

  /// "train" or "validation": by the problem, so that no problem is in both, and independent of what else is in the
  /// set.
  func split(_ settings: CurationSettings) -> String {
    guard settings.validation > 0 else { return "train" }
    let digits = String(UInt64(bitPattern: problem), radix: 16)
    let key = String(repeating: "0", count: 16 - digits.count) + digits
    let place = Double(Workspace.rank(key, seed: settings.seed) >> 11) / Double(UInt64(1) << 53)
    return place < settings.validation ? "validation" : "train"
  }
}

extension CurationOutline {
  /// Decisions that keep the solution out: they made the set what it is, too.
  func keptOut(by decision: ItemDecision, _ settings: CurationSettings) -> [DatasetEvent] {
    guard !views.isEmpty, !decision.reasons.isEmpty else { return [] }
    var events: [String] = []
    let reasons = Set(decision.reasons.map(\.reason))
    if reasons.contains(.tagged) {
      let tags = Projection.tags(views)
      events += settings.excludedTags.compactMap { tags[$0]?.event }
    }
    if reasons.contains(.excluded), let placed = decision.placement { events.append(placed.event) }
    if reasons.contains(.badProblem), let settled = decision.settledProblem { events.append(settled.event) }
    for (name, view) in views where settings.counts(name) {
      if reasons.contains(.badProblem), let mark = view.mark, mark.mark == .badProblem { events.append(mark.event) }
      if reasons.contains(.unsound) { events += view.soundness.values.filter { !$0.isSound }.map(\.event) }
      if reasons.contains(.flagged) {
        events += self.events.filter { $0.reviewer == name && $0.kind == .flag && view.flags.contains($0.step) }
          .map(\.uuid)
      }
      if reasons.contains(.conflictPending), let step = decision.resolution.conflict?.step,
        let verdict = view.verdicts[step]
      {
        events.append(verdict.event)
      }
    }
    // A verdict can also be why a critique no longer fits.
    if !reasons.isDisjoint(with: [.deepMissesLabel, .mergedContradictsLabel, .noCritique, .labelUnfinished]) {
      events += decision.resolution.events
    }
    return Set(events).sorted().map { DatasetEvent(event: $0, solution: key, role: .keptOut) }
  }
}
