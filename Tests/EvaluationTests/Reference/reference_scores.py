#!/usr/bin/env python3
"""An independent implementation of the evaluation protocol, to compare with: prints scores of files of predictions as JSON.

Rows are those of the public scripts' output: `label` (0-based, -1 for none) and `generated_critique`, a text or a list of
texts to vote. Arguments: `strict` or `standard`, 0 or 1 (where answers begin to count), then files; all rows are one set.
Subsets are gone through one by one, without any shortcut.
"""

import itertools
import json
import re
import sys
from collections import Counter
from math import comb


def strict(text):
    """The reference rule: what is voted for, and what it means."""
    found = re.findall(r"\\boxed\{([^}]*)\}", text)
    if not found:
        return None
    ballot = found[-1].strip()
    try:
        return ballot, int(ballot)
    except ValueError:
        return ballot, None


SILENT = re.compile(
    r"\\(?:text|textbf|textit|mathbf|mathrm|displaystyle|left|right|quad)(?![A-Za-z])|\\[ ,;:!()]|[{}$()*\s\u200b]")


def number_in(content):
    text = content.translate(str.maketrans("−–—", "---"))
    text = SILENT.sub("", text)
    text = re.sub(r"(?i)^[<#]*(?:step|paragraph|index)[_#:]*|[>]+$", "", text)
    text = re.sub(r"\.0*$", "", text.rstrip(".,"))
    return int(text) if re.fullmatch(r"[+-]?[0-9]+", text) else None


def standard(text):
    """The last box with a whole number in it, braces matched."""
    for start in reversed([m for m in re.finditer(r"(?:boxed|fbox)[ \n]*\{", text)]):
        depth, i = 0, start.end() - 1
        while i < len(text):
            if text[i] == "\\":
                i += 1
            elif text[i] == "{":
                depth += 1
            elif text[i] == "}":
                depth -= 1
                if depth == 0:
                    break
            i += 1
        else:
            continue
        number = number_in(text[start.end():i])
        if number is not None:
            return number, number
    return None


def majority(votes):
    votes = [v for v in votes if v is not None]
    if not votes:
        return None
    winner = Counter(v[0] for v in votes).most_common(1)[0][0]
    return next(v[1] for v in votes if v[0] == winner)


def harmonic(a, b):
    return None if a is None or b is None else 0.0 if a + b == 0 else 2 * a * b / (a + b)


def main():
    read = {"strict": strict, "standard": standard}[sys.argv[1]]
    base = int(sys.argv[2])
    rows = [json.loads(line) for path in sys.argv[3:] for line in open(path, encoding="utf-8") if line.strip()]
    sides = {"error": [], "correct": []}
    for row in rows:
        texts = row["generated_critique"]
        votes = [read(text) for text in (texts if isinstance(texts, list) else [texts])]
        gold = row["label"] + base if row["label"] >= 0 else -1
        sides["error" if row["label"] != -1 else "correct"].append((gold, votes))
    most = max((len(votes) for side in sides.values() for _, votes in side), default=0)
    out = {"rows": {}, "curve": []}
    for name, side in sides.items():
        right = [majority(votes) == gold for gold, votes in side]
        out["rows"][name] = len(side)
        out[name] = sum(right) / len(right) * 100 if right else None
    out["f1"] = harmonic(out["error"], out["correct"])
    for k in range(1, most + 1):
        point = {"k": k}
        for name, side in sides.items():
            total = best = 0.0
            for gold, votes in side:
                size = min(k, len(votes))
                if size == 0:
                    continue
                subsets = list(itertools.combinations(votes, size))
                total += sum(majority(s) == gold for s in subsets) / comb(len(votes), size)
                best += sum(any(v is not None and v[1] == gold for v in s) for s in subsets) / comb(len(votes), size)
            point[name] = total / len(side) * 100 if side else None
            point["best_" + name] = best / len(side) * 100 if side else None
        point["f1"] = harmonic(point["error"], point["correct"])
        out["curve"].append(point)
    json.dump(out, sys.stdout)


if __name__ == "__main__":
    main()
