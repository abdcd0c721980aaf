import Formatting
import Foundation
import ReviewStore

/// One critic on all its sets, with everything that its scores depend on.
public struct CriticScore: Sendable, Hashable, Encodable {
  /// Number of the evaluation in the workspace; 0 for one that is not kept.
  public var number: Int64
  /// The critic's name.
  public var name: String
  /// How it was asked.
  public var specification: EvaluationSpecification
  /// The program that asked.
  public var programVersion: String
  /// By set.
  public var sets: [SetScore]
  /// Mean of the sets' F1, in percent; `nil` where one has none.
  public var meanF1: Double?
  /// Bootstrap interval of the mean.
  public var meanInterval: Interval?
  /// Scores of single steps by set, where the critic says something about each step.
  public var steps: [String: StepScores] = [:]

  /// Whether rows were scored by the benchmark's labels, or by those that stand here.
  public var labels = LabelChoice.imported
  /// Rows that have another label here than in the benchmark.
  public var relabelled = 0

  /// Scores a critic.
  ///
  /// - Parameter bootstrap: `nil` leaves intervals of F1 out.
  public init(
    number: Int64 = 0, name: String, specification: EvaluationSpecification, programVersion: String,
    sets: [(name: String, items: [ItemResult])], bootstrap: Bootstrap?
  ) {
    self.number = number
    self.name = name
    self.specification = specification
    self.programVersion = programVersion
    var counts: [BootstrapSet] = []
    var scores: [SetScore] = []
    for set in sets {
      var counting = SetCounting(set.name)
      for item in set.items { counting.add(item) }
      scores.append(counting.finished)
      counts.append(counting.bootstrap)
    }
    if let bootstrap {
      let intervals = bootstrap.f1(counts)
      for (index, interval) in intervals.sets.enumerated() { scores[index].f1Interval = interval }
      meanInterval = sets.count > 1 ? intervals.mean : nil
    }
    self.sets = scores
    meanF1 = F1.mean(scores.map(\.scores.f1))
  }

  /// Rows that nobody has answered yet.
  public var unanswered: Int { sets.reduce(0) { $0 + $1.unanswered } }

  /// The mean over sets of a majority of k answers' F1, in percent.
  public func meanF1(votes k: Int) -> Double? {
    F1.mean(sets.map { set in set.curve.isEmpty ? nil : set.curve[min(k, set.curve.count) - 1].f1 })
  }

  /// How the critic was asked, in one line: without it a score means nothing.
  public var conditions: String {
    var words = specification.words
    if relabelled > 0 {
      let rows = Figures.count(relabelled, "row")
      words += labels == .resolved ? ", labels of \(rows) changed here" : ", \(rows) with another label here"
    }
    return words + ", deepcritic \(programVersion)"
  }
}

extension EvaluationSpecification {
  /// "protocol deepcritic, model m, 8 answers, temperature 1, top-p 0.9, 32,768 tokens, prompt 1a2b3c4d, extraction …".
  public var words: String {
    var facts: [String] = []
    switch kind {
    case .model: facts.append("protocol \(protocolName), model \(model ?? "?")")
    case .predictions: facts.append("imported predictions, protocol \(protocolName)")
    case .baseline: facts.append("baseline")
    }
    if samples > 1 { facts.append("majority of \(samples)") } else { facts.append("single answer") }
    if let temperature { facts.append("temperature \(Self.short(temperature))") }
    if let topP { facts.append("top-p \(Self.short(topP))") }
    if let maxTokens { facts.append("\(maxTokens) tokens") }
    if let seed { facts.append("seed \(seed)") }
    if let promptHash { facts.append("prompt \(promptHash.prefix(12))") }
    if let threshold { facts.append("threshold \(Self.short(threshold))") }
    if kind != .baseline { facts.append("extraction \(extraction), steps from \(indexBase)") }
    if requiresAnswerLine { facts.append("only answers with an answer line") }
    if let sourceHash { facts.append("file \(sourceHash.prefix(12))") }
    if let trainedBy { facts.append("run \(trainedBy)") }
    if let trainedOn { facts.append("trained on \(trainedOn.prefix(12))") }
    return facts.joined(separator: ", ")
  }

  private static func short(_ number: Double) -> String { String(format: "%g", number) }
}

extension Workspace {
  /// The scores of an evaluation.
  ///
  /// - Parameter labels: the benchmark's, or those that stand here after every decision.
  public func score(
    _ entry: EvaluationEntry, bootstrap: Bootstrap?, labels: LabelChoice = .imported
  ) throws -> CriticScore {
    let evaluated = try evaluated(entry.id, labels: labels)
    var score = CriticScore(
      number: entry.id, name: entry.name, specification: entry.specification, programVersion: entry.programVersion,
      sets: evaluated.map { ($0.benchmark.name, $0.items.map(ItemResult.init)) }, bootstrap: bootstrap)
    score.labels = labels
    for (index, (benchmark, items, relabelled)) in evaluated.enumerated() {
      score.relabelled += relabelled
      score.sets[index].benchmarkRows = benchmark.items
      let scores = try stepScores(entry.id, benchmark: benchmark.id)
      guard !scores.isEmpty else { continue }
      var steps = StepScores()
      for item in items {
        guard let own = scores[item.item.position] else { continue }
        steps.add(item: item.item, scores: own, threshold: entry.specification.threshold ?? 0.5)
      }
      score.steps[benchmark.name] = steps
    }
    return score
  }
}

extension ItemResult {
  /// A row as the store has it.
  public init(_ stored: EvaluatedItem) { self.init(stored.item, samples: stored.samples) }

  /// A row of a benchmark with its answers.
  public init(_ item: BenchmarkItem, samples: [SampleReading]) {
    self.init(
      id: item.id, steps: item.rightSteps.count, gold: item.gold, finalAnswerIsCorrect: item.finalAnswerIsCorrect,
      generator: item.generator, subject: item.subject, samples: samples)
  }
}

extension StepScores {
  /// Counts a row of a benchmark by a critic's scores; one with another number of steps is left out and counted.
  public mutating func add(item: BenchmarkItem, scores: [Double], threshold: Double) {
    guard scores.count == item.rightSteps.count else {
      leftOut["another number of steps", default: 0] += 1
      return
    }
    add(wrong: item.rightSteps.map { $0.map(!) }, saidWrong: scores.map { $0 < threshold })
  }
}
