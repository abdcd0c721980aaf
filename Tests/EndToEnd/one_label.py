#!/usr/bin/env python3
"""One label everywhere: a solution goes through every change of its label, and after each all that speaks of labels agrees
with one table."""

import json
import os
import re
import shutil

from support.faults import FaultServer
from support.harness import check, equal, main, program, scratch

N = None

# What somebody does, and what everything has to say then: the label by step, the first error (None when unknown), the reason
# why the solution is not in the training set, whether a person settled something.
TABLE = [
    ("import", [], [1, 1, -1, N, N], 3, "no-critique", False),
    ("ana finds step 2 wrong", ["ana", "verdict", "walk", "--step", "2", "--verdict", "incorrect"],
     [1, -1, N, N, N], 2, "no-critique", False),
    ("a verdict after the first error", ["ana", "verdict", "walk", "--step", "4", "--verdict", "-1"],
     [1, -1, N, N, N], 2, "no-critique", False),
    ("bo finds it right", ["bo", "verdict", "walk", "--step", "2", "--verdict", "correct"],
     [1, N, -1, N, N], None, "conflict-pending", False),
    ("chief settles it as right", ["chief", "adjudicate", "walk", "--step", "2", "--verdict", "correct"],
     [1, 1, -1, N, N], 3, "no-critique", True),
    ("and step 3, too", ["chief", "adjudicate", "walk", "--step", "3", "--verdict", "correct"],
     [1, 1, 1, -1, N], 4, "no-critique", True),
    ("and step 4", ["chief", "adjudicate", "walk", "--step", "4", "--verdict", "correct"],
     [1, 1, 1, 1, N], None, "label-unfinished", True),
    ("and the last", ["chief", "adjudicate", "walk", "--step", "5", "--verdict", "correct"],
     [1, 1, 1, 1, 1], -1, "no-critique", True),
]

IMPORTED = TABLE[0][2]


def solution(name, ratings, critiques=False):
    steps = [{"completions": [{"text": f"{name} step {k + 1}", "rating": rating, "flagged": False}],
              "human_completion": None, "chosen_completion": None if rating == -1 else 0}
             for k, rating in enumerate(ratings) if rating is not None]
    return {
        "labeler": "somebody", "timestamp": "2023-01-01", "generation": 9, "is_quality_control_question": False,
        "is_initial_screening_question": False, "kept": name,
        "question": {"problem": f"What is {name}?", "ground_truth_answer": "1",
                     "pre_generated_steps": [f"{name} step {k + 1}" for k in range(len(ratings))]},
        "label": {"steps": steps, "total_time": 1, "finish_reason": "found_error" if -1 in ratings else "solution"}}


def make(name):
    path = scratch(name)
    file = scratch("data.jsonl")
    with open(file, "w") as out:
        for record in [solution("walk", IMPORTED), solution("other", [1, 1, 1])]:
            out.write(json.dumps(record) + "\n")
    program("init", path)
    program("-w", path, "import", "--quiet", file)
    return path, file


def rows(path, *arguments):
    done = program("list", "-w", path, "--json", *arguments)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def walk(path):
    return [row for row in rows(path) if row["steps"] == 5][0]


def found(path, condition):
    return any(row["steps"] == 5 for row in rows(path, condition))


def exported(path, kind, *arguments):
    folder = scratch("set")
    shutil.rmtree(folder, ignore_errors=True)
    program("export", kind, "-w", path, "-o", folder, "--quiet", *arguments)
    with open(os.path.join(folder, "train.jsonl")) as file:
        return [json.loads(line) for line in file]


