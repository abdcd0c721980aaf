/// Benchmarks, critics that were evaluated on them, and everything that they answered: SQL that is never changed once it has shipped.
package enum EvaluationTables {
  /// Step 9.
  package static let evaluations = """
    -- A set of rows to evaluate on. `hash`: SHA-256 (32 bytes) over name, identifiers, solutions and labels.
    -- `left_out`: JSON object, rows that cannot be used by reason.
    CREATE TABLE benchmark(
      id INTEGER PRIMARY KEY,
      hash BLOB NOT NULL UNIQUE,
      name TEXT NOT NULL,
      path TEXT NOT NULL,
      format TEXT NOT NULL,
      left_out TEXT NOT NULL,
      at INTEGER NOT NULL
    );
    -- `gold`: the 1-based first wrong step, -1 none. `marks`: one character per step, '+' right, '-' wrong, '.' unknown.
    CREATE TABLE benchmark_item(
      benchmark_id INTEGER NOT NULL REFERENCES benchmark(id),
      position INTEGER NOT NULL,
      item TEXT NOT NULL,
      solution_id INTEGER NOT NULL REFERENCES solution(id),
      gold INTEGER NOT NULL,
      marks TEXT NOT NULL,
      final_correct INTEGER,
      generator TEXT,
      subject TEXT,
      PRIMARY KEY(benchmark_id, position)
    ) WITHOUT ROWID;
    CREATE INDEX benchmark_item_solution ON benchmark_item(solution_id);

    -- One critic asked in one way. `specification`: JSON (`EvaluationSpecification`), its parts that make it another
    -- evaluation hashed in `identity`.
    CREATE TABLE evaluation(
      id INTEGER PRIMARY KEY,
      identity BLOB NOT NULL UNIQUE,
      name TEXT NOT NULL,
      specification TEXT NOT NULL,
      program_version TEXT NOT NULL,
      at INTEGER NOT NULL
    );

    -- Everything that was answered, once per question and sample (`RequestKey`), whoever asked. Imported predictions
    -- without a text have an empty one; `scores`: JSON list, one number per step.
    CREATE TABLE transcript(
      id INTEGER PRIMARY KEY,
      key BLOB NOT NULL UNIQUE,
      text TEXT NOT NULL,
      scores TEXT,
      reasoning TEXT,
      finish TEXT,
      endpoint TEXT NOT NULL,
      prompt_tokens INTEGER,
      completion_tokens INTEGER,
      latency INTEGER,
      at INTEGER NOT NULL
    );

    -- What an evaluation wants to know and what it knows: a row for each sample in its scope, 'missing' until it is
    -- answered. `ballot`: what is counted as a vote where that is not the prediction.
    CREATE TABLE evaluation_sample(
      evaluation_id INTEGER NOT NULL REFERENCES evaluation(id),
      benchmark_id INTEGER NOT NULL REFERENCES benchmark(id),
      position INTEGER NOT NULL,
      sample INTEGER NOT NULL,
      transcript_id INTEGER REFERENCES transcript(id),
      outcome TEXT NOT NULL,
      prediction INTEGER,
      ballot TEXT,
      PRIMARY KEY(evaluation_id, benchmark_id, position, sample)
    ) WITHOUT ROWID;
    CREATE INDEX evaluation_sample_item ON evaluation_sample(benchmark_id, position);

    -- Requests that ended without an answer; taken away when one comes.
    CREATE TABLE evaluation_failure(
      evaluation_id INTEGER NOT NULL REFERENCES evaluation(id),
      benchmark_id INTEGER NOT NULL,
      position INTEGER NOT NULL,
      reason TEXT NOT NULL,
      detail TEXT NOT NULL,
      attempts INTEGER NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY(evaluation_id, benchmark_id, position)
    ) WITHOUT ROWID;
    """
}
