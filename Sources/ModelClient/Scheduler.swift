import DequeModule
import Synchronization

/// Decides which request goes to which endpoint and when: first come, first served, to whoever has room.
///
/// Endpoints share the load by how fast they answer, since one that is done sooner has room sooner; of several with room
/// the one with the shortest answers is taken.
final class Scheduler: Sendable {
  private typealias Turn = CheckedContinuation<Int, any Error>

  private struct State {
    var endpoints: [EndpointState]
    /// Those waiting, by number; the numbers in `order` that are no longer here have been cancelled.
    var waiting: [UInt64: Turn] = [:]
    var order = Deque<UInt64>()
    var nextNumber: UInt64 = 0
    /// Pauses between attempts, by number.
    var pauses: [UInt64: Task<Void, Never>] = [:]
    var hasAnswered = false
    var end: ModelClientError?
    var isAlarmSet = false
  }

  private let state: Mutex<State>
  private let configuration: ClientConfiguration

  init(_ endpoints: [Endpoint], _ configuration: ClientConfiguration) {
    self.configuration = configuration
    state = Mutex(
      State(endpoints: endpoints.map { EndpointState($0, configuration.concurrency, configuration.dialect) }))
  }

  var endpointCount: Int { state.withLock { $0.endpoints.count } }

  func endpoint(_ index: Int) -> Endpoint { state.withLock { $0.endpoints[index].endpoint } }

  /// How a server is asked now.
  func dialect(_ index: Int) -> ServerDialect { state.withLock { $0.endpoints[index].dialect } }

  /// Learns from a refusal how a server wants to be asked.
  ///
  /// - Returns: whether the request may be asked again at once, in another form.
  func learn(_ index: Int, from error: ModelClientError, about request: ChatRequest, in form: RequestForm) -> Bool {
    state.withLock { state in
      // Many are refused before the first has taught anything.
      if state.endpoints[index].dialect != form.dialect, case .status(400..<502, _) = error.kind {
        var known = form.dialect
        return known.learn(from: error, about: request, isStreamed: form.streams) != nil
      }
      return state.endpoints[index].learn(from: error, about: request, isStreamed: form.streams)
    }
  }

  /// Waits for a turn.
  ///
  /// - Returns: the index of the endpoint to ask.
  /// - Throws: ``ModelClientError``: cancelled, stopped, or that no server works.
  func turn() async throws -> Int {
    let number = state.withLock { state in
      state.nextNumber += 1
      return state.nextNumber
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { (turn: Turn) in
        let now = ContinuousClock.now
        let decided: Result<Int, any Error>? = state.withLock { state in
          if let end = state.end { return .failure(end) }
          if Task.isCancelled { return .failure(ModelClientError(.cancelled)) }
          if state.order.isEmpty, let index = Self.choose(&state, at: now) { return .success(index) }
          state.waiting[number] = turn
          state.order.append(number)
          return nil
        }
        if let decided { turn.resume(with: decided) } else { setAlarm(since: now) }
      }
    } onCancel: {
      let turn = state.withLock { $0.waiting.removeValue(forKey: number) }
      turn?.resume(throwing: ModelClientError(.cancelled))
    }
  }

  func succeeded(_ index: Int, seconds: Double) {
    finish { state, now in
      state.endpoints[index].succeed(seconds: seconds, at: now)
      state.hasAnswered = true
    }
  }

  func failed(_ index: Int, _ error: ModelClientError) {
    finish { state, now in
      if error.kind == .cancelled { return state.endpoints[index].abandon() }
      state.endpoints[index].fail(error, at: now)
      if error.indicatesBrokenServer { Self.endIfAllFail(&state, error, configuration, at: now) }
    }
  }

  /// Waits between two attempts; ends early when nothing more is asked, or the caller's task is cancelled.
  func pause(seconds: Double) async {
    let sleep = Task { _ = try? await Task.sleep(for: .seconds(seconds)) }
    let number = state.withLock { state -> UInt64? in
      guard state.end == nil else { return nil }
      state.nextNumber += 1
      state.pauses[state.nextNumber] = sleep
      return state.nextNumber
    }
    guard let number else { return sleep.cancel() }
    await withTaskCancellationHandler {
      await sleep.value
    } onCancel: {
      sleep.cancel()
    }
    state.withLock { _ = $0.pauses.removeValue(forKey: number) }
  }

