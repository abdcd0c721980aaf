-- What can be undone, by reviewer; as it was worked out then.
INSERT INTO decision(reviewer, at, uuid, undone_at, undone_by) VALUES
  ('ana', 1700000001000, '00000000-0000-4000-8000-000000000001', NULL, NULL),
  ('bo', 1700000003000, '00000000-0000-4000-8000-000000000003', 1700000004000, '00000000-0000-4000-8000-000000000004');
