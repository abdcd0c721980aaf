import JSON
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

/// Forwards chunks, and remembers whether there was one.
final class ChunkForwarder: Sendable {
  private let receive: @Sendable (AnswerChunk) -> Void
  private let forwarded = Mutex(false)

  init(_ receive: @escaping @Sendable (AnswerChunk) -> Void) { self.receive = receive }

  var hasForwarded: Bool { forwarded.withLock { $0 } }

  func forward(_ chunk: AnswerChunk) {
    guard !chunk.text.isEmpty else { return }
    forwarded.withLock { $0 = true }
    receive(chunk)
  }
}

/// Puts a streamed answer together: server-sent events, cut anywhere.
struct StreamAssembler {
  var forwarder: ChunkForwarder?
  private var pending: [UInt8] = []
  private var choices: [Int: ChatChoice] = [:]
  private var usage: TokenUsage?
  private var model: String?
  private(set) var isDone = false

  init(forwarder: ChunkForwarder? = nil) { self.forwarder = forwarder }

  mutating func add(_ bytes: some Collection<UInt8>) throws(ModelClientError) {
    pending.append(contentsOf: bytes)
    var start = pending.startIndex
    while let end = pending[start...].firstIndex(of: UInt8(ascii: "\n")) {
      var line = pending[start..<end]
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      try take(line)
      start = end + 1
    }
    pending.removeSubrange(..<start)
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
    guard isDone || (!choices.isEmpty && choices.values.allSatisfy { $0.finish != nil }) else {
      throw ModelClientError(.cutShort)
    }
    return ChatAnswer(
      choices: choices.values.sorted { $0.index < $1.index }, usage: usage, model: model)
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
      let index = element["index"]?.int ?? 0
      var choice = choices[index] ?? ChatChoice(index: index, text: "")
      let delta = element["delta"] ?? element["message"]
      let text = delta?["content"]?.string ?? element["text"]?.string ?? ""
      choice.text += text
      if let thought = ChatAnswer.reasoning(in: delta) {
        choice.reasoning = (choice.reasoning ?? "") + thought
        forwarder?.forward(AnswerChunk(choice: index, text: thought, isReasoning: true))
      }
      forwarder?.forward(AnswerChunk(choice: index, text: text, isReasoning: false))
      if let finish = element["finish_reason"]?.string { choice.finish = FinishCause(finish) }
      choices[index] = choice
    }
  }
}