def consumers(path, name, labels, error, reason, settled):
    """Everything that speaks of labels."""
    boxed = error
    row = walk(path)
    number = str(row["number"])
    equal((row["labels"], row.get("firstError")), (labels, boxed), f"{name}: list")
    shown = json.loads(program("show", "-w", path, "#" + number, "--json").stdout)
    equal([step.get("label") for step in shown["steps"]], labels, f"{name}: show")
    equal(shown.get("firstError"), boxed, f"{name}: show")
    equal([step.get("imported") for step in shown["steps"]], IMPORTED, f"{name}: show, imported")
    text = program("show", "-w", path, "#" + number).stdout.decode()
    words = "none" if error == -1 else "unknown" if error is None else str(error)
    check(f"First error: {words}" in text, f"{name}: show says\n{text}")
    # Filters.
    for condition, holds in [
            ("label:wrong", (error or 0) > 0), ("label:right", error == -1), ("label:unknown", error is None),
            (f"error:{error}" if (error or 0) > 0 else "error:none", error is not None), ("imported:3", True),
            ("imported:2", False), ("settled:yes", settled), ("settled:chief", settled),
            ("label-changed:yes", labels != IMPORTED), ("label-changed:no", labels == IMPORTED),
            ("label-changed:error", error != 3), (f"reason:{reason}", True),
            ("reason:label-unfinished", reason == "label-unfinished")]:
        equal(found(path, condition), holds, f"{name}: {condition}")
    # The order by first error: solutions with an error first.
    first = rows(path, "--sort", "first-error")[0]
    equal(first["steps"] == 5, error is not None, f"{name}: order by first error")
    # What would be asked: the labelled steps of both solutions.
    plan = program("generate", "initial", "-w", path, "--dry-run", "--model", "none").stderr.decode() + program(
        "generate", "initial", "-w", path, "--dry-run", "--model", "none").stdout.decode()
    asked = int(re.search(r"initial: (\d+) request", plan).group(1))
    equal(asked, 3 + (sum(rating is not None for rating in labels) if error is not None else 0), f"{name}: generate\n{plan}")
    # Statistics: one count.
    stats = json.loads(program("stats", "-w", path, "--json").stdout)
    expected = ((error or 0) > 0) * 1, (error == -1) + 1, (error is None) * 1
    equal((stats["withError"], stats["withoutError"], stats["unknown"]), expected, f"{name}: statistics")
    counted = stats["review"]["labels"]
    equal((counted["withError"], counted["withoutError"], counted["unknown"]), expected, f"{name}: statistics of labels")
    equal(counted["relabelled"], int(labels != IMPORTED), f"{name}: statistics, relabelled")
    # Curation.
    explained = json.loads(program("explain", "-w", path, "#" + number, "--json").stdout)
    equal([label.get("rating") for label in explained["labels"]], labels, f"{name}: explain")
    equal(explained.get("firstError"), boxed, f"{name}: explain")
    check(reason in [one["reason"] for one in explained["reasons"]], f"{name}: explain gives {explained['reasons']}")
    listed = program("curate", "-w", path, "--reason", reason).stdout.decode()
    check("data.jsonl:1" in listed or "walk" in listed, f"{name}: curate --reason {reason} lists\n{listed}")
    # Sets.
    prm = [one for one in exported(path, "prm") if one["kept" if "kept" in one else "labeler"] != "other"]
    mine = [one for one in exported(path, "prm") if "walk" in one["question"]["problem"]]
    equal(len(mine), int(error is not None), f"{name}: export prm {prm}")
    if mine:
        got = [step["completions"][step["chosen_completion"] or 0]["rating"] for step in mine[0]["label"]["steps"]]
        equal((got + [N] * 5)[:5], labels, f"{name}: export prm")
        equal(mine[0]["label"]["finish_reason"], "solution" if error == -1 else "found_error", f"{name}: export prm")
    rl = [one for one in exported(path, "rl") if "What is walk?" in json.dumps(one)]
    equal(len(rl), int(error is not None), f"{name}: export rl")
    if rl:
        check(any(str(boxed) == str(value) for value in values(rl[0])), f"{name}: export rl {rl[0]}")
    # Solutions: what was imported, byte for byte, or the benchmark corrected.
    out = scratch("solutions.jsonl")
    said = program("export", "solutions", "--format", "prm800k", "-w", path, "-o", out).stderr.decode()
    equal(open(out, "rb").read(), open(scratch("data.jsonl"), "rb").read(), f"{name}: export solutions")
    equal("--labels resolved" in said, labels != IMPORTED, f"{name}: export solutions says {said}")
    changes = scratch("changes.jsonl")
    program("export", "solutions", "--format", "prm800k", "--labels", "resolved", "--changes", changes, "-w", path, "-o", out)
    again = [json.loads(line) for line in open(out)][0]
    got = [step["completions"][step["chosen_completion"] or 0]["rating"] for step in again["label"]["steps"]]
    equal((got + [N] * 5)[:5], labels, f"{name}: export solutions --labels resolved")
    equal(again["kept"], "walk", f"{name}: unknown keys are kept")
    equal(len(open(changes).read().splitlines()), int(labels != IMPORTED), f"{name}: the list of changes")
    # Blind review sees none of it.
    blind = [row for row in rows(path, "--mode", "blind", "--reviewer", "dora") if row["steps"] == 5][0]
    check("labels" not in blind and "firstError" not in blind, f"{name}: blind mode tells {blind}")


