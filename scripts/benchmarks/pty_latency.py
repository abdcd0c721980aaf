#!/usr/bin/env python3
"""Times the workbench from outside: the real program on a pseudo-terminal of 120×40, keys in, bytes out.

    pty_latency.py [--json] PROGRAM WORKSPACE

First frame: from just before the program is started to the last byte of the first burst of output that has the hint
line. Key to frame: from just before a key is written to the last byte of the output that follows; a burst has ended
when nothing has come for a few milliseconds, which are not counted. Nothing is answered to the program, and its
output is only counted and searched for a word. Standard library only.
"""

import argparse
import fcntl
import json
import os
import pty
import select
import signal
import statistics
import struct
import sys
import tempfile
import termios
import time

COLUMNS, ROWS = 120, 40
QUIET = 0.006
STATE = tempfile.TemporaryDirectory()
# A full screen begins with the first of these; its last line has one of the others, by what lies over the queue: nothing, the
# guide of a first start, or the card of a later one.
ENTERED, HINTS = b"\x1b[?1049h", (b"quit", b"begins", b"close")
PAGE_DOWN, PAGE_UP, HOME, END, ENTER, BACKSPACE = b"\x1b[6~", b"\x1b[5~", b"\x1b[H", b"\x1b[F", b"\r", b"\x7f"
# Words of nearly all solutions, of many, of few and of none, and conditions.
SEARCHES = [
    b"equation", b"triangle", b"tetrahedron", b"counterweighment", b"triangle circle", b"label:wrong prime",
    b"state:todo steps>8 polygon", b'text:"the number"']


class Screen:
    """A program on a pseudo-terminal of its own."""

    def __init__(self, arguments, folder=None):
        environment = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "COLUMNS", "LINES", "TMUX")}
        # Where another session was, and what it listed, is not taken up.
        environment.update(TERM="xterm-256color", LC_ALL="C.UTF-8", XDG_STATE_HOME=STATE.name)
        self.began = time.perf_counter()
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            if folder:
                os.chdir(folder)
            os.execvpe(arguments[0] if folder is None else os.path.join(folder, arguments[0]), arguments, environment)

    def read(self, first, quiet=QUIET, until=None):
        """Reads one burst: waits up to `first` seconds for it to begin.

        Returns its bytes and the time of its last one; with `until`, goes on to the burst that fulfils it.
        """
        data = b""
        last = None
        deadline = time.perf_counter() + first
        while True:
            done = data and (until is None or until(data))
            patience = quiet if done else deadline - time.perf_counter()
            if patience <= 0 or not select.select([self.terminal], [], [], patience)[0]:
                return data, last
            try:
                piece = os.read(self.terminal, 1 << 16)
            except OSError:
                piece = b""
            if not piece:
                return data, last
            last = time.perf_counter()
            data += piece

    def first_frame(self, longest=30):
        """Seconds from the start to the first whole frame, and its bytes."""
        def complete(data):
            entered = data.rfind(ENTERED)
            return entered >= 0 and any(hint in data[entered:] for hint in HINTS)

        data, last = self.read(longest, quiet=0.05, until=complete)
        if last is None or not complete(data):
            sys.exit("pty_latency: no frame came; the program wrote:\n" + data[-4000:].decode(errors="replace"))
        return last - self.began, len(data)

    def key(self, key):
        """Milliseconds from the key to the last byte of its frame, and the number of bytes; (None, 0) if none came."""
        began = time.perf_counter()
        os.write(self.terminal, key)
        data, last = self.read(0.5)
        return (None if last is None else (last - began) * 1000, len(data))

    def close(self):
        """Quits as a user does; ends the program by force if that does not help."""
        try:
            os.write(self.terminal, b"Q")
            self.read(2, quiet=0.2)
        except OSError:
            pass
        for _ in range(200):
            if os.waitpid(self.process, os.WNOHANG)[0]:
                break
            time.sleep(0.01)
        else:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        os.close(self.terminal)


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * share // 100) - 1))]


