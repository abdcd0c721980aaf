"""Supervised fine-tuning of a critic by TRL's SFTTrainer.

    python train_sft.py FOLDER [--check]
"""

from __future__ import annotations

import os
import sys
from typing import Any

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import trl_common as common
from feed import Feed


def turns(row: dict[str, Any]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The turns before the critic's, and the critic's: only the latter is learnt."""
    if "prompt" in row and "completion" in row:
        return row["prompt"], row["completion"]
    messages = row.get("messages")
    if not messages or messages[-1].get("role") != "assistant":
        raise common.Problem("data", "a row has neither prompt and completion nor messages that end with the critic's turn")
    return messages[:-1], messages[-1:]


def characters(row: dict[str, Any]) -> int:
    """How long a row is, roughly."""
    prompt, completion = turns(row)
    return sum(len(turn["content"]) for turn in prompt + completion)


def tokens(tokenizer: Any, row: dict[str, Any]) -> int:
    """How many tokens a row has."""
    prompt, completion = turns(row)
    return len(tokenizer.apply_chat_template(prompt + completion, tokenize=True, return_dict=True)["input_ids"])


def config(settings: common.Settings, has_validation: bool) -> Any:
    """TRL's configuration."""
    from trl import SFTConfig

    processes = max(int(os.environ.get("WORLD_SIZE", settings["gpus"] or 1)), 1)
    arguments = common.common_arguments(settings) | {
        "per_device_train_batch_size": settings["micro_batch"],
        "gradient_accumulation_steps": max(settings["batch"] // (settings["micro_batch"] * processes), 1),
        "max_length": settings["max_length"],
        "completion_only_loss": True,
        "packing": False,
        "eval_strategy": "steps" if has_validation else "no",
        "eval_steps": settings["save_every"],
        "per_device_eval_batch_size": settings["micro_batch"],
    }
    return common.make_config(SFTConfig, arguments, settings.extra)


def check(settings: common.Settings) -> dict[str, Any]:
    """Problems that would prevent training."""
    found = common.facts(settings)
    config(settings, bool(settings.rows("validation")))
    common.adapters(settings)
    tokenizer = common.tokenizer(settings)
    rows = settings.rows("train")
    length, row = common.longest(rows, characters, lambda one: tokens(tokenizer, one))
    found |= {"longest": length, "longest_row": row, "rows": len(rows)}
    if length > settings["max_length"] and settings["overlong"] == "refuse":
        raise common.Problem(
            "max_length", f"row {row} has {length} tokens, the limit is {settings['max_length']}: raise it, "
            "or leave long rows out with overlong = \"drop\"")
    return found


def body(settings: common.Settings, feed: Feed) -> None:
    """Trains."""
    from datasets import Dataset
    from trl import SFTTrainer

    tokenizer = common.tokenizer(settings)
    sets: dict[str, Any] = {}
    dropped = 0
    for split in ("train", "validation"):
        rows = []
        for number, row in enumerate(settings.rows(split), 1):
            prompt, completion = turns(row)
            if tokens(tokenizer, row) > settings["max_length"]:
                if settings["overlong"] == "refuse":
                    raise common.Problem(
                        "max_length", f"row {number} of {split} is longer than {settings['max_length']} tokens")
                dropped += 1
                continue
            rows.append({"prompt": prompt, "completion": completion})
        sets[split] = Dataset.from_list(rows) if rows else None
    if sets["train"] is None:
        raise common.Problem("max_length", "no row is left to train on")
    if sets["validation"] is None and os.path.exists(settings.path("data", "validation.jsonl")):
        feed.write("note", message="no row is left to validate on, so there is no validation loss")
    model = common.load_model(settings)
    watcher = common.callback(feed, model, {"rows": len(sets["train"]), "dropped": dropped})
    trainer = SFTTrainer(
        model=model, args=config(settings, sets["validation"] is not None), train_dataset=sets["train"], eval_dataset=sets["validation"],
        processing_class=tokenizer, peft_config=common.adapters(settings), callbacks=[watcher])
    common.train(settings, feed, trainer, watcher, tokenizer)


if __name__ == "__main__":
    sys.exit(common.run(body, check))
