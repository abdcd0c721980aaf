-- What a program of version 17 or later had worked out of them: by logical time.
INSERT INTO decision(reviewer, clock, uuid, undone_clock, undone_by) VALUES
  ('cy', 1900000000000, '00000000-0000-4000-8000-000000000050', NULL, NULL),
  ('cy', 1900000000001, '00000000-0000-4000-8000-000000000051', NULL, NULL);
