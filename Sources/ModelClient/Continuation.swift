import JSON

/// How a server is asked to continue a response.
public enum Continuation: Sendable, Hashable {
  /// A last assistant turn with `continue_final_message`.
  case chat
  /// The conversation as one text, sent to `/completions`.
  case raw(RawFormat)

  /// "chat", "raw plain".
  public var words: String {
    switch self {
    case .chat: "chat"
    case .raw(let format): "raw \(format.rawValue)"
    }
  }
}

/// How a conversation is written as one text, for models that are asked for raw completions.
public enum RawFormat: String, Sendable, Hashable, Codable, CaseIterable {
  /// The turns one after the other, blank lines between: for base models.
  case plain
  /// `<|im_start|>` and `<|im_end|>`: Qwen and others.
  case chatML = "chatml"
  /// `<|start_header_id|>` and `<|eot_id|>`: Llama 3.
  case llama3

  /// The text; a last assistant turn is left open for the model to continue.
  public func text(of messages: [ChatMessage]) -> String {
    var text = ""
    for (index, message) in messages.enumerated() {
      let isOpen = index == messages.count - 1 && message.role == .assistant
      switch self {
      case .plain:
        if index > 0 { text += "\n\n" }
        text += message.content
      case .chatML:
        text += "<|im_start|>\(message.role.rawValue)\n\(message.content)"
        if !isOpen { text += "<|im_end|>\n" }
      case .llama3:
        text += "<|start_header_id|>\(message.role.rawValue)<|end_header_id|>\n\n\(message.content)"
        if !isOpen { text += "<|eot_id|>" }
      }
    }
    return text
  }
}

extension ChatRequest {
  /// The JSON body of a raw completion.
  ///
  /// - Parameters:
  ///   - model: in place of the request's, for an endpoint with its own name for it.
  ///   - dialect: what the server takes.
  public func rawBody(
    _ format: RawFormat, stream: Bool = false, model: String? = nil, dialect: ServerDialect = ServerDialect()
  ) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.string("model", model ?? self.model)
      json.string("prompt", format.text(of: messages))
      writeSampling(&json, dialect)
      if stream { Self.writeStreaming(&json, dialect) }
    }
    return json.bytes
  }
}
