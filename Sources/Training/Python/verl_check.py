"""Composes verl's configuration with the overrides of a run: an unknown or misspelt one is named. Trains nothing.

    python verl_check.py CONFIGURATION OVERRIDES_FILE [CONFIG_FOLDER] [--strict]

With ``--strict`` a problem is an error: what a rehearsal runs in place of the training, which wants GPUs.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import os
import re
import sys
from typing import Any


def folder() -> str:
    """Where verl's configuration files are, without importing verl, which wants a GPU's libraries."""
    found = importlib.util.find_spec("verl")
    if not found or not found.submodule_search_locations:
        raise ModuleNotFoundError("verl is not installed")
    return os.path.join(next(iter(found.submodule_search_locations)), "trainer", "config")


def main() -> int:
    """Says as JSON what cannot be composed."""
    from hydra import compose, initialize_config_dir
    from omegaconf import OmegaConf

    is_strict = "--strict" in sys.argv
    name, path, *places = [word for word in sys.argv[1:] if word != "--strict"]
    with open(path, encoding="utf-8") as file:
        overrides = [line for line in file.read().splitlines() if line]
    problems: list[dict[str, str]] = []
    with initialize_config_dir(os.path.abspath(places[0] if places else folder()), version_base=None):
        while True:
            try:
                configuration = compose(name, overrides)
                problems += trap(configuration, name, OmegaConf)
                break
            except Exception as problem:
                wrong = culprit(str(problem), overrides)
                lines = [line for line in str(problem).splitlines() if line.strip()]
                reason = next((line for line in lines if not line.startswith("Could not override")), lines[0])
                if wrong is None:
                    problems.append({"key": "verl", "message": reason.strip()})
                    break
                problems.append({"key": "verl." + key(wrong), "message": reason.strip()})
                # There may be others.
                overrides.remove(wrong)
    version = ""
    try:
        version = importlib.metadata.version("verl")
    except importlib.metadata.PackageNotFoundError:
        pass
    print(json.dumps({"problems": problems, "versions": {"verl": version} if version else {}}))
    for problem in problems if is_strict else []:
        print(f"'{problem['key']}': {problem['message']}", file=sys.stderr, flush=True)
    return 1 if is_strict and problems else 0


def key(override: str) -> str:
    """The key of an override."""
    return override.split("=", 1)[0].lstrip("+~")


def culprit(message: str, overrides: list[str]) -> str | None:
    """The override that a message is about."""
    named = re.search(r"Could not override '([^']+)'|full_key: (\S+)", message)
    if named:
        wanted = named.group(1) or named.group(2)
        return next((one for one in overrides if key(one) == wanted), None)
    return next((one for one in overrides if one in message), None)


def trap(configuration: Any, name: str, omegaconf: Any) -> list[dict[str, str]]:
    """The reward must be named where verl reads it; the old place composes too and is never read."""
    if name != "ppo_trainer":
        return []
    path = omegaconf.select(configuration, "reward.custom_reward_function.path")
    if not path or not re.search(r"reward\.py$", str(path)):
        return [{"key": "verl.reward.custom_reward_function.path", "message": "does not lead to the run's reward.py"}]
    return []


if __name__ == "__main__":
    sys.exit(main())
