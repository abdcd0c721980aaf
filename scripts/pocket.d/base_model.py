"""Makes the base model: a small transformer whose weights are random, and a tokenizer for the pocket's texts.

    python base_model.py '{"folder": …, "seed": …, "kind": {…}, "hidden": …, "layers": …}'
"""

from __future__ import annotations

import json
import re
import sys
from typing import Any

from problems import WORDS, Arithmetic

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
    solution += [f" {sign} " for sign in WORDS]
    critique = [". Again, ", ". But wait, ", ", right. \\boxed{1}", ", not ", ". \\boxed{-1}"]
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


def make(folder: str, seed: int, kind: Arithmetic, hidden: int, layers: int) -> int:
    """Writes model and tokenizer, looks whether both are read back as they were, and tells the number of weights."""
    import torch
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

    torch.manual_seed(seed)
    words = tokenizer(kind)
    model = LlamaForCausalLM(LlamaConfig(
        vocab_size=len(words), hidden_size=hidden, intermediate_size=hidden * 3, num_hidden_layers=layers,
        num_attention_heads=4, max_position_embeddings=512, tie_word_embeddings=False, bos_token_id=None,
        eos_token_id=words.eos_token_id, pad_token_id=words.pad_token_id))
    # Without this 'transformers serve' takes the likeliest token, whatever temperature it is asked for.
    model.generation_config.do_sample = True
    model.generation_config.eos_token_id = words.eos_token_id
    model.generation_config.pad_token_id = words.pad_token_id
    model.save_pretrained(folder)
    words.save_pretrained(folder)
    # Libraries choose a tokenizer's class by the model's type, and may rebuild it as one that cuts texts otherwise.
    again = AutoTokenizer.from_pretrained(folder)
    text = f"Modulo {kind.modulus}: start with 3, add 3.\n\nStep 1: 3 + 3 = 4. But wait, 3 + 3 = 1, not 4. " + (
        "\\boxed{-1}\n\n**Answer**: \\boxed{1}")
    ids = again(text, add_special_tokens=False)["input_ids"]
    before = words(text, add_special_tokens=False)["input_ids"]
    if again.decode(ids) != text or again.unk_token_id in ids or ids != before:
        raise SystemExit("base_model.py: the tokenizer is read back as another one; use the pinned transformers.")
    return sum(weights.numel() for weights in model.parameters())


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    print(make(asked["folder"], asked["seed"], Arithmetic(**asked["kind"]), asked["hidden"], asked["layers"]))
