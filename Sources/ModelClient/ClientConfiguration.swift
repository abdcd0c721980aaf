import Formatting

/// How many requests may be in flight at each endpoint.
public enum Concurrency: Sendable, Hashable, CustomStringConvertible {
  /// Grows while the server keeps up, and shrinks when it says it is overloaded.
  case adaptive(start: Int = 8, maximum: Int = 256)
  /// A fixed number.
  case fixed(Int)

  var start: Int {
    switch self {
    case .adaptive(let start, let maximum): min(start, maximum)
    case .fixed(let count): count
    }
  }

  var maximum: Int {
    switch self {
    case .adaptive(_, let maximum): maximum
    case .fixed(let count): count
    }
  }

  var isAdaptive: Bool { if case .adaptive = self { true } else { false } }

  /// Reads "auto" or a number in ``RequestLimits/concurrency``.
  public init?(_ text: String) {
    if text == "auto" {
      self = .adaptive()
    } else if let count = Int(text), RequestLimits.concurrency.contains(count) {
      self = .fixed(count)
    } else {
      return nil
    }
  }

  /// What ``init(_:)`` takes, for messages.
  public static let expectation =
    "is \"auto\" or a whole number of requests, 1 to \(RequestLimits.concurrency.upperBound)"

  /// "auto", or the number.
  public var description: String {
    switch self {
    case .adaptive: "auto"
    case .fixed(let count): String(count)
    }
  }
}

/// How a client behaves.
public struct ClientConfiguration: Sendable, Hashable {
  /// Per endpoint.
  public var concurrency = Concurrency.adaptive()
  /// Asks for answers chunk by chunk, so that a server that hangs is noticed sooner; `nil`: where one sample is asked for.
  public var streams: Bool?
  /// How servers are asked, until they teach otherwise.
  public var dialect = ServerDialect()
  /// Seconds until a connection must stand.
  public var connectTimeout = 10.0
  /// Seconds of silence, or of no more than a trickle, that end an attempt. Without streaming that is the time of the
  /// whole answer.
  public var idleTimeout = 600.0
  /// Seconds of silence within a streamed answer, once its text has begun, that end an attempt.
  public var silenceTimeout = 60.0
  /// Seconds in which the whole answer must have arrived.
  public var requestTimeout = 3600.0
  /// Longest answer in bytes, with its reasoning; each further choice of a request adds an eighth.
  public var maximumAnswerBytes = 8 << 20
  /// Requests made for one answer at most; attempts that reach no server do not count.
  public var maximumAttempts = 10
  /// Seconds of the first pause between attempts; each further one doubles.
  public var initialBackoff = 0.5
  /// Longest of these pauses in seconds, before chance shortens it.
  public var maximumBackoff = 8.0
  /// Longest that a server's `Retry-After` is obeyed, in seconds.
  public var maximumRetryAfter = 300.0
  /// Seconds without any answer, ever, after which there is no server.
  public var connectionGracePeriod = 2.0
  /// Seconds of nothing but failures, after earlier answers, after which the servers count as broken.
  public var failureGracePeriod = 60.0

  /// The defaults.
  public init() {}

  /// Whether a request is asked for chunk by chunk.
  func streams(_ request: ChatRequest) -> Bool { streams ?? (request.choices == 1) }

  /// The most bytes that are kept of an answer.
  func answerLimit(_ request: ChatRequest) -> Int {
    maximumAnswerBytes.saturatingAdding(min(request.choices - 1, 1 << 20) * (min(maximumAnswerBytes, 1 << 40) / 8))
  }
}

/// What a client is doing.
public struct ClientStatus: Sendable, Hashable {
  /// Seconds of silence from which it is worth telling.
  static let noticedSilence = 30.0

  /// Requests from which nothing has been heard for a while.
  public struct Silence: Sendable, Hashable {
    /// How many.
    public var requests: Int
    /// Seconds since the most silent one was heard.
    public var seconds: Double
    /// Seconds after which it is given up.
    public var limit: Double
  }

  /// Requests that wait before they are tried again.
  public struct Pause: Sendable, Hashable {
    /// How many.
    public var requests: Int
    /// Seconds until the last of them is tried.
    public var secondsLeft: Double
    /// Why, in a few words.
    public var reason: String
  }

  /// One endpoint.
  public struct EndpointStatus: Sendable, Hashable {
    /// Its address.
    public var endpoint: String
    /// Why it is set aside, if it is.
    public var setAside: String?
    /// Requests that may be in flight now.
    public var limit: Int
    /// Requests in flight.
    public var inFlight: Int
    /// Requests answered.
    public var answered: Int
    /// Attempts that failed.
    public var failed: Int
    /// Average seconds of the latest answers.
    public var latency: Double
    /// Seconds until it is tried again, while it is set aside.
    public var setAsideSeconds: Double?
    /// Why the latest attempt failed; `nil` after an answer.
    public var lastFailure: String?
    /// Its silent requests.
    public var silence: Silence?
    /// Requests that wait before they are tried again.
    public var pause: Pause?
    /// What its refusals taught about how it wants to be asked.
    public var learned: [String] = []
  }

  /// In the order in which they were given.
  public var endpoints: [EndpointStatus]
  /// Requests waiting for their turn.
  public var waiting: Int

  /// Requests in flight at all endpoints.
  public var inFlight: Int { endpoints.reduce(0) { $0 + $1.inFlight } }
  /// Requests that may be in flight at all endpoints that work.
  public var limit: Int { endpoints.reduce(0) { $0 + ($1.setAside == nil ? $1.limit : 0) } }
}
