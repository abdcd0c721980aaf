-- The words of the first critiques are in the index.
INSERT INTO critique_search(rowid, words) VALUES
  (1048577, 'two and three make five counting again gives');
INSERT INTO critique_search_part(solution_id, parts) VALUES
  (1, 1);
UPDATE critique_search_state SET last = 3;
