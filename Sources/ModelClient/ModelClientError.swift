import Formatting
import Foundation
import Secrets

/// Why a request was not answered.
public struct ModelClientError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What happened.
  public enum Kind: Sendable, Hashable {
    /// No connection: refused, unreachable, no such host, TLS.
    case connection(String)
    case connectTimeout
    /// The connection ended before the answer did.
    case reset
    /// Nothing arrived for the idle time-out.
    case idleTimeout
    /// Nothing arrived for this many seconds, in the middle of a streamed response.
    case silent(Double)
    /// The whole answer took longer than allowed.
    case requestTimeout
    /// Bytes that are not HTTP.
    case notHTTP
    /// 429.
    case rateLimited(String)
    /// Any other status that is not 200, with the server's words.
    case status(Int, String)
    /// A 200 that is not JSON, by its content type.
    case notJSON(String)
    /// JSON that cannot be read, or is not a completion.
    case malformed(String)
    /// An error told in the body of a 200.
    case refusedInBody(String)
    /// The stream ended before the answer did.
    case cutShort
    /// Longer than allowed, in bytes.
    case tooLarge(Int)
    /// An answer without any choice in it.
    case noChoices
    /// No server has ever answered.
    case noServer(String)
    /// Servers answered before and do so no more.
    case serverBroken(String)
    /// The client takes no further requests.
    case stopped
    case cancelled
  }

  /// What happened.
  public var kind: Kind
  /// The address, where one is known.
  public var endpoint: String?
  /// Requests made.
  public var attempts = 1
  /// What the server asks to wait before the next attempt, in seconds.
  var retryAfter: Double?

  init(_ kind: Kind, endpoint: String? = nil) {
    self.kind = kind
    self.endpoint = endpoint
  }

  /// A few words to count by.
  public var reason: String {
    switch kind {
    case .connection(let what): what
    case .connectTimeout: "connection timed out"
    case .reset: "connection reset"
    case .idleTimeout, .silent: "idle time-out"
    case .requestTimeout: "time-out"
    case .rateLimited: "rate limited"
    case .status(let code, _): code >= 500 ? "server error \(code)" : "rejected \(code)"
    case .notJSON(let type):
      type.contains("html") ? "a web page, not JSON: is it the address of the API, ending in /v1?" : "not JSON"
    case .malformed, .notHTTP: "malformed answer"
    case .refusedInBody: "error in the answer"
    case .cutShort: "answer cut short"
    case .tooLarge: "answer too large"
    case .noChoices: "no choices"
    case .noServer: "no server"
    case .serverBroken: "server broken"
    case .stopped: "stopped"
    case .cancelled: "cancelled"
    }
  }

  /// Whether the same request may succeed later.
  public var isRetryable: Bool {
    switch kind {
    case .connection, .connectTimeout, .reset, .idleTimeout, .silent, .requestTimeout, .rateLimited, .notJSON,
      .malformed,
      .notHTTP, .cutShort, .noChoices:
      true
    case .status(let code, _): code == 408 || code == 409 || code >= 500
    case .refusedInBody: true
    case .tooLarge, .noServer, .serverBroken, .stopped, .cancelled: false
    }
  }

  /// Whether every other request would meet the same: no server, a wrong key, an unknown model.
  public var isFatal: Bool {
    switch kind {
    case .noServer, .serverBroken, .cancelled: true
    case .status(let code, _): [401, 403, 404].contains(code)
    default: false
    }
  }

  /// Whether the client was told to take nothing new.
  public var isStopped: Bool { kind == .stopped }

  /// Whether it tells that the server has more to do than it can.
  var isOverload: Bool {
    switch kind {
    case .rateLimited, .idleTimeout, .silent, .requestTimeout, .status(503, _), .status(529, _): true
    default: false
    }
  }

  /// Whether a server of which one hears nothing else for long does not work. One that limits the rate does.
  var indicatesBrokenServer: Bool {
    if case .rateLimited = kind { return false }
    return isRetryable
  }

  /// Whether the server was not reached at all.
  var isUnreachable: Bool {
    switch kind {
    case .connection, .connectTimeout: true
    default: false
    }
  }

  private var place: String { endpoint.map { " at \($0)" } ?? "" }

  /// The sentence for who asks a server for one answer: without options of long runs.
  public var plainDescription: String {
    switch kind {
    case .idleTimeout: "the server\(place) sent nothing for too long."
    case .rateLimited(let words): "the server\(place) limits the rate" + quoted(words) + "."
    default: description
    }
  }

  /// A sentence with its remedy.
  public var description: String {
    switch kind {
    case .connection(let what): return "no connection\(place): \(Clause.of(what))."
    case .connectTimeout: return "no connection\(place) in time. Check the address and the network."
    case .reset: return "the server\(place) closed the connection before its answer was complete." + hintOfScheme
    case .notHTTP: return "what answers\(place) is not an HTTP server." + hintOfScheme
    case .silent(let seconds):
      return "the server\(place) fell silent in the middle of an answer, for \(Int(saturating: seconds)) s. Raise "
        + "silence_timeout in [generate] of deepcritic.toml if it pauses that long."
    case .idleTimeout:
      return plainDescription + " Raise --idle-timeout if answers take that long, or lower --concurrency."
    case .requestTimeout: return "the answer\(place) took too long as a whole."
    case .rateLimited: return plainDescription + " Lower --concurrency."
    case .status(let code, let words): return status(code, words, place)
    case .notJSON(let type):
      return "the answer\(place) is \(type.isEmpty ? "of no known type" : type), not JSON. Is this the address of an "
        + "OpenAI-compatible API (ending in /v1)?"
    case .malformed(let why): return "the answer\(place) cannot be read as a chat completion: \(Clause.of(why))."
    case .refusedInBody(let words): return "the server\(place) reports an error" + quoted(words) + "."
    case .cutShort: return "the stream\(place) ended before the answer was complete."
    case .tooLarge(let limit): return "the answer\(place) is larger than \(limit >> 20) MB; lower --max-tokens."
    case .noChoices: return "the answer\(place) holds no choices."
    case .noServer(let why):
      return "no server answers\(place) (\(why)). Start one, for example 'vllm serve MODEL', or name another with "
        + "--endpoint URL."
    case .serverBroken(let why):
      return
        "gave up\(place): \(Clause.of(why)). What was answered is stored; run the command again when the server works."
    case .stopped: return "the client was stopped."
    case .cancelled: return "the request was cancelled."
    }
  }

  /// What a server that wants the other scheme does is close the connection or answer with bytes.
  private var hintOfScheme: String {
    endpoint?.hasPrefix("http://") == true ? " If it speaks HTTPS, write https:// in the address." : ""
  }

  private func status(_ code: Int, _ words: String, _ place: String) -> String {
    let reason = quoted(words)
    switch code {
    case 401, 403:
      return "the server\(place) refused the API key (\(code))\(reason). Give one in DEEPCRITIC_API_KEY, or in a file "
        + "named by api_key_file in deepcritic.toml."
    case 404:
      return "the server\(place) does not know the model or the address (404)\(reason). Check --model and --endpoint."
        + (endpoint.map { !$0.hasSuffix("/v1") } == true ? " Most servers want an address that ends in /v1." : "")
    case 407: return "a proxy\(place) wants to be logged in to (407)\(reason). Ask the server without it."
    case 300..<400:
      return "the server\(place) sends requests elsewhere (\(code))\(reason). Give that address with --endpoint."
    case 400, 422: return "the server\(place) rejected the request (\(code))\(reason)."
    default: return "the server\(place) answered with status \(code)\(reason)."
    }
  }

  private func quoted(_ words: String) -> String { words.isEmpty ? "" : ": \(Clause.of(words))" }

  /// The same without keys that the server repeats.
  var redacted: ModelClientError {
    var error = self
    func clean(_ words: String) -> String { Secrets.redactedMessage(words) }
    switch kind {
    case .connection(let words): error.kind = .connection(clean(words))
    case .rateLimited(let words): error.kind = .rateLimited(clean(words))
    case .status(let code, let words): error.kind = .status(code, clean(words))
    case .notJSON(let words): error.kind = .notJSON(clean(words))
    case .malformed(let words): error.kind = .malformed(clean(words))
    case .refusedInBody(let words): error.kind = .refusedInBody(Self.shortened(clean(words)))
    default: break
    }
    return error
  }

  /// A server's words, on one line and short: they are shown to people.
  static func shortened(_ text: String) -> String {
    let line = text.prefix(4096).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return line.count > 300 ? line.prefix(300) + "…" : line
  }
}
