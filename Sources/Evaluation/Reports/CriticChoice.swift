import Formatting
import ReviewStore

extension Workspace {
  /// The evaluation that a person means: its number, or the critic's name when only one has it.
  ///
  /// - Throws: `EvaluationError` for none or several.
  public func evaluation(named text: String) throws -> EvaluationEntry {
    let all = try evaluations()
    if let number = Int64(text), let entry = all.first(where: { $0.id == number }) { return entry }
    let fitting = all.filter { $0.name == text }
    guard let only = fitting.first else {
      throw EvaluationError.noEvaluation(text, known: all.map { "\($0.id) \($0.name)" })
    }
    guard fitting.count == 1 else {
      throw EvaluationError.ambiguous(text, fitting.map { "\($0.id) (\($0.specification.words))" })
    }
    return only
  }

  /// The evaluations of critics that a dataset trained.
  public func evaluations(trainedOn dataset: String) throws -> [EvaluationEntry] {
    try evaluations().filter { $0.specification.trainedOn == dataset }
  }

  /// The rows that two evaluations have in common, by set, each in the same order.
  ///
  /// - Throws: `EvaluationError.nothingInCommon`.
  public func pairs(
    _ first: EvaluationEntry, _ second: EvaluationEntry
  ) throws -> [(set: String, first: [ItemResult], second: [ItemResult])] {
    struct Row: Hashable {
      var set: String
      var id: String
      var solution: Int64
    }
    var others: [Row: ItemResult] = [:]
    for (benchmark, items, _) in try evaluated(second.id) {
      for item in items {
        others[Row(set: benchmark.name, id: item.item.id, solution: item.item.solution)] = ItemResult(item)
      }
    }
    var pairs: [(set: String, first: [ItemResult], second: [ItemResult])] = []
    for (benchmark, items, _) in try evaluated(first.id) {
      var pair = (set: benchmark.name, first: [ItemResult](), second: [ItemResult]())
      for item in items {
        let row = Row(set: benchmark.name, id: item.item.id, solution: item.item.solution)
        guard let other = others[row], other.isAnswered else { continue }
        let own = ItemResult(item)
        guard own.isAnswered else { continue }
        pair.first.append(own)
        pair.second.append(other)
      }
      if !pair.first.isEmpty { pairs.append(pair) }
    }
    guard !pairs.isEmpty else { throw EvaluationError.nothingInCommon(first.name, second.name) }
    return pairs
  }
}

/// A comparison of two critics with their names.
public struct NamedComparison: Sendable, Encodable {
  /// The first critic.
  public var first: String
  /// The second one.
  public var second: String
  /// The comparison on the rows that both have answered.
  public var comparison: PairedComparison
  /// In which of their conditions they differ; comparing them compares these too.
  public var differing: [String]

  /// Compares two evaluations.
  public init(
    _ workspace: Workspace, _ first: EvaluationEntry, _ second: EvaluationEntry, bootstrap: Bootstrap
  ) throws {
    self.first = first.name
    self.second = second.name
    comparison = PairedComparison(try workspace.pairs(first, second), bootstrap: bootstrap)
    differing = Self.differing(first.specification, second.specification)
    if self.first == self.second {
      self.first += " (\(first.id))"
      self.second += " (\(second.id))"
    }
  }

  private static func differing(_ a: EvaluationSpecification, _ b: EvaluationSpecification) -> [String] {
    var names: [String] = []
    if a.protocolName != b.protocolName { names.append("protocol (\(a.protocolName), \(b.protocolName))") }
    if a.samples != b.samples { names.append("answers (\(a.samples), \(b.samples))") }
    if a.promptHash != b.promptHash { names.append("prompt") }
    if a.temperature != b.temperature || a.topP != b.topP { names.append("sampling") }
    if a.maxTokens != b.maxTokens { names.append("longest answer") }
    if a.extraction != b.extraction { names.append("extraction (\(a.extraction), \(b.extraction))") }
    return names
  }

  /// Sets in rows: both critics, the difference with interval, chances, wins and losses.
  public var table: TextTable {
    var table = TextTable(
      header: [
        "set", "rows", "F1 first", "F1 second", "difference", "95 %", "p (bootstrap)", "only first", "only second",
        "p (McNemar)", "rows needed",
      ])
    for set in comparison.sets {
      table.rows.append([
        set.set, String(set.rows), Figures.percent(set.first.f1), Figures.percent(set.second.f1),
        Figures.signed(set.f1Difference), Figures.signed(set.bootstrap.interval), Figures.chance(set.bootstrap.p),
        String(set.mcNemar.wins), String(set.mcNemar.losses), Figures.chance(set.mcNemar.p),
        set.rowsNeeded.map(String.init) ?? "–",
      ])
    }
    if comparison.sets.count > 1 {
      table.rows.append([
        "mean", String(comparison.sets.reduce(0) { $0 + $1.rows }),
        Figures.percent(F1.mean(comparison.sets.map(\.first.f1))),
        Figures.percent(F1.mean(comparison.sets.map(\.second.f1))), Figures.signed(comparison.meanDifference),
        Figures.signed(comparison.mean.interval), Figures.chance(comparison.mean.p), String(comparison.mcNemar.wins),
        String(comparison.mcNemar.losses), Figures.chance(comparison.mcNemar.p), "",
      ])
    }
    return table
  }

