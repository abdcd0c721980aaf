#!/usr/bin/env python3
"""Runs the measurements for scripts/bench and prints the table. Standard library only.

    measure.py all PROGRAM FOLDER FILE.jsonl ROUNDS [--check]
    measure.py clone REPOSITORY CACHE [--check]
"""

import json
import os
import platform
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def say(text):
    print(text, file=sys.stderr, flush=True)


def timed(arguments):
    """Seconds by the wall clock, CPU seconds, and peak resident memory in bytes of one process; its output."""
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(arguments, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode != 0:
        sys.exit(f"{' '.join(arguments)}\nended with {process.returncode}:\n{text}")
    unit = 1 if sys.platform == "darwin" else 1024
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit, text


def remove(path):
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(path + suffix):
            os.remove(path + suffix)


def settle():
    """Waits for what the last program left to the kernel, and for the disk to be rid of deleted files (with the mount
    option `discard` that takes seconds), so that the next program does not pay for it."""
    os.sync()
    time.sleep(4)
    os.sync()


def same_rows(ours, theirs):
    """Whether two databases have the same records, solutions and search index; what differs, if not."""
    db = sqlite3.connect(f"file:{ours}?mode=ro", uri=True)
    db.execute("ATTACH ? AS other", (f"file:{theirs}?mode=ro",))
    columns = {
        "record": "id, line, format, hash, raw",
        "solution": "id, key, record_id, ordinal, format, name, excerpt, steps, ratings, first_error, finish_reason, screening,"
        " problem, prompt_size"}
    for table, names in columns.items():
        for one, two in (("main", "other"), ("other", "main")):
            row = db.execute(f"SELECT {names} FROM {one}.{table} EXCEPT SELECT {names} FROM {two}.{table} LIMIT 1").fetchone()
            if row:
                return f"{table}: {str(row)[:300]} only in {one}"
    for word in ("equation", "sqrt", "isosceles", "42", "counter*"):
        counts = [
            db.execute(f"SELECT count(*) FROM {name}.search WHERE search MATCH ?", (word,)).fetchone()[0]
            for name in ("main", "other")]
        if counts[0] != counts[1] or counts[0] == 0:
            return f"search for {word}: {counts}"
    return None


def measure_imports(program, folder, file, rounds):
    """Ours, Python's and the floor's in turn; the databases are left for what follows."""
    workspace = os.path.join(folder, "workspace")
    database = os.path.join(workspace, "workspace.sqlite")
    python_db = os.path.join(folder, "python.sqlite")
    floor_db = os.path.join(folder, "floor.sqlite")
    schema = os.path.join(folder, "schema.sql")
    ours, theirs, floors = [], [], []
    for number in range(rounds):
        # Each of the three starts in the same way: its last database is deleted, then the disk comes to rest.
        shutil.rmtree(workspace, ignore_errors=True)
        timed([program, "init", workspace])
        with open(schema, "w") as out:
            subprocess.run(
                [sys.executable, os.path.join(HERE, "python_import.py"), "--schema", database,
                 os.path.join(HERE, "settings.sql")], stdout=out, check=True)
        settle()
        ours.append(timed([program, "-w", workspace, "import", "--quiet", file]))
        remove(python_db)
        settle()
        theirs.append(timed([sys.executable, os.path.join(HERE, "python_import.py"), schema, file, python_db]))
        remove(floor_db)
        settle()
        floor = timed([os.path.join(folder, "floor"), schema, database, file + ".texts", floor_db])
        floors.append(float(floor[3]))
        say(
            f"round {number + 1}: deepcritic {ours[-1][0]:.2f} s (CPU {ours[-1][1]:.2f}), "
            f"Python {theirs[-1][0]:.2f} s (CPU {theirs[-1][1]:.2f}), floor {floors[-1]:.2f} s")
        if number == 0:
            difference = same_rows(database, python_db)
            if difference:
                sys.exit(f"deepcritic and Python did not store the same: {difference}")
            say("deepcritic and Python stored the same rows and search index")
    for path in (python_db, floor_db):
        remove(path)
    return workspace, ours, theirs, floors


def machine():
    model = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo") as info:
            model = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), model)
    except OSError:
        pass
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{os.cpu_count()} cores, {model}; {platform.system()} {platform.release()}; SQLite {sqlite3.sqlite_version}, "
        f"Python {platform.python_version()}; load before: {load}")


