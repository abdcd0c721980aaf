"""Brings what verl writes about its progress into the feed: the metrics of its file logger, and sampled completions.

Needs nothing but the standard library.
"""

from __future__ import annotations

import json
import os
import re
import threading
from typing import Any

from feed import Feed
from reward import final_index

_CHECKPOINT = re.compile(r"global_step_([0-9]+)")
_SAMPLES = re.compile(r"([0-9]+)\.jsonl")


class VerlFeed:
    """Reads along, once a second."""

    def __init__(self, folder: str, feed: Feed, attempt: int) -> None:
        self.folder = folder
        self.feed = feed
        # verl empties the file when it begins: each attempt has its own.
        self.metrics_path = os.path.join(folder, f"verl-metrics-{attempt}.jsonl")
        self._offset = 0
        self._seen_samples = self._sample_steps()
        self._seen_checkpoints = self._checkpoint_steps()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins to read along."""
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Reads what is left."""
        self._stop.set()
        if self._thread:
            self._thread.join()
        self.look()

    def _run(self) -> None:
        while not self._stop.wait(1.0):
            self.look()

    def look(self) -> None:
        """Takes over what is new."""
        try:
            self._metrics()
            self._samples()
            for step in sorted(self._checkpoint_steps() - self._seen_checkpoints):
                self._seen_checkpoints.add(step)
                self.feed.write("checkpoint", step=step, path=f"checkpoints/global_step_{step}")
        except OSError:
            pass

    def _metrics(self) -> None:
        try:
            with open(self.metrics_path, "rb") as file:
                file.seek(self._offset)
                data = file.read()
        except FileNotFoundError:
            return
        whole = data[: data.rfind(b"\n") + 1]
        self._offset += len(whole)
        for line in whole.splitlines():
            try:
                record = json.loads(line)
                self.feed.write("log", step=int(record["step"]), values=numbers(record["data"]))
            except (ValueError, KeyError, TypeError, AttributeError):
                self.feed.write("note", message="a line of verl's metrics could not be read")

    def _samples(self) -> None:
        for step in sorted(self._sample_steps() - self._seen_samples):
            self._seen_samples.add(step)
            with open(os.path.join(self.folder, "rollouts", f"{step}.jsonl"), encoding="utf-8") as file:
                lines = file.read().splitlines()
            # verl has written the whole file when the step is over.
            for line in lines[:4]:
                try:
                    record = json.loads(line)
                except ValueError:
                    continue
                text = str(record.get("output", ""))
                self.feed.write(
                    "sample", step=step, completion=text, reward=record.get("score"), answer=final_index(text),
                    ground_truth=record.get("gts"), solution=record.get("solution"), prompt=record.get("input"))

    def _sample_steps(self) -> set[int]:
        return _steps(os.path.join(self.folder, "rollouts"), _SAMPLES)

    def _checkpoint_steps(self) -> set[int]:
        return _steps(os.path.join(self.folder, "checkpoints"), _CHECKPOINT)


def _steps(folder: str, pattern: re.Pattern[str]) -> set[int]:
    try:
        names = os.listdir(folder)
    except OSError:
        return set()
    return {int(match.group(1)) for name in names if (match := pattern.fullmatch(name))}


def numbers(values: dict[str, Any]) -> dict[str, Any]:
    """The values that are numbers."""
    return {key: value for key, value in values.items() if isinstance(value, (int, float)) and not isinstance(value, bool)}
