import FaultServer
import ModelClient
import Testing

@testable import ModelRuns

/// Jobs against a server: what is missing is asked for, once.
@Suite struct RunnerTests {
  @Test func whatIsMissingIsAskedForOnce() async throws {
    let store = MemoryStore()
    try await withServer { server async throws in
      let progress = try await ask(MemoryJob(35, in: store, samples: 4), server.base)
      #expect(server.counts.requests == 35)
      #expect(store.count == 35 * 4)
      #expect(progress.total.requests == 35)
      #expect(progress.total.samples == 140 && progress.total.usable == 140)
      #expect(progress.work == nil)
      // Nothing is missing any more; a further sample costs just that.
      #expect(try await ask(MemoryJob(35, in: store, samples: 4), server.base).total == RequestProgress.Counts())
      #expect(server.counts.requests == 35)
      try await ask(MemoryJob(35, in: store, samples: 5), server.base)
      #expect(server.counts.requests == 70)
      #expect(server.counts.choices == 35 * 5)
    }
  }

  @Test func equalQuestionsShareTheirAnswer() async throws {
    let store = MemoryStore()
    try await withServer { server async throws in
      // Ten on each page, of which five pairs ask the same; the second page asks what the first does.
      let job = MemoryJob(20, in: store, samples: 2) { "Question \($0 % 5): is it so?" }
      let progress = try await ask(job, server.base, window: 1)
      #expect(server.counts.repeated == 0)
      #expect(server.counts.requests >= 5 && server.counts.distinct == 5)
      #expect(store.contents.withLock(\.samples).values.allSatisfy { $0 == [0, 1] })
      #expect(progress.total.requests == 20)
      #expect(progress.left == 0)
      let again = try await ask(MemoryJob(30, in: store, samples: 2) { "Question \($0 % 5): is it so?" }, server.base)
      #expect(again.total.reused == 20)
      #expect(again.total.requests == 10)
      #expect(server.counts.distinct == 5 && server.counts.repeated == 0)
    }
  }

  @Test func seededSamplesHaveRequestsOfTheirOwn() async throws {
    let store = MemoryStore()
    try await withServer { server async throws in
      let progress = try await ask(MemoryJob(3, in: store, samples: 4, seed: 11), server.base)
      #expect(server.counts.requests == 12)
      #expect(progress.planned.requests == 12)
      #expect(progress.total.requests == 12)
    }
  }

  @Test(arguments: [1, 3])
  func aServerThatAnswersFewerChoicesIsAskedForTheRest(limit: Int) async throws {
    let store = MemoryStore()
    try await withServer(.none, { $0.choicesLimit = limit }) { server async throws in
      let progress = try await ask(MemoryJob(4, in: store, samples: 7), server.base)
      #expect(store.count == 28)
      #expect(progress.total.requests == 4)
      #expect(server.counts.requests == (limit == 1 ? 28 : 12))
    }
  }

  @Test func aTruncatedAnswerIsAskedForLongerOnce() async throws {
    let store = MemoryStore()
    try await withServer(.script([.length, .length])) { server async throws in
      let job = MemoryJob(2, in: store, retryTokens: 400)
      let progress = try await ask(job, server.base)
      #expect(server.counts.requests == 4)
      #expect(progress.total.samples == 4 && progress.total.usable == 2)
      #expect(progress.total.failed == ["truncated": 2])
      #expect(store.contents.withLock(\.samples) == [0: [0, 100], 1: [0, 100]])
    }
  }

  @Test func anInterruptedRunResumes() async throws {
    let store = MemoryStore()
    try await withServer(.none, { $0.latency = 0.01 }) { server async throws in
      var rounds = 0
      while store.count < 200 {
        rounds += 1
        try #require(rounds < 50)
        let runner = RequestRunner(client: try makeClient(server.base))
        let task = start(MemoryJob(100, in: store, samples: 2, seed: 3), runner)
        let before = store.count
        _ = try await eventually { store.count >= min(before + 30, 200) }
        runner.stop()
        try await task.value
        await runner.shutdown()
      }
      #expect(rounds > 2)
      #expect(store.count == 200)
      // What was in flight was waited for: nothing is paid for twice.
      #expect(server.counts.requests == 200)
      #expect(server.counts.repeated == 0)
    }
  }