def values(value):
    if isinstance(value, dict):
        for one in value.values():
            yield from values(one)
    elif isinstance(value, list):
        for one in value:
            yield from values(one)
    else:
        yield value


def decide(path, who, command, *arguments):
    program(command, *arguments[:0], "-w", path, "--reviewer", who, *[
        "#" + str(walk(path)["number"]) if one == "walk" else one for one in arguments])


def every_consumer_means_the_label():
    path, _ = make("labels")
    for name, command, *expected in TABLE:
        if command:
            decide(path, *command)
        consumers(path, name, *expected)
    # All the way back, one undo at a time.
    for name, command, *_ in reversed(TABLE[1:]):
        program("undo", "-w", path, "--reviewer", command[0])
        before = TABLE[[one[0] for one in TABLE].index(name) - 1]
        consumers(path, f"undo: {name}", *before[2:])
    checks = json.loads(program("doctor", "-w", path, "--json").stdout)
    equal({check["status"] for check in checks if check["name"] == "decisions"}, {"ok"}, "doctor")


def whose_word_counts_is_a_setting():
    path, _ = make("policy")
    decide(path, *TABLE[1][1])
    equal(walk(path)["firstError"], 2, "a reviewer's verdict")
    with open(os.path.join(path, "deepcritic.toml"), "a") as file:
        file.write('\n[curate]\nreviewers = ["chief"]\n')
    equal(walk(path)["firstError"], 3, "only chief counts")
    decide(path, *TABLE[4][1])
    with open(os.path.join(path, "deepcritic.toml"), "a") as file:
        file.write('precedence = ["imported"]\n')
    decide(path, "chief", "adjudicate", "walk", "--step", "1", "--verdict", "-1")
    equal(walk(path)["firstError"], 3, "only what was imported counts")
    equal(found(path, "settled:yes"), True, "it is settled all the same")


def many_decisions_are_undone_together():
    path, _ = make("bulk")
    number = walk(path)["number"]
    lines = "\n".join(json.dumps({"solution": number, "step": step, "verdict": verdict})
                      for step, verdict in [(1, "correct"), (2, -1), (3, None)])
    program("verdict", "--from", "-", "-w", path, "--reviewer", "ana", stdin=lines.encode())
    equal(walk(path)["firstError"], 2, "after the file")
    done = program("undo", "-w", path, "--reviewer", "ana").stderr.decode()
    check("and 2 decisions taken with it" in done, done)
    equal(walk(path)["firstError"], 3, "after one undo")
    program("undo", "--redo", "-w", path, "--reviewer", "ana")
    equal(walk(path)["firstError"], 2, "after one redo")
    # A wrong line takes nothing.
    bad = json.dumps({"solution": number, "step": 1, "verdict": -1}) + "\n" + json.dumps({"solution": number, "step": 9, "verdict": 1})
    said = program("verdict", "--from", "-", "-w", path, "--reviewer", "ana", stdin=bad.encode(), expect=1).stderr.decode()
    check("line 2" in said and "Nothing was decided" in said, said)
    equal(walk(path)["firstError"], 2, "after a wrong file")


