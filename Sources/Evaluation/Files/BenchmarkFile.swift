import CritiqueModel
import DatasetFormats
import JSON
import ReviewStore

/// A benchmark as read from a file.
public struct BenchmarkSet: Sendable {
  /// Its name.
  public var name: String
  /// The file.
  public var path: String
  /// Name of the file's format.
  public var format: String
  /// The rows with a label.
  public var items: [BenchmarkItem] = []
  /// The rows' solutions.
  public var solutions: [Solution] = []
  /// Rows that cannot be used, by reason.
  public var leftOut: [String: Int] = [:]
  /// Records that cannot be read.
  public var bad: [BadRecord] = []

  /// Adds a row.
  ///
  /// - Parameters:
  ///   - id: the file's own identifier, or the line.
  ///   - marksRest: steps behind the first error without a mark are right (PRMBench lists every wrong step).
  mutating func add(
    _ solution: Solution, id: String, subject: String?, marksRest: Bool
  ) {
    guard !solution.steps.isEmpty else { return leaveOut("no steps") }
    if solution.finishReason == .giveUp { return leaveOut("labeller gave up") }
    if solution.finishReason == .badProblem { return leaveOut("bad problem") }
    guard let gold = solution.firstError.boxed else { return leaveOut("label unfinished") }
    items.append(
      BenchmarkItem(
        position: items.count, id: id, gold: gold,
        rightSteps: solution.steps.map { step in
          step.rating.map { $0 != .incorrect } ?? (marksRest ? true : nil)
        },
        finalAnswerIsCorrect: solution.finalAnswerCorrect, generator: solution.generator, subject: subject))
    solutions.append(solution)
  }

  var keys: [String] { solutions.map { SolutionKey(of: $0).description } }

  /// Hash of problem and steps of each row, labels left out: predictions find their row by it.
  var contents: [String] { solutions.map { Self.content(problem: $0.problem, steps: $0.steps.map(\.text)) } }

  private mutating func leaveOut(_ reason: String) { leftOut[reason, default: 0] += 1 }

  /// Identity of problem and steps, whatever their labels.
  static func content(problem: String, steps: [String]) -> String {
    SolutionKey(of: Solution(problem: problem, steps: steps.map { Step($0) })).description
  }
}

/// Reads benchmarks of every format that has labels.
public enum BenchmarkFile {
  /// Reads a file.
  ///
  /// - Parameters:
  ///   - name: the set's name; `nil` takes it from the file.
  /// - Throws: `DatasetError` when the file cannot be read; ``EvaluationError/noLabels(path:leftOut:)``.
  public static func read(_ path: String, name: String? = nil, format: DatasetFormat? = nil) throws -> BenchmarkSet {
    let reader = try DatasetReader(path: path, format: format)
    var set = BenchmarkSet(
      name: name ?? defaultName(path, reader.format), path: path, format: reader.format.rawValue)
    while let item = try reader.next() {
      switch item {
      case .bad(let bad): set.bad.append(bad)
      case .record(let record):
        for solution in record.content.solutions {
          set.add(
            solution, id: solution.sourceID ?? "line \(record.line)", subject: subject(of: record),
            marksRest: reader.format == .prmbench)
        }
      }
    }
    guard !set.items.isEmpty else { throw EvaluationError.noLabels(path: path, leftOut: set.leftOut) }
    return set
  }

  /// Keys under which files name what a problem is about.
  private static let subjectKeys = ["subject", "type", "classification", "question_type", "category"]

  private static func subject(of record: SourceRecord) -> String? {
    guard let root = try? JSONDocument(parsing: record.raw).root else { return nil }
    for key in subjectKeys {
      if let text = root.value(forKey: key)?.string, !text.isEmpty { return text }
    }
    return nil
  }

  /// The file's name without its endings; MR-GSM8K's own name, since its files are called otherwise.
  static func defaultName(_ path: String, _ format: DatasetFormat) -> String {
    if format == .mrgsm8k || format == .mrgsm8kOriginal { return "mr-gsm8k" }
    return stem(path)
  }

  /// "gsm8k" of "data/gsm8k.json.gz".
  static func stem(_ path: String) -> String {
    var name = path.split(separator: "/").last.map(String.init) ?? path
    for ending in [".gz", ".jsonl", ".json"] where name.hasSuffix(ending) && name.count > ending.count {
      name.removeLast(ending.count)
    }
    return name
  }
}
