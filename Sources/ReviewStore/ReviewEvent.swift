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
  /// Ends the review of a solution without verdicts; `value` is a ``SolutionMark``, or "" to undo it.
  public static let mark = EventKind(rawValue: "mark")
  /// Settles a step's label between reviewers; `value` is "-1", "0" or "1", or "" to undo it. The latest one stands,
  /// whoever made it.
  public static let adjudication = EventKind(rawValue: "adjudication")
  /// Judges a critique's reasoning, whatever its conclusion: `value` is "sound", "unsound", or "" to undo it; `basis`
  /// is a ``CritiqueReference``.
  public static let soundness = EventKind(rawValue: "soundness")
  /// Takes another sample than the rule would as the critique of its stage and step: `basis` is the sample's
  /// ``CritiqueReference``, `value` is "use", or "" to go back to the rule. The latest one stands, whoever made it.
  public static let choice = EventKind(rawValue: "choice")
  /// A version of a critique that a person wrote: `value` is its text, `basis` the ``CritiqueReference`` of the critique that it
  /// changes, or a ``CritiquePlace`` for one written from scratch. It is used from then onwards.
  public static let edit = EventKind(rawValue: "edit")
  /// What a wrong step should say: `value` is the text, "" removes it.
  public static let correction = EventKind(rawValue: "correction")
  /// Puts a solution into training sets or keeps it out by hand: `value` is a ``Placement``, or "" to undo it. The
  /// latest one stands, whoever made it.
  public static let placement = EventKind(rawValue: "placement")
  /// Gives a solution a tag (`value` is its name) or removes it ("-" and the name). The latest one stands, whoever made it.
  public static let tag = EventKind(rawValue: "tag")
  /// Makes the decision in `target` as if it had not been taken.
  public static let undo = EventKind(rawValue: "undo")
  /// Restores the decision in `target` after an undo.
  public static let redo = EventKind(rawValue: "redo")

  /// All kinds of this version.
  public static let known: [EventKind] = [
    .verdict, .clear, .flag, .comment, .mark, .adjudication, .soundness, .choice, .edit, .correction, .placement, .tag,
    .undo, .redo,
  ]

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

/// One decision, as it is in the append-only log.
///
/// Events are never changed or removed; undo and redo are events too. The state of a review is a function of the *set*
/// of events (ordered by ``clock``, then ``uuid``), so two workspaces that hold the same events agree, however they got them.
public struct ReviewEvent: Sendable, Hashable {
  /// Identity across workspaces, lowercase.
  public var uuid: String
  /// The solution decided about, by content, so that events can travel between workspaces.
  public var solution: String
  /// 1-based; 0 for the whole solution.
  public var step: Int
  /// What kind of decision.
  public var kind: EventKind
  /// The decision; its meaning depends on the kind.
  public var value: String
  /// A reason or remark that goes with the decision.
  public var note: String?
  /// What the reviewer acted on, when the key was "accept" or "fix": for example "merged:-1".
  public var basis: String?
  /// Who decided.
  public var reviewer: String
  /// When, in milliseconds since 1970, as the reviewer's clock said. It decides nothing.
  public var at: Int64
  /// Logical time (``HybridClock``), which gives the order of effect: ``at``, or later where the clock lagged behind what the
  /// workspace held.
  public var clock: Int64
  /// Milliseconds from showing the item to the decision; `nil` when not measured.
  public var elapsed: Int64?
  /// Blind or audit.
  public var mode: ReviewMode
  /// The event that this one undoes, redoes or replaces.
  public var target: String?
  /// Names the decisions that were taken together, and are undone together; `nil` for one by itself.
  public var batch: String?

  /// The total order in which events take effect.
  public static func precedes(_ a: ReviewEvent, _ b: ReviewEvent) -> Bool { a.order < b.order }

  /// The event's place in that order.
  public var order: EventOrder { EventOrder(clock, uuid) }

  /// An event from its parts.
  ///
  /// - Parameter clock: `nil` for one whose logical time is its wall time.
  public init(
    uuid: String = UUID().uuidString.lowercased(), solution: String, step: Int, kind: EventKind, value: String = "",
    note: String? = nil, basis: String? = nil, reviewer: String, at: Int64, clock: Int64? = nil, elapsed: Int64? = nil,
    mode: ReviewMode = .audit, target: String? = nil, batch: String? = nil
  ) {
    self.uuid = uuid
    self.solution = solution
    self.step = step
    self.kind = kind
    self.value = value
    self.note = note
    self.basis = basis
    self.reviewer = reviewer
    self.at = at
    self.clock = clock ?? at
    self.elapsed = elapsed
    self.mode = mode
    self.target = target
    self.batch = batch
  }
}

extension ReviewEvent: Codable {
  private enum CodingKeys: String, CodingKey {
    case uuid, solution, step, kind, value, note, basis, reviewer, at, clock, elapsed, mode, target, batch
  }

  /// Reads the form of reviews files. Programs before logical clocks wrote none, and ordered by ``at``.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      uuid: try values.decode(String.self, forKey: .uuid), solution: try values.decode(String.self, forKey: .solution),
      step: try values.decode(Int.self, forKey: .step), kind: try values.decode(EventKind.self, forKey: .kind),
      value: try values.decode(String.self, forKey: .value),
      note: try values.decodeIfPresent(String.self, forKey: .note),
      basis: try values.decodeIfPresent(String.self, forKey: .basis),
      reviewer: try values.decode(String.self, forKey: .reviewer), at: try values.decode(Int64.self, forKey: .at),
      clock: try values.decodeIfPresent(Int64.self, forKey: .clock),
      elapsed: try values.decodeIfPresent(Int64.self, forKey: .elapsed),
      mode: try values.decode(ReviewMode.self, forKey: .mode),
      target: try values.decodeIfPresent(String.self, forKey: .target),
      batch: try values.decodeIfPresent(String.self, forKey: .batch))
  }

  /// Writes the form of reviews files: the logical time only where it is not the wall time. Older programs skip it.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(uuid, forKey: .uuid)
    try values.encode(solution, forKey: .solution)
    try values.encode(step, forKey: .step)
    try values.encode(kind, forKey: .kind)
    try values.encode(value, forKey: .value)
    try values.encodeIfPresent(note, forKey: .note)
    try values.encodeIfPresent(basis, forKey: .basis)
    try values.encode(reviewer, forKey: .reviewer)
    try values.encode(at, forKey: .at)
    if clock != at { try values.encode(clock, forKey: .clock) }
    try values.encodeIfPresent(elapsed, forKey: .elapsed)
    try values.encode(mode, forKey: .mode)
    try values.encodeIfPresent(target, forKey: .target)
    try values.encodeIfPresent(batch, forKey: .batch)
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
