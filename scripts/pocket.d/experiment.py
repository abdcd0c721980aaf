"""The whole method once: from problems to a trained and measured critic, by the program's own commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

import problems
from critics import Critics, Server
from workbench import Failed, Served, Workbench, say

HERE = os.path.dirname(os.path.abspath(__file__))
CRITIC_PROMPT = "{{problem}}\n\n{{solution}}\n"
"""The critic's request, as short as it can be: a model of this size has no use for words."""

SOLVER_PROMPT = "[user]\n{{problem}}\n"
REFINER_PROMPT = "[user]\n{{critique}}\n\n{{problem}}\n\n[assistant]\n{{kept_steps}}\n\n"

Result = TypeVar("Result")


@dataclass(frozen=True)
class Sizes:
    """How much of everything. The defaults are those of the figures in docs/explanation/pocket.md."""

    kind: problems.Arithmetic = problems.Arithmetic()
    hidden: int = 96
    layers: int = 2
    base_steps: int = 1200
    """Batches of texts that the base model reads."""
    sft_solutions: int = 130
    """Labelled solutions that get seed critiques: few, as in the paper, so that there is something left to learn."""
    sft_error_share: float = 0.6
    sft_steps: int = 100
    sft_learning_rate: float = 1e-3
    rl_solutions: int = 6000
    """Further labelled solutions, for reinforcement learning."""
    rl_error_share: float = 0.55
    rl_steps: int = 160
    rl_learning_rate: float = 6e-5
    rl_prompts: int = 32
    held_out: int = 500
    deep_samples: int = 1
    votes: int = 8
    guided: int = 0
    """Problems that the base model solves, eight times each, with a critic to guide it; 0 leaves that out."""
    threads: int = 2
    servers: int = 2


QUICK = replace(
    Sizes(), kind=problems.Arithmetic(modulus=5, signs="+", longest=4), base_steps=400, sft_solutions=130, sft_steps=80,
    rl_solutions=1500, rl_steps=30, held_out=120, votes=0)
"""For the tests: long enough that both stages improve what they train for, not that the critic is good."""

PROTOCOL = ["--protocol", "deepcritic", "--max-tokens", "120"]


def f1(point: dict[str, float]) -> float:
    """The harmonic mean of both accuracies."""
    both = point["error"] + point["correct"]
    return 2 * point["error"] * point["correct"] / both if both else 0.0


