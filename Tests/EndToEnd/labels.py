#!/usr/bin/env python3
"""Labels from rollouts with the real program: known errors, faults, kills, reasons, cost, the training set."""

import json
import random

from support.engines import grading_environment
from support.faults import FaultServer, problem_file
from support.harness import PROGRAM, check, environment, equal, main, program, sample, scratch, workspace
from support.kills import run_with_kills, same
from support.log import query as rows


def state(path):
    """Everything that labelling decides, by content: without times and row numbers."""
    return {
        "rollouts": rows(path, """
          SELECT s.key, r.step, r.sample, r.text, r.truncated, r.boxed, hex(r.grade), hex(a.key) FROM rollout r
          JOIN solution s ON s.id = r.solution_id JOIN answer a ON a.id = r.answer_id ORDER BY 1, 2, 3, 8"""),
        "grades": rows(path, "SELECT hex(key), grader, gold, answer, outcome FROM grade ORDER BY 1"),
        "solutions": rows(path, "SELECT key, name, steps FROM solution ORDER BY 1"),
        "sampled": rows(path, """
          SELECT s.key, x.sample, x.correct FROM sampled_solution x JOIN solution s ON s.id = x.solution_id ORDER BY 1"""),
        "problems": rows(path, """
          SELECT s.key, x.reason FROM sampled_problem x JOIN solution s ON s.id = x.problem_id ORDER BY 1"""),
        "estimates": rows(path, """
          SELECT s.key, e.counts, e.first_error, e.reason, e.step FROM estimate e
          JOIN solution s ON s.id = e.solution_id ORDER BY 1"""),
    }


def label(path, verb, *arguments, server=None, expect=0, **options):
    named = ["--endpoint", server.base] if server else []
    return program(
        "-w", path, "label", verb, *named, *arguments, expect=expect, env=options.pop("env", None) or grading_environment(), timeout=300)


def draw(path, server, *arguments):
    for verb in ("sample", "rollout"):
        label(path, verb, "--model", "solver", *arguments, server=server)


# All that asking again overcomes but fewer choices: the server begins again with those that are asked for again, and gives
# other samples the same texts.
FAULTS = ("rate-limit,rate-limit-date,rate-limit-ms,rate-limit-bare,server-error,unavailable,bad-gateway,reset,close,"
          "reset-midway,close-midway,cut-json,html,empty-choices,error-in-body,hang,hang-midway,garbage,late,split")


def kills_do_not_change_the_result():
    file = problem_file(24)
    env = grading_environment()
    server = FaultServer("--solves", "--truncated", "0.05")
    undisturbed = workspace("undisturbed", file)
    draw(undisturbed, server)
    server.stop()
    expected = state(undisturbed)
    check(len(expected["rollouts"]) > 2000, f"few rollouts: {len(expected['rollouts'])}")
    check(len(expected["estimates"]) > 40, f"few estimates: {len(expected['estimates'])}")

    server = FaultServer(
        "--solves", "--truncated", "0.05", "--fault-rate", "0.15", "--faults", FAULTS, "--retry-after", "0", "--latency-ms", "60")
    path = workspace("disturbed", file)
    chance = random.Random(7)
    kills = 0

    def nothing_is_stored_twice():
        answers = rows(path, "SELECT count(*), count(DISTINCT key) FROM answer")[0]
        equal(answers[0], answers[1], "answers and their keys after a kill")

    for verb in ("sample", "rollout"):
        command = [PROGRAM, "-w", path, "label", verb, "--endpoint", server.base, "--model", "solver", "--quiet",
                   "--concurrency", "6", "--idle-timeout", "2"]
        kills += run_with_kills(command, chance, 3, 0.5, 2.5, env=env, after_kill=nothing_is_stored_twice)
    check(kills >= 4, f"only {kills} kills")
    same(state(path), expected)
    # Once more asks nothing.
    before = server.stats()["requests"]
    draw(path, server, "--continuation", "chat")
    equal(server.stats()["requests"], before, "requests when nothing is missing")


def every_reason_is_counted_and_listed():
    path = workspace("reasons", problem_file(20))
    server = FaultServer("--solves")
    done = label(path, "sample", "--model", "solver", "--json", server=server)
    report = json.loads(done.stdout)["outcome"]["solutions"]
    equal(report["problems"], 20, "problems")
    equal(report["used"] + sum(report["discarded"].values()), 20, "problems, each somewhere")
    done = label(path, "rollout", "--model", "solver", "--json", server=server)
    estimate = json.loads(done.stdout)["outcome"]["estimate"]
    equal(sum(estimate["reasons"].values()), estimate["solutions"], "solutions, each with one reason")
    for reason, count in estimate["reasons"].items():
        listed = label(path, "estimate", "--reason", reason, "--json").stdout.splitlines()
        equal(len(listed), count, f"solutions listed as {reason}")
        shown = program("-w", path, "list", f"estimate:{reason}", "--json").stdout.splitlines()
        equal(len(shown), count, f"solutions in the queue as {reason}")
    # Other thresholds give other labels, without a model.
    loose = json.loads(label(path, "estimate", "--fail", "0.4", "--json").stdout)["estimate"]
    check(loose["reasons"].get("ambiguous", 0) < estimate["reasons"].get("ambiguous", 0), (loose, estimate))
    equal(loose["solutions"], estimate["solutions"], "solutions")
    again = json.loads(label(path, "estimate", "--json").stdout)["estimate"]
    equal(again, estimate, "the same thresholds give the same labels")


