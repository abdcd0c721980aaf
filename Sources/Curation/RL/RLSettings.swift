import ReviewStore

/// Where the labels of a reinforcement-learning set come from.
public enum RLSource: String, Sendable, Hashable, Codable, CaseIterable {
  /// People's: labels that came with the data, reviewers' verdicts, adjudications.
  case human
  /// Estimated from rollouts.
  case monteCarlo = "monte-carlo"
}

/// The rules by which prompts get into the reinforcement-learning set, on top of `[curate]`: `[label.rl]` of
/// `deepcritic.toml`.
public struct RLSettings: Sendable, Hashable, Codable {
  /// Whose labels are taken.
  public var sources = RLSource.allCases
  /// Longest prompt in Unicode scalars, system turn included; `nil` for any length. Trainers that have no such filter
  /// cut prompts off in silence.
  public var maxCharacters: Int? = 12288
  /// Longest prompt in tokens; counts only with `[curate] tokenizer`.
  public var maxTokens: Int? = 4096
  /// The share of rows with an error, reached by leaving out rows of the other kind; `nil` to take
  /// all.
  public var errorShare: Double?
  /// Maximum number of rows per problem; `nil` for all.
  public var perProblem: Int?
  /// Maximum number of rows; `nil` for all.
  public var limit: Int?
  /// Leaves out solutions whose estimate from rollouts contradicts people's label.
  public var agreement = true

  /// The defaults.
  public init() {}

  /// Reads `[label.rl]`; a missing file or table gives the defaults.
  ///
  /// - Throws: `SettingsError` naming the file, the key and what it must be.
  public init(path: String) throws {
    self.init()
    guard let table = try SettingsTable("label", of: path)?.table("rl") else { return }
    try table.refuse(
      allBut: ["sources", "max_characters", "max_tokens", "error_share", "per_problem", "limit", "agreement"])
    if let names = try table.texts("sources") {
      sources = try names.map { name in
        guard let source = RLSource(rawValue: name) else {
          throw table.problem("sources", "may name human and monte-carlo, not \"\(name)\"")
        }
        return source
      }
    }
    maxCharacters = try CurationSettings.limit("max_characters", table, atLeast: 1) ?? maxCharacters
    maxTokens = try CurationSettings.limit("max_tokens", table, atLeast: 1) ?? maxTokens
    perProblem = try CurationSettings.limit("per_problem", table, atLeast: 1) ?? perProblem
    limit = try CurationSettings.limit("limit", table, atLeast: 1) ?? limit
    errorShare = try table.number("error_share", in: 0.01...0.99)
    agreement = try table.flag("agreement") ?? agreement
  }

  /// As values for a manifest, in a fixed order.
  public var description: [(name: String, value: String)] {
    func words(_ number: Int?) -> String { number.map(String.init) ?? "none" }
    return [
      ("rl_sources", sources.map(\.rawValue).joined(separator: ", ")), ("rl_max_characters", words(maxCharacters)),
      ("rl_max_tokens", words(maxTokens)), ("rl_error_share", errorShare.map { "\($0)" } ?? "none"),
      ("rl_per_problem", words(perProblem)), ("rl_limit", words(limit)), ("rl_agreement", String(agreement)),
    ]
  }
}

/// Why a solution is not in the reinforcement-learning set. The raw values are stable; those that speak of the same as
/// a `CurationReason` have its name.
public enum RLReason: String, Sendable, Hashable, Codable, CaseIterable {
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
  /// Nobody has labelled it, and there is no estimate.
  case unrated
  /// Rollouts give no label: ambiguous, or not finished.
  case noEstimate = "no-estimate"
  /// Reviewers disagree about a step that matters.
  case conflictPending = "conflict-pending"
  /// The labels reach no conclusion: steps without one, and no wrong step.
  case labelUnfinished = "label-unfinished"
  /// A reviewer flagged it.
  case flagged
  /// Its label comes from a source that is not taken.
  case source
  /// The estimate from rollouts contradicts people's label.
  case disagreesWithEstimate = "disagrees-with-estimate"
  /// The prompt is longer than the limit.
  case tooLong = "too-long"
  /// The very same prompt has different labels.
  case labelsDisagree = "labels-disagree"
  /// The very same prompt is in the set.
  case duplicatePrompt = "duplicate-prompt"
  /// Enough other solutions of the problem are in the set.
  case perProblem = "over-problem-limit"
  /// Enough other rows with (or without) an error are in the set.
  case balance = "over-balance"
  /// Enough other rows are in the set.
  case limit = "over-limit"

  /// The words shown to people.
  public var words: String {
    switch self {
    case .unrated: "no label and no estimate"
    case .noEstimate: "rollouts give no label"
    case .source: "source not taken"
    case .disagreesWithEstimate: "rollouts contradict the label"
    case .tooLong: "prompt over the length limit"
    case .labelsDisagree: "the same prompt has different labels"
    case .duplicatePrompt: "duplicate prompt"
    case .perProblem: "over the limit of one problem"
    case .balance: "left out for the balance"
    case .limit: "over the limit of rows"
    default: CurationReason(rawValue: rawValue)?.words ?? rawValue
    }
  }

  /// What would bring such a solution in, as a sentence.
  public var remedy: String {
    switch self {
    case .unrated: "Give the steps verdicts, or estimate labels with 'deepcritic label'."
    case .noEstimate: "'deepcritic label estimate' shows why. Give the steps verdicts, or draw more rollouts."
    case .source: "Name the source in [label.rl] sources, or with --source."
    case .disagreesWithEstimate: "Review it, or keep all with [label.rl] agreement = false."
    case .tooLong: "Raise max_characters (or max_tokens) in [label.rl], if the training can take such prompts."
    case .labelsDisagree: "Adjudicate the steps of one of them."
    case .duplicatePrompt: "Nothing to do: one of them is in the set."
    case .perProblem: "Raise per_problem in [label.rl]."
    case .balance: "Set error_share in [label.rl] otherwise, or not at all."
    case .limit: "Raise limit in [label.rl]."
    default: CurationReason(rawValue: rawValue)?.remedy ?? ""
    }
  }
}
