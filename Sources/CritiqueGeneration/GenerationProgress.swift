import CritiqueModel
import ModelClient

/// How far a run is: a snapshot that can be taken at any time.
public struct GenerationProgress: Sendable {
  /// The stage being asked; `nil` before the first and after the last.
  public var stage: Stage?
  /// What is being asked for where that is no stage ("roll-outs"); `nil` before and after.
  public var title: String?
  /// What the stage lacked when it began.
  public var planned = StagePlanner.Size()
  /// Of this stage.
  public var counts = Counts()
  /// Of all stages of this run.
  public var total = Counts()
  /// Seconds since the run began.
  public var seconds = 0.0
  /// Seconds since the stage began.
  public var stageSeconds = 0.0
  /// Requests per second, and tokens in and out per second, over the last ten seconds.
  public var rate = Rate()
  /// What the client says of its endpoints; `nil` before the run has begun.
  public var client: ClientStatus?
  /// The run is finishing what is in flight and asks nothing new.
  public var isStopping = false
  /// The stages that have ended, in order.
  public var finished: [StageResult] = []
  /// The latest answers, newest first.
  public var latest: [LatestAnswer] = []

  /// What one stage of the run did.
  public struct StageResult: Sendable, Hashable {
    /// The stage.
    public var stage: Stage
    /// What it lacked when it began.
    public var planned: StagePlanner.Size
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

    /// Adds other counts.
    public mutating func add(_ other: Counts) {
      requests += other.requests
      samples += other.samples
      usable += other.usable
      reused += other.reused
      failed.merge(other.failed, uniquingKeysWith: +)
      promptTokens += other.promptTokens
      completionTokens += other.completionTokens
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
  }

  /// Nothing done.
  public init() {}

  /// What is being asked for; `nil` before the first stage and after the last.
  public var work: String? { stage?.rawValue ?? title }

  /// Requests of the stage that are still to end.
  public var left: Int { max(planned.requests - counts.requests, 0) }

  /// Seconds until the stage is done at the present rate; `nil` when there is none yet.
  public var secondsLeft: Double? {
    guard left > 0 else { return 0 }
    if rate.requests > 0 { return Double(left) / rate.requests }
    return nil
  }
}

/// Rates over the last ten seconds, from samples taken at most ten times a second.
public struct RateMeter: Sendable {
  private struct Mark: Sendable {
    var seconds: Double
    var requests: Int
    var promptTokens: Int
    var completionTokens: Int
  }

  private static let span = 10.0
  private var marks: [Mark] = []

  /// A meter that has seen nothing.
  public init() {}

  /// Notes the counts at a time, in seconds since the start, and gives the rates.
  public mutating func rate(_ counts: GenerationProgress.Counts, at seconds: Double) -> GenerationProgress.Rate {
    let mark = Mark(
      seconds: seconds, requests: counts.requests, promptTokens: counts.promptTokens,
      completionTokens: counts.completionTokens)
    if let last = marks.last, seconds - last.seconds < 0.1 {} else { marks.append(mark) }
    while marks.count > 2, marks[1].seconds <= seconds - Self.span { marks.removeFirst() }
    guard let first = marks.first, mark.seconds - first.seconds > 0.05 else { return GenerationProgress.Rate() }
    let span = mark.seconds - first.seconds
    return GenerationProgress.Rate(
      requests: Double(mark.requests - first.requests) / span,
      promptTokens: Double(mark.promptTokens - first.promptTokens) / span,
      completionTokens: Double(mark.completionTokens - first.completionTokens) / span)
  }
}
