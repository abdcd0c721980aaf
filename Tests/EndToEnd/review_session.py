#!/usr/bin/env python3
"""A reviewer at work: ten solutions, three undone, killed in the middle, continued. Log, tables and screen agree."""

import glob
import os
import signal
import time

from support import log
from support.harness import check, data_folders, equal, main, program, sample, scratch
from support.terminal import workbench

REVIEWER = "ann"


class Session:
    """A pane, the workspace behind it, and how many events there have to be by now."""

    def __init__(self, path, **options):
        self.path = path
        self.pane = workbench(path, reviewer=REVIEWER, ready="order as imported", **options)
        self.count = log.count(path)

    def open(self, words):
        """Finds a solution by the filter line, as a person would, and opens it."""
        self.pane.press("/", "enter keep")
        self.pane.keys("C-u")
        self.pane.type(words)
        self.pane.press("Enter", gone="enter keep")
        self.pane.press("Enter", "Problem")

    def does(self, key, *texts, events=1, typed=None, gone=()):
        """A key (and a typed line), what the screen must say, and that the log had it before the screen did."""
        if typed is None:
            self.pane.press(key, *texts, gone=gone)
        else:
            self.pane.press(key, "enter keep")
            self.pane.type(typed)
            self.pane.wait(typed)
            self.pane.press("Enter", *texts, gone=gone)
        self.count += events
        equal(log.count(self.path), self.count, f"events after {key!r}{self.pane.shown()}")

    def kill(self):
        self.pane.signal(signal.SIGKILL)
        self.pane.wait_end("signal 9")
        self.pane.close()


def marks(pane):
    """The column "me" of the queue, by the solution's name."""
    lines = pane.lines()
    column = lines[2].index(" me ") + 1
    return {line[3:23].strip(): line[column] for line in lines[3:-2] if line[3:23].strip()}


def my_ratings(pane):
    """The column "me" of an open review, step by step."""
    lines = pane.lines()
    index = next(i for i, line in enumerate(lines) if "Steps" in line and line.rstrip().endswith(" me"))
    column = lines[index].rindex("me") + 1
    signs = {"✓": "+", "✗": "-", "○": "0", "·": "."}
    ratings = ""
    for line in lines[index + 1:]:
        if line.startswith("─"):
            break
        if line[2:5].strip().isdigit():
            ratings += signs.get(line[column:column + 1], "?")
    return ratings


def review_ten_solutions(session):
    does, pane = session.does, session.pane
    pane.press("Enter", "solutions-1 ", "▌  1")
    for step in (1, 2, 3):
        does("y", f"Step {step} correct.")
    does("o", "Step 4 neutral.")
    does("n", "Step 5 incorrect: labels stop here. Done", "1 later step needs none")
    equal(my_ratings(pane), "+++0-.", "my ratings of solutions-1")

    pane.press("Enter", "solutions-2 ")
    does("+", "Step 1 correct.")
    does("y", "Step 2 correct.")
    does("y", "Step 3 correct. Done")

    pane.press("Enter", "solutions-3 ")
    does("n", "Step 1 incorrect: labels stop here. Done")
    does("c", "Comment saved.", typed="x = 3 is lost: never divide by x-3; y n o a x")

    pane.press("Enter", "solutions-5 ")
    for step in (1, 2, 3):
        does("a", f"Step {step} correct.")
    does("a", "Step 4 incorrect: labels stop here. Done")

    pane.press("Enter", "solutions-6 ")
    does("y", "Step 1 correct.")
    does("f", "Step 2 flagged.")
    does("y", "Step 2 correct.")
    does("y", "Step 3 correct.")
    does("x", "Step 4 incorrect: labels stop here. Done")

    pane.press("Enter", "solutions-7 ")
    does("b", "Marked: bad problem.", typed="the clubs overlap, says nobody")

    pane.press("Enter", "solutions-8 ")
    does("s", "Skipped solutions-8", "solutions-9 ")

    does("y", "Step 1 correct.")
    does("n", "Step 2 incorrect: labels stop here. Done")

    # A skipped solution stays to do, but the next one comes first.
    pane.press("Enter", "solutions-11 ")
    for step in (1, 2, 3):
        does("y", f"Step {step} correct.")
    does("x", "Step 4 incorrect: labels stop here. Done")
    pane.press("j", "▌  5")
    does("a", "Step 5 has no merged critique to accept", events=0)

    pane.press("Enter", "solutions-13 ")
    does("o", "Step 1 neutral.")
    does("n", "Step 2 incorrect: labels stop here. Done")
    does("c", "Comment saved.", typed="∫ u dv: the sign — see „uv − ∫ v du“ ✗")


