import CritiqueGeneration
import CritiqueModel
import ModelClient
import ReviewStore
import Synchronization

/// How one model is asked questions that are no rows of a benchmark.
public struct QuestionManner: Sendable, Hashable {
  /// The model's name, as the server knows it.
  public var model: String
  /// How answers are drawn; the seed is that of sample 0.
  public var sampling: Sampling
  /// Samples of each question.
  public var samples: Int

  /// A manner from its parts.
  public init(model: String, sampling: Sampling, samples: Int = 1) {
    self.model = model
    self.sampling = sampling
    self.samples = samples
  }

  /// Identities of the answers to a question.
  func keys(_ messages: [ChatMessage]) -> [[UInt8]] {
    RequestKey.of(model: model, messages: messages, sampling: sampling, samples: Array(0..<samples))
  }
}

/// A run that asks questions whose answers are not stored yet. What is stored is the plan, as everywhere.
public final class QuestionRun: Sendable {
  private let workspace: Workspace
  private let questions: [[ChatMessage]]
  private let manner: QuestionManner
  private let loop: RequestLoop
  private let isPlanned = Mutex(false)

  /// A run that has not begun.
  ///
  /// - Parameters:
  ///   - title: what is being done, in a word.
  ///   - extractor: tells which answers are usable, for the progress.
  public init(
    workspace: Workspace, client: ModelClient, manner: QuestionManner, questions: [[ChatMessage]], title: String,
    isUsable: @escaping @Sendable (String) -> Bool
  ) {
    self.workspace = workspace
    self.manner = manner
    self.questions = questions
    loop = RequestLoop(
      client: client, manner: RequestLoop.Manner(model: manner.model, sampling: manner.sampling, title: title),
      read: { text, isTruncated in
        if isTruncated { return SampleReading(.truncated) }
        if text.allSatisfy(\.isWhitespace) { return SampleReading(.empty) }
        return SampleReading(isUsable(text) ? .answered : .unparsed)
      },
      // Without rows the number of an evaluation plays no part: the texts are stored, under their questions.
      commit: { answers, _ in try workspace.recordEvaluation(answers, evaluation: 0) })
  }

  /// How far the run is.
  public func progress() -> GenerationProgress { loop.state.progress() }

  /// Asks nothing new; what is in flight is waited for and kept.
  public func stop() { loop.state.stop() }

  /// Asks what is missing.
  ///
  /// - Throws: as `EvaluationRun.run()`.
  public func run() async throws -> GenerationProgress {
    let missing = try await loop.state.onReadingQueue { try self.missing() }
    return try await loop.run(rows: missing.count, samples: missing.reduce(0) { $0 + $1.samples.count }) {
      self.isPlanned.withLock { isPlanned in
        defer { isPlanned = true }
        return isPlanned ? nil : missing
      }
    }
  }

  /// The questions that lack answers, each once.
  private func missing() throws -> [AskedQuestion] {
    var seen: Set<[ChatMessage]> = []
    var found: [AskedQuestion] = []
    let distinct = questions.filter { seen.insert($0).inserted }
    for start in stride(from: 0, to: distinct.count, by: 500) {
      let page = distinct[start..<min(start + 500, distinct.count)]
      let keys = page.map(manner.keys)
      let known = try workspace.transcripts(keys: keys.flatMap { $0 })
      for (messages, keys) in zip(page, keys) {
        let open = keys.indices.filter { known[keys[$0]] == nil }
        if !open.isEmpty { found.append(AskedQuestion(messages: messages, samples: open)) }
      }
    }
    return found
  }
}

extension Workspace {
  /// The answers to a question, in the order of its samples; `nil` for those that are missing.
  public func answers(to messages: [ChatMessage], _ manner: QuestionManner) throws -> [StoredTranscript?] {
    let keys = manner.keys(messages)
    let known = try transcripts(keys: keys)
    return keys.map { known[$0] }
  }
}
