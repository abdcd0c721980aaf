import CritiqueModel

/// What a person decides about a solution or one of its steps.
///
/// The log keeps it as text (``ReviewEvent``: kind, value, note, basis, target), in one form for all versions, so that every
/// program reads every log. What it cannot read it keeps and passes on, without effect.
public enum Decision: Sendable, Hashable {
  /// Rates a step; `basis` is what the reviewer acted on, for example "merged:-1".
  case verdict(Rating, basis: String? = nil)
  /// Takes the reviewer's rating of a step away.
  case clearVerdict
  /// Marks a step for attention, or removes the mark.
  case flag(Bool)
  /// A remark on a step or the solution, in place of the one that the event with a UUID made; "" only removes that.
  case comment(String, replacing: String? = nil)
  /// Ends the review of a solution without verdicts, or undoes that.
  case mark(SolutionMark?, reason: String? = nil)
  /// Settles a step's label between reviewers, or opens it again; at step 0 whether the problem is good. The latest one
  /// stands, whoever made it.
  case adjudication(Rating?, note: String? = nil)
  /// Judges a critique's reasoning, whatever its conclusion, or undoes that.
  case soundness(Bool?, of: CritiqueReference, note: String? = nil)
  /// Takes another sample than the rule would as the critique of its stage and step, or goes back to the rule. The latest one
  /// stands, whoever made it.
  case choice(CritiqueReference, isTaken: Bool = true)
  /// A version of a critique that a person wrote, of another one or from scratch. It is used from then onwards.
  case edit(String, at: CritiquePlace, changing: CritiqueReference? = nil)
  /// What a wrong step should say; `nil` removes the correction.
  case correction(String?)
  /// Puts a solution into training sets or keeps it out by hand, or leaves it to the rules. The latest one stands, whoever
  /// made it.
  case placement(Placement?, note: String? = nil)
  /// Gives a solution a tag, or removes it. The latest one stands, whoever made it.
  case tag(Tag, isOn: Bool = true)
}

extension Decision {
  /// A decision as the log has it.
  typealias Stored = (kind: EventKind, value: String, note: String?, basis: String?, target: String?)

  /// The form in the log, which never changes.
  var stored: Stored {
    switch self {
    case .verdict(let rating, let basis): (.verdict, String(rating.rawValue), nil, basis, nil)
    case .clearVerdict: (.clear, "", nil, nil, nil)
    case .flag(let isOn): (.flag, isOn ? "1" : "0", nil, nil, nil)
    case .comment(let text, let replaced): (.comment, text, nil, nil, replaced)
    case .mark(let mark, let reason): (.mark, mark?.rawValue ?? "", reason, nil, nil)
    case .adjudication(let rating, let note): (.adjudication, rating.map { String($0.rawValue) } ?? "", note, nil, nil)
    case .soundness(let isSound, let reference, let note):
      (.soundness, isSound.map { $0 ? "sound" : "unsound" } ?? "", note, reference.text, nil)
    case .choice(let reference, let isTaken): (.choice, isTaken ? "use" : "", nil, reference.text, nil)
    case .edit(let text, let place, let changed): (.edit, text, nil, changed?.text ?? place.text, nil)
    case .correction(let text): (.correction, text ?? "", nil, nil, nil)
    case .placement(let placement, let note): (.placement, placement?.rawValue ?? "", note, nil, nil)
    case .tag(let tag, let isOn): (.tag, isOn ? tag.name : "-" + tag.name, nil, nil, nil)
    }
  }

