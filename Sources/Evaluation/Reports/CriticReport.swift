import CritiqueGeneration
import Formatting
import ModelRuns
import ReviewStore

/// The tables about one critic.
public struct CriticReport: Sendable {
  private let score: CriticScore

  /// A report on a critic's scores.
  public init(_ score: CriticScore) { self.score = score }

  /// Sets in rows: accuracies with Wilson's intervals, F1 with the bootstrap's.
  public var summary: TextTable {
    var table = TextTable(
      header: ["set", "rows", "error acc", "95 %", "correct acc", "95 %", "F1", "95 %", "no answer"])
    for set in score.sets {
      table.rows.append([
        set.set, Figures.count(set.scores.rows), Figures.percent(set.scores.error.percent),
        Figures.interval(set.scores.error.interval), Figures.percent(set.scores.correct.percent),
        Figures.interval(set.scores.correct.interval), Figures.percent(set.scores.f1),
        Figures.interval(set.f1Interval), Figures.count(set.withoutPrediction),
      ])
    }
    if score.sets.count > 1 {
      table.rows.append([
        "mean", Figures.count(score.sets.reduce(0) { $0 + $1.scores.rows }), "", "", "", "",
        Figures.percent(score.meanF1), Figures.interval(score.meanInterval),
        Figures.count(score.sets.reduce(0) { $0 + $1.withoutPrediction }),
      ])
    }
    return table
  }

  /// Sentences about what a reader must know beside the figures.
  public var notes: [String] {
    var notes: [String] = []
    for set in score.sets {
      if let reason = set.scores.undefinedBecause { notes.append("\(set.set): F1 is undefined, because \(reason).") }
      if set.isPartial, let all = set.benchmarkRows {
        notes.append(
          "\(set.set): \(Figures.count(set.scores.rows + set.unanswered)) of its "
            + "\(Figures.count(all, "row")) were chosen (--limit).")
      }
      if set.unanswered > 0 {
        notes.append(
          "\(set.set): \(Figures.count(set.unanswered, "row")) without any answer are not in these figures.")
      }
      let unusable = ReadingOutcome.allCases.filter { $0 != .answered && $0 != .missing }
        .compactMap { outcome in set.outcomes[outcome.rawValue].map { (outcome.words, $0) } }
      if !unusable.isEmpty {
        let counts = Dictionary(unusable, uniquingKeysWith: +)
        notes.append("\(set.set): answers that name nothing: \(Figures.tally(counts)).")
      }
      if set.outOfRange > 0 {
        notes.append(
          "\(set.set): \(Figures.count(set.outOfRange, "prediction names", "predictions name")) a missing step.")
      }
    }
    if score.sets.count > 1, score.meanF1 == nil { notes.append("There is no mean, because a set has no F1.") }
    return notes
  }

  /// Majority votes and best-of for every number of answers; `nil` for single answers.
  public var votes: TextTable? {
    let most = score.sets.map(\.curve.count).max() ?? 0
    guard most > 1 else { return nil }
    var table = TextTable(header: ["k", "set", "error acc", "correct acc", "Maj@k F1", "best-of-k F1"], words: [1])
    for k in 1...most {
      for set in score.sets where k <= set.curve.count {
        let point = set.curve[k - 1]
        table.rows.append([
          String(k), set.set, Figures.percent(point.error), Figures.percent(point.correct), Figures.percent(point.f1),
          Figures.percent(point.bestF1),
        ])
      }
      if score.sets.count > 1 {
        table.rows.append([String(k), "mean", "", "", Figures.percent(score.meanF1(votes: k)), ""])
      }
    }
    return table
  }

  /// Rows by what they have in common.
  public var groups: TextTable {
    var table = TextTable(
      header: ["set", "by", "group", "rows", "error acc", "correct acc", "F1"], words: [0, 1, 2])
    for set in score.sets {
      for group in set.groups {
        table.rows.append([
          set.set, group.dimension.rawValue, group.name, Figures.count(group.scores.rows),
          Figures.percent(group.scores.error.percent), Figures.percent(group.scores.correct.percent),
          Figures.percent(group.scores.f1),
        ])
      }
    }
    return table
  }

  /// Distance of predictions from the first error.
  public var distances: TextTable {
    let far = 4
    var table = TextTable(
      header: ["set"] + (-far...far).map { $0 == -far ? "≤ −\(far)" : $0 == far ? "≥ \(far)" : Self.signed($0) }
        + ["missed", "no answer", "false alarms"])
    for set in score.sets {
      let histogram = set.distances
      let counts = histogram.counts(within: far)
      table.rows.append(
        [set.set] + (counts + [histogram.missed, histogram.silent, histogram.falseAlarms]).map(String.init))
    }
    return table
  }

  /// How often votes are right, by the winner's share; `nil` without votes.
  public var calibration: TextTable? {
    var table = TextTable(header: ["set", "winner's share", "rows", "right", "mean share"])
    for set in score.sets {
      for bin in set.calibration {
        table.rows.append([
          set.set, "\(Int(bin.above * 100))–\(Int(bin.upTo * 100)) %", Figures.count(bin.accuracy.rows),
          Figures.percent(bin.accuracy.percent), Figures.percent(bin.meanShare * 100),
        ])
      }
    }
    return table.rows.isEmpty ? nil : table
  }

  /// Gold steps in rows, predicted ones in columns; steps beyond the sixth together. `nil` for an unknown set.
  public func confusion(_ name: String) -> TextTable? {
    guard let set = score.sets.first(where: { $0.set == name }) else { return nil }
    let last = 7
    func place(_ step: Int?) -> Int { step.map { $0 == -1 ? 0 : min(max($0, 1), last) } ?? last + 1 }
    var counts = [[Int]](repeating: Array(repeating: 0, count: last + 2), count: last + 1)
    for cell in set.confusion { counts[place(cell.gold)][place(cell.predicted)] += cell.rows }
    let names = ["none"] + (1..<last).map(String.init) + ["\(last)+"]
    return TextTable(
      header: ["gold \\ said"] + names + ["no answer"],
      rows: zip(names, counts).map { [$0] + $1.map(String.init) })
  }

  /// Scores of single steps; `nil` where the critic says nothing about each step.
  public var steps: TextTable? {
    guard !score.steps.isEmpty else { return nil }
    var table = TextTable(
      header: ["set", "rows", "positive F1", "negative F1", "PRMScore", "step acc", "first error acc"])
    for set in score.sets {
      guard let steps = score.steps[set.set] else { continue }
      table.rows.append([
        set.set, Figures.count(steps.rows), Figures.percent(steps.positiveF1),
        Figures.percent(steps.negativeF1), Figures.percent(steps.prmScore), Figures.percent(steps.accuracy),
        Figures.percent(steps.firstErrors.percent),
      ])
    }
    return table
  }

  private static func signed(_ number: Int) -> String {
    number == 0 ? "exact" : number > 0 ? "+\(number)" : "−\(-number)"
  }
}
