#!/usr/bin/env python3
"""Every export, with another of its file calls failing each time: under its final name stands the old content or all of the new.

The calls are counted and made to fail by failing_files.c, which is loaded before the C library.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from support import harness  # noqa: E402
from support.harness import Failure, Skip, environment, program, sample, scratch  # noqa: E402

KINDS = ("io", "full", "power")


def exports():
    """Name, arguments, and what is written: a file or a folder."""
    return [
        ("export reviews", ["export", "reviews", "-o"], "out/reviews.jsonl"),
        ("export solutions", ["export", "solutions", "--format", "prm800k", "-o"], "out/solutions.jsonl"),
        ("export sft", ["export", "sft", "-o"], "out/sft"),
        ("export prm", ["export", "prm", "-o"], "out/prm"),
        ("export rl", ["export", "rl", "-o"], "out/rl"),
    ]


def build_layer():
    compiler = shutil.which("cc") or shutil.which("clang") or shutil.which("gcc")
    if compiler is None:
        raise Skip("no C compiler")
    target = scratch("failing_files.so")
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "failing_files.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", target, source, "-ldl"], check=True)
    return target


def content(path):
    """All files of a folder, or the bytes of a file; None where there is nothing."""
    if os.path.isdir(path):
        return {name: content(os.path.join(path, name)) for name in sorted(os.listdir(path))}
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def run(layer, path, arguments, target, at, kind, count):
    settings = environment(
        LD_PRELOAD=layer, FAULT_FOLDER=os.path.join(path, "out"), FAULT_AT=str(at), FAULT_KIND=kind, FAULT_COUNT=count)
    return subprocess.run(
        [harness.PROGRAM, "-w", os.path.join(path, "work"), *arguments, os.path.join(path, target)], env=settings,
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60)


def prepare():
    path = scratch("prepared")
    work = os.path.join(path, "work")
    program("init", work)
    program("-w", work, "import", "--quiet", *sample())
    for number in ("1", "2"):
        program("-w", work, "verdict", number, "--step", "1", "--verdict", "correct")
    return path


def sweep(name, arguments, target, prepared, layer, chosen, dice):
    """Figures of one export: calls, failures injected, findings."""
    findings = []
    injected = 0
    calls_of_all = 0
    for there in (False, True):
        base = scratch("base")
        shutil.rmtree(base, ignore_errors=True)
        shutil.copytree(prepared, base)
        os.makedirs(os.path.join(base, "out"))
        count = scratch("count")
        done = run(layer, base, arguments, target, 0, "io", count)
        if done.returncode != 0:
            raise Failure(f"{name}: ended with {done.returncode}: {done.stderr.decode(errors='replace')}")
        old = None
        if there:
            # Another content than the one that is written over it.
            old = content(os.path.join(base, target))
            program("-w", os.path.join(base, "work"), "verdict", "1", "--step", "2", "--verdict", "incorrect")
            program("-w", os.path.join(base, "work"), "exclude", "2")
            kept = scratch("kept")
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(base, kept)
            run(layer, base, arguments, target, 0, "io", count)
        else:
            kept = scratch("kept")
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(prepared, kept)
            os.makedirs(os.path.join(kept, "out"))
        new = content(os.path.join(base, target))
        with open(count) as file:
            calls = int(file.read())
        calls_of_all += calls
        places = list(range(1, calls + 1))
        if chosen is not None:
            dice.shuffle(places)
            places = places[:chosen]
        for kind in KINDS:
            for at in places:
                trial = scratch("trial")
                shutil.rmtree(trial, ignore_errors=True)
                shutil.copytree(kept, trial)
                done = run(layer, trial, arguments, target, at, kind, scratch("ignored"))
                injected += 1
                found = content(os.path.join(trial, target))
                what = f"{name}, {'over another' if there else 'new'}, {kind} at call {at} of {calls}"
                if found not in (old, new):
                    findings.append(f"{what}: half-written ({done.returncode})")
                if done.returncode == 0 and found != new:
                    findings.append(f"{what}: reported as written, and is not")
                if done.returncode != 0 and kind != "power" and not done.stderr.strip():
                    findings.append(f"{what}: failed silently")
                if done.returncode < 0:
                    findings.append(f"{what}: crashed with signal {-done.returncode}")
    return calls_of_all, injected, findings


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sample", type=int)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    layer = build_layer()
    prepared = prepare()
    dice = random.Random(options.seed)
    total = [0, 0]
    findings = []
    for name, arguments, target in exports():
        if options.only not in name:
            continue
        calls, injected, found = sweep(name, arguments, target, prepared, layer, options.sample, dice)
        print(f"{name}: {calls} calls, {injected} failures injected, {len(found)} findings", flush=True)
        total = [total[0] + calls, total[1] + injected]
        findings += found
    print(f"exports: {total[0]} calls, {total[1]} failures injected, {len(findings)} findings")
    for finding in findings[:40]:
        print(finding)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
