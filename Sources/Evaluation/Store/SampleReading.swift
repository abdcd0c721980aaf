import ReviewStore

/// What became of one answer of a critic.
public enum ReadingOutcome: String, Sendable, Hashable, Codable, CaseIterable {
  /// It names a step, or says that there is no error.
  case answered
  /// There is a text, and no answer in it.
  case unparsed
  /// It was cut off at the token limit.
  case truncated
  /// There is no text.
  case empty
  /// There is no answer: it was never asked for, or the request failed.
  case missing

  /// The words shown to people.
  public var words: String {
    switch self {
    case .answered: "answered"
    case .unparsed: "no answer in the text"
    case .truncated: "truncated"
    case .empty: "empty"
    case .missing: "missing"
    }
  }
}

/// What one answer of a critic says.
public struct SampleReading: Sendable, Hashable, Codable {
  /// What became of it.
  public var outcome: ReadingOutcome
  /// The 1-based first error, −1 for none; `nil` when it says nothing that counts.
  public var prediction: Int?
  /// What is counted as a vote where that is not the prediction itself: the reference scripts count texts. `nil` else.
  public var ballot: String?

  /// A reading from its parts.
  public init(_ outcome: ReadingOutcome, prediction: Int? = nil, ballot: String? = nil) {
    self.outcome = outcome
    self.prediction = prediction
    self.ballot = ballot
  }

  /// An answer that names a step (1-based), or −1.
  public static func step(_ prediction: Int) -> SampleReading { SampleReading(.answered, prediction: prediction) }
}
