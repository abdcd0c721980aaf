-- What an import sets on its connection (Sources/ReviewStore: Workspace.swift, ImportWriter.swift). The Python program
-- and the floor run the same lines.
PRAGMA journal_mode=WAL;
PRAGMA synchronous=NORMAL;
PRAGMA cache_size=-32768;
PRAGMA temp_store=MEMORY;
PRAGMA mmap_size=268435456;
PRAGMA wal_autocheckpoint=4096;
