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
    http.http1_1ConnectionDebugInitializer = Self.keepAlive
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: http)
  }

  func shutdown() async { try? await client.shutdown() }

  /// Notices within about a minute that the other machine is gone, also before anything has come.
  @Sendable private static func keepAlive(_ channel: any Channel) -> EventLoopFuture<Void> {
    let tcp = NIOBSDSocket.OptionLevel.tcp
    #if os(Linux)
      let times = [(TCP_KEEPIDLE, 30), (TCP_KEEPINTVL, 10), (TCP_KEEPCNT, 3)]
    #else
      let times = [(TCP_KEEPALIVE, 30), (TCP_KEEPINTVL, 10), (TCP_KEEPCNT, 3)]
    #endif
    var done = channel.setOption(.socketOption(.so_keepalive), value: 1)
    for (name, value) in times {
      let option = ChannelOptions.Types.SocketOption(level: tcp, name: .init(rawValue: name))
      done = done.flatMap { channel.setOption(option, value: SocketOptionValue(value)) }
    }
    // A network without such options works all the same.
    return done.flatMapError { _ in channel.eventLoop.makeSucceededVoidFuture() }
  }

  /// - Parameters:
  ///   - body: the request's, written for a server like this.
  ///   - attempt: is kept up to date about what is heard.
  ///   - forwarder: is given the chunks of the answer.
  func answer(
    to request: ChatRequest, _ form: RequestForm, from endpoint: Endpoint, _ attempt: Attempt,
    _ forwarder: ChunkForwarder? = nil
  ) async throws(ModelClientError) -> ChatAnswer {
    let began = ContinuousClock.now
    do {
      let response = try await client.execute(
        message(request, form, endpoint), deadline: .now() + .milliseconds(Self.milliseconds(headTimeout)))
      attempt.hear()
      let limit = configuration.answerLimit(request)
      let answer = try await read(response, since: began, attempt, limit, forwarder)
      if answer.choices.isEmpty { throw ModelClientError(.noChoices) }
      return answer.redacted
    } catch let error as HTTPClientError where error == .deadlineExceeded && headTimeout < configuration.requestTimeout
    {
      throw ModelClientError(.idleTimeout)
    } catch {
      throw ModelClientError(translating: error).redacted
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
        message, deadline: .now() + .milliseconds(Self.milliseconds(headTimeout)))
      guard response.status == .ok else { throw try await refusal(response, since: began) }
      return try await whole(response, since: began, nil, configuration.maximumAnswerBytes)
    } catch {
      throw ModelClientError(translating: error).redacted
    }
  }

  /// Seconds in which the head of the answer must be there, however it trickles in.
  private var headTimeout: Double { min(configuration.idleTimeout, configuration.requestTimeout) }

  /// An answer of fewer bytes than this in an idle time-out is as good as none: a byte now and then, or only comments
  /// that keep the connection alive.
  private static let minimumProgress = 256

  private static func milliseconds(_ seconds: Double) -> Int64 { Int64(min(max(seconds, 0), 1e9) * 1000) }

  private func message(_ request: ChatRequest, _ form: RequestForm, _ endpoint: Endpoint) -> HTTPClientRequest {
    if case .raw(let format) = endpoint.continuation, request.continuesLastMessage {
      let raw = request.rawBody(format, stream: form.streams, model: endpoint.model, dialect: form.dialect)
      return message(ByteBuffer(bytes: raw), form, to: endpoint.completionAddress, endpoint)
    }
    let body = endpoint.model == nil ? form.body : ByteBuffer(bytes: form.bytes(of: request, model: endpoint.model))
    return message(body, form, to: endpoint.chatAddress, endpoint)
  }

  private func message(
    _ body: ByteBuffer, _ form: RequestForm, to address: String, _ endpoint: Endpoint
  ) -> HTTPClientRequest {
    var message = HTTPClientRequest(url: address)
    message.method = .POST
    message.headers.add(name: "Content-Type", value: "application/json")
    message.headers.add(name: "Accept", value: form.streams ? "text/event-stream" : "application/json")
    message.headers.add(name: "User-Agent", value: "deepcritic")
    if let key = endpoint.key { message.headers.add(name: "Authorization", value: "Bearer \(key.secret)") }
    message.body = .bytes(body)
    return message
  }

  private func read(
    _ response: HTTPClientResponse, since began: ContinuousClock.Instant, _ attempt: Attempt, _ limit: Int,
    _ forwarder: ChunkForwarder?
  ) async throws -> ChatAnswer {
    guard response.status == .ok else { throw try await refusal(response, since: began) }
    let type = response.headers.first(name: "Content-Type")?.lowercased() ?? ""
    if type.contains("event-stream") {
      return try await attempt.watching(least: configuration.silenceTimeout) {
        try await stream(response, since: began, attempt, limit, forwarder)
      }
    }
    // Some servers name no type; an HTML page from a proxy names one.
    guard type.isEmpty || type.contains("json") || type.contains("octet-stream") else {
      throw ModelClientError(.notJSON(ModelClientError.shortened(type)))
    }
    let answer = try ChatAnswer.decode(try await whole(response, since: began, attempt, limit))
    // A server that does not stream gives everything at once.
    for choice in answer.choices {
      forwarder?.forward(AnswerChunk(choice: choice.index, text: choice.reasoning ?? "", isReasoning: true))
      forwarder?.forward(AnswerChunk(choice: choice.index, text: choice.text, isReasoning: false))
    }
    forwarder?.finish()
    return answer
  }

  private func stream(
    _ response: HTTPClientResponse, since began: ContinuousClock.Instant, _ attempt: Attempt, _ limit: Int,
    _ forwarder: ChunkForwarder?
  ) async throws -> ChatAnswer {
    var stream = StreamAssembler(forwarder: forwarder, limit: limit)
    do {
      try await bytes(of: response, since: began, attempt) { buffer in
        try stream.add(buffer.readableBytesView)
        // Before its text begins, a request may have to wait in the server's queue.
        if stream.size > 0 { attempt.hear(limit: configuration.silenceTimeout) }
        return true
      }
    } catch {
      // Read to the end so that the connection can be used again; what happens to it after the last line does not matter.
      if !stream.isDone || Task.isCancelled { throw error }
    }
    let answer = try stream.answer()
    forwarder?.finish()
    return answer
  }

  /// A body that is no longer than a limit.
  private func whole(
    _ response: HTTPClientResponse, since began: ContinuousClock.Instant, _ attempt: Attempt?, _ limit: Int
  ) async throws -> [UInt8] {
    var body: [UInt8] = []
    try await bytes(of: response, since: began, attempt) { buffer in
      if body.count + buffer.readableBytes > limit { throw ModelClientError(.tooLarge(limit)) }
      body.append(contentsOf: buffer.readableBytesView)
      return true
    }
    return body
  }

  /// Hands over the body chunk by chunk, within its limits of time.
  private func bytes(
    of response: HTTPClientResponse, since began: ContinuousClock.Instant, _ attempt: Attempt? = nil,
    _ take: (ByteBuffer) throws -> Bool
  ) async throws {
    var total = 0
    var mark = (bytes: 0, at: ContinuousClock.now)
    for try await buffer in response.body {
      total += buffer.readableBytes
      attempt?.hear()
      let now = ContinuousClock.now
      if (now - mark.at).inSeconds >= configuration.idleTimeout {
        if total - mark.bytes < Self.minimumProgress { throw ModelClientError(.idleTimeout) }
        mark = (total, now)
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
    let code = Int(response.status.code)
    var words = ModelClientError.shortened(Self.words(in: body))
    if (300..<400).contains(code), let place = response.headers.first(name: "Location") {
      words = ModelClientError.shortened("it has moved to \(place)")
    }
    var error = ModelClientError(code == 429 ? .rateLimited(words) : .status(code, words))
    error.retryAfter = RetryAfter.seconds(
      milliseconds: response.headers.first(name: "retry-after-ms"), after: response.headers.first(name: "Retry-After"))
    return error
  }

  /// What a server says in the body of an error.
  private static func words(in body: [UInt8]) -> String {
    if let document = try? JSONDocument(parsing: body) {
      let root = document.root
      if let words = ChatAnswer.errorMessage(in: root) ?? root["detail"]?.string ?? root["message"]?.string {
        return words
      }
      // As FastAPI refuses a body: each fault with its place.
      return (root["detail"]?.elements.prefix(5)).map { faults in
        faults.map { fault in
          let place = (fault["loc"]?.elements.compactMap(\.string) ?? []).joined(separator: ".")
          return "\(place): \(fault["msg"]?.string ?? "")"
        }.joined(separator: "; ")
      } ?? ""
    }
    let text = String(decoding: body.prefix(4096), as: UTF8.self)
    guard text.drop(while: \.isWhitespace).hasPrefix("<") else { return text }
    // A page for browsers: its title is what it says.
    return text.firstMatch(of: /<title>([^<]*)<\/title>/.ignoresCase()).map { String($0.output.1) } ?? ""
  }
}