def tags_are_found_and_decide():
    path, _ = make("tags")
    program("tag", "second-look", "--filter", "error:3", "-w", path, "--reviewer", "ana")
    equal([row["tags"] for row in rows(path, "tag:second-look")], [["second-look"]], "tag:")
    with open(os.path.join(path, "deepcritic.toml"), "a") as file:
        file.write('\n[curate]\nexclude_tags = ["second-look"]\n')
    equal(found(path, "reason:tagged"), True, "reason:tagged")
    equal(len(exported(path, "prm")), 1, "rows without it")
    program("undo", "-w", path, "--reviewer", "ana")
    equal(len(exported(path, "prm")), 2, "rows after undo")
    program("tag", "Second Look", "#1", "-w", path, expect=2)
    program("exclude", "--filter", "label:right", "-w", path, "--reviewer", "ana")
    equal(found(path, "reason:excluded"), False, "the other one is excluded")
    equal(len(rows(path, "reason:excluded")), 1, "reason:excluded")
    equal(len(exported(path, "prm", "--filter", "error:3")), 1, "a set of some")


def numbers_and_names():
    path = scratch("names")
    file = scratch("named.jsonl")
    with open(file, "w") as out:
        for name in ["2", "1", "gsm8k-7"]:
            out.write(json.dumps({"id": name, "generator": "m", "problem": f"Problem {name}", "steps": ["a", "b"],
                                  "final_answer_correct": True, "label": 1}) + "\n")
    program("init", path)
    program("-w", path, "import", "--quiet", file)

    def name(text):
        return json.loads(program("show", "-w", path, text, "--json").stdout)["name"]

    equal((name("#1"), name("name:1"), name("#3"), name("3"), name("gsm8k-7")), ("2", "1", "gsm8k-7", "gsm8k-7", "gsm8k-7"),
          "numbers and names")
    said = program("show", "-w", path, "1", expect=1).stderr.decode()
    check("#1 2" in said and "#2 1" in said and "name:" in said, said)


def a_verdict_changes_what_is_trained_on():
    path, _ = make("loop")
    server = FaultServer()  # It finds every step right that does not hold the word WRONG.
    number = "#" + str(walk(path)["number"])

    def generate():
        program("generate", "all", "-w", path, "--endpoint", server.base, "--model", "m", "--quiet", expect=None)
        return server.stats()["requests"]

    def reasons():
        explained = json.loads(program("explain", "-w", path, number, "--json").stdout)
        return sorted({one["reason"] for one in explained["reasons"]})

    first = generate()
    equal(reasons(), ["deep-misses-label"], "the imported error is not one for the critic")
    equal(len([row for row in exported(path, "sft") if "What is walk?" in json.dumps(row)]), 0, "no row")
    for step in "3", "4", "5":
        program("adjudicate", number, "--step", step, "--verdict", "correct", "-w", path, "--reviewer", "chief")
    equal(reasons(), ["no-critique"], "critiques of the steps that now have a label are missing")
    second = generate()
    check(second > first, "they are asked for")
    equal(generate(), second, "and nothing twice")
    equal(reasons(), [], "the solution is in the set")
    rows = [row for row in exported(path, "sft") if "What is walk?" in json.dumps(row)]
    equal(len(rows), 1, "its row")
    check("\\boxed{-1}" in rows[0]["messages"][-1]["content"], "the row says that there is no error")
    with open(scratch("set/manifest.json")) as file:
        manifest = json.load(file)
    events = [json.loads(line) for line in program("export", "reviews", "-w", path).stdout.decode().splitlines()[1:]]
    named = [one for one in manifest["rows"] if one["solution"] == walk(path)["key"]][0]
    told = json.dumps(named)
    equal([event["step"] for event in events if event["uuid"] in told], [3, 4, 5], "decisions that the row names")
    program("undo", "-w", path, "--reviewer", "chief")
    equal(reasons(), ["label-unfinished"], "after undo")
    server.stop()


main(a_verdict_changes_what_is_trained_on, every_consumer_means_the_label, whose_word_counts_is_a_setting, many_decisions_are_undone_together,
     tags_are_found_and_decide, numbers_and_names)
