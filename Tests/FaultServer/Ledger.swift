import Foundation
import JSON
import Synchronization

/// What the server has seen and done.
public struct ServerCounts: Sendable, Hashable {
  /// Completion requests that arrived.
  public var requests = 0
  /// Different bodies among them.
  public var distinct = 0
  /// Answers with status 200 that were sent in full, undisturbed or late.
  public var answered = 0
  /// Choices in them.
  public var choices = 0
  /// Answers to a body that had been answered before: work that was paid for twice.
  public var repeated = 0
  /// Requests in work now.
  public var inFlight = 0
  /// The most that were.
  public var peak = 0
  /// Connections that are open.
  public var connections = 0
  /// Connections that were ever opened.
  public var connectionsEver = 0
  /// Requests by the fault they met.
  public var faults: [String: Int] = [:]

  /// The counts as JSON, as `GET /stats` sends them.
  var json: [UInt8] {
    var json = JSONWriter()
    json.object { json in
      for (name, value) in [
        ("requests", requests), ("distinct", distinct), ("answered", answered), ("choices", choices),
        ("repeated", repeated), ("in_flight", inFlight), ("peak", peak), ("connections", connections),
        ("connections_ever", connectionsEver),
      ] {
        json.key(name)
        json.int(value)
      }
      json.key("faults")
      json.object { json in
        for (name, value) in faults.sorted(by: { $0.key < $1.key }) {
          json.key(name)
          json.int(value)
        }
      }
    }
    return json.bytes
  }
}

/// Counts requests, by body.
final class Ledger: Sendable {
  private struct Entry {
    var requests = 0
    var answers = 0
  }

  private struct State {
    var counts = ServerCounts()
    var bodies: [UInt64: Entry] = [:]
    var headers: [[String: String]] = []
  }

  private let state = Mutex(State())
  private let log: FileHandle?

  init(log path: String?) throws {
    if let path {
      if !FileManager.default.fileExists(atPath: path) { FileManager.default.createFile(atPath: path, contents: nil) }
      log = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try log?.seekToEnd()
    } else {
      log = nil
    }
  }

  var counts: ServerCounts { state.withLock(\.counts) }

  /// How often each different body was answered.
  var answersByBody: [Int] { state.withLock { $0.bodies.values.map(\.answers) } }

  func connected(_ change: Int) {
    state.withLock { state in
      state.counts.connections += change
      if change > 0 { state.counts.connectionsEver += change }
    }
  }

  /// - Returns: the request's number among all, among those with its body, and how many are in work with it.
  func arrived(_ body: UInt64) -> (arrival: Int, attempt: Int, inFlight: Int) {
    state.withLock { state in
      let arrival = state.counts.requests
      state.counts.requests += 1
      let attempt = state.bodies[body]?.requests ?? 0
      if attempt == 0 { state.counts.distinct += 1 }
      state.bodies[body, default: Entry()].requests += 1
      state.counts.inFlight += 1
      state.counts.peak = max(state.counts.peak, state.counts.inFlight)
      return (arrival, attempt, state.counts.inFlight)
    }
  }

  func met(_ fault: Fault) { state.withLock { $0.counts.faults[fault.rawValue, default: 0] += 1 } }

  func finished() { state.withLock { $0.counts.inFlight -= 1 } }

  func answered(_ body: UInt64, choices: Int) {
    state.withLock { state in
      state.counts.answered += 1
      state.counts.choices += choices
      let before = state.bodies[body]?.answers ?? 0
      if before > 0 { state.counts.repeated += 1 }
      state.bodies[body, default: Entry()].answers += 1
    }
  }

  func note(_ request: ReceivedRequest, attempt: Int, fault: Fault?, at seconds: Double) {
    guard let log else { return }
    var json = JSONWriter()
    json.object { json in
      json.key("at")
      json.double((seconds * 1000).rounded() / 1000)
      json.key("body")
      json.string(String(request.body, radix: 16))
      json.key("attempt")
      json.int(attempt)
      json.key("model")
      json.string(request.model)
      json.key("stage")
      json.string(request.stage)
      json.key("step")
      json.int(request.step)
      json.key("n")
      json.int(request.choices)
      json.key("seed")
      json.int(request.seed)
      json.key("stream")
      json.bool(request.streams)
      json.key("fault")
      json.string(fault?.rawValue)
    }
    // One write for each line, so that a killed server leaves whole lines.
    try? log.write(contentsOf: json.bytes + [0x0A])
  }
}
