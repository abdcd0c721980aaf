import CritiqueModel
import Foundation
import ReviewStore

/// Adds up what one reviewer has done, solution by solution.
struct ReviewerTally {
  private var figures: ReviewerFigures
  private var clicks: [Click] = []
  private var days: [String: DayFigures] = [:]
  private var clock: DayClock
  private let idle: Int64

  private struct Click {
    var at: Int64
    var elapsed: Int64?
    /// A decision that was thought about: a verdict, or a mark that ends a review.
    var isAnswer: Bool
    var isDecision: Bool
  }

  init(reviewer: String, idle: Int64, calendar: Calendar) {
    figures = ReviewerFigures(reviewer: reviewer)
    clock = DayClock(calendar)
    self.idle = idle
  }

  /// Takes in one solution.
  ///
  /// - Parameter first: the reviewer's first answers (``ReviewedSolution/firstVerdicts()``).
  mutating func add(_ solution: ReviewedSolution, first: [Int: StandingVerdict]) {
    let reviewer = figures.reviewer
    let view = solution.views[reviewer] ?? ReviewerView()
    let state = view.state(count: solution.stepCount)
    if solution.id != nil, state.isDone { figures.finished += 1 }
    if state == .started || state == .skipped { figures.begun += 1 }
    figures.verdicts += view.verdicts.count
    addClicks(solution)
    for (step, verdict) in view.verdicts {
      guard let label = solution.label(step) else { continue }
      figures.asLabel.count(label.judgement == verdict.rating.judgement)
    }
    for (step, answer) in first where answer.mode == .blind {
      guard let now = view.verdicts[step]?.rating.judgement else { continue }
      figures.sway.answered += 1
      guard now != answer.rating.judgement else { continue }
      figures.sway.changed += 1
      if solution.label(step)?.judgement == now { figures.sway.towardLabel += 1 }
      if solution.judgement(.merged, step) == now { figures.sway.towardMerged += 1 }
    }
    addGold(solution, first: first, view)
  }

  private mutating func addClicks(_ solution: ReviewedSolution) {
    var last: [Int: Judgement] = [:]
    for event in solution.events where event.reviewer == figures.reviewer {
      let isVerdict = event.kind == .verdict
      clicks.append(
        Click(
          at: event.at, elapsed: event.elapsed,
          isAnswer: isVerdict || (event.kind == .mark && event.value != SolutionMark.skip.rawValue),
          isDecision: event.kind.isDecision))
      guard isVerdict, let judgement = Int(event.value).flatMap(Rating.init(rawValue:))?.judgement else { continue }
      if let before = last[event.step], before != judgement { figures.flips += 1 }
      last[event.step] = judgement
    }
  }

  /// A blind answer counts as it was given first; one with labels open as it stands.
  private mutating func addGold(
    _ solution: ReviewedSolution, first: [Int: StandingVerdict], _ view: ReviewerView
  ) {
    let truth = solution.goldTruth(for: figures.reviewer)
    guard !truth.isEmpty else { return }
    var answers: [Int: Rating] = [:]
    for (step, answer) in first {
      let isBlind = answer.mode == .blind
      guard let counted = isBlind ? answer : view.verdicts[step] else { continue }
      answers[step] = counted.rating
      guard let label = truth[step] else { continue }
      let isRight = label.judgement == counted.rating.judgement
      let day = clock.day(of: counted.at)
      let place = isBlind ? \GoldFigures.blind : \GoldFigures.open
      figures.gold[keyPath: place].count(isRight)
      days[day, default: DayFigures(day: day)].gold[keyPath: place].count(isRight)
    }
    guard let found = AgreementTables.firstError(answers, count: solution.stepCount) else { return }
    switch FirstError(ratings: (1...max(solution.stepCount, 1)).map { truth[$0] }) {
    case .unknown: break
    case .none: figures.gold.firstErrors.count(found == AgreementTables.noError)
    case .step(let step): figures.gold.firstErrors.count(found == step)
    }
  }

  mutating func finish(today: String) -> ReviewerFigures {
    var times: [Int64] = []
    var timesByDay: [String: [Int64]] = [:]
    var before: (at: Int64, day: String)?
    for click in clicks.sorted(by: { $0.at < $1.at }) {
      let day = clock.day(of: click.at)
      let gap = before.map { max(click.at.subtractingReportingOverflow($0.at).partialValue, 0) }
      if let gap, gap > idle, before?.day == day { figures.pauses += 1 }
      before = (click.at, day)
      // Of two decisions on the same step the second took the time since the first, not since the step was shown.
      let time = min(max(click.elapsed ?? gap ?? 0, 0), gap ?? .max, idle)
      figures.activeMilliseconds += time
      days[day, default: DayFigures(day: day)].activeMilliseconds += time
      if click.isDecision {
        figures.decisions += 1
        days[day, default: DayFigures(day: day)].decisions += 1
      }
      if click.isAnswer, click.elapsed != nil {
        times.append(time)
        timesByDay[day, default: []].append(time)
      }
    }
    figures.medianMilliseconds = Self.median(times)
    for (day, times) in timesByDay { days[day]?.medianMilliseconds = Self.median(times) }
    figures.today = days[today]?.decisions ?? 0
    figures.medianTodayMilliseconds = days[today]?.medianMilliseconds
    figures.days = days.values.filter { $0.decisions > 0 }.sorted { $0.day < $1.day }
    return figures
  }

  private static func median(_ times: [Int64]) -> Int64? {
    guard !times.isEmpty else { return nil }
    let sorted = times.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}

extension ReviewedSolution {
  /// The label that came with a 1-based step.
  func label(_ step: Int) -> Rating? { ratings.indices.contains(step - 1) ? ratings[step - 1] : nil }

  /// What a stage concludes about a 1-based step.
  func judgement(_ stage: Stage, _ step: Int) -> Judgement? {
    guard let found = judgements[stage], found.indices.contains(step - 1) else { return nil }
    return found[step - 1]?.judgement
  }
}
