/// How the server behaves.
public struct ServerConfiguration: Sendable {
  /// What critiques conclude.
  public enum Manner: String, Sendable, CaseIterable {
    /// Always the truth about the step (``truth``).
    case right
    /// Always the opposite.
    case wrong
    /// Mostly the truth; some answers are wrong, and some conclude nothing, are empty or are cut off.
    case mixed
  }

  /// Tells whether a step is correct, from the prompt's problem and step.
  public var truth: @Sendable (_ problem: String, _ step: String) -> Bool = { _, step in !step.contains("WRONG") }
  /// What critiques conclude.
  public var manner = Manner.right
  /// Choices of one request differ from each other, as a real server's do.
  ///
  /// Without this a choice depends on the conversation and its seed only, so that a client that is given fewer choices and
  /// asks again ends with the same texts.
  public var variesChoices = true
  /// Which requests meet which fault.
  public var faults = FaultPlan.none
  /// Seconds until each answer.
  public var latency = 0.0
  /// Most choices of one answer, whatever `n` says; `nil` for no limit.
  public var choicesLimit: Int?
  /// Requests answered at the same time; more are refused with 429. `nil` for no limit.
  public var capacity: Int?
  /// Requests worked on at the same time; more wait for their turn, so that overload shows as latency. `nil` for no limit.
  public var workers: Int?
  /// Parameters that are refused with 400, in the words of servers that do: "n", "max_tokens", "stream", "seed",
  /// "stream_options".
  public var refuses: Set<String> = []
  /// Bearer token without which everything is refused with 401; `nil` for none.
  public var key: String?
  /// What `Retry-After` says, in seconds.
  public var retryAfter = 1
  /// Seconds between the bytes of a slow answer.
  public var slowPause = 0.05
  /// Seconds by which a late answer is late.
  public var lateness = 1.0
  /// Bytes of a huge answer's text.
  public var hugeBytes = 80 << 20
  /// Solves problems, where there is one.
  public var solver: PlantedSolver?
  /// What becomes of a last assistant turn that is to be continued.
  public var continuation = ContinuationManner.honours
  /// Whether there are raw completions.
  public var hasRawCompletions = true
  /// Words of a critique's text.
  public var words = 60
  /// Where each request is noted, one JSON object a line; `nil` for nowhere.
  public var log: String?
  /// Threads; 0 for one per core.
  public var threads = 0

  /// A server without faults.
  public init() {}
}

extension ServerConfiguration {
  /// How servers refuse a parameter that they do not take.
  func refusal(of request: ReceivedRequest) -> String? {
    guard let name = refuses.sorted().first(where: request.parameters.contains) else { return nil }
    switch name {
    case "max_tokens":
      return
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    case "n": return request.choices > 1 ? "Only one completion choice is allowed" : nil
    case "stream": return request.streams ? "stream: streaming is not available" : nil
    default: return "Unrecognized request argument supplied: \(name)"
    }
  }
}
