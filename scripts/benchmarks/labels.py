"""Throughput of the grading pool: one worker and two, on pairs that need the library.

    labels.py PROGRAM PYTHON [--check]
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time

PAIRS = 1500
LIMIT = 1.7


def pairs():
    """Answers of the usual kinds, all different, so that neither text nor library finds one it knows."""
    chance = random.Random(1)
    made = []
    for number in range(PAIRS):
        a, b = chance.randint(2, 999), chance.randint(2, 999)
        made.append([
            (f"\\frac{{{a}}}{{{b}}}", f"{2 * a}/{2 * b}"), (f"{a}x+{b}", f"{b}+{a}x"), (f"\\sqrt{{{a * a * b}}}", f"{a}\\sqrt{{{b}}}"),
            (f"({a},{b})", f"({b},{a})"), (f"x^2+{2 * a}x+{a * a}", f"(x+{a})^2"), (f"{a}.5", f"\\frac{{{2 * a + 1}}}{{2}}"),
        ][number % 6])
    return made


def seconds(program, python, file, workers):
    began = time.monotonic()
    done = subprocess.run(
        [program, "grade", "--file", file, "--workers", str(workers), "--python", python], capture_output=True, check=True)
    assert len(done.stdout.splitlines()) == PAIRS
    return time.monotonic() - began


def main():
    program, python = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "pairs.jsonl")
        with open(file, "w") as out:
            out.writelines(json.dumps({"gold": gold, "answer": answer}) + "\n" for gold, answer in pairs())
        # In turn, so that whatever else the machine does meets both.
        times = {1: [], 2: []}
        for _ in range(3):
            for workers in times:
                times[workers].append(seconds(program, python, file, workers))
    one, two = (sorted(times[workers])[1] for workers in (1, 2))
    print(f"grading {PAIRS} pairs: one worker {PAIRS / one:.0f}/s, two {PAIRS / two:.0f}/s, "
          f"{one / two:.2f} times (at least {LIMIT}); start included")
    if "--check" in sys.argv and one / two < LIMIT:
        sys.exit(1)


if __name__ == "__main__":
    main()
