import Foundation

/// How a decision was made: with labels and critiques hidden until it was given, or open from the start.
///
/// The mode is part of every event, because a verdict given after reading a critique is a different kind of evidence.
public enum ReviewMode: String, Sendable, Hashable, Codable, CaseIterable {
  case blind
  case audit
}

/// What kind of decision an event records. New kinds may be added by later versions; a store keeps and passes on kinds
/// that it does not know.
public struct EventKind: RawRepresentable, Sendable, Hashable, Codable {
  /// The name in the log.
  public let rawValue: String
  /// Any name, also one of a later version.
  public init(rawValue: String) { self.rawValue = rawValue }

  /// A rating of one step; `value` is "-1", "0" or "1".
  public static let verdict = EventKind(rawValue: "verdict")
  /// Takes the reviewer's rating of one step away.
  public static let clear = EventKind(rawValue: "clear")
  /// Marks a step for attention (`value` "1") or removes the mark ("0").
  public static let flag = EventKind(rawValue: "flag")
  /// A remark on a step (or, with step 0, on the solution); with `target`, it replaces that earlier remark ("" removes it).
  public static let comment = EventKind(rawValue: "comment")
  /// Ends the review of a solution without verdicts; `value` is a ``SolutionMark``, or "" to take it back.
  public static let mark = EventKind(rawValue: "mark")
  /// Settles a step's label between reviewers; `value` is "-1", "0" or "1", or "" to take it back. The latest one stands,
  /// whoever made it.
  public static let adjudication = EventKind(rawValue: "adjudication")
  /// Judges a critique's reasoning, whatever its conclusion: `value` is "sound", "unsound", or "" to take it back; `basis`
  /// is a ``CritiqueReference``.
  public static let soundness = EventKind(rawValue: "soundness")
  /// Takes another sample than the rule would as the critique of its stage and step: `basis` is the sample's
  /// ``CritiqueReference``, `value` is "use", or "" to go back to the rule. The latest one stands, whoever made it.
  public static let choice = EventKind(rawValue: "choice")
  /// A version of a critique that a person wrote: `value` is its text, `basis` the ``CritiqueReference`` of the critique that it
  /// changes, or a ``CritiquePlace`` for one of the person's own. It is used from then on.
  public static let edit = EventKind(rawValue: "edit")
  /// What a wrong step should say: `value` is the text, "" takes it back.
  public static let correction = EventKind(rawValue: "correction")
  /// Puts a solution into training sets or keeps it out by hand: `value` is a ``Placement``, or "" to take it back. The
  /// latest one stands, whoever made it.
  public static let placement = EventKind(rawValue: "placement")
  /// Gives a solution a tag (`value` is its name) or takes it away ("-" and the name). The latest one stands, whoever made it.
  public static let tag = EventKind(rawValue: "tag")
  /// Makes the decision in `target` as if it had not been taken.
  public static let undo = EventKind(rawValue: "undo")
  /// Restores the decision in `target` after an undo.
  public static let redo = EventKind(rawValue: "redo")

  /// Whether the event is a decision (and so can be undone), not an undo or redo of one.
  public var isDecision: Bool { self != .undo && self != .redo }
}

/// Why a solution is not reviewed step by step.
public enum SolutionMark: String, Sendable, Hashable, Codable, CaseIterable {
  case badProblem = "bad_problem"
  case giveUp = "give_up"
  case skip

  /// The words shown to people.
  public var words: String {
    switch self {
    case .badProblem: "bad problem"
    case .giveUp: "given up"
    case .skip: "skipped"
    }
  }
}

/// One decision, as it stands in the append-only log.
///
/// Events are never changed or removed; undo and redo are events too. The state of a review is a function of the *set*
/// of events (ordered by ``at``, then ``uuid``), so two workspaces that hold the same events agree, however they got them.
public struct ReviewEvent: Sendable, Hashable, Codable {
  /// Identity across workspaces, lowercase.
  public var uuid = UUID().uuidString.lowercased()
  /// The solution decided about, by content, so that events can travel between workspaces.
  public var solution: String
  /// 1-based; 0 for the whole solution.
  public var step: Int
  /// What kind of decision.
  public var kind: EventKind
  /// The decision; its meaning depends on the kind.
  public var value = ""
  /// A reason or remark that goes with the decision.
  public var note: String?
  /// What the reviewer acted on, when the key was "accept" or "fix": for example "merged:-1".
  public var basis: String?
  /// Who decided.
  public var reviewer: String
  /// Milliseconds since 1970, never smaller than that of any event the workspace held before.
  public var at: Int64
  /// Milliseconds from showing the item to the decision; `nil` when not measured.
  public var elapsed: Int64?
  /// Blind or audit.
  public var mode: ReviewMode = .audit
  /// The event that this one undoes, redoes or replaces.
  public var target: String?
  /// Names the decisions that were taken together, and are undone together; `nil` for one by itself.
  public var batch: String?

  /// The total order in which events take effect.
  public static func precedes(_ a: ReviewEvent, _ b: ReviewEvent) -> Bool {
    (a.at, a.uuid) < (b.at, b.uuid)
  }
}

/// Who decides, and how.
public struct ReviewContext: Sendable, Hashable {
  /// Who decides.
  public var reviewer: String
  /// Whether labels and critiques were open.
  public var mode: ReviewMode

  /// A context from its parts.
  public init(reviewer: String, mode: ReviewMode = .audit) {
    self.reviewer = reviewer
    self.mode = mode
  }
}
