"""Two ways to drive the real program: in a tmux pane (what a person sees), and on a bare pty (what is really sent)."""

import atexit
import fcntl
import os
import pty
import select
import shlex
import shutil
import signal
import struct
import subprocess
import termios
import threading
import time

from . import harness
from .harness import Failure, Skip, check, environment, scratch, wait_until

_socket = f"deepcritic-e2e-{os.getpid()}"
_started = False


def tmux(*arguments, expect=0):
    done = subprocess.run(["tmux", "-L", _socket, *arguments], capture_output=True, env=environment(TERM="xterm-256color"))
    if expect is not None and done.returncode != expect:
        raise Failure(f"tmux {' '.join(arguments)}: {done.stderr.decode(errors='replace')}")
    return done.stdout.decode(errors="replace")


def _server():
    global _started
    if _started:
        return
    if shutil.which("tmux") is None:
        raise Skip("tmux is not installed")
    configuration = scratch("tmux.conf")
    with open(configuration, "w") as file:
        file.write(
            "set -g remain-on-exit on\nset -g status off\nset -g default-terminal tmux-256color\n"
            "set -g history-limit 5000\nset -sg escape-time 0\n"
            "set -g default-shell /bin/sh\n")
    # A session that stays keeps the server alive between panes.
    subprocess.run(
        ["tmux", "-L", _socket, "-f", configuration, "new-session", "-d", "-s", "anchor", "exec cat"], check=True,
        env=environment())
    _started = True
    atexit.register(lambda: tmux("kill-server", expect=None))



def pace(terminal, keys):
    """Leaves between two presses the time that a person needs: sooner the same verdict is a key held down."""
    last, at = getattr(terminal, "last_keys", (None, 0))
    if last is not None:
        time.sleep(max(0, at + 0.1 - time.monotonic()))
    terminal.last_keys = (keys, time.monotonic())


class Pane:
    """The program (or a shell) in a tmux pane of a given size."""

    _count = 0

    def __init__(self, command, columns=120, rows=40, record=None, **variables):
        _server()
        Pane._count += 1
        self.name = f"p{Pane._count}"
        # `command` is a list; tmux itself sets TERM, so it is changed behind its back where a test asks for another.
        values = environment(**{"TERM": None, **variables})
        words = ["env", "-i", *(f"{name}={value}" for name, value in values.items())]
        line = " ".join(shlex.quote(word) for word in words)
        if "TERM" not in values:
            line += ' TERM="$TERM"'
        line += ' TMUX="$TMUX"'
        line = "exec " + line + " " + " ".join(shlex.quote(word) for word in command)
        arguments = ["new-session", "-d", "-s", self.name, "-x", str(columns), "-y", str(rows), line]
        if record:
            arguments += [";", "pipe-pane", "-t", self.name, "-O", f"cat >> {shlex.quote(record)}"]
        tmux(*arguments)
        self.pid = int(self.fact("pane_pid"))

    def fact(self, name):
        return tmux("display-message", "-p", "-t", self.name, f"#{{{name}}}").strip()

    # What is on the screen.

    def screen(self, escapes=False):
        arguments = ["capture-pane", "-p", "-t", self.name] + (["-e"] if escapes else [])
        return tmux(*arguments).rstrip("\n")

    def lines(self):
        return self.screen().split("\n")

    def line(self, part):
        """The first line of the screen that holds a text."""
        found = [line for line in self.lines() if part in line]
        check(found, lambda: f"no line of the screen holds {part!r}" + self.shown())
        return found[0]

    def shown(self):
        dead = self.status() if self.is_dead() else "running"
        body = "\n".join("  |" + line for line in self.screen().split("\n"))
        return f"\n  the screen ({self.fact('pane_width')}x{self.fact('pane_height')}, {dead}):\n{body}"

    # Waiting: never for a time, always for something to be seen.

    def wait(self, *texts, gone=(), patience=None):
        """Waits until all texts are on the screen (and those in `gone` are not)."""
        gone = [gone] if isinstance(gone, str) else gone
        last = [""]

        def look():
            last[0] = self.screen()
            return all(text in last[0] for text in texts) and not any(text in last[0] for text in gone)

        try:
            wait_until(look, "", patience)
        except Failure:
            missing = [text for text in texts if text not in last[0]]
            there = [text for text in gone if text in last[0]]
            raise Failure(
                "the screen does not " + " nor ".join(
                    ([f"show {missing}"] if missing else []) + ([f"lose {there}"] if there else [])) + self.shown()) from None
        return last[0]

    def wait_for(self, condition, what, patience=None):
        try:
            return wait_until(lambda: condition(self.screen()), what, patience)
        except Failure as problem:
            raise Failure(str(problem) + self.shown()) from None

    # Keys.

    def keys(self, *names):
        pace(self, names)
        """Sends keys by tmux's names ("Enter", "C-r"), or single characters."""
        tmux("send-keys", "-t", self.name, *names)

    def type(self, text):
        pace(self, text)
        tmux("send-keys", "-t", self.name, "-l", "--", text)

    def press(self, key, *texts, **options):
        """Sends one key and waits for what it must show."""
        self.keys(key)
        return self.wait(*texts, **options)

    def paste(self, text, bracketed=True):
        tmux("set-buffer", "-b", "paste", "--", text)
        tmux("paste-buffer", "-b", "paste", "-t", self.name, *(["-p"] if bracketed else []))

    # The pane itself.

    def resize(self, columns, rows):
        tmux("resize-window", "-t", self.name, "-x", str(columns), "-y", str(rows))

    def signal(self, number, pid=None):
        os.kill(pid or self.pid, number)

    def is_dead(self):
        # tmux learns of the closed terminal first and of the exit status a moment later, and now and then misses the
        # signal that tells it.
        if not harness.alive(self.pid):
            os.kill(int(self.fact("pid")), signal.SIGCHLD)
        return self.fact("pane_dead_signal") + self.fact("pane_dead_status") != ""

    def status(self):
        """"exit N" or "signal N" of the ended program."""
        number = self.fact("pane_dead_signal")
        return f"signal {number}" if number not in ("", "0") else f"exit {self.fact('pane_dead_status') or 0}"

    def wait_end(self, status=None, patience=None):
        try:
            wait_until(self.is_dead, "the program has not ended", patience)
        except Failure as problem:
            raise Failure(str(problem) + self.shown()) from None
        if status is not None and self.status() != status:
            raise Failure(f"the program ended with {self.status()}, expected {status}" + self.shown())

    def close(self):
        tmux("kill-session", "-t", self.name, expect=None)


