/// How a server wants to be asked, where servers differ: as settings say, or as its refusals taught.
public struct ServerDialect: Sendable, Hashable {
  /// The name under which the longest answer is sent.
  public enum TokenLimit: String, Sendable, Hashable, CaseIterable {
    case maxTokens = "max_tokens"
    /// OpenAI's newer models refuse the other name.
    case maxCompletionTokens = "max_completion_tokens"
  }

  /// The name under which the longest answer is sent.
  public var tokenLimit = TokenLimit.maxTokens
  /// It takes `n`.
  public var takesChoices = true
  /// It takes `stream`.
  public var streams = true
  /// It takes `stream_options`.
  public var countsStreams = true
  /// It takes seeds that nobody asked for (``ChatRequest/sampleSeed``).
  public var takesSampleSeeds = true

  /// What nearly all servers take.
  public init() {}

  /// Learns from a refusal what a server does not take.
  ///
  /// - Returns: what is done from now on, in words; `nil` when the refusal teaches nothing about this request.
  mutating func learn(from error: ModelClientError, about request: ChatRequest, isStreamed: Bool) -> String? {
    guard case .status(let code, let words) = error.kind, [400, 422, 501].contains(code) else { return nil }
    let text = words.lowercased()
    if tokenLimit == .maxTokens, text.contains("max_completion_tokens") {
      tokenLimit = .maxCompletionTokens
      return "it takes max_completion_tokens in place of max_tokens"
    }
    if isStreamed, countsStreams, text.contains("stream_options") || text.contains("include_usage") {
      countsStreams = false
      return "it takes no stream_options: its streams count no tokens"
    }
    if isStreamed, streams, text.contains("stream") {
      streams = false
      return "it does not stream: answers come whole"
    }
    if request.choices > 1, takesChoices, Self.refusesChoices(text) {
      takesChoices = false
      return "it takes no n: one sample a request"
    }
    if request.sampling.seed == nil, request.sampleSeed != nil, takesSampleSeeds, text.contains("seed") {
      takesSampleSeeds = false
      return "it takes no seed"
    }
    return nil
  }

  private static func refusesChoices(_ text: String) -> Bool {
    if text.contains("completion choice") || text.contains("multiple choices") { return true }
    // "n", 'n', `n`, "n > 1", "n must be 1", "parameter n", "n is not supported": the letter as a word.
    let words = text.split { !($0.isLetter || $0.isNumber || "_-'".contains($0) || $0 == "’") }
    return words.contains { $0.trimming("'’") == "n" }
  }
}

extension Substring {
  fileprivate func trimming(_ characters: String) -> Substring {
    var rest = drop { characters.contains($0) }
    while let last = rest.last, characters.contains(last) { rest.removeLast() }
    return rest
  }
}
