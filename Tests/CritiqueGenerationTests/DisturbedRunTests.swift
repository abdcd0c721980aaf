import CritiqueModel
import DeepCriticCore
import FaultServer
import ModelClient
import ModelRuns
import TestSupport
import Testing

@testable import CritiqueGeneration
@testable import ReviewStore

/// Ten thousand requests to a server that fails a fifth of them: the store ends as if nothing had happened.
@Suite(.serialized) struct DisturbedRunTests {
  private static let lines = (0..<460).map { number in
    solution("s\(number)", [1, 0, 1, 1, number % 3 == 0 ? 1 : -1, number % 3 == 0 ? 1 : nil])
  }

  /// A mixture of judgements, and four seeded samples of each step in the deep stage.
  private func seeded() throws -> GenerationRun.Options {
    var all = allSettings { $0.seed = 11 }
    all[.deep]?.samples = 4
    return try options(Stage.allCases, all)
  }

  /// Short times, so that what hangs does not hold up the test; long enough that a busy machine does not reach them
  /// where nothing hangs, since an answer that comes too late is asked for again.
  private func impatient(_ configuration: inout ClientConfiguration) {
    configuration.concurrency = .fixed(64)
    configuration.idleTimeout = 3
    configuration.requestTimeout = 6
  }

  private func quiet() async throws -> (state: [String], requests: Int) {
    let bench = try TemporaryWorkspace(Self.lines)
    return try await withServer(.none, { $0.manner = .mixed }) { server async throws in
      let progress = try await generate(bench.workspace, server.base, seeded())
      #expect(server.counts.repeated == 0)
      #expect(server.counts.answered == progress.total.samples)
      return (try bench.state(), server.counts.requests)
    }
  }

  @Test func faultsAndInterruptionsChangeNothing() async throws {
    let quiet = try await quiet()
    let bench = try TemporaryWorkspace(Self.lines)
    try await withServer(
      .random(rate: 0.2, seed: 3),
      {
        $0.manner = .mixed; $0.latency = 0.002
      }
    ) { server async throws in
      var dice = SplitMix(seed: 5)
      // Interrupted at any moment, five times, in a new process' stead each time.
      for _ in 0..<5 {
        let workspace = try Workspace(at: bench.path)
        let before = try bench.count("SELECT count(*) FROM answer")
        let seen = server.counts.answered
        let options = try seeded()
        let task = Task {
          try await generate(workspace, server.base, options, impatient)
        }
        _ = try await eventually { server.counts.answered > seen }
        try await Task.sleep(for: .milliseconds(Int.random(in: 50...700, using: &dice)))
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try bench.count("SELECT count(*) FROM answer") > before)
      }
      let answered = server.counts.answered
      let stored = try bench.count("SELECT count(*) FROM answer")
      // What an interruption costs is what was on its way.
      #expect(answered - stored <= 5 * 64)
      let before = server.counts
      let progress = try await generate(try Workspace(at: bench.path), server.base, seeded(), impatient)
      // The last, whole run asks for nothing that is stored, and for nothing twice; but on a busy machine the client may lose
      // patience with an answer that is just being sent.
      let missing = try bench.count("SELECT count(*) FROM answer") - stored
      let failed = try #require(progress.client).endpoints.map(\.failed).reduce(0, +)
      let harmless = Set([Fault.late, .split, .comments, .fewerChoices].map(\.rawValue))
      let planned =
        server.counts.faults.filter { !harmless.contains($0.key) }.values.reduce(0, +)
        - before.faults.filter { !harmless.contains($0.key) }.values.reduce(0, +)
      let impatience = max(failed - planned, 0)
      #expect((missing...missing + impatience).contains(server.counts.answered - answered))
      #expect(server.counts.repeated - before.repeated <= answered - stored + impatience)
      #expect(server.counts.requests >= 10_000)
      #expect(server.counts.faults.count == Fault.passing.count)
      #expect(server.counts.faults.values.reduce(0, +) > server.counts.requests / 6)
      #expect(try bench.state() == quiet.state)
    }
  }

  @Test func everyItemEndsAnsweredOrWithAReason() async throws {
    let lines = Array(Self.lines.prefix(120))
    let bench = try TemporaryWorkspace(lines)
    let everyFault = Fault.allCases.filter { ![.unauthorized, .notFound, .rateLimitForever].contains($0) }
    try await withServer(.random(rate: 0.3, faults: everyFault, seed: 9), { $0.hugeBytes = 1 << 17 }) {
      server async throws in
      let four = allSettings { $0.samples = 4 }
      func run() async throws -> RequestProgress {
        try await generate(bench.workspace, server.base, options(Stage.allCases, four)) {
          impatient(&$0)
          $0.maximumAnswerBytes = 1 << 16
          $0.maximumAttempts = 3
        }
      }
      let progress = try await run()
      #expect(progress.total.failed["answer too large"] != nil)
      #expect(progress.total.failed["rejected 400"] != nil)
      #expect(progress.total.failed["truncated"] != nil)
      #expect(progress.total.failed["empty answer"] != nil)
      // No step of the first stage is without an answer or the reason why there is none.
      #expect(
        try bench.count(
          "SELECT count(*) FROM (SELECT DISTINCT solution_id, step FROM critique WHERE stage = 'initial' UNION "
            + "SELECT solution_id, step FROM request_failure WHERE stage = 'initial')") == 40 * 6 + 80 * 5)
      #expect(try bench.count("SELECT count(*) FROM seed") == 120)
      let standings = try bench.workspace.seedCounts()
      #expect(standings.map(\.solutions).reduce(0, +) == 120)
      #expect(standings.allSatisfy { $0.reason != .waiting })
      // Asked again and again, everything that a request can bring is there in the end.
      server.change(.none)
      _ = try await run()
      #expect(try bench.count("SELECT count(*) FROM request_failure") == 0)
      #expect(
        try bench.count(
          "SELECT count(*) FROM (SELECT 1 FROM critique GROUP BY solution_id, stage, step HAVING count(*) <> 4)") == 0)
      #expect(try bench.count("SELECT count(*) FROM critique") == bench.count("SELECT count(*) FROM answer"))
    }
  }

  @Test func fewerChoicesThanAskedForChangeNothing() async throws {
    let lines = Array(Self.lines.prefix(20))
    func state(_ faults: FaultPlan) async throws -> [String] {
      let bench = try TemporaryWorkspace(lines)
      return try await withServer(faults, { $0.variesChoices = false }) { server async throws in
        try await generate(bench.workspace, server.base, options([.initial, .deep]))
        return try bench.state()
      }
    }
    let quiet = try await state(.none)
    #expect(try await state(.random(rate: 0.3, faults: [.fewerChoices, .reset, .cutJSON, .rateLimitBare])) == quiet)
  }
}
