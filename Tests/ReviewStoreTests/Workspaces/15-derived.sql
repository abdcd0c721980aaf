-- What a program of version 15 or later had worked out of the decisions: labels and tags.
INSERT INTO label(solution, step, rating, origin, names, events, at, replaced, replaced_origin) VALUES
  ('364b8e060a3574bbd403b1d19787ad1e', 1, 1, 'reviewer', 'bo', '00000000-0000-4000-8000-000000000009', 1700000009000, NULL, NULL),
  ('e190d84d76301b3097d1b34fd806b872', 1, 1, 'reviewer', 'ana', '00000000-0000-4000-8000-000000000001', 1700000001000, NULL, NULL),
  ('e190d84d76301b3097d1b34fd806b872', 2, -1, 'adjudication', 'lead', '00000000-0000-4000-8000-000000000020', 1700000020000, NULL, NULL);
UPDATE solution SET imported = '+--', origins = 'rai' WHERE key = 'e190d84d76301b3097d1b34fd806b872';
UPDATE solution SET imported = '++', origins = 'ri' WHERE key = '364b8e060a3574bbd403b1d19787ad1e';
INSERT INTO tag(solution, name, reviewer, event, at) VALUES
  ('364b8e060a3574bbd403b1d19787ad1e', 'second-look', 'lead', '00000000-0000-4000-8000-000000000041', 1700000040001),
  ('e190d84d76301b3097d1b34fd806b872', 'second-look', 'lead', '00000000-0000-4000-8000-000000000040', 1700000040000);
INSERT INTO decision(reviewer, at, uuid, undone_at, undone_by) VALUES
  ('lead', 1700000040000, '00000000-0000-4000-8000-000000000040', NULL, NULL),
  ('lead', 1700000040001, '00000000-0000-4000-8000-000000000041', NULL, NULL);
UPDATE review SET at = 1700000040000 WHERE solution = 'e190d84d76301b3097d1b34fd806b872' AND reviewer = 'lead';
UPDATE review SET at = 1700000040001 WHERE solution = '364b8e060a3574bbd403b1d19787ad1e' AND reviewer = 'lead';