def whole_session():
    path = scratch("session")
    files = sample()
    for folder in data_folders():
        for pattern in ("prm800k/*.jsonl", "processbench/*.json"):
            files += sorted(glob.glob(os.path.join(folder, pattern)))
    program("init", path)
    program("-w", path, "import", "--quiet", *files)
    log.check_projections(path)

    session = Session(path)
    review_ten_solutions(session)
    kinds = [log.words(event) for event in log.events(path)]
    equal(kinds[:5], ["1 verdict 1", "2 verdict 1", "3 verdict 1", "4 verdict 0", "5 verdict -1"], "first events")
    equal([event["basis"] for event in log.events(path) if event["basis"]], [
        "accept merged:1", "accept merged:1", "accept merged:1", "accept merged:-1", "fix merged:1", "fix merged:1",
    ], "what accept and fix were based on")
    equal(log.query(path, "SELECT text FROM comment ORDER BY at"), [
        ("x = 3 is lost: never divide by x-3; y n o a x",), ("∫ u dv: the sign — see „uv − ∫ v du“ ✗",)], "comments")
    log.check_projections(path)

    # Three back, each where it was made.
    session.does("u", "Undone: comment on step 2 of solutions-13.")
    session.does("u", "Undone: incorrect on step 2 of solutions-13.")
    session.does("u", "Undone: neutral on step 1 of solutions-13.")
    equal(my_ratings(session.pane), ".....", "my ratings of solutions-13 after undoing them")
    log.check_projections(path)

    # Killed when the screen has just said that it is saved.
    session.does("y", "Step 1 correct.")
    session.kill()
    log.check_projections(path)
    equal(log.words(log.events(path)[-1]), "1 verdict 1", "the last event after kill -9")

    session = Session(path)
    equal({name: sign for name, sign in marks(session.pane).items() if sign != "·"}, {
        "solutions-1": "✗", "solutions-2": "✓", "solutions-3": "✗", "solutions-5": "✗", "solutions-6": "✗",
        "solutions-7": "!", "solutions-8": "›", "solutions-9": "✗", "solutions-11": "✗", "solutions-13": "…",
    }, "the queue's marks after the restart" + session.pane.shown())
    session.pane.wait("8 of ")
    session.open("state:started")
    session.pane.wait("▌  2")
    equal(my_ratings(session.pane), "+....", "my ratings of solutions-13 after the restart")

    # Continuing, also backwards, into what the killed process did.
    session.does("n", "Step 2 incorrect: labels stop here. Done")
    session.does("u", "Undone: incorrect on step 2 of solutions-13.")
    session.does("u", "Undone: correct on step 1 of solutions-13.")
    session.kill()
    session = Session(path)
    session.does("C-r", "Redone: correct on step 1 of solutions-13.")
    session.does("C-r", "Redone: incorrect on step 2 of solutions-13.")
    session.does("C-r", "There is nothing to redo.", events=0)
    session.does("u", "Undone: incorrect on step 2 of solutions-13.")
    session.pane.keys("Q")
    session.pane.wait_end("exit 0")
    session.pane.close()
    log.check_projections(path)

    # The same once more, by the program's own rebuild.
    before = log.actual_tables(path)
    program("-w", path, "doctor")
    program("-w", path, "doctor", "--rebuild")
    equal(log.actual_tables(path), before, "tables after a rebuild")
    log.check_projections(path)


def killed_at_once():
    """A verdict whose process is killed a moment after the key is there wholly, or not at all."""
    path = scratch("killed")
    program("init", path)
    program("-w", path, "import", "--quiet", *sample())
    for round_ in range(10):
        session = Session(path)
        session.open("state:todo")
        before = log.events(path)
        session.pane.keys("y")
        time.sleep(round_ * 0.0015)
        session.kill()
        after = log.events(path)
        equal(after[:len(before)], before, "the events before the kill")
        new = [log.words(event) for event in after[len(before):]]
        check(len(new) <= 1 and all(" verdict 1" in word for word in new), f"a half-written decision: {new}")
        log.check_projections(path)
    program("-w", path, "doctor")


if __name__ == "__main__":
    main(whole_session, killed_at_once)
