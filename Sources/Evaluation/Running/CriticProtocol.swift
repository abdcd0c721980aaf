import CritiqueGeneration
import CritiqueModel
import ModelClient

/// A way of asking a critic and of counting steps. A score without its protocol means nothing.
public enum CriticProtocol: String, Sendable, Hashable, Codable, CaseIterable {
  /// ProcessBench (arXiv 2412.06559): paragraphs in tags, counted from 0.
  case processbench
  /// DeepCritic (arXiv 2505.00662): "Step i:", counted from 1.
  case deepcritic

  /// Where its answers begin to count.
  public var base: IndexBase { self == .processbench ? .zero : .one }

  /// What its prompt template is for.
  public var purpose: PromptPurpose { self == .processbench ? .paragraphs : .critic }

  /// How it samples (paper, evaluation settings).
  ///
  /// - Parameter votes: several answers of each row.
  public func sampling(votes: Bool) -> Sampling {
    switch (self, votes) {
    case (.processbench, false): Sampling(temperature: 0, topP: 1, maxTokens: 8192)
    case (.processbench, true): Sampling(temperature: 1, topP: 0.9, maxTokens: 8192)
    case (.deepcritic, false): Sampling(temperature: 0.6, topP: 0.9, maxTokens: 32_768)
    case (.deepcritic, true): Sampling(temperature: 1, topP: 0.9, maxTokens: 32_768)
    }
  }
}
