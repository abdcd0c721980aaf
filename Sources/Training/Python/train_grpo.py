"""Reinforcement learning of a critic by TRL's GRPOTrainer, with the reward of reward.py.

    python train_grpo.py FOLDER [--check]
"""

from __future__ import annotations

import os
import sys
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import reward as rewards
import trl_common as common
from feed import Feed


def size(row: dict[str, Any]) -> int:
    """How long a prompt is, roughly."""
    return sum(len(turn["content"]) for turn in row["prompt"])


def tokens(tokenizer: Any, row: dict[str, Any]) -> int:
    """How many tokens a prompt has."""
    told = tokenizer.apply_chat_template(row["prompt"], tokenize=True, add_generation_prompt=True, return_dict=True)
    return len(told["input_ids"])


def config(settings: common.Settings) -> Any:
    """TRL's configuration. ``batch`` counts prompts, each of which is answered ``samples`` times."""
    from trl import GRPOConfig

    processes = max(int(os.environ.get("WORLD_SIZE", settings["gpus"] or 1)), 1)
    completions = settings["batch"] * settings["samples"]
    arguments = common.common_arguments(settings) | {
        "per_device_train_batch_size": settings["micro_batch"],
        "gradient_accumulation_steps": max(completions // (settings["micro_batch"] * processes), 1),
        "num_generations": settings["samples"],
        "max_completion_length": settings["max_completion"],
        "temperature": settings["temperature"],
        "top_p": settings["top_p"],
        "beta": settings["kl"],
        # The paper's: the mean over each completion, then over completions.
        "loss_type": "grpo",
        "remove_unused_columns": False,
    }
    return common.make_config(GRPOConfig, arguments, settings.extra)


def rows_within(settings: common.Settings, tokenizer: Any) -> tuple[list[dict[str, Any]], int]:
    """The rows whose prompts keep to the limit: the trainer itself has no such filter."""
    kept: list[dict[str, Any]] = []
    rows = settings.rows("train")
    for number, row in enumerate(rows, 1):
        if "prompt" not in row or "ground_truth" not in row:
            raise common.Problem(
                "data", f"row {number} lacks prompt or ground_truth: export it with 'export rl --format trl'")
        if tokens(tokenizer, row) <= settings["max_prompt"]:
            kept.append({
                "prompt": row["prompt"], "ground_truth": int(row["ground_truth"]), "solution": row.get("solution") or ""})
        elif settings["overlong"] == "refuse":
            raise common.Problem("max_prompt", f"row {number} is longer than {settings['max_prompt']} tokens")
    return kept, len(rows) - len(kept)


def check(settings: common.Settings) -> dict[str, Any]:
    """Problems that would prevent training."""
    found = common.facts(settings)
    config(settings)
    common.adapters(settings)
    tokenizer = common.tokenizer(settings)
    rows = settings.rows("train")
    if rows and ("prompt" not in rows[0] or "ground_truth" not in rows[0]):
        raise common.Problem("data", "row 1 lacks prompt or ground_truth: export it with 'export rl --format trl'")
    length, row = common.longest(rows, size, lambda one: tokens(tokenizer, one))
    found |= {"longest": length, "longest_row": row, "rows": len(rows)}
    if length > settings["max_prompt"] and settings["overlong"] == "refuse":
        raise common.Problem(
            "max_prompt", f"the prompt of row {row} has {length} tokens, the limit is {settings['max_prompt']}: raise it, "
            "or leave long prompts out with overlong = \"drop\"")
    return found


def body(settings: common.Settings, feed: Feed) -> None:
    """Trains."""
    from datasets import Dataset
    from trl import GRPOTrainer

    tokenizer = common.tokenizer(settings)
    rows, dropped = rows_within(settings, tokenizer)
    if not rows:
        raise common.Problem("max_prompt", "no row is left to train on")
    model = common.load_model(settings)
    every, shown = settings["sample_every"], settings["samples_shown"]
    shown_at = [-1]

    def first_error(prompts: Any, completions: Any, ground_truth: Any, **columns: Any) -> list[float]:
        values = rewards.reward(prompts, completions, ground_truth)
        step = columns["trainer_state"].global_step
        if every and columns["trainer_state"].is_world_process_zero and step % every == 0 and step != shown_at[0]:
            shown_at[0] = step
            # Samples of one prompt follow each other: one of each of several prompts shows more.
            for index in range(0, len(completions), settings["samples"])[:shown]:
                text = rewards.completion_text(completions[index])
                feed.write(
                    "sample", step=step, completion=text, reward=values[index], answer=rewards.final_index(text),
                    ground_truth=ground_truth[index], solution=columns["solution"][index])
        return values

    watcher = common.callback(feed, model, {"rows": len(rows), "dropped": dropped})
    trainer = GRPOTrainer(
        model=model, args=config(settings), train_dataset=Dataset.from_list(rows), reward_funcs=[first_error],
        processing_class=tokenizer, peft_config=common.adapters(settings), callbacks=[watcher])
    common.train(settings, feed, trainer, watcher, tokenizer)


if __name__ == "__main__":
    sys.exit(common.run(body, check))
