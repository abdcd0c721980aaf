/// Something that goes wrong with one request. The raw values are the names that `fault-server --faults` takes.
public enum Fault: String, Sendable, Hashable, CaseIterable {
  /// 429 with `Retry-After` in seconds.
  case rateLimit = "rate-limit"
  /// 429 with `Retry-After` as an HTTP date.
  case rateLimitDate = "rate-limit-date"
  /// 429 with `retry-after-ms`.
  case rateLimitMilliseconds = "rate-limit-ms"
  /// 429 that names no time.
  case rateLimitBare = "rate-limit-bare"
  /// 500 with an error in JSON.
  case serverError = "server-error"
  /// 503 with plain text.
  case unavailable
  /// 502 with a page in HTML, as proxies send it.
  case badGateway = "bad-gateway"
  /// The connection is reset (RST) instead of an answer.
  case reset
  /// The connection is closed (FIN) instead of an answer.
  case close
  /// Half of the answer, then a reset.
  case resetMidway = "reset-midway"
  /// Half of the answer, then an ordinary end of the connection.
  case closeMidway = "close-midway"
  /// A complete HTTP answer whose JSON stops in the middle; in a stream, one that ends without its last lines.
  case cutJSON = "cut-json"
  /// A byte now and then, without end.
  case slowLoris = "slow-loris"
  /// A page in HTML with status 200.
  case html
  /// One choice, whatever `n` says.
  case fewerChoices = "fewer-choices"
  /// An empty list of choices.
  case emptyChoices = "empty-choices"
  /// An error object with status 200.
  case errorInBody = "error-in-body"
  /// Nothing at all; the connection stays open.
  case hang
  /// Half of the answer, then nothing; the connection stays open.
  case hangMidway = "hang-midway"
  /// Bytes that are not HTTP.
  case garbage
  /// The right answer, a second later.
  case late
  /// The right answer in chunks of a few bytes each, cut anywhere.
  case split
  /// The right answer with comment lines between the events of its stream.
  case comments

  /// A text that was cut off at the token limit.
  case length
  /// `content: null`, with the text under `reasoning`.
  case reasoning
  /// `content: null`, with the text under `reasoning_content`.
  case reasoningContent = "reasoning-content"
  /// An answer of many megabytes (``ServerConfiguration/hugeBytes``).
  case huge
  /// 400, as for a prompt that is too long.
  case badRequest = "bad-request"
  /// 401.
  case unauthorized
  /// 404, as for an unknown model.
  case notFound = "not-found"

  /// `content` as a list of parts, each with a piece of the text.
  case parts
  /// The text behind `<think>…</think>`.
  case think
  /// `usage` that is missing, null, and made of numbers that no server counts.
  case noUsage = "no-usage"
  case nullUsage = "null-usage"
  case hugeUsage = "huge-usage"
  case negativeUsage = "negative-usage"
  case textUsage = "text-usage"
  /// Choices numbered as no server does.
  case wildIndex = "wild-index"
  /// 429 that asks to wait for 1e300 seconds.
  case rateLimitForever = "rate-limit-forever"
  /// 400 that repeats the key it was sent.
  case echoKey = "echo-key"
  /// An answer that repeats the key it was sent.
  case echoKeyInAnswer = "echo-key-in-answer"
  /// A header without end.
  case longHead = "long-head"
  /// A redirection.
  case moved

  /// Whether asking again, or waiting, brings the answer of an undisturbed server.
  public var passes: Bool {
    switch self {
    case .length, .reasoning, .reasoningContent, .huge, .badRequest, .unauthorized, .notFound, .parts, .think, .noUsage,
      .nullUsage, .hugeUsage, .negativeUsage, .textUsage, .wildIndex, .rateLimitForever, .echoKey, .echoKeyInAnswer,
      .longHead, .moved:
      false
    default: true
    }
  }

  /// Those after which asking again brings the answer of an undisturbed server.
  public static let passing = allCases.filter(\.passes)
}

/// Which requests meet which fault.
public enum FaultPlan: Sendable {
  case none
  /// A share of all requests, each with one of the faults. Whether the k-th request with one body meets one, and which,
  /// depends on the seed, the body and k only: not on the order in which requests arrive.
  case random(rate: Double, faults: [Fault] = Fault.passing, seed: UInt64 = 1)
  /// The first requests in the order of their arrival; later ones meet none.
  case script([Fault?])
  /// Every request.
  case always(Fault)

  /// - Parameters:
  ///   - arrival: the request's number among all, from 0.
  ///   - attempt: its number among those with the same body, from 0.
  func fault(arrival: Int, body: UInt64, attempt: Int) -> Fault? {
    switch self {
    case .none: return nil
    case .always(let fault): return fault
    case .script(let faults): return arrival < faults.count ? faults[arrival] : nil
    case .random(let rate, let faults, let seed):
      guard rate > 0, !faults.isEmpty else { return nil }
      let number = Mixing.mix(body ^ Mixing.mix(seed &+ UInt64(attempt) &* 0x9E37_79B9_7F4A_7C15))
      guard Double(number >> 11) < rate * Double(UInt64(1) << 53) else { return nil }
      return faults[Int(Mixing.mix(number) % UInt64(faults.count))]
    }
  }
}

/// Numbers that look random and are the same on every machine.
enum Mixing {
  /// SplitMix64's last steps.
  static func mix(_ value: UInt64) -> UInt64 {
    var z = value &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// 64 bits for some bytes: eight at a time, since this runs for every request of a benchmark.
  static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
    var state = seed ^ UInt64(bytes.count)
    var at = 0
    while at + 8 <= bytes.count {
      state = (state ^ bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)) &* 0x9FB2_1C65_1E98_DF25
      state ^= state >> 32
      at += 8
    }
    var last: UInt64 = 0
    while at < bytes.count {
      last = last << 8 | UInt64(bytes[at])
      at += 1
    }
    return mix(state ^ last)
  }
}
