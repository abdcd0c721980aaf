import CritiqueModel
import DatasetFormats
import Formatting
import Foundation
import Hashing
import ReviewStore

/// A critic whose answers were made elsewhere or by a rule: read, joined with benchmarks, ready to be scored and stored.
public struct ImportedCritic: Sendable {
  /// How answers are to be read.
  public struct Reading: Sendable, Hashable {
    /// The rule for texts.
    public var rule: ExtractionRule
    /// Where answers begin to count; `nil` to find out.
    public var base: IndexBase?
    /// A text without an answer line says nothing.
    public var requiresAnswerLine: Bool
    /// A step whose score is below is wrong.
    public var threshold: Double
    /// The protocol that the answers were made by, where somebody says so.
    public var asked: CriticProtocol?

    /// Reading from its parts.
    public init(
      rule: ExtractionRule = .standard, base: IndexBase? = nil, requiresAnswerLine: Bool = false,
      threshold: Double = 0.5, asked: CriticProtocol? = nil
    ) {
      self.rule = rule
      self.base = base
      self.requiresAnswerLine = requiresAnswerLine
      self.threshold = threshold
      self.asked = asked
    }
  }

  /// An answer as it was written, with what it says; baselines write none.
  public struct Answer: Sendable {
    /// As the file has it.
    public var written: WrittenAnswer
    /// What it says.
    public var reading: SampleReading
  }

  /// A set with the answers of each of its rows.
  public struct ScoredSet: Sendable {
    /// The rows.
    public var joined: PredictionJoin.Joined
    /// By row; empty for a row without any.
    public var answers: [[Answer]]
  }

  /// By set.
  public let sets: [ScoredSet]
  /// How the answers came about.
  public let specification: EvaluationSpecification
  /// What to call it when nobody gives a name.
  public let defaultName: String
  /// Sentences about what does not fit.
  public let notes: [String]
  /// Records that cannot be read.
  public let bad: [BadRecord]
  /// Whether the rows came with the predictions.
  public let describesItself: Bool

  /// Reads files of predictions.
  ///
  /// - Parameters:
  ///   - benchmarks: empty when the files describe their rows.
  ///   - keepsTexts: `false` when only the scores are needed.
  /// - Throws: `DatasetError`, ``EvaluationError``.
  public init(
    files paths: [String], benchmarks: [BenchmarkSet], reading: Reading, keepsTexts: Bool = true
  ) throws {
    let rule = AnswerExtractor(reading.rule, requiresAnswerLine: reading.requiresAnswerLine)
    let files = try paths.map { try PredictionFile($0, reading: keepsTexts ? nil : rule) }
    let joined = try PredictionJoin(files, benchmarks: benchmarks)
    var extractor = rule
    let needsBase = files.contains { $0.rows.contains { $0.answers.contains(where: \.hasBase) } }
    if let base = reading.base ?? PredictionFile.base(of: files, extractor: extractor) ?? reading.asked?.base {
      extractor.base = base
    } else if needsBase {
      throw EvaluationError.unknownBase(path: paths.first ?? "")
    }
    let reader = WrittenAnswerReader(extractor: extractor, threshold: reading.threshold)
    var sets: [ScoredSet] = []
    var samples = 1
    var differing = 0
    var isScored = false
    for set in joined.sets {
      let answers = set.rows.map { row in
        row.map { $0.row.answers.map { Answer(written: $0, reading: reader.read($0)) } } ?? []
      }
      samples = max(samples, answers.map(\.count).max() ?? 1)
      for (row, own) in zip(set.rows, answers) {
        guard let row = row?.row else { continue }
        if row.answers.contains(where: \.isScored) { isScored = true }
        guard let said = row.prediction, row.answers.contains(where: \.isText) else { continue }
        if Ballots(own.map(\.reading)).prediction != extractor.base.step(said) { differing += 1 }
      }
      sets.append(ScoredSet(joined: set, answers: answers))
    }
    var notes: [String] = []
    if !joined.unmatched.isEmpty {
      notes.append(
        "\(joined.unmatched.count) predictions belong to no row and are left out; the first is about "
          + "'\(joined.unmatched[0])'.")
    }
    if differing > 0 {
      notes.append(
        "In \(differing) rows the text says something else than the file's own `prediction`; the text counts.")
    }
    self.sets = sets
    self.notes = notes
    bad = files.flatMap(\.bad)
    describesItself = benchmarks.isEmpty
    defaultName = files.first?.set ?? "predictions"
    specification = EvaluationSpecification(
      kind: .predictions, model: nil, protocolName: reading.asked?.rawValue ?? "unknown", samples: samples,
      extraction: extractor.name, indexBase: extractor.base.rawValue,
      requiresAnswerLine: extractor.requiresAnswerLine, sources: paths, sourceHash: Self.hash(files),
      threshold: isScored ? reading.threshold : nil)
  }

