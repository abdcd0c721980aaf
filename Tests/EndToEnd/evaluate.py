#!/usr/bin/env python3
"""Evaluating critics with the real program: servers, kills, imports, rules, comparisons, reports, bad input."""

import csv
import io
import json
import os
import random
import signal
import subprocess

from support.engines import grading_environment
from support.faults import FaultServer, problem_file
from support.harness import PACKAGE, PROGRAM, check, equal, main, program, scratch
from support.kills import run_with_kills

REFERENCE = os.path.join(PACKAGE, "Tests/EvaluationTests/Reference/reference_scores.py")


def benchmark(name="planted", count=90, seed=3):
    """Rows in ProcessBench's form, a third of them without an error."""
    chance = random.Random(seed)
    path = scratch(name + ".json")
    rows = []
    for number in range(count):
        steps = [f"Step text {i} of {name} {number}." for i in range(chance.randint(2, 7))]
        label = -1 if number % 3 == 0 else chance.randrange(len(steps))
        rows.append({"id": f"{name}-{number}", "generator": chance.choice(["a", "b"]), "problem": f"Problem {name} {number}",
                     "steps": steps, "final_answer_correct": label < 0 or chance.random() < 0.1, "label": label})
    with open(path, "w") as out:
        json.dump(rows, out)
    return path, rows


def outputs(rows, name, samples=1, base=0, right=0.7, seed=5):
    """The public scripts' two output files for some rows."""
    chance = random.Random(seed)
    paths = []
    for side in ("error", "correct"):
        path = scratch(f"{name}_{side}.jsonl")
        with open(path, "w") as out:
            for row in rows:
                if (row["label"] == -1) != (side == "correct"):
                    continue
                said = [row["label"] if chance.random() < right else chance.randint(-1, len(row["steps"]) - 1)
                        for _ in range(samples)]
                texts = [f"Some words.\n\n**Answer**: \\boxed{{{s + base if s >= 0 else -1}}}" for s in said]
                answer = {"generated_critique": texts if samples > 1 else texts[0]}
                if samples == 1:
                    answer.update(prediction=said[0], match=said[0] == row["label"])
                out.write(json.dumps({**row, **answer}) + "\n")
        paths.append(path)
    return paths


def space(name):
    path = scratch(name)
    program("init", path)
    return path


def evaluate(path, *arguments, **options):
    return program("-w", path, "evaluate", *arguments, timeout=300, **options)


def scores(path, *arguments, **options):
    return json.loads(evaluate(path, *arguments, "--json", "--quiet", "--resamples", "200", **options).stdout)


def figures(score):
    return [{key: value for key, value in one.items() if key != "f1Interval"} for one in score["sets"]]


def kills_do_not_change_the_result():
    files = [benchmark("first")[0], benchmark("second", 60)[0]]
    server = FaultServer("--answers", "mixed", "--labels", files[0], "--labels", files[1])
    asking = ["--model", "critic", "--vote", "3", "--seed", "11"]
    expected = scores(space("undisturbed"), "--benchmark", *files, "--endpoint", server.base, *asking)
    server.stop()
    server = FaultServer("--answers", "mixed", "--labels", files[0], "--labels", files[1], "--fault-rate", "0.15",
                         "--retry-after", "0", "--latency-ms", "40")
    path = space("disturbed")
    command = [PROGRAM, "-w", path, "evaluate", "--benchmark", *files, "--endpoint", server.base, *asking,
               "--concurrency", "4", "--idle-timeout", "2", "--quiet", "--csv"]
    kills = run_with_kills(command, random.Random(7), 4, 0.4, 1.5, signals=(signal.SIGKILL, signal.SIGINT))
    check(kills >= 2, f"only {kills} kills")
    before = server.stats()["requests"]
    actual = scores(path, "--benchmark", *files, "--endpoint", server.base, *asking)
    equal(server.stats()["requests"], before, "requests when nothing is missing")
    equal(figures(actual), figures(expected), "figures")
    equal(actual["meanF1"], expected["meanF1"], "mean")
    # The same answers by another rule, without a server.
    server.stop()
    again = scores(path, "--rescore")
    equal(figures(again), figures(expected), "figures after reading everything again")