class Table:
    def __init__(self):
        self.rows = []
        self.over = False

    def add(self, name, measured, unit, limit=None, at_least=False, note=""):
        shown = f"{measured:.2f}" if isinstance(measured, float) and measured < 100 else f"{measured:.0f}"
        verdict, bound = "", ""
        if limit is not None:
            over = measured < limit if at_least else measured > limit
            self.over |= over
            verdict = "OVER LIMIT" if over else "ok"
            bound = f"{'≥' if at_least else '≤'} {limit:g}"
        self.rows.append((name, f"{shown} {unit}".strip(), bound, verdict, note))

    def show(self):
        widths = [max(len(row[i]) for row in self.rows) for i in range(4)]
        for row in self.rows:
            print(
                f"{row[0]:{widths[0]}}  {row[1]:>{widths[1]}}  {row[2]:>{widths[2]}}  {row[3]:{widths[3]}}  {row[4]}".rstrip())


def everything(program, folder, file, rounds):
    facts = machine()
    megabytes = os.path.getsize(file) / 1e6
    with open(file, "rb") as lines:
        count = sum(1 for _ in lines)
    workspace, ours, theirs, floors = measure_imports(program, folder, file, rounds)
    settle()
    say("Measuring frames and keys")
    result = json.loads(subprocess.run(
        [sys.executable, os.path.join(HERE, "pty_latency.py"), "--json", program, workspace],
        stdout=subprocess.PIPE, check=True).stdout)

    median = statistics.median
    import_time, python_time, floor_time = median(o[0] for o in ours), median(t[0] for t in theirs), median(floors)
    table = Table()
    table.add("import", import_time, "s", note=f"{count} solutions, {megabytes:.0f} MB; CPU {median(o[1] for o in ours):.1f} s")
    table.add("import, Python", python_time, "s", note=f"orjson, sqlite3, executemany; CPU {median(t[1] for t in theirs):.1f} s")
    table.add("import, SQLite's floor", floor_time, "s", note="rows ready in memory, C interface")
    table.add("import: times as fast as Python", python_time / import_time, "", 1.5, at_least=True)
    table.add("import: times the floor", import_time / floor_time, "", 1.3)
    table.add("import: peak memory", max(o[2] for o in ours) / 1e6, "MB", 300)
    frame = result["first_frame"]
    table.add("first frame, median", frame["median_ms"], "ms", 100, note=f"{frame['runs']} starts, max {frame['max_ms']} ms")
    mixed = result["first_frame_gold"]
    table.add(
        "first frame, known items mixed in", mixed["median_ms"], "ms", 100,
        note=f"{mixed['runs']} starts, max {mixed['max_ms']} ms")
    for kind in result["keys"]:
        if not kind["keys"]:
            table.add(kind["name"], 0, "keys", 1, at_least=True)
            continue
        table.add(
            f"{kind['name']}, p99", kind["p99_ms"], "ms", 50 if "search" in kind["name"] else 16,
            note=f"{kind['keys']} keys, median {kind['median_ms']} ms, max {kind['max_ms']} ms")
        if ": j, k" in kind["name"]:
            table.add(
                f"{kind['name']}, most bytes", kind["max_bytes"], "B", 400, note=f"mean {kind['mean_bytes']} B")
    synced = result["fsync"]
    table.add("write and sync of 8 KiB, median", synced["median_ms"], "ms", note=f"p99 {synced['p99_ms']} ms; part of every durable key")
    print(facts)
    print(f"medians of {rounds} rounds, ours, Python and floor in turn; the page cache is warm (dropping it needs root)")
    table.show()
    return table.over


def clone(repository, cache):
    os.makedirs(cache, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="clone-") as folder:
        # Nothing downloaded or built before may help.
        os.environ["XDG_CACHE_HOME"] = os.path.join(folder, "cache")
        os.environ["XDG_DATA_HOME"] = os.path.join(folder, "data")
        target = os.path.join(folder, "deepcritic")
        facts = machine()
        seconds = timed(["git", "clone", "--quiet", "--no-local", repository, target])[0]
        shown = subprocess.run(
            [sys.executable, os.path.join(HERE, "pty_latency.py"), "--first-frame-of", "scripts/run", target],
            stdout=subprocess.PIPE, text=True)
        if shown.returncode != 0:
            sys.exit("scripts/run showed no screen")
        table = Table()
        table.add("fresh clone to first screen", (seconds + float(shown.stdout)) / 60, "min", 10, note="downloads included")
        print(facts)
        table.show()
        return table.over


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--check"]
    if arguments[0] == "clone":
        over = clone(*arguments[1:])
    else:
        over = everything(*arguments[1:4], int(arguments[4]))
    if over:
        print("A figure is over its limit.")
    return 1 if over and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
