#!/usr/bin/env python3
"""Measures of agreement, compared with krippendorff, scikit-learn and statsmodels on random reviews."""

import json
import os
import random
import subprocess
import sys
import uuid

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "EndToEnd"))

from support.engines import python
from support.harness import check, environment, equal, main, program, scratch, workspace

NO_ERROR = 999

# Reads tables (a list of units, each with one value or null per rater) and shows what the packages say.
PACKAGES = """
import json, sys, warnings
import numpy as np
import krippendorff
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa
warnings.simplefilter("ignore")

def alpha(units, level):
    data = np.array([[np.nan if v is None else float(v) for v in unit] for unit in units]).T
    return float(krippendorff.alpha(reliability_data=data, level_of_measurement=level))

def pairs(units):
    found = {}
    for a in range(len(units[0])):
        for b in range(a + 1, len(units[0])):
            both = [(u[a], u[b]) for u in units if u[a] is not None and u[b] is not None]
            if both:
                x, y = zip(*both)
                found[f"{a},{b}"] = (len(both), sum(p == q for p, q in both), float(cohen_kappa_score(x, y)))
    return found

def fleiss(units):
    whole = [u for u in units if None not in u]
    return float(fleiss_kappa(aggregate_raters(np.array(whole))[0])) if whole else None

def interval(units, clusters, samples):
    by = {}
    for unit, cluster in zip(units, clusters):
        by.setdefault(cluster, []).append(unit)
    groups = list(by.values())
    dice = np.random.default_rng(1)
    found = []
    for _ in range(samples):
        drawn = [u for i in dice.integers(len(groups), size=len(groups)) for u in groups[i]]
        try:
            found.append(alpha(drawn, "nominal"))
        except ValueError:
            pass
    return [float(v) for v in np.percentile(found, [2.5, 97.5])]

for line in sys.stdin:
    task = json.loads(line)
    units = task["units"]
    told = {"nominal": alpha(units, "nominal"), "ordinal": alpha(units, "ordinal"), "pairs": pairs(units),
            "fleiss": fleiss(units)}
    if task.get("samples"):
        told["interval"] = interval(units, task["clusters"], task["samples"])
    print(json.dumps(told))
"""


