import JSON

/// One turn of a conversation.
public struct ChatMessage: Sendable, Hashable, Codable {
  /// Who speaks.
  public enum Role: String, Sendable, Hashable, Codable {
    case system
    case user
    case assistant
  }

  /// Who speaks.
  public var role: Role
  /// What is said.
  public var content: String

  /// A turn from its parts.
  public init(role: Role, content: String) {
    self.role = role
    self.content = content
  }

  /// A conversation from turns that name their roles; turns of unknown roles are left out.
  public static func conversation(_ turns: [(role: String, content: String)]) -> [ChatMessage] {
    turns.compactMap { turn in Role(rawValue: turn.role).map { ChatMessage(role: $0, content: turn.content) } }
  }
}

/// How answers are drawn. Everything but the seed is always sent, since servers differ in their defaults.
public struct Sampling: Sendable, Hashable, Codable {
  /// Temperature; 0 is greedy.
  public var temperature: Double
  /// Top-p of nucleus sampling.
  public var topP: Double
  /// Longest answer, in tokens.
  public var maxTokens: Int
  /// Makes an answer repeatable, where the server can.
  public var seed: Int?

  /// Sampling from its parts.
  public init(temperature: Double, topP: Double, maxTokens: Int, seed: Int? = nil) {
    self.temperature = temperature
    self.topP = topP
    self.maxTokens = maxTokens
    self.seed = seed
  }
}

/// A chat completion to ask for.
public struct ChatRequest: Sendable, Hashable {
  /// The model's name, as the server knows it.
  public var model: String
  /// The conversation so far.
  public var messages: [ChatMessage]
  /// How answers are drawn.
  public var sampling: Sampling
  /// How many answers are wanted (`n`); servers may give fewer.
  public var choices: Int
  /// The last turn is the beginning of the answer, which the model continues.
  public var continuesLastMessage: Bool
  /// Sent as the seed to servers that refuse `n`, where sampling names none: samples asked for one by one differ even where a
  /// server remembers its answers.
  public var sampleSeed: Int?

  /// A request from its parts.
  public init(
    model: String, messages: [ChatMessage], sampling: Sampling, choices: Int = 1, continuesLastMessage: Bool = false
  ) {
    self.model = model
    self.messages = messages
    self.sampling = sampling
    self.choices = choices
    self.continuesLastMessage = continuesLastMessage
  }

  /// The JSON body, as servers and batch files take it.
  ///
  /// - Parameters:
  ///   - model: in place of the request's, for an endpoint with its own name for it.
  ///   - dialect: what the server takes.
  public func body(
    stream: Bool = false, model: String? = nil, dialect: ServerDialect = ServerDialect()
  ) -> [UInt8] {
    var json = JSONWriter()
    json.object { json in
      json.string("model", model ?? self.model)
      json.array("messages") { json in
        for message in messages {
          json.object { json in
            json.string("role", message.role.rawValue)
            json.string("content", message.content)
          }
        }
      }
      writeSampling(&json, dialect)
      if continuesLastMessage {
        json.bool("continue_final_message", true)
        json.bool("add_generation_prompt", false)
      }
      if stream { Self.writeStreaming(&json, dialect) }
    }
    return json.bytes
  }

  /// How answers are drawn and how many, the same for chats and raw completions.
  func writeSampling(_ json: inout JSONWriter, _ dialect: ServerDialect) {
    json.key("temperature")
    json.double(sampling.temperature)
    json.key("top_p")
    json.double(sampling.topP)
    switch dialect.tokenLimit {
    case .maxTokens: json.int("max_tokens", sampling.maxTokens)
    case .maxCompletionTokens: json.int("max_completion_tokens", sampling.maxTokens)
    }
    let ownSeed = dialect.takesChoices || !dialect.takesSampleSeeds ? nil : sampleSeed
    if let seed = sampling.seed ?? ownSeed { json.int("seed", seed) }
    if choices > 1, dialect.takesChoices { json.int("n", choices) }
  }

  /// Asks for the answer chunk by chunk, with the usage at its end.
  static func writeStreaming(_ json: inout JSONWriter, _ dialect: ServerDialect) {
    json.bool("stream", true)
    guard dialect.countsStreams else { return }
    json.object("stream_options") { $0.bool("include_usage", true) }
  }
}
