"""Progress of a training run, as JSON lines that are appended to one file.

Every line is written in one piece, so that whoever reads along never sees half of one unless the machine stopped there.
Numbers that JSON lacks are written as the texts "nan", "inf" and "-inf". Needs nothing but the standard library.
"""

from __future__ import annotations

import json
import math
import os
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

MARK = "@deepcritic "
"""Before a line of the feed on standard output, where only the output of a job can be read from afar."""
_RESERVE = 64 * 1024


def plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, bool) or value is None or isinstance(value, (int, str)):
        return value
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    try:
        number = float(value)
    except (TypeError, ValueError):
        return str(value)
    if math.isfinite(number):
        return number
    return "nan" if math.isnan(number) else "inf" if number > 0 else "-inf"


class Feed:
    """Appends to ``feed.jsonl`` in a run's folder."""

    def __init__(self, folder: str, attempt: int) -> None:
        self.path = os.path.join(folder, "feed.jsonl")
        self.attempt = attempt
        self._reserve = os.path.join(folder, ".reserve")
        self._echoes = os.environ.get("DEEPCRITIC_FEED_ECHO") == "1"
        self._began = time.monotonic()
        self._lock = threading.Lock()

    def reserve(self) -> None:
        """Reserves disk space for the final messages."""
        try:
            with open(self._reserve, "wb") as file:
                file.write(b"\0" * _RESERVE)
        except OSError:
            pass

    def release(self) -> None:
        """Gives the room back."""
        try:
            os.unlink(self._reserve)
        except OSError:
            pass

    def write(self, kind: str, **values: Any) -> None:
        """Appends one line. A full disk must not end a training: lines that cannot be written are lost, except the final ones."""
        record = {"kind": kind, "attempt": self.attempt, "at": round(time.time(), 3)}
        record["elapsed"] = round(time.monotonic() - self._began, 3)
        record.update((key, plain(value)) for key, value in values.items())
        # The line end in front ends a line that was broken off.
        line = json.dumps(record, ensure_ascii=False, allow_nan=False)
        with self._lock:
            if self._echoes:
                print(MARK + line, flush=True)
            try:
                self._append(line)
            except OSError:
                if kind not in ("exit", "error"):
                    return
                self.release()
                try:
                    self._append("\n" + line)
                except OSError as problem:
                    print(f"the feed cannot be written: {problem}", file=sys.stderr, flush=True)

    def _append(self, line: str) -> None:
        data = (line + "\n").encode("utf-8", "replace")
        file = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            if os.write(file, data) != len(data):
                raise OSError(28, "the disk is full")
        finally:
            os.close(file)
