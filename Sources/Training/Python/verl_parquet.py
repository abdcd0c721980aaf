"""Writes the supervised rows as parquet, which verl's trainer wants.

    python verl_parquet.py FOLDER
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any


def messages(row: dict[str, Any]) -> list[dict[str, str]]:
    """The turns of a row, whichever of both shapes it has."""
    turns = row["messages"] if "messages" in row else row["prompt"] + row["completion"]
    return [{"role": str(turn["role"]), "content": str(turn["content"])} for turn in turns]


def main() -> int:
    """Converts the files of a run's dataset."""
    import pyarrow
    import pyarrow.parquet

    folder = sys.argv[1]
    target = os.path.join(folder, "verl-data")
    os.makedirs(target, exist_ok=True)
    for split in ("train", "validation"):
        source = os.path.join(folder, "data", f"{split}.jsonl")
        if not os.path.exists(source):
            continue
        with open(source, encoding="utf-8") as file:
            rows = [messages(json.loads(line)) for line in file if not line.isspace()]
        if not rows:
            continue
        path = os.path.join(target, f"{split}.parquet")
        pyarrow.parquet.write_table(pyarrow.table({"messages": rows}), path + ".part")
        os.replace(path + ".part", path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
