import CritiqueModel
import DatasetFormats
import Foundation
import GRDB

/// A critique as stored.
public struct StoredCritique: Sendable, Hashable {
  /// Row in this workspace.
  public var id: Int64
  /// Stage, step, sample and text.
  public var critique: Critique
  /// What the text concludes, as worked out when it was stored.
  public var judgement: Judgement?
  /// What people made of it.
  public var standing: SampleStanding = []
  /// Who wrote it, where a person did.
  public var author: String?
}

/// Everything about one solution that a review needs.
public struct StoredSolution: Sendable, Hashable {
  /// Number in this workspace.
  public var id: Int64
  /// Identity in every workspace.
  public var key: String
  /// The record's own identifier, or file and line.
  public var name: String
  /// Format of the record that is shown.
  public var format: DatasetFormat
  /// The file and the line it came from.
  public var file: String
  /// 1-based line where the record starts.
  public var line: Int
  /// Problem, steps and labels: those of the record, with the labels that stand after every decision.
  public var solution: Solution
  /// Where the labels come from.
  public var labels: LabelResolution
  /// The labels that came with the data, by step.
  public var imported: [Rating?]
  /// How the labeller ended, as it came with the data.
  public var importedFinish: FinishReason?
  /// By stage and 1-based step (0: the whole solution): the sample that is used first (`CritiqueSelection`), then the
  /// others in order.
  public var critiques: [Stage: [Int: [StoredCritique]]]
  /// What stands for each reviewer.
  public var views: [String: ReviewerView]
  /// Reviewers who have seen labels or critiques of it, by the log.
  public var seen: Set<String>
  /// What features know about it.
  public var facts: SolutionFacts
  /// How many records of the imported files are this very solution.
  public var recordCount: Int

  /// The solution with the labels that came with the data.
  public var asImported: Solution {
    var solution = solution
    solution.ratings = imported
    solution.finishReason = importedFinish
    return solution
  }

  /// Takes over what a decision led to.
  public mutating func apply(_ outcome: DecisionOutcome) {
    views = outcome.views
    noteSeen(outcome)
    guard let labels = outcome.labels else { return }
    self.labels = labels
    solution.ratings = labels.ratings
  }

  /// The first step whose label leads to another judgement than what came with the data; `nil` where there is none.
  public var relabelled: Int? { labels.firstChange(from: imported) }

  /// "4, imported 2, settled by chief, 12 Nov 2026": the first error, and what made it another one.
  public var firstErrorWords: String { labels.firstErrorWords(imported: imported) }

  /// The critique used and shown for a step.
  public func critique(_ stage: Stage, step: Int) -> StoredCritique? { critiques[stage]?[step]?.first }

  /// How all samples of a stage that models made judge a step; `nil` without any.
  public func votes(_ stage: Stage, step: Int) -> VoteSplit? {
    let samples = critiques[stage]?[step]?.filter { !$0.standing.contains(.edited) } ?? []
    return samples.isEmpty ? nil : VoteSplit(samples.map(\.judgement))
  }

  /// What a stage says about a step.
  public func judgement(_ stage: Stage, step: Int) -> Judgement? { critique(stage, step: step)?.judgement }

  /// Whether there is any critique.
  public var hasCritiques: Bool { !critiques.isEmpty }
}

extension Workspace {
  /// Reads one solution with its critiques and reviews.
  ///
  /// - Throws: ``WorkspaceError/noSuchSolution(_:)``; `RecordError` if the stored record cannot be read.
  public func solution(_ id: Int64) throws -> StoredSolution { try database.read { try solution(id, $0) } }

  func solution(_ id: Int64, _ db: Database) throws -> StoredSolution {
    guard
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT s.key, s.name, s.ordinal, s.ratings, s.first_error, s.finish_reason, s.imported, s.imported_finish,
            s.origins, r.format, r.raw, r.line, i.path,
            1 + (SELECT count(*) FROM further_record f WHERE f.solution_id = s.id) AS records
          FROM solution s JOIN record r ON r.id = s.record_id JOIN import i ON i.id = s.import_id WHERE s.id = ?
          """, arguments: [id])
    else { throw WorkspaceError.noSuchSolution(String(id)) }
    let format = DatasetFormat(rawValue: row["format"]) ?? .generic
    var solution = try Self.decodeSolution(row["raw"], format: format, ordinal: row["ordinal"], id: id)
    let (imported, importedFinish) = (solution.ratings, solution.finishReason)
    var critiques: [Stage: [Int: [StoredCritique]]] = [:]
    for row in try Row.fetchAll(
      db,
      sql: "SELECT * FROM critique WHERE solution_id = ? AND fault IS NULL ORDER BY stage, step, sample",
      arguments: [id])
    {
      guard let stage = Stage(rawValue: row["stage"]) else { continue }
      let critique = Critique(stage: stage, step: row["step"], sample: row["sample"], text: row["text"])
      critiques[stage, default: [:]][critique.step, default: []].append(
        StoredCritique(
          id: row["id"], critique: critique,
          judgement: (row["judgement"] as Int?).flatMap(Judgement.init(rawValue:)),
          standing: SampleStanding(rawValue: row["standing"]), author: row["author"]))
    }
    let key: String = row["key"]
    let events = try Self.fetchEvents(db, of: key)
    let views = Projection.views(of: events)
    let labels = try derived.resolution(of: id, row, views, policy: .stored(db), db)
    solution.ratings = labels.ratings
    solution.finishReason = (row["finish_reason"] as String?).flatMap(FinishReason.init(rawValue:))
    Self.putUsedFirst(&critiques, solution)
    return StoredSolution(
      id: id, key: key, name: row["name"], format: format, file: row["path"], line: row["line"], solution: solution,
      labels: labels, imported: imported, importedFinish: importedFinish, critiques: critiques, views: views,
      seen: StoredSolution.seen(in: events, steps: solution.steps.count),
      facts: SolutionFacts(try schema.features.compactMap { try $0.facts?(id, db) }),
      recordCount: row["records"])
  }

  /// Reads a solution out of its record.
  package static func decodeSolution(_ raw: Data, format: DatasetFormat, ordinal: Int, id: Int64) throws -> Solution {
    switch try RecordDecoder.content(of: Array(raw), format: format) {
    case .solution(let solution, _), .problem(let solution): return solution
    case .solutions(let several) where several.indices.contains(ordinal): return several[ordinal]
    default: throw WorkspaceError.noSuchSolution(String(id))
    }
  }

  private static func putUsedFirst(_ critiques: inout [Stage: [Int: [StoredCritique]]], _ solution: Solution) {
    for (stage, steps) in critiques {
      for (step, samples) in steps where samples.count > 1 {
        let label = solution.steps.indices.contains(step - 1) ? solution.steps[step - 1].rating?.judgement : nil
        guard
          let used = CritiqueSelection.index(
            of: samples.map { ($0.judgement, $0.standing) }, label: label), used > 0
        else { continue }
        critiques[stage]?[step]?.remove(at: used)
        critiques[stage]?[step]?.insert(samples[used], at: 0)
      }
    }
  }

  /// Reviewer views of one solution, after a decision.
  public func views(of key: String) throws -> [String: ReviewerView] {
    try database.read { Projection.views(of: try Self.fetchEvents($0, of: key)) }
  }
}
