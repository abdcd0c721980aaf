import CritiqueModel
import DeepCriticCore
import FaultServer
import ModelClient
import ModelRuns
import ReviewStore
import Testing

@testable import CritiqueGeneration

/// Whole runs against a server.
@Suite struct RunTests {
  @Test func allThreeStagesEndInCompleteSolutions() async throws {
    let bench = try TemporaryWorkspace([
      solution("a", [1, 0, -1, nil]), solution("b", [1, 1]), solution("c", [nil, nil]),
    ])
    try await withServer { server async throws in
      let progress = try await generate(bench.workspace, server.base, options())
      #expect(server.counts.requests == 15)
      #expect(server.counts.answered == 15)
      #expect(progress.total.requests == 15)
      #expect(progress.total.samples == 5 + 5 * 16 + 5)
      #expect(progress.total.usable == progress.total.samples)
      #expect(progress.total.failed.isEmpty)
      #expect(progress.total.promptTokens > 0 && progress.total.completionTokens > 0)
      #expect(try bench.workspace.seedStanding(of: 1) == SeedStanding(.complete))
      #expect(try bench.workspace.seedStanding(of: 2) == SeedStanding(.complete))
      #expect(try bench.workspace.seedStanding(of: 3) == nil)
      let stored = try bench.workspace.solution(1)
      #expect(stored.votes(.deep, step: 3)?.total == 16)
      #expect(stored.votes(.deep, step: 3)?.incorrect == 16)
      #expect(stored.judgement(.merged, step: 3) == .incorrect)
      #expect(stored.critique(.merged, step: 2)?.critique.text.hasPrefix("**Critique of Step 2**: ") == true)
      // Each answer keeps what it was asked with and what it cost.
      let answers = try bench.rows(
        "SELECT DISTINCT g.stage, g.model, g.temperature, g.top_p, g.max_tokens, g.seed, length(g.prompt), a.finish, "
          + "a.endpoint, a.latency >= 0 FROM answer a JOIN generation g ON g.id = a.generation_id ORDER BY g.id")
      #expect(
        answers == [
          "initial|m|0.7|0.9|1024|-|32|stop|\(server.base)|1", "deep|m|1.0|0.9|1024|-|32|stop|\(server.base)|1",
          "merged|m|0.7|0.9|2048|-|32|stop|\(server.base)|1",
        ])
      #expect(try bench.count("SELECT count(*) FROM answer WHERE prompt_tokens IS NOT NULL") == 15)
      // Nothing is missing any more.
      let again = try await generate(bench.workspace, server.base, options())
      #expect(again.total == RequestProgress.Counts())
      #expect(server.counts.requests == 15)
    }
  }

  @Test func aServerThatIgnoresNIsAskedForTheRest() async throws {
    let bench = try TemporaryWorkspace([solution("a", [1, -1])])
    try await withServer(.none, { $0.choicesLimit = 1 }) { server async throws in
      let progress = try await generate(bench.workspace, server.base, options([.initial, .deep]))
      #expect(progress.total.samples == 2 + 32)
      #expect(progress.total.requests == 4)
      #expect(try bench.count("SELECT count(DISTINCT sample) FROM critique WHERE stage = 'deep' AND step = 2") == 16)
    }
    let several = try TemporaryWorkspace([solution("a", [1, -1])])
    try await withServer(.none, { $0.choicesLimit = 5 }) { server async throws in
      try await generate(several.workspace, server.base, options([.initial, .deep]))
      // 16 = 5 + 5 + 5 + 1.
      #expect(server.counts.requests == 2 + 2 * 4)
      #expect(try several.count("SELECT count(*) FROM answer") == 2 + 32)
    }
  }

  @Test func oneSampleThatFailsDoesNotLoseTheOthers() async throws {
    let bench = try TemporaryWorkspace([solution("a", [1])])
    // The first answer shows that `n` is ignored; of the three further requests one is rejected, the others are late.
    let faults: [Fault?] = [nil, .badRequest, .late, .late]
    try await withServer(
      .script(faults),
      {
        $0.choicesLimit = 1; $0.lateness = 0.3
      }
    ) { server async throws in
      let four = allSettings { $0.samples = 4 }
      let progress = try await generate(bench.workspace, server.base, options([.initial], four))
      #expect(progress.total.samples == 3)
      #expect(progress.total.failed == ["rejected 400": 1])
      #expect(try bench.workspace.requestFailures(of: 1).map(\.reason) == ["rejected 400"])
      try await generate(bench.workspace, server.base, options([.initial], four))
      #expect(try bench.count("SELECT count(DISTINCT sample) FROM critique") == 4)
      #expect(server.counts.requests == 5)
      #expect(try bench.workspace.requestFailures(of: 1).isEmpty)
    }
  }

  @Test func seedsMakeARunRepeatable() async throws {
    func state(_ seed: Int) async throws -> [String] {
      let bench = try TemporaryWorkspace([solution("a", [1, -1])])
      return try await withServer { server async throws in
        try await generate(bench.workspace, server.base, options([.initial, .deep], allSettings { $0.seed = seed }))
        // Each sample has a request and a seed of its own.
        #expect(server.counts.requests == 2 + 32)
        #expect(server.counts.distinct == 34)
        return try bench.state()
      }
    }
    let first = try await state(5)
    #expect(try await state(5) == first)
    #expect(try await state(6) != first)
  }

  @Test func theSameQuestionIsPaidForOnce() async throws {
    // The same texts with other labels: another solution, the same prompts.
    let bench = try TemporaryWorkspace([solution("a", [1, 1]), solution("a", [1, 0])])
    var everything = try options([.initial])
    everything.selection.keepsDuplicates = true
    try await withServer { server async throws in
      var first = everything
      first.limit = 1
      try await generate(bench.workspace, server.base, first)
      #expect(server.counts.requests == 2)
      let progress = try await generate(bench.workspace, server.base, everything)
      #expect(server.counts.requests == 2)
      #expect(progress.total.reused == 2)
      #expect(progress.total.requests == 2)
      #expect(try bench.workspace.seedStanding(of: 2) == SeedStanding(.waiting, stage: .deep))
      #expect(try bench.workspace.solution(2).critique(.initial, step: 2)?.critique.text.isEmpty == false)
    }
  }

  @Test(arguments: [
    (Fault.length, SeedReason.truncated), (.reasoning, .empty), (.reasoningContent, .empty),
  ])
  func uselessAnswersAreKeptAndNamed(fault: Fault, reason: SeedReason) async throws {
    let bench = try TemporaryWorkspace([solution("a", [1, -1])])
    try await withServer(.always(fault)) { server async throws in
      let progress = try await generate(bench.workspace, server.base, options([.initial, .deep]))
      #expect(progress.total.samples == 2)
      #expect(progress.total.usable == 0)
      #expect(progress.total.failed == [reason.words: 2])
      #expect(try bench.workspace.seedStanding(of: 1) == SeedStanding(reason, stage: .initial, step: 1))
      // They are not critiques that a reviewer sees, and nothing is asked for again by itself.
      #expect(!(try bench.workspace.solution(1).hasCritiques))
      try await generate(bench.workspace, server.base, options([.initial, .deep]))
      #expect(server.counts.requests == 2)
      server.change(.none)
      var again = try options()
      again.retriesUnusable = true
      try await generate(bench.workspace, server.base, again)
      #expect(try bench.workspace.seedStanding(of: 1) == SeedStanding(.complete))
      if fault != .length {
        #expect(try bench.count("SELECT count(*) FROM answer WHERE length(reasoning) > 20") == 2)
      }
    }
  }

  @Test func aCutOffAnswerIsAskedForLongerOnce() async throws {
    let bench = try TemporaryWorkspace([solution("a", [1, -1])])
    try await withServer(.script([.length, .length])) { server async throws in
      let longer = allSettings { $0.retryTokens = 4096 }
      let progress = try await generate(bench.workspace, server.base, options([.initial], longer))
      #expect(server.counts.requests == 4)
      #expect(progress.total.samples == 4)
      #expect(try bench.workspace.seedStanding(of: 1) == SeedStanding(.waiting, stage: .deep))
      #expect(
        try bench.rows(
          "SELECT step, c.sample, fault, max_tokens FROM critique c JOIN answer a ON a.id = answer_id "
            + "JOIN generation g ON g.id = generation_id ORDER BY step, c.sample")
          == ["1|0|truncated|1024", "1|1|-|4096", "2|0|truncated|1024", "2|1|-|4096"])
      try await generate(bench.workspace, server.base, options([.initial], longer))
      #expect(server.counts.requests == 4)
    }
  }

  @Test func answersThatDisagreeStandWhereTheMethodSays() async throws {
    let bench = try TemporaryWorkspace([solution("a", [1, -1])])
    try await withServer(.none, { $0.manner = .wrong }) { server async throws in
      try await generate(bench.workspace, server.base, options())
      #expect(try bench.workspace.seedStanding(of: 1) == SeedStanding(.deepMissesLabel, stage: .deep, step: 1))
      #expect(try bench.count("SELECT count(*) FROM critique WHERE stage = 'merged'") == 0)
    }
  }

  @Test func limitAndFilterNarrowARun() async throws {
    let bench = try TemporaryWorkspace((0..<20).map { solution("s\($0)", [1, $0 % 2 == 0 ? -1 : 1]) })
    try await withServer { server async throws in
      var some = try options([.initial])
      some.limit = 3
      some.selection.filter = try QueueFilter("label:wrong")
      let progress = try await generate(bench.workspace, server.base, some)
      #expect(progress.total.samples == 6)
      #expect(try bench.rows("SELECT solution_id FROM seed ORDER BY 1") == ["1", "3", "5"])
    }
  }

  @Test func stoppingKeepsWhatIsInFlightAndAsksNothingNew() async throws {
    let bench = try TemporaryWorkspace((0..<50).map { solution("s\($0)", [1, -1]) })
    try await withServer(.none, { $0.latency = 2 }) { server async throws in
      let client = try makeClient(server.base) { $0.concurrency = .fixed(8) }
      let run = GenerationRun(workspace: bench.workspace, client: client, options: try options())
      let task = Task { try await run.run() }
      #expect(try await eventually { server.counts.inFlight == 8 })
      run.stop()
      // Those that have their turn may not have reached the server yet.
      let most = server.counts.requests + 8
      #expect(run.progress().isStopping)
      let progress = try await task.value
      await client.shutdown()
      #expect(server.counts.requests <= most && most < 90)
      #expect(progress.total.samples == server.counts.requests)
      #expect(try bench.count("SELECT count(*) FROM answer") == server.counts.requests)
      #expect(try bench.count("SELECT count(*) FROM request_failure") == 0)
    }
  }

  @Test func aRunKeepsAllServersBusyHoweverManyRequestsTheyTake() async throws {
    let bench = try TemporaryWorkspace((0..<140).map { solution("s\($0)", [1, 1, 1, 1, -1]) })
    try await withServer(.none, { $0.latency = 600 }) { server async throws in
      let client = try makeClient(server.base) { $0.concurrency = .fixed(700) }
      let run = GenerationRun(workspace: bench.workspace, client: client, options: try options([.initial]))
      let task = Task { try await run.run() }
      #expect(try await eventually { client.status().inFlight == 700 })
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      await client.shutdown()
    }
  }

  @Test func cancellingDropsWhatIsInFlight() async throws {
    let bench = try TemporaryWorkspace([solution("a", [1, -1])])
    try await withServer(.none, { $0.latency = 60 }) { server async throws in
      let client = try makeClient(server.base) {
        $0.idleTimeout = 100; $0.requestTimeout = 100
      }
      let run = GenerationRun(workspace: bench.workspace, client: client, options: try options())
      let task = Task { try await run.run() }
      #expect(try await eventually { server.counts.inFlight == 2 })
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
      #expect(try await eventually { server.counts.inFlight == 0 })
      await client.shutdown()
      #expect(try bench.count("SELECT count(*) FROM request_failure") == 0)
    }
  }

  @Test func progressCanBeWatched() async throws {
    let bench = try TemporaryWorkspace((0..<40).map { solution("s\($0)", [1, -1]) })
    try await withServer(.none, { $0.latency = 0.05 }) { server async throws in
      let client = try makeClient(server.base) { $0.concurrency = .fixed(4) }
      let run = GenerationRun(workspace: bench.workspace, client: client, options: try options([.initial]))
      let task = Task { try await run.run() }
      #expect(try await eventually { run.progress().counts.requests >= 20 })
      let middle = run.progress()
      #expect(middle.work == "initial")
      #expect(middle.planned.requests == 80)
      #expect(middle.planned.solutions == 40)
      #expect(middle.left == 80 - middle.counts.requests)
      #expect(middle.client?.limit == 4)
      #expect(!middle.latest.isEmpty && middle.latest.count <= 8)
      #expect(middle.latest[0].excerpt.hasPrefix("Let me examine this step"))
      #expect(middle.rate.requests > 0)
      #expect(middle.secondsLeft.map { $0 > 0 } == true)
      let end = try await task.value
      await client.shutdown()
      #expect(end.work == nil)
      #expect(end.total.requests == 80)
    }
  }

  @Test func withoutAModelOrAServerOneReadsWhatToDo() async throws {
    let bench = try TemporaryWorkspace([solution("a", [1, -1])])
    func message(_ base: String, _ options: GenerationRun.Options) async -> String {
      do {
        try await generate(bench.workspace, base, options)
        return ""
      } catch { return "\(error)" }
    }
    let none = await message("http://127.0.0.1:9/v1", try options(Stage.allCases, [:]))
    #expect(
      none.hasPrefix("no model is named for the initial stage. Name the one your server serves with --model NAME"))
    let dead = await message("http://127.0.0.1:9/v1", try options())
    #expect(dead.hasPrefix("no server answers at http://127.0.0.1:9/v1 (connection refused). Start one"))
    try await withServer(.none, { $0.key = "secret" }) { server async throws in
      #expect(await message(server.base, try options()).contains("refused the API key (401)"))
    }
    try await withServer(.always(.notFound)) { server async throws in
      #expect(await message(server.base, try options()).contains("Check --model and --endpoint."))
      #expect(server.counts.requests <= 2)
    }
    #expect(try bench.count("SELECT count(*) FROM request_failure") == 0)
  }

  @Test func aModelThatNobodyKnowsCostsFewRequests() async throws {
    let bench = try TemporaryWorkspace((0..<1000).map { solution("s\($0)", [1, -1]) })
    try await withServer(.always(.notFound), { $0.latency = 0.05 }) { server async throws in
      await #expect(throws: ModelClientError.self) { try await generate(bench.workspace, server.base, options()) }
      #expect(server.counts.requests <= 200)
    }
  }

  @Test func failureAfterFailureEndsARun() async throws {
    let bench = try TemporaryWorkspace((0..<400).map { solution("s\($0)", [1, -1]) })
    try await withServer(.always(.badRequest), { $0.latency = 0.005 }) { server async throws in
      let error = await #expect(throws: ModelRunError.self) {
        try await generate(bench.workspace, server.base, options())
      }
      #expect(
        error.map { "\($0)" }?.contains(" failures in a row; the last: the server at \(server.base) rejected") == true)
      #expect(server.counts.requests < 400)
      #expect(try bench.rows("SELECT DISTINCT reason, attempts FROM request_failure") == ["rejected 400|1"])
    }
  }
}
