#!/usr/bin/env python3
"""Seed critiques from a slow, wrong and unreliable server: nothing is asked twice or lost, every failure has a reason."""

import json
import os
import random
import re
import signal
import subprocess

from support.faults import FaultServer
from support.harness import PROGRAM, check, environment, equal, main, program, sample, scratch, wait_until, workspace
from support.kills import run_with_kills, same
from support.log import query as rows
from support.terminal import Pane

SOLUTIONS = sample("solutions.prm800k.jsonl")[0]
LABELS = ["--labels", SOLUTIONS]
MODEL = ["--model", "critic"]


def state(path):
    """Everything that generation decides, without times."""
    return {
        "critiques": rows(path, """
          SELECT s.key, c.stage, c.step, c.sample, c.judgement, c.text, c.fault FROM critique c
          JOIN solution s ON s.id = c.solution_id ORDER BY 1, 2, 3, 4"""),
        "standings": rows(
            path, "SELECT s.key, x.reason, x.stage, x.step FROM seed x JOIN solution s ON s.id = x.solution_id ORDER BY 1"),
        "answers": rows(path, "SELECT hex(key), sample FROM answer ORDER BY 1")}


def generate(path, *arguments, server=None, expect=0, env=None, timeout=120):
    named = ["--endpoint", server.base] if server else []
    return program("-w", path, "generate", *arguments, *named, *MODEL, expect=expect, env=env, timeout=timeout)


def said(done):
    return done.stderr.decode()


def without_a_server_the_error_names_a_remedy():
    path = workspace("none", SOLUTIONS)
    done = generate(path, "initial", "--endpoint", "http://127.0.0.1:9", expect=1)
    check("no server answers at http://127.0.0.1:9/v1" in said(done), said(done))
    check("--endpoint" in said(done) and "vllm serve" in said(done), said(done))
    done = program("-w", path, "generate", "initial", "--endpoint", "http://127.0.0.1:9", expect=1)
    check("no model is named" in said(done) and "--model" in said(done), said(done))
    equal(rows(path, "SELECT count(*) FROM answer")[0][0], 0, "answers")


def all_stages_end_with_a_named_reason():
    server = FaultServer("--answers", "mixed", *LABELS)
    path = workspace("all", SOLUTIONS)
    done = generate(path, "all", "--json", server=server)
    summary = json.loads(done.stdout)
    equal([stage["stage"] for stage in summary["stages"]], ["initial", "deep", "merged"], "stages")
    standings = {}
    for row in summary["standings"]:
        standings[row["reason"]] = standings.get(row["reason"], 0) + row["solutions"]
    equal(sum(standings.values()), 29, "solutions with a status")
    check(not set(standings) - {
        "complete", "deep-misses-label", "merged-contradicts-label", "no-judgement", "truncated", "empty"}, standings)
    check(standings.get("complete", 0) > 0, standings)
    steps = rows(path, "SELECT count(*) FROM (SELECT DISTINCT solution_id, step FROM critique WHERE stage = 'initial')")
    equal(summary["stages"][0]["planned"]["requests"], steps[0][0], "requests of the initial stage")
    deep = rows(path, "SELECT DISTINCT count(*) FROM critique WHERE stage = 'deep' GROUP BY solution_id, step")
    equal(deep, [(16,)], "deep samples of each step")
    before = server.stats()
    done = generate(path, "all", server=server)
    check(said(done).count("nothing to ask") == 3, said(done))
    equal(server.stats()["requests"], before["requests"], "requests after a second run")
    listed = program("-w", path, "list", "reason:complete", "--json").stdout
    equal(len(listed.splitlines()), standings["complete"], "solutions listed by reason")


