import CritiqueModel
import GRDB

/// Projections of the decisions that curation adds.
enum CurationTables {
  static let projections = ["adjudication", "soundness", "placement"]

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
    if let placed = Projection.placed(views), let value = placed.value {
      try db.cachedStatement(
        sql: "INSERT INTO placement(solution, value, reviewer, note, event, at) VALUES (?,?,?,?,?,?)"
      ).execute(arguments: [key, value.rawValue, placed.reviewer, placed.note, placed.event, placed.at])
    }
  }
}

extension Schema {
  static func curationAndLineage(_ db: Database) throws {
    try db.execute(
      sql: """
        -- Projections (`CurationDecisions`): may be dropped and rebuilt from `event` at any time.
        CREATE TABLE adjudication(
          solution TEXT NOT NULL, step INTEGER NOT NULL, rating INTEGER NOT NULL, reviewer TEXT NOT NULL, note TEXT,
          event TEXT NOT NULL, at INTEGER NOT NULL,
          PRIMARY KEY(solution, step)
        ) WITHOUT ROWID;
        CREATE TABLE soundness(
          solution TEXT NOT NULL, critique TEXT NOT NULL, reviewer TEXT NOT NULL, stage TEXT NOT NULL,
          step INTEGER NOT NULL, sound INTEGER NOT NULL, span_start INTEGER, span_end INTEGER, note TEXT,
          event TEXT NOT NULL, at INTEGER NOT NULL,
          PRIMARY KEY(solution, critique, reviewer)
        ) WITHOUT ROWID;
        CREATE TABLE placement(
          solution TEXT PRIMARY KEY, value TEXT NOT NULL, reviewer TEXT NOT NULL, note TEXT,
          event TEXT NOT NULL, at INTEGER NOT NULL
        ) WITHOUT ROWID;

        -- Unicode scalars of each critique, so that lengths need no texts; NULL until it is first needed. The index holds all
        -- that curation asks of a critique but its text.
        ALTER TABLE critique ADD COLUMN size INTEGER;
        CREATE INDEX critique_outline ON critique(solution_id, stage, step, sample, judgement, fault, size);
        CREATE INDEX critique_unsized ON critique(id) WHERE size IS NULL;
        -- Hashed anew: by what a problem says, not how it is typed (`ProblemText`).
        UPDATE solution SET problem = NULL;
        -- Unicode scalars of problem and numbered steps (`SolutionText.size`), filled together with `problem`.
        ALTER TABLE solution ADD COLUMN prompt_size INTEGER;

        -- Tokens of training rows, by tokenizer (hash of its file) and row (hash of its texts).
        CREATE TABLE token_count(
          tokenizer BLOB NOT NULL, row BLOB NOT NULL, tokens INTEGER NOT NULL,
          PRIMARY KEY(tokenizer, row)
        ) WITHOUT ROWID;

        -- Data sets that were exported, by content hash: which solutions are in each, and which decisions made it what it is.
        CREATE TABLE dataset(
          id INTEGER PRIMARY KEY,
          hash TEXT NOT NULL UNIQUE,
          kind TEXT NOT NULL,
          format TEXT NOT NULL,
          path TEXT NOT NULL,
          rows INTEGER NOT NULL,
          settings TEXT NOT NULL,
          program_version TEXT NOT NULL,
          at INTEGER NOT NULL
        );
        CREATE TABLE dataset_row(
          dataset_id INTEGER NOT NULL REFERENCES dataset(id),
          split TEXT NOT NULL,
          number INTEGER NOT NULL,
          solution TEXT NOT NULL,
          first_error INTEGER NOT NULL,
          PRIMARY KEY(dataset_id, split, number)
        ) WITHOUT ROWID;
        CREATE INDEX dataset_row_solution ON dataset_row(solution);
        -- `role`: what the decision did (`DatasetRole`).
        CREATE TABLE dataset_event(
          dataset_id INTEGER NOT NULL REFERENCES dataset(id),
          event TEXT NOT NULL,
          solution TEXT NOT NULL,
          role TEXT NOT NULL,
          PRIMARY KEY(dataset_id, event)
        ) WITHOUT ROWID;
        CREATE INDEX dataset_event_event ON dataset_event(event);
        """)
    // Decisions of these kinds may have come from a newer version, and been kept without effect.
    let kinds = [EventKind.adjudication, .soundness, .placement].map(\.rawValue)
    for key in try String.fetchAll(
      db, sql: "SELECT DISTINCT solution FROM event WHERE kind IN (?,?,?)", arguments: StatementArguments(kinds))
    {
      try Workspace.project(key, db)
    }
  }
}
