/// Orders of the queue.
public enum QueueSort: String, Sendable, Hashable, CaseIterable, Codable {
  /// As imported.
  case imported
  /// Where critiques contradict labels first: merged, then deep, then initial.
  case disagreement
  /// Where the deep samples of a step are divided most.
  case votes
  /// Where roll-outs leave a step's label most in doubt.
  case uncertainty
  /// What keeps solutions out of the training set: first what a reviewer can mend.
  case curation
  /// What this reviewer has not finished first.
  case todo
  /// By first error step; solutions without an error last.
  case firstError = "first-error"
  /// Longest first.
  case length
  /// The reviewer's latest work first.
  case recent
  /// By chance, the same each time for the same seed.
  case random

  /// Whether the order tells labels or what critics say: a blind reviewer must not see it.
  public var revealsLabels: Bool {
    switch self {
    case .disagreement, .firstError, .votes, .uncertainty, .curation: true
    case .imported, .todo, .length, .recent, .random: false
    }
  }

  /// The words shown to people.
  public var words: String {
    switch self {
    case .imported: "as imported"
    case .disagreement: "disagreement"
    case .votes: "split votes"
    case .uncertainty: "roll-outs in doubt"
    case .curation: "curation reason"
    case .todo: "to do first"
    case .firstError: "first error"
    case .length: "longest"
    case .recent: "my latest"
    case .random: "random"
    }
  }
}
