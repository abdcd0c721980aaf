import CritiqueModel
import GRDB
import ReviewStore

extension WorkspaceFeature {
  /// Generated critiques, and where each solution stands on the way to a seed critique.
  package static let critiqueGeneration: WorkspaceFeature = {
    let reasons = SeedReason.allCases.map(\.rawValue)
    var feature = WorkspaceFeature()
    feature.filterFields = [
      FilterField("reason", "a named reason of generation or curation", values: reasons) { value, _ in
        FilterField.unique(value, in: reasons).map {
          .init(
            sql: "EXISTS(SELECT 1 FROM seed x WHERE x.solution_id = s.id AND x.reason = ?)", arguments: [$0],
            revealsLabels: true)
        }
      }
    ]
    feature.critiqueSources = "(SELECT a.sources FROM answer a WHERE a.id = c.answer_id)"
    feature.critiquesChanged = keepStanding
    feature.facts = { try Workspace.standing(of: $0, $1) }
    return feature
  }()

  private static func keepStanding(_ summary: CritiqueSummary, _ db: Database) throws {
    var samples = summary.samples
    let failures = try Row.fetchCursor(
      db.cachedStatement(sql: "SELECT stage, step FROM request_failure WHERE solution_id = ?"),
      arguments: [summary.solution])
    while let row = try failures.next() {
      guard let stage = Stage(rawValue: row[0]) else { continue }
      samples[stage, default: [:]][row[1], default: StageSamples()].failed = true
    }
    let ofLabels = SeedStanding.ofLabels(
      ratings: summary.ratings, finishReason: summary.finishReason, hasConflict: summary.hasConflict)
    // A solution that was never asked about stands nowhere, also after a decision that was undone.
    if samples.isEmpty, ofLabels == nil {
      try db.cachedStatement(sql: "DELETE FROM seed WHERE solution_id = ?").execute(arguments: [summary.solution])
      return
    }
    let standing = ofLabels ?? SeedStanding.of(ratings: summary.ratings, samples: samples)
    try db.cachedStatement(
      sql: "INSERT OR REPLACE INTO seed(solution_id, reason, stage, step) VALUES (?,?,?,?)"
    ).execute(arguments: [
      summary.solution, standing.reason.rawValue, standing.stage?.rawValue, standing.step,
    ])
  }
}

extension StoredSolution {
  /// Where it stands on the way to a seed critique; `nil` before its first critique.
  public var seed: SeedStanding? { facts.first(SeedStanding.self) }
}
