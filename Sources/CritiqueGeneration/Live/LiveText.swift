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
  /// Characters of reasoning that came before the answer.
  public var reasoning = 0
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
      if chunk.isReasoning { state.shown.reasoning += chunk.text.count } else { state.shown.text += chunk.text }
    }
  }

  func end(_ phase: LiveText.Phase, tokens: Int? = nil) {
    let now = (ContinuousClock.now - began).inSeconds
    state.withLock { state in
      guard !state.isOver else { return }
      state.isOver = true
      state.shown.phase = phase
      state.shown.seconds = now
      if let tokens, tokens > 0 { state.shown.tokens = tokens }
    }
  }
}
