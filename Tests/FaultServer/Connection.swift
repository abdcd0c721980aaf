import Foundation
import NIOCore

/// One client's connection: reads requests one after the other and answers each before it looks at the next.
///
/// HTTP is read by hand: only what clients of this protocol send (`Content-Length`, no chunked requests), in as little
/// time as possible, and anything may be written, also what is not HTTP.
final class Connection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let server: FaultServer.Shared
  private var received = ByteBuffer()
  private var isBusy = false
  private var isClosed = false

  init(_ server: FaultServer.Shared) { self.server = server }

  func channelActive(context: ChannelHandlerContext) { server.ledger.connected(1) }

  func channelInactive(context: ChannelHandlerContext) {
    isClosed = true
    server.ledger.connected(-1)
    if isBusy { server.ledger.finished() }
    isBusy = false
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var buffer = unwrapInboundIn(data)
    if received.readableBytes == 0 { received = buffer } else { received.writeBuffer(&buffer) }
    next(context)
  }

  private func next(_ context: ChannelHandlerContext) {
    guard !isBusy, !isClosed, received.readableBytes > 0 else { return }
    let head = received.withUnsafeReadableBytes { Head.parse($0) }
    switch head {
    case .incomplete: return
    case .bad:
      // As servers answer what is not HTTP, such as a TLS handshake.
      write([Array("HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".utf8)], context)
      context.close(promise: nil)
    case .complete(let head):
      guard received.readableBytes >= head.length + head.bodyLength else {
        if head.expectsContinue, received.readableBytes == head.length {
          write([Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)], context)
        }
        return
      }
      received.moveReaderIndex(forwardBy: head.length)
      let body = received.readBytes(length: head.bodyLength) ?? []
      received.discardReadBytes()
      handle(head, body, context)
    }
  }

  private func handle(_ head: Head, _ body: [UInt8], _ context: ChannelHandlerContext) {
    switch (head.method, head.path) {
    case ("GET", "/stats"): send(.http(200, server.ledger.counts.json), context)
    case ("GET", "/health"): send(.http(200, []), context)
    case ("GET", "/v1/models"):
      send(.http(200, Array(#"{"object": "list", "data": [{"id": "fault", "object": "model"}]}"#.utf8)), context)
    case ("POST", "/v1/chat/completions"): complete(body, isChat: true, head, context)
    case ("POST", "/v1/completions"): complete(body, isChat: false, head, context)
    default: send(.error(404, "there is nothing at \(head.method) \(head.path)"), context)
    }
  }

  private func complete(_ body: [UInt8], isChat: Bool, _ head: Head, _ context: ChannelHandlerContext) {
    let configuration = server.configuration
    if let key = configuration.key, head.authorization != "Bearer \(key)" {
      return send(.error(401, "Incorrect API key provided"), context)
    }
    let request: ReceivedRequest
    do throws(Refusal) {
      var received = try ReceivedRequest(body, isChat: isChat)
      received.bearer = head.authorization.map { String($0.dropFirst("Bearer ".count)) }
      request = received
    } catch {
      return send(.error(400, error.sentence), context)
    }
    if let words = configuration.refusal(of: request) { return send(.error(400, words), context) }
    let (arrival, attempt, inFlight) = server.ledger.arrived(request.body)
    isBusy = true
    if let capacity = configuration.capacity, inFlight > capacity {
      server.ledger.met(.rateLimitBare)
      return send(.reply(to: request, .rateLimitBare, server.answers), context)
    }
    let fault =
      request.model.hasPrefix("fault:")
      ? Fault(rawValue: String(request.model.dropFirst(6)))
      : server.plan.fault(arrival: arrival, body: request.body, attempt: attempt)
    if let fault { server.ledger.met(fault) }
    server.ledger.note(request, attempt: attempt, fault: fault, at: server.seconds)
    let reply = Reply.reply(to: request, fault, server.answers)
    let delay = server.delay() + (fault == .late ? configuration.lateness : 0)
    guard delay > 0 else { return send(reply, for: request, context) }
    context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(delay * 1e9))) {
      if !self.isClosed { self.send(reply, for: request, context) }
    }
  }

  private func send(_ reply: Reply, for request: ReceivedRequest? = nil, _ context: ChannelHandlerContext) {
    // Counted before the bytes go out, so that a client that has read its answer finds it counted.
    if let request, let choices = reply.choices { server.ledger.answered(request.body, choices: choices) }
    switch reply.ending {
    case .keepOpen:
      finish()
      write(reply.pieces, context)
      next(context)
    case .close:
      finish()
      write(reply.pieces, context)
      context.close(promise: nil)
    case .reset:
      // With a linger time of zero closing sends RST. What was written goes first, in its own round of the loop.
      write(reply.pieces, context)
      context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(reply.pieces.isEmpty ? 0 : 2)) {
        guard !self.isClosed else { return }
        self.finish()
        _ = (context.channel as? any SocketOptionProvider)?.setSoLinger(NIOLinger(l_onoff: 1, l_linger: 0))
        context.close(promise: nil)
      }
    case .hang: write(reply.pieces, context)
    case .drip:
      write(reply.pieces, context)
      drip(context)
    }
  }

  private func drip(_ context: ChannelHandlerContext) {
    let pause = TimeAmount.nanoseconds(Int64(server.configuration.slowPause * 1e9))
    context.eventLoop.assumeIsolated().scheduleTask(in: pause) {
      guard !self.isClosed else { return }
      self.write([[0x20]], context)
      self.drip(context)
    }
  }

  private func finish() {
    if isBusy { server.ledger.finished() }
    isBusy = false
  }

  private func write(_ pieces: [[UInt8]], _ context: ChannelHandlerContext) {
    for piece in pieces {
      var buffer = context.channel.allocator.buffer(capacity: piece.count)
      buffer.writeBytes(piece)
      context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }
  }
}

