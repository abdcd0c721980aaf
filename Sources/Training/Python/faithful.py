"""Loads tokenizers as their files say.

``AutoTokenizer`` goes by the model's type and may rebuild a custom tokenizer as another one, which then splits text
differently without reporting it (it drops spaces, say). What is loaded is compared with the file that it comes from.
"""

from __future__ import annotations

import os
from typing import Any

_PROBE = "Step 1: 3 + 4 = 7, so \\boxed{-1}.\n\nFür jedes n ≥ 2 gilt: a+b=c mod 5"


class Unfaithful(Exception):
    """A tokenizer that cannot be loaded as its file says."""


def tokenizer(folder: str, **options: Any) -> Any:
    """The tokenizer of a folder or of a name that the library can load."""
    from transformers import AutoTokenizer, PreTrainedTokenizerFast

    load = getattr(AutoTokenizer, "from_pretrained_by_type", AutoTokenizer.from_pretrained)
    loaded = load(folder, **options)
    file = os.path.join(folder, "tokenizer.json")
    if os.path.exists(file):
        from tokenizers import Tokenizer

        plain = Tokenizer.from_file(file)
        if not same(loaded, plain):
            loaded = PreTrainedTokenizerFast.from_pretrained(folder)
        if not same(loaded, plain):
            raise Unfaithful(f"{folder} is read back as another tokenizer than its tokenizer.json says")
    return loaded


def same(loaded: Any, plain: Any) -> bool:
    """Whether both cut a text alike."""
    ids = plain.encode(_PROBE, add_special_tokens=False).ids
    return bool(list(loaded(_PROBE, add_special_tokens=False)["input_ids"]) == ids)


def everywhere() -> None:
    """Lets every later ``AutoTokenizer.from_pretrained`` of this process load faithfully."""
    from transformers import AutoTokenizer

    AutoTokenizer.from_pretrained_by_type = AutoTokenizer.from_pretrained
    AutoTokenizer.from_pretrained = staticmethod(lambda folder, *_, **options: tokenizer(folder, **options))
