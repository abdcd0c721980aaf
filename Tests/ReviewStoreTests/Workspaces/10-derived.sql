-- What a program of version 10 or later had worked out of the decisions: tables that steps from 11 on leave as they are.
DELETE FROM verdict;
DELETE FROM flag;
DELETE FROM comment;
DELETE FROM review;
DELETE FROM decision;
DELETE FROM adjudication;
DELETE FROM soundness;
DELETE FROM placement;
DELETE FROM seed;
INSERT INTO verdict(solution, step, reviewer, rating, event, at, mode, basis) VALUES
  ('364b8e060a3574bbd403b1d19787ad1e', 1, 'bo', 1, '00000000-0000-4000-8000-000000000009', 1700000009000, 'audit', NULL),
  ('e190d84d76301b3097d1b34fd806b872', 1, 'ana', 1, '00000000-0000-4000-8000-000000000001', 1700000001000, 'blind', NULL),
  ('e190d84d76301b3097d1b34fd806b872', 2, 'ana', -1, '00000000-0000-4000-8000-000000000002', 1700000002000, 'audit', 'accept merged:-1'),
  ('ffffffffffffffffffffffffffffffff', 4, 'ana', 0, '00000000-0000-4000-8000-000000000013', 1700000013000, 'audit', NULL);
INSERT INTO flag(solution, step, reviewer) VALUES
  ('e190d84d76301b3097d1b34fd806b872', 2, 'ana');
INSERT INTO comment(solution, event, step, reviewer, text, at) VALUES
  ('e190d84d76301b3097d1b34fd806b872', '00000000-0000-4000-8000-000000000006', 2, 'ana', 'Nine, not ten.', 1700000006000),
  ('e190d84d76301b3097d1b34fd806b872', '00000000-0000-4000-8000-000000000008', 0, 'bo', 'A better remark.', 1700000008000);
INSERT INTO review(solution, reviewer, state, ratings, first_error, mark, mark_reason, flags, comments, differs, elapsed, at) VALUES
  ('364b8e060a3574bbd403b1d19787ad1e', 'ana', 'skipped', '..', NULL, 'skip', 'later', 0, 0, 0, 0, 1700000012000),
  ('364b8e060a3574bbd403b1d19787ad1e', 'bo', 'started', '+.', NULL, NULL, NULL, 0, 0, 0, 0, 1700000016000),
  ('364b8e060a3574bbd403b1d19787ad1e', 'lead', 'untouched', '..', NULL, NULL, NULL, 0, 0, 0, 0, 1700000022000),
  ('e190d84d76301b3097d1b34fd806b872', 'ana', 'complete', '+-.', 2, NULL, NULL, 1, 1, 0, 10000, 1700000030000),
  ('e190d84d76301b3097d1b34fd806b872', 'bo', 'untouched', '...', NULL, NULL, NULL, 0, 1, 0, 0, 1700000008000),
  ('e190d84d76301b3097d1b34fd806b872', 'lead', 'untouched', '...', NULL, NULL, NULL, 0, 0, 0, 0, 1700000032000),
  ('ffffffffffffffffffffffffffffffff', 'ana', 'absent', '...0', NULL, NULL, NULL, 0, 0, 0, 0, 1700000013000);
INSERT INTO decision(reviewer, at, uuid, undone_at, undone_by) VALUES
  ('ana', 1700000001000, '00000000-0000-4000-8000-000000000001', NULL, NULL),
  ('ana', 1700000002000, '00000000-0000-4000-8000-000000000002', NULL, NULL),
  ('ana', 1700000005000, '00000000-0000-4000-8000-000000000005', NULL, NULL),
  ('ana', 1700000006000, '00000000-0000-4000-8000-000000000006', NULL, NULL),
  ('ana', 1700000012000, '00000000-0000-4000-8000-000000000012', NULL, NULL),
  ('ana', 1700000013000, '00000000-0000-4000-8000-000000000013', NULL, NULL),
  ('ana', 1700000014000, '00000000-0000-4000-8000-000000000014', NULL, NULL),
  ('ana', 1700000017000, '00000000-0000-4000-8000-000000000017', 1700000018000, '00000000-0000-4000-8000-000000000018'),
  ('ana', 1700000021000, '00000000-0000-4000-8000-000000000021', NULL, NULL),
  ('ana', 1700000030000, '00000000-0000-4000-8000-000000000030', NULL, NULL),
  ('bo', 1700000003000, '00000000-0000-4000-8000-000000000003', 1700000004000, '00000000-0000-4000-8000-000000000004'),
  ('bo', 1700000007000, '00000000-0000-4000-8000-000000000007', NULL, NULL),
  ('bo', 1700000008000, '00000000-0000-4000-8000-000000000008', NULL, NULL),
  ('bo', 1700000009000, '00000000-0000-4000-8000-000000000009', NULL, NULL),
  ('bo', 1700000015000, '00000000-0000-4000-8000-000000000015', NULL, NULL),
  ('bo', 1700000016000, '00000000-0000-4000-8000-000000000016', NULL, NULL),
  ('bo', 1700000033000, '00000000-0000-4000-8000-000000000033', 1700000034000, '00000000-0000-4000-8000-000000000034'),
  ('lead', 1700000020000, '00000000-0000-4000-8000-000000000020', NULL, NULL),
  ('lead', 1700000022000, '00000000-0000-4000-8000-000000000022', NULL, NULL),
  ('lead', 1700000031000, '00000000-0000-4000-8000-000000000031', NULL, NULL),
  ('lead', 1700000032000, '00000000-0000-4000-8000-000000000032', NULL, NULL);
INSERT INTO adjudication(solution, step, rating, reviewer, note, event, at) VALUES
  ('e190d84d76301b3097d1b34fd806b872', 2, -1, 'lead', 'nine', '00000000-0000-4000-8000-000000000020', 1700000020000);
INSERT INTO soundness(solution, critique, reviewer, stage, step, sound, span_start, span_end, note, event, at) VALUES
  ('e190d84d76301b3097d1b34fd806b872', '22d78900a338e5ae58ed809b3b2968e8', 'ana', 'merged', 2, 0, NULL, NULL, 'says too little', '00000000-0000-4000-8000-000000000021', 1700000021000);
INSERT INTO placement(solution, value, reviewer, note, event, at) VALUES
  ('364b8e060a3574bbd403b1d19787ad1e', 'out', 'lead', 'too easy', '00000000-0000-4000-8000-000000000022', 1700000022000);
INSERT INTO seed(solution_id, reason, stage, step) VALUES
  (1, 'waiting', 'initial', NULL),
  (2, 'truncated', 'initial', 2);
INSERT INTO critique(id, solution_id, stage, step, sample, judgement, text, size, event, author, standing) VALUES
  (10, 1, 'merged', 2, 1000000, -1, 'Five and four make nine: the step is wrong. \boxed{-1}', 54, '00000000-0000-4000-8000-000000000031', 'lead', 5);
UPDATE critique SET standing = 2 WHERE id = 6;
UPDATE critique SET standing = 1 WHERE id = 7;
UPDATE solution SET initial = '++.', deep = '+-.', merged = '+-.', disagreement = 1 WHERE id = 1;
UPDATE solution SET initial = '+.', deep = '', merged = '', disagreement = 0 WHERE id = 2;
UPDATE solution SET initial = '', deep = '', merged = '', disagreement = 0 WHERE id = 3;
