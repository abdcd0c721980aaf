#!/usr/bin/env python3
"""Killed at any moment: nothing that was acknowledged is lost, nothing is half-written, and all work can be resumed.

DEEPCRITIC_KILLS says how often each part is killed (default: 6).
"""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tarfile
import time

from support import log
from support.engines import grading_environment
from support.faults import FaultServer, problem_file
from support.harness import PACKAGE, PROGRAM, Skip, check, environment, equal, main, program, sample, scratch
from support.kills import run_with_kills, same
from support.terminal import workbench

KILLS = int(os.environ.get("DEEPCRITIC_KILLS", "6"))
CHANCE = random.Random(20)


def rows(path, query):
    database = sqlite3.connect(f"file:{path}/workspace.sqlite?mode=ro", uri=True)
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def is_sound(path):
    """The program opens it, and the database and what is made of the decisions are what they must be."""
    done = program("-w", path, "doctor", expect=None)
    lines = [line for line in done.stdout.decode().splitlines() if line.split(maxsplit=2)[1:2] in (["database"], ["decisions"])]
    check(len(lines) == 2 and all(line.startswith("ok") for line in lines), lambda: done.stdout.decode() + done.stderr.decode())


def workspace(name, *files):
    path = scratch(name)
    program("init", path)
    program("-w", path, "import", "--quiet", *files)
    return path


def many(name, count):
    """A dataset of its own."""
    path = scratch(name)
    with open(path, "w") as file:
        for number in range(count):
            steps = [f"We get {number} and {step}." for step in range(1 + number % 7)]
            labels = [1] * (len(steps) - 1) + [-1]
            file.write(json.dumps({"problem": f"Problem {number}?", "steps": steps, "labels": labels}) + "\n")
    return path


