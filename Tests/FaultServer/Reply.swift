import Foundation

/// What goes over the wire for one request.
struct Reply: Sendable {
  /// What happens to the connection afterwards.
  enum Ending: Sendable {
    case keepOpen
    case close
    case reset
    /// Nothing more comes, and the connection stays.
    case hang
    /// Blanks, one at a time, as long as the client listens.
    case drip
  }

  /// Written one after the other.
  var pieces: [[UInt8]]
  var ending = Ending.keepOpen
  /// Choices of a full answer; `nil` for anything else.
  var choices: Int?

  /// A complete answer.
  static func http(
    _ status: Int, _ body: [UInt8], type: String = "application/json", headers: [(String, String)] = [],
    length: Int? = nil
  ) -> Reply {
    Reply(pieces: [head(status, type: type, headers: headers + [("Content-Length", "\(length ?? body.count)")]) + body])
  }

  /// An error in JSON.
  static func error(_ status: Int, _ message: String, headers: [(String, String)] = []) -> Reply {
    http(status, AnswerJSON.error(message, code: status), headers: headers)
  }

  /// The answer to a request that meets a fault, or none.
  static func reply(to request: ReceivedRequest, _ fault: Fault?, _ answers: Answers) -> Reply {
    let configuration = answers.configuration
    if request.isChat, request.continuesPrefix, configuration.continuation == .rejects {
      return error(400, "the last message must be the user's")
    }
    if !request.isChat, !configuration.hasRawCompletions { return error(404, "there is nothing at /v1/completions") }
    switch fault {
    case .rateLimit:
      return error(429, "Rate limit reached", headers: [("Retry-After", "\(configuration.retryAfter)")])
    case .rateLimitDate:
      return error(429, "Rate limit reached", headers: [("Retry-After", date(in: configuration.retryAfter))])
    case .rateLimitMilliseconds:
      return error(429, "Rate limit reached", headers: [("retry-after-ms", "\(configuration.retryAfter * 100)")])
    case .rateLimitForever:
      return error(
        429, "Rate limit reached", headers: [("Retry-After", "1e300"), ("x-ratelimit-reset-requests", "1e300")])
    case .echoKey:
      return error(
        400, "Incorrect value for key \(request.bearer ?? "none") at https://me:\(request.bearer ?? "none")@host/v1")
    case .moved: return http(301, [], headers: [("Location", "https://elsewhere.example/v1?api_key=0123456789")])
    case .longHead:
      let line = Array("X-Long: \(String(repeating: "a", count: 1000))\r\n".utf8)
      return Reply(
        pieces: [Array("HTTP/1.1 200 OK\r\n".utf8)] + Array(repeating: line, count: 20_000), ending: .close)
    case .rateLimitBare: return error(429, "Rate limit reached")
    case .serverError: return error(500, "CUDA out of memory")
    case .unavailable: return http(503, Array("the model is loading".utf8), type: "text/plain")
    case .badGateway: return http(502, page("502 Bad Gateway"), type: "text/html")
    case .html: return http(200, page("Welcome to nginx!"), type: "text/html; charset=utf-8")
    case .errorInBody: return http(200, AnswerJSON.error("the engine died", code: 500))
    case .badRequest: return error(400, "This model's maximum context length is 4096 tokens")
    case .unauthorized: return error(401, "Incorrect API key provided")
    case .notFound: return error(404, "The model `\(request.model)` does not exist.")
    case .reset: return Reply(pieces: [], ending: .reset)
    case .close: return Reply(pieces: [], ending: .close)
    case .hang: return Reply(pieces: [], ending: .hang)
    case .garbage: return Reply(pieces: [Array("\u{1}\u{2}SSH-2.0-OpenSSH_9.2\r\n".utf8)], ending: .close)
    case .slowLoris:
      return Reply(
        pieces: [head(200, type: "application/json", headers: [("Content-Length", "100000000")])], ending: .drip)
    default: break
    }
    let choices = answers.choices(for: request, fault: fault)
    let body =
      request.streams
      ? stream(choices, request, fault, configuration.continuation)
      : AnswerJSON.answer(choices, to: request, configuration.continuation)
    let type = request.streams ? "text/event-stream; charset=utf-8" : "application/json"
    switch fault {
    case .cutJSON:
      let half = Array(body[..<(body.count / 2)])
      return request.streams ? chunked([half], type) : http(200, half)
    case .resetMidway, .closeMidway, .hangMidway:
      let whole = request.streams ? chunked([body], type) : http(200, body)
      let ending: Ending = fault == .resetMidway ? .reset : fault == .closeMidway ? .close : .hang
      let bytes = whole.pieces.flatMap(\.self)
      // Behind the head, so that the client is in the middle of the body.
      return Reply(pieces: [Array(bytes[..<(bytes.count - body.count / 2)])], ending: ending)
    case .split:
      var reply = chunked(cut(body, request.body), type)
      reply.choices = choices.count
      return reply
    default:
      var reply = request.streams ? chunked([body], type) : http(200, body)
      reply.choices = choices.isEmpty ? nil : choices.count
      return reply
    }
  }

