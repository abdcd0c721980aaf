import Synchronization

/// One request that a server has and has not answered yet: since when it is silent, and how long it may be.
final class Attempt: Sendable {
  private struct State {
    var heard = ContinuousClock.now
    var limit: Double
  }

  /// The server's place among the endpoints.
  let endpoint: Int
  private let state: Mutex<State>

  init(endpoint: Int, limit: Double) {
    self.endpoint = endpoint
    state = Mutex(State(limit: limit))
  }

  /// Something has come.
  ///
  /// - Parameter limit: seconds that it may be silent from now on; `nil` for as long as before.
  func hear(limit: Double? = nil) {
    state.withLock { state in
      state.heard = .now
      if let limit { state.limit = min(state.limit, limit) }
    }
  }

  /// Seconds since anything came, and how many there may be.
  var silence: (seconds: Double, limit: Double) {
    state.withLock { ((ContinuousClock.now - $0.heard).inSeconds, $0.limit) }
  }

  /// Does something, and ends it when the server is silent for too long meanwhile.
  ///
  /// - Parameter least: the least that ``hear(limit:)`` may lower the limit to; looked at as often.
  func watching<Value: Sendable>(least: Double, _ body: @escaping @Sendable () async throws -> Value) async throws
    -> Value
  {
    try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { try await body() }
      group.addTask { [self] in
        while true {
          let (seconds, limit) = silence
          if seconds >= limit { throw ModelClientError(.silent(limit)) }
          try await Task.sleep(for: .seconds(min(limit - seconds + 0.001, least, 3600)))
        }
      }
      defer { group.cancelAll() }
      while let value = try await group.next() {
        if let value { return value }
      }
      throw ModelClientError(.cancelled)
    }
  }
}

/// What a client waits for: silent servers, and pauses before requests are tried again.
final class Waits: Sendable {
  private struct Pause {
    var endpoint: Int
    var until: ContinuousClock.Instant
    var reason: String
  }

  private struct State {
    var attempts: [ObjectIdentifier: Attempt] = [:]
    var pauses: [UInt64: Pause] = [:]
    var nextPause: UInt64 = 0
  }

  private let state = Mutex(State())

  func begin(_ attempt: Attempt) { state.withLock { $0.attempts[ObjectIdentifier(attempt)] = attempt } }

  func end(_ attempt: Attempt) { state.withLock { _ = $0.attempts.removeValue(forKey: ObjectIdentifier(attempt)) } }

  func pause(at endpoint: Int, seconds: Double, because reason: String, _ body: () async -> Void) async {
    let number = state.withLock { state in
      state.nextPause += 1
      state.pauses[state.nextPause] = Pause(endpoint: endpoint, until: .now + .seconds(seconds), reason: reason)
      return state.nextPause
    }
    await body()
    state.withLock { _ = $0.pauses.removeValue(forKey: number) }
  }

  /// The requests at a server that have been silent for so long that it is worth telling.
  func silence(of endpoint: Int) -> ClientStatus.Silence? {
    let silences = state.withLock { state in
      state.attempts.values.filter { $0.endpoint == endpoint }.map(\.silence)
    }.filter { $0.seconds >= ClientStatus.noticedSilence }
    guard let longest = silences.max(by: { $0.seconds < $1.seconds }) else { return nil }
    return ClientStatus.Silence(requests: silences.count, seconds: longest.seconds, limit: longest.limit)
  }

  /// The requests that wait before they are tried again at a server, where that takes long enough to tell.
  func pause(at endpoint: Int) -> ClientStatus.Pause? {
    let now = ContinuousClock.now
    let pauses = state.withLock { state in state.pauses.values.filter { $0.endpoint == endpoint } }
    guard let longest = pauses.max(by: { $0.until < $1.until }) else { return nil }
    let left = (longest.until - now).inSeconds
    guard left > 1 else { return nil }
    return ClientStatus.Pause(requests: pauses.count, secondsLeft: left, reason: longest.reason)
  }
}
