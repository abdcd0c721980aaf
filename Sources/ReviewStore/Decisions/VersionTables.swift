import CritiqueModel
import GRDB

/// What people's choices and versions make of the critiques of a solution: rows for the versions, and each sample's standing.
///
/// Computed from the events and from what is stored, whenever one of them changes.
extension DerivedTables {
  /// Numbers of samples that people wrote begin here, out of the way of those that models made.
  private static let firstEdited = 1_000_000

  private struct Sample {
    var id: Int64
    var judgement: Judgement?
    var fault: String?
    var event: String?
    var sources: String?
    var standing: SampleStanding
    var isUsable: Bool { fault == nil }
  }

  /// Whether a solution has choices or versions, or had some: most verdicts are about others, and must not read critiques.
  func hasVersions(_ solution: Int64, _ views: [String: ReviewerView], _ db: Database) throws -> Bool {
    if views.values.contains(where: { !$0.choices.isEmpty || !$0.edits.isEmpty }) { return true }
    return try Bool.fetchOne(
      db.cachedStatement(
        sql: "SELECT EXISTS(SELECT 1 FROM critique WHERE solution_id = ? AND standing != 0)"), arguments: [solution])
      ?? false
  }

  /// Brings rows and standings up to date.
  ///
  /// - Returns: whether anything changed.
  func projectVersions(_ solution: Int64, _ views: [String: ReviewerView], _ db: Database) throws -> Bool {
    let chosen = Projection.chosen(views)
    let edits = views.values.flatMap(\.edits).sorted { $0.order < $1.order }
    var changed = try keep(edits, of: solution, db)
    var samples = try read(solution, db)
    guard
      changed || !chosen.isEmpty || samples.values.contains(where: { $0.contains { !$0.standing.isEmpty } })
        || samples.values.contains(where: { $0.contains { $0.sources != nil } })
    else { return false }
    let labels = Signature.ratings(
      try String.fetchOne(db, sql: "SELECT ratings FROM solution WHERE id = ?", arguments: [solution]) ?? "")
    var before: [Int64: SampleStanding] = [:]
    for (place, those) in samples {
      for (at, sample) in those.enumerated() {
        before[sample.id] = sample.standing
        samples[place]?[at].standing = sample.event == nil ? [] : .edited
      }
    }
    for (place, choice) in chosen {
      guard let key = choice.key, let those = samples[place] else { continue }
      for (at, sample) in those.enumerated() where try self.key(of: sample.id, place, db) == key {
        samples[place]?[at].standing.insert(.chosen)
        break
      }
    }
    for place in samples.keys.filter({ $0.stage == .merged }) {
      let label = labels.indices.contains(place.step - 1) ? labels[place.step - 1]?.judgement : nil
      try markStale(place, label, chosen, edits, &samples, db)
    }
    let update = try db.cachedStatement(sql: "UPDATE critique SET standing = ? WHERE id = ?")
    for sample in samples.values.joined() where before[sample.id] != sample.standing {
      try update.execute(arguments: [sample.standing.rawValue, sample.id])
      changed = true
    }
    return changed
  }

  /// A merged critique is stale when it was made of other critiques than those used now.
  private func markStale(
    _ place: CritiquePlace, _ label: Judgement?, _ chosen: [CritiquePlace: StandingChoice], _ edits: [StandingEdit],
    _ samples: inout [CritiquePlace: [Sample]], _ db: Database
  ) throws {
    let earlier = [Stage.initial, .deep].map { CritiquePlace($0, place.step) }
    guard let those = samples[place],
      earlier.contains(where: { chosen[$0] != nil }) || those.contains(where: { $0.sources != nil })
    else { return }
    let now = try sources(of: place.step, label: label, samples, ignoringPeople: false, db)
    let rule = try sources(of: place.step, label: label, samples, ignoringPeople: true, db)
    let latest = earlier.compactMap { chosen[$0]?.order }.max()
    let edited = Dictionary(edits.map { ($0.event, $0.order) }) { first, _ in first }
    for (at, sample) in those.enumerated() {
      if sample.standing.contains(.chosen), let choice = chosen[place], latest.map({ choice.order > $0 }) ?? true {
        continue
      }
      if let event = sample.event, let written = edited[event] {
        if let latest, written < latest { samples[place]?[at].standing.insert(.stale) }
      } else if (sample.sources ?? rule) != now {
        samples[place]?[at].standing.insert(.stale)
      }
    }
  }

