import CritiqueGeneration
import CritiqueModel
import GRDB
import ReviewStore
import StepLabeling

/// Counts over a workspace, for `deepcritic stats`.
public struct WorkspaceStatistics: Sendable, Codable, Hashable {
  /// Distinct solutions, problems without solution included.
  public var solutions: Int
  /// Those of them that are problems without a solution.
  public var problems: Int
  /// Steps of all solutions.
  public var steps: Int
  /// Solutions by source format.
  public var formats: [String: Int]
  /// Solutions with a wrong step, without one, and without a conclusion, by label.
  public var withError: Int
  /// Every step is labelled, none wrong.
  public var withoutError: Int
  /// Labelling reached no conclusion.
  public var unknown: Int
  /// Solutions with critiques of a stage.
  public var critiqued: [String: Int]
  /// Critiques stored, by stage.
  public var critiques: [String: Int]
  /// Solutions in which some critique of a stage contradicts a label.
  public var contradictions: [String: Int]
  /// Where solutions with critiques stand on the way to a seed critique.
  public var seeds: [SeedCount]
  /// What rollouts lead to, and how far that agrees with people; `nil` before anything was estimated.
  public var estimates: EstimateStatistics?
  /// Events in the log, undo and redo included.
  public var events: Int
  /// Records that the latest import of each file could not read.
  public var badRecords: Int
  /// One entry per reviewer, by name.
  public var reviewers: [ReviewerStatistics]
  /// Every pair of reviewers who rated some of the same steps.
  public var agreement: [ReviewerAgreement]
}

/// What one reviewer has done.
public struct ReviewerStatistics: Sendable, Codable, Hashable {
  /// The name in the events.
  public var reviewer: String
  /// Solutions by state (`ReviewState`), and as "absent" those reviewed that are not in this workspace yet.
  public var states: [String: Int]
  /// Verdicts that stand.
  public var verdicts: Int
  /// Verdicts on steps that have a label, and those of them that lead to the same judgement.
  public var labelled: Int
  /// Those of the labelled ones with the label's judgement.
  public var agreeing: Int
  /// Flags that stand.
  public var flags: Int
  /// Comments that stand.
  public var comments: Int
  /// Median time of a verdict in milliseconds; `nil` without any.
  public var medianElapsed: Int64?
}

/// How far two reviewers agree on the steps that both rated.
public struct ReviewerAgreement: Sendable, Codable, Hashable {
  /// The name that comes first in the alphabet.
  public var first: String
  /// The other name.
  public var second: String
  /// Steps that both rated.
  public var steps: Int
  /// Steps with the same judgement.
  public var same: Int
  /// Cohen's kappa over judgements (1 or −1); `nil` when chance agreement is complete.
  public var kappa: Double?
}

extension Workspace {
  /// Counts everything once. Reads only.
  public func statistics() throws -> WorkspaceStatistics {
    try database.read { db in
      func counts(_ sql: String) throws -> [String: Int] {
        var out: [String: Int] = [:]
        for row in try Row.fetchAll(db, sql: sql) { out[row[0]] = row[1] }
        return out
      }
      func one(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: sql) ?? 0 }
      // One pass over each table: most of the time goes into reading their pages.
      func inOnePass(_ table: String, _ conditions: [String: String]) throws -> [String: Int] {
        let names = conditions.keys.sorted()
        let sums = names.map { "count(*) FILTER (WHERE \(conditions[$0] ?? ""))" }.joined(separator: ", ")
        guard let row = try Row.fetchOne(db, sql: "SELECT \(sums) FROM \(table)") else { return [:] }
        return Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, row[$0]) })
      }
      let stages = Stage.allCases.map(\.rawValue)
      let critiqued = try inOnePass(
        "solution", Dictionary(uniqueKeysWithValues: stages.map { ($0, "\($0) <> ''") }))
      let contradictions = try inOnePass(
        "solution", ["initial": "disagreement & 1", "deep": "disagreement & 2", "merged": "disagreement & 4"])
      let critiques = try inOnePass(
        "critique", Dictionary(uniqueKeysWithValues: stages.map { ($0, "stage = '\($0)' AND fault IS NULL") }))
      return WorkspaceStatistics(
        solutions: try one("SELECT count(*) FROM solution"),
        problems: try one("SELECT count(*) FROM solution WHERE steps = 0"),
        steps: try one("SELECT coalesce(sum(steps), 0) FROM solution"),
        formats: try counts("SELECT format, count(*) FROM solution GROUP BY format"),
        withError: try one("SELECT count(*) FROM solution WHERE first_error > 0"),
        withoutError: try one("SELECT count(*) FROM solution WHERE first_error = -1"),
        unknown: try one("SELECT count(*) FROM solution WHERE first_error IS NULL AND steps > 0"),
        critiqued: critiqued,
        critiques: critiques.filter { $0.value > 0 },
        contradictions: contradictions,
        seeds: try Self.seedCounts(db), estimates: try Self.estimateStatistics(db),
        events: try one("SELECT count(*) FROM event"),
        badRecords: try one("SELECT count(*) FROM bad_record WHERE import_id IN (\(Self.latestImports))"),
        reviewers: try Self.reviewerStatistics(db),
        agreement: try Self.agreement(db))
    }
  }

  private static func reviewerStatistics(_ db: Database) throws -> [ReviewerStatistics] {
    try String.fetchAll(db, sql: "SELECT DISTINCT reviewer FROM review ORDER BY reviewer").map { reviewer in
      var states: [String: Int] = [:]
      var flags = 0
      var comments = 0
      var labelled = 0
      var agreeing = 0
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT r.state, r.flags, r.comments, r.ratings, coalesce(s.imported, s.ratings) AS labels
          FROM review r LEFT JOIN solution s ON s.key = r.solution WHERE r.reviewer = ?
          """, arguments: [reviewer])
      while let row = try rows.next() {
        states[row["state"], default: 0] += 1
        flags += row["flags"] as Int
        comments += row["comments"] as Int
        for (mine, label) in zip(Signature.ratings(row["ratings"]), Signature.ratings(row["labels"] ?? "")) {
          guard let mine, let label else { continue }
          labelled += 1
          if mine.judgement == label.judgement { agreeing += 1 }
        }
      }
      return ReviewerStatistics(
        reviewer: reviewer, states: states,
        verdicts: try Int.fetchOne(db, sql: "SELECT count(*) FROM verdict WHERE reviewer = ?", arguments: [reviewer])
          ?? 0,
        labelled: labelled, agreeing: agreeing, flags: flags, comments: comments,
        medianElapsed: try Workspace.medianElapsed(db, of: reviewer))
    }
  }

  private static func agreement(_ db: Database) throws -> [ReviewerAgreement] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT a.reviewer AS first, b.reviewer AS second, count(*) AS steps,
          count(*) FILTER (WHERE (a.rating < 0) = (b.rating < 0)) AS same,
          count(*) FILTER (WHERE a.rating < 0) AS a_wrong, count(*) FILTER (WHERE b.rating < 0) AS b_wrong
        FROM verdict a JOIN verdict b ON a.solution = b.solution AND a.step = b.step AND a.reviewer < b.reviewer
        GROUP BY a.reviewer, b.reviewer ORDER BY 1, 2
        """)
    return rows.map { row in
      let steps: Int = row["steps"]
      let same: Int = row["same"]
      return ReviewerAgreement(
        first: row["first"], second: row["second"], steps: steps, same: same,
        kappa: cohensKappa(units: steps, same: same, firstWrong: row["a_wrong"], secondWrong: row["b_wrong"]))
    }
  }
}
