/// Training runs and what was read of their feeds: SQL that is never changed once it has shipped.
package enum RunTables {
  /// Step 8.
  package static let runs = """
    -- Training runs of this workspace. What decides about a run is in its folder; here is what was read of its feed.
    -- `feed_offset`: how many bytes of the feed have been read. `bad_lines`: lines that could not be.
    CREATE TABLE run(
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      stage TEXT NOT NULL,
      engine TEXT NOT NULL,
      launcher TEXT NOT NULL,
      model TEXT NOT NULL,
      dataset TEXT NOT NULL,
      spec TEXT NOT NULL,
      program_version TEXT NOT NULL,
      at INTEGER NOT NULL,
      feed_offset INTEGER NOT NULL DEFAULT 0,
      bad_lines INTEGER NOT NULL DEFAULT 0,
      step INTEGER NOT NULL DEFAULT 0,
      total INTEGER
    );
    CREATE INDEX run_dataset ON run(dataset);

    -- The lines of charts, and their values. A value that is no number is NULL.
    CREATE TABLE run_series(
      id INTEGER PRIMARY KEY,
      run_id INTEGER NOT NULL REFERENCES run(id),
      name TEXT NOT NULL,
      UNIQUE(run_id, name)
    );
    CREATE TABLE run_point(
      series_id INTEGER NOT NULL REFERENCES run_series(id),
      step INTEGER NOT NULL,
      value REAL,
      PRIMARY KEY(series_id, step)
    ) WITHOUT ROWID;

    -- When each step was logged: seconds since the attempt began, by a clock that nobody sets.
    CREATE TABLE run_step(
      run_id INTEGER NOT NULL REFERENCES run(id),
      step INTEGER NOT NULL,
      attempt INTEGER NOT NULL,
      elapsed REAL NOT NULL,
      PRIMARY KEY(run_id, step)
    ) WITHOUT ROWID;

    -- Sampled critiques with their rewards. `position`: byte in the feed.
    CREATE TABLE run_sample(
      id INTEGER PRIMARY KEY,
      run_id INTEGER NOT NULL REFERENCES run(id),
      position INTEGER NOT NULL,
      step INTEGER NOT NULL,
      completion TEXT NOT NULL,
      reward REAL,
      answer INTEGER,
      ground_truth INTEGER,
      solution TEXT,
      UNIQUE(run_id, position)
    );
    CREATE INDEX run_sample_step ON run_sample(run_id, step);
    CREATE INDEX run_sample_solution ON run_sample(solution) WHERE solution IS NOT NULL;

    -- Everything else that a feed says: beginnings, processes, checkpoints, models, errors, ends, lines that are none.
    CREATE TABLE run_event(
      id INTEGER PRIMARY KEY,
      run_id INTEGER NOT NULL REFERENCES run(id),
      position INTEGER NOT NULL,
      attempt INTEGER NOT NULL,
      kind TEXT NOT NULL,
      step INTEGER,
      at INTEGER,
      body TEXT NOT NULL,
      UNIQUE(run_id, position)
    );
    CREATE INDEX run_event_kind ON run_event(run_id, kind);
    """
}