  @Test func stoppedOnceItWaitsForWhatIsInFlight() async throws {
    let store = MemoryStore()
    try await withServer(.none, { $0.latency = 1 }) { server async throws in
      let runner = RequestRunner(client: try makeClient(server.base, concurrency: 4))
      let task = start(MemoryJob(100, in: store), runner)
      #expect(try await eventually { server.counts.inFlight == 4 })
      #expect(!runner.isStopping)
      runner.stop()
      #expect(runner.progress().isStopping)
      try await task.value
      await runner.shutdown()
      #expect(store.count == server.counts.requests && store.count < 10)
      #expect(store.contents.withLock(\.failures).isEmpty)
    }
  }

  @Test func stoppedTwiceItDropsWhatIsInFlight() async throws {
    let store = MemoryStore()
    try await withServer(.none, { $0.latency = 60 }) { server async throws in
      let runner = RequestRunner(client: try makeClient(server.base, concurrency: 4))
      let task = start(MemoryJob(100, in: store), runner)
      #expect(try await eventually { server.counts.inFlight == 4 })
      runner.stop()
      runner.stop()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(try await eventually { server.counts.inFlight == 0 })
      await runner.shutdown()
      #expect(store.count == 0)
      #expect(store.contents.withLock(\.failures).isEmpty)
    }
  }

  @Test func cancellingItsTaskDropsWhatIsInFlight() async throws {
    let store = MemoryStore()
    try await withServer(.none, { $0.latency = 60 }) { server async throws in
      let runner = RequestRunner(client: try makeClient(server.base, concurrency: 4))
      let task = start(MemoryJob(100, in: store), runner)
      #expect(try await eventually { server.counts.inFlight == 4 })
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      await runner.shutdown()
    }
  }

  @Test func stoppedBeforeItBeginsItAsksNothing() async throws {
    let store = MemoryStore()
    try await withServer { server async throws in
      let runner = RequestRunner(client: try makeClient(server.base))
      runner.stop()
      try await start(MemoryJob(5, in: store), runner).value
      await runner.shutdown()
      #expect(server.counts.requests == 0)
    }
  }

  @Test func limitAndWindowHold() async throws {
    let store = MemoryStore()
    try await withServer(.none, { $0.latency = 0.02 }) { server async throws in
      let progress = try await ask(MemoryJob(100, in: store, limit: 13), server.base, concurrency: 64, window: 3)
      #expect(progress.planned.solutions == 13)
      #expect(server.counts.requests == 13)
      #expect(server.counts.peak <= 3)
      #expect(store.contents.withLock(\.samples).keys.sorted() == Array(0..<13))
    }
  }

  @Test func failuresAreKeptByReasonAndAskedAboutAgain() async throws {
    let store = MemoryStore()
    let faults: [Fault?] = [nil, .badRequest, nil, .badRequest]
    try await withServer(.script(faults)) { server async throws in
      let progress = try await ask(MemoryJob(6, in: store), server.base, concurrency: 1)
      #expect(progress.total.requests == 6)
      #expect(progress.total.failed == ["rejected 400": 2])
      #expect(store.contents.withLock(\.failures).count == 2)
      #expect(store.count == 4)
      try await ask(MemoryJob(6, in: store), server.base)
      #expect(store.count == 6)
      #expect(server.counts.requests == 8)
    }
  }

  @Test func failureAfterFailureEndsARun() async throws {
    let store = MemoryStore()
    try await withServer(.always(.badRequest), { $0.latency = 0.005 }) { server async throws in
      let error = await #expect(throws: ModelRunError.self) { try await ask(MemoryJob(400, in: store), server.base) }
      #expect(error.map { "\($0)" }?.contains(" failures in a row; the last: the server at ") == true)
      #expect(server.counts.requests < 200)
    }
  }

  @Test func whatEveryRequestWouldMeetEndsARunAtOnce() async throws {
    let store = MemoryStore()
    try await withServer(.always(.notFound), { $0.latency = 0.02 }) { server async throws in
      await #expect(throws: ModelClientError.self) { try await ask(MemoryJob(400, in: store), server.base) }
      #expect(server.counts.requests < 40)
      #expect(store.contents.withLock(\.failures).isEmpty)
    }
  }
}
