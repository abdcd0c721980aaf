import CritiqueModel

/// One record of a file: its bytes as they are, and what they mean.
public struct SourceRecord: Sendable {
  /// What a record holds.
  public enum Content: Sendable {
    /// A solution with its ratings, and the critiques that came with it (DeepCritic's stage files, SFT examples).
    case solution(Solution, critiques: [Critique])
    /// Several solutions of one problem (rollout rows), in file order.
    case solutions([Solution])
    /// A problem with a reference answer and no steps.
    case problem(Solution)
    /// One event of our review log, for the store to read from `raw`.
    case review

    /// All solutions the record holds, in order; a bare problem is one without steps.
    public var solutions: [Solution] {
      switch self {
      case .solution(let solution, _), .problem(let solution): [solution]
      case .solutions(let solutions): solutions
      case .review: []
      }
    }

    /// The critiques of the record's solution.
    public var critiques: [Critique] {
      if case .solution(_, let critiques) = self { critiques } else { [] }
    }
  }

  /// Exactly the record's JSON bytes: no white space, comma or line end around them.
  public var raw: [UInt8]
  /// The 1-based line of the file where the record starts.
  public var line: Int
  /// The format the record was read as.
  public var format: DatasetFormat
  /// 32 bytes: SHA-256 of the canonical form (see `JSONDocument.canonicalHash`). Equal for records that mean the same.
  public var hash: [UInt8]
  /// What the record means.
  public var content: Content
}