def killed(command, longest, signals=(signal.SIGKILL,)):
    """Starts a command and ends it after a time up to `longest` seconds; whether it was still running."""
    run = subprocess.Popen(command, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(CHANCE.uniform(0, longest))
    running = run.poll() is None
    if running:
        run.send_signal(CHANCE.choice(signals))
    run.wait()
    return running


def timed(command):
    began = time.monotonic()
    subprocess.run(command, env=environment(), check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.monotonic() - began


def an_import_goes_on_where_it_was_killed():
    data = many("import.jsonl", 20_000)
    whole = scratch("import-whole")
    program("init", whole)
    took = timed([PROGRAM, "-w", whole, "import", "--quiet", data])
    expected = rows(whole, "SELECT key, steps, ratings FROM solution ORDER BY key")
    path = scratch("import-killed")
    hits = 0
    for number in range(KILLS):
        if number % 5 == 0:
            shutil.rmtree(path, ignore_errors=True)
            program("init", path)
        before = rows(path, "SELECT count(*) FROM solution")[0][0]
        hits += killed([PROGRAM, "-w", path, "import", "--quiet", data], took)
        check(rows(path, "SELECT count(*) FROM solution")[0][0] >= before, "solutions went away")
        is_sound(path)
    check(hits > KILLS / 3, f"only {hits} of {KILLS} were still running")
    program("-w", path, "import", "--quiet", data)
    equal(rows(path, "SELECT key, steps, ratings FROM solution ORDER BY key"), expected, "solutions after the last import")
    found = program("-w", path, "list", "Problem", "--json", timeout=120).stdout.splitlines()
    equal(len(found), len(expected), "solutions that a search finds")


def a_review_loses_no_decision_that_was_shown():
    path = workspace("review", *sample())
    for _ in range(KILLS):
        pane = workbench(path)
        pane.press("Enter", "without your verdict")
        before = log.count(path)
        keys = CHANCE.choice(["y", "n", "o"])
        pane.keys(keys)
        # What the screen says was decided is on disk, even if the process dies in the same moment.
        pane.wait({"y": "Step 1 correct", "n": "Step 1 incorrect", "o": "Step 1 neutral"}[keys])
        pane.signal(signal.SIGKILL)
        pane.wait_end("signal 9")
        pane.close()
        check(log.count(path) >= before + 1, "a decision that was shown is lost")
        program("-w", path, "undo", "--reviewer", "ann")
    is_sound(path)
    log.check_projections(path)


def generation_goes_on_where_it_was_killed():
    data = many("generate.jsonl", 120)
    server = FaultServer("--latency-ms", "30")
    states = []
    for name, kills in (("undisturbed", 0), ("killed", KILLS)):
        path = workspace("generate-" + name, data)
        command = [PROGRAM, "-w", path, "generate", "initial", "--endpoint", server.base, "--model", "m", "--seed", "7",
                   "--concurrency", "2", "--quiet"]
        hits = run_with_kills(command, CHANCE, kills, 0.2, 0.5, signals=(signal.SIGKILL, signal.SIGINT, signal.SIGTERM))
        is_sound(path)
        states.append({"answers": rows(path, "SELECT hex(key), sample FROM answer ORDER BY 1")})
    check(hits > KILLS / 3, f"only {hits} kills")
    same(states[1], states[0])


def rollouts_go_on_where_they_were_killed():
    server = FaultServer("--solves", "--latency-ms", "20")
    env = grading_environment()
    states = []
    for name, kills in (("undisturbed", 0), ("killed", KILLS)):
        path = workspace("rollouts-" + name, problem_file(30))
        command = [PROGRAM, "-w", path, "label", "sample", "--endpoint", server.base, "--model", "solver", "--quiet",
                   "--concurrency", "2", "--seed", "7"]
        run_with_kills(command, CHANCE, kills, 0.2, 0.6, env=env, signals=(signal.SIGKILL, signal.SIGINT))
        is_sound(path)
        states.append({"answers": rows(path, "SELECT hex(key), sample FROM answer ORDER BY 1")})
    same(states[1], states[0])


def exports_are_whole_or_what_was_there_before():
    path = workspace("exports", many("exports.jsonl", 6000), *sample())
    program("-w", path, "verdict", "1", "--step", "1", "--verdict", "correct")
    folder = scratch("exported")
    os.makedirs(folder)
    commands = {
        "reviews": ["export", "reviews", "-o", f"{folder}/reviews.jsonl"],
        "solutions": ["export", "solutions", "--format", "processbench", "--convert", "-o", f"{folder}/solutions.jsonl"],
        "sft": ["export", "sft", "-o", f"{folder}/sft", "--quiet"],
        "prm": ["export", "prm", "-o", f"{folder}/prm", "--quiet"],
        "rl": ["export", "rl", "-o", f"{folder}/rl", "--quiet"],
    }

    def state(name):
        """The bytes under the final name."""
        target = commands[name][commands[name].index("-o") + 1]
        if os.path.isdir(target):
            return {file: open(os.path.join(target, file), "rb").read() for file in sorted(os.listdir(target))}
        return open(target, "rb").read() if os.path.exists(target) else None

    for name, words in commands.items():
        command = [PROGRAM, "-w", path, *words]
        # Some formats have nothing to write here, or say what they leave out.
        done = subprocess.run(command, env=environment(), capture_output=True)
        check(done.returncode in (0, 3), lambda: f"{name}: {done.stderr.decode()}")
        took = 0.3
        whole = state(name)
        for _ in range(KILLS):
            killed(command, took, signals=(signal.SIGKILL, signal.SIGTERM, signal.SIGINT))
            equal(state(name) == whole, True, f"export {name}: what stands under its name is whole")
    program("-w", path, "export", "reviews", "-o", f"{folder}/reviews.jsonl")
    is_sound(path)


def an_upgrade_that_is_killed_leaves_the_workspace_openable():
    archive = os.path.join(os.path.dirname(PACKAGE), "shared/cases/files/workspaces-v1-v4.tar.gz")
    if not os.path.exists(archive):
        raise Skip("no workspaces of older versions; unit tests interrupt upgrades too")
    for number in range(KILLS):
        folder = scratch(f"old-{number}")
        with tarfile.open(archive) as file:
            file.extractall(folder, filter="data")
        old = [root for root, _, files in os.walk(folder) if "workspace.sqlite" in files]
        for path in old:
            query = "SELECT key, (SELECT count(*) FROM critique WHERE solution_id = s.id) FROM solution s ORDER BY 1"
            before = rows(path, query)
            killed([PROGRAM, "-w", path, "list"], 0.1)
            is_sound(path)
            equal(rows(path, query), before, "solutions and critiques after the upgrade")
        shutil.rmtree(folder)


def ctrl_c_is_answered_at_once():
    data = many("interrupted.jsonl", 20_000)
    path = workspace("interrupted", data)
    silent = "http://10.255.255.1/v1"
    out = scratch("interrupted-out")
    for words in [
        ["import", data], ["list", "--json"], ["curate"], ["export", "sft", "-o", out], ["export", "rl", "-o", out, "--dry-run"],
        ["export", "solutions", "--format", "prm800k", "--convert", "-o", out + ".jsonl"],
        ["generate", "initial", "--endpoint", silent, "--model", "m"], ["evaluate", "--benchmark", f"b={data}", "--baseline", "random"],
        ["agreement", "--samples", "100000"], ["doctor"],
    ]:
        for wait in (0.15, 0.5):
            run = subprocess.Popen(
                [PROGRAM, "-w", path, *words], env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
            time.sleep(wait)
            run.send_signal(signal.SIGINT)
            began = time.monotonic()
            run.wait(timeout=30)
            # A second is promised; a build for debugging on a loaded machine gets three.
            check(time.monotonic() - began < 3, f"{' '.join(words)} took {time.monotonic() - began:.1f} s to end")


if __name__ == "__main__":
    main(
        an_import_goes_on_where_it_was_killed,
        a_review_loses_no_decision_that_was_shown,
        generation_goes_on_where_it_was_killed,
        rollouts_go_on_where_they_were_killed,
        exports_are_whole_or_what_was_there_before,
        an_upgrade_that_is_killed_leaves_the_workspace_openable,
        ctrl_c_is_answered_at_once,
    )
