/// What is known about one endpoint: how much it takes, how fast it answers, whether it lives.
struct EndpointState {
  let endpoint: Endpoint
  /// Requests that may be in flight.
  private(set) var limit: Double
  private(set) var inFlight = 0
  private(set) var answered = 0
  private(set) var failed = 0
  /// Average seconds of the latest answers.
  private(set) var latency = 0.0
  /// Set aside until then.
  private(set) var returns: ContinuousClock.Instant?
  private(set) var setAsideReason: String?
  /// When the first failure after the last answer was; `nil` while it works.
  private(set) var failingSince: ContinuousClock.Instant?
  private(set) var lastFailure: String?
  /// How it is asked.
  private(set) var dialect: ServerDialect
  private(set) var learned: [String] = []

  private let concurrency: Concurrency
  /// Doubling with every round of answers, until the first sign of too much.
  private var isSlowStart = true
  private var lastDecrease: ContinuousClock.Instant?
  private var consecutiveFailures = 0
  private var pause = 0.0
  // The throughput of the present round of answers and of the one before, to notice when more does not help.
  private var roundBegan: ContinuousClock.Instant?
  private var roundAnswers = 0
  /// The limit when the round began, in responses.
  private var roundSize = 0.0
  private var bestThroughput = 0.0
  /// The size of the round that had it.
  private var bestSize = 0.0
  private var roundsWithoutGain = 0

  init(_ endpoint: Endpoint, _ concurrency: Concurrency, _ dialect: ServerDialect = ServerDialect()) {
    self.endpoint = endpoint
    self.dialect = dialect
    self.concurrency = concurrency
    limit = Double(concurrency.start)
  }

  /// Learns from a refusal how it wants to be asked.
  mutating func learn(from error: ModelClientError, about request: ChatRequest, isStreamed: Bool) -> Bool {
    guard let words = dialect.learn(from: error, about: request, isStreamed: isStreamed) else { return false }
    learned.append(words)
    return true
  }

  /// Longest time an endpoint is set aside, in seconds.
  private static let longestPause = 30.0

  func isSetAside(at now: ContinuousClock.Instant) -> Bool { returns.map { $0 > now } ?? false }

  /// Whether a request may be sent. One that comes back from being set aside gets a single one to show itself.
  func hasRoom(at now: ContinuousClock.Instant) -> Bool {
    if isSetAside(at: now) { return false }
    return inFlight < (setAsideReason == nil ? max(Int(limit), 1) : 1)
  }

  mutating func begin(at now: ContinuousClock.Instant) {
    inFlight += 1
    if roundBegan == nil { roundBegan = now }
  }

  mutating func succeed(seconds: Double, at now: ContinuousClock.Instant) {
    let wasFull = inFlight >= Int(limit)
    inFlight -= 1
    answered += 1
    latency = latency == 0 ? seconds : latency * 0.9 + seconds * 0.1
    markAlive()
    guard concurrency.isAdaptive else { return }
    endRound(at: now)
    if wasFull { limit = min(limit + step, Double(concurrency.maximum)) }
  }

  /// How much an answer adds to the limit: doubles it with each round during slow start, as long as that helps; afterwards
  /// some more with each round, so that the way to the maximum takes sixty rounds at most.
  private var step: Double {
    if isSlowStart { return roundsWithoutGain == 0 ? 1 : 0 }
    return max(Double(concurrency.maximum) / 64, 1) / limit
  }

  private mutating func markAlive() {
    consecutiveFailures = 0
    failingSince = nil
    lastFailure = nil
    pause = 0
    returns = nil
    setAsideReason = nil
  }

  /// Ends slow start when two rounds with more in flight did not bring more, and goes back to where they did: servers with an
  /// unbounded queue show overload by latency only. One such round may be chance, since answers differ in length.
  private mutating func endRound(at now: ContinuousClock.Instant) {
    if roundSize == 0 { roundSize = limit }
    roundAnswers += 1
    guard isSlowStart, Double(roundAnswers) >= roundSize, let began = roundBegan else { return }
    let seconds = (now - began).inSeconds
    let throughput = seconds > 0 ? Double(roundAnswers) / seconds : .infinity
    if throughput >= bestThroughput * 1.1 {
      (bestThroughput, bestSize, roundsWithoutGain) = (throughput, roundSize, 0)
    } else {
      roundsWithoutGain += 1
      if roundsWithoutGain >= 2, limit < Double(concurrency.maximum) {
        isSlowStart = false
        limit = min(limit, max(bestSize * 1.5, Double(concurrency.start)))
      }
    }
    roundAnswers = 0
    roundSize = limit
    roundBegan = now
  }

  mutating func fail(_ error: ModelClientError, at now: ContinuousClock.Instant) {
    inFlight -= 1
    failed += 1
    // A server that rejects one request for its content works.
    guard error.isRetryable else { return markAlive() }
    lastFailure = error.reason
    if error.indicatesBrokenServer {
      consecutiveFailures += 1
      if failingSince == nil { failingSince = now }
    }
    if concurrency.isAdaptive, error.isOverload {
      isSlowStart = false
      // One decrease for each time an answer takes: those in flight were all sent before it could help.
      if lastDecrease.map({ (now - $0).inSeconds > max(latency, 0.1) }) ?? true {
        limit = max(limit * 0.7, 1)
        lastDecrease = now
      }
    }
    if error.isUnreachable || consecutiveFailures >= max(10, 2 * Int(limit)), !isSetAside(at: now) {
      pause = min(max(pause * 2, 0.5), Self.longestPause)
      returns = now + .seconds(pause)
      setAsideReason = error.reason
      isSlowStart = true
      (roundSize, roundAnswers, bestThroughput, bestSize, roundsWithoutGain, roundBegan) = (0, 0, 0, 0, 0, nil)
      if concurrency.isAdaptive { limit = min(limit, Double(concurrency.start)) }
    }
  }

  /// A request that was given up by the caller: tells nothing about the endpoint.
  mutating func abandon() { inFlight -= 1 }

  func status(at now: ContinuousClock.Instant) -> ClientStatus.EndpointStatus {
    ClientStatus.EndpointStatus(
      endpoint: endpoint.base, setAside: setAsideReason, limit: max(Int(limit), 1), inFlight: inFlight,
      answered: answered, failed: failed, latency: latency,
      setAsideSeconds: returns.map { max(($0 - now).inSeconds, 0) }, lastFailure: lastFailure, learned: learned)
  }
}

extension Duration {
  /// As a number of seconds.
  package var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