def figures_match_an_independent_implementation():
    for samples, base in ((1, 0), (4, 0), (1, 1), (5, 1)):
        name = f"set{samples}{base}"
        _, rows = benchmark(name, 80, seed=samples)
        files = outputs(rows, name, samples, base)
        for rule, flag in (("standard", []), ("strict", ["--strict-reference"])):
            ours = json.loads(program(
                "evaluate", "--print-only", "--predictions", *files, "--index-base", str(base), "--json", *flag).stdout)
            theirs = json.loads(subprocess.run(
                ["python3", REFERENCE, rule, str(base), *files], capture_output=True, check=True).stdout)
            one = ours["sets"][0]
            equal(one["set"], name, "the set's name")
            equal(one["scores"]["error"]["percent"], theirs["error"], "error accuracy")
            equal(one["scores"]["correct"]["percent"], theirs["correct"], "correct accuracy")
            equal(one["scores"]["f1"], theirs["f1"], "F1")
            for mine, other in zip(one["curve"], theirs["curve"], strict=True):
                equal((mine["error"], mine["correct"], mine["bestError"]),
                      (other["error"], other["correct"], other["best_error"]), f"votes of {mine['k']}")


def imports_are_stored_and_compared():
    file, rows = benchmark("kept", 120)
    path = space("kept")
    good = outputs(rows, "kept", right=0.9, seed=1)
    bad = outputs(rows, "kept-worse", right=0.4, seed=2)
    first = scores(path, "--predictions", *good, "--benchmark", file, "--name", "good")
    scores(path, "--predictions", *bad, "--benchmark", file, "--name", "worse")
    again = scores(path, "--predictions", *good, "--benchmark", file, "--name", "good")
    equal((again["number"], figures(again)), (first["number"], figures(first)), "an import repeated")
    scores(path, "--baseline", "majority", "--benchmark", "kept")
    compared = json.loads(program("-w", path, "compare", "good", "worse", "--json").stdout)[0]["comparison"]
    only = compared["sets"][0]
    equal(only["rows"], 120, "rows that both have")
    equal(len(only["wins"]), only["mcNemar"]["wins"], "wins listed")
    check(only["bootstrap"]["p"] < 0.01, only["bootstrap"])
    check(only["f1Difference"] > 20, only["f1Difference"])
    listed = program("-w", path, "compare", "good", "worse", "--list", "--markdown").stdout.decode()
    check(only["wins"][0] in listed and "| set |" in listed, listed)
    board = program("-w", path, "leaderboard", "--published").stdout.decode()
    check("good" in board and "not measured here" in board and "GPT-4o" in board, board)
    # The rows are solutions like all others.
    show = program("-w", path, "list", "kept-5", "--json").stdout
    check(b"kept-5" in show, show)
    # Predictions whose rows describe themselves need no benchmark.
    alone = scores(space("alone"), "--predictions", *good)
    equal(figures(alone)[0]["scores"], figures(first)[0]["scores"], "scores without a benchmark file")
    program("-w", path, "evaluate", "--forget", str(first["number"]))
    program("-w", path, "compare", "good", "worse", expect=1)


def reports_are_safe_and_whole():
    _, rows = benchmark("report<b>", 30)
    files = outputs(rows, "report<b>", samples=3)
    page = scratch("report.html")
    done = program("evaluate", "--print-only", "--predictions", *files, "--index-base", "0", "--csv", "--html", page,
                   "--name", "<script>alert(1)</script>\x1b[31m")
    table = list(csv.reader(io.StringIO(done.stdout.decode())))
    equal(table[0][0], "set", "the table's head")
    equal({len(row) for row in table}, {9}, "cells of each row")
    html = open(page, encoding="utf-8").read()
    check("<script" not in html and "\x1b" not in html, "a name acts in the page")
    for word in ("src=", "href=", "@import", "url("):
        check(word not in html, f"the page loads something: {word}")
    check(html.count("<svg") >= 2, "plots")
    plain = program("evaluate", "--print-only", "--predictions", *files, "--index-base", "0", "--details", "--name", "\x1b[31m")
    check(b"\x1b" not in plain.stdout, "a name acts on the terminal")
    done = program("evaluate", "--print-only", "--predictions", *files, "--index-base", "0", "--html", "/nonexistent/x.html", expect=1)
    check(b"/nonexistent/x.html" in done.stderr, done.stderr)


