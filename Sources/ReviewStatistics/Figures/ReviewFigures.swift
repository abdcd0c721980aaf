import CritiqueModel
import Curation
import Foundation
import ReviewStore

/// All figures about labels, critiques and reviewers.
public struct ReviewFigures: Sendable, Codable, Hashable {
  /// How much is reviewed.
  public var progress: ProgressFigures
  /// The labels that count.
  public var labels: LabelFigures
  /// Critique stages beside the labels, in their order; only those with any critique.
  public var stages: [StageFigures]
  /// What later stages make of earlier ones.
  public var corrections: [CorrectionTotals]
  /// Everyone who has decided something, by name.
  public var reviewers: [ReviewerFigures]
  /// Their agreement.
  public var agreement: AgreementReport
}

/// How much is reviewed.
public struct ProgressFigures: Sendable, Codable, Hashable {
  /// Solutions with steps.
  public var solutions: Int
  /// Those that somebody has finished.
  public var finished: Int
  /// Those that several have finished.
  public var finishedBySeveral: Int
  /// Those begun or skipped, and finished by nobody.
  public var begun: Int
  /// Steps and problems on which reviewers disagree and nobody has settled it.
  public var openConflicts: Int
  /// Steps and problems on which reviewers disagreed and somebody has settled it.
  public var settledConflicts: Int
}

/// The labels that count: settled, agreed by reviewers, or from the data.
public struct LabelFigures: Sendable, Codable, Hashable {
  /// Solutions with a wrong step.
  public var withError: Int
  /// Solutions without one.
  public var withoutError: Int
  /// Solutions whose labels reach no conclusion.
  public var unknown: Int
  /// Solutions whose labels are not those of the data any more.
  public var relabelled: Int
  /// Steps labelled incorrect.
  public var incorrectSteps: Int
  /// Steps labelled neutral.
  public var neutralSteps: Int
  /// Steps labelled correct.
  public var correctSteps: Int
  /// Solutions by their first error, in order.
  public var firstErrors: [FirstErrorCount]
}

/// Solutions with the same first error.
public struct FirstErrorCount: Sendable, Codable, Hashable {
  /// 1-based.
  public var step: Int
  /// How many solutions.
  public var solutions: Int
}

/// One stage beside the labels.
public struct StageFigures: Sendable, Codable, Hashable {
  /// The stage.
  public var stage: Stage
  /// Steps with a label and a judgement: the label first, then the judgement.
  public var steps: JudgementCounts
  /// Solutions with an error in which the stage's first incorrect step is the label's.
  public var errors: Share
  /// Solutions without an error in which the stage calls no step incorrect.
  public var correct: Share
  /// The harmonic mean of both shares, as in evaluation; `nil` when a side has no solutions.
  public var f1: Double?

  init(_ stage: Stage, _ totals: StageTotals) {
    self.stage = stage
    steps = totals.steps
    errors = Share(totals.withErrorFound, of: totals.withError)
    correct = Share(totals.withoutErrorFound, of: totals.withoutError)
    if let a = errors.value, let b = correct.value { f1 = a + b > 0 ? 2 * a * b / (a + b) : 0 }
  }
}

/// What statistics are worked out with.
public struct FiguresOptions: Sendable {
  /// Idle time, and what counts as an item with a known label.
  public var review: ReviewSettings
  /// Which labels count.
  public var curation: CurationSettings
  /// Which verdicts are compared.
  public var agreement: AgreementOptions
  /// The time zone of days.
  public var calendar: Calendar
  /// Today.
  public var now: Date

  /// The defaults.
  public init(
    review: ReviewSettings = ReviewSettings(), curation: CurationSettings = CurationSettings(),
    agreement: AgreementOptions = AgreementOptions(), calendar: Calendar = .current, now: Date = Date()
  ) {
    self.review = review
    self.curation = curation
    self.agreement = agreement
    self.calendar = calendar
    self.now = now
  }
}

extension ReviewFigures {
  /// Counts one state of a workspace. Reads only.
  ///
  /// - Parameter ids: only these solutions; `nil` for all.
  public init(of workspace: Workspace, among ids: Set<Int64>? = nil, options: FiguresOptions) throws {
    self.init(try workspace.reviewSnapshot(among: ids), options: options)
  }

  init(_ snapshot: ReviewSnapshot, options: FiguresOptions) {
    let agreement = AgreementReport(snapshot.reviewed, options: options.agreement)
    let totals = snapshot.totals
    self.agreement = agreement
    progress = Self.progress(snapshot, options.curation)
    labels = LabelFigures(
      withError: totals.withError, withoutError: totals.withoutError, unknown: totals.unknown,
      relabelled: totals.relabelled, incorrectSteps: totals.steps[.incorrect] ?? 0,
      neutralSteps: totals.steps[.neutral] ?? 0, correctSteps: totals.steps[.correct] ?? 0,
      firstErrors: totals.firstErrors.sorted { $0.key < $1.key }.map {
        FirstErrorCount(step: $0.key, solutions: $0.value)
      })
    stages = Stage.allCases.compactMap { stage in totals.stages[stage].map { StageFigures(stage, $0) } }
    corrections = totals.corrections
    reviewers = Self.reviewers(snapshot.reviewed, agreement, options)
  }

  private static func progress(_ snapshot: ReviewSnapshot, _ settings: CurationSettings) -> ProgressFigures {
    var progress = ProgressFigures(
      solutions: snapshot.totals.solutions, finished: 0, finishedBySeveral: 0, begun: 0, openConflicts: 0,
      settledConflicts: 0)
    for solution in snapshot.reviewed where solution.id != nil {
      let states = solution.views.values.map { $0.state(count: solution.stepCount) }
      let done = states.count(where: \.isDone)
      if done > 0 { progress.finished += 1 }
      if done > 1 { progress.finishedBySeveral += 1 }
      if done == 0, states.contains(where: { $0 != .untouched }) { progress.begun += 1 }
      for conflict in Conflict.all(in: solution, settings: settings) {
        if conflict.settled == nil { progress.openConflicts += 1 } else { progress.settledConflicts += 1 }
      }
    }
    return progress
  }

  private static func reviewers(
    _ solutions: [ReviewedSolution], _ agreement: AgreementReport, _ options: FiguresOptions
  ) -> [ReviewerFigures] {
    var tallies: [String: ReviewerTally] = [:]
    for solution in solutions {
      let first = solution.firstVerdicts()
      for name in Set(solution.events.lazy.map(\.reviewer)) {
        // Taken out and put back, so that it is changed in place.
        var tally =
          tallies.removeValue(forKey: name)
          ?? ReviewerTally(reviewer: name, idle: options.review.idle, calendar: options.calendar)
        tally.add(solution, first: first[name] ?? [:])
        tallies[name] = tally
      }
    }
    var clock = DayClock(options.calendar)
    let today = clock.day(of: Int64(options.now.timeIntervalSince1970 * 1000))
    return tallies.keys.sorted().compactMap { name in
      guard var tally = tallies[name] else { return nil }
      var figures = tally.finish(today: today)
      let pairs = agreement.judgement.pairs.filter { $0.first == name || $0.second == name }
      figures.asOthers = Share(pairs.reduce(0) { $0 + $1.same }, of: pairs.reduce(0) { $0 + $1.units })
      let kappas = pairs.compactMap { $0.kappa?.value }
      figures.kappaWithOthers = kappas.isEmpty ? nil : kappas.reduce(0, +) / Double(kappas.count)
      return figures
    }
  }
}
