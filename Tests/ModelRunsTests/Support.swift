import FaultServer
import ModelClient
import Synchronization
import Testing

@testable import ModelRuns

/// Why a store in memory refuses to store.
struct StoreError: Error, Hashable {}

/// A store in memory that keeps what jobs store, and may be told to fail.
final class MemoryStore: Sendable {
  struct Contents {
    var texts: [[UInt8]: String] = [:]
    /// By target, the samples that it has.
    var samples: [Int: Set<Int>] = [:]
    var failures: [Int: String] = [:]
    var commits = 0
    /// Which commit fails, counted from 1.
    var failsAt: Int?
  }

  let contents = Mutex(Contents())

  var count: Int { contents.withLock { $0.samples.values.reduce(0) { $0 + $1.count } } }

  func store(_ records: [MemoryRecord], _ failures: [Int: String]) throws {
    try contents.withLock { contents in
      contents.commits += 1
      if contents.commits == contents.failsAt { throw StoreError() }
      for record in records {
        contents.texts[record.key] = record.text
        for target in record.targets { contents.samples[target, default: []].insert(record.sample) }
      }
      contents.failures.merge(failures) { $1 }
    }
  }
}

struct MemoryRecord: Sendable {
  var targets: [Int]
  var key: [UInt8]
  var sample: Int
  var text: String
}

/// Asks a question for each target, until the store has its samples.
struct MemoryJob: RequestJob {
  typealias Record = MemoryRecord

  struct Planner: RequestPlanner {
    let job: [Int: [ChatMessage]]
    let parameters: RequestParameters
    let store: MemoryStore
    var cursor: PlanCursor

    mutating func nextPage() -> [PlannedRequest<Int>]? {
      let taken = store.contents.withLock(\.samples)
      return cursor.next { [parameters] page in
        page.compactMap { id -> (Int, [Int])? in
          let open = (0..<parameters.samples).filter { !(taken[Int(id)]?.contains($0) ?? false) }
          return open.isEmpty ? nil : (Int(id), open)
        }
      }?.flatMap { target, samples in
        PlannedRequest(targets: [target], messages: job[target] ?? [], samples: samples).split(parameters.isSeeded)
      }
    }
  }

  let store: MemoryStore
  let parameters: RequestParameters
  let planner: Planner

  /// - Parameter question: that of a target.
  init(
    _ targets: Int, in store: MemoryStore, limit: Int = .max, pageSize: Int = 10, model: String = "m",
    samples: Int = 1, seed: Int? = nil, retryTokens: Int? = nil,
    question: (Int) -> String = { "Question \($0): is it so?" }
  ) {
    self.store = store
    parameters = RequestParameters(
      model: model, sampling: Sampling(temperature: 0.7, topP: 0.9, maxTokens: 100, seed: seed), samples: samples,
      retryTokens: retryTokens)
    let questions = Dictionary(
      uniqueKeysWithValues: (0..<targets).map { ($0, [ChatMessage(role: .user, content: question($0))]) })
    planner = Planner(
      job: questions, parameters: parameters, store: store,
      cursor: PlanCursor((0..<targets).map(Int64.init), pageSize: pageSize, limit: limit))
  }

  /// How much is missing.
  var size: PlanSize {
    var plan = planner
    var size = PlanSize()
    while let page = plan.nextPage() {
      size.requests += page.count
      size.samples += page.reduce(0) { $0 + $1.samples.count }
    }
    size.solutions = plan.cursor.count
    return size
  }

  func answered(_ keys: [[UInt8]]) throws -> Set<[UInt8]> {
    store.contents.withLock { contents in Set(keys.filter { contents.texts[$0] != nil }) }
  }

  func reuse(_ answers: [StoredAnswers<Int>]) throws -> [Set<Int>] {
    #expect(answers.allSatisfy { !$0.samples.isEmpty })
    return store.contents.withLock { contents in
      answers.map { answers in
        for target in answers.targets { contents.samples[target, default: []].formUnion(answers.samples.map(\.sample)) }
        return Set(answers.samples.map(\.sample))
      }
    }
  }

  func read(
    _ sample: AnsweredSample, of request: PlannedRequest<Int>, _ parameters: RequestParameters
  ) -> Reading {
    // A longer answer is a sample of its own.
    let number = parameters == self.parameters ? sample.sample : sample.sample + 100
    let record = MemoryRecord(targets: request.targets, key: sample.key, sample: number, text: sample.text)
    let latest = RequestProgress.LatestAnswer(
      name: "q\(request.targets[0])", stage: .initial, step: 1, outcome: sample.isTruncated ? "truncated" : "",
      judgement: nil, excerpt: sample.text)
    return ([record], sample.isTruncated ? "truncated" : nil, latest)
  }

  func failures(of request: PlannedRequest<Int>, _ error: ModelClientError) -> [(Int, String)] {
    request.targets.map { ($0, error.reason) }
  }

  func store(_ records: [MemoryRecord], _ failures: [(Int, String)]) throws {
    try store.store(records, Dictionary(failures) { $1 })
  }
}

/// Runs a test against a server of its own.
func withServer<T>(
  _ faults: FaultPlan = .none, _ change: (inout ServerConfiguration) -> Void = { _ in },
  _ body: (FaultServer) async throws -> T
) async throws -> T {
  try await FaultServer.serving(
    { configuration in
      configuration.faults = faults
      configuration.lateness = 0.05
      configuration.words = 5
      change(&configuration)
    }, body)
}

/// A client with short times.
func makeClient(_ base: String, concurrency: Int = 8) throws -> ModelClient {
  var configuration = ClientConfiguration()
  configuration.concurrency = .fixed(concurrency)
  configuration.idleTimeout = 60
  configuration.initialBackoff = 0.01
  configuration.maximumBackoff = 0.05
  configuration.connectionGracePeriod = 0.3
  return ModelClient(endpoints: [try Endpoint(base)], configuration: configuration)
}

/// Asks for what a job lacks, with a runner of its own.
@discardableResult
func ask(_ job: MemoryJob, _ base: String, concurrency: Int = 8, window: Int? = nil) async throws -> RequestProgress {
  let runner = RequestRunner(client: try makeClient(base, concurrency: concurrency))
  let result = await start(job, runner, window: window).result
  await runner.shutdown()
  try result.get()
  return runner.progress()
}

/// Begins to ask for what a job lacks.
func start(_ job: MemoryJob, _ runner: RequestRunner, window: Int? = nil) -> Task<Void, any Error> {
  Task {
    try await runner.run {
      let size = try await runner.readStore { job.size }
      try await runner.ask(job, for: "questions", planned: size, window: window)
    }
  }
}
