"""The reward of a critique: 1.0 when its last boxed index is the first error, else 0.0.

Reads texts by the same rule as the program's own evaluation, so that what is rewarded is what is measured. Works for
both engines: ``reward`` is TRL's shape, ``compute_score`` verl's. Needs nothing but the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

# No spelling of a step's number takes more bytes.
_LONGEST = 200
# Words beside a number that add no meaning, with their punctuation.
_SILENT_WORDS = ((b"paragraph", b"<>_#:/\\"), (b"step", b"<>_#:/"), (b"index", b"<>_#:/"))

# Commands that change how a number looks and not what it is.
_SILENT_COMMANDS = frozenset(
    "text textbf textit textrm textsf texttt textnormal emph mathbf mathrm mathit mathsf mathtt mathnormal boldsymbol "
    "bm mbox left right big Big bigl bigr displaystyle textstyle small large Large LARGE huge Huge bf rm it quad qquad "
    "thinspace ensuremath mathop mathord".split()
)
# After a backslash: thin and wide spaces, formula brackets, a line break.
_SILENT_SYMBOLS = frozenset(",;:! ()\\\n")
_SILENT = frozenset("{}$()*~`\"'“”‘’\u200b\ufeff\u2060")
_MINUS = frozenset("−–—‐‑﹣－")
# Unicode's property White_Space; Python's own idea of it is another one.
_BLANK = frozenset(
    "\t\n\u000b\u000c\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028"
    "\u2029\u202f\u205f\u3000"
)
_LETTERS = re.compile(r"[A-Za-z]+")
_NUMBER = re.compile(r"[+-]?[0-9]{1,9}")


def _opening(data: bytes, after: int, framed: bool) -> int | None:
    """Where the brace after "boxed" or "fbox" opens."""
    if data[after : after + 2] == b"ed":
        after += 2
    elif not framed:
        return None
    while data[after : after + 1] in (b" ", b"\n"):
        after += 1
    return after if data[after : after + 1] == b"{" else None


def _closing(data: bytes, opening: int) -> int | None:
    depth = 0
    i = opening
    end = min(len(data), opening + _LONGEST)
    while i < end:
        sign = data[i : i + 1]
        if sign == b"\\":
            i += 1
        elif sign == b"{":
            depth += 1
        elif sign == b"}":
            depth -= 1
            if depth == 0:
                return i
        i += 1
    return None


def number(content: str) -> str | None:
    """The digits, signs and points of a box's content in ASCII; ``None`` when it says anything else."""
    kept: list[str] = []
    i = 0
    while i < len(content):
        sign = content[i]
        i += 1
        if sign == "\\":
            if i == len(content):
                return None
            name = _LETTERS.match(content, i)
            if name is None:
                if content[i] not in _SILENT_SYMBOLS:
                    return None
                i += 1
            else:
                if name.group() in ("minus", "textminus"):
                    kept.append("-")
                elif name.group() not in _SILENT_COMMANDS:
                    return None
                i = name.end()
        elif sign in _MINUS:
            kept.append("-")
        elif sign == "＋":
            kept.append("+")
        elif "０" <= sign <= "９":
            kept.append(chr(ord(sign) - 0xFF10 + 0x30))
        elif "0" <= sign <= "9" or sign in "+-.,":
            kept.append(sign)
        elif sign not in _SILENT and sign not in _BLANK:
            return None
    text = "".join(kept).rstrip(".,")
    dot = text.find(".")
    if dot >= 0 and not text[dot + 1 :].strip("0"):
        text = text[:dot]
    return text


def _integer(content: bytes) -> int | None:
    digits = number(content.decode("utf-8", "replace"))
    return int(digits) if digits is not None and _NUMBER.fullmatch(digits) else None


def _index(content: bytes) -> int | None:
    """The number in a box; "Step 3" and "<paragraph_3>" are read as well."""
    found = _integer(content)
    if found is not None:
        return found
    rest = content.lower()  # Of bytes, so only ASCII letters change.
    for word, silent in _SILENT_WORDS:
        if word in rest:
            return _integer(rest.replace(word, b" ", 1).translate(None, silent))
    return None


def final_index(text: str) -> int | None:
    """The last whole number in a box; ``None`` when no box holds one."""
    data = text.encode("utf-8", "replace")
    end = len(data)
    while (at := data.rfind(b"box", 0, end)) >= 0:
        if at + 3 < len(data):
            opening = _opening(data, at + 3, at > 0 and data[at - 1 : at] == b"f")
            closing = _closing(data, opening) if opening is not None else None
            if opening is not None and closing is not None:
                found = _index(data[opening + 1 : closing])
                if found is not None:
                    return found
        end = at + 2
    return None


def score(text: str, ground_truth: Any) -> float:
    """1.0 when the text answers the first error (-1 for none), else 0.0."""
    return 1.0 if final_index(text) == int(str(ground_truth).strip()) else 0.0


def reward(
    prompts: Sequence[Any], completions: Sequence[Any], ground_truth: Sequence[Any], **_columns: Any
) -> list[float]:
    """TRL's shape: lists of the same length. A completion is a text or a list of turns."""
    return [score(completion_text(one), truth) for one, truth in zip(completions, ground_truth, strict=True)]


def completion_text(completion: Any) -> str:
    """The text of a completion, which TRL gives as a text or as a list with one turn."""
    if isinstance(completion, str):
        return completion
    return "".join(str(turn.get("content") or "") for turn in completion if isinstance(turn, Mapping))


def compute_score(
    data_source: str, solution_str: str, ground_truth: Any, extra_info: Mapping[str, Any] | None = None, **_: Any
) -> float:
    """verl's shape: one completion. It is called in threads; nothing here uses signals or changes anything."""
    return score(solution_str, ground_truth)
