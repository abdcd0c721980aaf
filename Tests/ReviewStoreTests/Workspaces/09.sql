-- A benchmark, and a critic that answered one of its two rows.
INSERT INTO benchmark(id, hash, name, path, format, left_out, at) VALUES
  (1, X'0909090909090909090909090909090909090909090909090909090909090909', 'gsm8k', 'bench.json', 'generic', '{"no label":1}', 1700000090000);
INSERT INTO benchmark_item(benchmark_id, position, item, solution_id, gold, marks) VALUES
  (1, 0, 'sum', 1, 2, '+--'),
  (1, 1, 'product', 2, -1, '++');
INSERT INTO evaluation(id, identity, name, specification, program_version, at) VALUES
  (1, X'0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a', 'critic-7b', '{"extraction":"standard 1","indexBase":1,"kind":"model","model":"critic-7b","protocolName":"processbench","requiresAnswerLine":false,"samples":1}', '0.1.0', 1700000090001);
INSERT INTO transcript(id, key, text, finish, endpoint, at) VALUES
  (1, X'91919191919191919191919191919191', 'The first error: \boxed{2}', 'stop', 'http://localhost:8000/v1', 1700000090002);
INSERT INTO evaluation_sample(evaluation_id, benchmark_id, position, sample, transcript_id, outcome, prediction) VALUES
  (1, 1, 0, 0, 1, 'answered', 2),
  (1, 1, 1, 0, NULL, 'missing', NULL);
INSERT INTO evaluation_failure(evaluation_id, benchmark_id, position, reason, detail, attempts, at) VALUES
  (1, 1, 1, 'timeout', 'No answer within 60 s.', 2, 1700000090003);
