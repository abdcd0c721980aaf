#!/usr/bin/env python3
"""Exported sets in the hands of those who train on them: TRL's own trainer, the schemas of LLaMA-Factory and verl."""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "EndToEnd"))

from support.harness import Failure, Skip, check, environment, equal, main, program, scratch, workspace

PYTHON = os.environ.get("DEEPCRITIC_TRL_PYTHON", "")
HERE = os.path.dirname(os.path.abspath(__file__))
_path = None


def sample_workspace():
    global _path
    if not PYTHON:
        raise Skip("the engine's environment is not there (DEEPCRITIC_TRL_PYTHON)")
    _path = _path or workspace("sets")
    return _path


def export(kind, form, *options):
    folder = scratch(f"{kind}-{form}")
    program("-w", sample_workspace(), "export", kind, "--format", form, "-o", folder, "--quiet", *options)
    return folder


def python(script, *arguments):
    """Runs a script of the support folder in the engine's environment; its last line is JSON."""
    done = subprocess.run(
        [PYTHON, os.path.join(HERE, "support", script), *arguments], capture_output=True, timeout=600,
        env=environment(HF_HUB_OFFLINE="1", HF_HOME=scratch("hub"), HF_DATASETS_CACHE=scratch("cache")))
    if done.returncode:
        raise Failure(f"{script} {arguments}:\n{done.stderr.decode(errors='replace')[-4000:]}")
    return json.loads(done.stdout.decode().strip().split("\n")[-1])


def trl_trains_two_steps_on_messages():
    trained("messages")


def trl_trains_two_steps_on_prompt_and_completion():
    trained("prompt-completion")


def trained(form):
    told = python("consumers.py", "trl", export("sft", form) + "/train.jsonl")
    equal(told["steps"], 2, "steps")
    equal(len(told["losses"]), 2, "losses logged")
    check(all(0 < loss < 100 for loss in told["losses"]), f"losses that say nothing: {told}")
    equal(told["rows"], 12, "rows seen by the trainer")
    # Only the completion counts where there is one; everything does otherwise.
    check(told["counted"] < told["tokens"] if form == "prompt-completion" else told["counted"] == told["tokens"],
          f"tokens that count: {told}")


def llama_factory_finds_system_user_and_assistant():
    for form in ("sharegpt", "messages", "openai", "deepcritic"):
        told = python("consumers.py", "llama-factory", export("sft", form, "--validation", "0.3"))
        equal(sorted(told), ["deepcritic_train", "deepcritic_validation"], f"{form}: data sets")
        equal(sum(len(rows) for rows in told.values()), 12, f"{form}: rows")
        for rows in told.values():
            for row in rows:
                check(row["system"].startswith("You are Qwen"), f"{form}: no system turn: {row}")
                check(row["prompt"].startswith("Here is a mathematics problem"), f"{form}: no user turn")
                check("**Answer**: \\boxed{" in row["response"], f"{form}: no answer line")


def verl_reads_messages_from_parquet():
    told = python("consumers.py", "verl", export("sft", "messages") + "/train.jsonl", scratch("verl.parquet"))
    equal(told["rows"], 12, "rows")
    equal(told["roles"], [["system", "user", "assistant"]], "roles")


def trl_takes_a_grpo_step_on_prompts():
    folder = export("rl", "trl")
    told = python("consumers.py", "grpo", folder + "/train.jsonl")
    equal(told["steps"], 1, "steps")
    check(told["rows"] >= 20, f"few rows: {told}")
    check(len(told["rewards"]) == 1 and 0 <= told["rewards"][0] <= 1, f"rewards: {told}")


def verl_reads_prompts_and_ground_truths():
    folder = scratch("rl-verl")
    program(
        "-w", sample_workspace(), "export", "rl", "--format", "verl", "-o", folder, "--quiet", "--parquet",
        env=environment(DEEPCRITIC_PYTHON=PYTHON), timeout=300)
    told = python("consumers.py", "verl-rl", folder + "/train.jsonl", folder + "/train.parquet")
    check(told["rows"] >= 20, f"few rows: {told}")
    equal(told["index"], list(range(told["rows"])), "indices")
    equal(told["sources"], ["deepcritic/human"], "sources")
    check(-1 in told["truths"] and any(truth > 0 for truth in told["truths"]), f"ground truths: {told}")


def stepwise_rows_load_with_uniform_types():
    told = python("consumers.py", "stepwise", export("prm", "trl-stepwise") + "/train.jsonl")
    check(told["rows"] >= 25, f"few rows: {told}")
    equal(told["uneven"], 0, "rows with as many labels as steps")
    equal(told["types"], {"prompt": "string", "completions": "list<string>", "labels": "list<bool>"}, "types")


def prm800k_rows_load():
    told = python("consumers.py", "prm800k", export("prm", "prm800k") + "/train.jsonl")
    check(told["rows"] >= 25, f"few rows: {told}")
    equal(told["ratings"], [-1, 0, 1], "ratings")


def lengths_come_from_a_tokenizer():
    tokenizer = scratch("tokenizer.json")
    python("consumers.py", "tokenizer", export("sft", "messages") + "/train.jsonl", tokenizer)
    counts = python("consumers.py", "count", export("sft", "messages") + "/train.jsonl", tokenizer)
    limit = sorted(counts)[len(counts) // 2]
    env = environment(DEEPCRITIC_PYTHON=PYTHON, HF_HUB_OFFLINE="1")
    done = program(
        "-w", sample_workspace(), "curate", "--json", "--tokenizer", tokenizer, "--max-tokens", str(limit), env=env,
        timeout=300)
    report = json.loads(done.stdout)
    equal(report["lengthUnit"], "tokens", "unit")
    equal(report["included"], sum(count <= limit for count in counts), "rows within the limit")
    # Without the package the remedy is said.
    broken = program(
        "-w", workspace("broken"), "curate", "--tokenizer", tokenizer, "--max-tokens", "10",
        env=environment(DEEPCRITIC_PYTHON="/usr/bin/python3", PYTHONNOUSERSITE="1"), expect=1, timeout=300)
    check(b"pip install tokenizers" in broken.stderr, broken.stderr.decode())


if __name__ == "__main__":
    main(
        trl_trains_two_steps_on_messages, trl_trains_two_steps_on_prompt_and_completion,
        trl_takes_a_grpo_step_on_prompts, verl_reads_prompts_and_ground_truths, llama_factory_finds_system_user_and_assistant, verl_reads_messages_from_parquet,
        stepwise_rows_load_with_uniform_types, prm800k_rows_load, lengths_come_from_a_tokenizer)
