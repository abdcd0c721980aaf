"""Checks the machine that trains before anything starts: packages, rows, model, GPUs, secrets and room.

The program that wrote the run cannot look there. Needs nothing but the standard library.

    python check_machine.py FOLDER
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import shutil
import sys
from collections.abc import Iterator
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from feed import Feed

_SHARED = 1 << 30
"""Bytes of /dev/shm that several GPUs of one machine need to exchange tensors."""


def series(version: str) -> str:
    """The part of a version that settings' names keep to."""
    return ".".join(version.split("+")[0].split(".")[: 2 if version.startswith("0.") else 1])


def packages(needs: dict[str, Any]) -> Iterator[str]:
    """What this interpreter lacks."""
    for name, wanted in sorted(needs.get("packages", {}).items()):
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            pin = f"'{name}=={wanted}'" if wanted else f"'{name}'"
            yield f"{sys.executable} has no {name}; install it with: {sys.executable} -m pip install {pin}"
            continue
        if wanted and series(found) != series(wanted):
            yield f"{name} is {found} here, and the run was written for {wanted}"
    if needs.get("ray"):
        ray = os.path.join(os.path.dirname(sys.executable), "ray")
        if not os.access(ray, os.X_OK):
            yield f"{ray} is missing: Ray must be installed beside {sys.executable}"


def rows(folder: str, needs: dict[str, Any]) -> Iterator[str]:
    """Whether the rows arrived, and are the very same."""
    lines = ""
    for name in ("train.jsonl", "validation.jsonl"):
        path = os.path.join(folder, "data", name)
        if not os.path.isfile(path):
            continue
        digest = hashlib.sha256()
        with open(path, "rb") as file:
            while part := file.read(1 << 20):
                digest.update(part)
        lines += f"{digest.hexdigest()}  {name}\n"
    if not lines:
        yield f"{os.path.join(folder, 'data')} has no rows: copy the whole folder of the run"
    elif needs.get("data") and hashlib.sha256(lines.encode()).hexdigest() != needs["data"]:
        yield f"the rows in {os.path.join(folder, 'data')} differ from those the run was written with; copy them again"


def models(folder: str, needs: dict[str, Any]) -> Iterator[str]:
    """Whether model and tokenizer can be loaded from where they are named."""
    stand_in = os.environ.get("DEEPCRITIC_REHEARSAL_MODEL", "")
    for key, file in (("model", "config.json"), ("tokenizer", "tokenizer_config.json")):
        name = str(needs.get(key, ""))
        if not name or stand_in:
            continue
        path = os.path.join(folder, name)
        if os.path.isfile(os.path.join(path, file)):
            continue
        if os.path.isabs(name) or name.startswith(".") or os.path.isdir(path):
            yield f"'{key}' is {name}, and this machine has no {file} there"
        elif os.environ.get("HF_HUB_OFFLINE") == "1" and not _cached(name):
            yield f"'{key}' is {name}, which is not in the cache, and HF_HUB_OFFLINE forbids a download"


def _cached(name: str) -> bool:
    home = os.environ.get("HF_HOME") or os.path.expanduser("~/.cache/huggingface")
    return os.path.isdir(os.path.join(home, "hub", "models--" + name.replace("/", "--")))


def devices(needs: dict[str, Any]) -> Iterator[str]:
    """Whether there are as many GPUs as each machine was to have, and room for them to share tensors."""
    wanted = int(needs.get("gpus", 0))
    if not wanted:
        return
    try:
        import torch
    except ImportError:
        return
    found = torch.cuda.device_count()
    if found < wanted:
        yield f"'gpus' is {wanted}, and PyTorch sees {found} here"
    shared = shutil.disk_usage("/dev/shm").total if os.path.isdir("/dev/shm") else 0
    if wanted > 1 and 0 < shared < _SHARED:
        yield f"/dev/shm has {shared >> 20} MB, too little for {wanted} GPUs; give the container more shared memory"


def surroundings(folder: str, needs: dict[str, Any]) -> Iterator[str]:
    """Whether secrets came along and results can be written."""
    for name in needs.get("secrets", []):
        if not os.environ.get(name):
            yield f"the environment has no {name}, which 'secrets' names"
    output = os.environ.get("DEEPCRITIC_OUTPUT") or folder
    mark = os.environ.get("DEEPCRITIC_OUTPUT_MARK", "")
    if mark and not os.path.exists(os.path.join(output, mark)):
        yield f"results would be lost: {output} is on another machine; set 'output' to a folder that all machines see"
        return
    try:
        os.makedirs(output, exist_ok=True)
        probe = os.path.join(output, f".probe-{os.getpid()}")
        with open(probe, "wb") as file:
            file.write(b"\0")
        os.unlink(probe)
    except OSError as problem:
        yield f"results cannot be written to {output}: {problem.strerror}"


def problems(folder: str, needs: dict[str, Any]) -> list[str]:
    """All problems."""
    if sys.version_info < (3, 10):
        return [f"Python is {sys.version.split()[0]} here; 3.10 or newer is needed"]
    found = [*packages(needs), *rows(folder, needs), *models(folder, needs), *surroundings(folder, needs)]
    # A rehearsal trains on whatever this machine has.
    return found if os.environ.get("DEEPCRITIC_REHEARSAL") == "1" else [*found, *devices(needs)]


def main() -> int:
    """Names every problem; 2 when there is one."""
    folder = os.path.abspath(sys.argv[1])
    with open(os.path.join(folder, "launch.json"), encoding="utf-8") as file:
        needs: dict[str, Any] = json.load(file).get("needs", {})
    found = problems(folder, needs)
    for problem in found:
        print(problem, file=sys.stderr, flush=True)
    if found:
        Feed(folder, int(os.environ.get("DEEPCRITIC_ATTEMPT", "1"))).write("error", message="; ".join(found))
    return 2 if found else 0


if __name__ == "__main__":
    sys.exit(main())
