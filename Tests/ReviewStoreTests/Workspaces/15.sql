-- What a program of version 15 stored: tags given together.
INSERT INTO event(uuid, solution, step, kind, value, note, basis, reviewer, at, elapsed, mode, target, batch) VALUES
  ('00000000-0000-4000-8000-000000000040', 'e190d84d76301b3097d1b34fd806b872', 0, 'tag', 'second-look', NULL, NULL, 'lead', 1700000040000, NULL, 'audit', NULL, 'batch-1'),
  ('00000000-0000-4000-8000-000000000041', '364b8e060a3574bbd403b1d19787ad1e', 0, 'tag', 'second-look', NULL, NULL, 'lead', 1700000040001, NULL, 'audit', NULL, 'batch-1');
