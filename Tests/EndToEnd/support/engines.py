"""The Python environments of the engines, which scripts/test makes in the cache."""

import atexit
import os
import socket
import subprocess
import urllib.request

from .harness import PACKAGE, Failure, Skip, environment, scratch, wait_until

FOLDER = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "deepcritic", "engines")
SCRIPTS = os.path.join(PACKAGE, "Tests", "Engines", "support")
_served = {}


def python(name):
    """The interpreter of an engine's environment; DEEPCRITIC_NAME_PYTHON names another one."""
    path = os.environ.get(f"DEEPCRITIC_{name.upper()}_PYTHON") or os.path.join(FOLDER, name, "bin", "python")
    if not os.access(path, os.X_OK):
        raise Skip(f"the Python environment '{name}' is missing: {path}. scripts/test makes it")
    return path


def verl_configuration():
    """An interpreter that composes verl's configuration, and the folder of its files."""
    folder = os.path.join(FOLDER, "verl-configuration")
    files = os.path.join(folder, "verl-files", "verl", "trainer", "config")
    if not os.path.isdir(files):
        raise Skip(f"verl's configuration is missing: {files}. scripts/test fetches it")
    return os.path.join(folder, "bin", "python"), files


def grading_environment(**changes):
    """The environment of a program that grades answers."""
    return environment(DEEPCRITIC_GRADING_PYTHON=python("grading"), **changes)


def offline_environment(**changes):
    """The environment of a program or an engine that may not fetch models and data."""
    return environment(
        DEEPCRITIC_TRL_PYTHON=python("trl"), HF_HUB_OFFLINE="1", HF_HOME=scratch("hub"),
        HF_DATASETS_CACHE=scratch("cache"), PYTHONUNBUFFERED="1", **changes)


def run_script(name, *arguments, timeout=600):
    """Runs a script of Tests/Engines/support in the environment of TRL; gives what it prints."""
    done = subprocess.run(
        [python("trl"), os.path.join(SCRIPTS, name), *arguments], capture_output=True, timeout=timeout,
        env=offline_environment())
    if done.returncode:
        raise Failure(f"{name} {' '.join(arguments)}:\n{done.stderr.decode(errors='replace')[-4000:]}")
    return done.stdout.decode()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def served(*answers):
    """The address of a `transformers serve` and the name of its model; one server is started for each model.

    With answers the model solves problems, without it writes critiques.
    """
    if answers not in _served:
        model, log = scratch(f"model-{len(_served)}"), scratch(f"serve-{len(_served)}.log")
        run_script("scripted_model.py", model, *answers)
        base = f"http://127.0.0.1:{free_port()}"
        with open(log, "wb") as output:
            process = subprocess.Popen(
                [os.path.join(os.path.dirname(python("trl")), "transformers"), "serve", model, "--device", "cpu", "--host",
                 "127.0.0.1", "--port", base.split(":")[-1]], env=offline_environment(), stdout=output, stderr=output)
        atexit.register(process.kill)

        def answers_requests():
            if process.poll() is not None:
                raise Failure("the server ended:\n" + open(log, errors="replace").read()[-3000:])
            try:
                with urllib.request.urlopen(base + "/health", timeout=2):
                    return True
            except OSError:
                return False

        wait_until(answers_requests, lambda: "the server\n" + open(log, errors="replace").read()[-3000:], 240)
        _served[answers] = base + "/v1", model
    return _served[answers]
