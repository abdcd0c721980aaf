import ModelClient
import Synchronization

/// Asks for the requests of one job, whatever servers make of `n`, and stores what arrives.
final class RequestAsker<Job: RequestJob>: Sendable {
  private struct Item: Sendable {
    var records: [Job.Record] = []
    var failures: [Job.Failure] = []
  }

  private struct State {
    /// Identities of the samples that are under way.
    var open: Set<[UInt8]> = []
    /// Requests for some of them.
    var postponed: [Job.Request] = []
  }

  private let job: Job
  private let runner: RequestRunner
  private let writer: GroupCommit<Item>
  private let state = Mutex(State())

  init(_ job: Job, runner: RequestRunner) {
    self.job = job
    self.runner = runner
    writer = GroupCommit { try job.store($0.flatMap(\.records), $0.flatMap(\.failures)) }
  }

  /// What of a page must be asked: without what the store has, each question once. Questions that are under way already
  /// are postponed, until the store has their answers.
  func open(_ page: [Job.Request]) throws -> [Job.Request] {
    // Before the store is read: what ends meanwhile may have been missed there.
    var underWay = state.withLock(\.open)
    let (missing, reused) = try job.reusingAnswers(page)
    let left = missing.mergingEqualQuestions()
    var counts = RequestProgress.Counts()
    counts.reused = reused
    runner.count(counts, requests: page.count - left.count)
    return state.withLock { state in
      left.filter { request in
        let keys = keys(of: request)
        if !underWay.isDisjoint(with: keys) {
          state.postponed.append(request)
          return false
        }
        underWay.formUnion(keys)
        state.open.formUnion(keys)
        return true
      }
    }
  }

  /// The requests that were postponed; `nil` for none.
  func takePostponed() -> [Job.Request]? {
    state.withLock { state in
      defer { state.postponed = [] }
      return state.postponed.isEmpty ? nil : state.postponed
    }
  }

  private func keys(of request: Job.Request) -> [[UInt8]] { job.parameters.keys(request.messages, request.samples) }

  /// Asks until every sample of a request is stored, or a failure is.
  ///
  /// - Throws: what ends the whole run.
  func ask(_ request: Job.Request) async throws {
    defer { state.withLock { $0.open.subtract(keys(of: request)) } }
    do {
      try await ask(request, job.parameters)
      runner.count(requests: 1)
    } catch let error as ModelClientError {
      if error.isFatal || Task.isCancelled { throw error }
      if runner.isStopping && error.isStopped { return }
      let failures = runner.noteFailure()
      try await writer.store(Item(failures: job.failures(of: request, error)))
      runner.count(failure: error.reason)
      if failures >= RequestRunner.maximumFailures {
        throw ModelRunError.tooManyFailures(failures, last: "\(error)")
      }
    }
  }

  /// All samples are asked for in one request. A server that answers fewer choices is asked again for the rest; one that
  /// answers a single choice is asked for each sample separately after that, at the same time.
  private func ask(_ request: Job.Request, _ parameters: RequestParameters) async throws {
    var rest = request
    while !rest.samples.isEmpty {
      if rest.samples.count > 1, runner.answersOneChoice { return try await askEach(rest, parameters) }
      var asked = parameters.request(rest.messages, samples: rest.samples)
      // Greedy answers are all the same anyway.
      if runner.answersOneChoice, parameters.sampling.temperature > 0 { asked.sampleSeed = rest.samples[0] }
      let answer = try await runner.client.answer(to: asked)
      let stored = try await store(answer, rest, parameters)
      if stored.count == 1, rest.samples.count > 1 { runner.answersOneChoice = true }
      rest.samples.removeAll(where: stored.contains)
    }
  }

  /// One request for each sample, for servers that ignore `n`. One that fails does not end the others: they are on
  /// their way, and paid for.
  private func askEach(_ request: Job.Request, _ parameters: RequestParameters) async throws {
    let failures = await withTaskGroup(of: (any Error)?.self) { group in
      for one in request.split(true) {
        group.addTask {
          do { try await self.ask(one, parameters) } catch { return error }
          return nil
        }
      }
      return await group.reduce(into: [any Error]()) { if let error = $1 { $0.append(error) } }
    }
    // What ends everything goes first; anything that is not a failure of a request does.
    func weight(_ error: any Error) -> Int { (error as? ModelClientError).map { $0.isFatal ? 1 : 0 } ?? 2 }
    if let worst = failures.max(by: { weight($0) < weight($1) }) { throw worst }
  }

  /// - Returns: the sample numbers that have an answer now.
  private func store(
    _ answer: ChatAnswer, _ request: Job.Request, _ parameters: RequestParameters
  ) async throws -> [Int] {
    let samples = answer.samples(request.samples, keys: parameters.keys(request.messages, request.samples))
    let results = try samples.map { try job.read($0, of: request, parameters) }
    try await writer.store(Item(records: results.flatMap(\.records)))
    runner.noteAnswer()
    runner.count(
      RequestProgress.Counts(faults: results.map(\.fault), usage: answer.usage), latest: results.first?.latest)
    if let longer = parameters.forTruncated {
      for sample in samples where sample.isTruncated {
        var one = request
        one.samples = [sample.sample]
        try await ask(one, longer)
      }
    }
    return samples.map(\.sample)
  }
}
