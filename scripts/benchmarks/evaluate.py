#!/usr/bin/env python3
"""Measures the scoring of critics: 3,400 rows with 8 transcripts of 3 KB each, from files to the table.

  evaluate.py measure PROGRAM DATA ROUNDS [--check]   the program beside the reference protocol in Python
  evaluate.py reference FILE...                       the reference protocol alone: reads, extracts, votes, prints
"""

import json
import os
import random
import re
import subprocess
import sys
import time
from collections import Counter

ROWS = 3400
SAMPLES = 8
CHARACTERS = 3000
RATIO = 3.0
BOOTSTRAP_SECONDS = 1.0


def extract(text):
    found = re.findall(r"\\boxed\{([^}]*)\}", text)
    return found[-1].strip() if found else None


def reference(files):
    """What the public evaluation scripts do with such rows."""
    error, correct = [], []
    for file in files:
        with open(file, encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                votes = [vote for vote in map(extract, row["generated_critique"]) if vote is not None]
                try:
                    prediction = int(Counter(votes).most_common(1)[0][0])
                except (IndexError, ValueError):
                    prediction = None
                (error if row["label"] != -1 else correct).append(prediction == row["label"])
    accuracies = [sum(side) / len(side) * 100 for side in (error, correct)]
    f1 = 2 * accuracies[0] * accuracies[1] / sum(accuracies)
    print(f"{len(error) + len(correct)} rows, error acc {accuracies[0]}, correct acc {accuracies[1]}, f1 {f1}")


def make(folder):
    """The two files of such a run; made once."""
    files = [os.path.join(folder, f"evaluate_{side}.jsonl") for side in ("error", "correct")]
    if all(map(os.path.exists, files)):
        return files
    chance = random.Random(1)
    words = ("the step claims that this equation follows from what was shown before and I redo it: both sides are divided "
             "by $\\frac{1}{2}$ which must not be zero so the case needs a check whether {x} holds \\(n\\) or not").split()
    outs = [open(file + ".part", "w", encoding="utf-8") for file in files]
    for number in range(ROWS):
        steps = [f"Step text {i} of row {number}." for i in range(chance.randint(3, 12))]
        label = -1 if number % 2 else chance.randrange(len(steps))
        texts = []
        for _ in range(SAMPLES):
            said = label if chance.random() < 0.6 else chance.randint(-1, len(steps) - 1)
            text = ""
            while len(text) < CHARACTERS:
                text += " ".join(chance.choices(words, k=60)) + "\n\n"
            texts.append(text + f"**Answer**: \\boxed{{{said}}}")
        row = {"id": f"row-{number}", "generator": "bench", "problem": f"Problem {number}", "steps": steps,
               "final_answer_correct": label < 0, "label": label, "generated_critique": texts}
        outs[0 if label != -1 else 1].write(json.dumps(row) + "\n")
    for out, file in zip(outs, files):
        out.close()
        os.rename(file + ".part", file)
    return files


def timed(command):
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=True)
    return time.perf_counter() - began, done.stdout.decode()


def measure(program, folder, rounds, check):
    files = make(folder)
    size = sum(map(os.path.getsize, files)) / 1e6
    ours = [program, "evaluate", "--print-only", "--strict-reference", "--index-base", "0", "--json", "--quiet",
            "--predictions", *files]
    theirs = [sys.executable, __file__, "reference", *files]
    table = [sys.executable, os.path.join(os.path.dirname(__file__), "../../Tests/EvaluationTests/Reference/reference_scores.py"),
             "strict", "0", *files]
    times = {"table": [], "python": [], "ours": [], "ours with 10,000 resamples": []}
    for _ in range(max(rounds, 3)):
        for name, command in (("table", table), ("python", theirs), ("ours", ours + ["--resamples", "1"]),
                              ("ours with 10,000 resamples", ours + ["--resamples", "10000"])):
            seconds, output = timed(command)
            times[name].append(seconds)
            if name == "table":
                continue
            if name == "python":
                expected = output
            else:
                score = json.loads(output)["sets"][0]["scores"]
                figures = (f"{ROWS} rows, error acc {score['error']['percent']}, correct acc "
                           f"{score['correct']['percent']}, f1 {score['f1']}")
                if figures != expected.strip():
                    sys.exit(f"the figures differ:\n  ours   {figures}\n  python {expected.strip()}")
    best = {name: min(values) for name, values in times.items()}
    ratio = best["table"] / best["ours"]
    bootstrap = best["ours with 10,000 resamples"] - best["ours"]
    print(f"{ROWS} rows of {SAMPLES} transcripts, {size:.0f} MB, the best of {max(rounds, 3)} rounds; the same figures to the last digit")
    print(f"  the same table in Python           {best['table']:6.3f} s   accuracies, F1 and best-of for every number of votes")
    print(f"  from the files to the table        {best['ours']:6.3f} s   {ratio:.1f} times as fast (at least {RATIO:.0f})")
    print(f"  one vote and its F1 in Python      {best['python']:6.3f} s   {best['python'] / best['ours']:.1f} times ours, which makes the whole table")
    print(f"  10,000 resamples on top            {bootstrap:6.3f} s   (at most {BOOTSTRAP_SECONDS:.0f} s)")
    if check and (ratio < RATIO or bootstrap > BOOTSTRAP_SECONDS):
        sys.exit(1)


if __name__ == "__main__":
    if sys.argv[1] == "reference":
        reference(sys.argv[2:])
    else:
        measure(sys.argv[2], sys.argv[3], int(sys.argv[4]), "--check" in sys.argv)
