import CritiqueModel

/// Which critique a judgement of soundness is about, and which part of it, as an event's `basis` carries it:
/// "merged:4:KEY" or "merged:4:KEY@120-180".
public struct CritiqueReference: Sendable, Hashable {
  /// The critique's stage.
  public var stage: Stage
  /// Its 1-based step; 0 for a critique of the whole solution.
  public var step: Int
  /// Its identity by content.
  public var key: CritiqueKey
  /// The part meant, in Unicode scalars from the beginning of the text; `nil` for all of it.
  public var span: Range<Int>?

  /// A reference from its parts.
  public init(stage: Stage, step: Int, key: CritiqueKey, span: Range<Int>? = nil) {
    self.stage = stage
    self.step = step
    self.key = key
    self.span = span
  }

  /// A reference to a critique.
  public init(_ critique: Critique, span: Range<Int>? = nil) {
    self.init(stage: critique.stage, step: critique.step, key: CritiqueKey(of: critique), span: span)
  }

  /// Reads an event's `basis`; `nil` when it is not a reference.
  public init?(_ text: String) {
    let parts = text.split(separator: "@", maxSplits: 1)
    let names = parts.first?.split(separator: ":", omittingEmptySubsequences: false) ?? []
    guard names.count == 3, let stage = Stage(rawValue: String(names[0])), let step = Int(names[1]), step >= 0,
      let key = CritiqueKey(String(names[2]))
    else { return nil }
    var span: Range<Int>?
    if parts.count == 2 {
      let bounds = parts[1].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard bounds.count == 2, let start = bounds[0], let end = bounds[1], start >= 0, start < end else { return nil }
      span = start..<end
    }
    self.init(stage: stage, step: step, key: key, span: span)
  }

  /// The part of a critique's text that the reference means; `nil` for all of it, and where the text is too short.
  public func range(in text: String) -> Range<String.Index>? {
    guard let span else { return nil }
    let scalars = text.unicodeScalars
    guard let start = scalars.index(scalars.startIndex, offsetBy: span.lowerBound, limitedBy: scalars.endIndex),
      let end = scalars.index(start, offsetBy: span.count, limitedBy: scalars.endIndex)
    else { return nil }
    return start..<end
  }

  /// A part of a text as a span; `nil` for an empty part.
  public static func span(of range: Range<String.Index>, in text: String) -> Range<Int>? {
    guard !range.isEmpty else { return nil }
    let start = text.unicodeScalars.distance(from: text.startIndex, to: range.lowerBound)
    return start..<(start + text.unicodeScalars.distance(from: range.lowerBound, to: range.upperBound))
  }

  /// The text for an event's `basis`.
  public var text: String {
    "\(stage.rawValue):\(step):\(key)" + (span.map { "@\($0.lowerBound)-\($0.upperBound)" } ?? "")
  }
}

/// Whether training sets hold a solution, decided by hand.
public enum Placement: String, Sendable, Hashable, Codable, CaseIterable {
  /// Kept out, whatever the rules say.
  case out
  /// Chosen before others where the rules choose: the cap on all-correct solutions, one solution per problem. What is wrong
  /// with a solution still keeps it out.
  case `in`
}

/// A label settled for all reviewers.
public struct StandingAdjudication: Sendable, Hashable, StandingDecision {
  /// The label; `nil` when it was undone.
  public var rating: Rating?
  /// The reason, if one was given.
  public var note: String?
  /// Who settled it.
  public var reviewer: String
  /// UUID of the event.
  public var event: String
  /// When, in milliseconds since 1970.
  public var at: Int64
  /// The event's place in the order of effect.
  public var order: EventOrder
}

/// What a reviewer thinks of a critique's reasoning.
public struct StandingSoundness: Sendable, Hashable {
  /// The critique, and the part meant.
  public var reference: CritiqueReference
  /// Whether the reasoning holds.
  public var isSound: Bool
  /// The reason, if one was given.
  public var note: String?
  /// UUID of the event.
  public var event: String
  /// When, in milliseconds since 1970.
  public var at: Int64
}

/// A placement by hand.
public struct StandingPlacement: Sendable, Hashable {
  /// Out, in, or `nil` when it was undone.
  public var value: Placement?
  /// The reason, if one was given.
  public var note: String?
  /// Who decided.
  public var reviewer: String
  /// UUID of the event.
  public var event: String
  /// When, in milliseconds since 1970.
  public var at: Int64
  /// The event's place in the order of effect.
  public var order: EventOrder
}

/// What somebody decided last about something.
protocol StandingDecision {
  /// The event's place in the order of effect.
  var order: EventOrder { get }
}

extension Projection {
  /// Of several reviewers' decisions about the same thing the latest.
  static func latest<Subject, Decision: StandingDecision>(
    _ views: [String: ReviewerView], _ decisions: (ReviewerView) -> [Subject: Decision]
  ) -> [Subject: Decision] {
    views.values.reduce(into: [:]) { latest, view in
      latest.merge(decisions(view)) { $0.order > $1.order ? $0 : $1 }
    }
  }

  /// The labels that were settled, by 1-based step: of several reviewers' the latest stands.
  public static func adjudicated(_ views: [String: ReviewerView]) -> [Int: StandingAdjudication] {
    settled(views).filter { $0.key > 0 }
  }

  /// Whether the problem was settled as good (`correct`) or bad (`incorrect`), for all reviewers; `nil` when it was not.
  public static func settledProblem(_ views: [String: ReviewerView]) -> StandingAdjudication? { settled(views)[0] }

  private static func settled(_ views: [String: ReviewerView]) -> [Int: StandingAdjudication] {
    latest(views, \.adjudications).filter { $0.value.rating != nil }
  }

  /// Where the solution was put by hand: of several reviewers' decisions the latest stands. `nil` when the rules decide.
  public static func placed(_ views: [String: ReviewerView]) -> StandingPlacement? {
    views.values.compactMap(\.placement).max { $0.order < $1.order }
      .flatMap { $0.value == nil ? nil : $0 }
  }
}
