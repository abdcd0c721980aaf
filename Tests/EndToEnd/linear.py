#!/usr/bin/env python3
"""The plain-text front end, through pipes and on a dumb terminal: the same decisions, no escape sequence."""

import subprocess

from support import harness, log
from support.harness import check, environment, equal, main, program, workspace
from support.terminal import Pty


def plain(data, what):
    bad = [byte for byte in set(data) if byte < 0x20 and byte not in (0x0A, 0x0D) or byte == 0x7F]
    check(not bad, f"{what} holds control bytes {bad}: {data[:300]!r}")


def session_through_pipes():
    path = workspace("pipes")
    lines = [
        "1", "y", "verdict.correct", "o", "+", "n", "c the café's discount counts twice", "f",
        "solution.next-todo", "a", "y", "no-such-command", "u", "redo", "b a reason", "B", "s",
        "list", "open 5", "step 2", "x", "step 99", "\x1b[31mred\x07", "quit", "y",
    ]
    done = program("-w", path, "--reviewer", "ann", "--linear", stdin="\n".join(lines).encode() + b"\n")
    said = done.stdout.decode()
    plain(done.stdout, "standard output")
    equal(done.stderr, b"", "standard error")
    equal([log.words(event) for event in log.events(path)], [
        "1 verdict 1", "2 verdict 1", "3 verdict 0", "4 verdict 1", "5 verdict -1",
        "5 comment the café's discount counts twice", "5 flag 1", "1 verdict 1", "2 verdict 1", "2 undo", "2 redo",
        "0 mark bad_problem", "0 mark", "0 mark skip", "2 verdict -1",
    ], f"events\n{said[-3000:]}")
    for words in ("Step 5 incorrect: labels stop here. Done", "Comment saved.", "Step 5 flagged.",
                  "There is no command 'no-such-command'.", "Undone: correct on step 2", "Redone: correct on step 2",
                  "Step 2 incorrect: labels stop here. 1 earlier step has no verdict yet.", "There are 4 steps here.",
                  "There is no command '␛[31mred␇'."):
        check(words in said, f"{words!r} was not said:\n{said[-3000:]}")
    log.check_projections(path)


def end_of_input_ends():
    path = workspace("end")
    done = program("-w", path, "--linear", stdin=b"1\ny")
    equal(len(log.events(path)), 1, "events of a line without its end")
    check(b"Queue: 35 solutions" in done.stdout, done.stdout.decode())
    # Nobody listens any more: no further decision is taken, and the program does not fail loudly.
    with subprocess.Popen(
            [harness.PROGRAM, "-w", path, "--linear"], env=environment(), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        try:
            process.stdin.write(b"1\n" + b"y\n" * 1000)
            process.stdin.close()
        except BrokenPipeError:
            pass
        process.wait(harness.PATIENCE)
        process.stderr.read()
    check(len(log.events(path)) <= 7, "decisions were recorded although the output was closed")


def locale_without_utf8():
    path = workspace("ascii")
    done = program("-w", path, "--linear", env=environment(LANG="C", LC_ALL="C"), stdin="1\nc naïve √2\ny\nquit\n".encode())
    plain(done.stdout, "standard output")
    equal(log.events(path)[0]["value"], "naïve √2", "the comment's text")


def dumb_terminal():
    path = workspace("dumb")
    terminal = Pty(["-w", path, "--reviewer", "ann", "--linear"], env=environment(TERM="dumb"))
    terminal.wait("queue> ")
    terminal.send("1\n")
    terminal.wait("step 1 of 6> ")
    terminal.send("y\n")
    terminal.wait("Step 1 correct.")
    terminal.wait("step 2 of 6> ")
    terminal.send("\x04")
    equal(terminal.wait_end(), 0, "exit code at the end of input (Ctrl-D)")
    plain(terminal.output, "what was written to the terminal")
    check(terminal.modes_restored(), "the terminal's modes changed")
    terminal.close()
    equal([log.words(event) for event in log.events(path)], ["1 verdict 1"], "events")

    terminal = Pty(["-w", path, "--linear"], env=environment(TERM="dumb"))
    terminal.wait("queue> ")
    terminal.send("\x03")
    check(terminal.wait_end() in (-2, 130), "Ctrl-C does not end the plain session")
    terminal.close()


if __name__ == "__main__":
    main(session_through_pipes, end_of_input_ends, locale_without_utf8, dumb_terminal)
