import DeepCriticCore
import Terminal

/// The parts of the review screen that can have the arrow keys.
enum Pane: String, Hashable, CaseIterable, Sendable {
  case steps
  case problem
  case step
  case initial
  case deep
  case merged

  var stage: Stage? { Stage(rawValue: rawValue) }

  var title: String {
    switch self {
    case .steps: "Steps"
    case .problem: "Problem"
    case .step: "Step"
    default: stage?.title ?? rawValue
    }
  }

  init(_ stage: Stage) {
    switch stage {
    case .initial: self = .initial
    case .deep: self = .deep
    case .merged: self = .merged
    }
  }
}

/// One solution under review: which step, which pane, how far each text is scrolled.
final class ReviewModel {
  var stored: StoredSolution
  /// Position in the queue; `nil` when the solution is not in the current list (after an undo elsewhere).
  var position: Int?
  /// 1-based; 0 for a problem without steps.
  private(set) var step: Int
  var focus: Pane = .steps
  /// The critique shown where there is room for only one.
  var tab: Stage = .merged
  var answerShown: Bool
  /// Rated alternatives are listed below the step.
  var alternativesShown = false
  /// The reference solution is below the problem.
  var referenceShown = false
  /// First line shown, by pane; critique and step panes start again at each step.
  var scroll: [Pane: Int] = [:]
  /// The page moves so that the step under review is in view; not while the page itself is scrolled.
  var followsStep = true
  /// The focused pane has the whole screen.
  var isZoomed = false
  var comparison = CritiqueComparison.none
  /// What is searched for in the texts: a text typed here, or the words of the queue's filter.
  var search: [SearchedText] = []
  /// Which of the places found was shown last.
  var searchIndex = 0
  /// Critiques of the step that were seen to their end.
  var read: Set<Stage> = []
  /// Which sample of each stage is shown at the current step; 0 is the one that is used.
  var samples: [Stage: Int] = [:]
  private let session: Session
  var reviewer: String { session.reviewer }

  init(_ stored: StoredSolution, position: Int?, session: Session) {
    self.stored = stored
    self.position = position
    self.session = session
    answerShown = session.mode == .audit
    step = stored.solution.steps.isEmpty ? 0 : 1
    // Continue where this reviewer stopped.
    if let first = (1...max(stepCount, 1)).first(where: { view.verdicts[$0] == nil }), first <= stepCount,
      !view.state(count: stepCount).isDone
    {
      step = first
    }
    // Which stages there are is public only where everything is.
    if isOpen(mode: session.mode) { showLatestStage() }
  }

  /// Takes over what a decision led to.
  func apply(_ outcome: DecisionOutcome) {
    let wasOpen = isOpen(mode: session.mode)
    stored.apply(outcome)
    if !wasOpen, isOpen(mode: session.mode) { showLatestStage() }
  }

  /// Puts the latest stage that there is in front, where the one in front has no critiques.
  private func showLatestStage() {
    guard stored.critiques[tab] == nil else { return }
    tab = Stage.allCases.reversed().first { stored.critiques[$0] != nil } ?? .merged
  }

  /// The pane that zooming shows: the focused one, the step while the list has the focus.
  var zoomable: Pane { focus == .steps ? .step : focus }

  var stepCount: Int { stored.solution.steps.count }

  /// What the reviewer may see of others' decisions: in blind mode nothing until nothing more is asked here. A
  /// verdict on the next step must not follow from what others said about this one.
  func others(mode: ReviewMode) -> [(name: String, view: ReviewerView)] {
    guard isOpen(mode: mode) else { return [] }
    return stored.views.filter { $0.key != reviewer }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// What stands for the reviewer at work.
  var view: ReviewerView { stored.views[reviewer] ?? ReviewerView() }

  func goTo(step target: Int) {
    guard stepCount > 0 else { return }
    let target = min(max(target, 1), stepCount)
    guard target != step else { return }
    step = target
    followsStep = true
    samples = [:]
    read = []
    for pane in [Pane.step, .initial, .deep, .merged] { scroll[pane] = 0 }
  }

  func mine(_ step: Int) -> Rating? { view.verdicts[step]?.rating }

  /// Whether the label and the critiques of a step may be seen.
  func isRevealed(_ step: Int, mode: ReviewMode) -> Bool {
    Visibility(mode, reveal: session.reveal).reveals(step, view, steps: stepCount)
  }

  /// Whether the label and the critiques of any step may be seen.
  func isAnyRevealed(mode: ReviewMode) -> Bool {
    Visibility(mode, reveal: session.reveal).revealsAny(view, steps: stepCount)
  }

  /// Whether all may be seen: consequences, others' decisions, and what is said about the whole solution.
  func isOpen(mode: ReviewMode) -> Bool { Visibility(mode).opens(view, steps: stepCount) }

  /// There are critiques of which some may be seen.
  func showsCritiques(mode: ReviewMode) -> Bool { stored.hasCritiques && isAnyRevealed(mode: mode) }

  /// Steps up to where my labelling stops (PRM800K's rule: later steps need no verdict).
  var neededSteps: Int { min(view.firstError ?? stepCount, stepCount) }

  /// Bytes of the longest critique of a stage that may be seen.
  func longest(_ stage: Stage, mode: ReviewMode) -> Int {
    (stored.critiques[stage] ?? [:]).reduce(0) { most, critiques in
      let isSeen = critiques.key == 0 ? isOpen(mode: mode) : isRevealed(critiques.key, mode: mode)
      guard isSeen, let used = critiques.value.first else {
        return most
      }
      return max(most, used.critique.text.utf8.count)
    }
  }

  /// Needed steps that have no verdict of mine; none when I have marked the solution as done.
  var openSteps: [Int] {
    guard neededSteps > 0, !view.state(count: stepCount).isDone else { return [] }
    return (1...neededSteps).filter { view.verdicts[$0] == nil }
  }

  /// How many of them there are.
  var missingSteps: Int { openSteps.count }

  /// The needed step without a verdict that comes next: after the current one, else the first.
  var nextOpenStep: Int? { openSteps.first { $0 > step } ?? openSteps.first }

  /// What a stage says about the current step: the sample in view of its critiques of the step, else one of the whole
  /// solution (finished SFT examples have no others).
  func critique(_ stage: Stage) -> (critique: StoredCritique, isWhole: Bool, samples: Int)? {
    let all = critiques(stage)
    guard !all.isEmpty else { return nil }
    return (all[min(samples[stage] ?? 0, all.count - 1)], stored.critiques[stage]?[step]?.isEmpty ?? true, all.count)
  }

  /// Every sample and version that a stage has for the current step; the one that is used comes first.
  func critiques(_ stage: Stage) -> [StoredCritique] {
    let own = stored.critiques[stage]?[step] ?? []
    // One of the whole solution covers every step.
    return own.isEmpty && isOpen(mode: session.mode) ? stored.critiques[stage]?[0] ?? [] : own
  }

  var mergedJudgement: Judgement? {
    critique(.merged).flatMap { $0.isWhole ? nil : $0.critique.judgement }
  }
}
