import CritiqueGeneration
import CritiqueModel
import ModelClient
import ReviewStore
import Synchronization

/// A run that asks a critic about the rows of benchmarks, stores what comes, and can be watched and stopped meanwhile.
///
/// Nothing about a run is kept but its answers. Whatever ends it, the next run finds in the store what is missing.
public final class EvaluationRun: Sendable {
  /// What to ask for, and how.
  public struct Options: Sendable {
    /// The evaluation, its rows in scope (`Workspace.want`).
    public var evaluation: Int64
    /// The model's name, as the server knows it.
    public var model: String
    /// The template.
    public var template: PromptTemplate
    /// How answers are drawn; the seed is that of sample 0.
    public var sampling: Sampling
    /// How answers are read.
    public var extractor: AnswerExtractor
    /// Requests that may be under way in this process at once; `nil`: four times what the servers take.
    public var window: Int?

    /// Options from their parts.
    public init(
      evaluation: Int64, model: String, template: PromptTemplate, sampling: Sampling, extractor: AnswerExtractor,
      window: Int? = nil
    ) {
      self.evaluation = evaluation
      self.model = model
      self.template = template
      self.sampling = sampling
      self.extractor = extractor
      self.window = window
    }
  }

  private static let pageSize = 200

  private let workspace: Workspace
  private let options: Options
  private let manner: RequestLoop.Manner
  private let loop: RequestLoop
  /// The last row that was planned.
  private let cursor = Mutex<EvaluationTarget?>(nil)

  /// A run that has not begun.
  public init(workspace: Workspace, client: ModelClient, options: Options) {
    self.workspace = workspace
    self.options = options
    manner = RequestLoop.Manner(
      model: options.model, sampling: options.sampling, title: "evaluation", window: options.window)
    loop = RequestLoop(
      client: client, manner: manner, read: { options.extractor.read($0, isTruncated: $1) },
      commit: { try workspace.recordEvaluation($0, failures: $1, evaluation: options.evaluation) })
  }

  /// How far the run is.
  public func progress() -> GenerationProgress { loop.state.progress() }

  /// Asks nothing new; what is in flight is waited for and kept. To drop that too, cancel the task that runs.
  public func stop() { loop.state.stop() }

  /// Asks until nothing is missing, or until ``stop()``.
  ///
  /// - Throws: `CancellationError`; `GenerationError/tooManyFailures`; `ModelClientError` for what would meet every
  ///   request; `WorkspaceError` when answers cannot be stored.
  public func run() async throws -> GenerationProgress {
    let open = try await loop.state.onReadingQueue { [workspace, options] in try workspace.openCount(options.evaluation)
    }
    return try await loop.run(rows: open.rows, samples: open.samples) { try self.nextPage() }
  }

  /// The requests of the next rows that lack answers; rows with the same question are asked once, and what is known from
  /// elsewhere is taken over.
  private func nextPage() throws -> [AskedQuestion]? {
    struct Question: Hashable {
      var messages: [ChatMessage]
      var samples: [Int]
    }
    let open = try workspace.openSamples(
      options.evaluation, after: cursor.withLock { $0 }, limit: Self.pageSize)
    guard let last = open.last else { return nil }
    cursor.withLock { $0 = last.target }
    let material = try workspace.seedMaterial(Array(Set(open.map(\.solution))).sorted(), before: .initial)
    let solutions = Dictionary(uniqueKeysWithValues: material.map { ($0.id, $0.solution) })
    let asked = try open.map { row -> [ChatMessage] in
      guard let solution = solutions[row.solution] else { throw WorkspaceError.noSuchSolution(String(row.solution)) }
      return CritiqueRequest.whole(options.template, solution)
    }
    let keys = zip(open, asked).map { RequestLoop.keys(manner, $1, $0.samples) }
    let left = try reuse(open.map(\.target), open.map(\.samples), keys)
    var places: [Question: Int] = [:]
    var questions: [AskedQuestion] = []
    for (place, row) in open.enumerated() where !left[place].isEmpty {
      let question = Question(messages: asked[place], samples: left[place])
      if let place = places[question] {
        questions[place].targets.append(row.target)
      } else {
        places[question] = questions.count
        questions.append(AskedQuestion(targets: [row.target], messages: question.messages, samples: question.samples))
      }
    }
    return questions
  }

  /// Takes over answers to the very same questions, in one transaction.
  ///
  /// - Returns: by row, the samples that are still to be asked for.
  private func reuse(_ targets: [EvaluationTarget], _ samples: [[Int]], _ keys: [[[UInt8]]]) throws -> [[Int]] {
    let known = try workspace.transcripts(keys: keys.flatMap { $0 })
    if known.isEmpty { return samples }
    var answers: [EvaluationAnswer] = []
    var left: [[Int]] = []
    var requests = 0
    for (target, (samples, keys)) in zip(targets, zip(samples, keys)) {
      var missing: [Int] = []
      for (key, sample) in zip(keys, samples) {
        guard let there = known[key] else {
          missing.append(sample)
          continue
        }
        answers.append(
          EvaluationAnswer(
            targets: [target], sample: sample, key: key, text: there.text, endpoint: "",
            reading: options.extractor.read(there.text, isTruncated: there.isTruncated)))
      }
      let isSeeded = options.sampling.seed != nil
      requests += isSeeded ? samples.count - missing.count : missing.isEmpty ? 1 : 0
      left.append(missing)
    }
    try workspace.recordEvaluation(answers, evaluation: options.evaluation)
    var counts = GenerationProgress.Counts()
    counts.reused = answers.count
    counts.requests = requests
    loop.state.count(counts)
    return left
  }
}
