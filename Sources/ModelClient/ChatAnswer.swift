import JSON

/// Why an answer ended.
public enum FinishCause: Sendable, Hashable, CustomStringConvertible {
  case stop
  /// The token limit: the text is cut off.
  case length
  case contentFilter
  case other(String)

  init(_ text: String) {
    self =
      switch text {
      case "stop": .stop
      case "length": .length
      case "content_filter": .contentFilter
      default: .other(text)
      }
  }

  /// The protocol's word.
  public var description: String {
    switch self {
    case .stop: "stop"
    case .length: "length"
    case .contentFilter: "content_filter"
    case .other(let text): text
    }
  }
}

/// One of an answer's alternatives.
public struct ChatChoice: Sendable, Hashable {
  /// Its place among the alternatives, from 0.
  public var index: Int
  /// The text; empty when the server sent none.
  public var text: String
  /// What the model thought before (`reasoning`, or `reasoning_content`), where the server tells.
  public var reasoning: String?
  /// Why it ended; `nil` when the server does not say.
  public var finish: FinishCause?
}

/// Tokens, as the server counts them.
public struct TokenUsage: Sendable, Hashable {
  /// Of the request.
  public var prompt: Int
  /// Of all alternatives.
  public var completion: Int
}

/// A server's answer.
public struct ChatAnswer: Sendable, Hashable {
  /// The alternatives that came; perhaps fewer than were asked for.
  public var choices: [ChatChoice]
  /// `nil` when the server does not count.
  public var usage: TokenUsage?
  /// The model's name, as the server says it.
  public var model: String?
  /// The address that answered; empty for one read from a file.
  public var endpoint = ""
  /// Seconds from the request that was answered to its end.
  public var seconds = 0.0
  /// Requests that it took.
  public var attempts = 1

  /// Reads a completion's JSON.
  ///
  /// - Throws: ``ModelClientError``: not JSON, an error told in JSON, or no choices in it.
  public static func decode(_ body: [UInt8]) throws(ModelClientError) -> ChatAnswer {
    let document: JSONDocument
    do { document = try JSONDocument(parsing: body) } catch {
      throw ModelClientError(.malformed("\(error)"))
    }
    return try decode(document.root)
  }

  /// Reads a completion that stands inside another JSON text, as in a batch's output.
  ///
  /// - Throws: ``ModelClientError``: an error told in JSON, or no choices in it.
  public static func decode(_ root: JSONView) throws(ModelClientError) -> ChatAnswer {
    if let message = errorMessage(in: root) { throw ModelClientError(.refusedInBody(message)) }
    guard let list = root["choices"], list.kind == .array else {
      throw ModelClientError(.malformed("there is no list `choices`"))
    }
    var choices: [ChatChoice] = []
    for element in list.elements {
      let message = element["message"]
      let text = message?["content"]?.string ?? element["text"]?.string
      choices.append(
        ChatChoice(
          index: element["index"]?.int ?? choices.count, text: text ?? "",
          reasoning: reasoning(in: message), finish: element["finish_reason"]?.string.map(FinishCause.init)))
    }
    return ChatAnswer(choices: choices, usage: usage(in: root), model: root["model"]?.string)
  }

  static func usage(in root: JSONView) -> TokenUsage? {
    guard let usage = root["usage"], usage.kind == .object else { return nil }
    return TokenUsage(
      prompt: usage["prompt_tokens"]?.int ?? 0, completion: usage["completion_tokens"]?.int ?? 0)
  }

  static func reasoning(in message: JSONView?) -> String? {
    let text = message?["reasoning"]?.string ?? message?["reasoning_content"]?.string
    return text?.isEmpty == false ? text : nil
  }

  /// What `{"error": …}` says, in any of the shapes that servers use; `nil` when it is no error.
  public static func errorMessage(in root: JSONView) -> String? {
    guard root.kind == .object else { return nil }
    if let error = root["error"], !error.isNull {
      return error.string ?? error["message"]?.string ?? error.kind.word
    }
    if root["choices"] == nil, root["object"]?.string == "error" { return root["message"]?.string ?? "an error" }
    return nil
  }
}
