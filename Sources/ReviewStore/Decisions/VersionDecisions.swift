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

  /// Reads an event's `basis`, "merged:4"; `nil` when it is no place.
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
}

/// Which critique a person took for a stage and step.
public struct StandingChoice: Sendable, Hashable {
  /// The critique; `nil` when the rule is to choose again.
  public var key: CritiqueKey?
  /// Who chose.
  public var reviewer: String
  /// UUID of the event.
  public var event: String
  /// When, in milliseconds since 1970.
  public var at: Int64
}

extension Projection {
  /// - Returns: `false` for an event that means nothing.
  static func applyVersion(_ event: ReviewEvent, to view: inout ReviewerView) -> Bool {
    func choose(_ place: CritiquePlace, _ key: CritiqueKey?) {
      view.choices[place] = StandingChoice(key: key, reviewer: event.reviewer, event: event.uuid, at: event.at)
    }
    switch event.kind {
    case .choice:
      guard let reference = event.basis.flatMap(CritiqueReference.init), reference.step == event.step,
        event.value.isEmpty || event.value == "use"
      else { return false }
      choose(CritiquePlace(reference.stage, reference.step), event.value.isEmpty ? nil : reference.key)
    case .edit:
      let reference = event.basis.flatMap(CritiqueReference.init)
      guard !event.value.isEmpty,
        let place = reference.map({ CritiquePlace($0.stage, $0.step) }) ?? event.basis.flatMap(CritiquePlace.init),
        place.step == event.step
      else { return false }
      let critique = Critique(stage: place.stage, step: place.step, text: event.value)
      view.edits.append(
        StandingEdit(
          critique: critique, parent: reference?.key, reviewer: event.reviewer, event: event.uuid, at: event.at))
      choose(place, CritiqueKey(of: critique))
    case .correction:
      guard event.step > 0 else { return false }
      view.corrections[event.step] =
        event.value.isEmpty
        ? nil : StandingComment(step: event.step, text: event.value, event: event.uuid, at: event.at)
    default: return false
    }
    return true
  }

  /// The critiques that people took: of several reviewers' decisions about one stage and step the latest stands. Places
  /// where the rule is to choose again are not there.
  public static func chosen(_ views: [String: ReviewerView]) -> [CritiquePlace: StandingChoice] {
    var latest: [CritiquePlace: StandingChoice] = [:]
    for view in views.values {
      for (place, one) in view.choices {
        if let other = latest[place], (other.at, other.event) > (one.at, one.event) { continue }
        latest[place] = one
      }
    }
    return latest.filter { $0.value.key != nil }
  }
}