  /// Names the initial and deep critique used for a step; `nil` where the rule chooses both.
  package func sources(of step: Int, solution: Int64, _ db: Database) throws -> String? {
    let ratings = try String.fetchOne(db, sql: "SELECT ratings FROM solution WHERE id = ?", arguments: [solution])
    let labels = Signature.ratings(ratings ?? "")
    let label = labels.indices.contains(step - 1) ? labels[step - 1]?.judgement : nil
    let samples = try read(solution, db)
    let now = try sources(of: step, label: label, samples, ignoringPeople: false, db)
    return now == (try sources(of: step, label: label, samples, ignoringPeople: true, db)) ? nil : now
  }

  private func sources(
    of step: Int, label: Judgement?, _ samples: [CritiquePlace: [Sample]], ignoringPeople: Bool, _ db: Database
  ) throws -> String {
    try [Stage.initial, .deep].map { stage in
      let place = CritiquePlace(stage, step)
      let those = (samples[place] ?? []).filter(\.isUsable)
      let used = CritiqueSelection.index(
        of: those.map { ($0.judgement, ignoringPeople ? $0.standing.intersection(.edited) : $0.standing) }, label: label
      )
      return try used.map { try key(of: those[$0].id, place, db)?.description ?? "" } ?? ""
    }.joined(separator: " ")
  }

  /// Rows for the versions that stand, and none for others.
  private func keep(_ edits: [StandingEdit], of solution: Int64, _ db: Database) throws -> Bool {
    let there = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT id, event FROM critique WHERE solution_id = ? AND event IS NOT NULL"),
      arguments: [solution])
    let standing = Set(edits.map(\.event))
    var changed = false
    for row in there where !standing.contains(row["event"]) {
      try db.execute(sql: "DELETE FROM critique WHERE id = ?", arguments: [row["id"] as Int64])
      changed = true
    }
    let kept = Set(there.map { $0["event"] as String })
    for edit in edits where !kept.contains(edit.event) {
      let critique = edit.critique
      let last = try Int.fetchOne(
        db, sql: "SELECT max(sample) FROM critique WHERE solution_id = ? AND stage = ? AND step = ? AND sample >= ?",
        arguments: [solution, critique.stage.rawValue, critique.step, Self.firstEdited])
      try db.execute(
        sql: """
          INSERT INTO critique(solution_id, stage, step, sample, judgement, text, size, event, author, standing)
          VALUES (?,?,?,?,?,?,?,?,?,?)
          """,
        arguments: [
          solution, critique.stage.rawValue, critique.step, last.map { $0 + 1 } ?? Self.firstEdited,
          critique.judgement?.rawValue, critique.text.storable, TrainingText.size(critique.text), edit.event,
          edit.reviewer,
          SampleStanding.edited.rawValue,
        ])
      changed = true
    }
    return changed
  }

  private func read(_ solution: Int64, _ db: Database) throws -> [CritiquePlace: [Sample]] {
    var samples: [CritiquePlace: [Sample]] = [:]
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT c.id, c.stage, c.step, c.judgement, c.fault, c.event, \(critiqueSources), c.standing FROM critique c
          WHERE c.solution_id = ? ORDER BY c.stage, c.step, c.sample
          """), arguments: [solution])
    while let row = try rows.next() {
      guard let stage = Stage(rawValue: row[1]) else { continue }
      samples[CritiquePlace(stage, row[2]), default: []].append(
        Sample(
          id: row[0], judgement: (row[3] as Int?).flatMap(Judgement.init(rawValue:)), fault: row[4], event: row[5],
          sources: row[6], standing: SampleStanding(rawValue: row[7])))
    }
    return samples
  }

  private func key(of id: Int64, _ place: CritiquePlace, _ db: Database) throws -> CritiqueKey? {
    try String.fetchOne(db.cachedStatement(sql: "SELECT text FROM critique WHERE id = ?"), arguments: [id])
      .map { CritiqueKey(stage: place.stage, step: place.step, text: $0) }
  }
}
