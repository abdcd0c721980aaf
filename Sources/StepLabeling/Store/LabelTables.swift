/// Samples, rollouts, grades and estimates: SQL that is never changed once it has shipped.
package enum LabelTables {
  /// Step 7.
  package static let rollouts = """
    -- One row per text that a model wrote on from a prefix of a solution's steps: `step` steps of it, 0 for a whole
    -- solution of a problem. `answer.key` names the question; two solutions with the same prefix share answers.
    -- `boxed`: what stands in the last \\boxed{}, NULL for none. `grade`: key in `grade`, NULL before grading.
    CREATE TABLE rollout(
      id INTEGER PRIMARY KEY,
      solution_id INTEGER NOT NULL REFERENCES solution(id),
      step INTEGER NOT NULL,
      generation_id INTEGER NOT NULL REFERENCES generation(id),
      sample INTEGER NOT NULL,
      answer_id INTEGER NOT NULL REFERENCES answer(id),
      manner TEXT NOT NULL,
      text TEXT NOT NULL,
      truncated INTEGER NOT NULL,
      boxed TEXT,
      grade BLOB,
      UNIQUE(solution_id, generation_id, step, sample)
    );
    CREATE INDEX rollout_answer ON rollout(answer_id);
    CREATE INDEX rollout_ungraded ON rollout(solution_id)
      WHERE grade IS NULL AND boxed IS NOT NULL AND NOT truncated;

    -- Whether an answer equals the reference, by grader (name and version). `key`: SHA-256 (16 bytes) of all three.
    CREATE TABLE grade(
      key BLOB PRIMARY KEY,
      grader TEXT NOT NULL,
      gold TEXT NOT NULL,
      answer TEXT NOT NULL,
      outcome TEXT NOT NULL,
      detail TEXT
    ) WITHOUT ROWID;

    -- Solutions made of samples: which roll-out each comes from.
    CREATE TABLE sampled_solution(
      solution_id INTEGER PRIMARY KEY REFERENCES solution(id),
      problem_id INTEGER NOT NULL REFERENCES solution(id),
      generation_id INTEGER NOT NULL REFERENCES generation(id),
      sample INTEGER NOT NULL,
      correct INTEGER NOT NULL
    );
    CREATE INDEX sampled_solution_problem ON sampled_solution(problem_id);

    -- Why a problem's samples became no solutions (`EstimateReason`).
    CREATE TABLE sampled_problem(
      problem_id INTEGER PRIMARY KEY REFERENCES solution(id),
      reason TEXT NOT NULL,
      detail TEXT
    );

    -- What roll-outs say about a solution. `counts`: "6/8 0/8 …", successes and roll-outs of each prefix, the whole
    -- solution last. `first_error`: 1-based, -1 none, NULL where the rules reach no label; `reason` says why.
    CREATE TABLE estimate(
      solution_id INTEGER PRIMARY KEY REFERENCES solution(id),
      generation_id INTEGER REFERENCES generation(id),
      grader TEXT,
      counts TEXT NOT NULL,
      first_error INTEGER,
      reason TEXT NOT NULL,
      step INTEGER,
      rule TEXT NOT NULL
    );
    CREATE INDEX estimate_reason ON estimate(reason);
    """
}
