import CritiqueModel
import Formatting
import ReviewStore

/// Pages about reviewers.
extension ReviewFigures {
  var reviewersPage: FigurePage {
    guard !reviewers.isEmpty else { return FigurePage(.reviewers, columns: [], rows: [Self.nobody]) }
    var rows = reviewers.map { one in
      FigureRow(
        one.reviewer,
        [
          Figures.count(one.verdicts), Figures.count(one.today), Self.seconds(one.medianMilliseconds),
          Figures.roughDuration(Double(one.activeMilliseconds) / 1000), one.asLabel.percent,
          one.gold.best.percent, one.sway.rate.percent,
          one.kappaWithOthers.map { Figures.decimal($0, 2) } ?? "",
        ])
    }
    rows += [
      .blank,
      .note("each: median time of a verdict, idle time cut off. work: the time of all decisions."),
      .note("as label: standing verdicts as the label that came with the data."),
      .note("known: answers to items with a known label. kappa: Cohen's, the mean over the others."),
      .note("sway: blind verdicts changed after the reveal, of all blind ones that stand."),
    ]
    let swayed = reviewers.filter { $0.sway.answered > 0 }
    if !swayed.isEmpty {
      rows += [.blank, .heading("Changed after the reveal")]
      rows += swayed.map { one in
        FigureRow(
          one.reviewer,
          [
            "\(Figures.count(one.sway.changed)) of \(Figures.count(one.sway.answered))",
            one.sway.rate.percent,
          ], bar: one.sway.rate.value.map(FigureBar.share))
      }
      for one in swayed where one.sway.changed > 0 {
        rows.append(
          .note(
            "\(one.reviewer): \(one.sway.towardLabel) of \(one.sway.changed) to the label, "
              + "\(one.sway.towardMerged) to the merged critique"))
      }
    }
    return FigurePage(
      .reviewers, columns: ["verdicts", "today", "each", "work", "as label", "known", "sway", "kappa"],
      droppable: [3, 4, 1, 7, 6], rows: rows)
  }

  private static func seconds(_ milliseconds: Int64?) -> String {
    milliseconds.map { Figures.seconds(Double($0) / 1000) } ?? ""
  }

  var goldPage: FigurePage {
    let known = reviewers.filter { $0.gold.blind.whole + $0.gold.open.whole > 0 }
    guard !known.isEmpty else {
      return FigurePage(
        .gold, columns: [],
        rows: [
          .note("Nobody has answered an item with a known label: a quality-control item of PRM800K,"),
          .note("one mixed into the queue ([review] gold_rate), or a step that somebody else settled."),
        ])
    }
    var rows: [FigureRow] = []
    for one in known {
      if !rows.isEmpty { rows.append(.blank) }
      rows.append(.heading(one.reviewer))
      if one.gold.blind.whole > 0 { rows.append(.share("blind", one.gold.blind)) }
      if one.gold.open.whole > 0 { rows.append(.share("labels open", one.gold.open)) }
      if one.gold.firstErrors.whole > 0 { rows.append(.share("first error", one.gold.firstErrors)) }
      for day in one.days.filter({ $0.gold.best.whole > 0 }).suffix(14) { rows.append(.share(day.day, day.gold.best)) }
    }
    return FigurePage(.gold, columns: ["right", "of"], rows: rows)
  }

  var daysPage: FigurePage {
    guard !reviewers.isEmpty else { return FigurePage(.days, columns: [], rows: [Self.nobody]) }
    let most = reviewers.flatMap(\.days).map(\.decisions).max() ?? 0
    var rows: [FigureRow] = []
    for one in reviewers where !one.days.isEmpty {
      if !rows.isEmpty { rows.append(.blank) }
      rows.append(.heading(one.reviewer))
      for day in one.days.suffix(30) {
        rows.append(
          FigureRow(
            day.day,
            [
              Figures.count(day.decisions), Self.seconds(day.medianMilliseconds),
              Figures.roughDuration(Double(day.activeMilliseconds) / 1000),
            ], bar: .share(Double(day.decisions) / Double(max(most, 1)))))
      }
    }
    return FigurePage(.days, columns: ["decisions", "each", "work"], rows: rows)
  }
}

