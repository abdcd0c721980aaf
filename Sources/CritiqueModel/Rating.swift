/// A person's (or a benchmark's) rating of one step, as in PRM800K.
///
/// Source: PRM800K labelling instructions; −1 is a wrong step, 0 is neither wrong nor helpful, +1 is a good step.
public enum Rating: Int, Sendable, Hashable, Codable, CaseIterable {
  case incorrect = -1
  case neutral = 0
  case correct = 1

  /// What a critic would have to conclude to agree with this rating: 0 and +1 both count as correct (paper, section 3.1).
  public var judgement: Judgement { self == .incorrect ? .incorrect : .correct }

  /// The word shown to people.
  public var word: String {
    switch self {
    case .incorrect: "incorrect"
    case .neutral: "neutral"
    case .correct: "correct"
    }
  }
}

/// What a critique concludes about one step: 1 (correct) or −1 (incorrect).
public enum Judgement: Int, Sendable, Hashable, Codable, CaseIterable {
  case incorrect = -1
  case correct = 1

  /// The rating a reviewer gives by agreeing with this judgement.
  public var rating: Rating { self == .incorrect ? .incorrect : .correct }

  /// The other judgement.
  public var opposite: Judgement { self == .incorrect ? .correct : .incorrect }

  /// The word shown to people.
  public var word: String { self == .incorrect ? "incorrect" : "correct" }
}

/// The three kinds of seed critique (paper, section 3.1), in the order they are made.
public enum Stage: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
  case initial
  case deep
  case merged

  /// Position in the pipeline, 0 to 2.
  public var order: Int {
    switch self {
    case .initial: 0
    case .deep: 1
    case .merged: 2
    }
  }

  /// In pipeline order.
  public static func < (a: Stage, b: Stage) -> Bool { a.order < b.order }
}
