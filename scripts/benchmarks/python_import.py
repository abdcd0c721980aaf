#!/usr/bin/env python3
"""The peer of `deepcritic import`: the same work in Python, with orjson and sqlite3, written to be fast.

    python_import.py SCHEMA.sql FILE.jsonl OUT.sqlite    imports
    python_import.py --schema DATABASE SETTINGS.sql      prints SCHEMA.sql: the settings and the tables of a database
    python_import.py --texts FILE.jsonl OUT              writes the search texts, for floor.c

Same rows, same indexes, same search index, same settings, same size of a transaction. The PRM800K rules are those of
Sources/DatasetFormats/Formats/PRM800K.swift, less the error messages. `scripts/bench` compares the tables of the two.
"""

import re
import sqlite3
import struct
import sys
import time
from functools import lru_cache
from hashlib import sha256

import orjson

BYTES_PER_TRANSACTION = 20 << 20
SIGNS = {1: "+", 0: "0", -1: "-", None: "."}
SPELLED = {1: b"1", 0: b"0", -1: b"-1", None: b""}
REASONS = {"found_error", "solution", "bad_problem", "give_up", None}
length = struct.Struct("<Q").pack
# Sources/ReviewStore/SearchWords.swift: lower case, and a blank for every ASCII character that is in no word.
FOLDED = bytes(byte if byte >= 0x80 or chr(byte).isalnum() else 0x20 for byte in bytes(range(256)).lower())


def path_step(step):
    """The text and rating on the solution's path; None for a step that holds nothing."""
    completions = step.get("completions") or ()
    chosen = step.get("chosen_completion")
    human = step.get("human_completion")
    if chosen is not None:
        completion = completions[chosen]
    elif human is not None:
        completion = human if isinstance(human, dict) else {"text": human}
    elif completions:
        completion = completions[0]
    else:
        return None
    return completion["text"], completion.get("rating")


def solution(record):
    question = record["question"]
    label = record["label"]
    texts = []
    ratings = []
    for step in label["steps"]:
        found = path_step(step)
        if found is not None:
            texts.append(found[0])
            ratings.append(found[1])
    generated = question.get("pre_generated_steps") or ()
    if len(generated) > len(texts) and (not texts or texts[-1] == generated[len(texts) - 1]):
        ratings += [None] * (len(generated) - len(texts))
        texts += generated[len(texts):]
    if label.get("finish_reason") not in REASONS:
        raise ValueError("finish_reason")
    return question["problem"], texts, ratings


def solution_key(problem, texts, ratings, answer):
    encoded = problem.encode()
    parts = [length(len(encoded)), encoded]
    if not texts:
        encoded = (answer or "").encode()
        parts += (length(len(encoded)), encoded)
    for text, rating in zip(texts, ratings):
        encoded = text.encode()
        spelled = SPELLED[rating]
        parts += (length(len(encoded)), encoded, length(len(spelled)), spelled)
    return sha256(b"".join(parts)).digest()[:16]


def first_error(ratings):
    if -1 in ratings:
        return ratings.index(-1) + 1
    return -1 if ratings and None not in ratings else None


# Sources/ReviewStore/ProblemText.swift.
PIECES = re.compile(
    rb"\\([A-Za-z]+)|\\(.?)|([.,])|[\x00-\x20\x7f${}?;:~]+|([^\\\x00-\x20\x7f${}.?,;:~]+)", re.S)
SILENT = frozenset(b"left right displaystyle textstyle quad qquad big Big bigg Bigg text mathrm mbox".split())


# Phase 2 has about eight solutions to a problem.
@lru_cache(maxsize=1024)
def problem_hash(problem):
    encoded = problem.encode()
    out = bytearray()
    for piece in PIECES.finditer(encoded):
        command, escaped, mark, plain = piece.groups()
        if plain is not None:
            out += plain.lower()
        elif command is not None:
            if command in (b"dfrac", b"tfrac"):
                out += b"frac"
            elif command not in SILENT:
                out += command.lower()
        elif escaped is not None:
            if escaped in (b"%", b"|"):
                out += escaped
        elif mark is not None and out[-1:].isdigit() and encoded[piece.end():piece.end() + 1].isdigit():
            out += mark
    return int.from_bytes(sha256(out or encoded).digest()[:8], "big", signed=True)


def prompt_size(problem, texts):
    size = len(problem) + 2 * max(len(texts) - 1, 0)
    for number, text in enumerate(texts, 1):
        text = text.strip()
        heading = f"Step {number}:"
        size += len(text) if text.startswith(heading) else len(text) + len(heading) + 1
    return size


def excerpt(problem):
    return " ".join(problem[:160].split())


def words(text):
    """The distinct words, as our import gives them to the search index.

    `import_file` gives it the whole texts: the index comes out the same, and in Python finding the words takes more
    time than it saves SQLite."""
    return b" ".join(dict.fromkeys(text.encode().translate(FOLDED).split()))


