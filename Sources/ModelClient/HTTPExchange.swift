import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix

/// One request and its answer over HTTP.
struct HTTPExchange: Sendable {
  private let client: HTTPClient
  private let configuration: ClientConfiguration

  init(_ configuration: ClientConfiguration) {
    self.configuration = configuration
    var http = HTTPClient.Configuration(
      redirectConfiguration: .disallow,
      timeout: .init(
        connect: .milliseconds(Int64(configuration.connectTimeout * 1000)),
        read: .milliseconds(Int64(configuration.idleTimeout * 1000))))
    http.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = configuration.concurrency.maximum
    // Our own rules say when to try again; the library's would wait out of sight.
    http.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: http)
  }

  func shutdown() async { try? await client.shutdown() }

  /// - Parameters:
  ///   - body: the request's, unless the endpoint has its own name for the model.
  ///   - forwarder: is given the chunks of the answer.
  func answer(
    to request: ChatRequest, body: ByteBuffer, from endpoint: Endpoint, _ forwarder: ChunkForwarder? = nil
  ) async throws(ModelClientError) -> ChatAnswer {
    let began = ContinuousClock.now
    do {
      let response = try await client.execute(
        message(request, body, endpoint), deadline: .now() + .milliseconds(Int64(headTimeout * 1000)))
      let answer = try await read(response, since: began, forwarder)
      if answer.choices.isEmpty { throw ModelClientError(.noChoices) }
      return answer
    } catch let error as HTTPClientError where error == .deadlineExceeded && headTimeout < configuration.requestTimeout
    {
      throw ModelClientError(.idleTimeout)
    } catch {
      throw Self.translated(error)
    }
  }

  func get(_ address: String, _ endpoint: Endpoint) async throws(ModelClientError) -> [UInt8] {
    let began = ContinuousClock.now
    do {
      var message = HTTPClientRequest(url: address)
      message.headers.add(name: "Accept", value: "application/json")
      message.headers.add(name: "User-Agent", value: "deepcritic")
      if let key = endpoint.key { message.headers.add(name: "Authorization", value: "Bearer \(key.secret)") }
      let response = try await client.execute(
        message, deadline: .now() + .milliseconds(Int64(headTimeout * 1000)))
      guard response.status == .ok else { throw try await refusal(response, since: began) }
      var body: [UInt8] = []
      try await bytes(of: response, since: began) { buffer in
        body.append(contentsOf: buffer.readableBytesView)
        return true
      }
      return body
    } catch {
      throw Self.translated(error)
    }
  }

  /// Seconds in which the head of the answer must be there, however it trickles in.
  private var headTimeout: Double { min(configuration.idleTimeout, configuration.requestTimeout) }

  /// An answer of fewer bytes than this in an idle time-out is as good as none: a byte now and then, or only comments
  /// that keep the connection alive.
  private static let minimumProgress = 256

  /// The request as it goes over the wire.
  func body(of request: ChatRequest, model: String? = nil) -> ByteBuffer {
    ByteBuffer(bytes: request.body(stream: configuration.streams, model: model))
  }

  private func message(_ request: ChatRequest, _ body: ByteBuffer, _ endpoint: Endpoint) -> HTTPClientRequest {
    if case .raw(let format) = endpoint.continuation, request.continuesLastMessage {
      let raw = request.rawBody(format, stream: configuration.streams, model: endpoint.model)
      return message(ByteBuffer(bytes: raw), to: endpoint.completionAddress, endpoint)
    }
    let own = endpoint.model == nil ? body : self.body(of: request, model: endpoint.model)
    return message(own, to: endpoint.chatAddress, endpoint)
  }

  private func message(_ body: ByteBuffer, to address: String, _ endpoint: Endpoint) -> HTTPClientRequest {
    var message = HTTPClientRequest(url: address)
    message.method = .POST
    message.headers.add(name: "Content-Type", value: "application/json")
    message.headers.add(name: "Accept", value: configuration.streams ? "text/event-stream" : "application/json")
    message.headers.add(name: "User-Agent", value: "deepcritic")
    if let key = endpoint.key { message.headers.add(name: "Authorization", value: "Bearer \(key.secret)") }
    message.body = .bytes(body)
    return message
  }

  private func read(
    _ response: HTTPClientResponse, since began: ContinuousClock.Instant, _ forwarder: ChunkForwarder?
  ) async throws -> ChatAnswer {
    guard response.status == .ok else { throw try await refusal(response, since: began) }
    let type = response.headers.first(name: "Content-Type")?.lowercased() ?? ""
    if type.contains("event-stream") {
      var stream = StreamAssembler(forwarder: forwarder)
      do {
        try await bytes(of: response, since: began) { buffer in
          try stream.add(buffer.readableBytesView)
          return true
        }
      } catch {
        // Read to the end so that the connection can be used again; what happens to it after the last line is no matter.
        if !stream.isDone || Task.isCancelled { throw error }
      }
      return try stream.answer()
    }
    // Some servers name no type; an HTML page from a proxy names one.
    guard type.isEmpty || type.contains("json") || type.contains("octet-stream") else {
      throw ModelClientError(.notJSON(type))
    }
    var body: [UInt8] = []
    try await bytes(of: response, since: began) { buffer in
      body.append(contentsOf: buffer.readableBytesView)
      return true
    }
    let answer = try ChatAnswer.decode(body)
    // A server that does not stream gives everything at once.
    for choice in answer.choices {
      forwarder?.forward(AnswerChunk(choice: choice.index, text: choice.text, isReasoning: false))
    }
    return answer
  }

  /// Hands over the body chunk by chunk, within its limits of time and size.
  private func bytes(
    of response: HTTPClientResponse, since began: ContinuousClock.Instant, _ take: (ByteBuffer) throws -> Bool
  ) async throws {
    var total = 0
    var mark = (bytes: 0, at: ContinuousClock.now)
    for try await buffer in response.body {
      total += buffer.readableBytes
      let now = ContinuousClock.now
      if (now - mark.at).inSeconds >= configuration.idleTimeout {
        if total - mark.bytes < Self.minimumProgress { throw ModelClientError(.idleTimeout) }
        mark = (total, now)
      }
      if total > configuration.maximumAnswerBytes {
        throw ModelClientError(.tooLarge(configuration.maximumAnswerBytes))
      }
      if (now - began).inSeconds > configuration.requestTimeout {
        throw ModelClientError(.requestTimeout)
      }
      if try !take(buffer) { return }
    }
  }

  /// The error that a status other than 200 means.
  private func refusal(
    _ response: HTTPClientResponse, since began: ContinuousClock.Instant
  ) async throws -> ModelClientError {
    var body: [UInt8] = []
    // The words are a help, not a need: whatever goes wrong with them, the status stands.
    try? await bytes(of: response, since: began) { buffer in
      body.append(contentsOf: buffer.readableBytesView.prefix(64 << 10))
      return body.count < 64 << 10
    }
    try Task.checkCancellation()
    let words = ModelClientError.shortened(Self.words(in: body))
    let code = Int(response.status.code)
    var error = ModelClientError(code == 429 ? .rateLimited(words) : .status(code, words))
    error.retryAfter = RetryAfter.seconds(
      milliseconds: response.headers.first(name: "retry-after-ms"), after: response.headers.first(name: "Retry-After"))
    return error
  }

  /// What a server says in the body of an error.
  private static func words(in body: [UInt8]) -> String {
    if let document = try? JSONDocument(parsing: body) {
      let root = document.root
      return ChatAnswer.errorMessage(in: root) ?? root["detail"]?.string ?? root["message"]?.string ?? ""
    }
    let text = String(decoding: body.prefix(300), as: UTF8.self)
    return text.hasPrefix("<") ? "" : text
  }

  /// The library's errors in our words.
  private static func translated(_ error: any Error) -> ModelClientError {
    switch error {
    case let error as ModelClientError: return error
    case is CancellationError: return ModelClientError(.cancelled)
    case let error as HTTPClientError:
      switch error {
      case .cancelled: return ModelClientError(.cancelled)
      case .connectTimeout: return ModelClientError(.connectTimeout)
      case .readTimeout: return ModelClientError(.idleTimeout)
      case .deadlineExceeded, .getConnectionFromPoolTimeout: return ModelClientError(.requestTimeout)
      case .remoteConnectionClosed: return ModelClientError(.reset)
      case .tlsHandshakeTimeout: return ModelClientError(.connection("no TLS handshake in time"))
      default: return ModelClientError(.malformed("\(error)"))
      }
    case let error as NIOConnectionError:
      if error.dnsAError != nil || error.dnsAAAAError != nil, error.connectionErrors.isEmpty {
        return ModelClientError(.connection("no such host"))
      }
      return error.connectionErrors.first.map { translated($0.error) } ?? ModelClientError(.connection("no connection"))
    case let error as ChannelError:
      if case .connectTimeout = error { return ModelClientError(.connectTimeout) }
      return ModelClientError(.reset)
    case let error as IOError:
      switch error.errnoCode {
      case ECONNREFUSED: return ModelClientError(.connection("connection refused"))
      case EHOSTUNREACH, ENETUNREACH: return ModelClientError(.connection("host unreachable"))
      case ETIMEDOUT: return ModelClientError(.connectTimeout)
      case ECONNRESET, EPIPE, ENOTCONN: return ModelClientError(.reset)
      default: return ModelClientError(.connection(String(cString: strerror(error.errnoCode))))
      }
    case HTTPParserError.invalidEOFState: return ModelClientError(.reset)
    case is HTTPParserError: return ModelClientError(.malformed("it is not HTTP"))
    default:
      let words = ModelClientError.shortened("\(error)")
      return ModelClientError(.connection(words.contains("handshake") ? "TLS: " + words : words))
    }
  }
}
