import CritiqueModel
import Foundation
import ModelClient
import ReviewStore

/// What was asked of a model: the part that is the same for many requests.
public struct GenerationSpecification: Sendable, Hashable {
  /// What is asked for: a stage's critiques, samples or rollouts.
  public var purpose: String
  /// The model's name, as the server knows it.
  public var model: String
  /// SHA-256 of the prompt template's text, 32 bytes.
  public var promptHash: [UInt8]
  /// How answers are drawn; the seed is that of sample 0, sample k has this plus k.
  public var sampling: Sampling

  /// A specification from its parts.
  public init(_ purpose: some RawRepresentable<String>, model: String, promptHash: [UInt8], sampling: Sampling) {
    self.purpose = purpose.rawValue
    self.model = model
    self.promptHash = promptHash
    self.sampling = sampling
  }
}

/// Whose critique a request asks for.
public struct GenerationTarget: Sendable, Hashable {
  /// The solution's number in this workspace.
  public var solution: Int64
  /// The stage.
  public var stage: Stage
  /// The 1-based step.
  public var step: Int

  /// A target from its parts.
  public init(solution: Int64, stage: Stage, step: Int) {
    self.solution = solution
    self.stage = stage
    self.step = step
  }
}

/// One sample that a server has answered.
public struct GeneratedSample: Sendable, Hashable {
  /// Whose critique it is.
  public var target: GenerationTarget
  /// Identity of the request and the sample: 16 bytes of SHA-256.
  public var key: [UInt8]
  /// Sample number, from 0.
  public var sample: Int
  /// The text; empty when the answer had none.
  public var text: String
  /// What the model thought before, where the server tells.
  public var reasoning: String?
  /// Why the answer ended, in the server's words ("stop", "length").
  public var finish: String?
  /// The answer was cut off at the token limit: kept, but not used.
  public var isTruncated = false
  /// Where it came from.
  public var endpoint: String
  /// Tokens of the request; with several choices, told with the first only.
  public var promptTokens: Int?
  /// Tokens of all of the request's choices; told with the first only.
  public var completionTokens: Int?
  /// Milliseconds from request to answer; `nil` for batch files.
  public var latency: Int?
  /// What names the critiques that it merges, where people had chosen them.
  public var sources: String?

  /// What the answer is good for.
  public var outcome: SampleOutcome {
    if isTruncated { return .truncated }
    if text.allSatisfy(\.isWhitespace) { return .empty }
    guard let judgement = JudgementParser.judgement(in: text) else { return .noJudgement }
    return .judged(judgement)
  }
}

/// What an answer is good for.
public enum SampleOutcome: Sendable, Hashable {
  case judged(Judgement)
  case noJudgement
  case truncated
  case empty

  /// Why it cannot be used; `nil` when it can.
  public var reason: SeedReason? {
    switch self {
    case .judged: nil
    case .noJudgement: .noJudgement
    case .truncated: .truncated
    case .empty: .empty
    }
  }
}

/// A request that ended without an answer.
public struct RequestFailure: Sendable, Hashable {
  /// Whose critique was asked for.
  public var target: GenerationTarget
  /// A short reason to count by ("rejected 400").
  public var reason: String
  /// The sentence for people.
  public var detail: String
  /// How often it was tried.
  public var attempts: Int
}

/// A request written to a batch file, waiting for its answers.
public struct BatchRequest: Sendable, Hashable {
  /// Whose critique is asked for.
  public var target: GenerationTarget
  /// Keys of its samples, 16 bytes each, in the order of the choices. The first names the request in the file.
  public var keys: [[UInt8]]
  /// Their sample numbers.
  public var samples: [Int]
  /// What names the critiques that are merged, where people had chosen them.
  public var sources: String?
}
