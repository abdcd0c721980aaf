import Formatting

/// How much a model took for what it was asked before: for forecasts.
public struct MeasuredCost: Sendable, Hashable, Codable {
  /// Samples that it is measured on.
  public var samples = 0
  /// Tokens of a request.
  public var promptTokensPerRequest: Double?
  /// Tokens of one sample.
  public var completionTokens: Double?
  /// Samples per second, all servers and requests together.
  public var rate: Double?

  /// Nothing measured.
  public init() {}

  /// What stored answers took.
  ///
  /// - Parameter answers: the latest first: when each came, in milliseconds since 1970, and tokens of its request, which stand
  ///   with the first of a request's samples only.
  package init(answers: some Sequence<(at: Int64, prompt: Int?, completion: Int?)>) {
    var (requests, prompt, completion, seconds) = (0, 0, 0, 0.0)
    var later: Int64?
    for answer in answers {
      samples += 1
      if let tokens = answer.prompt {
        requests += 1
        prompt = prompt.saturatingAdding(tokens)
        completion = completion.saturatingAdding(answer.completion ?? 0)
      }
      // A pause between two runs is not working time.
      if let later, later - answer.at < 60_000 { seconds += Double(later - answer.at) / 1000 }
      later = answer.at
    }
    if requests > 0 {
      promptTokensPerRequest = Double(prompt) / Double(requests)
      completionTokens = Double(completion) / Double(samples)
    }
    if seconds > 0.5, samples > 4 { rate = Double(samples) / seconds }
  }
}

/// What requests will take: tokens, cost, time. Measured on earlier answers where there are any, else the most there can be.
public struct RequestForecast: Sendable, Hashable, Codable {
  /// Requests, each for one or more samples.
  public var requests = 0
  /// Samples.
  public var samples = 0
  /// Tokens of all requests: measured on earlier ones, else by four characters each.
  public var promptTokens = 0
  /// Tokens of all samples: measured on earlier ones, else the most there can be.
  public var completionTokens = 0
  /// Samples that the figures are measured on; 0 when nothing was.
  public var measuredOn = 0
  /// Whether it is not known yet how much there will be to ask, because an earlier stage decides.
  public var isEstimated = false
  /// What that costs; `nil` without prices.
  public var cost: Double?
  /// How long it takes at the measured rate; `nil` where there is none.
  public var seconds: Double?

  /// A forecast of what is to be asked.
  ///
  /// - Parameters:
  ///   - promptTokens: of one request, where none was measured.
  ///   - maxTokens: the most that a sample may have.
  ///   - isEstimated: how much there will be to ask is not known yet.
  public init(
    requests: Int, samples: Int, promptTokens: Double, maxTokens: Int, measured: MeasuredCost, prices: TokenPrices?,
    isEstimated: Bool = false
  ) {
    self.requests = requests
    self.samples = samples
    // Servers count a request once, however many samples it brings.
    self.promptTokens = Int(saturating: (measured.promptTokensPerRequest ?? promptTokens) * Double(requests))
    completionTokens = Int(saturating: Double(samples) * (measured.completionTokens ?? Double(maxTokens)))
    measuredOn = measured.completionTokens == nil ? 0 : measured.samples
    self.isEstimated = isEstimated
    cost = prices.map { $0.cost(prompt: self.promptTokens, completion: completionTokens) }
    seconds = samples == 0 ? 0 : measured.rate.map { Double(samples) / $0 }
  }

  /// Several together, one after the other. What is unknown of one is unknown of all.
  public init(_ parts: [RequestForecast]) {
    let parts = parts.filter { $0.samples > 0 }
    for part in parts {
      requests += part.requests
      samples += part.samples
      promptTokens = promptTokens.saturatingAdding(part.promptTokens)
      completionTokens = completionTokens.saturatingAdding(part.completionTokens)
    }
    measuredOn = parts.contains { $0.measuredOn == 0 } ? 0 : parts.map(\.measuredOn).reduce(0, +)
    isEstimated = parts.contains(where: \.isEstimated)
    cost = parts.isEmpty || parts.contains { $0.cost == nil } ? nil : parts.compactMap(\.cost).reduce(0, +)
    seconds = parts.contains { $0.seconds == nil } ? nil : parts.compactMap(\.seconds).reduce(0, +)
  }

  /// Tokens, cost and time, a line each.
  public func lines(_ prices: TokenPrices?) -> [String] {
    // What waits for earlier stages is a bound too: some of it may be filtered out before.
    let about = measuredOn > 0 && !isEstimated ? "about" : "at most"
    let basis =
      measuredOn > 0 ? "measured on \(Figures.count(measuredOn, "sample"))" : "nothing measured yet"
    var lines = [
      "tokens: \(isEstimated ? about : "about") \(Figures.count(promptTokens)) in, \(about) \(Figures.count(completionTokens)) out (\(basis))"
    ]
    if let cost, let prices { lines.append("cost: \(about) \(Figures.money(cost, prices.currency))") }
    lines.append(
      seconds.map { "time: \(about) \(Figures.duration($0)) at the measured rate" }
        ?? "time: unknown until a few requests are done; try --limit")
    return lines
  }
}
