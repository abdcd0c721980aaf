#!/usr/bin/env python3
"""Numbers from outside: no option, setting or file can make a number end the program, whatever it is."""

import concurrent.futures
import itertools
import json
import os
import shutil

from support.harness import check, equal, main, program, sample, scratch

HOSTILE = ["-1", "0", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e300", "inf", "nan"]
# What a command needs to get as far as its numbers, beside its options.
NEEDED = {
    "import": sample("processbench.sample.json")[:1], "show": ["1"], "verdict": ["1", "--verdict", "correct"], "flag": ["1"],
    "comment": ["1", "--text", "x"], "tag": ["hard", "1"], "adjudicate": ["1", "--verdict", "correct"], "critique": ["1"],
    "explain": ["1"], "exclude": ["1"], "include": ["1"], "lineage": ["1"], "live": ["1", "--linear"], "demo": ["1", "--linear"],
    "generate": ["initial", "--dry-run"], "label sample": ["--dry-run"], "label rollout": ["--dry-run"],
    "export sft": ["--dry-run"], "export prm": ["--dry-run"], "export rl": ["--dry-run"], "queues save": ["q"],
    "train": ["sft", "--dry-run"], "evaluate": ["--dry-run"], "guide": ["--dry-run"], "grade": ["1", "1"],
    "runs show": ["x"], "runs logs": ["x"], "runs chart": ["x"], "runs samples": ["x"], "runs compare": ["x", "y"],
    "runs stop": ["x"], "runs resume": ["x"], "runs serve": ["x"], "runs note": ["x", "y"], "runs fetch": ["x"],
    "runs delete": ["x"], "sets log": ["x"], "sets diff": ["x", "y"], "compare": ["x", "y"], "": ["--linear"],
}


def is_crash(code):
    return code < 0 or code >= 128


def commands(command, path=()):
    """Every command with the names of the options that take a value."""
    names = []
    for argument in command.get("arguments", []):
        if argument["kind"] == "option":
            name = argument["preferredName"]
            names.append(("--" if name["kind"] == "long" else "-") + name["name"])
    if not command.get("subcommands"):
        yield " ".join(path), names
    elif not path:
        yield "", names
    for inner in command.get("subcommands", []):
        if inner["commandName"] != "help":
            yield from commands(inner, path + (inner["commandName"],))


def workspace(name):
    path = scratch(name)
    program("init", path)
    program("-w", path, "import", "--quiet", *sample("processbench.sample.json"))
    return path


def no_option_takes_a_number_that_ends_the_program():
    path = workspace("options")
    tree = json.loads(program("--experimental-dump-help").stdout)["command"]
    # Names of files, servers and people are not numbers; what follows these options is left alone.
    others = {"--workspace", "--output", "--endpoint", "--record", "--replay", "--record-screen", "--file", "--from", "--text"}
    calls = [
        ["-w", path, *command.split(), *NEEDED.get(command, []), f"{name}={value}"]
        for command, names in commands(tree) for name in sorted(set(names) - others) for value in HOSTILE
    ]
    check(len(calls) > 2000, f"only {len(calls)} calls were found")

    # Some options name files to write: a number makes one where the command runs.
    elsewhere = scratch("elsewhere")
    os.makedirs(elsewhere)

    def run(call):
        done = program(*call, expect=None, timeout=60, cwd=elsewhere)
        return (call[2:], done) if is_crash(done.returncode) or b"Fatal error" in done.stderr else None

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        crashes = [crash for crash in pool.map(run, calls) if crash]
    check(not crashes, lambda: "\n".join(f"{call} ended with {done.returncode}: {done.stderr[-400:]!r}" for call, done in crashes))


SETTINGS = {
    "generate": ["concurrency", "connect_timeout", "idle_timeout", "request_timeout", "attempts", "shuffle_seed"],
    "generate.deep": ["n", "temperature", "top_p", "max_tokens", "seed", "retry_tokens"],
    "generate.prices": ["input", "output"],
    "label.rollout": ["n", "temperature", "top_p", "max_tokens", "seed"],
    "label.estimate": ["fail", "succeed", "recover"],
    "label.grading": ["workers", "time_limit"],
    "label.rl": ["max_characters", "max_tokens", "per_problem", "limit", "error_share", "seed"],
    "curate": ["seed", "all_correct_limit", "max_characters", "max_tokens", "validation"],
    "evaluate": ["vote", "temperature", "top_p", "max_tokens", "seed", "resamples"],
    "review": ["daily_goal", "idle_seconds", "gold_rate", "gold_seed"],
    "train.sft": ["epochs", "batch", "micro_batch", "learning_rate", "gpus", "nodes", "max_length", "seed"],
}
READERS = {
    "label.rl": ["export", "rl", "--dry-run"],
    "generate": ["generate", "all", "--dry-run", "--model", "m"], "label": ["label", "rollout", "--dry-run", "--model", "m"],
    "curate": ["curate"], "evaluate": ["leaderboard"], "review": ["stats"], "train": ["train", "sft", "--dry-run"],
}


def no_setting_takes_a_number_that_ends_the_program():
    path = workspace("settings")
    for table, keys in SETTINGS.items():
        for key, value in itertools.product(keys, HOSTILE):
            with open(os.path.join(path, "deepcritic.toml"), "w") as file:
                file.write(f"[{table}]\n{key} = {value}\n")
            done = program("-w", path, *(READERS.get(table) or READERS[table.split(".")[0]]), expect=None)
            check(
                not is_crash(done.returncode) and b"Fatal error" not in done.stderr,
                lambda: f"[{table}] {key} = {value}: {done.returncode}: {done.stderr[-800:]!r}")
            if value in ("1e300", "nan", "9223372036854775808") and table != "train.sft":
                # Never taken for something else in silence.
                check(done.returncode == 1 and b"deepcritic.toml:2" in done.stderr, f"[{table}] {key} = {value}: {done.stderr!r}")


def logs_with_impossible_numbers_are_refused_by_line():
    path = workspace("logs")
    head = ('{"deepcriticSession":1,"mode":"audit","program":"x","reviewer":"r","size":%s,'
            '"startedAt":"2026-11-30T22:24:50Z","workspace":"w"}\n')
    for size, entry, line in [
        ("[9223372036854775807,9223372036854775807]", '{"at":5,"key":"y"}', 1), ("[30000,30000]", '{"at":5,"key":"y"}', 1),
        ("[80]", '{"at":5,"key":"y"}', 1), ("[-80,24]", '{"at":5,"key":"y"}', 1),
        ("[80,24]", '{"at":9223372036854775807,"key":"y"}', 2), ("[80,24]", '{"at":-1,"key":"y"}', 2),
        ("[80,24]", '{"at":1,"size":[30000,30000]}', 2), ("[80,24]", '{"at":1,"pointer":"press 9223372036854775807 1"}', 2),
    ]:
        log = scratch("log.jsonl")
        with open(log, "w") as file:
            file.write(head % size + entry + "\n")
        done = program("-w", path, "--replay", log, "--frame", expect=1)
        check(f"log.jsonl:{line}:".encode() in done.stderr, f"{size} {entry}: {done.stderr!r}")
        equal(program("share", log, "-o", scratch("x.html"), "-w", path, expect=None).returncode, 1, f"share {size} {entry}")


def predictions_are_steps_or_are_refused_by_line():
    path = workspace("predictions")
    benchmark = scratch("bench.jsonl")
    with open(benchmark, "w") as file:
        print(json.dumps({"id": "gsm8k-1", "problem": "P", "steps": ["a", "b"], "label": 1, "final_answer_correct": False,
                          "generator": "g"}), file=file)
    for number in ["-9223372036854775808", "9223372036854775807", "1e18", "\"-9223372036854775808\""]:
        for key in ["prediction", "predictions", "predicted_error_steps"]:
            predictions = scratch("predictions.jsonl")
            value = f"[{number}]" if key == "predicted_error_steps" else number
            with open(predictions, "w") as file:
                file.write('{"id":"gsm8k-1","%s":%s}\n' % (key, value))
            done = program(
                "-w", path, "evaluate", "--benchmark", f"b={benchmark}", "--predictions", predictions, "--index-base", "0",
                expect=None)
            check(done.returncode == 1 and b"predictions.jsonl:1" in done.stderr, f"{key} {value}: {done.returncode} {done.stderr!r}")
    shutil.rmtree(path)


if __name__ == "__main__":
    main(
        no_option_takes_a_number_that_ends_the_program,
        no_setting_takes_a_number_that_ends_the_program,
        logs_with_impossible_numbers_are_refused_by_line,
        predictions_are_steps_or_are_refused_by_line,
    )