def bad_input_is_explained():
    file, rows = benchmark("bad", 12)

    def write(name, *lines):
        path = scratch(name)
        with open(path, "w") as out:
            out.writelines(line + "\n" for line in lines)
        return path

    first = rows[1]["id"]
    cases = [
        ([write("empty.jsonl")], "holds no records"),
        ([write("none.jsonl", json.dumps({"id": first}))], "none.jsonl:1: there is no prediction"),
        ([write("other.jsonl", '{"id": "zzz", "prediction": -1}')], "no prediction belongs to a row of bad"),
        ([write("twice.jsonl", *[json.dumps({"id": first, "prediction": -1})] * 2)], "twice.jsonl:2: 'bad-1' has a prediction already"),
        ([write("shape.jsonl", json.dumps({"id": first, "prediction": {"a": 1}, "x": 2}))], "must be a step's number"),
        ([write("base.jsonl", json.dumps({"id": first, "prediction": 1}))], "--index-base"),
        ([write("gold.jsonl", json.dumps({"id": first, "prediction": -1, "label": 40}))], "the label of 'bad-1'"),
        ([scratch("absent.jsonl")], "absent.jsonl"),
    ]
    for files, words in cases:
        done = program("evaluate", "--print-only", "--benchmark", file, "--predictions", *files, expect=1)
        check(words in done.stderr.decode(), lambda: f"expected {words!r} in {done.stderr.decode()!r}")
        check(not done.stdout, "a report was printed in spite of the error")
    unlabelled = write("unlabelled.jsonl", '{"problem": "p", "steps": ["a", "b"]}')
    done = program("evaluate", "--print-only", "--benchmark", unlabelled, "--baseline", "correct", expect=1)
    check("no row has a label" in done.stderr.decode(), done.stderr)
    path = space("bad")
    # A broken line is named and counted, the rest is used.
    broken = write("broken.jsonl", *[json.dumps(row) for row in rows], "{")
    done = evaluate(path, "--benchmark", broken, "--baseline", "correct")
    check("broken.jsonl:13" in done.stderr.decode(), done.stderr)
    for arguments, words in ((["--benchmark", file], "no model is named"), (["--benchmark", file, "--model", "m", "--vote", "0"], "--vote"),
                             ([], "--benchmark FILE"), (["--rescore", "--baseline", "correct"], "cannot be combined")):
        done = evaluate(path, *arguments, expect=None)
        check(done.returncode in (1, 2) and words in done.stderr.decode(), done.stderr)
    one_sided = write("side.jsonl", *[json.dumps(row) for row in rows if row["label"] == -1])
    done = evaluate(path, "--benchmark", one_sided, "--baseline", "correct")
    check("F1 is undefined, because no row has an error" in done.stdout.decode(), done.stdout)
    check("holds no" not in done.stdout.decode(), done.stdout)


def steps_are_scored():
    path = scratch("prm.jsonl")
    with open(path, "w") as out:
        for number in range(6):
            wrong = [2, 3] if number % 2 else []
            out.write(json.dumps({
                "idx": f"prm-{number}", "question": f"Q{number}", "modified_question": f"Q{number}",
                "original_process": ["a"], "modified_process": [f"{number} one", "two", "three", "four"],
                "error_steps": wrong, "classification": "deception" if wrong else "correct"}) + "\n")
    said = scratch("prm-said.jsonl")
    with open(said, "w") as out:
        for number in range(6):
            scores_ = [0.9, 0.2 if number % 2 else 0.8, 0.7, 0.9]
            out.write(json.dumps({"id": f"prm-{number}", "scores": scores_}) + "\n")
    for where in (["--print-only"], []):
        arguments = ["--benchmark", path, "--predictions", said, "--json"]
        done = program("evaluate", *where, *arguments) if where else evaluate(space("prm"), *arguments)
        steps = json.loads(done.stdout)["steps"]["prm"]
        equal((steps["truePositives"], steps["falsePositives"], steps["trueNegatives"], steps["falseNegatives"]),
              (18, 3, 3, 0), "steps")


