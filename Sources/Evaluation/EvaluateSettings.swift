import CritiqueGeneration
import ModelClient
import ModelRuns
import ReviewStore

/// The table `[evaluate]` of `deepcritic.toml`: how critics are asked. What is not set is the protocol's own.
public struct EvaluateSettings: Sendable {
  /// The model's name; `nil` until somebody names one.
  public var model: String?
  /// How critics are asked.
  public var asking = CriticProtocol.deepcritic
  /// Answers of each row; `nil` for one.
  public var votes: Int?
  /// Sampling temperature.
  public var temperature: Double?
  /// Top-p of nucleus sampling.
  public var topP: Double?
  /// Longest answer, in tokens.
  public var maxTokens: Int?
  /// Seed of a row's first answer.
  public var seed: Int?
  /// A file with the prompt template.
  public var prompt: String?
  /// Resamples of the bootstrap.
  public var resamples = 10_000

  /// The defaults.
  public init() {}

  /// Reads the table; a missing file or table gives the defaults.
  ///
  /// - Throws: `SettingsError` naming file and key.
  public init(path: String) throws {
    guard let table = try SettingsTable("evaluate", of: path) else { return }
    try table.refuse(allBut: [
      "model", "protocol", "vote", "temperature", "top_p", "max_tokens", "seed", "prompt", "resamples",
    ])
    model = try table.text("model")
    if let name = try table.text("protocol") {
      guard let known = CriticProtocol(rawValue: name) else {
        throw table.problem(
          "protocol", "must be one of \(CriticProtocol.allCases.map(\.rawValue).joined(separator: ", "))")
      }
      asking = known
    }
    votes = try table.integer("vote", in: RequestLimits.samples)
    temperature = try table.number("temperature", in: RequestLimits.temperature)
    topP = try table.number("top_p", in: 0...1)
    maxTokens = try table.integer("max_tokens", in: RequestLimits.tokens)
    seed = try table.integer("seed", in: RequestLimits.seed)
    prompt = try table.file("prompt")
    resamples = try table.integer("resamples", in: RequestLimits.resamples) ?? resamples
  }

  /// Answers of each row.
  public var samples: Int { votes ?? 1 }

  /// How answers are drawn: the protocol's values with what is set on top.
  public var sampling: Sampling {
    var sampling = asking.sampling(votes: samples > 1)
    sampling.temperature = temperature ?? sampling.temperature
    sampling.topP = topP ?? sampling.topP
    sampling.maxTokens = maxTokens ?? sampling.maxTokens
    sampling.seed = seed
    return sampling
  }

  /// What a critic is asked with.
  public func parameters(model: String) -> RequestParameters {
    RequestParameters(model: model, sampling: sampling, samples: samples)
  }

  /// The conditions under which a model is asked.
  public func specification(
    model: String, prompt: PromptTemplate, extractor: AnswerExtractor
  ) -> EvaluationSpecification {
    EvaluationSpecification(
      kind: .model, model: model, protocolName: asking.rawValue, promptHash: prompt.hexadecimalHash,
      temperature: sampling.temperature, topP: sampling.topP, maxTokens: sampling.maxTokens, seed: sampling.seed,
      samples: samples, extraction: extractor.name, indexBase: extractor.base.rawValue,
      requiresAnswerLine: extractor.requiresAnswerLine)
  }

  /// The prompt template: the file's, or the protocol's.
  ///
  /// - Parameter files: replacements by purpose, as in `[generate.prompts]`.
  /// - Throws: `PromptError` naming file, line and remedy.
  public func template(replacing files: [PromptPurpose: String]) throws -> PromptTemplate {
    var files = files
    if let prompt { files[asking.purpose] = prompt }
    return try PromptLibrary(replacing: files)[asking.purpose]
  }
}
