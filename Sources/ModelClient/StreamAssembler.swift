import JSON
import Secrets
import Synchronization

/// A chunk of an answer, as it arrives.
public struct AnswerChunk: Sendable, Hashable {
  /// The alternative that it belongs to, from 0.
  public var choice: Int
  /// The text; most servers send a token at a time.
  public var text: String
  /// What the model thinks before it answers, not the answer itself.
  public var isReasoning: Bool
}

/// Forwards chunks without the keys in them, and remembers whether there was one.
final class ChunkForwarder: Sendable {
  private struct Stream: Hashable {
    var choice: Int
    var isReasoning: Bool
  }

  private struct State {
    var hasForwarded = false
    /// What may be the beginning of a key.
    var held: [Stream: String] = [:]
  }

  private let receive: @Sendable (AnswerChunk) -> Void
  private let state = Mutex(State())

  init(_ receive: @escaping @Sendable (AnswerChunk) -> Void) { self.receive = receive }

  var hasForwarded: Bool { state.withLock(\.hasForwarded) }

  func forward(_ chunk: AnswerChunk) {
    guard !chunk.text.isEmpty else { return }
    let stream = Stream(choice: chunk.choice, isReasoning: chunk.isReasoning)
    let text = state.withLock { state in
      state.hasForwarded = true
      let text = Secrets.redacted((state.held.removeValue(forKey: stream) ?? "") + chunk.text)
      let count = Secrets.heldBack(text)
      guard count > 0 else { return text }
      state.held[stream] = String(decoding: text.utf8.suffix(count), as: UTF8.self)
      return String(decoding: text.utf8.dropLast(count), as: UTF8.self)
    }
    if !text.isEmpty { receive(AnswerChunk(choice: chunk.choice, text: text, isReasoning: chunk.isReasoning)) }
  }

  /// Gives out what was held back, once nothing more comes.
  func finish() {
    let held = state.withLock { state in
      defer { state.held = [:] }
      return state.held
    }
    for (stream, text) in held {
      receive(AnswerChunk(choice: stream.choice, text: text, isReasoning: stream.isReasoning))
    }
  }
}

/// Puts a streamed answer together: server-sent events, cut anywhere.
struct StreamAssembler {
  private struct Alternative {
    var choice: ChatChoice
    var splitter = ThinkSplitter()
    /// The server keeps the reasoning apart itself.
    var hasNamedReasoning = false
  }

  private let forwarder: ChunkForwarder?
  private let limit: Int
  private var pending: [UInt8] = []
  /// Bytes of ``pending`` in which no line ends.
  private var searched = 0
  private var alternatives: [Int: Alternative] = [:]
  private var usage: TokenUsage?
  private var model: String?
  private(set) var isDone = false
  /// Bytes of text and reasoning so far.
  private(set) var size = 0

  /// - Parameter limit: the most bytes that are kept, of texts and of an unfinished line each.
  init(forwarder: ChunkForwarder? = nil, limit: Int = .max) {
    self.forwarder = forwarder
    self.limit = limit
  }

  mutating func add(_ bytes: some Collection<UInt8>) throws(ModelClientError) {
    pending.append(contentsOf: bytes)
    var start = pending.startIndex
    var from = searched
    while let end = pending[from...].firstIndex(of: UInt8(ascii: "\n")) {
      var line = pending[start..<end]
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      try take(line)
      start = end + 1
      from = start
    }
    pending.removeSubrange(..<start)
    searched = pending.count
    if pending.count > limit { throw ModelClientError(.tooLarge(limit)) }
  }

  /// The answer, once the stream has ended.
  ///
  /// - Throws: ``ModelClientError/Kind/cutShort`` when neither the protocol's last line nor a reason to end came for each
  ///   choice.
  mutating func answer() throws(ModelClientError) -> ChatAnswer {
    if !pending.isEmpty {
      let rest = pending[...]
      pending = []
      do { try take(rest) } catch {
        // A line without its end that cannot be read is half of one.
        if case .malformed = error.kind { throw ModelClientError(.cutShort) }
        throw error
      }
    }
    guard isDone || (!alternatives.isEmpty && alternatives.values.allSatisfy { $0.choice.finish != nil }) else {
      throw ModelClientError(.cutShort)
    }
    let choices = alternatives.keys.sorted().compactMap { key -> ChatChoice? in
      guard var alternative = alternatives.removeValue(forKey: key) else { return nil }
      for part in alternative.splitter.rest() { add(part, to: &alternative) }
      var choice = alternative.choice
      if choice.reasoning == nil, !alternative.hasNamedReasoning {
        (choice.text, choice.reasoning) = ThinkSplitter.withoutOpenThoughts(choice.text)
      }
      return choice
    }
    return ChatAnswer(choices: choices, usage: usage, model: model)
  }

  /// One line: a field of an event. Comments (":…") keep the connection alive; other fields say nothing here.
  private mutating func take(_ line: ArraySlice<UInt8>) throws(ModelClientError) {
    let name = Array("data:".utf8)
    guard line.starts(with: name) else { return }
    var data = line.dropFirst(name.count)
    if data.first == UInt8(ascii: " ") { data = data.dropFirst() }
    if data.isEmpty { return }
    if data.elementsEqual("[DONE]".utf8) {
      isDone = true
      return
    }
    let document: JSONDocument
    do { document = try JSONDocument(parsing: Array(data)) } catch { throw ModelClientError(.malformed("\(error)")) }
    let root = document.root
    if let message = ChatAnswer.errorMessage(in: root) { throw ModelClientError(.refusedInBody(message)) }
    if let reported = ChatAnswer.usage(in: root) { usage = reported }
    model = model ?? root["model"]?.string
    guard let list = root["choices"], list.kind == .array else { return }
    for element in list.elements {
      let index = element["index"]?.int.flatMap { (0..<ChatAnswer.most).contains($0) ? $0 : nil } ?? 0
      // Taken out, so that its text grows in place.
      var alternative =
        alternatives.removeValue(forKey: index) ?? Alternative(choice: ChatChoice(index: index, text: ""))
      let delta = element["delta"] ?? element["message"]
      if let thought = ChatAnswer.reasoning(in: delta) {
        alternative.hasNamedReasoning = true
        add((thought, true), to: &alternative)
      }
      let content = MessageContent(delta?["content"] ?? element["text"])
      if let thought = content.reasoning {
        alternative.hasNamedReasoning = true
        add((thought, true), to: &alternative)
      }
      if alternative.hasNamedReasoning {
        add((content.text, false), to: &alternative)
      } else {
        for part in alternative.splitter.take(content.text) { add(part, to: &alternative) }
      }
      if let finish = element["finish_reason"]?.string { alternative.choice.finish = FinishCause(finish) }
      alternatives[index] = alternative
      if size > limit { throw ModelClientError(.tooLarge(limit)) }
    }
  }

  private mutating func add(_ part: ThinkSplitter.Part, to alternative: inout Alternative) {
    guard !part.text.isEmpty else { return }
    size += part.text.utf8.count
    if part.isReasoning {
      alternative.choice.reasoning = (alternative.choice.reasoning ?? "") + part.text
    } else {
      alternative.choice.text += part.text
    }
    forwarder?.forward(
      AnswerChunk(choice: alternative.choice.index, text: part.text, isReasoning: part.isReasoning))
  }
}
