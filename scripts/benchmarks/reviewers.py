#!/usr/bin/env python3
"""Measures statistics for scripts/bench: figures, agreement and conflicts of a large workspace. Standard library only.

    reviewers.py PROGRAM FOLDER COUNT ROUNDS [--check]
"""

import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import uuid
from statistics import median

HERE = os.path.dirname(os.path.abspath(__file__))
EVENTS = 10_000


def reviews(workspace, path):
    """A file of 10,000 verdicts of three reviewers who share their solutions and differ now and then."""
    dice = random.Random(11)
    database = sqlite3.connect(os.path.join(workspace, "workspace.sqlite"))
    rows = database.execute("SELECT key, ratings FROM solution WHERE steps > 0 ORDER BY id LIMIT 2000").fetchall()
    database.close()
    at, written = 1_700_000_000_000, 0
    with open(path, "w") as out:
        out.write('{"format":"deepcritic-reviews","version":1}\n')
        for key, ratings in rows:
            for name in ("ana", "bo", "rt"):
                for step, label in enumerate(ratings, 1):
                    if label == "." or written == EVENTS:
                        break
                    value = {"+": 1, "0": 0, "-": -1}[label]
                    value = -1 if dice.random() < 0.03 else value
                    at += dice.randint(2_000, 20_000)
                    written += 1
                    out.write(json.dumps({
                        "uuid": str(uuid.UUID(int=written)), "solution": key, "step": step, "kind": "verdict",
                        "value": str(value), "reviewer": name, "at": at, "elapsed": 4000,
                        "mode": "blind" if dice.random() < 0.5 else "audit"}) + "\n")
                    if value == -1:
                        break
    if written < EVENTS:
        sys.exit(f"only {written} verdicts: the workspace is too small")


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--check"]
    program, folder, count, rounds = arguments[0], arguments[1], int(arguments[2]), int(arguments[3])
    sys.path.insert(0, HERE)
    from curate import generate
    from measure import Table, machine, say, settle, timed

    with open(os.path.join(HERE, "curate.py"), "rb") as file:
        edition = hashlib.sha256(file.read()).hexdigest()[:8]
    data = os.path.join(folder, f"stages-{count}-{edition}.jsonl")
    if not os.path.exists(data):
        say(f"Generating {count} solutions with critiques")
        generate(data, count)
    workspace = os.path.join(folder, "reviewers")
    shutil.rmtree(workspace, ignore_errors=True)
    timed([program, "init", workspace])
    say("Importing them")
    timed([program, "-w", workspace, "import", "--quiet", data])
    log = os.path.join(folder, "reviewers.jsonl")
    reviews(workspace, log)
    timed([program, "-w", workspace, "import", "--quiet", log])

    commands = {
        "figures (one page)": ["stats", "--page", "reviewers"],
        "statistics, everything": ["stats", "--json"],
        "agreement, 1000 samples": ["agreement", "--json"],
        "conflicts": ["adjudicate", "--json"],
    }
    times = {name: [] for name in commands}
    memory = 0
    for _ in range(rounds):
        for name, command in commands.items():
            settle()
            took = timed([program, "-w", workspace, *command])
            times[name].append(took[0])
            memory = max(memory, took[2])
    table = Table()
    limits = {"figures (one page)": 1, "agreement, 1000 samples": 1, "conflicts": 0.5}
    for name, found in times.items(): table.add(name, median(found), "s", limits.get(name))
    table.add("peak memory", memory / 1e6, "MB", 300)
    print(machine())
    told = json.loads(subprocess.run([program, "-w", workspace, "stats", "--json"], stdout=subprocess.PIPE).stdout)
    print(f"{told['solutions']} solutions, {told['events']} events, "
          f"{told['review']['agreement']['judgement']['units']} steps rated by several; medians of {rounds} rounds")
    table.show()
    if table.over:
        print("A figure is over its limit.")
        return 1 if "--check" in sys.argv else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
