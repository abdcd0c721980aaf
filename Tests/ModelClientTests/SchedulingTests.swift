import FaultServer
import Foundation
import Testing

@testable import ModelClient

/// How many requests go where, and when no more do.
@Suite struct SchedulingTests {
  private func requests(_ count: Int) -> [ChatRequest] { (0..<count).map { request("\($0)") } }

  private func answered(_ results: [Result<ChatAnswer, ModelClientError>]) -> Int {
    results.count { if case .success = $0 { true } else { false } }
  }

  private func errors(_ results: [Result<ChatAnswer, ModelClientError>]) -> [ModelClientError] {
    results.compactMap { if case .failure(let error) = $0 { error } else { nil } }
  }

  @Test func aFixedConcurrencyIsKept() async throws {
    try await withServer(.none, { $0.latency = 0.05 }) { server async throws in
      try await withClient([server.base], { $0.concurrency = .fixed(4) }) { client async throws in
        #expect(answered(await client.answers(to: requests(40))) == 40)
        #expect((2...4).contains(server.counts.peak))
        #expect(client.status().endpoints[0].answered == 40)
        #expect(client.status().inFlight == 0)
        #expect(client.status().waiting == 0)
      }
    }
  }

  @Test func concurrencyGrowsWhileTheServerKeepsUp() async throws {
    try await withServer(.none, { $0.latency = 0.02 }) { server async throws in
      try await withClient([server.base], { $0.concurrency = .adaptive(start: 4, maximum: 64) }) {
        client async throws in
        #expect(answered(await client.answers(to: requests(600))) == 600)
        #expect(server.counts.peak > 16)
        #expect(server.counts.peak <= 64)
      }
    }
  }

  @Test func concurrencyShrinksWhenTheServerRefuses() async throws {
    try await withServer(
      .none,
      {
        $0.latency = 0.02; $0.capacity = 6
      }
    ) { server async throws in
      try await withClient(
        [server.base],
        {
          $0.concurrency = .adaptive(start: 64, maximum: 256); $0.maximumAttempts = 100
        }
      ) { client async throws in
        #expect(answered(await client.answers(to: requests(400))) == 400)
        #expect(client.status().limit < 32)
        // Every answer was given once: what was refused was asked again, nothing else.
        #expect(server.counts.answered == 400)
        #expect(server.counts.repeated == 0)
      }
    }
  }

  /// Serves requests with this many workers and as many waiting, on a clock of its own, and returns the limit found.
  private func limit(workers: Int, answers: Int, concurrency: Concurrency) throws -> Int {
    var endpoint = EndpointState(try Endpoint("localhost"), concurrency)
    let start = ContinuousClock.now
    let took = 0.5
    var free = Array(repeating: 0.0, count: workers)
    var working: [(began: Double, ends: Double)] = []
    var now = 0.0
    for _ in 0..<answers {
      while endpoint.hasRoom(at: start + .seconds(now)) {
        endpoint.begin(at: start + .seconds(now))
        let worker = free.indices.min { free[$0] < free[$1] } ?? 0
        free[worker] = max(free[worker], now) + took
        working.append((now, free[worker]))
      }
      let next = try #require(working.indices.min { working[$0].ends < working[$1].ends })
      let done = working.remove(at: next)
      now = done.ends
      endpoint.succeed(seconds: done.ends - done.began, at: start + .seconds(now))
    }
    return endpoint.status(at: start + .seconds(now)).limit
  }

  @Test func growthEndsWhenMoreAtOnceBringsNoMore() throws {
    // A queue that takes everything: overload shows as latency only. Some growth remains, a few with each round.
    let growing = Concurrency.adaptive(start: 8, maximum: 1024)
    #expect(try limit(workers: 4, answers: 1000, concurrency: growing) < 256)
    #expect(try limit(workers: 40, answers: 1000, concurrency: growing) < 512)
    #expect(try limit(workers: 1000, answers: 10_000, concurrency: growing) > 900)
    #expect(try limit(workers: 1000, answers: 1000, concurrency: .adaptive()) == 256)
    #expect(try limit(workers: 4, answers: 1000, concurrency: .fixed(64)) == 64)
  }

  @Test func endpointsShareTheLoadByHowFastTheyAnswer() async throws {
    try await withServer(.none, { $0.latency = 0.02 }) { fast async throws in
      try await withServer(.none, { $0.latency = 0.4 }) { slow async throws in
        try await withClient([slow.base, fast.base], { $0.concurrency = .fixed(4) }) { client async throws in
          #expect(answered(await client.answers(to: requests(100))) == 100)
          #expect(fast.counts.answered > slow.counts.answered)
          #expect(slow.counts.answered > 0)
        }
      }
    }
  }

