#!/usr/bin/env python3
"""Labels from rollouts of a real server: `transformers serve` with a small model on this machine's CPU.

Most of its answers are garbage; the counts and labels must be consistent all the same, also when the program is killed.
"""

import json
import os
import random
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "EndToEnd"))

from support.engines import grading_environment, served
from support.harness import PROGRAM, check, data_folders, equal, main, program, scratch, workspace
from support.kills import run_with_kills, same
from support.log import query as rows


def problems(folder, count):
    """Problems of ProcessBench and MR-GSM8K with the answer of a solution that the benchmark calls right."""
    grading_environment()
    found = {}
    for name in ("processbench/gsm8k.json", "mr-gsm8k/processed_test.json"):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            benchmark = json.load(file)
        for row in benchmark:
            numbers = re.findall(r"\\boxed\{(\d+)\}|(\d+)\D*$", row["steps"][-1])
            if row["label"] == -1 and row["final_answer_correct"] and numbers:
                found.setdefault(row["problem"], next(filter(None, numbers[-1])))
    by_answer = {}
    for problem, answer in found.items():
        by_answer.setdefault(answer, []).append(problem)
    # The two answers that most problems have: the model knows these.
    answers = sorted(by_answer, key=lambda answer: -len(by_answer[answer]))[:2]
    chosen = [{"problem": problem, "answer": answer} for answer in answers for problem in by_answer[answer]][:count]
    equal(len(chosen), count, "problems with one of the two answers")
    file = scratch("problems.jsonl")
    with open(file, "w") as out:
        out.writelines(json.dumps(row) + "\n" for row in chosen)
    return file, answers, chosen


def label(path, verb, base, model, *arguments, **options):
    done = program(
        "-w", path, "label", verb, "--endpoint", base, "--model", model, "--max-tokens", "60", "--seed", "5", "--json",
        *arguments, env=grading_environment(), timeout=600, **options)
    return json.loads(done.stdout), done.stderr.decode()


def check_consistency(path, problem_rows, n):
    """What must hold for every response of the model."""
    samples = rows(path, "SELECT solution_id, count(*), count(DISTINCT sample) FROM rollout WHERE step = 0 GROUP BY 1")
    equal([tuple(row[1:]) for row in samples], [(n, n)] * len(problem_rows), "samples of each problem")
    used = rows(path, "SELECT DISTINCT problem_id FROM sampled_solution")
    left = rows(path, "SELECT problem_id FROM sampled_problem")
    equal(len(used) + len(left), len(problem_rows), "problems, each used or left out for a reason")
    for problem, right, wrong in rows(path, """
            SELECT problem_id, sum(correct), sum(NOT correct) FROM sampled_solution GROUP BY 1"""):
        check(right == 1 and wrong >= 1, f"problem {problem}: {right} right and {wrong} wrong solutions")
    for solution, steps, prefixes, least, most in rows(path, """
            SELECT s.id, s.steps, count(*), min(x.n), max(x.n) FROM solution s JOIN (
              SELECT solution_id, step, count(*) AS n FROM rollout WHERE step > 0 GROUP BY 1, 2) x ON x.solution_id = s.id
            GROUP BY 1"""):
        equal((prefixes, least, most), (steps - 1, n, n), f"rollouts of solution {solution}")
    ungraded = rows(path, "SELECT count(*) FROM rollout WHERE boxed IS NOT NULL AND NOT truncated AND grade IS NULL")
    equal(ungraded[0][0], 0, "answers without a grade")
    estimates = rows(path, "SELECT count(*) FROM estimate")[0][0]
    solutions = rows(path, "SELECT count(*) FROM solution WHERE steps > 0")[0][0]
    equal(estimates, solutions, "solutions with an estimate")
    for counts, error, reason in rows(path, "SELECT counts, first_error, reason FROM estimate"):
        check((error is None) == (reason != "labelled"), (counts, error, reason))
        shares = [int(right) / int(total) for right, total in (part.split("/") for part in counts.split())]
        if error is not None and error > 0:
            check(all(share > 0.5 for share in shares[:error - 1]) and shares[error - 1] == 0, (counts, error))
        if error == -1:
            check(all(share > 0.5 for share in shares), (counts, error))


def counts_and_labels_are_consistent():
    for number, folder in enumerate(data_folders()):
        file, answers, made = problems(folder, 12)
        base, model = served(*answers)
        path = workspace(f"books-{number}", file)
        told, words = label(path, "sample", base, model, "--n", "6")
        check("continued by raw plain" in words, words)
        equal(told["counts"]["samples"], 72, "samples, though the server ignores n")
        report = told["outcome"]["solutions"]
        equal(report["problems"], 12, "problems")
        check(report["used"] > 3 and report["wrong"] > 3, report)
        told, _ = label(path, "rollout", base, model, "--n", "6")
        estimate = told["outcome"]["estimate"]
        equal(sum(estimate["reasons"].values()), estimate["solutions"], "solutions, each with one reason")
        check_consistency(path, made, 6)
        done = program("-w", path, "export", "rl", "-o", scratch(f"books-rl-{number}"), "--json", expect=None)
        labels = rows(path, "SELECT count(*) FROM estimate WHERE first_error IS NOT NULL")[0][0]
        if labels:
            equal(done.returncode, 0, "export")
            check(0 < json.loads(done.stdout)["rows"]["train"] <= labels, done.stdout)


def kills_do_not_change_the_result():
    file, answers, made = problems(data_folders()[-1], 5)
    base, model = served(*answers)

    def state(path):
        # With seeds and one request for each sample the server answers the same.
        return {
            "rollouts": rows(path, """
              SELECT s.key, r.step, r.sample, r.text, hex(r.grade) FROM rollout r
              JOIN solution s ON s.id = r.solution_id ORDER BY 1, 2, 3"""),
            "estimates": rows(path, """
              SELECT s.key, e.counts, e.first_error, e.reason FROM estimate e
              JOIN solution s ON s.id = e.solution_id ORDER BY 1"""),
            "answers": rows(path, "SELECT hex(key) FROM answer ORDER BY 1")}

    # One request at a time: the server mixes the random numbers of requests that it answers together.
    quiet = ["--n", "4", "--concurrency", "1"]
    whole = workspace("whole", file)
    for verb in ("sample", "rollout"):
        label(whole, verb, base, model, *quiet)
    path = workspace("killed", file)
    chance = random.Random(3)
    kills = 0
    for verb in ("sample", "rollout"):
        command = [PROGRAM, "-w", path, "label", verb, "--endpoint", base, "--model", model, "--max-tokens", "60", "--seed", "5",
                   "--quiet", *quiet]
        kills += run_with_kills(command, chance, 3, 0.3, 1.5, env=grading_environment())
    check(kills >= 3, f"only {kills} kills")
    check_consistency(path, made, 4)
    same(state(path), state(whole))


if __name__ == "__main__":
    main(counts_and_labels_are_consistent, kills_do_not_change_the_result)
