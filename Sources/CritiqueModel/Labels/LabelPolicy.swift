/// Where a step's label comes from.
public enum LabelOrigin: String, Sendable, Hashable, Codable, CaseIterable {
  /// A person's, with the data (PRM800K and what is made of it).
  case imported
  /// A benchmark's.
  case gold
  /// Estimated from rollouts.
  case rollouts
  /// The verdicts that reviewers agree on.
  case reviewer
  /// Settled by somebody for all reviewers.
  case adjudication

  /// Whether a person gave it after the data was imported.
  public var isReviewed: Bool { self == .reviewer || self == .adjudication }
}

/// What a label may be taken from, one after another.
public enum LabelTier: String, Sendable, Hashable, Codable, CaseIterable {
  /// Settled by somebody for all reviewers.
  case adjudication
  /// The verdicts that reviewers agree on.
  case reviewers
  /// What came with the data.
  case imported
  /// What rollouts estimate.
  case rollouts

  /// Reads a name; "gold" is what earlier versions called ``imported``.
  public init?(name: String) {
    guard let tier = name == "gold" ? .imported : LabelTier(rawValue: name) else { return nil }
    self = tier
  }
}

/// Whose word counts: the rule that turns verdicts into labels, the same for everything in a workspace.
public struct LabelPolicy: Sendable, Hashable, Codable {
  /// The strongest first. What is not named does not count.
  public var precedence: [LabelTier]
  /// Reviewers whose decisions count; empty for everyone.
  public var reviewers: [String]

  /// A policy from its parts.
  public init(precedence: [LabelTier] = LabelTier.allCases, reviewers: [String] = []) {
    self.precedence = precedence
    self.reviewers = reviewers
  }

  /// Whether a reviewer's decisions count.
  public func counts(_ reviewer: String) -> Bool { reviewers.isEmpty || reviewers.contains(reviewer) }
}