  /// A critic that needs no model.
  public init(_ baseline: Baseline, benchmarks: [BenchmarkSet], seed: Int) {
    sets = benchmarks.map { set in
      ScoredSet(
        joined: PredictionJoin.Joined(set: set, rows: []),
        answers: baseline.predictions(set.items, seed: seed).map { [Answer(written: .none, reading: $0)] })
    }
    notes = []
    bad = []
    describesItself = false
    defaultName = baseline.words
    specification = EvaluationSpecification(
      kind: .baseline, model: baseline.rawValue, protocolName: "none", seed: baseline == .random ? seed : nil,
      extraction: "none")
  }

  /// The rows of every set with what was said about them.
  public var results: [(name: String, items: [ItemResult])] {
    sets.map { set in
      (
        set.joined.set.name,
        zip(set.joined.set.items, set.answers).map { item, answers in
          ItemResult(item, samples: answers.map(\.reading))
        }
      )
    }
  }

  /// The scores.
  public func score(name: String?, programVersion: String, bootstrap: Bootstrap?) -> CriticScore {
    var score = CriticScore(
      name: name ?? defaultName, specification: specification, programVersion: programVersion, sets: results,
      bootstrap: bootstrap)
    let reader = WrittenAnswerReader(extractor: AnswerExtractor())
    for set in sets {
      var steps = StepScores()
      for (item, answers) in zip(set.joined.set.items, set.answers) {
        guard let first = answers.first,
          let scores = reader.kept(first.written, steps: item.rightSteps.count).scores
        else { continue }
        steps.add(item: item, scores: scores, threshold: specification.threshold ?? 0.5)
      }
      if steps.rows > 0 || !steps.leftOut.isEmpty { score.steps[set.joined.set.name] = steps }
    }
    return score
  }

  /// Keeps rows and answers in a workspace.
  ///
  /// - Throws: `WorkspaceError`, `DatasetError`, `FileWriteError`.
  public func store(in workspace: Workspace, name: String?, programVersion: String) throws -> EvaluationEntry {
    let registry = BenchmarkRegistry(workspace, programVersion: programVersion)
    let name = name ?? defaultName
    let entry = try workspace.beginEvaluation(name: name, specification, programVersion: programVersion)
    let reader = WrittenAnswerReader(extractor: AnswerExtractor())
    for set in sets {
      let (registered, benchmark) =
        describesItself ? try registry.register(described: set.joined) : try registry.register(set.joined.set)
      let samples = set.answers.map(\.count).max() ?? 1
      try workspace.want(
        Array(registered.items.indices), of: benchmark.id, samples: max(samples, 1), evaluation: entry.id)
      let contents = set.joined.set.contents
      var pending: [EvaluationAnswer] = []
      for (item, answers) in zip(registered.items, set.answers) {
        let file = set.joined.rows.indices.contains(item.position) ? set.joined.rows[item.position]?.file : nil
        for (sample, answer) in answers.enumerated() {
          let kept = reader.kept(answer.written, steps: item.rightSteps.count)
          pending.append(
            EvaluationAnswer(
              targets: [EvaluationTarget(benchmark: benchmark.id, position: item.position)], sample: sample,
              key: key(name, contents[item.position], item.id, sample), text: kept.text,
              scores: kept.scores, endpoint: file ?? defaultName, reading: answer.reading))
        }
        if pending.count >= 1000 {
          try workspace.recordEvaluation(pending, evaluation: entry.id)
          pending = []
        }
      }
      try workspace.recordEvaluation(pending, evaluation: entry.id)
    }
    return entry
  }

  /// Nobody asked a question, so that the file, the row and the sample name an answer.
  private func key(_ name: String, _ content: String, _ id: String, _ sample: Int) -> [UInt8] {
    let text = [specification.sourceHash ?? name, specification.model ?? "", content, id, String(sample)]
    return Array(SHA256.hash(data: Array(text.joined(separator: "\n").utf8)).prefix(16))
  }

  private static func hash(_ files: [PredictionFile]) -> String {
    var hash = SHA256()
    for file in files { hash.update(data: file.digest) }
    return Hex.string(hash.finalize())
  }
}

extension WrittenAnswer {
  /// Whether it is a number that counts from somewhere.
  var hasBase: Bool {
    switch self {
    case .text, .read: true
    case .number(let number): number != -1
    default: false
    }
  }

  var isText: Bool {
    switch self {
    case .text, .read: true
    default: false
    }
  }
  /// Whether it says something about each step.
  var isScored: Bool { if case .scores = self { true } else { false } }
}

extension AnswerExtractor {
  /// The rule and its version, as stored: "standard 1".
  public var name: String { "\(rule.rawValue) \(rule.version)" }
}
