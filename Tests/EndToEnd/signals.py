#!/usr/bin/env python3
"""Whatever signal ends the workbench, the terminal is as it was before."""

import os
import shlex
import signal

from support.faults import FaultServer
from support.harness import PROGRAM, children, equal, main, sample, scratch, wait_until, workspace
from support.terminal import Pane

SOLUTIONS = sample("solutions.prm800k.jsonl")[0]
# Those that end a process by default, except SIGKILL, which nobody hears.
ENDING = [
    name for name in (
        "SIGHUP SIGINT SIGQUIT SIGILL SIGTRAP SIGABRT SIGBUS SIGFPE SIGUSR1 SIGSEGV SIGUSR2 SIGPIPE SIGALRM SIGTERM "
        "SIGXCPU SIGXFSZ SIGVTALRM SIGPROF SIGIO SIGPWR SIGSYS").split() if hasattr(signal, name)]
_number = 0


def started(arguments, seen):
    """A pane with a shell that writes down the terminal's modes before and after the program."""
    global _number
    _number += 1
    before, after = scratch(f"before-{_number}"), scratch(f"after-{_number}")
    line = " ".join(shlex.quote(word) for word in [PROGRAM, *arguments])
    pane = Pane(["sh", "-c", f"ulimit -c 0; stty -g >{before}; {line}; echo ended $?; stty -g >{after}; exec cat"])
    pane.wait(*seen)
    return pane, before, after


def looked_at(pane, before, after, what):
    wait_until(lambda: os.path.exists(after) and os.path.getsize(after) > 0, f"the end after {what}" + pane.shown())
    with open(before) as one, open(after) as other:
        equal(other.read(), one.read(), f"the terminal's modes after {what}")
    for fact, value in [("alternate_on", "0"), ("cursor_flag", "1"), ("mouse_any_flag", "0"), ("keypad_flag", "0")]:
        equal(pane.fact(fact), value, f"{fact} after {what}")
    pane.close()


def ended_by(name, arguments, seen):
    pane, before, after = started(arguments, seen)
    program = wait_until(lambda: children(pane.pid), "the program")[0]
    os.kill(program, getattr(signal, name))
    if name in ("SIGINT", "SIGPIPE"):
        # One is a key of the workbench, one is ignored there: it is stopped by hand.
        pane.keys("Escape")
        pane.keys("Q")
        pane.keys("Q")
    looked_at(pane, before, after, name)


def every_signal_leaves_the_workbench_s_terminal_in_order():
    path = workspace("signals", SOLUTIONS)
    for name in ENDING:
        ended_by(name, ["-w", path], ["solutions-"])


def every_signal_leaves_the_live_screen_s_terminal_in_order():
    server = FaultServer("--latency-ms", "60000")
    path = workspace("signals-live", SOLUTIONS)
    for name in ["SIGTERM", "SIGHUP", "SIGQUIT", "SIGSEGV", "SIGABRT", "SIGUSR1"]:
        ended_by(
            name, ["-w", path, "live", "#1", "--model", "m", "--endpoint", server.base], ["No token yet"])


def stopping_gives_the_terminal_back_and_continuing_takes_it():
    path = workspace("stopping", SOLUTIONS)
    modes = scratch("stopped-modes")
    pane = Pane(["bash", "--norc", "--noprofile", "-i"], PS1="ready> ")
    pane.wait("ready>")
    pane.keys(f"stty -g > {modes}-0", "Enter")
    pane.keys(" ".join(shlex.quote(word) for word in [PROGRAM, "-w", path]), "Enter")
    pane.wait("solutions-")
    for number in (1, 2):
        program = wait_until(lambda: children(pane.pid), "the program")[-1]
        os.kill(program, signal.SIGTSTP)
        pane.wait("Stopped")
        equal(pane.fact("alternate_on"), "0", "the alternate screen while stopped")
        pane.keys("clear", "Enter")
        pane.keys("fg", "Enter")
        pane.wait("solutions-")
        equal(pane.fact("alternate_on"), "1", "the alternate screen after fg")
    pane.keys("Q")
    pane.wait("ready>")
    pane.keys("clear", "Enter")
    pane.keys(f"stty -g > {modes}-1; echo don''e", "Enter")
    pane.wait("done")
    with open(modes + "-0") as one, open(modes + "-1") as other:
        equal(other.read(), one.read(), "the terminal's modes at the end")
    pane.close()


main(
    every_signal_leaves_the_workbench_s_terminal_in_order, every_signal_leaves_the_live_screen_s_terminal_in_order,
    stopping_gives_the_terminal_back_and_continuing_takes_it)