def packages(tasks):
    done = subprocess.run(
        [python("statistics"), "-c", PACKAGES], input="".join(json.dumps(task) + "\n" for task in tasks), text=True,
        capture_output=True, env=environment(), timeout=600)
    check(done.returncode == 0, done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


def reviews(dice, keys, raters, skill, missing, stops=True):
    """Verdicts of reviewers who go through solutions step by step: {key: {rater: {step: rating}}}."""
    found = {}
    for key, count in keys.items():
        truth = {step: dice.choice((1, 1, 1, 0, -1)) for step in range(1, count + 1)}
        for rater in range(raters):
            if dice.random() < missing:
                continue
            for step in range(1, count + 1):
                if dice.random() < missing / 3:
                    break
                rating = truth[step] if dice.random() < skill[rater] else dice.choice((1, 0, -1))
                found.setdefault(key, {}).setdefault(rater, {})[step] = rating
                if stops and rating == -1:
                    break
    return found


def write(verdicts, name):
    """A file of events with these verdicts."""
    path = scratch(name + ".jsonl")
    at = 1_700_000_000_000
    with open(path, "w") as file:
        file.write('{"format":"deepcritic-reviews","version":1}\n')
        for key, raters in verdicts.items():
            for rater, steps in raters.items():
                for step, rating in steps.items():
                    at += 1000
                    file.write(json.dumps({
                        "uuid": str(uuid.UUID(int=at * 1000 + rater)), "solution": key, "step": step, "kind": "verdict",
                        "value": str(rating), "reviewer": f"r{rater}", "at": at, "mode": "audit"}) + "\n")
    return path


def tables(verdicts, keys, raters):
    """The three tables that the program must make of the verdicts, with the solution of each unit."""
    judgement, rating, errors, clusters, whole = [], [], [], [], []
    for key, found in verdicts.items():
        for step in range(1, keys[key] + 1):
            row = [found.get(rater, {}).get(step) for rater in range(raters)]
            if sum(value is not None for value in row) > 1:
                rating.append(row)
                judgement.append([None if value is None else (-1 if value == -1 else 1) for value in row])
                clusters.append(key)
        row = []
        for rater in range(raters):
            steps = found.get(rater, {})
            error = min((step for step, value in steps.items() if value == -1), default=None)
            finished = all(step in steps for step in range(1, (error or keys[key]) + 1))
            row.append((error or NO_ERROR) if finished and steps else None)
        if sum(value is not None for value in row) > 1:
            errors.append(row)
            whole.append(key)
    return {"judgement": judgement, "rating": rating, "firstError": errors}, {
        "judgement": clusters, "rating": clusters, "firstError": whole}


def near(actual, expected, what, tolerance=1e-9):
    value = None if actual is None else actual["value"]
    if expected is None or expected != expected:
        return
    check(value is not None and abs(value - expected) <= tolerance, f"{what}: expected {expected}, got {value}")


def solutions(name, count, dice):
    path = scratch(name + ".json")
    rows = [{"id": f"s{i}", "generator": "none", "problem": f"Problem {i}?", "steps": [
        f"Step {k} of {i}." for k in range(dice.randint(2, 7))], "final_answer_correct": True, "label": -1}
        for i in range(count)]
    with open(path, "w") as file:
        json.dump(rows, file)
    folder = workspace(name, path)
    listed = [json.loads(line) for line in program("-w", folder, "list", "--json").stdout.splitlines()]
    return folder, {row["key"]: len(row["labels"]) for row in listed}


def random_tables_agree():
    compared = 0
    for seed, (raters, missing, stops) in enumerate(
            [(2, 0.0, True), (2, 0.3, True), (3, 0.0, False), (3, 0.4, True), (5, 0.2, True), (4, 0.0, False), (6, 0.6, True)]):
        dice = random.Random(seed)
        folder, keys = solutions(f"random{seed}", 60, dice)
        verdicts = reviews(dice, keys, raters, [dice.uniform(0.3, 0.95) for _ in range(raters)], missing, stops)
        program("-w", folder, "import", "--quiet", write(verdicts, f"reviews{seed}"))
        told = json.loads(program("-w", folder, "agreement", "--json", "--samples", "0").stdout)
        units, _ = tables(verdicts, keys, raters)
        names = list(units)
        for name, expected in zip(names, packages([{"units": units[name]} for name in names])):
            found = told[name]
            what = f"{name} of {raters} reviewers (seed {seed})"
            equal(found["units"], len(units[name]), f"units, {what}")
            near(found.get("nominal"), expected["nominal"], f"nominal alpha, {what}")
            near(found.get("ordinal"), expected["ordinal"], f"ordinal alpha, {what}")
            for pair in found["pairs"]:
                place = f"{int(pair['first'][1:])},{int(pair['second'][1:])}"
                count, same, kappa = expected["pairs"][place]
                equal((pair["units"], pair["same"]), (count, same), f"pair {place}, {what}")
                near(pair.get("kappa"), kappa, f"Cohen's kappa of {place}, {what}")
            equal(len(found["pairs"]), len(expected["pairs"]), f"pairs, {what}")
            pairs = [(count, kappa) for count, _, kappa in expected["pairs"].values() if kappa == kappa]
            if len(pairs) == len(expected["pairs"]):
                mean = sum(count * kappa for count, kappa in pairs) / sum(count for count, _ in pairs)
                near(found.get("cohen"), mean, f"mean of Cohen's kappa by units, {what}")
            # statsmodels wants as many ratings of each unit.
            if expected["fleiss"] is not None and all(None not in unit for unit in units[name]):
                near(found.get("fleiss"), expected["fleiss"], f"Fleiss' kappa, {what}")
                compared += 1
    check(compared >= 4, f"only {compared} tables without gaps")


def intervals_match_resampling_of_solutions():
    dice = random.Random(99)
    folder, keys = solutions("intervals", 120, dice)
    verdicts = reviews(dice, keys, 3, [0.9, 0.7, 0.8], 0.1)
    program("-w", folder, "import", "--quiet", write(verdicts, "reviews-intervals"))
    told = json.loads(program("-w", folder, "agreement", "--json", "--samples", "2000").stdout)
    units, clusters = tables(verdicts, keys, 3)
    expected = packages(
        [{"units": units[name], "clusters": clusters[name], "samples": 600} for name in ("judgement", "rating")])
    for name, one in zip(("judgement", "rating"), expected):
        found = told[name]["nominal"]
        for end, value in zip(("low", "high"), one["interval"]):
            check(abs(found[end] - value) < 0.03, f"{end} end of {name}: expected {value}, got {found[end]}")


if __name__ == "__main__":
    main(random_tables_agree, intervals_match_resampling_of_solutions)
