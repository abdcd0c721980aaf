import Formatting

/// A part of a whole.
public struct Share: Sendable, Codable, Hashable {
  /// How many of them.
  public var part: Int
  /// How many there are.
  public var whole: Int

  /// A share from its parts.
  public init(_ part: Int = 0, of whole: Int = 0) {
    self.part = part
    self.whole = whole
  }

  /// From 0 to 1; `nil` of nothing.
  public var value: Double? { whole > 0 ? Double(part) / Double(whole) : nil }

  /// "83 %"; one that is not all and not nothing is never shown as 100 or 0. Empty of nothing.
  public var percent: String { Figures.share(part, of: whole) }

  mutating func count(_ isPart: Bool) {
    whole += 1
    if isPart { part += 1 }
  }
}

/// What one reviewer has done, how fast and how well.
public struct ReviewerFigures: Sendable, Codable, Hashable {
  /// The name in the events.
  public var reviewer: String
  /// Solutions that ask nothing more of the reviewer.
  public var finished = 0
  /// Solutions begun or skipped.
  public var begun = 0
  /// Verdicts that stand.
  public var verdicts = 0
  /// Decisions made, including those undone since.
  public var decisions = 0
  /// Those since midnight.
  public var today = 0
  /// Median time of a verdict in milliseconds, idle time cut off; `nil` without any that was measured.
  public var medianMilliseconds: Int64?
  /// The same, of today's.
  public var medianTodayMilliseconds: Int64?
  /// Time at work in milliseconds: the times of all decisions, idle time cut off, none counted twice.
  public var activeMilliseconds: Int64 = 0
  /// How often a day's work was interrupted for longer than the idle time.
  public var pauses = 0
  /// Standing verdicts with the judgement of the label that came with the data.
  public var asLabel = Share()
  /// Answers to items with a known label.
  public var gold = GoldFigures()
  /// Blind verdicts that were changed after the reveal.
  public var sway = SwayFigures()
  /// How often the judgement of a step was changed.
  public var flips = 0
  /// Standing verdicts of others on the same steps with the same judgement.
  public var asOthers = Share()
  /// The mean of Cohen's kappa with each of the others; `nil` where none is defined.
  public var kappaWithOthers: Double?
  /// Day by day, the earliest first; only days with a decision.
  public var days: [DayFigures] = []

  /// Nothing done.
  public init(reviewer: String) { self.reviewer = reviewer }
}

/// Answers to items with a known label: PRM800K's quality-control and screening items, items mixed into the queue, and steps
/// that somebody else settled.
public struct GoldFigures: Sendable, Codable, Hashable {
  /// Blind answers, the first to each step: with the right judgement, of all.
  public var blind = Share()
  /// Answers with labels open, as they stand: with the right judgement, of all.
  public var open = Share()
  /// Solutions answered to the end, blind or open: with the very first error, of all.
  public var firstErrors = Share()

  /// Blind answers where there are any, else open ones.
  public var best: Share { blind.whole > 0 ? blind : open }
}

/// Blind verdicts beside what stands now.
public struct SwayFigures: Sendable, Codable, Hashable {
  /// Steps answered blind on which a verdict stands.
  public var answered = 0
  /// Those whose judgement is not the blind one any more.
  public var changed = 0
  /// Those changed ones that have the label's judgement now.
  public var towardLabel = 0
  /// Those changed ones that have the merged critique's judgement now.
  public var towardMerged = 0

  /// The share of changed ones.
  public var rate: Share { Share(changed, of: answered) }
}

/// One day of one reviewer.
public struct DayFigures: Sendable, Codable, Hashable {
  /// The local date, as 2026-03-31.
  public var day: String
  /// Decisions made, including those undone since.
  public var decisions = 0
  /// Time at work in milliseconds, idle time cut off.
  public var activeMilliseconds: Int64 = 0
  /// Median time of a verdict in milliseconds; `nil` without any that was measured.
  public var medianMilliseconds: Int64?
  /// Answers to items with a known label, blind ones where there are any.
  public var gold = GoldFigures()

  /// Nothing done.
  public init(day: String) { self.day = day }
}
