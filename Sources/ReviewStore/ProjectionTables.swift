import CritiqueModel
import GRDB

/// Keeps up to date what is computed from other tables.
package struct DerivedTables: Sendable {
  let features: [WorkspaceFeature]

  /// What names the critiques that a merged critique `c` was made of, in SQL.
  var critiqueSources: String {
    features.lazy.compactMap(\.critiqueSources).first ?? "NULL"
  }
}

extension DerivedTables {
  /// What is computed from the events of one solution.
  private static let solutionTables = reviewerTables + ["comment"] + settledTables
  /// Of these, what has a few rows for each reviewer.
  private static let reviewerTables = ["verdict", "flag", "review"]
  /// What all reviewers decide together.
  private static let settledTables = [LabelTables.name] + SettledTables.names
  /// What is computed from the event log.
  static let projectionTables = solutionTables + [UndoStack.table]

  /// Drops every projection and computes it again from the event log.
  func rebuildProjections(_ db: Database) throws {
    for table in Self.solutionTables { try db.execute(sql: "DELETE FROM \(table)") }
    try UndoStack.rebuild(db)
    for key in try decided(db) { try project(key, db) }
  }

  /// Keys of the solutions about which anything was said after they were imported.
  func decided(_ db: Database) throws -> [String] {
    var keys = try String.fetchSet(
      db, sql: "SELECT solution FROM event UNION SELECT key FROM solution WHERE imported IS NOT NULL")
    for estimated in features.compactMap(\.labelledByRollouts) {
      keys.formUnion(try String.fetchSet(db, sql: "SELECT key FROM solution WHERE id IN (\(estimated))"))
    }
    return keys.sorted()
  }

  /// Computes everything again that is computed from other tables: what lists show of critiques, and the projections.
  func rebuild(_ db: Database) throws {
    for solution in try Int64.fetchAll(db, sql: "SELECT DISTINCT solution_id FROM critique") {
      try summarize(solution, db)
    }
    try rebuildProjections(db)
  }

  /// The state of a review whose solution has not been imported here: kept, but counted nowhere.
  private static let absent = "absent"

  /// How many ratings are kept of a solution that has not been imported.
  private static let unknownLength = 10_000

  /// Writes the projections of one solution from all of its events.
  ///
  /// - Returns: what stands for each reviewer, and the labels; none of a solution that is not here.
  @discardableResult
  func project(
    _ key: String, _ db: Database
  ) throws -> (views: [String: ReviewerView], labels: LabelResolution?) {
    let views = Projection.views(of: try Workspace.fetchEvents(db, of: key))
    return (views, try project(key, views, before: nil, db))
  }

  /// Writes the projections of one solution.
  ///
  /// - Parameters:
  ///   - views: what stands for each reviewer.
  ///   - before: what the tables hold, so that only the rest is written; `nil` when that is not known.
  /// - Returns: the labels; `nil` for a solution that is not here.
  func project(
    _ key: String, _ views: [String: ReviewerView], before: [String: ReviewerView]?, _ db: Database
  ) throws -> LabelResolution? {
    let solution = try solutionRow(key, db)
    for table in before == nil ? Self.solutionTables : Self.settledTables {
      try db.cachedStatement(sql: "DELETE FROM \(table) WHERE solution = ?").execute(arguments: [key])
    }
    try SettledTables.project(key, views, db)
    var labels: LabelResolution?
    if let solution {
      let id: Int64 = solution["id"]
      var changed = false
      (labels, changed) = try projectLabels(key, solution, views, db)
      if try hasVersions(id, views, db), try projectVersions(id, views, db) { changed = true }
      if changed { try writeSummary(id, db) }
    }
    for reviewer in Set(views.keys).union(before?.keys ?? [:].keys) {
      let (view, old) = (views[reviewer] ?? ReviewerView(), before?[reviewer])
      if before != nil, view == old ?? ReviewerView() { continue }
      if before != nil {
        for table in Self.reviewerTables {
          try db.cachedStatement(sql: "DELETE FROM \(table) WHERE solution = ? AND reviewer = ?")
            .execute(arguments: [key, reviewer])
        }
      }
      try writeComments(key, reviewer, view.comments, before: old?.comments ?? [], db)
      if !view.isEmpty { try write(view, of: reviewer, key, solution, db) }
    }
    return labels
  }

