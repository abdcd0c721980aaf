/// The store's own tables: SQL that is never changed once it has shipped, in the order of the steps.
package enum StoreTables {
  /// Step 1.
  package static let records = """
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
    """

  /// Step 2.
  package static let events = """
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
    """

  /// Step 3.
  package static let generatedCritiques = """
    -- Generated critiques name their answer. `fault` is NULL for a critique that can be used, else why the answer is
    -- none ('truncated', 'empty'): such rows keep what was paid for, and nothing but generation reads them.
    ALTER TABLE critique ADD COLUMN answer_id INTEGER;
    ALTER TABLE critique ADD COLUMN fault TEXT;
    CREATE INDEX critique_answer ON critique(answer_id) WHERE answer_id IS NOT NULL;

    -- 64 bits of the problem's hash, filled when it is first needed.
    ALTER TABLE solution ADD COLUMN problem INTEGER;
    """

  /// Step 4.
  package static let undoStack = """
    -- A projection like those above (`UndoStack`): decisions, and the undo that holds for them.
    CREATE TABLE decision(
      reviewer TEXT NOT NULL, at INTEGER NOT NULL, uuid TEXT NOT NULL,
      undone_at INTEGER, undone_by TEXT,
      PRIMARY KEY(reviewer, at, uuid)
    ) WITHOUT ROWID;
    CREATE INDEX decision_standing ON decision(reviewer, at, uuid) WHERE undone_at IS NULL;
    CREATE INDEX decision_undone ON decision(reviewer, undone_at, undone_by) WHERE undone_at IS NOT NULL;
    """

  /// Step 5.
  package static let decisionsAndSizes = """
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
    """

  /// Step 6. The search index collects what one transaction of an import brings (8 MB) before it writes a segment, in pages as
  /// large as the database's, and merges segments sixteen at a time instead of four. A search looks into a few small
  /// segments more; an import spends a quarter less time on the index.
  package static let searchMerges = """
    INSERT INTO search(search, rank) VALUES('automerge', 16);
    INSERT INTO search(search, rank) VALUES('pgsz', 16000);
    INSERT INTO search(search, rank) VALUES('hashsize', 8000000);
    """

  /// Step 10.
  package static let critiqueVersions = """
    -- `standing`: bits of `SampleStanding`. Versions that people wrote have the event and its author; they are there as
    -- long as the event stands (`VersionTables`).
    ALTER TABLE critique ADD COLUMN standing INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE critique ADD COLUMN event TEXT;
    ALTER TABLE critique ADD COLUMN author TEXT;
    CREATE INDEX critique_standing ON critique(solution_id) WHERE standing != 0;
    """

  /// Step 11.
  package static let critiqueSearch = """
    CREATE VIRTUAL TABLE critique_search
      USING fts5(words, content='', detail=none, columnsize=0, tokenize='unicode61');
    CREATE TABLE critique_search_part(solution_id INTEGER PRIMARY KEY, parts INTEGER NOT NULL);
    CREATE TABLE critique_search_state(last INTEGER NOT NULL);
    INSERT INTO critique_search_state VALUES (0);
    """

  /// Step 12.
  package static let savedQueues = """
    CREATE TABLE saved_queue(
      name TEXT PRIMARY KEY, filter TEXT NOT NULL, sort TEXT NOT NULL, mode TEXT, quota INTEGER, overlap INTEGER,
      gold_rate REAL NOT NULL, seed INTEGER NOT NULL
    ) WITHOUT ROWID;
    -- Who has which solution open (`Reservations`). Rows that have run out, or whose process is gone, mean nothing.
    CREATE TABLE reservation(
      solution TEXT NOT NULL, reviewer TEXT NOT NULL, session TEXT NOT NULL, host TEXT NOT NULL, process INTEGER NOT NULL,
      until INTEGER NOT NULL,
      PRIMARY KEY(solution, reviewer)
    ) WITHOUT ROWID;
    CREATE INDEX reservation_session ON reservation(session);
    """

  /// Step 14. Else every export would look through all solutions for those that lack a measure.
  package static let unmeasuredSolutions = """
    CREATE INDEX solution_unmeasured ON solution(id) WHERE problem IS NULL OR prompt_size IS NULL;
    """

  /// Step 15. Labels, tags and batches. `ratings`, `first_error` and `finish_reason` of a solution are its label after every decision.
  package static let labels = """
    -- What came with the data, where the label is another or has another origin; else NULL.
    ALTER TABLE solution ADD COLUMN imported TEXT;
    ALTER TABLE solution ADD COLUMN imported_finish TEXT;
    -- One character per step (`LabelOrigin`), 'c' for a conflict; empty where all labels came with the data.
    ALTER TABLE solution ADD COLUMN origins TEXT NOT NULL DEFAULT '';
    CREATE INDEX solution_relabelled ON solution(id) WHERE imported IS NOT NULL;
    -- A projection: labels that people gave here, with what they replaced (NULL where the label is the same).
    CREATE TABLE label(
      solution TEXT NOT NULL, step INTEGER NOT NULL, rating INTEGER NOT NULL, origin TEXT NOT NULL,
      names TEXT NOT NULL, events TEXT NOT NULL, at INTEGER NOT NULL, replaced INTEGER, replaced_origin TEXT,
      PRIMARY KEY(solution, step)
    ) WITHOUT ROWID;
    -- A projection: the tags of solutions.
    CREATE TABLE tag(
      solution TEXT NOT NULL, name TEXT NOT NULL, reviewer TEXT NOT NULL, event TEXT NOT NULL, at INTEGER NOT NULL,
      PRIMARY KEY(solution, name)
    ) WITHOUT ROWID;
    CREATE INDEX tag_name ON tag(name);
    -- Decisions that were taken together.
    ALTER TABLE event ADD COLUMN batch TEXT;
    CREATE INDEX event_batch ON event(batch) WHERE batch IS NOT NULL;
    -- The policy by which labels are kept (`LabelPolicy`); without a row the default.
    CREATE TABLE label_policy(precedence TEXT NOT NULL, reviewers TEXT NOT NULL);
    """

  /// Step 17. The order of events apart from their wall times (`HybridClock`): until now `at` was both.
  package static let logicalClock = """
    DROP TRIGGER event_is_append_only_update;
    ALTER TABLE event ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;
    UPDATE event SET clock = at;
    CREATE TRIGGER event_is_append_only_update BEFORE UPDATE ON event
      BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
    CREATE INDEX event_clock ON event(clock, uuid);
    ALTER TABLE decision RENAME COLUMN at TO clock;
    ALTER TABLE decision RENAME COLUMN undone_at TO undone_clock;
    ALTER TABLE review ADD COLUMN clock INTEGER NOT NULL DEFAULT 0;
    UPDATE review SET clock = at;
    """
}
