-- A saved queue, and a reservation that has long run out.
INSERT INTO saved_queue(name, filter, sort, mode, quota, overlap, gold_rate, seed) VALUES
  ('monday', 'state:todo steps>1', 'random', 'blind', 20, 2, 0.1, 7);
INSERT INTO reservation(solution, reviewer, session, host, process, until) VALUES
  ('e190d84d76301b3097d1b34fd806b872', 'ana', 's', 'elsewhere', 1, 1700000000000);
