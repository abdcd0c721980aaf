import ModelClient

/// What a feature supplies to have questions asked: what is missing, what an answer means, and how it is stored.
///
/// The store is the plan: nothing about a run is kept but its answers. Whatever ends it, the next run finds in the store
/// what is still missing.
public protocol RequestJob: Sendable {
  /// Finds what is missing.
  associatedtype Planner: RequestPlanner
  /// What is stored of a sample.
  associatedtype Record: Sendable
  /// What is stored of a request that failed.
  associatedtype Failure: Sendable
  /// A question of this job.
  typealias Request = PlannedRequest<Planner.Target>
  /// What a sample means.
  typealias Reading = (records: [Record], fault: String?, latest: RequestProgress.LatestAnswer?)

  /// What requests are sent with.
  var parameters: RequestParameters { get }
  /// The plan, at its beginning.
  var planner: Planner { get }

  /// Which of some samples the store has, whatever they were asked for.
  func answered(_ keys: [[UInt8]]) throws -> Set<[UInt8]>

  /// Gives targets the stored answers to the very same questions.
  ///
  /// - Returns: for each, the numbers of the samples that have an answer now.
  func reuse(_ answers: [StoredAnswers<Planner.Target>]) throws -> [Set<Int>]

  /// What a sample means: what is stored of it, why it cannot be used (`nil` when it can), and what is shown of it.
  ///
  /// - Parameter parameters: what it was asked with: those of the job, or those for an answer that was cut off.
  func read(_ sample: AnsweredSample, of request: Request, _ parameters: RequestParameters) throws -> Reading

  /// What is stored of a request that failed.
  func failures(of request: Request, _ error: ModelClientError) -> [Failure]

  /// Stores what has arrived in one durable transaction.
  func store(_ records: [Record], _ failures: [Failure]) throws
}

/// The samples of a request that the store has.
public struct StoredAnswers<Target: Sendable & Hashable>: Sendable {
  /// What they are for.
  public var targets: [Target]
  /// The identity and the number of each.
  public var samples: [(key: [UInt8], sample: Int)]
}

/// One sample as a server answered it.
public struct AnsweredSample: Sendable, Hashable {
  /// Its identity.
  public var key: [UInt8]
  /// Its number, from 0.
  public var sample: Int
  /// The text; empty when the answer had none.
  public var text: String
  /// What the model thought before, where the server says it.
  public var reasoning: String?
  /// Why the answer ended.
  public var finish: FinishCause?
  /// The address that answered.
  public var endpoint: String
  /// Tokens of the request; with several samples, given with the first only.
  public var promptTokens: Int?
  /// Tokens of all samples of the answer; given with the first only.
  public var completionTokens: Int?
  /// Milliseconds from request to answer; `nil` for batch files.
  public var latency: Int?

  /// Whether it was cut off at the token limit.
  public var isTruncated: Bool { finish == .length }
}

extension ChatAnswer {
  /// The samples that it holds: as many as were asked for, or fewer.
  ///
  /// - Parameters:
  ///   - numbers: of the samples that were asked for.
  ///   - keys: their identities.
  public func samples(_ numbers: [Int], keys: [[UInt8]]) -> [AnsweredSample] {
    zip(choices.sorted { $0.index < $1.index }, zip(numbers, keys)).enumerated().map { index, pair in
      let (choice, (number, key)) = pair
      return AnsweredSample(
        key: key, sample: number, text: choice.text, reasoning: choice.reasoning, finish: choice.finish,
        endpoint: endpoint, promptTokens: index == 0 ? usage?.prompt : nil,
        completionTokens: index == 0 ? usage?.completion : nil, latency: seconds > 0 ? Int(seconds * 1000) : nil)
    }
  }
}

extension RequestJob {
  /// Takes out of a page what the very same questions have answered already.
  ///
  /// - Returns: what must still be asked, and how many samples were taken over.
  public func reusingAnswers(_ page: [Request]) throws -> (left: [Request], reused: Int) {
    let keys = page.map { parameters.keys($0.messages, $0.samples) }
    let known = try answered(keys.flatMap(\.self))
    guard !known.isEmpty else { return (page, 0) }
    let stored = zip(page, keys).map { request, keys in
      StoredAnswers(
        targets: request.targets,
        samples: zip(keys, request.samples).filter { known.contains($0.0) }.map { (key: $0, sample: $1) })
    }
    var answers = try reuse(stored.filter { !$0.samples.isEmpty })[...]
    var reused = 0
    let left = zip(page, stored).map { request, stored in
      guard !stored.samples.isEmpty, let samples = answers.popFirst() else { return request }
      reused += samples.count
      var rest = request
      rest.samples.removeAll(where: samples.contains)
      return rest
    }
    return (left.filter { !$0.samples.isEmpty }, reused)
  }
}
