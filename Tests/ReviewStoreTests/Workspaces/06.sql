-- A solution imported into the changed search index.
UPDATE solution SET problem = 8087380492792381019, prompt_size = 15 WHERE id = 3;
