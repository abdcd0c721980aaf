#!/usr/bin/env python3
"""Terminals of every kind and size: the workbench starts or refuses politely, and always gives the terminal back."""

import re
import signal

from support import harness, log
from support.harness import alive, check, children, environment, equal, main, processor_seconds, wait_until, workspace
from support.terminal import Pane, Pty

_path = None


def data():
    global _path
    _path = _path or workspace("data")
    return _path


def polite(output, what):
    """One sentence on a line of its own, without any escape sequence."""
    text = output.decode()
    check(re.fullmatch(r"deepcritic: [^\x00-\x1f\x7f]{20,300}\r?\n", text), f"{what}: not one polite sentence: {text!r}")


def unset_what_was_set(terminal, what):
    """Each mode that was switched on was switched off again, in the right order, and nothing follows but the shell."""
    output = terminal.output
    for mode in re.findall(rb"\x1b\[\?(\d+)h", output):
        if mode in (b"25", b"7"):
            continue  # cursor and wrapping are on by nature
        last = re.findall(rb"\x1b\[\?" + mode + rb"([hl])", output)[-1]
        equal(last, b"l", f"{what}: the last word on mode {mode.decode()}")
    cursor = re.findall(rb"\x1b\[\?25([hl])", output)
    check(not cursor or cursor[-1] == b"h", f"{what}: the cursor stays hidden")
    # Keypad mode: off again (also as \x1b>).
    if b"\x1b=" in output:
        check(output.rfind(b"\x1b>") > output.rfind(b"\x1b="), f"{what}: the keypad stays in application mode")
    check(terminal.modes_restored(), f"{what}: the line discipline was not restored")


def every_TERM():
    def session(term, **variables):
        terminal = Pty(["-w", data(), "--reviewer", "ann"], env=environment(TERM=term, **variables))
        terminal.wait("solutions-1")
        terminal.wait_quiet()
        terminal.send("\r")
        terminal.wait("Step")
        terminal.wait_quiet()
        terminal.send("y")
        wait_until(lambda: log.count(data()) > session.events, f"no event under TERM={term}")
        session.events = log.count(data())
        terminal.send("u")
        wait_until(lambda: log.count(data()) > session.events, f"no undo under TERM={term}")
        session.events = log.count(data())
        terminal.wait("Undone")
        terminal.send("Q")
        equal(terminal.wait_end(), 0, f"exit code under TERM={term} {variables}")
        unset_what_was_set(terminal, f"TERM={term} {variables}")
        output = terminal.output
        terminal.close()
        return output

    colours = rb"\x1b\[[0-9;]*(3[0-7]|38|4[0-7]|48|9[0-7])[0-9;]*m"
    session.events = log.count(data())
    for term in ("xterm-256color", "tmux-256color", "screen", "linux", "vt100"):
        output = session(term)
        equal(bool(re.search(colours, output)), term != "vt100", f"colours under TERM={term}")
    for term in ("no-such-terminal", "../../etc/passwd", "x" * 300):
        output = session(term)
        check(b"is not known" in output or len(term) > 99, f"TERM={term[:20]}: no message about the unknown terminal")
    check(not re.search(colours, session("xterm-256color", NO_COLOR="1")), "colours in spite of NO_COLOR")
    check(re.search(colours, session("xterm-256color", NO_COLOR="")), "no colours although NO_COLOR is empty")
    for locale in ({"LANG": "C"}, {"LANG": None}, {"LANG": "C.UTF-8", "LC_ALL": "POSIX"}, {"LANG": "xx_YY.nonsense"}):
        output = session("xterm-256color", **locale)
        check(not [byte for byte in output if byte > 126], f"bytes beyond ASCII under {locale}")
    check("▸".encode() in session("xterm-256color"), "no UTF-8 under LANG=C.UTF-8")


def polite_refusals():
    for term in ("dumb", "", None):
        terminal = Pty(["-w", data()], env=environment(TERM=term))
        equal(terminal.wait_end(), 1, f"exit code under TERM={term!r}")
        polite(terminal.output, f"TERM={term!r}")
        check(b"--linear" in terminal.output, "the alternative was not named")
        check(terminal.modes_restored(), "the terminal's modes changed")
        terminal.close()
    for missing in ({"stdin": False}, {"stdout": False}):
        terminal = Pty(["-w", data()], **missing)
        equal(terminal.wait_end(), 1, f"exit code without {missing}")
        polite(terminal.output, f"without {missing}")
        terminal.close()
    done = harness.program("-w", data(), expect=1)
    equal(done.stdout, b"", "standard output without a terminal")
    polite(done.stderr, "no terminal at all")


def terminal_goes_away():
    for open_review in (False, True):
        terminal = Pty(["-w", data()])
        terminal.wait("solutions-1")
        if open_review:
            terminal.send("\rc")
            terminal.wait("Comment on this step")
            terminal.send("half a comm")
        terminal.wait_quiet()
        pid = terminal.process.pid
        terminal.hang_up()
        wait_until(lambda: not alive(pid), "the program outlives its terminal", 5)
        terminal.close()

    # The same where SIGHUP is ignored (nohup): the end of the input has to be noticed, without spinning.
    terminal = Pty([], command=["sh", "-c", 'trap "" HUP; exec "$0" -w "$1"', harness.PROGRAM, data()])
    terminal.wait("solutions-1")
    terminal.wait_quiet()
    pid = terminal.process.pid
    terminal.hang_up()
    wait_until(lambda: not alive(pid), "the program outlives its terminal when SIGHUP is ignored", 5)
    terminal.close()


