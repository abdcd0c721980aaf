#!/usr/bin/env python3
"""Seed critiques from a real server: `transformers serve` with a small model on this machine's CPU."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "EndToEnd"))

from support.engines import served
from support.harness import check, equal, main, program, sample, scratch, workspace

def generate(path, *arguments, **options):
    base, model = served()
    done = program(
        "-w", path, "generate", *arguments, "--endpoint", base, "--model", model, "--json", timeout=300, **options)
    return json.loads(done.stdout)


def critiques(path, stage):
    """Everything shown of the stage, by solution and step."""
    found = []
    for line in program("-w", path, "list", f"has:{stage}", "--json").stdout.splitlines():
        solution = json.loads(program("-w", path, "show", str(json.loads(line)["number"]), "--json").stdout)
        for step in solution["steps"]:
            found += step["critiques"].get(stage, [])
    return found


def all_three_stages_end_with_named_reasons():
    few = scratch("few.jsonl")
    with open(sample("solutions.prm800k.jsonl")[0]) as source, open(few, "w") as target:
        target.writelines(line for line, _ in zip(source, range(8)))
    path = workspace("all", few)
    # Tokens enough for every critique but the one that never ends.
    few = ["--max-tokens", "24"]
    first = generate(path, "initial", *few, "--n", "2")
    equal(first["stages"][0]["planned"]["solutions"], 8, "solutions asked about")
    equal(first["total"]["samples"], first["stages"][0]["planned"]["samples"], "samples, though the server ignores n")
    equal(first["failures"], [], "failed requests")
    check(first["total"]["promptTokens"] > 0 and first["total"]["completionTokens"] > 0, first["total"])
    texts = critiques(path, "initial")
    check(texts and all(text["text"].startswith("The step") for text in texts), texts)
    judged = {text.get("judgement") for text in texts}
    check(judged <= {1, -1, None} and len(judged) > 1, judged)
    reasons = set(first["total"]["failed"])
    check(reasons and reasons <= {"no valid judgement", "truncated"}, reasons)
    # With many samples every solution gets through, so that the last stage has something to merge.
    second = generate(path, "all", *few, "--n", "6")
    equal(second["failures"], [], "failed requests")
    standings = {(row["reason"], row.get("stage")) for row in second["standings"]}
    check({reason for reason, _ in standings} <= {
        "complete", "no-judgement", "truncated", "deep-misses-label", "merged-contradicts-label", "waiting"}, standings)
    check(critiques(path, "merged"), f"nothing was merged: {standings}")
    third = generate(path, "all", *few, "--n", "6")
    equal([stage["planned"]["requests"] for stage in third["stages"]], [0, 0, 0], "requests of a second run")


def streamed_answers_are_the_same():
    path = workspace("streamed", sample("solutions.prm800k.jsonl")[0])
    done = generate(path, "initial", "--limit", "2", "--max-tokens", "24", "--stream")
    equal(done["failures"], [], "failed requests")
    check(all(text["text"].startswith("The step") for text in critiques(path, "initial")), "texts")
    check(done["total"]["completionTokens"] > 0, "the usage that a stream ends with")


def a_refusal_is_reported_in_the_words_of_the_server():
    base, _ = served()
    path = workspace("refused", sample("solutions.prm800k.jsonl")[0])
    done = program(
        "-w", path, "generate", "initial", "--limit", "1", "--endpoint", base, "--model", "/no/such/model", expect=None,
        timeout=300)
    check(done.returncode in (1, 3), done.returncode)
    check(base in done.stderr.decode(), done.stderr.decode())


if __name__ == "__main__":
    main(
        all_three_stages_end_with_named_reasons, streamed_answers_are_the_same,
        a_refusal_is_reported_in_the_words_of_the_server)
