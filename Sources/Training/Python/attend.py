"""Starts the program that trains, waits for it, and writes down how it ended.

It leads a process group of its own, so that the training outlives the program that started it. Needs nothing but the
standard library.

    python attend.py FOLDER ATTEMPT|next
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from feed import Feed
from verl_feed import VerlFeed

MARK = "@RUN@"
"""Stands for the run's folder in commands, until it is known where they run."""


def here(word: str, folder: str) -> str:
    """A word of a command with the folder in its place; within quotes as the configuration's grammar wants it."""
    return word.replace(MARK, folder.replace("\\", "\\\\").replace("'", "\\'") if "'" + MARK in word else folder)


def settle(folder: str) -> None:
    """Lets checkpoints and model go to a folder that outlives a job's own."""
    output = os.environ.get("DEEPCRITIC_OUTPUT", "")
    for name in ("checkpoints", "model", "adapter") if output else ():
        target = os.path.join(output, name)
        os.makedirs(target, exist_ok=True)
        if not os.path.lexists(os.path.join(folder, name)):
            os.symlink(target, os.path.join(folder, name))


def keep(folder: str) -> None:
    """Copies progress beside checkpoints and model, where both go to a folder that outlives a job's own."""
    output = os.environ.get("DEEPCRITIC_OUTPUT", "")
    # Whoever follows the job's log has the feed already.
    if not output or os.environ.get("DEEPCRITIC_FEED_ECHO") == "1" or os.path.realpath(output) == os.path.realpath(folder):
        return
    for name in ("feed.jsonl", "log.txt"):
        try:
            shutil.copyfile(os.path.join(folder, name), os.path.join(output, name))
        except OSError:
            pass


def claim(folder: str, word: str) -> int:
    """The number of this attempt. "next" takes the first free one: a file submitted again starts another attempt."""
    if word != "next":
        return int(word)
    number = 0
    while True:
        number += 1
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            os.close(os.open(os.path.join(folder, f".attempt-{number}"), flags, 0o644))
            return number
        except FileExistsError:
            continue


def rehearsed(launch: dict[str, Any]) -> list[str]:
    """The command of a rehearsal: one process of this machine, or what the engine can check without GPUs."""
    if launch.get("rehearsal"):
        return list(launch["rehearsal"])
    words = list(launch["command"])
    if "--nproc-per-node" in words:
        words[words.index("--nproc-per-node") + 1] = "1"
    return words


def start_time(pid: int) -> str:
    """What tells a process from a later one with the same number; empty where the system does not tell."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return ""


def main() -> int:
    """Runs the training of a folder."""
    folder = os.path.abspath(sys.argv[1])
    attempt = claim(folder, sys.argv[2])
    with open(os.path.join(folder, "launch.json"), encoding="utf-8") as file:
        launch: dict[str, Any] = json.load(file)
    is_rehearsal = os.environ.get("DEEPCRITIC_REHEARSAL") == "1"
    settle(folder)
    feed = Feed(folder, attempt)
    feed.reserve()
    environment = dict(os.environ)
    environment.update(launch["environment"])
    environment["DEEPCRITIC_ATTEMPT"] = str(attempt)
    watcher = VerlFeed(folder, feed, attempt) if launch["engine"] == "verl" else None
    if watcher:
        environment["VERL_FILE_LOGGER_PATH"] = watcher.metrics_path
    asked = threading.Event()
    child: subprocess.Popen[bytes] | None = None

    def forward(number: int, _frame: Any) -> None:
        asked.set()
        if child and child.poll() is None:
            child.send_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, forward)
    signal.signal(signal.SIGINT, forward)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    code = 0
    try:
        for step in launch.get("preparation", []):
            words = [here(word, folder) for word in step]
            code = subprocess.run(words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, check=False).returncode
            if code or asked.is_set():
                break
        if not code and not asked.is_set():
            command = rehearsed(launch) if is_rehearsal else launch["command"]
            words = [here(word, folder) for word in command]
            child = subprocess.Popen(words, cwd=folder, env=environment, stdin=subprocess.DEVNULL)
            if asked.is_set():
                child.send_signal(signal.SIGTERM)
            feed.write("process", pid=child.pid, start=start_time(child.pid))
            if watcher:
                watcher.start()
            code = child.wait()
    except OSError as problem:
        print(f"the training cannot be started: {problem}", file=sys.stderr, flush=True)
        feed.write("error", message=f"the training cannot be started: {problem}")
        code = 127
    if watcher:
        watcher.finish()
    feed.write("exit", code=max(code, 0), signal=max(-code, 0), stopped=asked.is_set())
    feed.release()
    keep(folder)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