class Kind:
    """What was measured for one kind of key."""

    def __init__(self, name):
        self.name = name
        self.times, self.bytes, self.silent = [], [], 0

    def add(self, measured):
        if measured[0] is None:
            self.silent += 1
        else:
            self.times.append(measured[0])
            self.bytes.append(measured[1])

    def figures(self):
        if not self.times:
            return {"name": self.name, "keys": 0, "silent": self.silent}
        return {
            "name": self.name, "keys": len(self.times), "silent": self.silent,
            "median_ms": round(statistics.median(self.times), 2), "p99_ms": round(percentile(self.times, 99), 2),
            "max_ms": round(max(self.times), 2), "mean_bytes": round(statistics.mean(self.bytes)),
            "p99_bytes": percentile(self.bytes, 99), "max_bytes": max(self.bytes)}


def fsync_time(folder):
    """The median of writing and syncing 8 KiB beside the workspace, in milliseconds: what a durable decision waits for."""
    times = []
    with tempfile.NamedTemporaryFile(dir=folder) as file:
        for _ in range(100):
            began = time.perf_counter()
            os.pwrite(file.fileno(), b"x" * 8192, 0)
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times), percentile(times, 99)


def queue_keys(screen, count):
    """Moves in the queue: within the page, scrolling it, by pages, to the ends."""
    within, scrolling, paging, ends = Kind("queue: j, k within the page"), Kind("queue: j, k scrolling"), Kind(
        "queue: page up, page down"), Kind("queue: home, end")
    screen.key(HOME)
    for number in range(count):
        within.add(screen.key(b"j" if number // 20 % 2 == 0 else b"k"))
    screen.key(HOME)
    for _ in range(ROWS):
        screen.key(b"j")
    for _ in range(count):
        scrolling.add(screen.key(b"j"))
    for number in range(count):
        paging.add(screen.key(PAGE_DOWN if number // 50 % 2 == 0 else PAGE_UP))
    for number in range(count // 3):
        ends.add(screen.key(END if number % 2 == 0 else HOME))
    screen.key(HOME)
    return [within, scrolling, paging, ends]


def search_keys(screen, count):
    """Searches typed into the queue, and the whole queue again."""
    found, cleared = Kind("queue: / words, enter (search)"), Kind("queue: backspace, all again")
    for number in range(count // 5):
        screen.key(b"/")
        for character in SEARCHES[number % len(SEARCHES)]:
            screen.key(bytes([character]))
        found.add(screen.key(ENTER))
        cleared.add(screen.key(BACKSPACE))
    return [found, cleared]


def review_keys(screen, count):
    """Moves in and between reviews, and decisions."""
    opening, closing = Kind("queue: enter opens a review"), Kind("review: q, back to the queue")
    steps, following = Kind("review: j, k between steps"), Kind("review: ] next solution")
    verdicts, undos = Kind("review: y, n (durable)"), Kind("review: u (durable)")
    for _ in range(count // 3):
        screen.key(b"j")
        opening.add(screen.key(ENTER))
        closing.add(screen.key(b"q"))
    screen.key(ENTER)
    for number in range(count):
        # To and fro between the first steps; every solution has two.
        steps.add(screen.key(b"j" if number % 2 == 0 else b"k"))
    for _ in range(count):
        following.add(screen.key(b"]"))
    for number in range(count):
        screen.key(HOME)
        verdicts.add(screen.key(b"y" if number % 3 else b"n"))
        undos.add(screen.key(b"u"))
        if number % 5 == 4:
            screen.key(b"]")
    return [opening, closing, steps, following, verdicts, undos]


def long_keys(screen, count):
    """Moves through a solution of sixty steps, on a page that scrolls with them."""
    steps, reading = Kind("review of 60 steps: j, k"), Kind("review of 60 steps: space")
    screen.key(b"q")
    screen.key(b"/")
    for character in b"steps>59":
        screen.key(bytes([character]))
    screen.key(ENTER)
    screen.key(ENTER)
    for number in range(count):
        steps.add(screen.key(b"j" if number // 59 % 2 == 0 else b"k"))
    screen.key(HOME)
    for _ in range(59):
        reading.add(screen.key(b" "))
    return [steps, reading]


def first_frames(arguments, runs):
    """Starts the program this many times: medians of milliseconds and bytes."""
    frames = []
    for _ in range(runs + 1):
        screen = Screen(arguments)
        frames.append(screen.first_frame())
        screen.close()
    # The first start fills the page cache.
    times = [seconds * 1000 for seconds, _ in frames[1:]]
    return {
        "runs": runs, "median_ms": round(statistics.median(times), 1), "max_ms": round(max(times), 1), "bytes": frames[-1][1]}


def gold_frames(arguments, workspace, runs):
    """The same with known items mixed into the queue: the settings of the workspace say so for that long."""
    path = os.path.join(workspace, "deepcritic.toml")
    with open(path, "a+") as file:
        file.seek(0)
        before = file.read()
        file.write("\n[review]\ngold_rate = 0.05\n")
    try:
        return first_frames(arguments, runs)
    finally:
        with open(path, "w") as file:
            file.write(before)


def measure(program, workspace, runs, count):
    arguments = [program, "-w", workspace]
    frame = first_frames(arguments, runs)
    mixed = gold_frames(arguments, workspace, runs)
    screen = Screen(arguments)
    screen.first_frame()
    screen.key(b"\x1b")
    kinds = queue_keys(screen, count) + search_keys(screen, count) + review_keys(screen, count) + long_keys(screen, count)
    screen.close()
    synced = fsync_time(workspace)
    return {
        "first_frame": frame, "first_frame_gold": mixed,
        "fsync": {"median_ms": round(synced[0], 2), "p99_ms": round(synced[1], 2)},
        "keys": [kind.figures() for kind in kinds]}


def show(result):
    frame = result["first_frame"]
    print(f"first frame: median {frame['median_ms']} ms, max {frame['max_ms']} ms of {frame['runs']} runs; {frame['bytes']} bytes")
    mixed = result["first_frame_gold"]
    print(f"first frame with known items mixed in: median {mixed['median_ms']} ms, max {mixed['max_ms']} ms")
    print(f"{'':34}{'keys':>6}{'median':>9}{'p99':>9}{'max':>9} ms{'mean':>8}{'p99':>7}{'max':>7} bytes")
    for kind in result["keys"]:
        if kind["keys"]:
            print(
                f"{kind['name']:34}{kind['keys']:6}{kind['median_ms']:9.2f}{kind['p99_ms']:9.2f}{kind['max_ms']:9.2f}   "
                f"{kind['mean_bytes']:8}{kind['p99_bytes']:7}{kind['max_bytes']:7}")
        else:
            print(f"{kind['name']:34}{0:6}  no key made a frame")
    print(f"write and sync of 8 KiB on this disk: median {result['fsync']['median_ms']} ms, p99 {result['fsync']['p99_ms']} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("workspace")
    parser.add_argument("--json", action="store_true", help="figures for programs")
    parser.add_argument("--runs", type=int, default=15, help="starts of the program (default 15)")
    parser.add_argument("--keys", type=int, default=300, help="keys of each kind of move (default 300)")
    parser.add_argument(
        "--first-frame-of", action="store_true",
        help="only run PROGRAM in the folder WORKSPACE until its first frame, and print the seconds")
    options = parser.parse_args()
    if options.first_frame_of:
        screen = Screen([options.program], folder=options.workspace)
        seconds, _ = screen.first_frame(longest=3600)
        screen.close()
        print(f"{seconds:.1f}")
        return
    result = measure(options.program, options.workspace, options.runs, options.keys)
    print(json.dumps(result)) if options.json else show(result)


if __name__ == "__main__":
    main()
