-- A chosen sample, a critique written by a person, a corrected step; a choice that was undone.
INSERT INTO event(uuid, solution, step, kind, value, note, basis, reviewer, at, elapsed, mode, target) VALUES
  ('00000000-0000-4000-8000-000000000030', 'e190d84d76301b3097d1b34fd806b872', 2, 'choice', 'use', NULL, 'deep:2:6e4bac2b7aa532111aac8785123980cd', 'ana', 1700000030000, NULL, 'audit', NULL),
  ('00000000-0000-4000-8000-000000000031', 'e190d84d76301b3097d1b34fd806b872', 2, 'edit', 'Five and four make nine: the step is wrong. \boxed{-1}', NULL, 'merged:2:22d78900a338e5ae58ed809b3b2968e8', 'lead', 1700000031000, NULL, 'audit', NULL),
  ('00000000-0000-4000-8000-000000000032', 'e190d84d76301b3097d1b34fd806b872', 2, 'correction', '5 + 4 = 9.', NULL, NULL, 'lead', 1700000032000, NULL, 'audit', NULL),
  ('00000000-0000-4000-8000-000000000033', 'e190d84d76301b3097d1b34fd806b872', 1, 'choice', 'use', NULL, 'deep:1:04febf1abd6baf1c5296885fe87b23c7', 'bo', 1700000033000, NULL, 'audit', NULL),
  ('00000000-0000-4000-8000-000000000034', 'e190d84d76301b3097d1b34fd806b872', 1, 'undo', '', NULL, NULL, 'bo', 1700000034000, NULL, 'audit', '00000000-0000-4000-8000-000000000033');