class Experiment:
    """One seed."""

    def __init__(self, program: str, python: str, folder: str, seed: int, sizes: Sizes) -> None:
        self.folder = os.path.abspath(folder)
        self.seed = seed
        self.sizes = sizes
        os.makedirs(self.folder)
        self.bench = Workbench(program, os.path.join(self.folder, "workspace"), python)
        self.python = python
        self.result: dict[str, Any] = {"seed": seed, "sizes": asdict(sizes), "seconds": {}, "critics": {}}

    def run(self) -> dict[str, Any]:
        """Everything; the result is also written to `result.json`."""
        began = time.monotonic()
        self.timed("problems", self.write_problems)
        base = self.timed("base model", self.make_base)
        self.timed("workspace", self.make_workspace)
        self.timed("seed critiques", self.generate)
        sft_set = self.timed("curate and export", self.curate)
        self.evaluate("base", model=base)
        sft = self.timed("SFT", lambda: self.train_sft(sft_set, base))
        self.evaluate("SFT", run=sft)
        rl_set = self.timed("RL set", self.export_rl)
        rl = self.timed("RL", lambda: self.train_rl(rl_set, sft))
        self.evaluate("RL", run=rl, vote=True)
        if self.sizes.guided:
            self.timed("guidance", lambda: self.guide(base, {"SFT": sft, "RL": rl}))
        self.result["seconds"]["all"] = round(time.monotonic() - began, 1)
        with open(os.path.join(self.folder, "result.json"), "w", encoding="utf-8") as file:
            json.dump(self.result, file, indent=1)
        return self.result

    def timed(self, what: str, work: Callable[[], Result]) -> Result:
        """Does one part and says how long it took."""
        began = time.monotonic()
        done = work()
        seconds = round(time.monotonic() - began, 1)
        self.result["seconds"][what] = seconds
        say(f"seed {self.seed}: {what}, {seconds:.0f} s")
        return done

    def path(self, name: str) -> str:
        """A path in this seed's folder."""
        return os.path.join(self.folder, name)

    def write_problems(self) -> None:
        """Three files: what is critiqued, what reinforcement learning adds, what is held out."""
        sizes, seed = self.sizes, self.seed
        problems.write_prm800k(
            self.path("critiqued.jsonl"),
            problems.solutions(sizes.kind, sizes.sft_solutions, f"sft {seed}", sizes.sft_error_share, held_out=False))
        problems.write_prm800k(
            self.path("labelled.jsonl"),
            problems.solutions(sizes.kind, sizes.rl_solutions, f"rl {seed}", sizes.rl_error_share, held_out=False))
        # The same for every seed, so that seeds can be compared.
        problems.write_processbench(
            self.path("held-out.json"),
            problems.solutions(sizes.kind, sizes.held_out, "held out", 0.5, held_out=True))

    def make_base(self) -> str:
        """The base model: it can calculate and solve, and knows no critiques."""
        folder, sizes = self.path("base"), self.sizes
        asked = {
            "folder": folder, "seed": self.seed, "kind": asdict(sizes.kind), "hidden": sizes.hidden,
            "layers": sizes.layers, "steps": sizes.base_steps, "threads": sizes.threads}
        done = subprocess.run(
            [self.python, os.path.join(HERE, "base_model.py"), json.dumps(asked)],
            env=self.bench.environment, capture_output=True, check=False)
        if done.returncode:
            raise Failed("the base model could not be made:\n" + done.stderr.decode(errors="replace")[-2000:])
        self.result["parameters"] = int(done.stdout.split()[-1])
        return folder

    def make_workspace(self) -> None:
        """The workspace: settings, the solutions to critique, and the held-out set, which the rules keep out."""
        subprocess.run([self.bench.program, "init", self.bench.folder], check=True, capture_output=True)
        with open(os.path.join(self.bench.folder, "critic.md"), "w", encoding="utf-8") as file:
            file.write(CRITIC_PROMPT)
        with open(os.path.join(self.bench.folder, "deepcritic.toml"), "w", encoding="utf-8") as file:
            file.write(f"""\
[generate]
model = "scripted"
[generate.deep]
n = {self.sizes.deep_samples}
[generate.prompts]
critic = "critic.md"
[curate]
system = "none"
seed = {self.seed}
""")
        self.bench("import", "--strict", self.path("critiqued.jsonl"), self.path("held-out.json"))

    def generate(self) -> None:
        """Initial, deep and merged critiques by scripted critics."""
        with Server(Critics(self.sizes.kind, self.seed)) as server:
            told = self.bench.json("generate", "all", "--endpoint", server.base, "--concurrency", "64")
            self.result["generated"] = {"requests": server.requests, "standings": told["standings"]}

    def curate(self) -> str:
        """The supervised set."""
        self.result["curated"] = self.bench.json(
            "export", "sft", "-o", self.path("sft"), "--format", "prompt-completion")
        return self.path("sft")

    def train_sft(self, data: str, base: str) -> str:
        """Supervised fine-tuning by TRL; gives the run's name."""
        sizes = self.sizes
        return self.keep_run("sft", self.bench.train("sft", data, base, {
            "learning_rate": sizes.sft_learning_rate, "max_steps": sizes.sft_steps, "batch": 64, "micro_batch": 64,
            "max_length": 192, "seed": self.seed, "log_every": 10, "save_every": sizes.sft_steps, "device": "cpu",
            "threads": sizes.threads}))

    def export_rl(self) -> str:
        """Prompts with labels: those of the further solutions, and of the critiqued ones."""
        self.bench("import", "--strict", self.path("labelled.jsonl"))
        self.result["rl set"] = self.bench.json(
            "export", "rl", "-o", self.path("rl"), "--error-share", str(self.sizes.rl_error_share))
        return self.path("rl")

    def train_rl(self, data: str, sft: str) -> str:
        """Reinforcement learning by TRL's GRPO; gives the run's name."""
        sizes = self.sizes
        model = os.path.join(self.bench.folder, "runs", sft, "model")
        return self.keep_run("rl", self.bench.train("rl", data, model, {
            "learning_rate": sizes.rl_learning_rate, "schedule": "constant_with_warmup", "warmup": 10,
            "max_steps": sizes.rl_steps, "batch": sizes.rl_prompts, "micro_batch": sizes.rl_prompts * 8, "samples": 8,
            "max_prompt": 64, "max_completion": 96, "seed": self.seed, "log_every": 1, "save_every": sizes.rl_steps,
            "device": "cpu", "threads": sizes.threads}))

    def guide(self, base: str, critics: dict[str, str]) -> None:
        """Lets each critic guide the base model, which makes errors: verified majority voting and refinement."""
        sizes = self.sizes
        problems.write_problems(
            self.path("problems.jsonl"),
            problems.solutions(sizes.kind, sizes.guided, "guided", 0.0, held_out=True))
        self.bench("import", "--strict", self.path("problems.jsonl"))
        for name, text in (("solver", SOLVER_PROMPT), ("refiner", REFINER_PROMPT)):
            with open(self.path(f"{name}.md"), "w", encoding="utf-8") as file:
                file.write(text)
        with Served(self.bench, model=base, servers=1) as generator:
            for name, run in critics.items():
                with Served(self.bench, run=run, servers=1) as critic:
                    self.result.setdefault("guidance", {})[name] = self.bench.json(
                        "guide", "--endpoint", generator.endpoints[0], "--model", generator.model, "--critic", critic.model,
                        "--critic-endpoint", critic.endpoints[0], "--critic-protocol", "deepcritic", "--critic-max-tokens",
                        "120", "--concurrency", "1", "--n", "8", "--max-tokens", "60", "--temperature", "1.0",
                        "--seed", str(1000 * self.seed), "--include-benchmarks", "--filter", "source:problems",
                        "--prompt", f"solver={self.path('solver.md')}", "--refiner-prompt", self.path("refiner.md"))

    def keep_run(self, stage: str, run: dict[str, Any]) -> str:
        """Notes what the feed of a run says; gives its name."""
        with open(os.path.join(self.bench.folder, "runs", run["name"], "feed.jsonl"), encoding="utf-8") as feed:
            lines = [json.loads(line) for line in feed]
        self.result[stage + " log"] = [
            {"step": line["step"], **line["values"]} for line in lines if line.get("kind", line.get("type")) == "log"]
        return str(run["name"])

    def evaluate(self, name: str, run: str | None = None, model: str = "", vote: bool = False) -> None:
        """Serves a model and lets the program evaluate it on the held-out set."""
        def work() -> None:
            with Served(self.bench, run=run, model=model, servers=self.sizes.servers) as served:
                self.ask(name, served, [])
                if vote and self.sizes.votes:
                    self.ask(f"{name}, Maj@{self.sizes.votes}", served, ["--vote", str(self.sizes.votes)])

        self.timed(f"evaluate {name}", work)

    def ask(self, name: str, served: Served, options: list[str]) -> None:
        """One evaluation."""
        endpoints = [word for endpoint in served.endpoints for word in ("--endpoint", endpoint)]
        told = self.bench.json(
            "evaluate", "--benchmark", self.path("held-out.json"), "--model", served.model, "--name", name, *endpoints,
            "--concurrency", "1", "--seed", str(1000 * self.seed), *PROTOCOL, *options)
        scored = told["sets"][0]
        scores = scored["scores"]
        self.result["critics"][name] = {
            "error": scores["error"], "correct": scores["correct"], "f1": scores["f1"],
            "interval": scored["f1Interval"], "without": scored["withoutPrediction"],
            "one": f1(scored["curve"][0]) if "--vote" in options else None}
        say(f"seed {self.seed}: {name}: F1 {scores['f1']:.1f} "
            f"[{scored['f1Interval']['low']:.1f}, {scored['f1Interval']['high']:.1f}]")


if __name__ == "__main__":
    sys.exit("experiment.py is a part of scripts/pocket; run that.")
