import CritiqueModel

/// Why a solution is not in the training set. The raw values are stable: they are counted by, listed by and written in
/// settings.
public enum CurationReason: String, Sendable, Hashable, Codable, CaseIterable {
  /// Somebody kept it out.
  case excluded
  /// It has a tag that keeps solutions out, or lacks one that is required.
  case tagged
  /// It belongs to a benchmark.
  case benchmark
  /// Its problem occurs in a benchmark that is loaded in the workspace.
  case contaminated
  /// The labeller or a reviewer found the problem itself bad.
  case badProblem = "bad-problem"
  /// The problem has no text.
  case emptyText = "empty-text"
  /// The labeller gave up.
  case gaveUp = "gave-up"
  /// No step has a label.
  case unrated
  /// Reviewers disagree about a step that matters, and nobody has settled it.
  case conflictPending = "conflict-pending"
  /// The labels reach no conclusion: steps without one, and no wrong step.
  case labelUnfinished = "label-unfinished"
  /// A reviewer flagged it.
  case flagged
  /// A stage has brought no critique of a step.
  case noCritique = "no-critique"
  /// Every answer about a step was cut off at the token limit.
  case truncated
  /// No critique of a step ends in a judgement.
  case noJudgement = "no-judgement"
  /// The merge filter: the deep critique's judgement is not the label's.
  case deepMissesLabel = "deep-misses-label"
  /// The merged critique's own judgement is not the label's.
  case mergedContradictsLabel = "merged-contradicts-label"
  /// A merged critique was made of other critiques than are used now: somebody chose or wrote another.
  case staleMerge = "stale-merge"
  /// A reviewer found the reasoning of a critique in the row unsound.
  case unsound
  /// The row is longer than the limit.
  case tooLong = "too-long"
  /// Another solution of the same problem is in the set.
  case duplicateProblem = "duplicate-problem"
  /// Enough other solutions without an error are in the set.
  case overCap = "over-cap"

  /// The words shown to people.
  public var words: String {
    switch self {
    case .excluded: "excluded by hand"
    case .tagged: "kept out by its tags"
    case .benchmark: "benchmark solution"
    case .contaminated: "problem occurs in a benchmark"
    case .badProblem: "bad problem"
    case .emptyText: "problem without text"
    case .gaveUp: "labeller gave up"
    case .unrated: "no label"
    case .conflictPending: "conflict pending"
    case .labelUnfinished: "label unfinished"
    case .flagged: "flagged"
    case .noCritique: "no critique"
    case .truncated: "critique truncated"
    case .noJudgement: "no valid judgement"
    case .deepMissesLabel: "deep misses the label"
    case .mergedContradictsLabel: "merged contradicts the label"
    case .staleMerge: "merged from other critiques"
    case .unsound: "judged unsound"
    case .tooLong: "over the length limit"
    case .duplicateProblem: "duplicate problem"
    case .overCap: "over the cap of all-correct solutions"
    }
  }

  /// What would bring such a solution in, as a sentence.
  public var remedy: String {
    switch self {
    case .excluded: "Undo the exclusion with 'deepcritic include --reset'."
    case .tagged: "Change the tags ('deepcritic tag'), or exclude_tags and require_tags in [curate]."
    case .benchmark:
      "Nothing to do: critics are measured on it. A benchmark of your own is named in [curate] benchmarks."
    case .contaminated: "Nothing to do: a critic trained on it could not be measured on that benchmark."
    case .badProblem: "If the problem is good after all, remove the mark, or resolve it as good (F7)."
    case .emptyText: "Import a record that has the problem's text."
    case .gaveUp: "Give the steps verdicts: they replace the labeller's."
    case .unrated: "Give the steps verdicts, or import a record that has labels."
    case .conflictPending: "Adjudicate the step, or let the reviewers come to one verdict."
    case .labelUnfinished: "Give the steps without a label a verdict, or find the first wrong one."
    case .flagged: "Check it, then remove the flag."
    case .noCritique: "Run 'deepcritic generate' for the stage, or import its critiques."
    case .truncated: "Run 'deepcritic generate' with --again and a larger --max-tokens."
    case .noJudgement: "Run 'deepcritic generate' with --again to ask for further samples."
    case .deepMissesLabel: "Review the step: the label may be wrong. Or ask for more deep samples (--n)."
    case .mergedContradictsLabel: "Review the step, or ask for another merged critique with --again."
    case .staleMerge:
      "Run 'deepcritic generate merged': it merges what was chosen. Or choose or write the merged critique yourself."
    case .unsound: "Ask for another merged critique with --again, or clear your judgement."
    case .tooLong: "Raise max_characters (or max_tokens) in [curate], if the training can take such rows."
    case .duplicateProblem:
      "Include it by hand to prefer it, or keep all with ignore = [\"duplicate-problem\"] in [curate]."
    case .overCap: "Raise all_correct_limit in [curate], or include it by hand."
    }
  }