def an_evaluation_is_forecast():
    path = space("forecast")
    with open(path + "/deepcritic.toml", "a") as settings:
        settings.write("[generate.prices]\ninput = 1.0\noutput = 2.0\n")
    server = FaultServer("--latency-ms", "100")
    file, _ = benchmark("forecast", count=30)
    asked = ["--benchmark", file, "--endpoint", server.base, "--model", "critic", "--vote", "4"]
    plan = json.loads(program("-w", path, "evaluate", *asked, "--dry-run", "--json").stdout)
    equal((plan["rows"]["forecast"], plan["answered"], plan["forecast"]["samples"]), (30, 0, 120), "rows and answers")
    check(plan["forecast"]["cost"] > 0 and "seconds" not in plan["forecast"], plan["forecast"])
    text = program("-w", path, "evaluate", *asked, "--dry-run").stdout.decode()
    check("tokens: about" in text and "cost: at most $" in text and "time: unknown" in text, text)
    equal(server.stats()["requests"], 0, "requests for a forecast")
    program("-w", path, "evaluate", *asked, "--limit", "10", "--concurrency", "1", "--quiet", timeout=120)
    plan = json.loads(program("-w", path, "evaluate", *asked, "--dry-run", "--json").stdout)
    equal((plan["answered"], plan["forecast"]["samples"]), (40, 80), "answers here and to ask for")
    check(plan["forecast"]["measuredOn"] == 40 and plan["forecast"]["seconds"] > 0, plan["forecast"])


def a_guidance_is_forecast():
    path = space("guided-forecast")
    program("-w", path, "import", "--quiet", problem_file(20))
    server = FaultServer("--solves")
    command = ["-w", path, "guide", "--endpoint", server.base, "--model", "solver", "--critic", "critic", "--n", "4", "--dry-run"]
    plan = json.loads(program(*command, "--json").stdout)
    equal([(part["title"], part["forecast"]["samples"], part["forecast"]["isEstimated"]) for part in plan["parts"]],
          [("solutions", 80, False), ("critiques", 80, True), ("refinements", 80, True)], "parts")
    equal(plan["forecast"]["samples"], 240, "in all")
    text = program(*command).stdout.decode()
    check("critiques: at most 80 requests for 80 answers (estimated)" in text and "in all (later parts estimated)" in text, text)
    program("-w", path, "label", "sample", "--endpoint", server.base, "--model", "solver", "--n", "4", "--quiet",
            env=grading_environment(), timeout=120)
    parts = json.loads(program(*command, "--json").stdout)["parts"]
    equal((parts[0]["forecast"]["samples"], parts[1]["forecast"]["isEstimated"]), (0, False), "solutions are drawn")
    check(0 < parts[1]["forecast"]["samples"] <= 80 and parts[2]["forecast"]["isEstimated"], parts)


def a_critic_guides_a_generator():
    env = grading_environment()
    path = space("guided")
    program("-w", path, "import", "--quiet", problem_file(20))
    # Solutions of the planted solver say which of their steps are wrong; the planted critic finds them.
    server = FaultServer("--solves")
    command = ["-w", path, "guide", "--endpoint", server.base, "--model", "solver", "--critic", "critic", "--n", "4", "--json",
               "--resamples", "200"]
    report = json.loads(program(*command, env=env, timeout=300).stdout)
    equal((report["problems"], report["samples"], len(report["curve"])), (20, 4, 4), "problems, solutions, points")
    last = report["curve"][-1]
    check(last["verified"] > last["majority"], last)
    equal(report["acceptsRight"]["percent"], 100, "right solutions that the critic accepts")
    refinement = report["refinement"]
    check(refinement["after"]["right"] > refinement["before"]["right"], refinement)
    equal(sum(refinement["transitions"].values()), refinement["flagged"], "refined solutions, each somewhere")
    before = server.stats()["requests"]
    equal(json.loads(program(*command, env=env, timeout=300).stdout), report, "the report once more")
    equal(server.stats()["requests"], before, "requests when nothing is missing")
    # A critic that is always wrong makes votes worse, and says so.
    server.stop()
    server = FaultServer("--answers", "wrong")
    wrong = json.loads(program(*command[:4], server.base, *command[5:7], "--critic", "liar", *command[9:], "--no-refinement",
                               "--critic-endpoint", server.base, env=env, timeout=300).stdout)
    check(wrong["curve"][-1]["verified"] < last["majority"], wrong["curve"][-1])
    done = program(*command[:3], "--model", "solver", "--endpoint", server.base, env=env, expect=1)
    check("no critic is named" in done.stderr.decode(), done.stderr)


if __name__ == "__main__":
    main(
        figures_match_an_independent_implementation, imports_are_stored_and_compared,
        reports_are_safe_and_whole, bad_input_is_explained, steps_are_scored, an_evaluation_is_forecast, a_guidance_is_forecast,
        a_critic_guides_a_generator,
        kills_do_not_change_the_result)