  @Test func aDeadEndpointIsSetAsideAndUsedAgainWhenItLives() async throws {
    let port = try await unusedPort()
    try await withServer(.none, { $0.latency = 0.005 }) { server async throws in
      try await withClient([server.base, "http://127.0.0.1:\(port)"], { $0.concurrency = .fixed(2) }) {
        client async throws in
        let results = await client.answers(to: requests(50))
        #expect(answered(results) == 50)
        #expect(client.status().endpoints[1].setAside == "connection refused")
        #expect(client.status().limit == 2)
        let reborn = try await FaultServer.start(ServerConfiguration(), port: port)
        var number = 0
        let isUsed = try await eventually {
          number += 1
          _ = try await client.answer(to: request("again \(number)"))
          return reborn.counts.answered > 0
        }
        #expect(isUsed)
        #expect(client.status().endpoints[1].setAside == nil)
        await reborn.stop()
      }
    }
  }

  @Test func aDeadEndpointDoesNotEndASlowOnesWork() async throws {
    let port = try await unusedPort()
    try await withServer(.none, { $0.latency = 0.9 }) { server async throws in
      try await withClient(
        [server.base, "http://127.0.0.1:\(port)"],
        {
          $0.concurrency = .fixed(1)
          $0.failureGracePeriod = 0.6
        }
      ) { client async throws in
        // The dead one fails again and again between two answers of the slow one, for longer than the grace period.
        let results = await client.answers(to: requests(3))
        #expect(answered(results) == 3, "\(errors(results))")
      }
    }
  }

  @Test func aServerThatFailsEverythingIsGivenUp() async throws {
    try await withServer(.always(.serverError)) { server async throws in
      try await withClient(
        [server.base],
        {
          $0.failureGracePeriod = 0.4; $0.maximumAttempts = 10_000; $0.concurrency = .fixed(8)
        }
      ) { client async throws in
        let found = errors(await client.answers(to: requests(50)))
        #expect(found.count == 50)
        #expect(found.allSatisfy { $0.isFatal })
        #expect(found[0].description.contains("no answer yet, only failures: server error 500"))
        #expect(found[0].description.contains("run the command again when the server works"))
      }
    }
  }

  @Test func aServerThatBreaksIsGivenUp() async throws {
    try await withServer { server async throws in
      try await withClient(
        [server.base],
        {
          $0.failureGracePeriod = 0.4; $0.maximumAttempts = 10_000; $0.concurrency = .fixed(8)
        }
      ) { client async throws in
        #expect(answered(await client.answers(to: requests(20))) == 20)
        server.change(.always(.serverError))
        let found = errors(await client.answers(to: requests(50)))
        #expect(found.count == 50)
        #expect(found.allSatisfy { $0.reason == "server broken" })
        #expect(found[0].description.contains("nothing but failures for"))
      }
    }
  }

  @Test func aServerThatRestartsIsWaitedFor() async throws {
    let port = try await unusedPort()
    let first = try await FaultServer.start(ServerConfiguration(), port: port)
    try await withClient(["http://127.0.0.1:\(port)"]) { client async throws in
      _ = try await client.answer(to: request("before"))
      await first.stop()
      async let later = client.answer(to: request("after"))
      #expect(try await eventually { client.status().endpoints[0].failed > 0 })
      let second = try await FaultServer.start(ServerConfiguration(), port: port)
      #expect(try await later.attempts > 1)
      await second.stop()
    }
  }

  @Test func withoutAServerOneReadsWhatToDo() async throws {
    let port = try await unusedPort()
    try await withClient(["http://127.0.0.1:\(port)/v1"]) { client async throws in
      let found = errors(await client.answers(to: requests(10)))
      #expect(found.count == 10)
      #expect(
        found[0].description
          == "no server answers at http://127.0.0.1:\(port)/v1 (connection refused). Start one, for example 'vllm serve "
          + "MODEL', or name another with --endpoint URL.")
      #expect(found[0].isFatal)
    }
  }

  @Test func connectionsThatFailWhileOthersWaitForAnAnswerEndNothing() async throws {
    var configuration = ClientConfiguration()
    configuration.connectionGracePeriod = 0.05
    configuration.concurrency = .fixed(3)
    let scheduler = Scheduler([try Endpoint("localhost")], configuration)
    var turns: [Int] = []
    for _ in 0..<3 { turns.append(try await scheduler.turn()) }
    scheduler.failed(turns[0], ModelClientError(.connectTimeout))
    try await Task.sleep(for: .milliseconds(100))
    scheduler.failed(turns[1], ModelClientError(.connectTimeout))
    scheduler.succeeded(turns[2], seconds: 1)
    #expect(try await scheduler.turn() == 0)
  }

  @Test func anUnknownHostIsNamed() async throws {
    try await withClient(["http://no-such-host.invalid/v1"], { $0.connectTimeout = 5 }) { client async throws in
      let error = try await client.failure(of: request())
      #expect(error.reason == "no server")
      #expect(error.description.contains("no server answers at http://no-such-host.invalid/v1 (no such host)"))
    }
  }

  @Test func refusalsAloneDoNotMakeAServerBroken() async throws {
    try await withServer(.script(Array(repeating: .rateLimitBare, count: 60))) { server async throws in
      try await withClient(
        [server.base],
        {
          $0.failureGracePeriod = 0.05; $0.maximumAttempts = 1000; $0.concurrency = .fixed(2)
        }
      ) { client async throws in
        #expect(answered(await client.answers(to: requests(4))) == 4)
      }
    }
  }
}
