"""How long a feed of a million values takes: to be read in, to be listed again, and to be drawn.

    runs.py PROGRAM [--check]
"""

import json
import math
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

STEPS, LINES = 200_000, 5
# Seconds that each may take with --check, on a quiet machine of two cores.
LIMITS = {"read in": 10.0, "listed again": 0.3, "drawn": 0.6}


def write(folder):
    """A run with five lines of 200,000 values each."""
    os.makedirs(folder)
    entry = {
        "id": 0, "name": "rl-1", "stage": "rl", "engine": "trl", "launcher": "local", "model": "m", "dataset": "d", "spec": "",
        "programVersion": "bench", "at": 1, "feedOffset": 0, "badLines": 0, "step": 0}
    with open(os.path.join(folder, "run.json"), "w") as file:
        json.dump(entry, file)
    source = random.Random(2505)
    with open(os.path.join(folder, "feed.jsonl"), "w") as file:
        for step in range(1, STEPS + 1):
            values = {
                "reward": 0.4 + 0.4 * (1 - math.exp(-step / 50_000)) + source.gauss(0, 0.05), "loss": source.gauss(0, 0.01),
                "entropy": 2 - step / STEPS, "completions/mean_length": 300 + source.gauss(0, 20), "learning_rate": 1e-6}
            record = {"kind": "log", "attempt": 1, "at": 1e9 + step, "elapsed": float(step), "step": step, "values": values}
            file.write(json.dumps(record) + "\n")


def timed(*command):
    began = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def main():
    program = sys.argv[1]
    folder = tempfile.mkdtemp(prefix="deepcritic-bench-runs-")
    try:
        path = os.path.join(folder, "audit")
        subprocess.run([program, "init", path], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        write(os.path.join(path, "runs", "rl-1"))
        took = {"read in": timed(program, "-w", path, "runs")}
        took["listed again"] = min(timed(program, "-w", path, "runs") for _ in range(5))
        took["drawn"] = min(
            timed(program, "-w", path, "runs", "chart", "rl-1", "--metric", "reward", "--smooth", "0.9", "--width", "200")
            for _ in range(5))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"a feed of {STEPS * LINES:,} values")
    for name, seconds in took.items():
        print(f"  {name:14} {seconds:6.2f} s")
    if "--check" in sys.argv:
        slow = [name for name, seconds in took.items() if seconds > LIMITS[name]]
        if slow:
            sys.exit("too slow: " + ", ".join(slow))


if __name__ == "__main__":
    main()