  /// What to say beside the figures: whether a difference is found, and with how many rows one of this size would be.
  public var notes: [String] {
    var notes: [String] = []
    if !differing.isEmpty {
      notes.append("The critics were not asked alike: they differ in \(differing.joined(separator: ", ")).")
    }
    for set in comparison.sets {
      if let p = set.bootstrap.p, p >= 0.05, let needed = set.rowsNeeded, needed > set.rows {
        notes.append(
          "\(set.set): no difference is shown. One of this size would take about \(needed) rows, not \(set.rows) "
            + "(5 %, power 80 %).")
      }
    }
    return notes
  }
}

extension Figures {
  /// "79.1–85.0".
  package static func interval(_ interval: Interval?) -> String {
    interval.map { "\(percent($0.low))–\(percent($0.high))" } ?? undefined
  }

  /// "+1.2 to +5.0".
  package static func signed(_ interval: Interval?) -> String {
    interval.map { "\(signed($0.low)) to \(signed($0.high))" } ?? undefined
  }
}

extension [CriticScore] {
  /// Names of all their sets, each once, in the order in which the critics have them.
  var setNames: [String] {
    var names: [String] = []
    for critic in self { for set in critic.sets where !names.contains(set.set) { names.append(set.set) } }
    return names
  }
}

/// All critics of a workspace side by side.
public struct Leaderboard: Sendable, Encodable {
  /// The critics, the best mean first.
  public var critics: [CriticScore]
  /// What others have published; not measured here.
  public var published: [PublishedScore]

  /// Scores every evaluation of a workspace.
  public init(
    _ workspace: Workspace, bootstrap: Bootstrap?, published: Bool, labels: LabelChoice = .imported
  ) throws {
    let scores = try workspace.evaluations().map { try workspace.score($0, bootstrap: bootstrap, labels: labels) }
    let names = Set(scores.flatMap { $0.sets.map(\.set) })
    // A mean over fewer sets is another mean: those with all sets go first.
    critics = scores.sorted { a, b in
      let (all, others) = (a.sets.count == names.count, b.sets.count == names.count)
      if all != others { return all }
      return (a.meanF1 ?? -1, b.number) > (b.meanF1 ?? -1, a.number)
    }
    self.published = published ? PublishedScore.all : []
  }

  /// Names of all sets, in the order in which critics have them.
  public var sets: [String] { critics.setNames }

  /// Critics in rows, sets in columns; the best F1 of each column is marked.
  public var table: TextTable {
    let names = sets
    var table = TextTable(
      header: ["no", "critic", "protocol", "votes"] + names + ["mean", "95 %"], words: [1, 2])
    let best = names.map { name in
      critics.compactMap { critic in critic.sets.first { $0.set == name }?.scores.f1 }.max()
    }
    for critic in critics {
      let cells = names.enumerated().map { index, name -> String in
        guard let set = critic.sets.first(where: { $0.set == name }) else { return "" }
        let mark = set.scores.f1 != nil && set.scores.f1 == best[index] && critics.count > 1 ? "*" : " "
        return Figures.percent(set.scores.f1) + (set.unanswered > 0 ? "?" : set.isPartial ? "°" : mark)
      }
      let hasAll = critic.sets.count == names.count
      table.rows.append(
        [
          String(critic.number), critic.name, critic.specification.protocolName,
          String(critic.specification.samples),
        ] + cells
          + [hasAll ? Figures.percent(critic.meanF1) : "–", hasAll ? Figures.interval(critic.meanInterval) : "–"])
    }
    return table
  }

  /// What others have published.
  public var publishedTable: TextTable { PublishedScore.table(published, title: "published") }

  /// What to say beside the figures.
  public var notes: [String] {
    var notes: [String] = []
    if critics.count > 1 { notes.append("* : the best of this set.") }
    if critics.contains(where: { $0.unanswered > 0 }) {
      notes.append("? : rows of this set are still without an answer.")
    }
    if critics.contains(where: { $0.sets.contains(where: \.isPartial) }) {
      notes.append("° : only some rows of this set were chosen (--limit).")
    }
    if critics.contains(where: { $0.sets.count < sets.count }) {
      notes.append("A mean is shown only where a critic was evaluated on all sets.")
    }
    if Set(critics.filter { $0.specification.kind == .model }.map(\.specification.protocolName)).count > 1 {
      notes.append("Critics were asked by different protocols; compare within one.")
    }
    if !published.isEmpty {
      notes.append(
        "Published figures were not measured here: models, prompts, servers and rows differ. They are a reference only."
      )
    }
    return notes
  }
}
