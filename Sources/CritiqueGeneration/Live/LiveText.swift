import CritiqueModel
import ModelClient
import Synchronization

/// An answer as it arrives.
public struct LiveText: Sendable, Hashable {
  /// How far it is.
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
  /// How far it is.
  public var phase = Phase.waiting
  /// Tokens: counted by the server where it has done so, else the chunks that came.
  public var tokens = 0
  /// Seconds from the request to the first chunk; `nil` before it.
  public var firstChunk: Double?
  /// Seconds from the request to now, or to the end.
  public var seconds = 0.0

  /// Tokens per second since the first chunk; `nil` before it.
  public var rate: Double? {
    guard let firstChunk, seconds > firstChunk, tokens > 1 else { return nil }
    return Double(tokens - 1) / (seconds - firstChunk)
  }

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
      state.shown.phase = .writing
      state.shown.tokens += 1
      if chunk.isReasoning { state.shown.thoughts += chunk.text } else { state.shown.text += chunk.text }
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
