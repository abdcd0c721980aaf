-- Roll-outs of a prefix with their grades, and what they lead to.
INSERT INTO generation(id, stage, model, prompt, temperature, top_p, max_tokens, seed) VALUES
  (2, 'rollout', 'generator-1b', X'0101010101010101010101010101010101010101010101010101010101010101', 1.0, 1.0, 1024, 7);
INSERT INTO answer(id, key, generation_id, sample, endpoint, finish, at) VALUES
  (3, X'31313131313131313131313131313131', 2, 0, 'http://localhost:8000/v1', 'stop', 1700000070000),
  (4, X'32323232323232323232323232323232', 2, 1, 'http://localhost:8000/v1', 'stop', 1700000070001);
INSERT INTO rollout(solution_id, step, generation_id, sample, answer_id, manner, text, truncated, boxed, grade) VALUES
  (1, 1, 2, 0, 3, 'chat', 'So \boxed{9}', 0, '9', X'71717171717171717171717171717171'),
  (1, 1, 2, 1, 4, 'chat', 'So \boxed{10}', 0, '10', X'72727272727272727272727272727272');
INSERT INTO grade(key, grader, gold, answer, outcome, detail) VALUES
  (X'71717171717171717171717171717171', 'math-verify 0.8', '9', '9', 'right', 'same text'),
  (X'72727272727272727272727272727272', 'math-verify 0.8', '9', '10', 'wrong', NULL);
INSERT INTO sampled_problem(problem_id, reason, detail) VALUES
  (3, 'all-right', NULL);
INSERT INTO estimate(solution_id, generation_id, grader, counts, first_error, reason, step, rule) VALUES
  (1, 2, 'math-verify 0.8', '1/2 0/2 0/1', 2, 'labelled', 2, '0.5 0');
