/// Datasets that were exported, and token counts: SQL that is never changed once it has shipped.
package enum LineageTables {
  /// Step 5.
  package static let datasets = """
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
    """

  /// Step 16.
  package static let rowContents = """
    -- What is compared between data sets: labels as one character per step, and the critiques' identities as "step:digits",
    -- separated by spaces. NULL for data sets that an earlier version wrote.
    ALTER TABLE dataset_row ADD COLUMN labels TEXT;
    ALTER TABLE dataset_row ADD COLUMN critiques TEXT;
    """
}