def the_probe_reports_how_prefixes_are_sent():
    for continuation, words in (("honours", "continued by chat"), ("as-user", "continued by raw plain")):
        path = workspace("probe-" + continuation, problem_file(4))
        server = FaultServer("--solves", "--continuation", continuation)
        done = label(path, "sample", "--model", "solver", server=server)
        check(words in done.stderr.decode(), done.stderr.decode())
        equal(rows(path, "SELECT count(*) FROM rollout WHERE text LIKE '%Step 2:%'")[0][0], 32, "whole solutions")


def the_cost_is_forecast():
    path = workspace("cost", problem_file(30))
    server = FaultServer("--solves", "--latency-ms", "100")
    with open(path + "/deepcritic.toml", "a") as settings:
        settings.write('[generate.prices]\ninput = 1.0\noutput = 2.0\n[label]\nmodel = "solver"\n')
    forecast = json.loads(label(path, "sample", "--dry-run", "--json").stdout)
    equal((forecast["plan"]["requests"], forecast["plan"]["samples"]), (30, 240), "requests and samples")
    equal(forecast["completionTokens"], 240 * 2048, "the most there can be, before anything is measured")
    check("seconds" not in forecast, forecast)
    equal(server.stats()["requests"], 0, "requests for a forecast")
    label(path, "sample", "--limit", "20", "--concurrency", "1", server=server)
    forecast = json.loads(label(path, "sample", "--dry-run", "--json").stdout)
    equal(forecast["plan"]["requests"], 10, "requests left")
    check(forecast["measuredOn"] == 160 and forecast["completionTokens"] < 80 * 300, forecast)
    check(0.2 < forecast["seconds"] < 60, forecast)
    check(forecast["cost"] > 0, forecast)
    text = label(path, "sample", "--dry-run").stdout.decode()
    check("10 requests for 80 samples" in text and "at the measured rate" in text and "cost: about $" in text, text)


def nothing_to_do_is_explained():
    path = workspace("empty", sample("solutions.prm800k.jsonl")[0])
    server = FaultServer("--solves")
    done = label(path, "sample", "--model", "solver", server=server)
    check("Import a problem set" in done.stderr.decode(), done.stderr.decode())
    done = label(path, "rollout", server=server, expect=1)
    check("no model is named" in done.stderr.decode(), done.stderr.decode())
    done = label(path, "estimate", expect=1)
    check("label rollout" in done.stderr.decode(), done.stderr.decode())
    with open(path + "/deepcritic.toml", "a") as settings:
        settings.write("[label.estimate]\nfail = 0.9\n")
    done = label(path, "estimate", expect=1)
    check("deepcritic.toml" in done.stderr.decode() and "fail" in done.stderr.decode(), done.stderr.decode())
    # Samples without a grader are kept, and the remedy is said.
    path = workspace("ungraded", problem_file(3))
    done = label(path, "sample", "--model", "solver", server=server, expect=1,
                 env=environment(DEEPCRITIC_GRADING_PYTHON="/usr/bin/false"))
    check("deepcritic engines install grading" in done.stderr.decode(), done.stderr.decode())
    equal(rows(path, "SELECT count(*) FROM rollout")[0][0], 24, "samples kept")


def verdicts_of_people_win_and_are_compared():
    path = workspace("people", sample("solutions.prm800k.jsonl")[0], problem_file(10))
    server = FaultServer("--solves")
    draw(path, server)
    statistics = json.loads(program("-w", path, "stats", "--json").stdout)
    check("estimates" in statistics, statistics.keys())
    folder = scratch("rl")
    program("-w", path, "export", "rl", "--format", "jsonl", "-o", folder, "--quiet")
    made = [json.loads(line) for line in open(folder + "/train.jsonl")]
    sources = {row["data_source"] for row in made}
    equal(sources, {"deepcritic/human", "deepcritic/monte-carlo"}, "sources")
    for row in made:
        if row["data_source"] == "deepcritic/monte-carlo" and row["first_error"] > 0:
            check("WRONG" in " ".join(row["steps"]), row)
    manifest = json.load(open(folder + "/manifest.json"))
    told = json.loads(program("-w", path, "lineage", manifest["content_hash"], "--json").stdout)
    check(told, "the set's lineage")
    plain = program("-w", path, "export", "rl", "--dry-run").stdout.decode()
    check(f"{len(made)} rows of" in plain, plain)
    counts = json.loads(program("-w", path, "export", "rl", "--dry-run", "--json").stdout)
    equal(counts["rows"], len(made), "rows forecast")
    for reason, count in counts["reasons"].items():
        listed = program("-w", path, "export", "rl", "--reason", reason, "--json").stdout.splitlines()
        equal(len(listed), count, f"solutions listed as {reason}")


if __name__ == "__main__":
    main(
        every_reason_is_counted_and_listed, the_probe_reports_how_prefixes_are_sent, the_cost_is_forecast,
        nothing_to_do_is_explained, verdicts_of_people_win_and_are_compared,
        kills_do_not_change_the_result)
