import CritiqueModel

/// When blind review shows what it hides: once the solution is finished, or step by step behind each verdict.
public enum Reveal: String, Sendable, Hashable, Codable, CaseIterable {
  case solution
  case step
}

/// What a reviewer may see of solutions: the one place that decides what blind review hides.
public struct Visibility: Sendable, Hashable {
  /// Blind or audit.
  public var mode: ReviewMode
  /// When blind review shows what it hides.
  public var reveal: Reveal

  /// A visibility from its parts.
  public init(_ mode: ReviewMode, reveal: Reveal = .solution) {
    self.mode = mode
    self.reveal = reveal
  }

  /// Whether everything about a solution may be seen: labels, critiques, rollouts, consequences and other reviewers.
  public func opens(_ state: ReviewState) -> Bool { mode == .audit || state.isDone }

  /// The same for a solution of `steps` steps with a reviewer's decisions about it.
  public func opens(_ view: ReviewerView?, steps: Int) -> Bool { opens(view?.state(count: steps) ?? .untouched) }

  /// Whether the label and the critiques of a step (from 1) may be seen.
  public func reveals(_ step: Int, _ view: ReviewerView?, steps: Int) -> Bool {
    opens(view, steps: steps) || (reveal == .step && view?.verdicts[step] != nil)
  }

  /// Whether the label and the critiques of any step may be seen.
  public func revealsAny(_ view: ReviewerView?, steps: Int) -> Bool {
    opens(view, steps: steps) || (reveal == .step && view?.verdicts.isEmpty == false)
  }
}

extension Decision {
  /// The basis of a verdict that was given before anything of the solution was shown, and that showed nothing itself.
  ///
  /// Without it a blind verdict was followed by the label and the critiques of its step.
  public static let sealed = "sealed"
}

extension ReviewEvent {
  /// Whether the reviewer saw labels when deciding this, or was shown some for it.
  var showsLabels: Bool { mode == .audit || (kind == .verdict && basis != Decision.sealed) }
}

extension StoredSolution {
  /// Reviewers who have seen labels or critiques: they decided with them open, were shown some behind a verdict, or have
  /// finished the solution at some time.
  static func seen(in events: [ReviewEvent], steps: Int) -> Set<String> {
    var seen = Set<String>()
    for (reviewer, all) in Dictionary(grouping: events, by: \.reviewer) {
      for (index, event) in all.enumerated() {
        guard
          event.showsLabels
            || Projection.views(of: Array(all[...index]))[reviewer]?.state(count: steps).isDone == true
        else { continue }
        seen.insert(reviewer)
        break
      }
    }
    return seen
  }

  /// Takes over what the decision that led to `outcome` has shown.
  mutating func noteSeen(_ outcome: DecisionOutcome) {
    let reviewer = outcome.event.reviewer
    let isDone = outcome.views[reviewer]?.state(count: solution.steps.count).isDone ?? false
    if outcome.event.showsLabels || isDone { seen.insert(reviewer) }
  }

  /// A decision as it is honestly recorded: blind only if the reviewer has seen nothing of the solution's labels and critiques,
  /// and sealed where a verdict will not show any.
  ///
  /// - Parameter hasSeen: the reviewer has seen some that the log does not know of.
  public func decision(
    _ decision: Decision, step: Int, by reviewer: String, _ visibility: Visibility, hasSeen: Bool = false,
    elapsed: Int64? = nil
  ) -> ReviewDecision {
    let isBlind = visibility.mode == .blind && !hasSeen && !seen.contains(reviewer)
    var decision = decision
    if isBlind, visibility.reveal == .solution, case .verdict(let rating, nil) = decision {
      decision = .verdict(rating, basis: Decision.sealed)
    }
    return ReviewDecision(
      solution: key, step: step, decision, elapsed: elapsed, mode: isBlind ? .blind : .audit)
  }
}

extension Workspace {
  /// Decisions about solutions that are here as they are honestly recorded (``StoredSolution/decision(_:step:by:_:hasSeen:elapsed:)``).
  public func honest(
    _ decisions: [ReviewDecision], by reviewer: String, _ visibility: Visibility
  ) throws -> [ReviewDecision] {
    guard visibility.mode == .blind else { return decisions }
    var known: [String: StoredSolution] = [:]
    for (key, id) in try solutionIDs(keys: Array(Set(decisions.map(\.solution)))) { known[key] = try solution(id) }
    return decisions.map { one in
      known[one.solution]?.decision(one.decision, step: one.step, by: reviewer, visibility, elapsed: one.elapsed) ?? one
    }
  }
}

extension StoredSolution {
  /// The solution with all left out that a reviewer may not see: labels, critiques, alternatives and rollouts, the reference,
  /// and what others decided.
  public func shown(to reviewer: String, _ visibility: Visibility) -> StoredSolution {
    let mine = views[reviewer]
    let count = solution.steps.count
    guard !visibility.opens(mine, steps: count) else { return self }
    let isHidden = { step in !visibility.reveals(step, mine, steps: count) }
    var shown = self
    shown.views = views.filter { $0.key == reviewer }
    shown.facts = SolutionFacts([])
    shown.critiques = critiques.mapValues { $0.filter { $0.key > 0 && !isHidden($0.key) } }.filter { !$0.value.isEmpty }
    shown.importedFinish = nil
    shown.labels.firstError = .unknown
    shown.labels.conflict = nil
    shown.labels.ineffective = []
    (shown.solution.referenceAnswer, shown.solution.referenceSolution) = (nil, nil)
    (shown.solution.finishReason, shown.solution.finalAnswerCorrect) = (nil, nil)
    (shown.solution.labeler, shown.solution.isScreening) = (nil, false)
    for index in solution.steps.indices where isHidden(index + 1) {
      shown.solution.steps[index] = Step(solution.steps[index].text)
      if shown.labels.labels.indices.contains(index) { shown.labels.labels[index] = nil }
      if shown.imported.indices.contains(index) { shown.imported[index] = nil }
    }
    return shown
  }
}
