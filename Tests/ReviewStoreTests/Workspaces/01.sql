-- Two solutions and a problem, with critiques of the first as they were imported.
INSERT INTO import(id, path, format, started_at, finished_at, bytes, records, added, already, bad, program_version) VALUES
  (1, 'small.jsonl', 'generic', 1700000000000, 1700000000005, 223, 3, 2, 0, 1, '0.1.0'),
  (2, 'problem.jsonl', 'problems', 1700000000006, 1700000000009, 43, 1, 1, 0, 0, '0.1.0');
INSERT INTO bad_record(import_id, line, reason, remedy) VALUES
  (1, 3, 'it is no JSON', 'Mend the line.');
INSERT INTO record(id, import_id, line, format, hash, raw) VALUES
  (1, 1, 1, 'generic', X'f3164fb34413d751dc8bb111262f2670', CAST('{"id":"sum","problem":"What is 2 + 3 + 4?","steps":["2 + 3 = 5.","5 + 4 = 10.","The answer is 10."],"labels":[1,-1,-1]}' AS BLOB)),
  (2, 1, 2, 'generic', X'6ab7bacdfcaef9ccf0cc6bc9b6c36972', CAST('{"id":"product","problem":"What is 3 * 4?","steps":["3 * 4 = 12.","The answer is 12."],"labels":[1,1]}' AS BLOB)),
  (3, 2, 1, 'problems', X'0c249343ce701f3c7b911158478888d9', CAST('{"problem":"What is 10 - 7?","answer":"3"}' AS BLOB));
INSERT INTO solution(id, key, record_id, ordinal, import_id, format, name, excerpt, steps, ratings, first_error, initial, deep, merged, disagreement) VALUES
  (1, 'e190d84d76301b3097d1b34fd806b872', 1, 0, 1, 'generic', 'sum', 'What is 2 + 3 + 4?', 3, '+--', 2, '++.', '+-.', '+-.', 1),
  (2, '364b8e060a3574bbd403b1d19787ad1e', 2, 0, 1, 'generic', 'product', 'What is 3 * 4?', 2, '++', -1, '', '', '', 0),
  (3, 'e6bd8f2491cb7d212757b6e877d60261', 3, 0, 2, 'problems', 'problem-1', 'What is 10 - 7?', 0, '', NULL, '', '', '', 0);
INSERT INTO search(rowid, words) VALUES
  (1, 'what is 2 3 4 5 10 the answer'),
  (2, 'what is 3 4 12 the answer'),
  (3, 'what is 10 7');
INSERT INTO critique(id, solution_id, stage, step, sample, judgement, text, record_id) VALUES
  (1, 1, 'initial', 1, 0, 1, 'Two and three make five. \boxed{1}', 1),
  (2, 1, 'initial', 2, 0, 1, 'Five and four make ten, it seems. \boxed{1}', 1),
  (3, 1, 'deep', 1, 0, 1, 'Counting again gives five. \boxed{1}', 1),
  (4, 1, 'deep', 2, 0, -1, 'Five and four make nine, not ten. \boxed{-1}', 1),
  (5, 1, 'merged', 1, 0, 1, 'The sum is right. \boxed{1}', 1),
  (6, 1, 'merged', 2, 0, -1, 'The step adds wrongly: nine is right. \boxed{-1}', 1),
  (7, 1, 'deep', 2, 1, -1, 'Nine, says another sample. \boxed{-1}', 1);
