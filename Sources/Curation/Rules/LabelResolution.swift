import CritiqueModel
import DatasetFormats
import ReviewStore

/// What kind of label came with the data.
public enum GoldKind: String, Sendable, Hashable, Codable {
  /// A person's (PRM800K and what is made of it).
  case human
  /// A benchmark's.
  case benchmark
  /// Estimated from roll-outs.
  case monteCarlo = "monte-carlo"

  /// The kind of label that records of a format carry.
  public init(_ format: DatasetFormat?) {
    self =
      switch format {
      case .rollout: .monteCarlo
      case .some(let format) where format.isBenchmark: .benchmark
      default: .human
      }
  }
}

/// Where a resolved label comes from.
public enum LabelSource: Sendable, Hashable {
  /// It came with the data.
  case gold(GoldKind)
  /// The reviewers who rated the step agree. Names in alphabetical order, with the UUIDs of their events.
  case reviewers(names: [String], events: [String])
  /// Somebody settled it.
  case adjudication(name: String, event: String)

  /// Which tier of the precedence it belongs to.
  public var tier: LabelTier {
    switch self {
    case .gold: .gold
    case .reviewers: .reviewers
    case .adjudication: .adjudication
    }
  }

  /// UUIDs of the events behind it.
  public var events: [String] {
    switch self {
    case .gold: []
    case .reviewers(_, let events): events
    case .adjudication(_, let event): [event]
    }
  }

  /// "gold (human)", "reviewers ana, rt".
  public var words: String {
    switch self {
    case .gold(let kind): "gold (\(kind.rawValue))"
    case .reviewers(let names, _): (names.count == 1 ? "reviewer " : "reviewers ") + names.joined(separator: ", ")
    case .adjudication(let name, _): "adjudicated by \(name)"
    }
  }
}

/// The label of a step that training uses, and where it comes from.
public struct ResolvedLabel: Sendable, Hashable {
  /// The label.
  public var rating: Rating
  /// Where it comes from.
  public var source: LabelSource
}

/// Two or more reviewers whose verdicts on a step lead to different judgements.
public struct LabelConflict: Sendable, Hashable {
  /// 1-based.
  public var step: Int
  /// Each reviewer's rating, by name.
  public var ratings: [String: Rating]

  /// "ana says correct, rt says incorrect".
  public var words: String {
    ratings.sorted { $0.key < $1.key }.map { "\($0.key) says \($0.value.word)" }.joined(separator: ", ")
  }
}

/// The labels of a solution after every verdict and adjudication.
public struct LabelResolution: Sendable, Hashable {
  /// By step, from step 1; `nil` where there is none, or a conflict.
  public var labels: [ResolvedLabel?]
  /// The first wrong step by these labels. A conflict before it leaves it unknown.
  public var firstError: FirstError
  /// The conflict that has to be settled before anything can be said; `nil` when there is none that matters.
  public var conflict: LabelConflict?
  /// Labels count up to this step: the first error where verdicts moved it forward, else the last step. (A solution whose
  /// labels go on after the first error is judged by all of them, as the method does.)
  public var end: Int

  /// Resolves the labels of a solution. Neutral counts as correct: reviewers who differ only in that agree, and the more
  /// cautious rating stands.
  public init(of outline: CurationOutline, settings: CurationSettings) {
    let gold = GoldKind(outline.format)
    let adjudicated = outline.views.isEmpty ? [:] : Projection.adjudicated(outline.views)
    var labels: [ResolvedLabel?] = []
    labels.reserveCapacity(outline.ratings.count)
    var conflicts: [LabelConflict] = []
    for (index, rating) in outline.ratings.enumerated() {
      if outline.views.isEmpty {
        labels.append(
          settings.precedence.contains(.gold) ? rating.map { ResolvedLabel(rating: $0, source: .gold(gold)) } : nil)
        continue
      }
      switch Self.opinion(
        step: index + 1, gold: rating, kind: gold, adjudicated: adjudicated[index + 1], views: outline.views, settings)
      {
      case .label(let label): labels.append(label)
      case .conflict(let conflict):
        labels.append(nil)
        conflicts.append(conflict)
      }
    }
    self.labels = labels
    let error = FirstError(ratings: labels.lazy.map { $0?.rating })
    let stop: Int = if case .step(let step) = error { step } else { labels.count }
    conflict = conflicts.first { $0.step < stop || error.boxed == nil || error == .none }
    firstError = conflict == nil ? error : .unknown
    end = labels.count
    if case .step(let step) = firstError {
      let before: Int = if case .step(let gold) = FirstError(ratings: outline.ratings) { gold } else { .max }
      if step < before { end = step }
    }
  }

  private enum Opinion {
    case label(ResolvedLabel?)
    case conflict(LabelConflict)
  }

  private static func opinion(
    step: Int, gold: Rating?, kind: GoldKind, adjudicated: StandingAdjudication?, views: [String: ReviewerView],
    _ settings: CurationSettings
  ) -> Opinion {
    for tier in settings.precedence {
      switch tier {
      case .gold:
        if let gold { return .label(ResolvedLabel(rating: gold, source: .gold(kind))) }
      case .adjudication:
        if let adjudicated, let rating = adjudicated.rating {
          return .label(
            ResolvedLabel(
              rating: rating, source: .adjudication(name: adjudicated.reviewer, event: adjudicated.event)))
        }
      case .reviewers:
        var verdicts: [(name: String, verdict: StandingVerdict)] = []
        for (name, view) in views where settings.counts(name) {
          if let verdict = view.verdicts[step] { verdicts.append((name, verdict)) }
        }
        guard let first = verdicts.first else { continue }
        guard verdicts.allSatisfy({ $0.verdict.rating.judgement == first.verdict.rating.judgement }) else {
          return .conflict(
            LabelConflict(
              step: step,
              ratings: Dictionary(verdicts.map { ($0.name, $0.verdict.rating) }, uniquingKeysWith: { one, _ in one })))
        }
        verdicts.sort { $0.name < $1.name }
        let rating = verdicts.map(\.verdict.rating.rawValue).min().flatMap(Rating.init(rawValue:))
        return .label(
          ResolvedLabel(
            rating: rating ?? first.verdict.rating,
            source: .reviewers(names: verdicts.map(\.name), events: verdicts.map(\.verdict.event))))
      }
    }
    return .label(nil)
  }

  /// The ratings alone, up to ``end``.
  public var ratings: [Rating?] { labels.prefix(end).map { $0?.rating } }

  /// 1-based steps with a label that count, in order.
  var labelled: [Int] { (0..<min(end, labels.count)).filter { labels[$0] != nil }.map { $0 + 1 } }

  /// Events behind the labels that count.
  public var events: [String] { labels.prefix(end).flatMap { $0?.source.events ?? [] } }
}
