import CritiqueModel
import GRDB

/// Storing critiques, and what lists show of them.
extension DerivedTables {
  /// Adds critiques that are not there yet; a different text for the same step and stage becomes a further sample.
  ///
  /// - Returns: how many were new.
  func add(_ critiques: [Critique], to solution: Int64, record: Int64?, _ db: Database) throws -> Int {
    var added = 0
    for critique in critiques {
      let there = try Row.fetchAll(
        db.cachedStatement(sql: "SELECT sample, text FROM critique WHERE solution_id = ? AND stage = ? AND step = ?"),
        arguments: [solution, critique.stage.rawValue, critique.step])
      let text = critique.text.storable
      if there.contains(where: { ($0["text"] as String) == text }) { continue }
      let taken = Set(there.map { $0["sample"] as Int })
      var sample = critique.sample
      while taken.contains(sample) { sample += 1 }
      try db.cachedStatement(
        sql: """
          INSERT INTO critique(solution_id, stage, step, sample, judgement, text, record_id, size)
          VALUES (?,?,?,?,?,?,?,?)
          """
      ).execute(arguments: [
        solution, critique.stage.rawValue, critique.step, sample, critique.judgement?.rawValue, text, record,
        TrainingText.size(text),
      ])
      added += 1
    }
    if added > 0 { try summarize(solution, db) }
    return added
  }

  /// What there is of each stage and step of a solution.
  private func samples(of solution: Int64, _ db: Database) throws -> [Stage: [Int: StageSamples]] {
    var samples: [Stage: [Int: StageSamples]] = [:]
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT stage, step, judgement, fault, standing FROM critique WHERE solution_id = ? ORDER BY stage, step, sample
          """), arguments: [solution])
    while let row = try rows.next() {
      guard let stage = Stage(rawValue: row[0]) else { continue }
      samples[stage, default: [:]][row[1], default: StageSamples()].add(
        judgement: row[2], fault: row[3], standing: SampleStanding(rawValue: row[4]))
    }
    return samples
  }

  /// Brings what people's decisions make of the critiques up to date, and what lists show of them.
  package func summarize(_ solution: Int64, _ db: Database) throws {
    try applyDecisions(to: solution, db)
    try writeSummary(solution, db)
  }

  /// Brings the solution's judgement signatures and disagreement bits up to date, and what features make of its critiques.
  func writeSummary(_ solution: Int64, _ db: Database) throws {
    guard
      let row = try Row.fetchOne(
        db.cachedStatement(sql: "SELECT ratings, format, finish_reason, origins FROM solution WHERE id = ?"),
        arguments: [solution])
    else { return }
    let labels: String = row["ratings"]
    let ratings = Signature.ratings(labels)
    let samples = try samples(of: solution, db)
    var signatures: [Stage: String] = [:]
    for (stage, steps) in samples
    where steps.contains(where: { !$0.value.judgements.isEmpty || $0.value.choice != nil }) {
      signatures[stage] = Signature.of(
        ratings.indices.map { steps[$0 + 1]?.chosen(label: ratings[$0]?.judgement)?.rating })
    }
    let disagreement = Disagreement(
      ratings: labels, initial: signatures[.initial] ?? "", deep: signatures[.deep] ?? "",
      merged: signatures[.merged] ?? "")
    try db.cachedStatement(
      sql: "UPDATE solution SET initial = ?, deep = ?, merged = ?, disagreement = ? WHERE id = ?"
    ).execute(arguments: [
      signatures[.initial] ?? "", signatures[.deep] ?? "", signatures[.merged] ?? "", disagreement.rawValue, solution,
    ])
    let finish = (row["finish_reason"] as String?).flatMap(FinishReason.init(rawValue:))
    let summary = CritiqueSummary(
      solution: solution, ratings: ratings, finishReason: finish,
      hasConflict: (row["origins"] as String).contains("c"), samples: samples)
    for feature in features { try feature.critiquesChanged?(summary, db) }
  }

  /// Choices may be older than the critiques that they are about, and new critiques make merged ones stale.
  private func applyDecisions(to solution: Int64, _ db: Database) throws {
    let decided = try String.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT s.key FROM solution s WHERE s.id = ?
            AND EXISTS(SELECT 1 FROM event e WHERE e.solution = s.key AND e.kind IN ('choice', 'edit'))
          """), arguments: [solution])
    guard let key = decided else { return }
    _ = try projectVersions(solution, Projection.views(of: Workspace.fetchEvents(db, of: key)), db)
  }
}

extension StageSamples {
  /// Counts one row of `critique`. What is stale counts as not there, so that another is asked for.
  package mutating func add(judgement: Int?, fault: String?, standing: SampleStanding) {
    if standing.contains(.stale) { return }
    if standing.contains(.chosen), fault == nil {
      choice = .some(judgement.flatMap(Judgement.init(rawValue:)))
    }
    if standing.contains(.edited) { return }
    switch fault {
    case nil: judgements.append(judgement.flatMap(Judgement.init(rawValue:)))
    case SeedReason.truncated.rawValue: truncated += 1
    default: empty += 1
    }
  }
}
