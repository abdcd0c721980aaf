#!/usr/bin/env python3
"""Saved queues for several reviewers, recorded and replayed sessions, samples chosen on the screen."""

import json
import os
import signal
import subprocess

from support import harness, log
from support.harness import check, environment, equal, main, program, sample, scratch, wait_until, workspace
from support.terminal import workbench
from two_reviewers import generated


SAMPLES = sample("solutions.prm800k.jsonl", "critiques.deep.jsonl", "critiques.merged.jsonl")


def two_reviewers_share_a_queue():
    """A thousand decisions of each, at the same time: none is lost, and no solution is given to both."""
    path = workspace("shared", )
    file = scratch("shared.jsonl")
    generated(file, 600)
    program("-w", path, "import", file)
    program("queues", "save", "once", "--filter", "source:processbench steps:6", "--overlap", "1", "-w", path)
    listed = json.loads(program("queues", "--json", "-w", path).stdout)
    equal([(queue["name"], queue["overlap"]) for queue in listed], [("once", 1)], "the saved queue")
    work = "\n".join(["queue.open"] + (["y"] * 6 + ["solution.next-todo"]) * 167 + ["quit"]) + "\n"
    running = [
        subprocess.Popen(
            [harness.PROGRAM, "-w", path, "--linear", "--queue", "once", "--reviewer", name], env=environment(),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for name in ("ann", "bob")
    ]
    for process in running:
        process.stdin.write(work.encode())
        process.stdin.close()
        process.stdin = None
    for process in running:
        said, errors = process.communicate(timeout=harness.PATIENCE * 20)
        equal(process.returncode, 0, f"exit code ({errors.decode()[-500:]})")
    counts = dict(log.query(path, "SELECT reviewer, count(*) FROM event WHERE kind = 'verdict' GROUP BY reviewer"))
    check(all(counts.get(name, 0) >= 1000 for name in ("ann", "bob")), lambda: f"decisions: {counts}")
    both = log.query(
        path, "SELECT solution FROM verdict GROUP BY solution HAVING count(DISTINCT reviewer) > 1")
    equal(both, [], "solutions that were given to both")
    equal(log.query(path, "SELECT count(*) FROM reservation"), [(0,)], "reservations left at the end")
    log.check_projections(path)


def a_killed_reviewer_reserves_nothing():
    path = workspace("killed", SAMPLES[0])
    program("queues", "save", "blindly", "--mode", "blind", "-w", path)
    program("queues", "save", "once", "--overlap", "1", "-w", path)
    modes = {queue["name"]: queue.get("mode") for queue in json.loads(program("queues", "--json", "-w", path).stdout)}
    equal(modes, {"blindly": "blind", "once": None}, "modes of the saved queues")
    ann = workbench(path, "--queue", "once", reviewer="ann")
    ann.press("Enter", "solutions-1 ")
    bob = workbench(path, "--queue", "once", reviewer="bob")
    bob.press("Enter", "solutions-1 is with another reviewer already, as many as the queue wants; this is the next free one.")
    bob.wait("solutions-2 ")
    os.kill(ann.pid, signal.SIGKILL)
    bob.press("q", "order as imported")
    bob.press("g", "▸ solutions-1 ")
    bob.press("Enter", "▌  1")
    bob.wait("solutions-1 ")


def a_session_is_recorded_and_replayed():
    first = workspace("recorded", *SAMPLES)
    second = workspace("replayed", *SAMPLES)
    for columns, rows in ((80, 24), (120, 40), (200, 60)):
        record = scratch(f"session-{columns}.jsonl")
        pane = workbench(first, "--record", record, columns=columns, rows=rows)
        pane.press("Enter", "▌  1")
        pane.press("y", "Step 1 correct.")
        pane.press("c", "Comment on this step")
        pane.keys("fine")
        pane.press("Enter", "Comment saved.")
        pane.press("3", "Merged")
        pane.press("z", "critique of step")
        shown = pane.screen()
        pane.press("z", gone="critique of step")
        pane.press("q", "order as imported")
        # A solution is begun: "q" would ask.
        pane.keys("Q")
        wait_until(lambda: not harness.alive(pane.pid), "the workbench did not end")
        lines = [json.loads(line) for line in open(record)]
        equal(lines[0]["deepcriticSession"], 1, "the log's first line")
        check(any(line.get("said") == "Comment saved." for line in lines), "the log says what was answered")
        # Cut behind the zoom: the same screen comes out, line by line, but for the names of workspace and counts.
        cut = scratch(f"cut-{columns}.jsonl")
        zoom = next(at for at, line in enumerate(lines) if line.get("key") == "z")
        with open(cut, "w") as file:
            for line in lines[:zoom + 1]:
                file.write(json.dumps(line) + "\n")
        frame = program("-w", second, "--replay", cut, "--frame", "--reviewer", "ann").stdout.decode()
        body = [line.rstrip() for line in shown.split("\n")[1:rows - 2]]
        equal([line.rstrip() for line in frame.split("\n")[1:rows - 2]], body, f"the replayed screen, {columns} columns")
        for path in (first, second):
            program("-w", path, "--linear", "--reviewer", "ann", stdin=b"u\nu\nquit\n")
    error = program("-w", second, "--replay", harness.__file__, "--frame", expect=1).stderr.decode()
    check("is not a log of a session" in error, lambda: error)


def a_sample_is_chosen_and_its_merge_is_stale():
    path = workspace("samples", *SAMPLES)
    more = scratch("more.jsonl")
    with open(more, "w") as file:
        for line in open(SAMPLES[1]):
            row = json.loads(line)
            row["critique_of_critiques"] = [
                f"Another deep look at step {step + 1}: \\boxed{{-1}}" for step in range(len(row["critique_of_critiques"]))]
            file.write(json.dumps(row) + "\n")
    program("-w", path, "import", more)
    for columns, rows in ((80, 24), (120, 40), (200, 60)):
        pane = workbench(path, columns=columns, rows=rows)
        pane.press("Enter", "▌  1")
        pane.press("2", "Deep")
        pane.press(".", "Another deep look at step 1")
        pane.wait("2 of 2")
        pane.press("d", "The merged critique is of")
        pane.press("3", "stale")
        listed = json.loads(
            program("critique", "1", "--stage", "merged", "--step", "1", "--json", "-w", path).stdout)
        equal([one["isStale"] for one in listed], [True], "the merged critique is stale")
        explained = program("explain", "1", "-w", path).stdout.decode()
        check("deep misses the label" in explained, lambda: explained)
        pane.press("u", "Undone: choice of a critique on step 1")
        pane.keys("Q")
        wait_until(lambda: not harness.alive(pane.pid), "the workbench did not end")
    # The same without a screen.
    program("critique", "1", "--stage", "deep", "--step", "1", "--use", "2", "-w", path)
    equal([log.words(event) for event in log.events(path)][-1], "1 choice use", "the event")
    program("critique", "1", "--stage", "deep", "--step", "1", "--rule", "-w", path)
    error = program("critique", "1", "--stage", "deep", "--step", "1", "--rule", "-w", path, expect=2).stderr.decode()
    check("the rule chooses the" in error, lambda: error)


def a_blind_queue_reveals_no_labels():
    path = workspace("blindly-saved", *SAMPLES)
    for rules in (["--filter", "label:wrong"], ["--sort", "votes"]):
        done = program("queues", "save", "audit", *rules, "--mode", "blind", "-w", path, expect=2)
        check(b"would reveal what blind mode hides" in done.stderr, done.stderr.decode())
    # The example of docs/how-to/review.md.
    program("queues", "save", "fresh", "--filter", "reviewer:none steps>4", "--sort", "random", "--mode", "blind", "--quota",
            "50", "--overlap", "2", "--gold", "0.05", "-w", path)
    # Saved again without a mode it stays blind.
    program("queues", "save", "fresh", "--filter", "label:wrong", "-w", path, expect=2)
    program("queues", "save", "fresh", "--filter", "steps>3", "-w", path)
    saved = json.loads(program("queues", "--json", "-w", path).stdout)
    equal([(queue["name"], queue["filter"], queue["mode"]) for queue in saved], [("fresh", "steps>3", "blind")], "saved")
    # One for any mode is not a way round.
    program("queues", "save", "open", "--filter", "label:wrong", "-w", path)
    done = program("--mode", "blind", "--queue", "open", "--linear", "-w", path, expect=1)
    check(b"would reveal what blind mode hides" in done.stderr, done.stderr.decode())


main(a_blind_queue_reveals_no_labels, two_reviewers_share_a_queue, a_killed_reviewer_reserves_nothing,
     a_session_is_recorded_and_replayed, a_sample_is_chosen_and_its_merge_is_stale)
