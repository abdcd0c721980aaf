import CritiqueGeneration
import ModelClient
import ReviewStore

/// A question to a model, with the samples that are wanted of it.
public struct AskedQuestion: Sendable, Hashable {
  /// The rows that it is about; none for a question of its own.
  public var targets: [EvaluationTarget]
  /// The conversation; one that ends with the assistant's turn is to be continued.
  public var messages: [ChatMessage]
  /// Numbers of the samples.
  public var samples: [Int]

  /// A question from its parts.
  public init(targets: [EvaluationTarget] = [], messages: [ChatMessage], samples: [Int]) {
    self.targets = targets
    self.messages = messages
    self.samples = samples
  }
}

/// Asks questions as fast as servers take them, gives away what comes, and can be watched and stopped meanwhile.
final class RequestLoop: Sendable {
  /// How the model is asked.
  struct Manner: Sendable {
    /// The model's name, as the server knows it.
    var model: String
    /// How answers are drawn; the seed is that of sample 0.
    var sampling: Sampling
    /// What is being done, in a word.
    var title: String
    /// Requests that may be under way in this process at once; `nil`: four times what the servers take.
    var window: Int?
  }

  private struct Item: Sendable {
    var answers: [EvaluationAnswer] = []
    var failure: EvaluationFailure?
  }

  private let manner: Manner
  private let writer: GroupCommit<Item, Void>
  private let read: @Sendable (String, Bool) -> SampleReading
  private let asker: SampleAsker
  let state: AskingState

  /// A loop that has not begun.
  ///
  /// - Parameters:
  ///   - read: what a text says; told whether it was cut off.
  ///   - commit: stores answers and failures, durably.
  init(
    client: ModelClient, manner: Manner, read: @escaping @Sendable (String, Bool) -> SampleReading,
    commit: @escaping @Sendable ([EvaluationAnswer], [EvaluationFailure]) throws -> Void
  ) {
    self.manner = manner
    self.read = read
    asker = SampleAsker(client: client)
    state = AskingState(client: client)
    writer = GroupCommit { try commit($0.flatMap(\.answers), $0.compactMap(\.failure)) }
  }

  /// Identities of a question's samples.
  static func keys(_ manner: Manner, _ messages: [ChatMessage], _ samples: [Int]) -> [[UInt8]] {
    RequestKey.of(model: manner.model, messages: messages, sampling: manner.sampling, samples: samples)
  }

  /// Asks page after page, until there is none or ``stop()``.
  ///
  /// - Parameters:
  ///   - rows: with something to ask.
  ///   - samples: that are missing.
  ///   - page: the next questions; `nil` at the end. Called on a thread of its own.
  func run(
    rows: Int, samples: Int, page: @escaping @Sendable () throws -> [AskedQuestion]?
  ) async throws -> GenerationProgress {
    state.begin()
    state.beginPart { progress in
      progress.title = manner.title
      progress.planned.solutions = rows
      progress.planned.requests = manner.sampling.seed == nil ? rows : samples
      progress.planned.samples = samples
    }
    try await AskingState.translatingCancellation {
      try await state.askAll(window: manner.window) {
        try await state.onReadingQueue(page).map(split)
      } ask: { question in
        try await self.ask(question)
      }
    }
    state.change { $0.title = nil }
    return state.progress()
  }

  /// With seeds each sample goes by itself.
  private func split(_ page: [AskedQuestion]) -> [AskedQuestion] {
    guard manner.sampling.seed != nil else { return page }
    return page.flatMap { question in
      question.samples.map { AskedQuestion(targets: question.targets, messages: question.messages, samples: [$0]) }
    }
  }

  /// Asks until every sample of a question is stored, or a failure is.
  private func ask(_ question: AskedQuestion) async throws {
    try await state.settle {
      try await asker.ask(question.samples) { [manner] samples in
        ChatRequest(
          model: manner.model, messages: question.messages, sampling: manner.sampling.first(samples[0]),
          choices: samples.count, continuesLastMessage: question.messages.last?.role == .assistant)
      } store: { answer, samples in
        try await self.store(answer, question, samples)
      }
    } keepingFailure: { error in
      try await writer.store(
        Item(
          failure: EvaluationFailure(
            targets: question.targets, reason: error.reason, detail: "\(error)", attempts: error.attempts)))
    }
  }

  private func store(_ answer: ChatAnswer, _ question: AskedQuestion, _ asked: [Int]) async throws -> [Int] {
    let choices = answer.choices.sorted { $0.index < $1.index }.prefix(asked.count)
    let numbers = Array(asked.prefix(choices.count))
    let keys = Self.keys(manner, question.messages, numbers)
    var answers: [EvaluationAnswer] = []
    var counts = GenerationProgress.Counts()
    for (place, choice) in choices.enumerated() {
      let reading = read(choice.text, choice.finish == .length)
      answers.append(
        EvaluationAnswer(
          targets: question.targets, sample: numbers[place], key: keys[place], text: choice.text,
          reasoning: choice.reasoning, finish: choice.finish?.description, endpoint: answer.endpoint,
          promptTokens: place == 0 ? answer.usage?.prompt : nil,
          completionTokens: place == 0 ? answer.usage?.completion : nil,
          latency: answer.seconds > 0 ? Int(answer.seconds * 1000) : nil, reading: reading))
      if reading.outcome == .answered {
        counts.usable += 1
      } else {
        counts.failed[reading.outcome.words, default: 0] += 1
      }
    }
    try await writer.store(Item(answers: answers))
    counts.samples = answers.count
    counts.promptTokens = answer.usage?.prompt ?? 0
    counts.completionTokens = answer.usage?.completion ?? 0
    state.noteAnswer()
    state.count(counts)
    return numbers
  }
}
