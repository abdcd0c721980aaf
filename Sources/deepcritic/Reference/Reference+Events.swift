import DeepCriticCore

extension Reference {
  /// What the event log holds.
  static var events: [String] {
    [
      "# Events", "",
      "Each decision is one event in the append-only log. `deepcritic export reviews` writes a header line, then one event",
      "per line; importing merges by `uuid`, in any order and repeatedly.", "",
    ]
      + table(
        ["field", "content"],
        [
          ["`uuid`", "identity of the event"],
          ["`solution`", "content key of the solution: problem, step texts and ratings"],
          ["`step`", "step number, counted from 1; 0 for the solution or its problem"],
          ["`kind`, `value`", "the decision, see below"], ["`reviewer`", "reviewer name"],
          ["`at`", "wall time of the reviewer's clock"],
          ["`clock`", "logical time, which orders events; left out where it equals `at`"],
          ["`elapsed`", "milliseconds from showing the step to the decision"], ["`mode`", "`blind` or `audit`"],
          ["`basis`", "what the decision relied on or refers to"], ["`note`", "reason or remark"],
          ["`target`", "event that an undo, redo or later comment refers to"],
          ["`batch`", "decisions that are undone together"],
        ])
      + ["", "## Kinds", ""]
      + table(["kind", "value", "meaning"], EventKind.known.map { ["`\($0.rawValue)`"] + meaning(of: $0) })
  }

  private static func meaning(of kind: EventKind) -> [String] {
    switch kind {
    case .verdict: ["`-1`, `0`, `1`", "rates a step"]
    case .clear: ["", "clears the reviewer's verdict on a step"]
    case .flag: ["`1`, `0`", "flags a step, or removes the flag"]
    case .comment:
      ["text", "comments on a step or solution; with `target`, replaces that comment, and an empty text removes it"]
    case .mark:
      [
        "`bad_problem`, `give_up`, `skip`, empty",
        "ends the review of a solution without verdicts; empty removes the mark",
      ]
    case .adjudication: ["`-1`, `0`, `1`, empty", "resolves a label for all reviewers; empty reopens it"]
    case .soundness: ["`sound`, `unsound`, empty", "judges the reasoning of the critique in `basis`"]
    case .choice: ["`use`, empty", "chooses the critique in `basis`; empty leaves the choice to the rule"]
    case .edit: ["text", "adds a version of the critique in `basis`"]
    case .correction: ["text", "states what a step should say; empty removes the correction"]
    case .placement: ["`in`, `out`, empty", "includes or excludes a solution; empty leaves it to the rules"]
    case .tag: ["`NAME`, `-NAME`", "adds or removes a tag"]
    case .undo: ["", "undoes the decision in `target`"]
    case .redo: ["", "restores the decision in `target`"]
    default: ["", ""]
    }
  }
}
