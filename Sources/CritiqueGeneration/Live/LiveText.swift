import CritiqueModel
import ModelClient
import Synchronization

/// An answer as it arrives.
public struct LiveText: Sendable, Hashable {
  /// Its progress.
  public enum Phase: Sendable, Hashable {
    /// Asked for; nothing has come yet.
    case waiting
    case writing
    case done
    /// Cut off at the token limit.
    case cutOff
    /// A sentence with its remedy. What came before it is kept.
    case failed(String)
    case stopped
  }

  /// What has come so far.
  public var text = ""
  /// What the model thought before the answer.
  public var thoughts = ""
  /// Its progress.
  public var phase = Phase.waiting
  /// Tokens: counted by the server where it has done so, else the chunks that came.
  public var tokens = 0
  /// Seconds from the request to the first chunk; `nil` before it.
  public var firstChunk: Double?
  /// The same to the latest chunk.
  public var lastChunk: Double?
  /// Seconds from the request to now, or to the end.
  public var seconds = 0.0
  /// Why a recorded text replaces the server's; `nil` where it does not.
  public var failure: String?

  /// Before anything has come.
  public init() {}

  /// A recorded text replaces the server's.
  public var isRecorded: Bool { failure != nil }

  /// Tokens per second from the first chunk to the latest; `nil` before two have come. Silence does not change it.
  public var rate: Double? {
    guard !isRecorded, let firstChunk, let lastChunk, lastChunk > firstChunk, tokens > 1 else { return nil }
    return Double(tokens - 1) / (lastChunk - firstChunk)
  }

  /// Seconds since something came, while more is awaited.
  public var silence: Double { isOver ? 0 : seconds - (lastChunk ?? 0) }

  /// A critique that came from its server as a whole, or up to the token limit.
  public var canBeSaved: Bool { !isRecorded && (phase == .done || phase == .cutOff) }

  /// Whether nothing more will come.
  public var isOver: Bool { phase != .waiting && phase != .writing }
}

/// Takes the chunks of one answer on whatever thread they come.
final class LiveStream: Sendable {
  private struct State {
    var shown = LiveText()
    var isOver = false
  }

  private let began = ContinuousClock.now
  private let state = Mutex(State())

  var text: LiveText {
    state.withLock { state in
      var shown = state.shown
      if !state.isOver { shown.seconds = (ContinuousClock.now - began).inSeconds }
      return shown
    }
  }

  func take(_ chunk: AnswerChunk) {
    let now = (ContinuousClock.now - began).inSeconds
    state.withLock { state in
      guard !state.isOver, chunk.choice == 0 else { return }
      if state.shown.firstChunk == nil { state.shown.firstChunk = now }
      state.shown.lastChunk = now
      state.shown.phase = .writing
      state.shown.tokens += 1
      if chunk.isReasoning { state.shown.thoughts += chunk.text } else { state.shown.text += chunk.text }
    }
  }

  /// Continues with a recorded text, from as far as the server's has come.
  ///
  /// - Returns: `false` when it was stopped.
  func replay(_ text: String, because failure: String) async -> Bool {
    var at = state.withLock { state in
      state.shown.failure = failure
      state.shown.thoughts = ""
      state.shown.phase = .writing
      return text.index(text.startIndex, offsetBy: state.shown.text.count, limitedBy: text.endIndex) ?? text.endIndex
    }
    while true {
      let shown = String(text[..<at])
      let now = (ContinuousClock.now - began).inSeconds
      let isOver = state.withLock { state in
        guard !state.isOver else { return true }
        state.shown.text = shown
        state.shown.tokens = 0
        state.shown.lastChunk = now
        return false
      }
      if isOver { return false }
      if at == text.endIndex { return true }
      do { try await Task.sleep(for: .milliseconds(40)) } catch { return false }
      // As fast as a model writes on a good day.
      at = text.index(at, offsetBy: 8, limitedBy: text.endIndex) ?? text.endIndex
    }
  }

  /// - Parameter choice: the whole answer, which knows best what was thought and what was said.
  func end(_ phase: LiveText.Phase, _ choice: ChatChoice? = nil, tokens: Int? = nil) {
    let now = (ContinuousClock.now - began).inSeconds
    state.withLock { state in
      guard !state.isOver else { return }
      state.isOver = true
      state.shown.phase = phase
      state.shown.seconds = now
      if let tokens, tokens > 0 { state.shown.tokens = tokens }
      if let choice {
        state.shown.text = choice.text
        state.shown.thoughts = choice.reasoning ?? ""
      }
    }
  }
}
