/// What was asked of models and what they answered: SQL that is never changed once it has shipped.
package enum GenerationTables {
  /// Step 3.
  package static let answers = """
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
    """

  /// Step 10.
  package static let sources = """
    -- The initial and deep critique that a merged one was asked to merge, where people had chosen them.
    ALTER TABLE answer ADD COLUMN sources TEXT;
    ALTER TABLE batch_request ADD COLUMN sources TEXT;
    """
}
