import CritiqueModel
import DeepCriticCore
import Foundation
import Testing

@testable import Curation
@testable import ReviewStatistics
@testable import ReviewStore

let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// A workspace with some of the sample data, removed with the value.
final class Bench {
  let path: String
  let workspace: Workspace

  init(_ files: [String] = ["solutions.prm800k.jsonl", "critiques.deep.jsonl", "critiques.merged.jsonl"]) throws {
    path = NSTemporaryDirectory() + "deepcritic-statistics-" + UUID().uuidString
    workspace = try Workspace.create(at: path)
    for file in files { _ = try workspace.importFile(packageRoot.appendingPathComponent("SampleData/\(file)").path) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func key(_ id: Int64) throws -> String { try #require(try workspace.rows([id], reviewer: "").first).key }

  @discardableResult
  func decide(
    _ id: Int64, step: Int, _ value: String, by reviewer: String, _ kind: EventKind = .verdict,
    mode: ReviewMode = .audit, elapsed: Int64? = nil, note: String? = nil
  ) throws -> ReviewEvent {
    let decision = try #require(Decision(kind, step: step, value: value, note: note))
    return try workspace.record(
      ReviewDecision(solution: try key(id), step: step, decision, elapsed: elapsed),
      by: ReviewContext(reviewer: reviewer, mode: mode)
    ).event
  }

  func figures(
    _ change: (inout FiguresOptions) -> Void = { _ in }, among ids: Set<Int64>? = nil
  ) throws -> ReviewFigures {
    var options = FiguresOptions(agreement: AgreementOptions(bootstrap: BootstrapOptions(samples: 0)))
    change(&options)
    return try ReviewFigures(of: workspace, among: ids, options: options)
  }
}

/// A log of one solution, written down in a few words: who, which step, which rating.
struct Log {
  private(set) var events: [ReviewEvent] = []
  /// Milliseconds since 1970 of the next event.
  var time: Int64
  let key: String

  init(_ key: String = "a", at time: Int64 = 1_700_000_000_000) {
    self.key = key
    self.time = time
  }

  @discardableResult
  mutating func add(
    _ reviewer: String, _ step: Int, _ value: Int, mode: ReviewMode = .audit, after milliseconds: Int64 = 1000,
    elapsed: Int64? = nil, kind: EventKind = .verdict, text: String? = nil, note: String? = nil
  ) -> ReviewEvent {
    time += milliseconds
    let event = ReviewEvent(
      solution: key, step: step, kind: kind, value: text ?? String(value), note: note, reviewer: reviewer, at: time,
      elapsed: elapsed, mode: mode)
    events.append(event)
    return event
  }

  mutating func undo(_ event: ReviewEvent) {
    time += 1000
    events.append(
      ReviewEvent(
        solution: key, step: event.step, kind: .undo, reviewer: event.reviewer, at: time, mode: .audit,
        target: event.uuid))
  }

  /// The solution with this log.
  func solution(
    _ ratings: [Int?], id: Int64 = 1, screening: Bool = false, merged: [Int?] = [], goldFor: Set<String> = []
  ) -> ReviewedSolution {
    ReviewedSolution(
      key: key, id: id, stepCount: ratings.count, ratings: ratings.map { $0.flatMap(Rating.init(rawValue:)) },
      isScreening: screening, judgements: [.merged: merged.map { $0.flatMap(Rating.init(rawValue:)) }],
      goldFor: goldFor, events: events)
  }
}

/// The figures of some solutions without a workspace.
func reviewers(
  _ solutions: [ReviewedSolution], idle: Int = 120, now: Date = Date(timeIntervalSince1970: 1_700_000_100)
) -> [String: ReviewerFigures] {
  var review = ReviewSettings()
  review.idleSeconds = idle
  var calendar = Calendar(identifier: .gregorian)
  calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
  let figures = ReviewFigures(
    ReviewSnapshot(reviewed: solutions, totals: SolutionTotals()),
    options: FiguresOptions(
      review: review, agreement: AgreementOptions(bootstrap: BootstrapOptions(samples: 0)), calendar: calendar, now: now
    ))
  return Dictionary(uniqueKeysWithValues: figures.reviewers.map { ($0.reviewer, $0) })
}
