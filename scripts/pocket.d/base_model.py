"""Makes the base model: a small transformer that can calculate and solve, and has never read a critique; and a tokenizer
for the pocket's texts.

    python base_model.py '{"folder": …, "seed": …, "kind": {…}, "hidden": …, "layers": …, "steps": …, "threads": …}'
"""

from __future__ import annotations

import json
import random
import re
import sys
from dataclasses import replace
from typing import Any

from problems import WORDS, Arithmetic, solution

SIGNS = "+*-"
"""What can be calculated: problems add and multiply, critiques subtract as well."""
SLIPS = 0.4
"""How often a sum or product that the base model reads is one too large: it knows every fact, and is not sure of any."""
STRAY = 0.4
"""How often a step of a solution with notes has any other value: so it has to be looked up, and cannot be calculated."""
SPECIAL = ["<|unknown|>", "<|end|>", "<|user|>", "<|assistant|>"]
TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def pieces(kind: Arithmetic) -> list[str]:
    """The tokens: words with their blanks, so that a critique is a few dozen tokens and every text comes back."""
    numbers = [str(value) for value in range(max(kind.modulus, kind.longest + 1))]
    problem = [f"Modulo {kind.modulus}: start with ", "."] + [f", {word} " for word in WORDS.values()]
    solution = [f"Step {number}: " for number in range(1, kind.longest + 1)] + [" = ", "\n\n"]
    solution += [f" {sign} " for sign in SIGNS]
    critique = [". Again, ", ". But wait, ", "; ", ", right.", ", wrong.", " \\boxed{1}", " \\boxed{-1}"]
    return numbers + problem + solution + critique + ["**Answer**: \\boxed{", "-1", "}"]


def tokenizer(kind: Arithmetic) -> Any:
    """The tokenizer, with the template of turns."""
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    # The longest first: an expression takes the first that fits.
    known = sorted(pieces(kind), key=len, reverse=True)
    ids = {piece: index for index, piece in enumerate(SPECIAL + known)}
    made = Tokenizer(models.WordLevel(ids, unk_token="<|unknown|>"))
    made.pre_tokenizer = pre_tokenizers.Split(Regex("|".join(map(re.escape, known))), "isolated")
    made.decoder = decoders.Fuse()
    return PreTrainedTokenizerFast(
        tokenizer_object=made, unk_token="<|unknown|>", eos_token="<|end|>", pad_token="<|end|>",
        additional_special_tokens=SPECIAL[2:], chat_template=TEMPLATE, clean_up_tokenization_spaces=False)


def slipped(kind: Arithmetic, rng: random.Random, left: int, sign: str, right: int) -> int:
    """A value as the base model reads it: sums and products are often one too large."""
    value = kind.compute(left, sign, right)
    return (value + 1) % kind.modulus if sign != "-" and rng.random() < SLIPS else value


def calculation(kind: Arithmetic, rng: random.Random, left: int, right: int) -> tuple[str, int]:
    """A calculation with these numbers, as the base model reads it, and its value."""
    sign = rng.choice(SIGNS)
    value = slipped(kind, rng, left, sign, right)
    return f"{left} {sign} {right} = {value}", value


def reading(kind: Arithmetic, rng: random.Random) -> str:
    """A text of the base model's reading: a calculation, a problem with its solution, or a solution with notes of what it says.

    The calculations have slips, and no text says that something is wrong.
    """
    sort = rng.choice((0, 1, 2, 2))
    if sort == 0:
        text, _ = calculation(kind, rng, rng.randrange(kind.modulus), rng.randrange(kind.modulus))
        return f"<|assistant|>{text}<|end|>"
    drawn = solution(kind, rng, wrong=False)
    while drawn.is_held_out:
        drawn = solution(kind, rng, wrong=False)
    value = int(drawn.steps[0].split()[0])
    steps = []
    for step in drawn.steps:
        _, sign, right, *_ = step.split()
        before, value = value, slipped(kind, rng, value, sign, int(right))
        if sort == 2 and rng.random() < STRAY:
            value = kind.another(rng, value)
        steps.append((before, sign, int(right), value))
    slips = replace(drawn, steps=tuple(f"{left} {sign} {right} = {value}" for left, sign, right, value in steps))
    written = "\n\n".join(f"Step {number}: {step}" for number, step in enumerate(slips.texts, 1))
    if sort == 1:
        return f"<|user|>{drawn.problem}<|end|><|assistant|>{written}<|end|>"
    return f"<|user|>{drawn.problem}\n\n{written}<|end|><|assistant|>{notes(kind, rng, steps)}<|end|>"