  /// Whether the settings may let a solution in all the same. A row cannot be made without critiques and a conclusion.
  public var canBeIgnored: Bool {
    switch self {
    case .unrated, .conflictPending, .labelUnfinished, .noCritique, .truncated, .noJudgement: false
    default: true
    }
  }

  /// Whether it speaks about labels and problem, and so keeps a solution out of step-labelled data too.
  public var isAboutLabels: Bool {
    switch self {
    case .excluded, .tagged, .benchmark, .contaminated, .badProblem, .emptyText, .gaveUp, .unrated, .conflictPending,
      .labelUnfinished, .flagged:
      true
    default: false
    }
  }

  /// In the order in which a queue shows them: first what a verdict settles, then what generation mends, last what nobody can.
  public static let byRemedy: [CurationReason] = {
    let first: [CurationReason] = [
      .conflictPending, .flagged, .deepMissesLabel, .mergedContradictsLabel, .unsound, .staleMerge, .labelUnfinished,
      .unrated, .gaveUp, .badProblem, .noJudgement, .truncated, .noCritique, .tooLong,
    ]
    return first + allCases.filter { !first.contains($0) }
  }()

  /// Position in the list, as a bit.
  var bit: UInt32 { 1 << UInt32(index) }

  /// Position in the list of all.
  var index: Int { Self.positions[self] ?? 0 }

  private static let positions = Dictionary(uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })
}

/// Several reasons, as bits.
struct ReasonSet: Sendable, Hashable {
  var bits: UInt32 = 0

  init() {}
  init(_ reasons: some Sequence<CurationReason>) { for reason in reasons { bits |= reason.bit } }

  var isEmpty: Bool { bits == 0 }
  func contains(_ reason: CurationReason) -> Bool { bits & reason.bit != 0 }
  mutating func insert(_ reason: CurationReason) { bits |= reason.bit }
  /// In the order of the list.
  var reasons: [CurationReason] { CurationReason.allCases.filter(contains) }
}

/// A reason with the place that it is about.
public struct ItemReason: Sendable, Hashable, Codable {
  /// Which reason.
  public var reason: CurationReason
  /// The stage that it is about, where it is about one.
  public var stage: Stage?
  /// The 1-based steps that it is about; empty where it is about none.
  public var steps: [Int]
  /// What more there is to say: who flagged it, which solution is used instead.
  public var detail: String?

  /// A reason from its parts.
  public init(_ reason: CurationReason, stage: Stage? = nil, steps: [Int] = [], detail: String? = nil) {
    self.reason = reason
    self.stage = stage
    self.steps = steps
    self.detail = detail
  }

  /// "deep misses the label at step 4".
  public var words: String {
    var words = reason.words
    if let stage, [.noCritique, .truncated, .noJudgement].contains(reason) { words = "\(stage.rawValue): \(words)" }
    switch steps.count {
    case 0: break
    case 1: words += " at step \(steps[0])"
    case 2...4: words += " at steps " + steps.map(String.init).joined(separator: ", ")
    default: words += " at \(steps.count) steps, the first \(steps[0])"
    }
    if let detail { words += " (\(detail))" }
    return words
  }
}