  private static func stream(
    _ choices: [Choice], _ request: ReceivedRequest, _ fault: Fault?, _ manner: ContinuationManner
  ) -> [UInt8] {
    var text: [UInt8] = []
    for event in AnswerJSON.events(choices, to: request, manner) {
      if fault == .comments { text += ": keep-alive\n\nevent: message\r\n".utf8 }
      text += "data: ".utf8
      text += event
      text += (fault == .comments ? "\r\n\r\n" : "\n\n").utf8
    }
    text += "data: [DONE]\n\n".utf8
    return text
  }

  /// Pieces of 1 to 40 bytes: within lines, escapes and characters.
  private static func cut(_ body: [UInt8], _ seed: UInt64) -> [[UInt8]] {
    var pieces: [[UInt8]] = []
    var at = 0
    while at < body.count {
      let size = Int(Mixing.mix(seed &+ UInt64(at)) % 40) + 1
      pieces.append(Array(body[at..<min(at + size, body.count)]))
      at += size
    }
    return pieces
  }

  private static func chunked(_ pieces: [[UInt8]], _ type: String) -> Reply {
    var all = [head(200, type: type, headers: [("Transfer-Encoding", "chunked")])]
    for piece in pieces { all.append(Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [0x0D, 0x0A]) }
    all[all.count - 1] += "0\r\n\r\n".utf8
    return Reply(pieces: all)
  }

  private static func head(_ status: Int, type: String, headers: [(String, String)]) -> [UInt8] {
    var text = "HTTP/1.1 \(status) \(words(status))\r\nContent-Type: \(type)\r\nServer: fault-server\r\n"
    for (name, value) in headers { text += "\(name): \(value)\r\n" }
    return Array((text + "\r\n").utf8)
  }

  private static func words(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 429: "Too Many Requests"
    case 500...: "Server Error"
    default: "Client Error"
    }
  }

  private static func page(_ title: String) -> [UInt8] {
    Array("<!DOCTYPE html>\n<html><head><title>\(title)</title></head><body><h1>\(title)</h1></body></html>\n".utf8)
  }

  /// "Sun, 06 Nov 1994 08:49:37 GMT".
  private static func date(in seconds: Int) -> String {
    // The header has no fractions: rounded up, so that the time asked for has passed when the date is reached.
    var time = time_t(Date().timeIntervalSince1970.rounded(.up)) + seconds
    var parts = tm()
    gmtime_r(&time, &parts)
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(days[Int(parts.tm_wday)]), \(two(parts.tm_mday)) \(months[Int(parts.tm_mon)]) \(parts.tm_year + 1900) "
      + "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec)) GMT"
  }
}
