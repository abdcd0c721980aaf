import DeepCriticCore
import Synchronization

/// Asks a server for its models, beside the screen.
final class ModelLookup: Sendable {
  private struct State {
    var isLooking = false
    var found: Result<[String], ModelClientError>?
  }

  private let state = Mutex(State())
  private let hasEnded = ChangeSignal()

  var isLooking: Bool { state.withLock { $0.isLooking } }

  /// Begins to look; a search under way continues.
  func look(at endpoint: Endpoint) {
    state.withLock { state in
      guard !state.isLooking else { return }
      state.isLooking = true
      Task {
        let found: Result<[String], ModelClientError>
        do throws(ModelClientError) { found = .success(try await ModelClient.models(at: endpoint)) } catch {
          found = .failure(error)
        }
        self.state.withLock { state in
          state.isLooking = false
          state.found = found
        }
        hasEnded.send()
      }
    }
  }

  func wait() { hasEnded.wait { isLooking } }

  /// What was found, once.
  func take() -> Result<[String], ModelClientError>? {
    state.withLock { state in
      defer { state.found = nil }
      return state.found
    }
  }
}
