import CritiqueModel
import ModelClient
import ModelRuns
import ReviewStore

/// A run of requests that are not rows of a benchmark; only those without a stored response.
public final class QuestionRun: ModelRun {
  /// Asks.
  public let runner: RequestRunner
  private let title: String
  private let job: QuestionJob<QuestionPlanner>

  /// A run that has not begun.
  ///
  /// - Parameters:
  ///   - title: what is being done, in a word.
  ///   - isUsable: decides which answers are usable, for the progress.
  public init(
    workspace: Workspace, client: ModelClient, parameters: RequestParameters, questions: [[ChatMessage]],
    title: String, isUsable: @escaping @Sendable (String) -> Bool
  ) {
    self.title = title
    runner = RequestRunner(client: client)
    job = QuestionJob(
      // Without rows the number of an evaluation plays no part: the texts are stored, under their questions.
      workspace: workspace, evaluation: 0, parameters: parameters,
      planner: QuestionPlanner(workspace: workspace, parameters: parameters, questions: questions),
      reading: { text, isTruncated in
        if isTruncated { return SampleReading(.truncated) }
        if text.allSatisfy(\.isWhitespace) { return SampleReading(.empty) }
        return SampleReading(isUsable(text) ? .answered : .unparsed)
      })
  }

  /// Asks what is missing.
  ///
  /// - Throws: as `EvaluationRun.run()`.
  public func run() async throws -> RequestProgress {
    try await runner.run { [self] in
      let size = try await runner.readStore { [job] in try job.planner.size() }
      try await runner.ask(job, for: title, planned: size)
    }
    return progress()
  }
}

/// Finds the questions that lack answers, each once.
private struct QuestionPlanner: RequestPlanner {
  private let workspace: Workspace
  private let parameters: RequestParameters
  private var questions: ArraySlice<[ChatMessage]>

  init(workspace: Workspace, parameters: RequestParameters, questions: [[ChatMessage]]) {
    self.workspace = workspace
    self.parameters = parameters
    var seen: Set<[ChatMessage]> = []
    self.questions = questions.filter { seen.insert($0).inserted }[...]
  }

  mutating func nextPage() throws -> [PlannedRequest<EvaluationTarget>]? {
    guard !questions.isEmpty else { return nil }
    let page = questions.prefix(500)
    questions = questions.dropFirst(500)
    let keys = page.map { parameters.keys($0) }
    let known = try workspace.transcripts(keys: keys.flatMap(\.self))
    return zip(page, keys).flatMap { messages, keys in
      let open = keys.indices.filter { known[keys[$0]] == nil }
      return open.isEmpty
        ? [] : PlannedRequest<EvaluationTarget>(messages: messages, samples: Array(open)).split(parameters.isSeeded)
    }
  }

  func size() throws -> PlanSize {
    var plan = self
    var size = PlanSize()
    while let page = try plan.nextPage() {
      size.requests += page.count
      size.samples += page.reduce(0) { $0 + $1.samples.count }
      size.solutions += Set(page.map(\.messages)).count
    }
    return size
  }
}

/// Questions to a critic: how answers are read, and stored under their questions and for the rows that they are about.
struct QuestionJob<Planner: RequestPlanner>: RequestJob where Planner.Target == EvaluationTarget {
  typealias Record = EvaluationAnswer

  let workspace: Workspace
  let evaluation: Int64
  let parameters: RequestParameters
  let planner: Planner
  /// What a text says; the flag means that it was cut off.
  let reading: @Sendable (String, Bool) -> SampleReading

  func answered(_ keys: [[UInt8]]) throws -> Set<[UInt8]> { Set(try workspace.transcripts(keys: keys).keys) }

  /// In one transaction.
  func reuse(_ answers: [StoredAnswers<EvaluationTarget>]) throws -> [Set<Int>] {
    let known = try workspace.transcripts(keys: answers.flatMap { $0.samples.map(\.key) })
    let reused = answers.flatMap { answers in
      answers.samples.compactMap { key, sample in
        known[key].map { transcript in
          EvaluationAnswer(
            targets: answers.targets, sample: sample, key: key, text: transcript.text, endpoint: "",
            reading: reading(transcript.text, transcript.isTruncated))
        }
      }
    }
    try workspace.recordEvaluation(reused, evaluation: evaluation)
    return answers.map { Set($0.samples.filter { known[$0.key] != nil }.map(\.sample)) }
  }

  func read(
    _ sample: AnsweredSample, of request: PlannedRequest<EvaluationTarget>, _ parameters: RequestParameters
  ) -> Reading {
    let reading = reading(sample.text, sample.isTruncated)
    let answer = EvaluationAnswer(
      targets: request.targets, sample: sample.sample, key: sample.key, text: sample.text,
      reasoning: sample.reasoning, finish: sample.finish?.description, endpoint: sample.endpoint,
      promptTokens: sample.promptTokens, completionTokens: sample.completionTokens, latency: sample.latency,
      reading: reading)
    return ([answer], reading.outcome == .answered ? nil : reading.outcome.words, nil)
  }

  func failures(of request: PlannedRequest<EvaluationTarget>, _ error: ModelClientError) -> [EvaluationFailure] {
    [
      EvaluationFailure(
        targets: request.targets, reason: error.reason, detail: "\(error)", attempts: error.attempts)
    ]
  }

  func store(_ answers: [EvaluationAnswer], _ failures: [EvaluationFailure]) throws {
    try workspace.recordEvaluation(answers, failures: failures, evaluation: evaluation)
  }
}

extension Workspace {
  /// The answers to a question, in the order of its samples; `nil` for those that are missing.
  public func answers(to messages: [ChatMessage], _ parameters: RequestParameters) throws -> [StoredTranscript?] {
    let keys = parameters.keys(messages)
    let known = try transcripts(keys: keys)
    return keys.map { known[$0] }
  }
}