def workbench(path, *options, reviewer="ann", columns=120, rows=40, record=None, ready="deepcritic", **variables):
    """The workbench on a workspace, in a pane, with its first screen drawn."""
    pane = Pane(
        [harness.PROGRAM, "-w", path, "--reviewer", reviewer, *options], columns=columns, rows=rows, record=record,
        **variables)
    pane.wait(ready)
    # The card of a further session on a workspace.
    if "Welcome back" in pane.screen() and ready != "Welcome back":
        pane.press("Escape", gone="Welcome back")
    return pane


class Pty:
    """The program on a bare pty: every byte it sends is kept."""

    def __init__(self, arguments, columns=80, rows=24, env=None, stdin=True, stdout=True, command=None):
        self.output = b""
        self.ended = None
        master, slave = pty.openpty()
        self.master = master
        self.resize(columns, rows)
        # Kept open so that the terminal's modes can be looked at when the program has gone.
        self.slave = slave
        self.before = termios.tcgetattr(slave)
        null = os.open(os.devnull, os.O_RDWR)
        self.pipe, pipe_end = os.pipe()

        def own_terminal():
            # A script in the background or under nohup has these ignored, a program in a terminal has not.
            for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            command or [harness.PROGRAM, *arguments], env=env or environment(), stdin=slave if stdin else null,
            stdout=slave if stdout else pipe_end, stderr=slave, preexec_fn=own_terminal, close_fds=True)
        os.close(pipe_end)
        os.close(null)
        self.reading = True
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        while self.reading:
            try:
                # Never blocked in `read`: closing a descriptor that somebody reads from does not hang up.
                if select.select([self.master], [], [], 0.05)[0]:
                    self.output += os.read(self.master, 65536)
            except OSError:
                return

    def send(self, data):
        pace(self, data)
        os.write(self.master, data if isinstance(data, bytes) else data.encode())

    def resize(self, columns, rows):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def wait(self, text, patience=None, start=0):
        text = text if isinstance(text, bytes) else text.encode()
        try:
            wait_until(lambda: text in self.output[start:], f"{text!r} was not written", patience)
        except Failure as problem:
            raise Failure(f"{problem}\n  written: {self.output[-1500:]!r}") from None

    def wait_quiet(self, seconds=0.15):
        """Waits until nothing has been written for a while; for moments that no text announces."""
        last, since = len(self.output), time.monotonic()
        while time.monotonic() - since < seconds:
            time.sleep(0.01)
            if len(self.output) != last:
                last, since = len(self.output), time.monotonic()

    def wait_end(self, patience=None):
        """The exit status as Popen gives it (negative: a signal)."""
        try:
            status = self.process.wait(patience or harness.PATIENCE)
        except subprocess.TimeoutExpired:
            raise Failure(f"the program has not ended\n  written: {self.output[-1500:]!r}") from None
        self.wait_quiet(0.05)
        return status

    def modes_restored(self):
        return termios.tcgetattr(self.slave) == self.before

    def hang_up(self):
        """Closes the terminal, as a lost connection does."""
        self.reading = False
        self.reader.join()
        os.close(self.slave)
        os.close(self.master)
        self.slave = self.master = None

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reading = False
        self.reader.join()
        for descriptor in (self.slave, self.master, self.pipe):
            if descriptor is not None:
                try:
                    os.close(descriptor)
                except OSError:
                    pass
