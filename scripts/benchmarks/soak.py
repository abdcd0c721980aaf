#!/usr/bin/env python3
"""A working day in minutes, on one workspace: see scripts/soak. Standard library only.

    soak.py PROGRAM FAULT_SERVER [--minutes N] [--solutions N]

Two reviewers work on pseudo-terminals, each at about five keys a second; meanwhile critiques are generated, a training run
writes its feed, files are exported, and the windows change their size. Memory, descriptors and times are compared between
the second quarter and the last one: the first warms up.
"""

import argparse
import fcntl
import json
import os
import random
import shutil
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from pty_latency import ENTER, HOME, PAGE_DOWN, Screen, percentile  # noqa: E402

FUNCTION = {2: b"\x1bOQ", 3: b"\x1bOR", 4: b"\x1bOS", 5: b"\x1b[15~", 6: b"\x1b[17~", 8: b"\x1b[19~"}
SIZES = [(120, 40), (80, 24), (200, 60), (100, 30), (60, 20)]


class Reviewer(threading.Thread):
    """Somebody at a terminal, and what is measured there."""

    def __init__(self, program, workspace, name, until):
        super().__init__(name=name)
        self.screen = Screen([program, "-w", workspace, "--reviewer", name])
        self.screen.first_frame()
        self.pid = self.screen.process
        self.until = until
        self.dice = random.Random(name)
        # (time, milliseconds) of keys, and (time, resident bytes, descriptors) of the process.
        self.keys, self.samples = [], []
        self.failure = None

    def press(self, key):
        took, _ = self.screen.key(key)
        if took is not None:
            self.keys.append((time.monotonic(), took))
        time.sleep(0.05)

    def look(self):
        with open(f"/proc/{self.pid}/statm") as file:
            resident = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        self.samples.append((time.monotonic(), resident, len(os.listdir(f"/proc/{self.pid}/fd"))))

    def resize(self):
        columns, rows = self.dice.choice(SIZES)
        fcntl.ioctl(self.screen.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen.read(0.5, quiet=0.05)

    def run(self):
        try:
            while time.monotonic() < self.until:
                self.solution()
                self.look()
        except Exception as problem:  # noqa: BLE001 - reported at the end
            self.failure = f"{self.name}: {problem!r}"

    def solution(self):
        """One solution of the queue, and now and then a look at another screen."""
        self.press(self.dice.choice([b"j", b"j", b"j", PAGE_DOWN, HOME]))
        self.press(ENTER)
        for _ in range(self.dice.randint(2, 6)):
            self.press(self.dice.choice([b"y", b"y", b"y", b"n", b"0", b"j", b"k"]))
        if self.dice.random() < 0.3:
            self.press(b"u")
        if self.dice.random() < 0.2:
            self.press(b"f")
        self.press(b"q")
        if self.dice.random() < 0.15:
            self.press(FUNCTION[self.dice.choice(list(FUNCTION))])
            for _ in range(3):
                self.press(b"j")
            self.press(b"q")
        if self.dice.random() < 0.1:
            for key in b"/prime":
                self.press(bytes([key]))
            self.press(ENTER)
            self.press(b"\x7f")
        if self.dice.random() < 0.2:
            self.resize()

    def close(self):
        self.screen.close()


class Others(threading.Thread):
    """A command again and again, with pauses; one that fails ends the soak."""

    def __init__(self, name, until, pause, command):
        super().__init__(name=name)
        self.until, self.pause, self.command = until, pause, command
        self.times, self.failure = [], None

    def run(self):
        while time.monotonic() < self.until and not self.failure:
            began = time.monotonic()
            done = subprocess.run(self.command(), stdin=subprocess.DEVNULL, capture_output=True)
            if done.returncode:
                self.failure = f"{self.name} ended with {done.returncode}: {done.stderr.decode(errors='replace')[-500:]}"
            self.times.append((began, time.monotonic() - began))
            time.sleep(self.pause)


class Feed(threading.Thread):
    """A training run that logs ten steps a second."""

    def __init__(self, workspace, until):
        super().__init__(name="training")
        self.folder = os.path.join(workspace, "runs", "rl-1")
        self.until, self.failure, self.step = until, None, 0
        os.makedirs(self.folder)
        with open(os.path.join(self.folder, "run.json"), "w") as file:
            json.dump({
                "id": 0, "name": "rl-1", "stage": "rl", "engine": "trl", "launcher": "local", "model": "m", "dataset": "d",
                "spec": "", "programVersion": "soak", "at": 1, "feedOffset": 0, "badLines": 0, "step": 0}, file)

    def run(self):
        dice = random.Random(7)
        with open(os.path.join(self.folder, "feed.jsonl"), "a") as file:
            while time.monotonic() < self.until:
                self.step += 1
                file.write(json.dumps({
                    "kind": "log", "attempt": 1, "at": 1e9 + self.step, "elapsed": self.step / 10, "step": self.step,
                    "values": {"reward": dice.random(), "loss": dice.gauss(0, 1), "entropy": dice.random()}}) + "\n")
                file.flush()
                time.sleep(0.1)


def quarter(values, began, until, number):
    length = (until - began) / 4
    return [value for value in values if began + number * length <= value[0] < began + (number + 1) * length]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("server")
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--solutions", type=int, default=5000)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="deepcritic-soak-")
    os.environ.update(HOME=folder, XDG_CONFIG_HOME=folder + "/config", XDG_STATE_HOME=folder + "/state")
    os.makedirs(folder + "/state/deepcritic")
    open(folder + "/state/deepcritic/guide-seen", "w").close()
    server = subprocess.Popen([options.server, "--port", "0", "--latency-ms", "20"], stdout=subprocess.PIPE, text=True)
    try:
        status = soak(options, folder, server.stdout.readline().split()[-1])
    finally:
        server.kill()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)
    sys.exit(status)


