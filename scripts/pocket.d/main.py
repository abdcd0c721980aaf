"""scripts/pocket: the whole method on a processor, for several seeds."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from dataclasses import replace

import report
from experiment import QUICK, Experiment, Sizes
from workbench import Failed, say


def main() -> int:
    """Runs the seeds and writes the result."""
    parser = argparse.ArgumentParser(prog="scripts/pocket", description=__doc__)
    parser.add_argument("--program", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--seeds", default="1,2,3", help="numbers with commas between (1,2,3)")
    parser.add_argument("--quick", action="store_true", help="a few minutes: both stages improve, no more")
    parser.add_argument(
        "--guide", type=int, default=0, metavar="N", help="then let SFT's and RL's critics guide the base model on N problems")
    parser.add_argument("--out", default="pocket-results", help="folder for everything (pocket-results)")
    parser.add_argument("--check", action="store_true", help="exit code 1 unless the paper's shape came out")
    parser.add_argument("--cores", type=int, default=min(os.cpu_count() or 1, 2), help="cores to use (2, if there are)")
    options = parser.parse_args()
    if options.cores < 1:
        parser.error("--cores takes a number from 1")
    try:
        seeds = [int(seed) for seed in options.seeds.split(",")]
    except ValueError:
        parser.error(f"--seeds takes numbers with commas between, such as 1,2,3, not '{options.seeds}'")
    results = []
    for seed in seeds:
        folder = os.path.join(options.out, f"seed-{seed}")
        if os.path.exists(folder):
            # Only what this script made itself.
            if os.path.exists(os.path.join(folder, "workspace")) or not os.listdir(folder):
                shutil.rmtree(folder)
            else:
                say(f"scripts/pocket: {folder} exists and is none of this script's; choose another --out.")
                return 2
        try:
            sizes = replace(
                QUICK if options.quick else Sizes(), guided=options.guide, threads=options.cores,
                servers=options.cores)
            results.append(Experiment(options.program, sys.executable, folder, seed, sizes).run())
        except Failed as problem:
            say(f"scripts/pocket: {problem}")
            return 1
        report.write(results, options.out)
    print(report.table(results))
    say("Written: " + ", ".join(report.write(results, options.out)))
    missing = report.shape(results)
    for line in missing:
        say(f"not as in the paper: {line}")
    return 1 if missing and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
