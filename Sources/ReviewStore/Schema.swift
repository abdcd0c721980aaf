import GRDB

/// The workspace database's tables, as a list of migrations. A migration that has shipped is never changed.
enum Schema {
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1 records, solutions, critiques", migrate: recordsAndSolutions)
    migrator.registerMigration("2 event log and projections", migrate: eventsAndProjections)
    migrator.registerMigration("3 generated critiques", migrate: generatedCritiques)
    migrator.registerMigration("4 what undo and redo find", migrate: undoStack)
    migrator.registerMigration("5 curation and lineage", migrate: curationAndLineage)
    migrator.registerMigration("6 rarer merges of the search index", migrate: searchMerges)
    migrator.registerMigration("7 Monte-Carlo labels", migrate: monteCarloLabels)
    migrator.registerMigration("8 training runs", migrate: trainingRuns)
    migrator.registerMigration("9 evaluations", migrate: evaluations)
    migrator.registerMigration("10 choices and versions of critiques", migrate: critiqueVersions)
    migrator.registerMigration("11 words of critiques", migrate: critiqueSearch)
    migrator.registerMigration("12 saved queues and reservations", migrate: savedQueues)
    migrator.registerMigration("13 items with a known label", migrate: goldItems)
    migrator.registerMigration("14 solutions that are not measured") { db in
      // Else every export would look through all solutions for those that lack a measure.
      try db.execute(
        sql: "CREATE INDEX solution_unmeasured ON solution(id) WHERE problem IS NULL OR prompt_size IS NULL")
    }
    return migrator
  }

  /// The search index collects what one transaction of an import brings (8 MB) before it writes a segment, in pages as
  /// large as the database's, and merges segments sixteen at a time instead of four. A search looks into a few small
  /// segments more; an import spends a quarter less time on the index.
  private static func searchMerges(_ db: Database) throws {
    for (setting, value) in [("automerge", 16), ("pgsz", 16_000), ("hashsize", 8_000_000)] {
      try db.execute(sql: "INSERT INTO search(search, rank) VALUES(?, ?)", arguments: [setting, value])
    }
  }

  /// Which items with a known label were mixed into whose queue. No decision: the event log knows nothing of it, so that
  /// nobody can tell from there what was one.
  private static func goldItems(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE gold_item(
          solution TEXT NOT NULL, reviewer TEXT NOT NULL, at INTEGER NOT NULL,
          PRIMARY KEY(solution, reviewer)
        ) WITHOUT ROWID;
        """)
  }

  private static func recordsAndSolutions(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE import(
          id INTEGER PRIMARY KEY,
          path TEXT NOT NULL,
          format TEXT NOT NULL,
          started_at INTEGER NOT NULL,
          finished_at INTEGER,
          bytes INTEGER NOT NULL DEFAULT 0,
          records INTEGER NOT NULL DEFAULT 0,
          added INTEGER NOT NULL DEFAULT 0,
          already INTEGER NOT NULL DEFAULT 0,
          bad INTEGER NOT NULL DEFAULT 0,
          program_version TEXT NOT NULL
        );
        -- The import report: every line that could not be read, with the reason.
        CREATE TABLE bad_record(
          import_id INTEGER NOT NULL REFERENCES import(id),
          line INTEGER NOT NULL,
          reason TEXT NOT NULL,
          remedy TEXT
        );
        CREATE INDEX bad_record_import ON bad_record(import_id);

        -- Records exactly as found. `raw` is never rewritten: exports give it back, and steps are read from it.
        CREATE TABLE record(
          id INTEGER PRIMARY KEY,
          import_id INTEGER NOT NULL,
          line INTEGER NOT NULL,
          format TEXT NOT NULL,
          hash BLOB NOT NULL,
          raw BLOB NOT NULL
        );
        -- By format too: a file that was taken for one format can be imported again as another.
        CREATE UNIQUE INDEX record_hash ON record(hash, format);

        -- One row per distinct solution: what lists need, nothing that only a single view needs.
        -- `ratings`, `initial`, `deep`, `merged`: one character per step, '+' '0' '-' or '.' (none).
        -- `first_error`: 1-based, -1 none, NULL unknown. `disagreement`: bits of `Disagreement`.
        CREATE TABLE solution(
          id INTEGER PRIMARY KEY,
          key TEXT NOT NULL,
          record_id INTEGER NOT NULL,
          ordinal INTEGER NOT NULL,
          import_id INTEGER NOT NULL,
          format TEXT NOT NULL,
          name TEXT NOT NULL,
          excerpt TEXT NOT NULL,
          steps INTEGER NOT NULL,
          ratings TEXT NOT NULL,
          first_error INTEGER,
          finish_reason TEXT,
          screening INTEGER NOT NULL DEFAULT 0,
          initial TEXT NOT NULL DEFAULT '',
          deep TEXT NOT NULL DEFAULT '',
          merged TEXT NOT NULL DEFAULT '',
          disagreement INTEGER NOT NULL DEFAULT 0
        );
        CREATE UNIQUE INDEX solution_key ON solution(key);
        -- One index for lists: it covers ids, counts, the orders by first error and by length, and conditions on them.
        CREATE INDEX solution_lists ON solution(first_error, steps);
        CREATE INDEX solution_disagreement ON solution(disagreement) WHERE disagreement > 0;

        -- Further records of a solution that was already there (the same problem, steps and ratings).
        CREATE TABLE further_record(
          solution_id INTEGER NOT NULL REFERENCES solution(id),
          record_id INTEGER NOT NULL REFERENCES record(id),
          ordinal INTEGER NOT NULL,
          PRIMARY KEY(solution_id, record_id, ordinal)
        ) WITHOUT ROWID;

        CREATE TABLE critique(
          id INTEGER PRIMARY KEY,
          solution_id INTEGER NOT NULL REFERENCES solution(id),
          stage TEXT NOT NULL,
          step INTEGER NOT NULL,
          sample INTEGER NOT NULL,
          judgement INTEGER,
          text TEXT NOT NULL,
          record_id INTEGER,
          UNIQUE(solution_id, stage, step, sample)
        );

        -- The distinct words of problem and steps (`SearchWords`); rowid is solution.id. Contentless: the texts are in
        -- `record`. Only whether a word occurs is kept: no places, columns or counts.
        CREATE VIRTUAL TABLE search USING fts5(words, content='', detail=none, columnsize=0, tokenize='unicode61');
        """)
  }

  private static func eventsAndProjections(_ db: Database) throws {
    try db.execute(
      sql: """
        CREATE TABLE event(
          seq INTEGER PRIMARY KEY AUTOINCREMENT,
          uuid TEXT NOT NULL UNIQUE,
          solution TEXT NOT NULL,
          step INTEGER NOT NULL,
          kind TEXT NOT NULL,
          value TEXT NOT NULL,
          note TEXT,
          basis TEXT,
          reviewer TEXT NOT NULL,
          at INTEGER NOT NULL,
          elapsed INTEGER,
          mode TEXT NOT NULL,
          target TEXT
        );
        CREATE INDEX event_solution ON event(solution);
        CREATE INDEX event_reviewer ON event(reviewer, at, uuid);
        CREATE INDEX event_at ON event(at);
        CREATE INDEX event_target ON event(target) WHERE target IS NOT NULL;
        CREATE TRIGGER event_is_append_only_update BEFORE UPDATE ON event
          BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
        CREATE TRIGGER event_is_append_only_delete BEFORE DELETE ON event
          BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;

        -- Projections: may be dropped and rebuilt from `event` at any time.
        CREATE TABLE verdict(
          solution TEXT NOT NULL, step INTEGER NOT NULL, reviewer TEXT NOT NULL,
          rating INTEGER NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL, mode TEXT NOT NULL, basis TEXT,
          PRIMARY KEY(solution, step, reviewer)
        ) WITHOUT ROWID;
        CREATE TABLE flag(
          solution TEXT NOT NULL, step INTEGER NOT NULL, reviewer TEXT NOT NULL,
          PRIMARY KEY(solution, step, reviewer)
        ) WITHOUT ROWID;
        CREATE TABLE comment(
          solution TEXT NOT NULL, event TEXT NOT NULL, step INTEGER NOT NULL, reviewer TEXT NOT NULL,
          text TEXT NOT NULL, at INTEGER NOT NULL,
          PRIMARY KEY(solution, event)
        ) WITHOUT ROWID;
        -- One row per solution and reviewer with anything standing (also for solutions not imported yet).
        CREATE TABLE review(
          solution TEXT NOT NULL, reviewer TEXT NOT NULL,
          state TEXT NOT NULL, ratings TEXT NOT NULL, first_error INTEGER,
          mark TEXT, mark_reason TEXT, flags INTEGER NOT NULL, comments INTEGER NOT NULL,
          differs INTEGER NOT NULL, elapsed INTEGER NOT NULL, at INTEGER NOT NULL,
          PRIMARY KEY(solution, reviewer)
        ) WITHOUT ROWID;
        CREATE INDEX review_reviewer ON review(reviewer, state);
        """)
  }

  private static func undoStack(_ db: Database) throws {
    try db.execute(
      sql: """
        -- A projection like those above (`UndoStack`): decisions, and the undo that holds for them.
        CREATE TABLE decision(
          reviewer TEXT NOT NULL, at INTEGER NOT NULL, uuid TEXT NOT NULL,
          undone_at INTEGER, undone_by TEXT,
          PRIMARY KEY(reviewer, at, uuid)
        ) WITHOUT ROWID;
        CREATE INDEX decision_standing ON decision(reviewer, at, uuid) WHERE undone_at IS NULL;
        CREATE INDEX decision_undone ON decision(reviewer, undone_at, undone_by) WHERE undone_at IS NOT NULL;
        """)
    try UndoStack.rebuild(db)
  }

  private static func generatedCritiques(_ db: Database) throws {
    try db.execute(
      sql: """
        -- Generated critiques name their answer. `fault` is NULL for a critique that can be used, else why the answer is
        -- none ('truncated', 'empty'): such rows keep what was paid for, and nothing but generation reads them.
        ALTER TABLE critique ADD COLUMN answer_id INTEGER;
        ALTER TABLE critique ADD COLUMN fault TEXT;
        CREATE INDEX critique_answer ON critique(answer_id) WHERE answer_id IS NOT NULL;

        -- 64 bits of the problem's hash, filled when it is first needed.
        ALTER TABLE solution ADD COLUMN problem INTEGER;

        -- Where each solution with critiques stands (`SeedStanding`); brought up to date with every change of critiques.
        CREATE TABLE seed(
          solution_id INTEGER PRIMARY KEY REFERENCES solution(id),
          reason TEXT NOT NULL,
          stage TEXT,
          step INTEGER
        );
        CREATE INDEX seed_reason ON seed(reason, stage);

        -- Prompt templates that were used, by SHA-256 of their text.
        CREATE TABLE prompt(hash BLOB PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;

        -- What was asked for: one row per distinct model, template and sampling.
        CREATE TABLE generation(
          id INTEGER PRIMARY KEY,
          stage TEXT NOT NULL,
          model TEXT NOT NULL,
          prompt BLOB NOT NULL REFERENCES prompt(hash),
          temperature REAL NOT NULL,
          top_p REAL NOT NULL,
          max_tokens INTEGER NOT NULL,
          seed INTEGER
        );
        CREATE UNIQUE INDEX generation_all ON generation(
          stage, model, prompt, temperature, top_p, max_tokens, coalesce(seed, -1));

        -- One row per sample that a server has answered. `key`: SHA-256 (16 bytes) of model, messages, sampling and sample
        -- number. The text is in `critique`. Tokens of a request with several choices stand with its first.
        CREATE TABLE answer(
          id INTEGER PRIMARY KEY,
          key BLOB NOT NULL UNIQUE,
          generation_id INTEGER NOT NULL REFERENCES generation(id),
          sample INTEGER NOT NULL,
          endpoint TEXT NOT NULL,
          finish TEXT,
          prompt_tokens INTEGER,
          completion_tokens INTEGER,
          latency INTEGER,
          at INTEGER NOT NULL,
          reasoning TEXT
        );

        -- Requests that ended without an answer; taken away when one comes.
        CREATE TABLE request_failure(
          solution_id INTEGER NOT NULL REFERENCES solution(id),
          stage TEXT NOT NULL,
          step INTEGER NOT NULL,
          reason TEXT NOT NULL,
          detail TEXT NOT NULL,
          attempts INTEGER NOT NULL,
          at INTEGER NOT NULL,
          PRIMARY KEY(solution_id, stage, step)
        ) WITHOUT ROWID;

        -- Requests that were written to batch files and have not come back. `key` is that of the first sample. `written`
        -- is 0 until the whole file is in place: a file that never came to be must not keep anybody from asking.
        CREATE TABLE batch_request(
          key BLOB PRIMARY KEY,
          solution_id INTEGER NOT NULL REFERENCES solution(id),
          stage TEXT NOT NULL,
          step INTEGER NOT NULL,
          keys BLOB NOT NULL,
          samples TEXT NOT NULL,
          generation_id INTEGER NOT NULL REFERENCES generation(id),
          file TEXT NOT NULL,
          at INTEGER NOT NULL,
          written INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID;
        CREATE INDEX batch_request_step ON batch_request(solution_id, stage, step);
        """)
    for solution in try Int64.fetchAll(db, sql: "SELECT DISTINCT solution_id FROM critique") {
      try CritiqueTables.summarize(solution, db)
    }
  }
}
