import CritiqueModel
import Curation
import ReviewStore

/// A step on which the verdicts of several reviewers lead to different judgements; or a problem that some reviewers marked as bad,
/// while others have reviewed the solution to its end.
public struct Conflict: Sendable, Codable, Hashable {
  /// Number of the solution in this workspace; `nil` when it is not here.
  public var solution: Int64?
  /// Identity of the solution in every workspace.
  public var key: String
  /// The record's own identifier, or file and line.
  public var name: String
  /// 1-based; 0 for the problem itself.
  public var step: Int
  /// Every reviewer's verdict on the step, by name; for the problem `correct` means good and `incorrect` bad.
  public var verdicts: [ConflictVerdict]
  /// The label after every decision; `nil` while reviewers disagree and nobody has settled it.
  public var label: Rating?
  /// The label that came with the data.
  public var imported: Rating?
  /// What each stage concludes about the step, by the stage's name.
  public var judgements: [String: Judgement]
  /// How it was settled; `nil` while it is open.
  public var settled: Settlement?

  /// "ana says correct, rt says incorrect".
  public var words: String {
    verdicts.map { "\($0.reviewer) says \(word($0.rating))" }.joined(separator: ", ")
  }

  /// Whether it is about the problem and not about a step.
  public var isAboutProblem: Bool { step == 0 }

  /// "Step 4" or "The problem".
  public var place: String { isAboutProblem ? "The problem" : "Step \(step)" }

  /// What a rating means where the place was named before: "correct", or "good".
  public func settledWord(_ rating: Rating) -> String {
    isAboutProblem ? (rating == .incorrect ? "bad" : "good") : rating.word
  }

  /// What a rating means here: "correct", or "good problem".
  public func word(_ rating: Rating) -> String {
    isAboutProblem ? (rating == .incorrect ? "bad problem" : "good problem") : rating.word
  }
}

/// One reviewer's side of a conflict.
public struct ConflictVerdict: Sendable, Codable, Hashable {
  /// The name in the events.
  public var reviewer: String
  /// The rating that stands.
  public var rating: Rating
  /// Whether it was given before or after label and critiques were shown.
  public var mode: ReviewMode
  /// When, in milliseconds since 1970.
  public var at: Int64
  /// The reviewer's first answer, where it was another one.
  public var firstRating: Rating?
  /// The reviewer's comments on the step, in order.
  public var comments: [String]
}

/// How a conflict was settled.
public struct Settlement: Sendable, Codable, Hashable {
  /// The label that holds for everybody.
  public var rating: Rating
  /// The reason, if one was given.
  public var note: String?
  /// Who settled it.
  public var reviewer: String
  /// When, in milliseconds since 1970.
  public var at: Int64
}

extension Conflict {
  /// The conflicts of a solution that matter, settled ones included, by step. What comes after the first error by the
  /// labels that are not in dispute does not matter: labels end there.
  ///
  /// - Parameter settings: whose verdicts count, and which labels.
  public static func all(in solution: ReviewedSolution, settings: CurationSettings) -> [Conflict] {
    let views = solution.views.filter { settings.counts($0.key) }
    guard views.count > 1 else { return [] }
    return [aboutProblem(of: solution, views)].compactMap(\.self) + aboutSteps(of: solution, views, settings)
  }

