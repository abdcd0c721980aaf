#!/usr/bin/env python3
"""The sample data says nothing twice in a row: neither a sentence again, nor one that announces what the next one says."""

import json
import re

from support.harness import check, main, sample

COMMON = set("the a an of to is are in and that it this i so as for be by on with at but not we let me which its".split())


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)


def sentences(text):
    return [part.strip() for part in re.split(r"(?<=[.!?:])\s+|\n+", text) if part.strip()]


def words(sentence):
    return {word[:6] for word in re.findall(r"[a-z]+|\d+", sentence.lower())} - COMMON


def repeats(one, other):
    if len(one) > 15 and re.sub(r"\W", "", one).lower() == re.sub(r"\W", "", other).lower():
        return True
    shared = words(one) & words(other)
    announces = one.startswith(("Let me", "To be sure", "However, let me", "One could"))
    return announces and len(shared) >= 2 and len(shared) >= len(words(one)) / 2


def no_sentence_is_said_twice_in_a_row():
    found = []
    for path in sample():
        with open(path, encoding="utf-8") as file:
            whole = file.read()
        records = [json.loads(line) for line in whole.splitlines()] if path.endswith("l") else json.loads(whole)
        for number, record in enumerate(records, 1):
            for text in texts(record):
                parts = sentences(text)
                found += [f"{path}:{number}: {one} {other}" for one, other in zip(parts, parts[1:]) if repeats(one, other)]
    check(not found, "\n".join(found))


main(no_sentence_is_said_twice_in_a_row)