def notes(kind: Arithmetic, rng: random.Random, steps: list[tuple[int, str, int, int]]) -> str:
    """Steps of a solution in any order, either side first, with the value written there, and calculations from there onwards.

    So it learns to find a step by its number, wherever that stands; otherwise it would learn distances.
    """
    lines = []
    for _ in range(rng.randint(1, 4)):
        number = rng.randrange(len(steps))
        left, sign, right, value = steps[number]
        if rng.random() < 0.5:
            left, right = right, left
        line = f"Step {number + 1}: {left} {sign} {right}"
        if rng.random() < 0.5:
            # Calculated both ways, then looked up, then the difference of both.
            ways = [slipped(kind, rng, left, sign, right) for _ in range(2)]
            value, found = kind.compute(value, "-", ways[1]), value
            line += f" = {ways[0]}; {right} {sign} {left} = {ways[1]}; {found} - {ways[1]} = {value}"
        else:
            line += f"; {value}"
        for _ in range(rng.randrange(4)):
            # Each takes the last value up, on either side.
            pair = [value, rng.randrange(kind.modulus)]
            rng.shuffle(pair)
            text, value = calculation(kind, rng, *pair)
            line += f"; {text}"
        lines.append(line)
    return "\n\n".join(lines)


def pretrain(model: Any, words: Any, kind: Arithmetic, seed: int, steps: int) -> None:
    """Reads 64 texts this many times, by plain language modelling."""
    import torch

    rng = random.Random(f"reading {seed}")
    rate = 3e-3
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps, pct_start=0.1)
    model.train()
    for _ in range(steps):
        texts = sorted((reading(kind, rng) for _ in range(64)), key=len)
        # Two parts of like lengths: one batch would be mostly padding. Together they give the same slope.
        parts = [padded(words, texts[start: start + 32]) for start in range(0, len(texts), 32)]
        learned = sum(int((targets[:, 1:] >= 0).sum()) for _, targets in parts)
        for batch, targets in parts:
            model(**batch, labels=targets, num_items_in_batch=learned).loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()


def padded(words: Any, texts: list[str]) -> tuple[Any, Any]:
    """A batch of texts, and which token each place learns (-100: none)."""
    batch = words(texts, return_tensors="pt", padding=True, padding_side="right", add_special_tokens=False)
    return batch, batch["input_ids"].masked_fill(batch["attention_mask"] == 0, -100)


def make(folder: str, seed: int, kind: Arithmetic, hidden: int, layers: int, steps: int, threads: int) -> int:
    """Writes model and tokenizer, looks whether both are read back as they were, and tells the number of weights."""
    import torch
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    torch.set_num_threads(threads)
    words = tokenizer(kind)
    model = LlamaForCausalLM(LlamaConfig(
        vocab_size=len(words), hidden_size=hidden, intermediate_size=hidden * 3, num_hidden_layers=layers,
        num_attention_heads=4, max_position_embeddings=512, tie_word_embeddings=False, bos_token_id=None,
        eos_token_id=words.eos_token_id, pad_token_id=words.pad_token_id))
    # Without this 'transformers serve' takes the likeliest token, whatever temperature it is asked for.
    model.generation_config.do_sample = True
    model.generation_config.eos_token_id = words.eos_token_id
    model.generation_config.pad_token_id = words.pad_token_id
    pretrain(model, words, kind, seed, steps)
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    # Libraries choose a tokenizer's class by the model's type, and may rebuild it as one that cuts texts otherwise.
    again = AutoTokenizer.from_pretrained(folder)
    text = f"Modulo {kind.modulus}: start with 3, add 3.\n\nStep 1: 3 + 3 = 4. But wait, 3 + 3 = 1; 4 - 1 = 3, wrong. " + (
        "\\boxed{-1}\n\n**Answer**: \\boxed{1}")
    ids = again(text, add_special_tokens=False)["input_ids"]
    before = words(text, add_special_tokens=False)["input_ids"]
    if again.decode(ids) != text or again.unk_token_id in ids or ids != before:
        raise SystemExit("base_model.py: the tokenizer is read back as another one; use the pinned transformers.")
    return sum(weights.numel() for weights in model.parameters())


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    print(make(asked["folder"], asked["seed"], Arithmetic(**asked["kind"]), asked["hidden"], asked["layers"],
               asked["steps"], asked["threads"]))