  /// Reads the form in the log.
  ///
  /// - Parameter step: the step that it is about; 0 for the solution.
  /// - Returns: `nil` for what means nothing: a kind or value of a later version, a reference to another step.
  public init?(
    _ kind: EventKind, step: Int, value: String = "", note: String? = nil, basis: String? = nil, target: String? = nil
  ) {
    let rating = Int(value).flatMap(Rating.init(rawValue:))
    let reference = basis.flatMap(CritiqueReference.init)
    switch kind {
    case .verdict:
      guard let rating, step > 0 else { return nil }
      self = .verdict(rating, basis: basis)
    case .clear: self = .clearVerdict
    case .flag: self = .flag(value != "0")
    case .comment: self = .comment(value, replacing: target)
    case .mark: self = .mark(SolutionMark(rawValue: value), reason: note)
    case .adjudication:
      // Step 0 is the problem itself, which is good or bad.
      guard rating != nil || value.isEmpty, step > 0 || (step == 0 && rating != .neutral) else { return nil }
      self = .adjudication(rating, note: note)
    case .soundness:
      guard let reference, reference.step == step, ["", "sound", "unsound"].contains(value) else { return nil }
      self = .soundness(value.isEmpty ? nil : value == "sound", of: reference, note: note)
    case .choice:
      guard let reference, reference.step == step, value.isEmpty || value == "use" else { return nil }
      self = .choice(reference, isTaken: !value.isEmpty)
    case .edit:
      guard !value.isEmpty,
        let place = reference.map({ CritiquePlace($0.stage, $0.step) }) ?? basis.flatMap(CritiquePlace.init),
        place.step == step
      else { return nil }
      self = .edit(value, at: place, changing: reference)
    case .correction:
      guard step > 0 else { return nil }
      self = .correction(value.isEmpty ? nil : value)
    case .placement:
      let placement = Placement(rawValue: value)
      guard placement != nil || value.isEmpty else { return nil }
      self = .placement(placement, note: note)
    case .tag:
      let isOn = !value.hasPrefix("-")
      guard step == 0, let tag = Tag(isOn ? value : String(value.dropFirst())) else { return nil }
      self = .tag(tag, isOn: isOn)
    default: return nil
    }
  }
}

/// A decision about to be recorded: an event without the identity and time that the log gives it.
public struct ReviewDecision: Sendable, Hashable {
  /// The solution's key.
  public var solution: String
  /// 1-based; 0 for the whole solution.
  public var step: Int
  /// What is decided.
  public var decision: Decision
  /// Milliseconds from showing the item to deciding.
  public var elapsed: Int64?
  /// Blind or audit; `nil` for the mode of whoever decides.
  public var mode: ReviewMode?

  /// A decision about a step, or about the whole solution.
  public init(
    solution: String, step: Int = 0, _ decision: Decision, elapsed: Int64? = nil, mode: ReviewMode? = nil
  ) {
    self.solution = solution
    self.step = step
    self.decision = decision
    self.elapsed = elapsed
    self.mode = mode
  }
}

extension ReviewEvent {
  /// The event of a decision, with a new UUID.
  public init(
    _ decision: ReviewDecision, by context: ReviewContext, at: Int64, clock: Int64? = nil, batch: String? = nil
  ) {
    let stored = decision.decision.stored
    self.init(
      solution: decision.solution, step: decision.step, kind: stored.kind, value: stored.value, note: stored.note,
      basis: stored.basis, reviewer: context.reviewer, at: at, clock: clock, elapsed: decision.elapsed,
      mode: decision.mode ?? context.mode,
      target: stored.target, batch: batch)
  }

  /// What was decided; `nil` for an undo, a redo, and what this program cannot read.
  public var decision: Decision? {
    Decision(kind, step: step, value: value, note: note, basis: basis, target: target)
  }
}

/// What a decision, an undo or a redo led to, so that nothing has to be read again.
public struct DecisionOutcome: Sendable, Hashable {
  /// The event that was appended to the log.
  public var event: ReviewEvent
  /// The decision that it is about: the event itself, or the one that was undone or restored.
  public var decision: ReviewEvent
  /// What stands for each reviewer of the solution.
  public var views: [String: ReviewerView]
  /// The solution's labels; `nil` when it is not imported here.
  public var labels: LabelResolution?
  /// The solution's line of the queue for the one who decided; `nil` when it is not imported here.
  public var row: QueueRow?
  /// How many decisions it was: more than one where they were taken together.
  public var count = 1
  /// Whether ``Workspace/undo(by:now:)`` would do something.
  public var canUndo: Bool
  /// Whether ``Workspace/redo(by:now:)`` would do something.
  public var canRedo: Bool
}