extension AgreementReport {
  private struct Kind {
    var words: String
    var figures: AgreementFigures
    /// Steps were rated, not whole solutions.
    var isSteps = true
    /// There may be more than two values.
    var isOrdered = true
  }

  private var kinds: [Kind] {
    [
      // With two values near and far are one.
      Kind(words: "Each step, correct or incorrect", figures: judgement, isOrdered: false),
      Kind(words: "Each step, correct, neutral or incorrect", figures: rating),
      Kind(words: "The first error of a solution", figures: firstError, isSteps: false),
    ]
  }

  static let none = FigureRow.note("No step has verdicts of two reviewers yet.")

  /// Measures with their intervals.
  public var page: FigurePage {
    guard judgement.units > 0 else { return FigurePage(.agreement, columns: [], rows: [Self.none]) }
    var rows: [FigureRow] = []
    var estimates: [Estimate] = []
    for kind in kinds {
      let figures = kind.figures
      if !rows.isEmpty { rows.append(.blank) }
      rows.append(.heading(kind.words))
      guard figures.units > 0 else {
        rows.append(.note("No solution has been finished by two reviewers yet."))
        continue
      }
      var measures: [(String, Estimate?)] = [
        ("same", figures.percent), ("Cohen's kappa", figures.cohen), ("Fleiss' kappa", figures.fleiss),
        ("Krippendorff's alpha", figures.nominal),
      ]
      if kind.isOrdered { measures.append(("alpha, ordinal", figures.ordinal)) }
      for (name, estimate) in measures {
        guard let estimate else {
          rows.append(FigureRow(name, ["-", "all alike"]))
          continue
        }
        estimates.append(estimate)
        rows.append(
          FigureRow(
            name, [Figures.decimal(estimate.value, 2), estimate.ends],
            bar: .interval(value: estimate.value, low: estimate.low, high: estimate.high)))
      }
      rows.append(
        .note(
          (kind.isSteps ? "\(Figures.count(figures.units, "step")) of " : "")
            + "\(Figures.count(figures.solutions, "solution")), \(Figures.count(figures.raters, "reviewer"))"))
    }
    if options.verdicts == .first {
      rows += [.blank, .note("Everybody's first verdict on a step, whatever became of it.")]
    }
    let least = estimates.map { min($0.value, $0.low ?? $0.value) }.min() ?? 0
    return FigurePage(
      .agreement,
      columns: ["", options.bootstrap.samples > 1 ? "\(Int(options.bootstrap.level * 100)) % interval" : ""],
      rows: rows, scale: (least < -0.005 ? -1.0 : 0.0)...1)
  }

  /// Every pair of reviewers.
  public var pairsPage: FigurePage {
    guard !judgement.pairs.isEmpty else { return FigurePage(.pairs, columns: [], rows: [Self.none]) }
    var least = 0.0
    let rows = judgement.pairs.map { pair in
      least = min(least, pair.kappa?.low ?? pair.kappa?.value ?? 0)
      return FigureRow(
        "\(pair.first), \(pair.second)",
        [
          Figures.count(pair.units), Share(pair.same, of: pair.units).percent,
          pair.kappa.map { Figures.decimal($0.value, 2) } ?? "-", pair.kappa?.ends ?? "all alike",
        ], bar: pair.kappa.map { .interval(value: $0.value, low: $0.low, high: $0.high) })
    }
    return FigurePage(
      .pairs, columns: ["steps", "same", "kappa", ""], rows: rows, scale: (least < -0.005 ? -1.0 : 0.0)...1)
  }
}

extension Estimate {
  /// "0.71 to 0.90"; empty without an interval.
  fileprivate var ends: String {
    guard let low, let high else { return "" }
    return "\(Figures.decimal(low, 2)) to \(Figures.decimal(high, 2))"
  }
}
