"""A run in small: one step of a few short rows, for a rehearsal on a machine that is not the one that trains."""

from __future__ import annotations

import os
from typing import Any

ROWS = 8
"""Rows of a rehearsal with a stand-in for the model, whose tokenizer may cut texts into far more tokens."""


def is_on() -> bool:
    """Whether this is a rehearsal."""
    return os.environ.get("DEEPCRITIC_REHEARSAL") == "1"


def stand_in() -> str:
    """The model that trains instead of the run's own; empty for none."""
    return os.environ.get("DEEPCRITIC_REHEARSAL_MODEL", "") if is_on() else ""


def reduced(values: dict[str, Any]) -> dict[str, Any]:
    """The settings of one step on one device, with everything else as it is."""
    small = dict(values)
    small.update(max_steps=1, save_every=1, log_every=1, gpus=1, nodes=1, sharding="off")
    if small["device"] == "gpu":
        small["device"] = "auto"
    if "samples" in small:
        small["samples"] = min(small["samples"], 4)
        small.update(batch=2, micro_batch=small["samples"], sample_every=1)
        small["max_completion"] = min(small["max_completion"], 16)
    else:
        small["micro_batch"] = min(small["micro_batch"], 2)
        small["batch"] = small["micro_batch"]
    if stand_in():
        small.update(model=stand_in(), tokenizer="", overlong="drop")
        for key in ("max_length", "max_prompt"):
            if key in small:
                small[key] = max(small[key], 1 << 20)
    return small


def shortest(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows of a rehearsal: the shortest with a stand-in, else all, so that one that is too long is found."""
    return sorted(rows, key=lambda row: len(str(row)))[:ROWS] if stand_in() else rows
