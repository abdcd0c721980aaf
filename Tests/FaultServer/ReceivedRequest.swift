import Foundation
import JSON

/// A completion request, read as far as the answer depends on it.
struct ReceivedRequest: Sendable {
  var isChat: Bool
  var model: String
  /// The last user turn, or the whole raw prompt.
  var prompt: String
  /// The assistant's last turn, where the conversation ends with one; the whole of a raw prompt.
  var prefix: String
  /// It is to be continued.
  var continuesPrefix: Bool
  /// 64 bits over the conversation and what shapes answers, without `n` and `stream`.
  var question: UInt64
  /// 64 bits over the whole body.
  var body: UInt64
  var seed: Int?
  var choices: Int
  var streams: Bool
  var includesUsage: Bool
  var maxTokens: Int?
  /// The keys of the body.
  var parameters: Set<String>
  /// What came as a bearer token.
  var bearer: String?

  /// The stage that our own prompts ask for; "other" for a prompt that is none of them.
  var stage: String {
    prompt.withBytes { prompt in
      if prompt.find("<first_critique>\n") != nil { return "merged" }
      if prompt.find("<critique>\n") != nil { return "deep" }
      return prompt.find("<step>\n") == nil ? "other" : "initial"
    }
  }

  /// The text between `<name>` and `</name>`, each on a line of its own; the whole prompt when there is none.
  func part(_ open: StaticString, _ close: StaticString) -> String {
    prompt.withBytes { bytes in
      guard let start = bytes.find(open), let end = bytes.find(close, from: start + open.utf8CodeUnitCount) else {
        return prompt
      }
      return String(
        decoding: UnsafeRawBufferPointer(rebasing: bytes[start + open.utf8CodeUnitCount..<end]), as: UTF8.self)
    }
  }

  /// The number after ", Step " in our own prompts; 0 when there is none.
  var step: Int {
    prompt.withBytes { bytes in
      guard let start = bytes.find(", Step ") else { return 0 }
      return bytes[(start + 7)...].prefix { (0x30...0x39).contains($0) }.reduce(0) { $0 &* 10 &+ Int($1) &- 0x30 }
    }
  }

  /// - Throws: a sentence for a 400.
  init(_ bytes: [UInt8], isChat: Bool) throws(Refusal) {
    let document: JSONDocument
    do { document = try JSONDocument(parsing: bytes) } catch { throw Refusal("the body is not JSON: \(error)") }
    let root = document.root
    guard root.kind == .object else { throw Refusal("the body must be an object") }
    self.isChat = isChat
    model = root["model"]?.string ?? ""
    let conversation: JSONView
    if isChat {
      guard let messages = root["messages"], messages.kind == .array, messages.count > 0 else {
        throw Refusal("messages: a list with at least one message is required")
      }
      for message in messages.elements {
        guard let role = message["role"]?.string, ["system", "user", "assistant"].contains(role) else {
          throw Refusal("messages: each needs a role: system, user or assistant")
        }
      }
      conversation = messages
      prompt = messages.elements.reversed().first { $0["role"]?.string == "user" }?["content"]?.string ?? ""
      let last = messages.elements.reversed().first
      prefix = last?["role"]?.string == "assistant" ? last?["content"]?.string ?? "" : ""
      continuesPrefix = root["continue_final_message"]?.bool ?? false
    } else {
      guard let text = root["prompt"], text.kind == .string else { throw Refusal("prompt: a text is required") }
      conversation = text
      let whole = text.string ?? ""
      prompt = whole
      // The problem's number ends the request; what follows is the answer's beginning.
      prefix = whole.lastIndex(of: "#").map { String(whole[$0...].dropFirst()) } ?? whole
      continuesPrefix = true
    }
    seed = root["seed"]?.int
    choices = root["n"]?.int ?? 1
    guard choices >= 1 else { throw Refusal("n: at least 1 is required") }
    streams = root["stream"]?.bool ?? false
    includesUsage = root["stream_options"]?["include_usage"]?.bool ?? false
    maxTokens = root["max_tokens"]?.int ?? root["max_completion_tokens"]?.int
    parameters = Set(root.keys)
    body = bytes.withUnsafeBytes { Mixing.hash($0) }
    var question = conversation.raw.withUnsafeBytes { Mixing.hash($0) }
    for shaping in [root["temperature"], root["top_p"], root["max_tokens"]] {
      if let raw = shaping?.raw { question = raw.withUnsafeBytes { Mixing.hash($0, seed: question) } }
    }
    self.question = question
  }
}

/// Why a request is answered with 400.
struct Refusal: Error, Sendable {
  var sentence: String
  init(_ sentence: String) { self.sentence = sentence }
}

extension String {
  /// The text's bytes.
  func withBytes<T>(_ body: (UnsafeRawBufferPointer) -> T) -> T {
    var text = self
    return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
  }
}

extension UnsafeRawBufferPointer {
  /// Where some text begins. (The standard library's search costs more than all else that is done for a request.)
  func find(_ text: StaticString, from: Int = 0) -> Int? {
    guard let base = baseAddress else { return nil }
    let length = text.utf8CodeUnitCount
    var at = from
    while at + length <= count {
      guard let found = memchr(base + at, Int32(text.utf8Start[0]), count - at - length + 1) else { return nil }
      at = UnsafeRawPointer(found) - base
      if memcmp(base + at, text.utf8Start, length) == 0 { return at }
      at += 1
    }
    return nil
  }
}
