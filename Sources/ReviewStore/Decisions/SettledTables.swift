import CritiqueModel
import GRDB

/// Projections of what is settled for all reviewers: labels, the reasoning of critiques, where solutions belong.
enum SettledTables {
  static let names = ["adjudication", "soundness", "placement", "tag"]

  /// Writes the rows of one solution; the old ones are gone already.
  static func project(_ key: String, _ views: [String: ReviewerView], _ db: Database) throws {
    for (step, one) in Projection.adjudicated(views) {
      try db.cachedStatement(
        sql: "INSERT INTO adjudication(solution, step, rating, reviewer, note, event, at) VALUES (?,?,?,?,?,?,?)"
      ).execute(arguments: [key, step, one.rating?.rawValue, one.reviewer, one.note, one.event, one.at])
    }
    for (reviewer, view) in views {
      for one in view.soundness.values {
        let reference = one.reference
        try db.cachedStatement(
          sql: """
            INSERT INTO soundness(solution, critique, reviewer, stage, step, sound, span_start, span_end, note, event, at)
            VALUES (?,?,?,?,?,?,?,?,?,?,?)
            """
        ).execute(arguments: [
          key, reference.key.description, reviewer, reference.stage.rawValue, reference.step, one.isSound,
          reference.span?.lowerBound, reference.span?.upperBound, one.note, one.event, one.at,
        ])
      }
    }
    for (tag, one) in Projection.tags(views) {
      try db.cachedStatement(sql: "INSERT INTO tag(solution, name, reviewer, event, at) VALUES (?,?,?,?,?)")
        .execute(arguments: [key, tag.name, one.reviewer, one.event, one.at])
    }
    if let placed = Projection.placed(views), let value = placed.value {
      try db.cachedStatement(
        sql: "INSERT INTO placement(solution, value, reviewer, note, event, at) VALUES (?,?,?,?,?,?)"
      ).execute(arguments: [key, value.rawValue, placed.reviewer, placed.note, placed.event, placed.at])
    }
  }
}
