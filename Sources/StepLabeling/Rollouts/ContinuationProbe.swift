import ModelClient
import ReviewStore

/// Finds out how a server continues a response that was begun.
///
/// Servers that do not know `continue_final_message` answer all the same: they close the turn and begin a new one, or
/// make it the user's. Two signs tell: the tokens that a longer beginning adds (a closed turn costs some of its own),
/// and whether the response continues a sentence that it was asked to repeat.
public struct ContinuationProbe: Sendable {
  /// What was found, for people.
  public struct Finding: Sendable, Hashable {
    /// The server's address.
    public var endpoint: String
    /// How it is to be asked.
    public var continuation: Continuation
    /// Why.
    public var reason: String
  }

  private let model: String
  private let configuration: ClientConfiguration
  private let rawFormat: RawFormat

  /// A probe for a model.
  ///
  /// - Parameter rawFormat: taken for servers that cannot continue a chat.
  public init(model: String, configuration: ClientConfiguration, rawFormat: RawFormat) {
    self.model = model
    self.configuration = configuration
    self.rawFormat = rawFormat
  }

  private static let sentence = "The quick brown fox jumps over the lazy dog and runs into the dark forest."
  private static let words = sentence.split(separator: " ").map(String.init)
  private static let request = "Repeat this sentence and add nothing: " + sentence

  /// Chooses for each server.
  ///
  /// - Throws: ``LabelError/cannotContinue(_:_:)`` for a server that can do neither; `ModelClientError` for one that
  ///   does not answer.
  public func choose(_ endpoints: [Endpoint], _ choice: ContinuationChoice) async throws -> [Finding] {
    var findings: [Finding] = []
    for endpoint in endpoints {
      switch choice {
      case .chat: findings.append(Finding(endpoint: endpoint.base, continuation: .chat, reason: "as set"))
      case .raw:
        findings.append(Finding(endpoint: endpoint.base, continuation: .raw(rawFormat), reason: "as set"))
      case .auto: findings.append(try await probe(endpoint))
      }
    }
    return findings
  }

  private func probe(_ endpoint: Endpoint) async throws -> Finding {
    let client = ModelClient(endpoints: [endpoint], configuration: configuration)
    do {
      let (continues, why) = try await chatContinues(client)
      await client.shutdown()
      if continues { return Finding(endpoint: endpoint.base, continuation: .chat, reason: why) }
      try await checkRaw(endpoint, why)
      return Finding(endpoint: endpoint.base, continuation: .raw(rawFormat), reason: why)
    } catch {
      await client.shutdown()
      throw error
    }
  }

  private func ask(_ client: ModelClient, begun words: Int?) async throws(ModelClientError) -> ChatAnswer {
    var messages = [ChatMessage(role: .user, content: Self.request)]
    if let words {
      messages.append(ChatMessage(role: .assistant, content: Self.words.prefix(words).joined(separator: " ")))
    }
    return try await client.answer(
      to: ChatRequest(
        model: model, messages: messages, sampling: Sampling(temperature: 0, topP: 1, maxTokens: 8),
        continuesLastMessage: words != nil))
  }

  private func chatContinues(_ client: ModelClient) async throws -> (Bool, String) {
    let plain = try await ask(client, begun: nil)
    let short: ChatAnswer
    let long: ChatAnswer
    do {
      short = try await ask(client, begun: 1)
      long = try await ask(client, begun: 8)
    } catch {
      guard case .status(let code, _) = error.kind, [400, 422].contains(code) else { throw error }
      return (false, "it rejects a last turn of the assistant")
    }
    let text = long.choices.first?.text ?? ""
    let first = text.split(whereSeparator: { !$0.isLetter }).first.map { $0.lowercased() }
    if first == Self.words[8].lowercased() { return (true, "it continues a sentence that was begun") }
    guard let a = plain.usage?.prompt, let b = short.usage?.prompt, let c = long.usage?.prompt, a > 0, c > b else {
      return (false, "it does not continue a sentence that was begun, and reports no token counts")
    }
    let perWord = Double(c - b) / 7
    let overhead = Double(b - a) - perWord
    if abs(overhead) < 0.6 { return (true, "a beginning costs its own tokens and none for another turn") }
    return (false, "it makes a turn of its own of the beginning (\(Int(overhead.rounded())) more tokens)")
  }

  private func checkRaw(_ endpoint: Endpoint, _ why: String) async throws {
    var raw = endpoint
    raw.continuation = .raw(rawFormat)
    let client = ModelClient(endpoints: [raw], configuration: configuration)
    do {
      _ = try await ask(client, begun: 8)
      await client.shutdown()
    } catch {
      await client.shutdown()
      guard case .status(let code, _) = error.kind, code != 401, code != 403 else { throw error }
      throw LabelError.cannotContinue(endpoint.base, "\(why), and raw completions fail: \(error)")
    }
  }
}

/// Why labels cannot be estimated.
public enum LabelError: Error, Sendable, CustomStringConvertible {
  /// Nobody named the model.
  case noModel(RolloutKind)
  /// A server can continue nothing.
  case cannotContinue(String, String)
  /// There are no rollouts to estimate from.
  case noRollouts

  /// A sentence with its remedy.
  public var description: String {
    switch self {
    case .noModel(let kind):
      "no model is named for \(kind == .sample ? "samples" : "rollouts"). Name the one your server serves with "
        + "--model NAME, or in deepcritic.toml: [label] model = \"NAME\"."
    case .cannotContinue(let endpoint, let why):
      "the server at \(endpoint) cannot continue a text: \(why). Use a server that takes "
        + "continue_final_message or /completions (vLLM, SGLang, llama.cpp)."
    case .noRollouts:
      "no rollouts yet. Draw some with 'deepcritic label sample' and 'deepcritic label rollout'."
    }
  }
}
