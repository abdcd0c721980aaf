#!/usr/bin/env python3
"""A hundred sizes in a row while typing, reading and scrolling: no crash, no lost character."""

import random

from support import log
from support.harness import check, equal, main, wait_until, workspace
from support.terminal import Pty, workbench

TINY = [(1, 1), (2, 1), (1, 40), (300, 1), (5, 3), (3, 2)]


def sizes(seed, count=100):
    """Sizes of every kind; the same ones each time."""
    choose = random.Random(seed)
    return [choose.choice(TINY) if i % 5 == 0 else (choose.randint(1, 220), choose.randint(1, 70)) for i in range(count)]


def typing_a_comment():
    path = workspace("typing")
    terminal = Pty(["-w", path, "--reviewer", "ann"], columns=100, rows=30)
    terminal.wait("solutions-1")
    terminal.wait_quiet()
    terminal.send("\rc")
    terminal.wait("Comment on this step")
    words = "the sign of √2 is ≤ 0, „naïve“ 数学 ynoaxfbgsuq?: "
    text = "".join(words[i % len(words)] for i in range(1000)).strip()
    pieces = [text[i * len(text) // 100:(i + 1) * len(text) // 100] for i in range(100)]
    for (columns, rows), piece in zip(sizes(1), pieces):
        terminal.resize(columns, rows)
        terminal.send(piece)
    terminal.resize(100, 30)
    terminal.send("\r")
    wait_until(lambda: log.count(path) or terminal.process.poll() is not None, "no comment was recorded")
    equal(terminal.process.poll(), None, "exit code of the running program")
    equal([(event["kind"], event["value"]) for event in log.events(path)], [("comment", text)], "what was recorded")
    terminal.send("Q")
    equal(terminal.wait_end(), 0, "exit code")
    check(terminal.modes_restored(), "the terminal's modes were not restored")
    terminal.close()
    log.check_projections(path)


def everything_else():
    """In the queue, a scrolled review, help and the palette: resizes one by one, with keys in between."""
    path = workspace("places")
    pane = workbench(path, ready="solutions-1")
    for place, keys, moves in (
            ("queue", [], ["j", "G", "PageUp", "t"]),
            ("review", ["Enter", "3", "PageDown", "Down"], ["Tab", "PageDown", "Up", "v"]),
            ("help", ["?"], ["Down", "PageDown", "End", "Up"]),
            ("palette", [":", "c"], ["o", "Down", "BSpace", "Up"])):
        for key in keys:
            pane.keys(key)
        for index, (columns, rows) in enumerate(sizes(place, 40)):
            pane.resize(columns, rows)
            pane.keys(moves[index % len(moves)])
        check(not pane.is_dead(), lambda: f"the program ended in {place}" + pane.shown())
        pane.resize(120, 40)
        if place in ("help", "palette"):
            pane.wait("Keys" if place == "help" else "Commands")
            pane.keys("Escape")
            pane.wait("? keys", gone="─ Keys" if place == "help" else "─ Commands")
        elif place == "queue":
            pane.wait("order ", "? keys")
            pane.press("Home", "▸")
        else:
            pane.wait("Problem", "? keys")
    pane.press("y", "correct.")
    equal(log.count(path), 1, "events")
    # What is on the screen after the storm equals what a full repaint shows.
    before = pane.screen()
    pane.keys("C-l")
    pane.wait_for(lambda s: s.split("\n")[:-2] == before.split("\n")[:-2], "the same screen after Ctrl-L", 3)
    pane.keys("Q")
    pane.wait_end("exit 0")
    pane.close()
    log.check_projections(path)


if __name__ == "__main__":
    main(typing_a_comment, everything_else)
