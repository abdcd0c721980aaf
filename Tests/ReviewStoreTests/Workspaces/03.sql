-- A generated critique with its answer, a truncated one, a failed request, and one that waits in a batch file.
INSERT INTO prompt(hash, text) VALUES
  (X'0101010101010101010101010101010101010101010101010101010101010101', 'Judge step {{step}}.');
INSERT INTO generation(id, stage, model, prompt, temperature, top_p, max_tokens, seed) VALUES
  (1, 'initial', 'critic-7b', X'0101010101010101010101010101010101010101010101010101010101010101', 0.7, 0.95, 2048, NULL);
INSERT INTO answer(id, key, generation_id, sample, endpoint, finish, prompt_tokens, completion_tokens, latency, at, reasoning) VALUES
  (1, X'11111111111111111111111111111111', 1, 0, 'http://localhost:8000/v1', 'stop', 120, 30, 900, 1700000030000, NULL),
  (2, X'12121212121212121212121212121212', 1, 0, 'http://localhost:8000/v1', 'length', 120, 2048, 9000, 1700000031000, 'Let me see');
INSERT INTO critique(id, solution_id, stage, step, sample, judgement, text, answer_id, fault) VALUES
  (8, 2, 'initial', 1, 0, 1, 'Three fours are twelve. \boxed{1}', 1, NULL),
  (9, 2, 'initial', 2, 0, NULL, 'Twelve is', 2, 'truncated');
INSERT INTO request_failure(solution_id, stage, step, reason, detail, attempts, at) VALUES
  (2, 'initial', 2, 'rejected 400', 'The server refused: too long.', 3, 1700000032000);
INSERT INTO batch_request(key, solution_id, stage, step, keys, samples, generation_id, file, at, written) VALUES
  (X'13131313131313131313131313131313', 2, 'initial', 2, X'13131313131313131313131313131313', '1', 1, 'batch.jsonl', 1700000033000, 1);
UPDATE solution SET initial = '+.' WHERE id = 2;
INSERT INTO seed(solution_id, reason, stage, step) VALUES
  (1, 'waiting', 'initial', 3),
  (2, 'request-failed', 'initial', 2);
