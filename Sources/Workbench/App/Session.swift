import DeepCriticCore
import Foundation

/// A reviewer at work in a workspace: the calls to the core that the front ends share.
public final class Session {
  /// Where everything is stored.
  public let workspace: Workspace
  /// The settings, the user's own and the workspace's.
  public let settings: WorkspaceSettings
  /// Name written into every decision.
  public let reviewer: String
  /// Blind or audit; may change during a session.
  public var mode: ReviewMode
  /// The mode was asked for by an option, and is not that of last time.
  public var isModeChosen = false
  /// When blind review shows labels and critiques.
  public var reveal = Reveal.solution
  let holder: ReservationHolder
  /// The workspace's name on screen.
  public let title: String
  /// A file in which the front end remembers how its screens are divided; `nil` for nowhere.
  public var statePath: String?
  /// The program's version, noted with what it imports.
  public var programVersion = ""
  private let clock = ContinuousClock()
  private var shownAt: ContinuousClock.Instant
  /// Solutions that were on screen in audit mode, with all labels, during this session.
  private var audited: Set<String> = []

  /// Begins a session in the mode of the settings.
  public init(workspace: Workspace, settings: WorkspaceSettings, reviewer: String) {
    self.workspace = workspace
    self.settings = settings
    self.reviewer = reviewer
    holder = ReservationHolder(reviewer: reviewer)
    mode = settings.mode
    title = URL(fileURLWithPath: workspace.path).standardizedFileURL.lastPathComponent
    shownAt = clock.now
  }

  /// The environment variable that names the reviewer.
  public static let reviewerVariable = "DEEPCRITIC_REVIEWER"

  /// Name written into events: the environment's, else the settings', else the login name.
  public static func reviewerName(settings: WorkspaceSettings, environment: [String: String]) -> String {
    if let name = environment[reviewerVariable], !name.allSatisfy(\.isWhitespace) { return name }
    if let name = settings.reviewer { return name }
    for variable in ["USER", "LOGNAME"] {
      if let name = environment[variable], !name.isEmpty { return name }
    }
    let name = NSUserName()
    return name.isEmpty ? "reviewer" : name
  }

  /// When a blind reviewer sees labels and critiques, after "shown".
  var revealWords: String { reveal == .step ? "after your verdict" : "when you have finished the solution" }

  /// What the reviewer may see of solutions.
  var visibility: Visibility { Visibility(mode, reveal: reveal) }

  var context: ReviewContext { ReviewContext(reviewer: reviewer, mode: mode) }

  /// Starts the clock of the next decision: called when something new to decide about is shown.
  func itemShown() { shownAt = clock.now }

  /// Remembers that all labels of a solution were shown.
  func showedLabels(of solution: String) { audited.insert(solution) }

  /// Whether blind verdicts on a solution are recorded as audit, since its labels were shown.
  func hasShownLabels(of solution: String) -> Bool { audited.contains(solution) }

  /// How many solutions' labels were shown.
  var shownLabels: Int { audited.count }

  /// Milliseconds since the item was shown, a day at most.
  private var elapsed: Int64 {
    let elapsed = (clock.now - shownAt).components
    return min(elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000, 86_400_000)
  }

  /// Records a decision durably. When this returns, nothing can lose it.
  func decide(_ decision: Decision, on stored: StoredSolution, step: Int) throws -> DecisionOutcome {
    try workspace.record(honest(decision, on: stored, step: step, elapsed: elapsed), by: context)
  }

  /// Records decisions that are taken together durably. When this returns, nothing can lose them.
  ///
  /// - Returns: what the last of them led to; `nil` for none.
  @discardableResult
  func decide(_ decisions: [(step: Int, decision: Decision)], on stored: StoredSolution) throws -> DecisionOutcome? {
    // The time went into all of them: it is counted once.
    let times = [elapsed] + decisions.dropFirst().map { _ in 0 }
    return try workspace.record(
      zip(decisions, times).map { honest($0.decision, on: stored, step: $0.step, elapsed: $1) }, by: context)
  }

  private func honest(
    _ decision: Decision, on stored: StoredSolution, step: Int, elapsed: Int64
  ) -> ReviewDecision {
    stored.decision(
      decision, step: step, by: reviewer, visibility, hasSeen: audited.contains(stored.key), elapsed: elapsed)
  }

  /// The beginning of today in local time, in milliseconds since 1970.
  static func midnight(now: Date = Date()) -> Int64 {
    Int64(Calendar.current.startOfDay(for: now).timeIntervalSince1970 * 1000)
  }
}

extension Decision {
  /// A tag as it is typed: "second-look", or "-second-look" to remove it.
  init(tagging text: String) throws {
    let isOn = !text.hasPrefix("-")
    guard let tag = Tag(isOn ? text : String(text.dropFirst())) else {
      throw RefusalError("A tag is made of \(Tag.rule).")
    }
    self = .tag(tag, isOn: isOn)
  }

  /// "tagged second-look", "no longer tagged second-look".
  static func taggedWords(_ text: String) -> String {
    text.hasPrefix("-") ? "no longer tagged \(text.dropFirst())" : "tagged \(text)"
  }
}

extension ReviewEvent {
  /// What was decided, by whom, when and why: "excluded by lead, 1 Dec 2026: too easy".
  public var account: String {
    let why = note.map { $0.isEmpty ? "" : ": \($0)" } ?? ""
    return "\(words) by \(reviewer), \(Figures.date(at))\(why)"
  }

  /// "incorrect on step 4 of gsm8k-22", "excluded, gsm8k-22".
  public func words(about name: String) -> String { words + (step > 0 ? " of " : ", ") + name }

  /// What the event did, for messages: "incorrect on step 4".
  public var words: String {
    let place = step > 0 ? " on step \(step)" : ""
    switch kind {
    case .verdict:
      let word = Int(value).flatMap(Rating.init(rawValue:))?.word ?? value
      return word + place
    case .clear: return "verdict cleared" + place
    case .flag: return (value == "0" ? "flag removed" : "flag") + place
    case .comment: return (value.isEmpty ? "comment removed" : "comment") + place
    case .mark: return SolutionMark(rawValue: value)?.words ?? "mark removed"
    case .soundness: return (value.isEmpty ? "nothing said about the reasoning" : "reasoning \(value)") + place
    case .choice: return (value.isEmpty ? "choice by the rule" : "choice of a critique") + place
    case .edit: return "version of a critique" + place
    case .correction: return (value.isEmpty ? "correction removed" : "correction") + place
    case .tag: return value.hasPrefix("-") ? "tag \(value.dropFirst()) removed" : "tag \(value)"
    case .placement: return value.isEmpty ? "placement by hand removed" : value == "in" ? "included" : "excluded"
    case .adjudication where step == 0:
      return value.isEmpty ? "problem opened again" : "problem settled as \(value == "-1" ? "bad" : "good")"
    case .adjudication:
      let word = Int(value).flatMap(Rating.init(rawValue:))?.word
      return (word.map { "settled as \($0)" } ?? "opened again") + place
    default: return kind.rawValue + place
    }
  }
}
