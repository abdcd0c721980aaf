-- A settled label, a critique found unsound, a solution kept out; a data set, and counted tokens.
INSERT INTO event(uuid, solution, step, kind, value, note, basis, reviewer, at, elapsed, mode, target) VALUES
  ('00000000-0000-4000-8000-000000000020', 'e190d84d76301b3097d1b34fd806b872', 2, 'adjudication', '-1', 'nine', NULL, 'lead', 1700000020000, NULL, 'audit', NULL),
  ('00000000-0000-4000-8000-000000000021', 'e190d84d76301b3097d1b34fd806b872', 2, 'soundness', 'unsound', 'says too little', 'merged:2:22d78900a338e5ae58ed809b3b2968e8', 'ana', 1700000021000, NULL, 'audit', NULL),
  ('00000000-0000-4000-8000-000000000022', '364b8e060a3574bbd403b1d19787ad1e', 0, 'placement', 'out', 'too easy', NULL, 'lead', 1700000022000, NULL, 'audit', NULL);
INSERT INTO token_count(tokenizer, row, tokens) VALUES
  (X'0505050505050505050505050505050505050505050505050505050505050505', X'5151515151515151515151515151515151515151515151515151515151515151', 321);
INSERT INTO dataset(id, hash, kind, format, path, rows, settings, program_version, at) VALUES
  (1, 'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd', 'sft', 'messages', 'sets/one', 1, '{"seed":42}', '0.1.0', 1700000050000);
INSERT INTO dataset_row(dataset_id, split, number, solution, first_error) VALUES
  (1, 'train', 1, 'e190d84d76301b3097d1b34fd806b872', 2);
INSERT INTO dataset_event(dataset_id, event, solution, role) VALUES
  (1, '00000000-0000-4000-8000-000000000020', 'e190d84d76301b3097d1b34fd806b872', 'label'),
  (1, '00000000-0000-4000-8000-000000000022', '364b8e060a3574bbd403b1d19787ad1e', 'kept-out');
