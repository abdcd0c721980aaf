import NIOCore

/// How one request goes over the wire to a server: chunk by chunk or whole, and in which dialect.
struct RequestForm: Sendable {
  var dialect: ServerDialect
  var streams: Bool
  /// The body, for a server that has no name of its own for the model.
  var body = ByteBuffer()

  init(_ request: ChatRequest, _ dialect: ServerDialect, streams: Bool) {
    self.dialect = dialect
    self.streams = streams && dialect.streams
    body = ByteBuffer(bytes: bytes(of: request))
  }

  func bytes(of request: ChatRequest, model: String? = nil) -> [UInt8] {
    request.body(stream: streams, model: model, dialect: dialect)
  }
}
