-- An item with a known label in a reviewer's queue.
INSERT INTO gold_item(solution, reviewer, at) VALUES
  ('364b8e060a3574bbd403b1d19787ad1e', 'ana', 1700000130000);
