#!/usr/bin/env python3
"""Finds phrases that docs/style.md replaces, in documentation and sources.

    prose.py            check the repository; exit code 1 after an error
    prose.py --warnings also print phrases that are often right
    prose.py --check    check that each pattern catches its example

Frozen SQL, the method's prompts, stored words and recorded screens are not read.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("*.md", "docs/**/*.md", "SampleData/**/*.md", "Sources/**/*.swift", "Sources/**/*.py", "Tests/**/*.swift",
          "Tests/**/*.py", "scripts/**/*.py", "Package.swift")
# Texts that are not ours to change, and this list.
SKIPPED = ("/Prompts/", "/Snapshots/", "/Workspaces/", "/Corpus/", "/EndToEnd/screens/", "scripts/lib/prose.py",
           "docs/style.md")

# (phrase, what to write instead, a sentence that the phrase is found in)
# Data of tests, and words of the screens for an audience.
ALLOWED = re.compile(r"It goes on|when its steps are there|Pause, or go on|demoPause\)\) goes on")

ERRORS = [
    (r"\broll-outs?\b", "rollout", "Estimate labels from roll-outs."),
    (r"(?<!-)\bdata sets?\b(?!/)", "dataset", "The data set is its folder."),
    (r"\bfirst wrong step|wrong first\b", "first error", "It names the first wrong step."),
    (r"\b(go|goes|going|gone|went) on\b(?! (a|the|its|to|top)\b)", "continue, resume, keep running", "Training goes on."),
    (r"(?<!\bthere )\b(is|are) no (?!longer|more|faster|part|good|use)[a-z]+", "is not a; has no", "It is no address."),
    (r"\btak(e|es|ing|en)( (it|them|this|that|the|your|my|a|his|their)( [a-z]+)?)? (back|away)\b", "undo, clear, remove",
     "Take your verdict back."),
    (r"\bso many (?!that\b|of\b)", "at most N; that many", "At most so many solutions."),
    (r"\b(is|are|was|were|be) told\b(?! (to|apart|from)\b)", "is shown, is reported", "A wrong file is told."),
    (r"\btells? (labels|how|what|which|more|about|where|who|why)\b", "show, report, reveal", "It tells how it is."),
    (r"\bhow far (it|I|they|you|re|pre)", "progress; agreement", "Tell how far it is."),
    (r"\bstands? (in|below|above|beside|there|where|behind|only)\b", "is in, is shown, appears", "It stands below."),
    (r"\banew\b", "again", "Make it anew."),
    (r"\bin whatever way\b|\bfor nothing else\b", "however; only what is missing", "Stopped in whatever way."),
    (r"\bwhat (came|has come|comes) (out|of)\b", "the result", "What comes out is reported."),
    (r"\bwho (trains|serves|samples|leads)\b", "name the engine or caller", "Who trains: trl."),
    (r"[;,…] a moment\.", "Loading…", "Counting; a moment."),
    (r"\b(here|there) already\b", "already exists", "It is there already."),
    (r"\bexclude each other\b|--[a-z-]+ goes with\b", "cannot be combined; requires", "They exclude each other."),
    (r"\b(is|are) (not )?there\b(?=[.,;:)]| (and|or|already|to|when|if)\b|$)", "exists, is missing", "The file is not there."),
    (r"\b(from [0-9]+( [a-z]+)?|from it|from there|from then) on\b", "from N onwards; N or more", "From 100 columns on."),
    (r"\bshare of probability\b|\bASCII signs\b", "top-p; ASCII characters", "Draw with ASCII signs only."),
    (r"\bmust be a text\b|\btexts? in quotes\b", "string", "It must be a text."),
    (r"\bone's own\b|\boneself\b", "your own", "A theme of one's own."),
    (r"\b(is|was) ended\b|\blast words\b|\bwithout a word\b", "stopped; without reporting", "The process was ended."),
    (r"\bwhat(ever)? is (not )?there\b", "name the thing", "It says what is there."),
    (r"\b(is|are|be) brought\b", "move, save", "Decisions are brought to safety."),
    (r"\bif wished\b|\bturns? (a condition |it |one )?round\b", "optional; negates", "With rules if wished."),
    (r"\bmade anew\b|\bmakes? (it|them) again\b", "recreate", "It makes them again."),
    (r"(?<=\w\w)\.\.(?=[\"'`)]|\s|$)", "one full stop", "The file is not JSON.."),
]
# Often right: printed with --warnings only.
WARNINGS = [
    (r"\bstands?\b(?! for\b)", "is", "The label stands."),
    (r"\b(no|some|any|every)body\b", "name the actor, or drop it", "Nobody has decided yet."),
    (r"\bthe processor\b", "CPU", "Runs on the processor."),
    (r"\bthere is no\b.{0,40}\bfor\b", "name the thing first", "There is no room for it."),
]


def compiled(patterns):
    return [(re.compile(phrase, re.IGNORECASE), hint, example) for phrase, hint, example in patterns]


def findings(text, patterns):
    """(line number, phrase, hint) of each phrase in a text."""
    for number, line in enumerate(text.splitlines(), 1):
        line = ALLOWED.sub("", line) if not line.lstrip().startswith("-- ") else ""
        for phrase, hint, _ in patterns:
            for match in phrase.finditer(line):
                yield number, match.group(0), hint


def read_files():
    paths = {path for place in PLACES for path in ROOT.glob(place)}
    for path in sorted(paths):
        name = path.relative_to(ROOT).as_posix()
        if not any(part in "/" + name for part in SKIPPED):
            yield name, path.read_text(encoding="utf-8")


def check_patterns():
    for phrase, _, example in compiled(ERRORS + WARNINGS):
        if not phrase.search(example):
            sys.exit(f"prose.py: {phrase.pattern!r} misses its example {example!r}")
    good = "Import skips duplicates. 2 steps are left. See ../docs and wait…"
    for _, phrase, _ in findings(good, compiled(ERRORS)):
        sys.exit(f"prose.py: {phrase!r} is found in {good!r}")


def main():
    check_patterns()
    if "--check" in sys.argv:
        return
    errors = 0
    for name, text in read_files():
        for number, phrase, hint in findings(text, compiled(ERRORS)):
            print(f"{name}:{number}: error: '{phrase}': {hint}")
            errors += 1
        if "--warnings" in sys.argv:
            for number, phrase, hint in findings(text, compiled(WARNINGS)):
                print(f"{name}:{number}: warning: '{phrase}': {hint}")
    if errors:
        sys.exit(f"{errors} phrase(s) to replace; docs/style.md says how.")


if __name__ == "__main__":
    main()
