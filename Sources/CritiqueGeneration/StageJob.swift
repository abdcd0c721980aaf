import CritiqueModel
import ModelClient
import ModelRuns
import ReviewStore

/// The critiques that one stage lacks: how they are asked for, read and stored.
struct StageJob: RequestJob {
  typealias Record = (sample: GeneratedSample, generation: Int64)

  let workspace: Workspace
  let stage: Stage
  let template: PromptTemplate
  let parameters: RequestParameters
  let planner: StagePlanner
  /// The number of the specification.
  let generation: Int64

  func answered(_ keys: [[UInt8]]) throws -> Set<[UInt8]> { try workspace.answered(keys) }

  func reuse(_ answers: [StoredAnswers<CritiqueTarget>]) throws -> [Set<Int>] {
    try answers.map { answers in
      try answers.targets.reduce(into: []) { $0.formUnion(try workspace.reuse(answers.samples, for: $1.target)) }
    }
  }

  func read(
    _ sample: AnsweredSample, of request: PlannedRequest<CritiqueTarget>, _ parameters: RequestParameters
  ) throws -> Reading {
    let generation =
      parameters == self.parameters
      ? generation : try workspace.generationID(of: GenerationSpecification(stage, template, parameters))
    let samples = request.targets.map { GeneratedSample($0.target, sample, sources: $0.sources) }
    let latest = zip(request.targets, samples).map { target, sample in
      RequestProgress.LatestAnswer(
        name: target.name, stage: stage, step: target.target.step, outcome: sample.fault ?? "",
        judgement: sample.judgement, excerpt: String(sample.text.prefix(200)))
    }
    return (samples.map { ($0, generation) }, samples.first?.fault, latest.first)
  }

  func failures(of request: PlannedRequest<CritiqueTarget>, _ error: ModelClientError) -> [RequestFailure] {
    request.targets.map {
      RequestFailure(target: $0.target, reason: error.reason, detail: "\(error)", attempts: error.attempts)
    }
  }

  func store(_ samples: [Record], _ failures: [RequestFailure]) throws {
    _ = try workspace.record(samples, failures: failures)
  }
}

/// A step whose critique is asked for.
public struct CritiqueTarget: Sendable, Hashable {
  /// The solution, the stage and the step.
  public var target: GenerationTarget
  /// The solution's name, for messages.
  public var name: String
  /// What names the critiques that are merged, where people chose them.
  public var sources: String?
}

extension GeneratedSample {
  /// A sample as it was answered.
  init(_ target: GenerationTarget, _ sample: AnsweredSample, sources: String?) {
    self.init(
      target: target, key: sample.key, sample: sample.sample, text: sample.text, reasoning: sample.reasoning,
      finish: sample.finish?.description, isTruncated: sample.isTruncated, endpoint: sample.endpoint,
      promptTokens: sample.promptTokens, completionTokens: sample.completionTokens, latency: sample.latency)
    self.sources = sources
  }

  /// What the text concludes, if it can be used.
  var judgement: Judgement? {
    if case .judged(let judgement) = outcome { judgement } else { nil }
  }

  /// Why it cannot be used; `nil` when it can.
  var fault: String? { outcome.reason?.words }
}

extension GenerationSpecification {
  /// What a stage asks with.
  init(_ stage: Stage, _ prompt: PromptTemplate, _ parameters: RequestParameters) {
    self.init(stage, model: parameters.model, promptHash: prompt.hash, sampling: parameters.sampling)
  }
}
