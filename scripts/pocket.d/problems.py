"""Short problems in modular arithmetic, solutions of them with planted errors, and files of them in known formats."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass

WORDS = {"+": "add", "*": "times"}
HELD_OUT = 0.2
"""Share of all problems that no critic ever sees before it is evaluated."""


@dataclass(frozen=True)
class Arithmetic:
    """What is calculated. The more facts there are to know (modulus² for each sign), the longer it takes to learn."""

    modulus: int = 7
    signs: str = "+*"
    shortest: int = 2
    """Fewest steps of a solution."""
    longest: int = 3
    """Most steps of a solution."""
    hazard: float = 0.5
    """Of a solution with an error, the probability that a step is the wrong one if none before it is."""

    def compute(self, left: int, sign: str, right: int) -> int:
        """The value of one step."""
        match sign:
            case "+": value = left + right
            case "-": value = left - right
            case _: value = left * right
        return value % self.modulus

    def another(self, rng: random.Random, value: int) -> int:
        """A wrong value."""
        return (value + rng.randrange(1, self.modulus)) % self.modulus

    def error_place(self, rng: random.Random, steps: int) -> int:
        """The index of the wrong step."""
        while True:
            for index in range(steps):
                if rng.random() < self.hazard:
                    return index


@dataclass(frozen=True)
class Solution:
    """A solution of a problem, right or with one planted error behind which it continues with the wrong value."""

    problem: str
    steps: tuple[str, ...]
    first_error: int
    """Counted from 1; -1 for none."""
    answer: int
    """What the problem's answer really is."""

    @property
    def texts(self) -> list[str]:
        """The steps as they are written: the last one ends with what it gives as the answer."""
        value = self.steps[-1].split()[-1]
        return [*self.steps[:-1], f"{self.steps[-1]}\n\n**Answer**: \\boxed{{{value}}}"]

    @property
    def is_held_out(self) -> bool:
        """Whether the problem is one for evaluation. Goes by its text alone, so that no set can leak into another."""
        return hashlib.sha256(self.problem.encode()).digest()[0] < 256 * HELD_OUT


def solution(kind: Arithmetic, rng: random.Random, wrong: bool) -> Solution:
    """Draws a problem and a solution of it."""
    modulus = kind.modulus
    start = rng.randrange(modulus)
    parts = [(rng.choice(kind.signs), rng.randrange(modulus)) for _ in range(rng.randint(kind.shortest, kind.longest))]
    asked = "".join(f", {WORDS[sign]} {right}" for sign, right in parts)
    problem = f"Modulo {modulus}: start with {start}{asked}."
    error = kind.error_place(rng, len(parts)) if wrong else -1
    left = true = start
    steps = []
    for index, (sign, right) in enumerate(parts):
        true = kind.compute(true, sign, right)
        value = kind.compute(left, sign, right)
        if index == error:
            value = kind.another(rng, value)
        steps.append(f"{left} {sign} {right} = {value}")
        left = value
    return Solution(problem, tuple(steps), error + 1 if wrong else -1, true)


def solutions(kind: Arithmetic, count: int, seed: str, wrong_share: float, held_out: bool) -> Iterator[Solution]:
    """Draws this many solutions of different problems.

    wrong_share: how many of them have an error; exactly, as far as whole numbers allow.
    """
    rng = random.Random(f"{seed} {count} {held_out}")
    wrong_ones = [index < round(count * wrong_share) for index in range(count)]
    rng.shuffle(wrong_ones)
    seen: set[str] = set()
    for wrong in wrong_ones:
        for _ in range(100_000):
            drawn = solution(kind, rng, wrong)
            if drawn.is_held_out == held_out and drawn.problem not in seen:
                seen.add(drawn.problem)
                yield drawn
                break
        else:
            raise ValueError(f"there are not {count} different problems modulo {kind.modulus} with {kind.signs}: "
                             f"{len(seen)} were found; ask for fewer, or for longer ones")


def prm800k(one: Solution) -> dict[str, object]:
    """A line of PRM800K's second phase: labelled up to the first error, though the solution continues."""
    wrong = one.first_error > 0
    labelled = one.first_error if wrong else len(one.steps)
    steps = []
    for number, text in enumerate(one.texts[:labelled], 1):
        is_error = number == one.first_error
        steps.append({
            "completions": [{"text": text, "rating": -1 if is_error else 1, "flagged": False}],
            "human_completion": None,
            "chosen_completion": None if is_error else 0,
        })
    return {
        "labeler": "pocket", "timestamp": "2025-01-01T00:00:00", "generation": 0,
        "is_quality_control_question": False, "is_initial_screening_question": False,
        "question": {
            "problem": one.problem, "ground_truth_answer": str(one.answer), "ground_truth_solution": None,
            "pre_generated_steps": one.texts, "pre_generated_answer": one.steps[-1].split()[-1],
            "pre_generated_verifier_score": 0.5,
        },
        "label": {"steps": steps, "total_time": 1000, "finish_reason": "found_error" if wrong else "solution"},
    }


def processbench(number: int, one: Solution) -> dict[str, object]:
    """A row of ProcessBench, whose label counts from 0."""
    return {
        "id": f"pocket-{number}", "generator": "pocket", "problem": one.problem, "steps": one.texts,
        "final_answer_correct": one.steps[-1].split()[-1] == str(one.answer),
        "label": one.first_error - 1 if one.first_error > 0 else -1,
    }


def write_prm800k(path: str, rows: Iterator[Solution]) -> None:
    """Writes JSON Lines."""
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(json.dumps(prm800k(one)) + "\n" for one in rows)


def write_processbench(path: str, rows: Iterator[Solution]) -> None:
    """Writes a JSON array."""
    with open(path, "w", encoding="utf-8") as file:
        json.dump([processbench(number, one) for number, one in enumerate(rows, 1)], file, indent=1)


def write_problems(path: str, rows: Iterator[Solution]) -> None:
    """Writes problems with their answers, as MATH has them."""
    with open(path, "w", encoding="utf-8") as file:
        for number, one in enumerate(rows, 1):
            row = {"id": f"pocket-problem-{number}", "problem": one.problem, "answer": str(one.answer)}
            file.write(json.dumps(row) + "\n")
