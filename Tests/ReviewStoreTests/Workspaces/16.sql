-- Labels and critiques of an exported row.
INSERT INTO dataset(id, hash, kind, format, path, rows, settings, program_version, at) VALUES
  (2, 'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee', 'sft', 'messages', 'sets/two', 1, '{"seed":42}', '0.1.0', 1700000060000);
INSERT INTO dataset_row(dataset_id, split, number, solution, first_error, labels, critiques) VALUES
  (2, 'train', 1, 'e190d84d76301b3097d1b34fd806b872', 2, '+-.', '1:111111111111 2:222222222222');