/// What the first lines of a request say.
struct Head {
  enum Parsed {
    case incomplete
    case bad
    case complete(Head)
  }

  var method = ""
  var path = ""
  /// Bytes up to the body.
  var length = 0
  var bodyLength = 0
  var authorization: String?
  var expectsContinue = false

  /// Longest head, in bytes.
  private static let limit = 64 << 10

  static func parse(_ bytes: UnsafeRawBufferPointer) -> Parsed {
    if bytes.first == 0x16 { return .bad }
    guard let end = bytes.find("\r\n\r\n") else { return bytes.count > limit ? .bad : .incomplete }
    var head = Head()
    head.length = end + 4
    let lines = UnsafeRawBufferPointer(rebasing: bytes[..<end])
    var isFirst = true
    for line in lines.split(separator: 0x0A) {
      let text = line.last == 0x0D ? line.dropLast() : line
      if isFirst {
        isFirst = false
        let parts = text.split(separator: 0x20)
        guard parts.count == 3 else { return .bad }
        head.method = String(decoding: parts[0], as: UTF8.self)
        head.path = String(decoding: parts[1], as: UTF8.self)
        continue
      }
      guard let colon = text.firstIndex(of: 0x3A) else { return .bad }
      // Told apart by length first: nearly every header is none of these.
      let length = colon - text.startIndex
      guard [6, 13, 14, 17].contains(length) else { continue }
      let name = String(decoding: text[..<colon], as: UTF8.self).lowercased()
      let value = String(decoding: text[(colon + 1)...], as: UTF8.self).trimmingCharacters(in: .whitespaces)
      switch name {
      case "content-length":
        guard let count = Int(value), count >= 0 else { return .bad }
        head.bodyLength = count
      case "transfer-encoding": return .bad
      case "authorization": head.authorization = value
      case "expect": head.expectsContinue = true
      default: break
      }
    }
    return .complete(head)
  }
}