  /// Some reviewers marked the problem as bad, and others reviewed the solution to its end without doing so.
  private static func aboutProblem(of solution: ReviewedSolution, _ views: [String: ReviewerView]) -> Conflict? {
    var sides: [ConflictVerdict] = []
    for (name, view) in views.sorted(by: { $0.key < $1.key }) {
      let comments = view.comments.filter { $0.step == 0 }.map(\.text)
      if let mark = view.mark, mark.mark == .badProblem {
        let event = solution.events.first { $0.uuid == mark.event }
        sides.append(
          ConflictVerdict(
            reviewer: name, rating: .incorrect, mode: event?.mode ?? .audit, at: event?.at ?? 0, firstRating: nil,
            comments: [mark.reason].compactMap(\.self) + comments))
      } else if view.state(count: solution.stepCount) == .complete {
        let last = view.verdicts.values.max { $0.order < $1.order }
        sides.append(
          ConflictVerdict(
            reviewer: name, rating: .correct, mode: last?.mode ?? .audit, at: last?.at ?? 0, firstRating: nil,
            comments: comments))
      }
    }
    guard Set(sides.map(\.rating)).count > 1 else { return nil }
    return Conflict(
      solution: solution.id, key: solution.key, name: solution.name, step: 0, verdicts: sides, label: nil,
      judgements: [:],
      settled: Projection.settledProblem(solution.views).flatMap { one in
        one.rating.map { Settlement(rating: $0, note: one.note, reviewer: one.reviewer, at: one.at) }
      })
  }

  private static func aboutSteps(
    of solution: ReviewedSolution, _ views: [String: ReviewerView], _ settings: CurationSettings
  ) -> [Conflict] {
    var steps: [Int: [String: StandingVerdict]] = [:]
    for (name, view) in views {
      for (step, verdict) in view.verdicts { steps[step, default: [:]][name] = verdict }
    }
    steps = steps.filter { Set($0.value.values.map(\.rating.judgement)).count > 1 }
    guard !steps.isEmpty else { return [] }
    let settled = Projection.adjudicated(solution.views)
    let labels = solution.resolution(settings.labels).ratings
    let end = labels.firstIndex(of: .incorrect).map { $0 + 1 } ?? .max
    let first = solution.firstVerdicts()
    return steps.keys.sorted().filter { $0 <= end || settled[$0] != nil }.map { step in
      let verdicts = (steps[step] ?? [:]).sorted { $0.key < $1.key }.map { name, verdict in
        let before = first[name]?[step]?.rating
        return ConflictVerdict(
          reviewer: name, rating: verdict.rating, mode: first[name]?[step]?.mode ?? verdict.mode, at: verdict.at,
          firstRating: before == verdict.rating ? nil : before,
          comments: (views[name]?.comments ?? []).filter { $0.step == step }.map(\.text))
      }
      var judgements: [String: Judgement] = [:]
      for stage in Stage.allCases { judgements[stage.rawValue] = solution.judgement(stage, step) }
      return Conflict(
        solution: solution.id, key: solution.key, name: solution.name, step: step, verdicts: verdicts,
        label: labels.indices.contains(step - 1) ? labels[step - 1] : nil,
        imported: solution.label(step), judgements: judgements,
        settled: settled[step].flatMap { one in
          one.rating.map { Settlement(rating: $0, note: one.note, reviewer: one.reviewer, at: one.at) }
        })
    }
  }

  /// All conflicts of a workspace, by number of the solution and step; those of solutions that are not here are left out.
  ///
  /// - Parameters:
  ///   - reader: who looks at them.
  ///   - mode: in blind mode a reader who has not finished a solution is not shown the verdicts of others on it.
  public static func all(
    in workspace: Workspace, settings: CurationSettings, reader: String, mode: ReviewMode
  ) throws -> ConflictList {
    var list = ConflictList(isLimited: mode == .blind)
    for solution in try workspace.contestedSolutions() where solution.id != nil {
      guard Visibility(mode).opens(solution.state(of: reader)) else { continue }
      list.conflicts += all(in: solution, settings: settings)
    }
    return list
  }
}

/// The conflicts that somebody may see.
public struct ConflictList: Sendable, Codable, Hashable {
  /// Those that may be seen, by solution and step.
  public var conflicts: [Conflict] = []
  /// Conflicts on solutions that the reader has not finished are left out. How many would reveal what others say.
  public var isLimited = false

  /// Those that nobody has settled.
  public var open: [Conflict] { conflicts.filter { $0.settled == nil } }
}