def soak(options, folder, base):
    program, workspace = os.path.abspath(options.program), os.path.join(folder, "audit")
    data = os.path.join(folder, "data.jsonl")
    subprocess.run([sys.executable, os.path.join(HERE, "generate.py"), "--count", str(options.solutions), data], check=True)
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run([program, "init", workspace], **quiet)
    subprocess.run([program, "-w", workspace, "import", "--quiet", data], **quiet)

    began = time.monotonic()
    until = began + options.minutes * 60
    out = os.path.join(folder, "out")
    os.makedirs(out)
    people = [Reviewer(program, workspace, name, until) for name in ("ada", "bo")]
    others = [
        Others("generate", until, 1, lambda: [
            program, "-w", workspace, "generate", "initial", "--endpoint", base, "--model", "m", "--n", "1", "--limit", "20",
            "--quiet"]),
        Others("export reviews", until, 3, lambda: [program, "-w", workspace, "export", "reviews", "-o", f"{out}/reviews.jsonl"]),
        Others("export solutions", until, 9, lambda: [
            program, "-w", workspace, "export", "solutions", "--format", "prm800k", "--labels", "resolved", "-o", f"{out}/all.jsonl"]),
        Others("curate", until, 5, lambda: [program, "-w", workspace, "curate"]),
        Others("runs", until, 5, lambda: [program, "-w", workspace, "runs"]),
        Others("stats", until, 5, lambda: [program, "-w", workspace, "stats"]),
    ]
    threads = people + others + [Feed(workspace, until)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for person in people:
        person.close()

    failures = [thread.failure for thread in threads if thread.failure]
    print(f"{options.minutes:g} minutes, {options.solutions:,} solutions")
    for person in people:
        failures += report(person, began, until)
    for other in others:
        first, last = (quarter(other.times, began, until, number) for number in (1, 3))
        if first and last:
            print(f"  {other.name:18} {len(other.times):5} times, median {statistics.median(t for _, t in first):5.2f} s, "
                  f"at the end {statistics.median(t for _, t in last):5.2f} s")
    database = sqlite3.connect(f"file:{workspace}/workspace.sqlite?mode=ro", uri=True)
    events = database.execute("SELECT count(*) FROM event").fetchone()[0]
    database.close()
    doctor = subprocess.run([program, "-w", workspace, "doctor"], capture_output=True, text=True)
    database_lines = [line for line in doctor.stdout.splitlines() if "database" in line or "decisions" in line]
    print(f"  {events:,} events; doctor: " + "; ".join(" ".join(line.split()) for line in database_lines))
    if not events:
        failures.append("no decision was recorded")
    if any(line.startswith("problem") for line in database_lines):
        failures.append("doctor finds a problem in the database or the decisions")
    for failure in failures:
        print("FAILED: " + failure)
    return 1 if failures else 0


def report(person, began, until):
    """One reviewer's figures, and what is wrong with them."""
    failures = []
    (early_keys, late_keys), (early, late) = (
        tuple(quarter(values, began, until, number) for number in (1, 3)) for values in (person.keys, person.samples))
    if not early or not late:
        return [f"{person.name}: nothing was measured"]

    def times(keys):
        values = [took for _, took in keys]
        return statistics.median(values), percentile(values, 99)

    (median, slow), (late_median, late_slow) = times(early_keys), times(late_keys)
    memory, late_memory = (max(sample[1] for sample in samples) / 1e6 for samples in (early, late))
    files, late_files = (max(sample[2] for sample in samples) for samples in (early, late))
    print(f"  {person.name:4} {len(person.keys):6} keys: median {median:.1f} ms, p99 {slow:.1f} ms; at the end {late_median:.1f} ms, "
          f"{late_slow:.1f} ms; memory {memory:.0f} MB, at the end {late_memory:.0f} MB; files {files}, {late_files}")
    if late_memory > memory * 1.15 + 8:
        failures.append(f"{person.name}: memory grew from {memory:.0f} to {late_memory:.0f} MB")
    # The database opens a few connections more when several things are read at once, up to a limit.
    if late_files > files + 6:
        failures.append(f"{person.name}: open files grew from {files} to {late_files}")
    if late_median > 1.5 * median + 3:
        failures.append(f"{person.name}: keys became slower, from {median:.1f} to {late_median:.1f} ms")
    return failures


if __name__ == "__main__":
    main()
