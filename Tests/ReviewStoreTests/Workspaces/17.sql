-- Decisions of a reviewer whose clock was years ahead for the first of two: the second takes effect after it.
INSERT INTO event(uuid, solution, step, kind, value, note, basis, reviewer, at, elapsed, mode, target, batch, clock) VALUES
  ('00000000-0000-4000-8000-000000000050', '364b8e060a3574bbd403b1d19787ad1e', 1, 'flag', '1', NULL, NULL, 'cy', 1900000000000, NULL, 'audit', NULL, NULL, 1900000000000),
  ('00000000-0000-4000-8000-000000000051', '364b8e060a3574bbd403b1d19787ad1e', 1, 'flag', '0', NULL, NULL, 'cy', 1700000050000, NULL, 'audit', NULL, NULL, 1900000000001);
