import ModelClient

/// The parameters that the requests of one job are sent with.
public struct RequestParameters: Sendable, Hashable {
  /// The model's name, as the server knows it.
  public var model: String
  /// How answers are drawn; the seed is that of sample 0, sample k has this plus k.
  public var sampling: Sampling
  /// Samples of each question.
  public var samples: Int
  /// An answer cut off at the token limit is asked for once more with this many tokens; `nil` for never.
  public var retryTokens: Int?
  /// A last turn of the assistant is the beginning of the answer, which the model continues.
  public var continuesLastMessage: Bool

  /// Parameters from their parts.
  public init(
    model: String, sampling: Sampling, samples: Int = 1, retryTokens: Int? = nil, continuesLastMessage: Bool = true
  ) {
    self.model = model
    self.sampling = sampling
    self.samples = samples
    self.retryTokens = retryTokens
    self.continuesLastMessage = continuesLastMessage
  }

  /// Whether each sample has a seed, and with it a request, of its own.
  public var isSeeded: Bool { sampling.seed != nil }

  /// The identities of a question's samples; without numbers, of all of them.
  public func keys(_ messages: [ChatMessage], _ samples: [Int]? = nil) -> [[UInt8]] {
    RequestKey.of(model: model, messages: messages, sampling: sampling, samples: samples ?? Array(0..<self.samples))
  }

  /// The request for some samples of a question. With a seed it has that of its first sample, so that a server gives the
  /// same answers again and different ones to each.
  public func request(_ messages: [ChatMessage], samples: [Int] = [0]) -> ChatRequest {
    var sampling = sampling
    sampling.seed = sampling.seed.map { $0 &+ (samples.first ?? 0) }
    return ChatRequest(
      model: model, messages: messages, sampling: sampling, choices: samples.count,
      continuesLastMessage: continuesLastMessage && messages.last?.role == .assistant)
  }

  /// The same for an answer that was cut off; `nil` when it is not asked for again.
  var forTruncated: RequestParameters? {
    guard let retryTokens, retryTokens > sampling.maxTokens else { return nil }
    var longer = self
    longer.sampling.maxTokens = retryTokens
    longer.retryTokens = nil
    return longer
  }
}
