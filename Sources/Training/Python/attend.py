"""Starts the program that trains, waits for it, and writes down how it ended.

It leads a process group of its own, so that the training outlives the program that started it. Needs nothing but the
standard library.

    python attend.py FOLDER ATTEMPT
"""

from __future__ import annotations

import json
import os
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
    for name in ("checkpoints", "model") if output else ():
        target = os.path.join(output, name)
        os.makedirs(target, exist_ok=True)
        if not os.path.lexists(os.path.join(folder, name)):
            os.symlink(target, os.path.join(folder, name))


def start_time(pid: int) -> str:
    """What tells a process from a later one with the same number; empty where the system does not tell."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return ""


def main() -> int:
    """Runs the training of a folder."""
    folder, attempt = os.path.abspath(sys.argv[1]), int(sys.argv[2])
    with open(os.path.join(folder, "launch.json"), encoding="utf-8") as file:
        launch: dict[str, Any] = json.load(file)
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
            words = [here(word, folder) for word in launch["command"]]
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
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