def rows(path, stem):
    """For each line: the values of the record, the solution and the search row."""
    with open(path, "rb", buffering=1 << 20) as lines:
        for number, raw in enumerate(lines, 1):
            raw = raw.rstrip()
            if not raw:
                continue
            record = orjson.loads(raw)
            problem, texts, ratings = solution(record)
            question = record["question"]
            digest = sha256(orjson.dumps(record, option=orjson.OPT_SORT_KEYS)).digest()[:16]
            key = solution_key(problem, texts, ratings, question.get("ground_truth_answer"))
            screening = (
                record.get("is_quality_control_question") or record.get("is_initial_screening_question")
                or record.get("generation") == -1)
            yield (
                number, raw, digest, key, f"{stem}-{number}", excerpt(problem), len(texts),
                "".join([SIGNS[rating] for rating in ratings]), first_error(ratings),
                record["label"].get("finish_reason"), 1 if screening else 0, problem_hash(problem), prompt_size(problem, texts),
                "\n".join((problem, *texts)))


def import_file(schema, path, out):
    db = sqlite3.connect(out, isolation_level=None)
    db.executescript(open(schema).read())
    key_is_text = dict((r[1], r[2]) for r in db.execute("PRAGMA table_info(solution)"))["key"] == "TEXT"
    db.execute(
        "INSERT INTO import(path, format, started_at, program_version) VALUES (?,?,?,?)",
        (path, "prm800k", int(time.time() * 1000), ""))
    import_id = db.execute("SELECT max(id) FROM import").fetchone()[0]
    # What already exists is known from two sets; a statement per row to ask for it would be slower.
    hashes = {row[0] for row in db.execute("SELECT hash FROM record")}
    ids = dict(db.execute("SELECT key, id FROM solution"))
    record_id = db.execute("SELECT coalesce(max(id), 0) FROM record").fetchone()[0]
    solution_id = db.execute("SELECT coalesce(max(id), 0) FROM solution").fetchone()[0]
    counts = dict(records=0, added=0, already=0)
    stem = path.rsplit("/", 1)[-1].split(".")[0]
    records, solutions, search, further = [], [], [], []

    def commit():
        db.execute("BEGIN IMMEDIATE")
        db.executemany(
            "INSERT INTO record(id, import_id, line, format, hash, raw) VALUES (?,?,?,?,?,?)", records)
        db.executemany(
            "INSERT INTO solution(id, key, record_id, ordinal, import_id, format, name, excerpt, steps, ratings,"
            " first_error, finish_reason, screening, problem, prompt_size) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)", solutions)
        db.executemany("INSERT INTO search(rowid, words) VALUES (?,?)", search)
        db.executemany("INSERT OR IGNORE INTO further_record(solution_id, record_id, ordinal) VALUES (?,?,?)", further)
        db.execute("COMMIT")
        for batch in (records, solutions, search, further):
            batch.clear()

    size = 0
    for (number, raw, digest, key, name, text, steps, ratings, first, reason, screening, problem, prompt,
         found) in rows(path, stem):
        counts["records"] += 1
        if digest in hashes:
            counts["already"] += 1
            continue
        hashes.add(digest)
        record_id += 1
        records.append((record_id, import_id, number, "prm800k", digest, raw))
        if key_is_text:
            key = key.hex()
        if key in ids:
            further.append((ids[key], record_id, 0))
        else:
            solution_id += 1
            ids[key] = solution_id
            solutions.append(
                (solution_id, key, record_id, 0, import_id, "prm800k", name, text, steps, ratings, first, reason, screening,
                 problem, prompt))
            search.append((solution_id, found))
            counts["added"] += 1
        size += len(raw)
        if size >= BYTES_PER_TRANSACTION:
            commit()
            size = 0
    commit()
    db.execute(
        "UPDATE import SET finished_at = ?, records = ?, added = ?, already = ? WHERE id = ?",
        (int(time.time() * 1000), counts["records"], counts["added"], counts["already"], import_id))
    db.close()
    print(counts)


def write_texts(path, out):
    """A length (64 bits, little-endian) and the distinct words for each line."""
    with open(out, "wb", buffering=1 << 20) as file:
        for row in rows(path, "x"):
            encoded = words(row[-1])
            file.write(length(len(encoded)))
            file.write(encoded)


def print_schema(database, settings):
    db = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    print(f"PRAGMA page_size={db.execute('PRAGMA page_size').fetchone()[0]};")
    print(open(settings).read())
    # The search tables make their own tables.
    for (sql,) in db.execute(
        "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'search\\__%' ESCAPE '\\'"
        " AND (name NOT LIKE 'critique\\_search\\_%' ESCAPE '\\' OR sql LIKE '%critique_search_part%' OR sql LIKE '%critique_search_state%')"
        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid"):
        print(sql + ";")
    for name, value in db.execute("SELECT k, v FROM search_config WHERE k <> 'version'"):
        print(f"INSERT INTO search(search, rank) VALUES('{name}', {value});")


if __name__ == "__main__":
    if sys.argv[1] == "--texts":
        write_texts(*sys.argv[2:])
    elif sys.argv[1] == "--schema":
        print_schema(*sys.argv[2:])
    else:
        import_file(*sys.argv[1:])
