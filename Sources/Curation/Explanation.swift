import CritiqueModel
import ReviewStore

/// One rule's answer about a solution.
public struct RuleResult: Sendable, Hashable, Codable {
  /// What was asked ("critiques agree with the labels").
  public var rule: String
  /// Whether it lets the solution in; `nil` when it was not asked, because of an earlier one.
  public var passed: Bool?
  /// What was found.
  public var found: String
  /// Reasons that come from it; those that the settings ignore are not among them.
  public var reasons: [ItemReason]
}

/// A solution's place in the training set, rule by rule.
public struct Explanation: Sendable {
  /// Number in this workspace.
  public var id: Int64
  /// Identity in every workspace.
  public var key: String
  /// The record's own identifier, or file and line.
  public var name: String
  /// The decision by itself.
  public var decision: ItemDecision
  /// Every reason, those that come from other solutions included.
  public var reasons: [ItemReason]
  /// The rules in the order in which they are asked.
  public var rules: [RuleResult]

  /// Whether the solution is in the set.
  public var isIn: Bool { reasons.isEmpty }
}

extension Curator {
  /// Explains a solution's place.
  public func explain(_ item: CurationItem, in index: CurationIndex) throws -> Explanation {
    let decision = try decide(item.outline, row: tokens == nil ? nil : item)
    let reasons = decision.reasons + index.derivedReasons(of: item.outline.id)
    func result(_ rule: String, _ kinds: [CurationReason], _ found: String, asked: Bool = true) -> RuleResult {
      let those = reasons.filter { kinds.contains($0.reason) }
      let words = those.isEmpty ? found : those.map(\.words).joined(separator: "; ")
      return RuleResult(rule: rule, passed: asked ? those.isEmpty : nil, found: asked ? words : found, reasons: those)
    }
    let rated = decision.resolution.firstError != .unknown
    let placed = decision.placement.map { "\($0.value == .in ? "included" : "excluded") by \($0.reviewer)" }
    let isRight = decision.answer == -1
    var rules = [
      result("not kept out by hand", [.excluded, .tagged], placed ?? "no decision by hand"),
      result("not a benchmark", [.benchmark, .contaminated], "its problem occurs in no benchmark here"),
      result("problem usable", [.badProblem, .emptyText, .flagged, .gaveUp], "no mark, no flag"),
      result(
        "labels reach a conclusion", [.unrated, .conflictPending, .labelUnfinished], Self.words(decision.resolution)),
    ]
    rules.append(
      result(
        "critiques complete", [.noCritique, .truncated, .noJudgement],
        rated ? "every required stage exists" : "not asked: the labels reach no conclusion", asked: rated))
    rules.append(
      result(
        "critiques agree with the labels", [.deepMissesLabel, .mergedContradictsLabel],
        decision.stage >= .initial ? "at every labelled step" : "not asked: critiques are missing",
        asked: decision.stage >= .initial || reasons.contains { $0.reason == .deepMissesLabel }))
    rules.append(
      result(
        "reasoning not found unsound", [.unsound],
        decision.canMakeRow ? "no critique of the row was found unsound" : "not asked: there is no row",
        asked: decision.canMakeRow))
    rules.append(
      result(
        "within the length limit", [.tooLong],
        decision.size.map { "\($0) characters" } ?? "not asked: there is no row", asked: decision.canMakeRow))
    let alone = decision.reasons.isEmpty
    rules.append(
      result(
        "one solution per problem", [.duplicateProblem], alone ? "this one is taken" : "not taken: see above",
        asked: alone || reasons.contains { $0.reason == .duplicateProblem }))
    let cap =
      if !alone {
        "not checked: see above"
      } else if !isRight {
        "has an error: the cap does not count it"
      } else if decision.isCorrected {
        "exempt: a deep critique corrected a wrong initial one"
      } else {
        index.capPlace(of: item.outline.id).map { "place \($0.place) of \($0.of)" } ?? "not counted"
      }
    rules.append(result("within the cap of all-correct solutions", [.overCap], cap, asked: alone))
    return Explanation(
      id: item.outline.id, key: item.outline.key, name: item.outline.name, decision: decision, reasons: reasons,
      rules: rules)
  }

  private static func words(_ resolution: LabelResolution) -> String {
    switch resolution.firstError {
    case .step(let step):
      "first error at step \(step), " + (resolution.labels[step - 1]?.source ?? "")
    case .none: "no error in \(resolution.labels.count) steps"
    case .unknown: "no conclusion"
    }
  }
}
