import FaultServer
import Foundation
import Testing

@testable import ModelClient

/// Cancelling and stopping: nothing waits for an answer that nobody wants.
@Suite struct StoppingTests {
  private func outcome(_ task: Task<ChatAnswer, any Error>) async -> ModelClientError.Kind? {
    switch await task.result {
    case .success: nil
    case .failure(let error): (error as? ModelClientError)?.kind
    }
  }

  private func ask(_ client: ModelClient, _ name: String, model: String = "m") -> Task<ChatAnswer, any Error> {
    Task { try await client.answer(to: request(name, model: model)) }
  }

  @Test func aCancelledRequestClosesItsConnection() async throws {
    try await withServer { server async throws in
      try await withClient(
        [server.base],
        {
          $0.idleTimeout = 60; $0.requestTimeout = 60
        }
      ) { client async throws in
        let task = ask(client, "a", model: "fault:hang")
        #expect(try await eventually { server.counts.inFlight == 1 })
        task.cancel()
        #expect(await outcome(task) == .cancelled)
        #expect(try await eventually { server.counts.inFlight == 0 && server.counts.connections == 0 })
        #expect(client.status().inFlight == 0)
        #expect(client.status().endpoints[0].failed == 0)
      }
    }
  }

  @Test func aCancelledWaitGivesUpItsPlaceOnly() async throws {
    try await withServer(.none, { $0.latency = 1 }) { server async throws in
      try await withClient([server.base], { $0.concurrency = .fixed(1) }) { client async throws in
        let first = ask(client, "first")
        #expect(try await eventually { server.counts.inFlight == 1 })
        let second = ask(client, "second")
        #expect(try await eventually { client.status().waiting == 1 })
        let third = ask(client, "third")
        #expect(try await eventually { client.status().waiting == 2 })
        second.cancel()
        #expect(await outcome(second) == .cancelled)
        #expect(await outcome(first) == nil)
        #expect(await outcome(third) == nil)
        #expect(server.counts.requests == 2)
      }
    }
  }

  @Test func aPauseBetweenAttemptsCanBeCancelled() async throws {
    try await withServer(.always(.rateLimit), { $0.retryAfter = 200 }) { server async throws in
      try await withClient([server.base]) { client async throws in
        let task = ask(client, "a")
        #expect(try await eventually { server.counts.requests == 1 && client.status().inFlight == 0 })
        task.cancel()
        #expect(await outcome(task) == .cancelled)
      }
    }
  }

  @Test func stoppingLetsWhatIsInFlightFinishAndTakesNothingNew() async throws {
    try await withServer(.none, { $0.latency = 1 }) { server async throws in
      try await withClient([server.base], { $0.concurrency = .fixed(2) }) { client async throws in
        let tasks = (0..<6).map { ask(client, "\($0)") }
        #expect(try await eventually { server.counts.inFlight == 2 && client.status().waiting == 4 })
        client.stop()
        var answered = 0
        for task in tasks {
          let kind = await outcome(task)
          if kind == nil { answered += 1 } else { #expect(kind == .stopped) }
        }
        #expect(answered == 2)
        #expect(server.counts.requests == 2)
        #expect(await outcome(ask(client, "late")) == .stopped)
      }
    }
  }

  @Test func stoppingEndsPausesBetweenAttempts() async throws {
    try await withServer(.always(.rateLimit), { $0.retryAfter = 200 }) { server async throws in
      try await withClient([server.base]) { client async throws in
        let task = ask(client, "a")
        #expect(try await eventually { server.counts.requests == 1 && client.status().inFlight == 0 })
        client.stop()
        #expect(await outcome(task) == .stopped)
      }
    }
  }
}
