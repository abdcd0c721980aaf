#!/usr/bin/env python3
"""Exported sets, read by their consumers: the trainers of TRL, the schemas of LLaMA-Factory and verl."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "EndToEnd"))

from support.engines import offline_environment, python, run_script
from support.harness import check, environment, equal, main, program, scratch, workspace

_path = None


def sample_workspace():
    global _path
    _path = _path or workspace("sets")
    return _path


def export(kind, form, *options):
    folder = scratch(f"{kind}-{form}")
    program("-w", sample_workspace(), "export", kind, "--format", form, "-o", folder, "--quiet", *options)
    return folder


def consume(*arguments):
    """What a consumer of exported files reports."""
    return json.loads(run_script("consumers.py", *arguments).strip().split("\n")[-1])


def trl_trains_two_steps_on_messages():
    trained("messages")


def trl_trains_two_steps_on_prompt_and_completion():
    trained("prompt-completion")


def trained(form):
    told = consume("trl", export("sft", form) + "/train.jsonl")
    equal(told["steps"], 2, "steps")
    equal(len(told["losses"]), 2, "losses logged")
    check(all(0 < loss < 100 for loss in told["losses"]), f"implausible losses: {told}")
    equal(told["rows"], 12, "rows seen by the trainer")
    # Only the completion counts where there is one; everything does otherwise.
    check(told["counted"] < told["tokens"] if form == "prompt-completion" else told["counted"] == told["tokens"],
          f"tokens that count: {told}")


def llama_factory_finds_system_user_and_assistant():
    for form in ("sharegpt", "messages", "openai", "deepcritic"):
        told = consume("llama-factory", export("sft", form, "--validation", "0.3"))
        equal(sorted(told), ["deepcritic_train", "deepcritic_validation"], f"{form}: datasets")
        equal(sum(len(rows) for rows in told.values()), 12, f"{form}: rows")
        for rows in told.values():
            for row in rows:
                check(row["system"].startswith("You are Qwen"), f"{form}: no system turn: {row}")
                check(row["prompt"].startswith("Here is a mathematics problem"), f"{form}: no user turn")
                check("**Answer**: \\boxed{" in row["response"], f"{form}: no answer line")


def verl_reads_messages_from_parquet():
    told = consume("verl", export("sft", "messages") + "/train.jsonl", scratch("verl.parquet"))
    equal(told["rows"], 12, "rows")
    equal(told["roles"], [["system", "user", "assistant"]], "roles")


def trl_takes_a_grpo_step_on_prompts():
    folder = export("rl", "trl")
    told = consume("grpo", folder + "/train.jsonl")
    equal(told["steps"], 1, "steps")
    check(told["rows"] >= 20, f"few rows: {told}")
    check(len(told["rewards"]) == 1 and 0 <= told["rewards"][0] <= 1, f"rewards: {told}")


def verl_reads_prompts_and_ground_truths():
    folder = scratch("rl-verl")
    program(
        "-w", sample_workspace(), "export", "rl", "--format", "verl", "-o", folder, "--quiet", "--parquet",
        env=offline_environment(DEEPCRITIC_PYTHON=python("trl")), timeout=300)
    told = consume("verl-rl", folder + "/train.jsonl", folder + "/train.parquet")
    check(told["rows"] >= 20, f"few rows: {told}")
    equal(told["index"], list(range(told["rows"])), "indices")
    equal(told["sources"], ["deepcritic/human"], "sources")
    check(-1 in told["truths"] and any(truth > 0 for truth in told["truths"]), f"ground truths: {told}")


def stepwise_rows_load_with_uniform_types():
    told = consume("stepwise", export("prm", "trl-stepwise") + "/train.jsonl")
    check(told["rows"] >= 25, f"few rows: {told}")
    equal(told["uneven"], 0, "rows with as many labels as steps")
    equal(told["types"], {"prompt": "string", "completions": "list<string>", "labels": "list<bool>"}, "types")


def prm800k_rows_load():
    told = consume("prm800k", export("prm", "prm800k") + "/train.jsonl")
    check(told["rows"] >= 25, f"few rows: {told}")
    equal(told["ratings"], [-1, 0, 1], "ratings")


def lengths_come_from_a_tokenizer():
    tokenizer = scratch("tokenizer.json")
    consume("tokenizer", export("sft", "messages") + "/train.jsonl", tokenizer)
    counts = consume("count", export("sft", "messages") + "/train.jsonl", tokenizer)
    limit = sorted(counts)[len(counts) // 2]
    env = offline_environment(DEEPCRITIC_PYTHON=python("trl"))
    done = program(
        "-w", sample_workspace(), "curate", "--json", "--tokenizer", tokenizer, "--max-tokens", str(limit), env=env,
        timeout=300)
    report = json.loads(done.stdout)
    equal(report["lengthUnit"], "tokens", "unit")
    equal(report["included"], sum(count <= limit for count in counts), "rows within the limit")
    # Without the package the remedy is said: this interpreter finds no packages.
    bare = scratch("python")
    with open(bare, "w") as file:
        file.write(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    os.chmod(bare, 0o700)
    broken = program(
        "-w", workspace("broken"), "curate", "--tokenizer", tokenizer, "--max-tokens", "10",
        env=environment(DEEPCRITIC_PYTHON=bare), expect=1, timeout=300)
    check(b"package tokenizers is missing" in broken.stderr, broken.stderr.decode())


if __name__ == "__main__":
    main(
        trl_trains_two_steps_on_messages, trl_trains_two_steps_on_prompt_and_completion,
        trl_takes_a_grpo_step_on_prompts, verl_reads_prompts_and_ground_truths,
        llama_factory_finds_system_user_and_assistant, verl_reads_messages_from_parquet,
        stepwise_rows_load_with_uniform_types, prm800k_rows_load, lengths_come_from_a_tokenizer)