  private func write(
    _ view: ReviewerView, of reviewer: String, _ key: String, _ solution: Row?, _ db: Database
  ) throws {
    let count: Int = solution?["steps"] ?? 0
    let imported = solution.map { StoredLabels(row: $0).importedRatings } ?? []
    for (step, verdict) in view.verdicts {
      try db.cachedStatement(
        sql: "INSERT INTO verdict(solution,step,reviewer,rating,event,at,mode,basis) VALUES (?,?,?,?,?,?,?,?)"
      ).execute(arguments: [
        key, step, reviewer, verdict.rating.rawValue, verdict.event, verdict.at, verdict.mode.rawValue,
        verdict.basis,
      ])
    }
    for step in view.flags {
      try db.cachedStatement(sql: "INSERT INTO flag(solution,step,reviewer) VALUES (?,?,?)")
        .execute(arguments: [key, step, reviewer])
    }
    // A solution that is not here yet has no known length; a verdict on a step far out must not make a huge row.
    let length = solution == nil ? min(view.verdicts.keys.max() ?? 0, Self.unknownLength) : count
    let ratings = view.ratings(count: length)
    let differs = zip(ratings, imported).count { mine, label in
      guard let mine, let label else { return false }
      return mine.judgement != label.judgement
    }
    try db.cachedStatement(
      sql: """
        INSERT INTO review(solution,reviewer,state,ratings,first_error,mark,mark_reason,flags,comments,differs,elapsed,at,
          clock) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)
        """
    ).execute(arguments: [
      key, reviewer, solution == nil ? Self.absent : view.state(count: count).rawValue, Signature.of(ratings),
      view.firstError, view.mark?.mark.rawValue, view.mark?.reason, view.flags.count, view.comments.count, differs,
      view.elapsed, view.lastAt, view.lastClock,
    ])
  }

  /// Writes the difference between two lists of remarks, which mostly end differently at most.
  private func writeComments(
    _ key: String, _ reviewer: String, _ now: [StandingComment], before: [StandingComment], _ db: Database
  ) throws {
    let common = zip(now, before).prefix { $0 == $1 }.count
    for gone in before[common...] {
      try db.cachedStatement(sql: "DELETE FROM comment WHERE solution = ? AND event = ?")
        .execute(arguments: [key, gone.event])
    }
    for comment in now[common...] {
      try db.cachedStatement(
        sql: "INSERT INTO comment(solution,event,step,reviewer,text,at) VALUES (?,?,?,?,?,?)"
      ).execute(arguments: [key, comment.event, comment.step, reviewer, comment.text, comment.at])
    }
  }
}

extension Workspace {
  /// Drops every projection and computes it again from the event log.
  public func rebuildProjections() throws { try write(derived.rebuildProjections) }

  /// The projections as sorted lines of text, for comparing a rebuilt state with the one kept up to date.
  public func projectionDump() throws -> [String] {
    try database.read { db in
      var lines: [String] = []
      for table in DerivedTables.projectionTables {
        for row in try Row.fetchAll(db, sql: "SELECT * FROM \(table)") {
          lines.append(table + "|" + row.databaseValues.map(\.description).joined(separator: "|"))
        }
      }
      let labels = try Row.fetchAll(
        db, sql: "SELECT key, ratings, first_error, finish_reason, imported, imported_finish, origins FROM solution")
      lines += labels.map { "solution|" + $0.databaseValues.map(\.description).joined(separator: "|") }
      return lines.sorted()
    }
  }
}

/// One character per step: '+' correct, '0' neutral, '-' incorrect, '.' none. Short, comparable and readable in SQL.
package enum Signature {
  package static func of(_ ratings: some Sequence<Rating?>) -> String {
    String(decoding: ratings.map { character($0) }, as: UTF8.self)
  }

  package static func character(_ rating: Rating?) -> UInt8 {
    switch rating {
    case .correct: UInt8(ascii: "+")
    case .neutral: UInt8(ascii: "0")
    case .incorrect: UInt8(ascii: "-")
    case nil: UInt8(ascii: ".")
    }
  }

  package static func ratings(_ signature: String) -> [Rating?] {
    signature.utf8.map {
      switch $0 {
      case UInt8(ascii: "+"): .correct
      case UInt8(ascii: "0"): .neutral
      case UInt8(ascii: "-"): .incorrect
      default: nil
      }
    }
  }
}
