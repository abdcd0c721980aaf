import FaultServer
import ModelClient
import Testing

@testable import ModelRuns

/// Figures of a run.
@Suite struct ProgressTests {
  @Test func aRunCanBeWatched() async throws {
    let store = MemoryStore()
    try await withServer(.none, { $0.latency = 0.05 }) { server async throws in
      let runner = RequestRunner(client: try makeClient(server.base, concurrency: 4))
      #expect(runner.progress().work == nil && runner.progress().seconds == 0)
      let task = start(MemoryJob(60, in: store, samples: 2), runner)
      #expect(try await eventually { runner.progress().counts.requests >= 20 })
      let middle = runner.progress()
      #expect(middle.work == "questions")
      #expect(middle.planned == PlanSize(solutions: 60, requests: 60, samples: 120))
      #expect(middle.left == 60 - middle.counts.requests)
      #expect(middle.counts.samples == 2 * middle.counts.requests)
      #expect(middle.client?.limit == 4 && middle.client.map { $0.inFlight <= 4 } == true)
      #expect(middle.rate.requests > 0 && middle.rate.completionTokens > 0)
      #expect(middle.secondsLeft.map { $0 > 0 } == true)
      #expect(middle.latest.count == 8)
      try await task.value
      await runner.shutdown()
      let end = runner.progress()
      #expect(end.total.requests == 60 && end.left == 0)
      #expect(end.total.promptTokens > 0 && end.total.completionTokens > 0)
      #expect(end.finished.map(\.work) == ["questions"])
      #expect(end.finished.first?.counts == end.total)
      #expect(end.finished.first.map { $0.seconds <= end.seconds } == true)
    }
  }

  @Test func eachPartHasItsOwnCounts() async throws {
    let store = MemoryStore()
    try await withServer { server async throws in
      let runner = RequestRunner(client: try makeClient(server.base))
      try await runner.run {
        for (name, count) in [("one", 3), ("two", 8)] {
          let job = MemoryJob(count, in: store)
          try await runner.ask(job, for: name, planned: job.size)
        }
      }
      await runner.shutdown()
      let progress = runner.progress()
      #expect(progress.finished.map(\.work) == ["one", "two"])
      #expect(progress.finished.map(\.counts.requests) == [3, 5])
      #expect(progress.total.requests == 8)
    }
  }

  @Test func aQuestionByItselfIsCountedToo() async throws {
    try await withServer { server async throws in
      let runner = RequestRunner(client: try makeClient(server.base))
      let parameters = MemoryJob(1, in: MemoryStore()).parameters
      let question = [ChatMessage(role: .user, content: "Is it so?")]
      let answer = try await runner.answer(to: question, parameters) { _ in }
      #expect(answer.choices.count == 1)
      #expect(runner.progress().total.requests == 1 && runner.progress().total.samples == 1)
      server.change(.always(.badRequest))
      await #expect(throws: ModelClientError.self) {
        try await runner.answer(to: question, parameters) { _ in }
      }
      #expect(runner.progress().total.failed == ["rejected 400": 1])
      await runner.shutdown()
    }
  }

  @Test func ratesAreThoseOfTheLastTenSeconds() {
    var meter = RateMeter()
    var counts = RequestProgress.Counts()
    #expect(meter.rate(counts, at: 0) == RequestProgress.Rate())
    for second in 1...30 {
      counts.requests += second <= 15 ? 10 : 2
      counts.completionTokens += 100
      let rate = meter.rate(counts, at: Double(second))
      if second == 15 { #expect(rate.requests == 10) }
      if second == 30 { #expect(rate.requests == 2) }
      #expect(rate.completionTokens == 100)
    }
  }

  @Test func theReportSaysWhatIsLeftAndWhatItCosts() {
    var progress = RequestProgress()
    progress.work = "deep"
    progress.planned = PlanSize(solutions: 50, requests: 1000, samples: 1000)
    progress.counts = RequestProgress.Counts(faults: [nil, nil, nil, "truncated"], usage: nil)
    progress.counts.requests = 250
    progress.counts.promptTokens = 1_000_000
    progress.counts.completionTokens = 500_000
    progress.total = progress.counts
    progress.rate.requests = 10
    let report = RequestReport(progress, prices: TokenPrices(input: 1, output: 2))
    #expect(progress.left == 750)
    #expect(progress.secondsLeft == 75)
    #expect(report.headline == "deep: 250 of 1,000 requests, 25 %, 1 min 15 s left")
    #expect(report.cost == "$ 2.00 so far, about $ 8.00 at this stage's end")
    #expect(report.rows.first { $0.isProblem }?.value == "truncated 1")
  }

  @Test func aCursorEndsAtItsLimit() {
    var cursor = PlanCursor(Array(0..<100), pageSize: 7, limit: 10)
    var found: [Int64] = []
    while let page = cursor.next({ $0.filter { $0 % 3 == 0 } }) { found += page }
    #expect(found == (0..<10).map { Int64($0 * 3) })
    #expect(cursor.count == 10)
    var whole = PlanCursor(Array(0..<5), pageSize: 2, limit: .max)
    #expect(whole.next { _ in [Int]() } == nil)
  }
}
