import CritiqueModel
import ReviewStore

/// Predictions put beside the rows that they are about.
public struct PredictionJoin: Sendable {
  /// A set with the answers of each of its rows.
  public struct Joined: Sendable {
    /// The rows.
    public var set: BenchmarkSet
    /// By row, its answers and where they stand; `nil` for a row without any.
    public var rows: [(row: PredictionRow, file: String)?]
  }

  /// By set.
  public var sets: [Joined]
  /// Identifiers of predictions that belong to no row.
  public var unmatched: [String] = []

  /// Joins files with benchmarks by identifier, or by problem and steps where identifiers do not help.
  ///
  /// - Parameter benchmarks: none, when the files describe their rows themselves.
  /// - Throws: ``EvaluationError`` for a duplicate, a label that differs from the benchmark's, or when nothing fits.
  public init(_ files: [PredictionFile], benchmarks: [BenchmarkSet]) throws(EvaluationError) {
    if benchmarks.isEmpty {
      sets = try Self.describedSets(files)
      return
    }
    sets = benchmarks.map { Joined(set: $0, rows: Array(repeating: nil, count: $0.items.count)) }
    var byID: [String: [(set: Int, place: Int)]] = [:]
    var byContent: [String: [(set: Int, place: Int)]] = [:]
    for (index, set) in benchmarks.enumerated() {
      for (place, (item, content)) in zip(set.items, set.contents).enumerated() {
        byID[item.id, default: []].append((index, place))
        byContent[content, default: []].append((index, place))
      }
    }
    for file in files {
      var matched = 0
      for row in file.rows {
        var places = row.id.flatMap { byID[$0] } ?? []
        if Set(places.map(\.set)).count > 1 { places = places.filter { benchmarks[$0.set].name == file.set } }
        if let problem = row.problem, let steps = row.steps {
          let same = byContent[BenchmarkSet.content(problem: problem, steps: steps)] ?? []
          // What the row says about itself counts more than a number that several sets have.
          let both = places.filter { place in same.contains { $0 == place } }
          places = both.isEmpty ? same : both
        }
        guard let place = places.first else {
          unmatched.append(row.id ?? "line \(row.line)")
          continue
        }
        guard places.count == 1 else { throw Self.ambiguous(file, row, places.map { benchmarks[$0.set].name }) }
        matched += 1
        try put(row, file, place.set, place.place)
      }
      if matched == 0 {
        throw .noneBelongs(path: file.path, example: unmatched.last ?? "", sets: benchmarks.map(\.name))
      }
    }
  }

  private mutating func put(
    _ row: PredictionRow, _ file: PredictionFile, _ set: Int, _ place: Int
  ) throws(EvaluationError) {
    let item = sets[set].set.items[place]
    if let known = sets[set].rows[place] {
      throw .row(
        path: file.path, line: row.line,
        reason: "'\(item.id)' has a prediction already (\(known.file):\(known.row.line))",
        remedy: "Give one prediction per row; put several responses of a row in one list.")
    }
    if let label = row.label, (label < 0 ? -1 : label + 1) != item.gold {
      throw .row(
        path: file.path, line: row.line,
        reason: "the label of '\(item.id)' is \(label) here and \(item.gold < 0 ? -1 : item.gold - 1) in "
          + "\(sets[set].set.path) (both from 0)",
        remedy: "Use the benchmark that the predictions were made for.")
    }
    sets[set].rows[place] = (row, file.path)
  }

  private static func ambiguous(_ file: PredictionFile, _ row: PredictionRow, _ sets: [String]) -> EvaluationError {
    if Set(sets).count == 1 {
      return .row(
        path: file.path, line: row.line,
        reason: "'\(row.id ?? "")' is the identifier of \(sets.count) rows of \(sets[0])",
        remedy:
          "Give each row of the benchmark an identifier of its own, or add `problem` and `steps` to the predictions.")
    }
    return .row(
      path: file.path, line: row.line, reason: "'\(row.id ?? "")' is in several sets (\(sets.joined(separator: ", ")))",
      remedy: "Name the set by the file (SET.jsonl), or evaluate one benchmark at a time.")
  }

