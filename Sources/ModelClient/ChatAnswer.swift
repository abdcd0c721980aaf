import JSON
import Secrets

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
  /// What the model thought before (`reasoning`, `reasoning_content`, or `<think>…</think>` at the text's beginning), where
  /// it can be known.
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

  /// The most tokens that are believed of one answer: sums of such numbers do not overflow.
  static let most = 1_000_000_000
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
      let content = MessageContent(message?["content"] ?? element["text"])
      let named = reasoning(in: message)
      let (text, thoughts) = named == nil ? ThinkSplitter.split(content.text) : (content.text, nil)
      let place = element["index"]?.int.flatMap { (0..<most).contains($0) ? $0 : nil } ?? choices.count
      choices.append(
        ChatChoice(
          index: place, text: text, reasoning: named ?? content.reasoning ?? thoughts,
          finish: element["finish_reason"]?.string.map(FinishCause.init)))
    }
    return ChatAnswer(choices: choices, usage: usage(in: root), model: root["model"]?.string)
  }

  static func usage(in root: JSONView) -> TokenUsage? {
    guard let usage = root["usage"], usage.kind == .object else { return nil }
    func count(_ value: JSONView?) -> Int? {
      guard let number = value?.double ?? value?.string.flatMap(Double.init), number.isFinite || number > 0 else {
        return nil
      }
      return number < 0 ? nil : Int(min(number, Double(TokenUsage.most)))
    }
    let (prompt, completion) = (count(usage["prompt_tokens"]), count(usage["completion_tokens"]))
    if prompt == nil, completion == nil { return nil }
    return TokenUsage(prompt: prompt ?? 0, completion: completion ?? 0)
  }

  /// Maximum number of alternatives that are distinguished.
  static let most = 1 << 16

  /// The answer without keys that the server repeats.
  var redacted: ChatAnswer {
    var answer = self
    for place in answer.choices.indices {
      answer.choices[place].text = Secrets.redacted(answer.choices[place].text)
      answer.choices[place].reasoning = answer.choices[place].reasoning.map(Secrets.redacted)
    }
    answer.model = answer.model.map(Secrets.redacted)
    return answer
  }

  static func reasoning(in message: JSONView?) -> String? {
    let text = message?["reasoning"]?.string ?? message?["reasoning_content"]?.string
    return text?.isEmpty == false ? text : nil
  }

  /// What `{"error": …}` says, in any of the shapes that servers use; `nil` when it is not an error.
  public static func errorMessage(in root: JSONView) -> String? {
    guard root.kind == .object else { return nil }
    if let error = root["error"], !error.isNull {
      let message = error.string ?? error["message"]?.string ?? error.kind.word
      guard let parameter = error["param"]?.string, !message.contains(parameter) else { return message }
      return "\(message) (\(parameter))"
    }
    if root["choices"] == nil, root["object"]?.string == "error" { return root["message"]?.string ?? "an error" }
    return nil
  }
}
