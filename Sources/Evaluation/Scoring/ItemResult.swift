import ReviewStore

/// One row of a benchmark and what a critic answered about it.
public struct ItemResult: Sendable, Hashable {
  /// The row's identifier, as the file has it.
  public var id: String
  /// How many steps the solution has.
  public var steps: Int
  /// The 1-based first error, −1 for none.
  public var gold: Int
  /// Whether the solution's final answer is right, where the file says so.
  public var finalAnswerIsCorrect: Bool?
  /// The model that wrote the solution, where the file says so.
  public var generator: String?
  /// The problem's subject, where the file says so.
  public var subject: String?
  /// The answers, in their order.
  public var samples: [SampleReading] = []

  /// Whether there is any response, usable or not.
  public var isAnswered: Bool { samples.contains { $0.outcome != .missing } }
  /// The prediction of all answers together.
  public var prediction: Int? { Ballots(samples).prediction }
}
