import CritiqueModel

/// One reviewer's decisions about one solution, as they stand after every event.
public struct ReviewerView: Sendable, Hashable {
  /// Rating by 1-based step, and the event that gave it.
  public var verdicts: [Int: StandingVerdict] = [:]
  /// Set when the solution was marked instead of rated.
  public var mark: StandingMark?
  /// Flagged steps (0 is the solution).
  public var flags: Set<Int> = []
  /// Remarks in the order in which they were made.
  public var comments: [StandingComment] = []
  /// Labels settled for all reviewers, by 1-based step, and at 0 whether the problem is good; one undone has no rating. See
  /// ``Projection/adjudicated(_:)`` and ``Projection/settledProblem(_:)``.
  public var adjudications: [Int: StandingAdjudication] = [:]
  /// What this reviewer thinks of the reasoning of critiques.
  public var soundness: [CritiqueKey: StandingSoundness] = [:]
  /// Versions of critiques that this reviewer wrote, in order.
  public var edits: [StandingEdit] = []
  /// Which critique this reviewer took last for a stage and step, by choice or by writing one. See
  /// ``Projection/chosen(_:)``.
  public var choices: [CritiquePlace: StandingChoice] = [:]
  /// What wrong steps should say, by 1-based step.
  public var corrections: [Int: StandingComment] = [:]
  /// Whether training sets hold the solution, by hand. See ``Projection/placed(_:)``.
  public var placement: StandingPlacement?
  /// Tags given and removed. See ``Projection/tags(_:)``.
  public var tags: [Tag: StandingTag] = [:]
  /// Wall time of the last event that counts, in milliseconds since 1970.
  public var lastAt: Int64 = 0
  /// Logical time of the last event that counts.
  public var lastClock: Int64 = 0
  /// Sum of the times taken by the decisions that stand, in milliseconds.
  public var elapsed: Int64 = 0

  /// Nothing decided.
  public init() {}

  /// Nothing stands: every decision was undone or cleared.
  public var isEmpty: Bool {
    verdicts.isEmpty && mark == nil && flags.isEmpty && comments.isEmpty && adjudications.isEmpty && soundness.isEmpty
      && placement == nil && edits.isEmpty && choices.isEmpty && corrections.isEmpty && tags.isEmpty
  }

  /// Ratings in step order for a solution of `count` steps.
  public func ratings(count: Int) -> [Rating?] {
    count <= 0 ? [] : (1...count).map { verdicts[$0]?.rating }
  }

  /// Where this reviewer's labelling stops: the first step rated −1.
  public var firstError: Int? { verdicts.filter { $0.value.rating == .incorrect }.keys.min() }

  /// What still has to be done on a solution of `count` steps.
  ///
  /// PRM800K's rule: after the first −1 later steps need no verdict; without one every step does.
  public func state(count: Int) -> ReviewState {
    switch mark?.mark {
    case .badProblem: return .badProblem
    case .giveUp: return .gaveUp
    case .skip where verdicts.isEmpty: return .skipped
    default: break
    }
    if verdicts.isEmpty { return .untouched }
    let needed = min(firstError ?? count, count)
    let complete = needed > 0 && (1...needed).allSatisfy { verdicts[$0] != nil }
    if complete { return .complete }
    return mark?.mark == .skip ? .skipped : .started
  }
}

/// How far one reviewer is with one solution.
public enum ReviewState: String, Sendable, Hashable, Codable, CaseIterable {
  case untouched
  case started
  case skipped
  case complete
  case badProblem = "bad_problem"
  case gaveUp = "give_up"

  /// Nothing more is asked of this reviewer.
  public var isDone: Bool { self == .complete || self == .badProblem || self == .gaveUp }

  /// The states in which ``isDone`` holds, as a list in SQL.
  static let done = allCases.filter(\.isDone).map { "'\($0.rawValue)'" }.joined(separator: ",")

  /// The words shown to people.
  public var words: String {
    switch self {
    case .untouched: "to do"
    case .started: "started"
    case .skipped: "skipped"
    case .complete: "done"
    case .badProblem: "bad problem"
    case .gaveUp: "given up"
    }
  }
}

/// A rating that stands, and where it came from.
public struct StandingVerdict: Sendable, Hashable {
  /// The rating.
  public var rating: Rating
  /// UUID of the event that gave it.
  public var event: String
  /// When, in milliseconds since 1970.
  public var at: Int64
  /// The event's place in the order of effect.
  public var order: EventOrder
  /// Blind or audit.
  public var mode: ReviewMode
  /// What it was based on, for example "accept merged:-1".
  public var basis: String?

  package init(
    rating: Rating, event: String, at: Int64, order: EventOrder, mode: ReviewMode, basis: String?
  ) {
    self.rating = rating
    self.event = event
    self.at = at
    self.order = order
    self.mode = mode
    self.basis = basis
  }
}