def _disturbed(name, file, stage, *options, least, most, server_options=()):
    """Runs a stage on a server with faults, kills it five times, and compares with a run on one without any."""
    truth = ["--answers", "mixed", *LABELS]
    server = FaultServer(*truth)
    path = workspace(name + "-undisturbed", file)
    generate(path, stage, *options, server=server, timeout=300)
    server.stop()
    expected = state(path)

    server = FaultServer(*truth, "--fault-rate", "0.2", "--retry-after", "0", *server_options)
    path = workspace(name + "-disturbed", file)
    command = [PROGRAM, "-w", path, "generate", stage, "--endpoint", server.base, *MODEL, "--idle-timeout", "2",
               "--stream", "--quiet", *options]

    def nothing_is_stored_twice():
        answers = rows(path, "SELECT count(*), count(DISTINCT key) FROM answer")[0]
        equal(answers[0], answers[1], "answers and their keys after a kill")

    equal(run_with_kills(command, random.Random(5), 5, least, most, after_kill=nothing_is_stored_twice), 5, "kills")
    actual = state(path)
    same(actual, expected)
    return server, actual


def kills_do_not_change_the_result():
    # Seeds, since without them another number of choices in a request gives other answers.
    _disturbed("killed", SOLUTIONS, "all", "--concurrency", "32", "--seed", "7", least=0.3, most=1.2,
               server_options=["--latency-ms", "120"])


def faults_and_kills_in_ten_thousand_requests_do_not_change_the_result():
    file = scratch("many.jsonl")
    with open(file, "w") as out:
        for number in range(2500):
            steps = [{"text": f"We add {number} and {step}." + (" WRONG" if step == number % 5 else ""),
                      "rating": -1 if step == number % 5 else 1} for step in range(4)]
            out.write(json.dumps({
                "problem": f"Problem {number}: what is the sum?", "gt_answer": str(number), "contain_erroneous_step": number % 5 < 4,
                "steps": [{"step_index": index + 1, **step} for index, step in enumerate(steps)]}) + "\n")
    server, made = _disturbed("many", file, "initial", "--concurrency", "64", least=0.8, most=2.5)
    equal(len(made["answers"]), 10_000, "answers")
    equal(len(made["standings"]), 2500, "solutions with a status")
    check(server.stats()["requests"] > 11_000, "there were hardly any faults")


