import CritiqueModel
import ModelClient

/// How a stage is asked: samples and sampling.
public struct StageSettings: Sendable, Hashable, Codable {
  /// Samples of each step.
  public var samples: Int
  /// Sampling temperature.
  public var temperature: Double
  /// Top-p of nucleus sampling.
  public var topP: Double
  /// Longest answer, in tokens.
  public var maxTokens: Int
  /// Seed of sample 0; sample k gets this plus k, in a request of its own. `nil` leaves it to the server.
  public var seed: Int?
  /// The model's name; `nil` until somebody names one.
  public var model: String?
  /// An answer cut off at `maxTokens` is asked for once more with this many; `nil` for never.
  public var retryTokens: Int?

  /// The paper's values (section 3.1).
  public init(_ stage: Stage) {
    switch stage {
    case .initial: self.init(samples: 1, temperature: 0.7, topP: 0.9, maxTokens: 1024)
    case .deep: self.init(samples: 16, temperature: 1.0, topP: 0.9, maxTokens: 1024)
    case .merged: self.init(samples: 1, temperature: 0.7, topP: 0.9, maxTokens: 2048)
    }
  }

  /// Settings from their parts.
  public init(
    samples: Int, temperature: Double, topP: Double, maxTokens: Int, seed: Int? = nil, model: String? = nil,
    retryTokens: Int? = nil
  ) {
    self.samples = samples
    self.temperature = temperature
    self.topP = topP
    self.maxTokens = maxTokens
    self.seed = seed
    self.model = model
    self.retryTokens = retryTokens
  }

  /// As requests carry it.
  public var sampling: Sampling { Sampling(temperature: temperature, topP: topP, maxTokens: maxTokens, seed: seed) }
}
