import CritiqueModel
import Formatting
import ModelClient

/// The progress of a run of requests: a snapshot that can be taken at any time.
public struct RequestProgress: Sendable {
  /// What is being asked for ("deep", "rollouts"); `nil` before the first part and after the last.
  public var work: String?
  /// What the part lacked when it began.
  public var planned = PlanSize()
  /// Of this part.
  public var counts = Counts()
  /// Of all parts of this run.
  public var total = Counts()
  /// Seconds since the run began.
  public var seconds = 0.0
  /// Requests per second, and tokens in and out per second, over the last ten seconds.
  public var rate = Rate()
  /// What the client says of its endpoints; `nil` before the run has begun.
  public var client: ClientStatus?
  /// The run is finishing what is in flight and asks nothing new.
  public var isStopping = false
  /// The parts that have ended, in order.
  public var finished: [PartResult] = []
  /// The latest answers, newest first.
  public var latest: [LatestAnswer] = []

  /// What one part of the run did.
  public struct PartResult: Sendable, Hashable {
    /// What was asked for.
    public var work: String
    /// What it lacked when it began.
    public var planned: PlanSize
    /// What was done about it.
    public var counts: Counts
    /// How long that took.
    public var seconds: Double
  }

  /// What has been done.
  public struct Counts: Sendable, Hashable, Codable {
    /// Requests that ended, answered or not.
    public var requests = 0
    /// Samples stored.
    public var samples = 0
    /// Samples that end in a judgement.
    public var usable = 0
    /// Samples that were in the store already, from the same question about another solution.
    public var reused = 0
    /// Samples and requests that brought nothing, by reason.
    public var failed: [String: Int] = [:]
    /// Tokens that were read, as the servers count them.
    public var promptTokens = 0
    /// Tokens that were written.
    public var completionTokens = 0

    /// Nothing yet.
    public init() {}

    /// What one answer brought.
    ///
    /// - Parameter faults: for each of its samples why it cannot be used; `nil` when it can.
    public init(faults: [String?], usage: TokenUsage?) {
      samples = faults.count
      for fault in faults {
        if let fault { failed[fault, default: 0] += 1 } else { usable += 1 }
      }
      promptTokens = usage?.prompt ?? 0
      completionTokens = usage?.completion ?? 0
    }

    /// Adds other counts.
    public mutating func add(_ other: Counts) {
      requests += other.requests
      samples += other.samples
      usable += other.usable
      reused += other.reused
      failed.merge(other.failed, uniquingKeysWith: +)
      promptTokens = promptTokens.saturatingAdding(other.promptTokens)
      completionTokens = completionTokens.saturatingAdding(other.completionTokens)
    }
  }

  /// Per second.
  public struct Rate: Sendable, Hashable {
    /// Requests that ended.
    public var requests = 0.0
    /// Tokens that were read.
    public var promptTokens = 0.0
    /// Tokens that were written.
    public var completionTokens = 0.0
  }

  /// An answer as it arrived.
  public struct LatestAnswer: Sendable, Hashable {
    /// The solution's name.
    public var name: String
    /// The stage that was asked.
    public var stage: Stage
    /// The 1-based step.
    public var step: Int
    /// Why the answer cannot be used; empty when it can.
    public var outcome: String
    /// What it concludes.
    public var judgement: Judgement?
    /// The beginning of the text.
    public var excerpt: String

    /// An answer from its parts.
    public init(name: String, stage: Stage, step: Int, outcome: String, judgement: Judgement?, excerpt: String) {
      self.name = name
      self.stage = stage
      self.step = step
      self.outcome = outcome
      self.judgement = judgement
      self.excerpt = excerpt
    }

    /// "prm800k-12 step 4: incorrect", with the fault in place of a judgement where there is none.
    public var words: String { "\(name) step \(step): " + (judgement?.word ?? outcome) }
  }

  /// Requests of the part that are still to end.
  public var left: Int { max(planned.requests - counts.requests, 0) }

  /// Seconds until the part is done at the present rate; `nil` when there is none yet.
  public var secondsLeft: Double? {
    guard left > 0 else { return 0 }
    if rate.requests > 0 { return Double(left) / rate.requests }
    return nil
  }
}

/// How much a plan asks for.
public struct PlanSize: Sendable, Hashable, Codable {
  /// Solutions, problems or rows with something to ask.
  public var solutions = 0
  /// Steps of them.
  public var steps = 0
  /// Requests, each for one or more samples.
  public var requests = 0
  /// Samples.
  public var samples = 0
  /// Samples that are out in batch files and not asked for.
  public var batched = 0
  /// Solutions that an earlier stage keeps from this one, by where they stand.
  public var held: [String: Int] = [:]

  /// A size from its parts.
  public init(solutions: Int = 0, steps: Int = 0, requests: Int = 0, samples: Int = 0) {
    self.solutions = solutions
    self.steps = steps
    self.requests = requests
    self.samples = samples
  }
}

/// Rates over the last ten seconds, from samples taken at most ten times a second.
struct RateMeter: Sendable {
  private struct Mark: Sendable {
    var seconds: Double
    var requests: Int
    var promptTokens: Int
    var completionTokens: Int
  }

  private static let span = 10.0
  private var marks: [Mark] = []

  /// Notes the counts at a time, in seconds since the start, and gives the rates.
  mutating func rate(_ counts: RequestProgress.Counts, at seconds: Double) -> RequestProgress.Rate {
    let mark = Mark(
      seconds: seconds, requests: counts.requests, promptTokens: counts.promptTokens,
      completionTokens: counts.completionTokens)
    if let last = marks.last, seconds - last.seconds < 0.1 {} else { marks.append(mark) }
    while marks.count > 2, marks[1].seconds <= seconds - Self.span { marks.removeFirst() }
    guard let first = marks.first, mark.seconds - first.seconds > 0.05 else { return RequestProgress.Rate() }
    let span = mark.seconds - first.seconds
    return RequestProgress.Rate(
      requests: Double(mark.requests - first.requests) / span,
      promptTokens: (Double(mark.promptTokens) - Double(first.promptTokens)) / span,
      completionTokens: (Double(mark.completionTokens) - Double(first.completionTokens)) / span)
  }
}