  /// Sets made of files that describe their rows; files of the same name belong together.
  private static func describedSets(_ files: [PredictionFile]) throws(EvaluationError) -> [Joined] {
    var sets: [Joined] = []
    for file in files {
      guard file.describesItself else { throw .needsBenchmark(path: file.path) }
      let index: Int
      if let known = sets.firstIndex(where: { $0.set.name == file.set }) {
        index = known
      } else {
        index = sets.count
        sets.append(Joined(set: BenchmarkSet(name: file.set, path: file.path, format: "predictions"), rows: []))
      }
      var seen: [String: Int] = [:]
      for (place, item) in sets[index].set.items.enumerated() { seen[item.id] = place }
      for row in file.rows {
        let id = row.id ?? "\(BenchmarkFile.stem(file.path)) line \(row.line)"
        if let known = seen[id], let other = sets[index].rows[known] {
          throw .row(
            path: file.path, line: row.line, reason: "'\(id)' is repeated (first at \(other.file):\(other.row.line))",
            remedy: "Give one prediction per row; put several responses of a row in one list.")
        }
        let solution = try solution(row, file)
        sets[index].set.add(solution, id: id, subject: nil, marksRest: false)
        seen[id] = sets[index].rows.count
        sets[index].rows.append((row, file.path))
      }
      sets[index].set.bad += file.bad
    }
    return sets
  }

  private static func solution(
    _ row: PredictionRow, _ file: PredictionFile
  ) throws(EvaluationError) -> Solution {
    let texts = row.steps ?? []
    let label = row.label ?? -1
    guard label >= -1, label < texts.count else {
      throw .row(
        path: file.path, line: row.line, reason: "label is \(label), but the solution has \(texts.count) steps",
        remedy: "It must be -1 or the 0-based index of the first error.")
    }
    let steps = texts.enumerated().map { index, text in
      Step(text, rating: label < 0 || index < label ? .correct : index == label ? .incorrect : nil)
    }
    return Solution(
      problem: row.problem ?? "", steps: steps, finalAnswerCorrect: row.finalAnswerIsCorrect, sourceID: row.id,
      generator: row.generator)
  }
}

/// Reads answers out of files of predictions.
public struct WrittenAnswerReader: Sendable {
  /// The rule for texts; its base is also that of numbers.
  public var extractor: AnswerExtractor
  /// A step whose score is below is wrong.
  public var threshold: Double

  /// A reader from its parts.
  public init(extractor: AnswerExtractor, threshold: Double = 0.5) {
    self.extractor = extractor
    self.threshold = threshold
  }

  /// What an answer says.
  public func read(_ answer: WrittenAnswer) -> SampleReading {
    switch answer {
    case .text(let text): text.read(extractor)
    case .read(let reading):
      SampleReading(
        reading.outcome, prediction: reading.prediction.map(extractor.base.step), ballot: reading.ballot)
    case .number(let number): .step(extractor.base.step(number))
    case .scores(let scores): read(scores: scores)
    case .errorSteps(let steps): .step(steps.min() ?? -1)
    case .none: SampleReading(.unparsed)
    }
  }

  /// The first step whose score is below the threshold, −1 for none.
  public func read(scores: [Double]) -> SampleReading {
    scores.isEmpty
      ? SampleReading(.empty) : .step(scores.firstIndex { $0 < threshold }.map { $0 + 1 } ?? -1)
  }

  /// What is kept of an answer: its text, and its scores by step.
  ///
  /// - Parameter steps: of the solution.
  public func kept(_ answer: WrittenAnswer, steps: Int) -> (text: String, scores: [Double]?) {
    switch answer {
    case .text(let text): (text.string, nil)
    case .scores(let scores): ("", scores)
    case .errorSteps(let wrong): ("", (1...max(steps, 1)).map { wrong.contains($0) ? 0 : 1 })
    case .number, .read, .none: ("", nil)
    }
  }
}
