-- A training run of the data set, and what its feed said.
INSERT INTO run(id, name, stage, engine, launcher, model, dataset, spec, program_version, at, feed_offset, bad_lines, step, total) VALUES
  (1, 'sft-1', 'sft', 'trl', 'local', 'base-7b', 'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', 'stage = ''sft''', '0.1.0', 1700000080000, 512, 1, 2, 10);
INSERT INTO run_series(id, run_id, name) VALUES
  (1, 1, 'loss');
INSERT INTO run_point(series_id, step, value) VALUES
  (1, 1, 2.5),
  (1, 2, 1.25);
INSERT INTO run_step(run_id, step, attempt, elapsed) VALUES
  (1, 1, 1, 2.0),
  (1, 2, 1, 5.0);
INSERT INTO run_sample(id, run_id, position, step, completion, reward, answer, ground_truth, solution) VALUES
  (1, 1, 64, 2, '\boxed{2}', 1.0, 2, 2, 'e190d84d76301b3097d1b34fd806b872');
INSERT INTO run_event(id, run_id, position, attempt, kind, step, at, body) VALUES
  (1, 1, 0, 1, 'start', NULL, 1700000080001, '{"kind":"start"}');