  /// Takes nothing new: waiting calls are refused, those in flight finish.
  func stop() {
    finish { state, _ in state.end = state.end ?? ModelClientError(.stopped) }
  }

  func status() -> ClientStatus {
    state.withLock { state in
      let now = ContinuousClock.now
      return ClientStatus(endpoints: state.endpoints.map { $0.status(at: now) }, waiting: state.waiting.count)
    }
  }

  /// Changes the state and gives turns to those who can go now.
  private func finish(_ change: (inout State, ContinuousClock.Instant) -> Void) {
    var turns: [(Turn, Result<Int, any Error>)] = []
    var pauses: [Task<Void, Never>] = []
    let now = ContinuousClock.now
    let mustWait = state.withLock { state in
      change(&state, now)
      if let end = state.end {
        turns = state.waiting.values.map { ($0, .failure(end)) }
        state.waiting.removeAll()
        state.order.removeAll()
        pauses = Array(state.pauses.values)
        return false
      }
      while let number = state.order.first {
        guard state.waiting[number] != nil else {
          state.order.removeFirst()
          continue
        }
        guard let index = Self.choose(&state, at: now) else { break }
        state.order.removeFirst()
        if let turn = state.waiting.removeValue(forKey: number) { turns.append((turn, .success(index))) }
      }
      return !state.waiting.isEmpty
    }
    for (turn, result) in turns { turn.resume(with: result) }
    for pause in pauses { pause.cancel() }
    if mustWait { setAlarm(since: now) }
  }

  /// Looks again when the first endpoint returns that was set aside when somebody was made to wait.
  private func setAlarm(since then: ContinuousClock.Instant) {
    let next: ContinuousClock.Instant? = state.withLock { state in
      guard !state.isAlarmSet else { return nil }
      // One that has returned already is being tried: the end of that attempt wakes those who wait.
      let next = state.endpoints.compactMap(\.returns).filter { $0 > then }.min()
      if next != nil { state.isAlarmSet = true }
      return next
    }
    guard let next else { return }
    Task {
      try? await Task.sleep(until: max(next, .now + .milliseconds(1)), clock: .continuous)
      finish { state, _ in state.isAlarmSet = false }
    }
  }

  private static func choose(_ state: inout State, at now: ContinuousClock.Instant) -> Int? {
    var best: Int?
    for index in state.endpoints.indices where state.endpoints[index].hasRoom(at: now) {
      if let known = best, state.endpoints[known].latency <= state.endpoints[index].latency { continue }
      best = index
    }
    if let best { state.endpoints[best].begin(at: now) }
    return best
  }

  /// Ends everything when no server works: soon when none ever has, later when they did before, since servers restart.
  ///
  /// One that is slow has not failed: as long as one endpoint's last word was an answer, nothing is given up.
  private static func endIfAllFail(
    _ state: inout State, _ error: ModelClientError, _ configuration: ClientConfiguration,
    at now: ContinuousClock.Instant
  ) {
    let failing = state.endpoints.compactMap(\.failingSince)
    guard state.end == nil, failing.count == state.endpoints.count, let since = failing.max() else { return }
    let seconds = (now - since).inSeconds
    if state.hasAnswered {
      guard seconds >= configuration.failureGracePeriod else { return }
      let words = "nothing but failures for \(Int(seconds)) seconds, the last: \(error.reason)"
      state.end = ModelClientError(.serverBroken(words), endpoint: error.endpoint)
    } else if error.isUnreachable {
      // Where some connections stand, answers may be on their way: a server in demand refuses some.
      guard state.endpoints.allSatisfy({ $0.inFlight == 0 }) else { return }
      guard seconds >= configuration.connectionGracePeriod,
        state.endpoints.allSatisfy({ $0.setAsideReason != nil })
      else { return }
      state.end = ModelClientError(.noServer(error.reason), endpoint: error.endpoint)
    } else if seconds >= configuration.failureGracePeriod {
      state.end = ModelClientError(
        .serverBroken("no answer yet, only failures: \(error.reason)"), endpoint: error.endpoint)
    }
  }
}