def ctrl_c_waits_for_requests_in_flight():
    server = FaultServer("--latency-ms", "700", *LABELS)
    path = workspace("interrupted", SOLUTIONS)
    run = subprocess.Popen(
        [PROGRAM, "-w", path, "generate", "initial", "--endpoint", server.base, *MODEL, "--concurrency", "4"],
        env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wait_until(lambda: rows(path, "SELECT count(*) FROM answer")[0][0] >= 4, "the first answers")
    run.send_signal(signal.SIGINT)
    _, words = run.communicate(timeout=30)
    equal(run.returncode, 130, "exit code")
    check(b"in flight" in words, words.decode())
    stats = server.stats()
    equal(rows(path, "SELECT count(*) FROM answer")[0][0], stats["requests"], "answers stored and requests made")
    check(stats["requests"] < 113, "it kept asking")
    generate(path, "initial", server=server)
    equal(server.stats()["requests"], 113, "requests of both runs together")


def a_server_that_ignores_n_is_asked_again():
    server = FaultServer("--choices-limit", "1", *LABELS)
    path = workspace("one-choice", SOLUTIONS)
    generate(path, "initial", "--limit", "3", server=server)
    generate(path, "deep", "--limit", "3", server=server)
    deep = rows(path, "SELECT DISTINCT count(*) FROM critique WHERE stage = 'deep' GROUP BY solution_id, step")
    equal(deep, [(16,)], "deep samples of each step")


def wrong_keys_and_models_end_the_run_at_once():
    server = FaultServer("--key", "sk-secret-of-the-test", *LABELS)
    path = workspace("key", SOLUTIONS)
    done = generate(path, "initial", server=server, expect=1)
    check("DEEPCRITIC_API_KEY" in said(done) and "(401)" in said(done), said(done))
    check(server.stats()["requests"] <= 16, server.stats())
    done = generate(path, "initial", "--limit", "1", server=server,
                    env=environment(DEEPCRITIC_API_KEY="sk-secret-of-the-test"))
    # The same by a file, which nobody else may read.
    key = scratch("key.txt")
    with open(key, "w") as file:
        file.write("sk-secret-of-the-test\n")
    os.chmod(key, 0o644)
    with open(path + "/deepcritic.toml", "a") as file:
        file.write(f'\n[generate]\napi_key_file = "{key}"\n')
    done = generate(path, "initial", server=server, expect=1)
    check("chmod 600" in said(done), said(done))
    os.chmod(key, 0o600)
    generate(path, "initial", server=server)
    for name in os.listdir(path):
        with open(os.path.join(path, name), "rb") as file:
            check(b"sk-secret-of-the-test" not in file.read(), f"the key is in {name}")


def wrong_settings_are_reported_with_file_and_key():
    path = workspace("settings", SOLUTIONS)
    for text, words in [
        ("[generate]\nmodell = 'x'", "'generate.modell' is unknown"),
        ("[generate.deep]\nn = 0", "'generate.deep.n' must be a whole number from 1 to 1000"),
        ("[generate]\nconcurrency = 'many'", "'generate.concurrency' is \"auto\" or"),
        ("[generate]\nendpoints = [3]", "'generate.endpoints' must hold"),
        ("[generate", "not valid TOML"),
    ]:
        with open(path + "/deepcritic.toml", "w") as file:
            file.write(text)
        done = generate(path, "initial", "--dry-run", expect=1)
        check("deepcritic.toml" in said(done) and words in said(done), said(done))


def the_cost_is_forecast():
    path = workspace("cost", SOLUTIONS)
    server = FaultServer("--latency-ms", "50", *LABELS)
    with open(path + "/deepcritic.toml", "a") as settings:
        settings.write("[generate.prices]\ninput = 1.0\noutput = 2.0\n")
    plan = json.loads(generate(path, "all", "--dry-run", "--json").stdout)
    initial, deep, merged = plan["stages"]
    steps = initial["plan"]["steps"]
    check(steps > 50 and "waiting" not in initial and not initial["forecast"]["isEstimated"], initial)
    equal(initial["forecast"]["completionTokens"], 1024 * initial["plan"]["samples"], "the most there can be")
    check("seconds" not in initial["forecast"] and initial["forecast"]["cost"] > 0, initial["forecast"])
    # Later stages cannot be counted yet: they are estimated, and it is said.
    equal((deep["plan"]["samples"], deep["waiting"]["steps"], deep["waiting"]["samples"]), (0, steps, 16 * steps), "deep")
    equal((merged["waiting"]["samples"], merged["forecast"]["isEstimated"]), (steps, True), "merged")
    check(merged["forecast"]["promptTokens"] > deep["forecast"]["promptTokens"], merged["forecast"])
    equal(plan["forecast"]["samples"], 18 * steps, "all stages")
    text = generate(path, "all", "--dry-run").stdout.decode()
    check("estimated: at most" in text and "all stages (later ones estimated)" in text and "cost: at most $" in text, text)
    check("  left out: " in text and "\n  left out: " in text and text.count("left out") == 1, text)
    equal(server.stats()["requests"], 0, "requests for a forecast")
    # A stage by itself waits for nothing that this run would bring.
    alone = json.loads(generate(path, "deep", "--dry-run", "--json").stdout)["stages"][0]
    equal((alone["forecast"]["samples"], "waiting" in alone), (0, False), "deep alone")
    generate(path, "initial", "--limit", "10", "--concurrency", "1", server=server)
    initial = json.loads(generate(path, "all", "--dry-run", "--json").stdout)["stages"][0]["forecast"]
    check(initial["measuredOn"] > 10 and initial["completionTokens"] < 1024 * initial["samples"] / 4, initial)
    check(0 < initial["seconds"] < 60, initial)
    check("at the measured rate" in generate(path, "initial", "--dry-run").stdout.decode(), "time")


def another_template_is_used_and_its_hash_stored():
    server = FaultServer(*LABELS)
    path = workspace("template", SOLUTIONS)
    prompt = scratch("mine.md")
    with open(prompt, "w") as file:
        file.write("Judge {{nothing}}")
    done = generate(path, "initial", "--prompt", f"initial={prompt}", server=server, expect=1)
    check(f"{prompt}:1: {{{{nothing}}}} has no value" in said(done), said(done))
    with open(prompt, "w") as file:
        file.write("Judge step {{step_number}}: {{step}}\nof {{problem}}. Say \\boxed{1} or \\boxed{-1}.\n")
    generate(path, "initial", "--prompt", f"initial={prompt}", "--limit", "2", server=server)
    kept = rows(path, "SELECT p.text FROM generation g JOIN prompt p ON p.hash = g.prompt")
    equal([text for text, in kept], [open(prompt).read()], "templates kept")


def a_batch_is_written_and_read_back_in_pieces():
    server = FaultServer("--answers", "mixed", *LABELS)
    path = workspace("batch", SOLUTIONS)
    file = scratch("initial.batch.jsonl")
    program("-w", path, "generate", "initial", "--write-batch", file, *MODEL)
    lines = [json.loads(line) for line in open(file)]
    equal(len(lines), 113, "requests written")
    equal({(line["method"], line["url"]) for line in lines}, {("POST", "/v1/chat/completions")}, "where they go")
    equal(len({line["custom_id"] for line in lines}), 113, "distinct names")
    done = generate(path, "initial", server=server)
    check("113 requests are out in batch files" in said(done), said(done))
    equal(server.stats()["requests"], 0, "requests asked while they are out")
    done = program("-w", path, "generate", "initial", "--write-batch", file, *MODEL, expect=1)
    check("is out already" in said(done), said(done))
    # Another program runs the batch: unordered, a part of it, with errors in a file of their own.
    answered = []
    for line in lines:
        status, body = server.ask(line["body"])
        answered.append({"id": "b", "custom_id": line["custom_id"],
                         "response": {"status_code": status, "request_id": "r", "body": body}, "error": None})
    random.Random(1).shuffle(answered)
    first, second, errors = scratch("out1.jsonl"), scratch("out2.jsonl"), scratch("err.jsonl")
    failed = [{"id": "b", "custom_id": row["custom_id"], "response": None,
               "error": {"code": "server_error", "message": "the engine died"}} for row in answered[100:]]
    for name, content in ((first, answered[:40]), (second, answered[40:100]), (errors, failed)):
        with open(name, "w") as out:
            out.writelines(json.dumps(row) + "\n" for row in content)
    with open(second, "a") as out:
        out.write('{"custom_id": "stranger", "response": {"status_code": 200, "body": {}}}\n{"cut')
    done = program("-w", path, "generate", "--read-batch", first)
    check("40 requests answered" in said(done) and "73 requests are still out" in said(done), said(done))
    done = program("-w", path, "generate", "--read-batch", first, second, errors, expect=3)
    check("40 already stored" in said(done), said(done))
    check(f"{second}:61: no request 'stranger' is out" in said(done), said(done))
    check(f"{second}:62: the last line is cut off" in said(done), said(done))
    check("error in the batch 13" in said(done) or "13" in said(done), said(done))
    equal(rows(path, "SELECT count(*), count(DISTINCT reason) FROM request_failure")[0], (13, 1), "failures kept")
    # What failed is asked again, by whatever way.
    generate(path, "initial", server=server)
    equal(server.stats()["requests"], 113 + 13, "requests in all")
    equal(rows(path, "SELECT count(*) FROM request_failure")[0][0], 0, "failures left")
    done = program("-w", path, "generate", "--read-batch", file, expect=3)
    check("not its input" in said(done), said(done))


def files_of_the_stages_carry_everything_to_another_workspace():
    server = FaultServer("--answers", "mixed", *LABELS)
    path = workspace("exported", SOLUTIONS)
    generate(path, "all", server=server)
    other = workspace("imported", SOLUTIONS)
    for stage in ("initial", "deep", "merged"):
        file = scratch(f"{stage}.jsonl")
        program("-w", path, "export", "solutions", "--format", "deepcritic", "--stage", stage, "-o", file)
        program("-w", other, "import", "--quiet", file)
    used = "SELECT key, initial, deep, merged, disagreement FROM solution ORDER BY key"
    equal(rows(other, used), rows(path, used), "what the stages conclude")
    standing = "SELECT s.key, x.reason, x.stage, x.step FROM seed x JOIN solution s ON s.id = x.solution_id ORDER BY 1"
    equal([row for row in rows(other, standing) if row[1] == "complete"],
          [row for row in rows(path, standing) if row[1] == "complete"], "complete seed critiques")


def the_panel_shows_progress():
    server = FaultServer("--latency-ms", "400", *LABELS)
    path = workspace("panel", SOLUTIONS)
    with open(path + "/deepcritic.toml", "a") as file:
        file.write("\n[generate.prices]\ninput = 0.5\noutput = 1.5\n")
    pane = Pane([PROGRAM, "-w", path, "generate", "initial", "--endpoint", server.base, *MODEL, "--concurrency", "4"],
                columns=100, rows=20)
    pane.wait("requests left")
    screen = pane.screen()
    check(re.search(r"initial: \d+ of 113 requests, \d+ %", screen), screen)
    for words in ("usable of", "requests/s", "in flight", "cost", "time"):
        check(words in screen, lambda: f"'{words}' is not in\n{screen}")
    pane.keys("C-c")
    pane.wait("Stopping: waiting for")
    pane.wait_end("exit 130")


def review_continues_while_critiques_arrive():
    server = FaultServer("--latency-ms", "150", "--answers", "mixed", *LABELS)
    path = workspace("beside", SOLUTIONS)
    with open(path + "/deepcritic.toml", "a") as file:
        file.write(f'\n[generate]\nendpoints = ["{server.base}"]\nmodel = "critic"\nconcurrency = 4\n')
    pane = Pane([PROGRAM, "-w", path], columns=120, rows=40)
    pane.wait("solutions-1")
    pane.keys("F2")
    pane.wait("all stages")
    pane.wait("113")
    pane.keys("C-s")
    pane.wait("S again")
    pane.keys("C-s")
    pane.wait("Started")
    pane.wait("in flight")
    pane.keys("q")
    pane.wait("generating")
    pane.keys("Enter")
    pane.wait("▌  1")
    pane.keys("y")
    wait_until(lambda: rows(path, "SELECT count(*) FROM event WHERE kind = 'verdict'")[0][0] == 1,
               lambda: f"the verdict, stored meanwhile:\n{pane.screen()}")
    pane.keys("F2")
    pane.wait("Generation")
    pane.keys("C-x")
    pane.wait("Stop")
    wait_until(lambda: "The last run" in pane.screen(), lambda: f"the end of the run:\n{pane.screen()}")
    stored = rows(path, "SELECT count(*) FROM answer")[0][0]
    check(stored > 0, "nothing was stored")
    pane.keys("Q")
    pane.wait_end("exit 0")


if __name__ == "__main__":
    main(
        without_a_server_the_error_names_a_remedy, all_stages_end_with_a_named_reason,
        kills_do_not_change_the_result,
        faults_and_kills_in_ten_thousand_requests_do_not_change_the_result, ctrl_c_waits_for_requests_in_flight,
        a_server_that_ignores_n_is_asked_again, wrong_keys_and_models_end_the_run_at_once,
        the_cost_is_forecast, wrong_settings_are_reported_with_file_and_key, another_template_is_used_and_its_hash_stored,
        a_batch_is_written_and_read_back_in_pieces, files_of_the_stages_carry_everything_to_another_workspace,
        the_panel_shows_progress, review_continues_while_critiques_arrive)
