import CritiqueModel
import Formatting
import ReviewStore

extension ReviewFigures {
  /// Everything as pages, in order. Pages with nothing to tell say so.
  public var pages: [FigurePage] { FigureTopic.allCases.map(page) }

  /// One page.
  public func page(_ topic: FigureTopic) -> FigurePage {
    switch topic {
    case .progress: progressPage
    case .labels: labelsPage
    case .firstErrors: firstErrorsPage
    case .stages: stagesPage
    case .corrections: correctionsPage
    case .reviewers: reviewersPage
    case .gold: goldPage
    case .agreement: agreement.page
    case .pairs: agreement.pairsPage
    case .days: daysPage
    }
  }

  /// A page as a reviewer in blind mode may see it: without what others decided, and how often they disagree.
  public func page(_ topic: FigureTopic, blindFor reviewer: String) -> FigurePage {
    var shown = self
    (shown.progress.openConflicts, shown.progress.settledConflicts) = (0, 0)
    if topic == .days { shown.reviewers = reviewers.filter { $0.reviewer == reviewer } }
    return shown.page(topic)
  }

  static let nobody = FigureRow.note("No decisions yet.")

  private func part(_ label: String, _ count: Int, of whole: Int) -> FigureRow {
    let share = Share(count, of: whole)
    return FigureRow(
      label, [Figures.count(count), share.percent], bar: share.value.map(FigureBar.share))
  }

  private var progressPage: FigurePage {
    let all = progress.solutions
    var rows = [
      part("finished", progress.finished, of: all),
      part("by several", progress.finishedBySeveral, of: all),
      part("begun or skipped", progress.begun, of: all),
      part("not touched", all - progress.finished - progress.begun, of: all),
      FigureRow("solutions", [Figures.count(all)]),
    ]
    if !reviewers.isEmpty {
      rows += [.blank, .heading("Finished by")] + reviewers.map { part($0.reviewer, $0.finished, of: all) }
    }
    let conflicts = progress.openConflicts + progress.settledConflicts
    if conflicts > 0 {
      rows += [
        .blank, .heading("Steps and problems on which reviewers disagree"),
        part("open", progress.openConflicts, of: conflicts),
        part("settled", progress.settledConflicts, of: conflicts),
      ]
    }
    return FigurePage(.progress, columns: ["solutions", ""], rows: rows)
  }

  private var labelsPage: FigurePage {
    let all = progress.solutions
    let steps = labels.incorrectSteps + labels.neutralSteps + labels.correctSteps
    var rows = [
      FigureRow.heading("Solutions"), part("with an error", labels.withError, of: all),
      part("without", labels.withoutError, of: all), part("unknown", labels.unknown, of: all), .blank,
      .heading("Labelled steps"), part("correct", labels.correctSteps, of: steps),
      part("neutral", labels.neutralSteps, of: steps), part("incorrect", labels.incorrectSteps, of: steps),
    ]
    if labels.relabelled > 0 {
      rows += [.blank, part("changed by review", labels.relabelled, of: all)]
    }
    return FigurePage(.labels, columns: ["", ""], rows: rows)
  }

  private var firstErrorsPage: FigurePage {
    let most = labels.firstErrors.map(\.solutions).max() ?? 0
    let counts = Dictionary(labels.firstErrors.map { ($0.step, $0.solutions) }, uniquingKeysWith: +)
    var rows: [FigureRow] = []
    for step in stride(from: 1, through: counts.keys.max() ?? 0, by: 1) {
      let count = counts[step] ?? 0
      rows.append(
        FigureRow(
          "step \(step)", [Figures.count(count), Share(count, of: labels.withError).percent],
          bar: .share(Double(count) / Double(max(most, 1)))))
    }
    if rows.isEmpty { rows = [.note("No solution has a wrong step by its labels.")] }
    return FigurePage(.firstErrors, columns: ["solutions", ""], rows: rows)
  }

  private var stagesPage: FigurePage {
    guard !stages.isEmpty else {
      return FigurePage(.stages, columns: [], rows: [.note("There are no critiques of labelled steps.")])
    }
    var rows: [FigureRow] = []
    for stage in stages {
      if !rows.isEmpty { rows.append(.blank) }
      rows.append(.heading(stage.stage.rawValue.prefix(1).uppercased() + stage.stage.rawValue.dropFirst()))
      rows.append(.share("steps as labelled", Share(stage.steps.same, of: stage.steps.all)))
      rows.append(.share("errors noticed", Share(stage.steps.bothIncorrect, of: stage.steps.firstIncorrect)))
      rows.append(.share("first error found", stage.errors))
      rows.append(.share("correct solutions accepted", stage.correct))
      if let f1 = stage.f1 {
        rows.append(FigureRow("F1 of these two", [Figures.decimal(f1, 2), ""], bar: .share(f1)))
      }
    }
    return FigurePage(.stages, columns: ["", "of"], rows: rows)
  }

  private var correctionsPage: FigurePage {
    guard !corrections.isEmpty else {
      return FigurePage(
        .corrections, columns: [], rows: [.note("No labelled step has critiques of two stages that follow each other.")]
      )
    }
    var rows: [FigureRow] = []
    for one in corrections {
      if !rows.isEmpty { rows.append(.blank) }
      let all = one.corrected + one.spoiled + one.bothRight + one.bothWrong
      rows.append(
        .heading("\(one.from.rawValue.prefix(1).uppercased())\(one.from.rawValue.dropFirst()), then \(one.to.rawValue)")
      )
      rows.append(part("both right", one.bothRight, of: all))
      rows.append(part("wrong, then right", one.corrected, of: all))
      rows.append(part("right, then wrong", one.spoiled, of: all))
      rows.append(part("both wrong", one.bothWrong, of: all))
    }
    return FigurePage(.corrections, columns: ["steps", ""], rows: rows)
  }
}
