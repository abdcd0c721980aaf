import CritiqueModel
import ModelRuns
import ReviewStore

/// What a model is asked to write on: the first steps of a solution.
public struct RolloutTarget: Sendable, Hashable {
  /// The solution's number in this workspace.
  public var solution: Int64
  /// How many of its steps are given; 0 for none: a whole solution of a problem.
  public var step: Int
}

/// Whether whole solutions are asked for, or continuations.
public enum RolloutKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// Solutions of problems.
  case sample
  /// Continuations of solutions.
  case rollout
}

/// One text that a server has written.
@dynamicMemberLookup
public struct RolloutSample: Sendable, Hashable {
  /// The solutions that begin so; usually one.
  public var targets: [RolloutTarget]
  /// How the prefix was sent ("chat", "raw").
  public var continuation: String
  /// What the model wrote after the prefix. One that was cut off counts as a failure.
  public var answer: AnsweredSample

  /// What there is to say about the answer.
  public subscript<Value>(dynamicMember key: KeyPath<AnsweredSample, Value>) -> Value { answer[keyPath: key] }

  /// Its answer: the contents of the last box; `nil` without one.
  public var boxed: String? { AnswerText.boxed(in: answer.text) }
}

/// A request that ended without an answer.
public struct RolloutFailure: Sendable, Hashable {
  /// What was to be continued.
  public var targets: [RolloutTarget]
  /// Whole solutions or continuations.
  public var kind: RolloutKind
  /// A short reason to count by ("rejected 400").
  public var reason: String
  /// The sentence for people.
  public var detail: String
  /// How often it was tried.
  public var attempts: Int
}

/// The rollouts that exist for a solution.
public struct RolloutOutline: Sendable, Hashable {
  /// The solution's number in this workspace.
  public var id: Int64
  /// How many steps it has.
  public var steps: Int
  /// Sample numbers that exist, by prefix length.
  public var taken: [Int: Set<Int>] = [:]
}

/// The outcome of one rollout.
public enum RolloutOutcome: String, Sendable, Hashable, Codable, CaseIterable {
  /// Its answer equals the reference.
  case right
  /// Its answer differs.
  case wrong
  /// It has no boxed answer.
  case noAnswer = "no-answer"
  /// It was cut off at the token limit.
  case truncated
  /// The grader could not tell in time, or died of it.
  case undecided
  /// It has not been graded yet.
  case ungraded

  /// The words shown to people.
  public var words: String {
    switch self {
    case .right: "right"
    case .wrong: "wrong"
    case .noAnswer: "no boxed answer"
    case .truncated: "truncated"
    case .undecided: "not gradable"
    case .ungraded: "not graded"
    }
  }
}

/// One rollout, as an estimate counts it.
public struct GradedRollout: Sendable, Hashable {
  /// How many steps were given.
  public var step: Int
  /// Sample number, from 0.
  public var sample: Int
  /// What became of it.
  public var outcome: RolloutOutcome
}
