import CritiqueModel

/// A stage and step, of which there may be several critiques.
public struct CritiquePlace: Sendable, Hashable {
  /// The stage.
  public var stage: Stage
  /// 1-based; 0 for a critique of the whole solution.
  public var step: Int

  /// A place from its parts.
  public init(_ stage: Stage, _ step: Int) {
    self.stage = stage
    self.step = step
  }

  /// Reads an event's `basis`, "merged:4"; `nil` when it is not a place.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let stage = Stage(rawValue: String(parts[0])), let step = Int(parts[1]), step >= 0 else {
      return nil
    }
    self.init(stage, step)
  }

  /// The text for an event's `basis`.
  public var text: String { "\(stage.rawValue):\(step)" }
}

/// A version of a critique that a person wrote.
public struct StandingEdit: Sendable, Hashable {
  /// The critique, with the text.
  public var critique: Critique
  /// The critique that it changes; `nil` for one of the person's own.
  public var parent: CritiqueKey?
  /// Who wrote it.
  public var reviewer: String
  /// UUID of the event.
  public var event: String
  /// When, in milliseconds since 1970.
  public var at: Int64
  /// The event's place in the order of effect.
  public var order: EventOrder
}

/// Which critique a person took for a stage and step.
public struct StandingChoice: Sendable, Hashable, StandingDecision {
  /// The critique; `nil` when the rule is to choose again.
  public var key: CritiqueKey?
  /// Who chose.
  public var reviewer: String
  /// UUID of the event.
  public var event: String
  /// When, in milliseconds since 1970.
  public var at: Int64
  /// The event's place in the order of effect.
  public var order: EventOrder
}

extension Projection {
  /// The critiques that people took: of several reviewers' decisions about one stage and step the latest stands. Places
  /// where the rule is to choose again are left out.
  public static func chosen(_ views: [String: ReviewerView]) -> [CritiquePlace: StandingChoice] {
    latest(views, \.choices).filter { $0.value.key != nil }
  }
}