def idle_costs_nothing():
    terminal = Pty(["-w", data()])
    terminal.wait("solutions-1")
    terminal.wait_quiet(0.5)
    before, written = processor_seconds(terminal.process.pid), len(terminal.output)
    terminal.wait_quiet(1.5)
    used = processor_seconds(terminal.process.pid) - before
    check(used <= 0.1, f"{used} s of processor time in 1.5 s of doing nothing")
    equal(len(terminal.output), written, "bytes written while nothing happened")
    terminal.close()


class Shell(Pane):
    """A shell in a pane that starts the workbench, as a person does."""

    def __init__(self, **options):
        super().__init__(["sh"], PS1="prompt> ", PS2="", ENV=None, **options)
        self.wait("prompt>")
        self.modes = self.stty("before")

    def stty(self, word):
        """The line discipline, as the shell's own stty sees it."""
        self.type(f"clear; stty -g; echo {word}-$?\n")
        screen = self.wait(f"{word}-0")
        return screen.split(f"{word}-0")[0].strip().split("\n")[-1]

    def start(self):
        self.type(f"clear; {harness.PROGRAM} -w {data()}; echo ended-$?\n")
        self.wait("order as imported")
        equal(self.fact("alternate_on"), "1", "the alternate screen")
        return children(self.pid)[-1]

    def given_back(self, what):
        """The shell works, on the normal screen, with its own modes, and shows nothing of the workbench's."""
        check(self.fact("alternate_on") == "0", lambda: f"{what}: the alternate screen is still on" + self.shown())
        equal(self.fact("cursor_flag"), "1", f"{what}: the cursor")
        for flag in ("keypad_flag", "keypad_cursor_flag", "mouse_any_flag", "insert_flag"):
            equal(self.fact(flag), "0", f"{what}: {flag}")
        check("solutions-" not in self.screen(), lambda: f"{what}: the workbench is still to be seen" + self.shown())
        equal(self.stty(what.replace(" ", "_")), self.modes, f"{what}: stty -g")


def ends_and_signals_give_the_terminal_back():
    shell = Shell()
    for what, end, code in (
            ("quit", lambda pid: shell.keys("Q"), 0),
            ("ctrl-c", lambda pid: shell.keys("C-c"), 0),
            ("terminated", lambda pid: shell.signal(signal.SIGTERM, pid), 143),
            ("hung up", lambda pid: shell.signal(signal.SIGHUP, pid), 129),
            ("crashed", lambda pid: shell.signal(signal.SIGSEGV, pid), 139),
            ("trapped", lambda pid: shell.signal(signal.SIGTRAP, pid), 133),
            ("aborted", lambda pid: shell.signal(signal.SIGABRT, pid), 134)):
        end(shell.start())
        shell.wait(f"ended-{code}")
        shell.given_back(what)
    shell.close()


def stop_and_continue():
    shell = Shell()
    shell.start()
    shell.press("Enter", "▌  1")
    shell.keys("C-z")
    shell.wait("prompt>", gone="▌  1")
    check(shell.fact("alternate_on") == "0", lambda: "the alternate screen is on after Ctrl-Z" + shell.shown())
    shell.given_back("stopped")
    # The window changes while the program is stopped.
    shell.resize(90, 30)
    shell.type("clear; fg; echo back-$?\n")
    shell.wait("▌  1", "? keys")
    shell.press("y", "Step 1 correct.")
    shell.press("u", "Undone")
    shell.keys("C-z")
    shell.wait("prompt>", gone="Undone")
    shell.type("clear; kill -TERM %1; fg; echo over-$?\n")
    shell.wait("over-143")
    shell.given_back("terminated while stopped")
    shell.close()


def every_size():
    """From one cell to more than any screen: never a crash, and the keys work at any size."""
    sizes = [(1, 1), (2, 2), (1, 60), (200, 1), (10, 3), (20, 5), (40, 10), (79, 23), (80, 24), (120, 40), (200, 60), (300, 100)]
    events = log.count(data())
    for turn, (columns, rows) in enumerate(sizes):
        terminal = Pty(["-w", data()], columns=columns, rows=rows)
        terminal.wait("\x1b[?1049h")
        terminal.wait_quiet()
        terminal.send("\r")
        terminal.wait_quiet(0.05)
        # Another verdict and another comment than the last time: the same ones again would be no decisions.
        for key in ("?", "q", ":", "\x1b", "jk\t123vh", "yo"[turn % 2] + "th", f"c{columns}"):
            terminal.send(key)
            terminal.wait_quiet(0.05)
        terminal.send("\r")
        wait_until(lambda: log.count(data()) == events + 2, f"no events at {columns}x{rows}: {log.count(data()) - events}")
        events += 2
        terminal.send("Q")
        equal(terminal.wait_end(), 0, f"exit code at {columns}x{rows}")
        unset_what_was_set(terminal, f"{columns}x{rows}")
        terminal.close()
    log.check_projections(data())


if __name__ == "__main__":
    main(every_TERM, polite_refusals, terminal_goes_away, idle_costs_nothing, ends_and_signals_give_the_terminal_back,
         stop_and_continue, every_size)
