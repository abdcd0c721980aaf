"""Runs the program's own commands in one workspace, and its servers."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from typing import Any, BinaryIO


class Failed(Exception):
    """A command that did not do what it should; says what and where to look."""


class Workbench:
    """The program on one workspace. Every command and what it said goes to `commands.log` beside the workspace."""

    def __init__(self, program: str, folder: str, python: str) -> None:
        self.program = program
        self.folder = folder
        self.python = python
        self.log_path = folder + ".log"
        self.environment = dict(
            os.environ, DEEPCRITIC_TRL_PYTHON=python, HF_HUB_OFFLINE="1", PYTHONUNBUFFERED="1", NO_COLOR="1")

    def __call__(self, *arguments: str, accept: Sequence[int] = (0,)) -> str:
        """Runs a command to its end and gives what it wrote to standard output."""
        command = [self.program, "-w", self.folder, *arguments]
        shown = " ".join(["deepcritic", *arguments])
        done = subprocess.run(command, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        with open(self.log_path, "ab") as log:
            log.write(b"$ " + shown.encode() + b"\n" + done.stderr + done.stdout + b"\n")
        if done.returncode not in accept:
            words = done.stderr.decode(errors="replace").strip()[-2000:]
            raise Failed(f"'{shown}' ended with {done.returncode}; everything is in {self.log_path}.\n{words}")
        return done.stdout.decode()

    def json(self, *arguments: str, accept: Sequence[int] = (0,)) -> Any:
        """The same for a command that writes JSON."""
        return json.loads(self(*arguments, "--json", accept=accept))

    def train(self, stage: str, data: str, model: str, settings: dict[str, object]) -> dict[str, Any]:
        """Trains to the end; gives what `runs show` says about the run."""
        sets = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        before = self.run_names()
        self("train", stage, "--data", data, "--model", model, "--follow", *sets)
        new = [name for name in self.run_names() if name not in before]
        if len(new) != 1:
            raise Failed(f"one new run was expected after 'train {stage}', not {new}")
        run = self.json("runs", "show", new[0])
        if run_state(run) != "finished":
            raise Failed(
                f"the run {new[0]} is {run_state(run)}: 'deepcritic -w {self.folder} runs logs {new[0]}' says why")
        return dict(run, name=new[0])

    def run_names(self) -> list[str]:
        """The names of all runs."""
        return [run["name"] for run in self.json("runs", "list")]


def run_state(run: dict[str, Any]) -> str:
    """A run's state."""
    state = run.get("state")
    return str(state.get("name") if isinstance(state, dict) else state)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """Servers of one model, as many as there are cores to use; ended together.

    run: a run's name, served by `deepcritic runs serve`. Without one `model` is a folder for `transformers serve`.
    """

    def __init__(self, bench: Workbench, *, run: str | None = None, model: str = "", servers: int = 2) -> None:
        self._bench = bench
        self._processes: list[subprocess.Popen[bytes]] = []
        self._log: BinaryIO = open(bench.folder + ".servers.log", "ab")
        self.endpoints: list[str] = []
        self.model = model
        environment = dict(bench.environment, OMP_NUM_THREADS="1")
        try:
            for _ in range(servers):
                port = free_port()
                if run is None:
                    command = [
                        os.path.join(os.path.dirname(bench.python), "transformers"), "serve", model, "--device", "cpu",
                        "--host", "127.0.0.1", "--port", str(port)]
                else:
                    command = [bench.program, "-w", bench.folder, "runs", "serve", run, "--port", str(port)]
                    plan = bench.json("runs", "serve", run, "--dry-run")
                    self.model = plan["model"]
                self._processes.append(subprocess.Popen(
                    command, env=environment, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log))
                self.endpoints.append(f"http://127.0.0.1:{port}/v1")
            for process, endpoint in zip(self._processes, self.endpoints):
                self._wait(process, endpoint)
        except BaseException:
            self.close()
            raise

    def _wait(self, process: subprocess.Popen[bytes], endpoint: str) -> None:
        deadline = time.monotonic() + 180
        while True:
            try:
                with urllib.request.urlopen(endpoint.removesuffix("/v1") + "/health", timeout=2):
                    return
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise Failed(f"a model server did not start; {self._log.name} says why") from None
                time.sleep(0.2)

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the servers."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._log.close()


def say(text: str) -> None:
    """A line of progress."""
    print(text, file=sys.stderr, flush=True)