/// A solution mark that stands.
public struct StandingMark: Sendable, Hashable {
  /// Which mark.
  public var mark: SolutionMark
  /// The reviewer's reason, if one was given.
  public var reason: String?
  /// UUID of the event that set it.
  public var event: String
}

/// A remark that stands.
public struct StandingComment: Sendable, Hashable {
  /// 1-based; 0 for the whole solution.
  public var step: Int
  /// The remark.
  public var text: String
  /// UUID of the event that made it.
  public var event: String
  /// When, in milliseconds since 1970.
  public var at: Int64
}

/// The rule that turns events into a state: a pure function of the set of events of one solution.
public enum Projection {
  /// Views by reviewer. The order of `events` does not matter, nor do repeated ones.
  public static func views(of events: [ReviewEvent]) -> [String: ReviewerView] {
    var seen = Set<String>()
    let ordered = events.filter { seen.insert($0.uuid).inserted }.sorted(by: ReviewEvent.precedes)
    let undone = Self.undone(ordered)
    var views: [String: ReviewerView] = [:]
    for event in ordered where event.kind.isDecision && !undone.contains(event.uuid) {
      apply(event, to: &views[event.reviewer, default: ReviewerView()])
    }
    return views
  }

  /// UUIDs of the decisions that are undone.
  ///
  /// - Parameter ordered: events in order of effect, each once.
  package static func undone(_ ordered: [ReviewEvent]) -> Set<String> {
    var undone = Set<String>()
    let decisions = Dictionary(ordered.lazy.filter(\.kind.isDecision).map { ($0.uuid, $0) }) { first, _ in first }
    for event in ordered where !event.kind.isDecision {
      // An undo reaches its author's decisions only; what names another's, or one about another solution, means nothing.
      guard let target = event.target, let decision = decisions[target], decision.reviewer == event.reviewer,
        decision.solution == event.solution
      else { continue }
      if event.kind == .undo { undone.insert(target) }
      if event.kind == .redo { undone.remove(target) }
    }
    return undone
  }

  /// What this program cannot read is kept in the log, without effect here.
  static func apply(_ event: ReviewEvent, to view: inout ReviewerView) {
    guard let decision = event.decision else { return }
    func choose(_ place: CritiquePlace, _ key: CritiqueKey?) {
      view.choices[place] = StandingChoice(
        key: key, reviewer: event.reviewer, event: event.uuid, at: event.at, order: event.order)
    }
    switch decision {
    case .verdict(let rating, let basis):
      view.verdicts[event.step] = StandingVerdict(
        rating: rating, event: event.uuid, at: event.at, order: event.order, mode: event.mode, basis: basis)
    case .clearVerdict:
      view.verdicts[event.step] = nil
    case .flag(let isOn):
      if isOn { view.flags.insert(event.step) } else { view.flags.remove(event.step) }
    case .comment(let text, let replaced):
      if let replaced { view.comments.removeAll { $0.event == replaced } }
      if !text.isEmpty {
        view.comments.append(StandingComment(step: event.step, text: text, event: event.uuid, at: event.at))
      }
    case .mark(let mark, let reason):
      view.mark = mark.map { StandingMark(mark: $0, reason: reason, event: event.uuid) }
    case .adjudication(let rating, let note):
      view.adjudications[event.step] = StandingAdjudication(
        rating: rating, note: note, reviewer: event.reviewer, event: event.uuid, at: event.at,
        order: event.order)
    case .soundness(let isSound, let reference, let note):
      view.soundness[reference.key] = isSound.map {
        StandingSoundness(reference: reference, isSound: $0, note: note, event: event.uuid, at: event.at)
      }
    case .choice(let reference, let isTaken):
      choose(CritiquePlace(reference.stage, reference.step), isTaken ? reference.key : nil)
    case .edit(let text, let place, let changed):
      let critique = Critique(stage: place.stage, step: place.step, text: text)
      view.edits.append(
        StandingEdit(
          critique: critique, parent: changed?.key, reviewer: event.reviewer, event: event.uuid, at: event.at,
          order: event.order))
      choose(place, CritiqueKey(of: critique))
    case .correction(let text):
      view.corrections[event.step] = text.map {
        StandingComment(step: event.step, text: $0, event: event.uuid, at: event.at)
      }
    case .tag(let tag, let isOn):
      view.tags[tag] = StandingTag(
        isOn: isOn, reviewer: event.reviewer, event: event.uuid, at: event.at, order: event.order)
    case .placement(let placement, let note):
      view.placement = StandingPlacement(
        value: placement, note: note, reviewer: event.reviewer, event: event.uuid, at: event.at, order: event.order)
    }
    (view.lastAt, view.lastClock) = (event.at, event.clock)
    let total = view.elapsed.addingReportingOverflow(event.elapsed ?? 0)
    if !total.overflow { view.elapsed = total.partialValue }
  }
}
