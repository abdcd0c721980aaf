#!/usr/bin/env python3
"""The pocket critic in its short form: from problems to a trained critic with the commands of the program and TRL."""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "EndToEnd"))

from support.engines import offline_environment, python
from support.harness import PACKAGE, PROGRAM, Failure, check, equal, main, scratch

SCRIPT = os.path.join(PACKAGE, "scripts/pocket.d/main.py")
_result = None


def result():
    """What one quick run gave; it is run once."""
    global _result
    if _result is None:
        folder = scratch("pocket")
        done = subprocess.run(
            [python("trl"), SCRIPT, "--program", PROGRAM, "--quick", "--seeds", "1", "--out", folder], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=3600, env=offline_environment())
        if done.returncode:
            raise Failure(f"scripts/pocket ended with {done.returncode}:\n{done.stderr[-4000:]}")
        with open(os.path.join(folder, "results.json")) as file:
            _result = json.load(file)[0] | {"printed": done.stdout, "folder": folder}
    return _result


def mean(log, metric, part):
    """The mean of a metric over the first (1) or last (-1) quarter of a run."""
    values = [row[metric] for row in log if metric in row]
    quarter = max(len(values) // 4, 1)
    values = values[:quarter] if part > 0 else values[-quarter:]
    return sum(values) / len(values)


def seed_critiques_go_through_the_filters():
    told = result()
    reasons = {row["reason"]: row["solutions"] for row in told["generated"]["standings"]}
    # The deep critic errs now and then: those solutions may not be in the set.
    check(reasons.get("complete", 0) > 0 and reasons.get("deep-misses-label", 0) > 0, reasons)
    check(0 < told["curated"]["rows"]["train"] <= reasons["complete"], (told["curated"], reasons))


def a_model_that_has_read_no_critique_finds_nothing():
    equal(result()["critics"]["base"]["f1"], 0, "F1 of the base model")


def supervised_training_improves():
    told = result()
    first, last = mean(told["sft log"], "loss", 1), mean(told["sft log"], "loss", -1)
    check(last < first / 2, f"loss {first} to {last}")
    check(told["critics"]["SFT"]["interval"]["low"] > 0, told["critics"]["SFT"])


def reinforcement_learning_improves_its_reward():
    told = result()
    first, last = mean(told["rl log"], "reward", 1), mean(told["rl log"], "reward", -1)
    check(last > first, f"reward {first} to {last}")
    rewarded = [row for row in told["rl log"] if "reward" in row]
    equal(len(rewarded), told["sizes"]["rl_steps"], "steps with a reward")


def table_and_charts_are_written():
    told = result()
    check("| RL |" in told["printed"] and "seed 1" in told["printed"], told["printed"])
    for name in ("table.md", "f1.svg", "sft-loss.svg", "rl-reward.svg"):
        with open(os.path.join(told["folder"], name)) as file:
            check(len(file.read()) > 200, name)


if __name__ == "__main__":
    main(
        seed_critiques_go_through_the_filters, a_model_that_has_read_no_critique_finds_nothing, supervised_training_improves,
        reinforcement_learning_improves_its_reward, table_and_charts_are_written)
