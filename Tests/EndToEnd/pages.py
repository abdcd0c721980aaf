#!/usr/bin/env python3
"""Pages of the program in a browser: dark and light, on a desk and on a phone; nothing is loaded, everything can be read."""

import json
import os
import random

from support import browser
from support.harness import PACKAGE, check, equal, main, program, scratch, workspace

SESSION = os.path.join(PACKAGE, "docs/sessions/review.jsonl")
# What the player shows, its time and its place.
STATE = """() => ({
  words: document.getElementById("screen").innerText, time: document.getElementById("time").textContent,
  place: Number(document.getElementById("position").value), button: document.getElementById("play").textContent })"""
PLAYED = """async () => {
  document.getElementById("play").click();
  await new Promise((done) => setTimeout(done, 900));
  const button = document.getElementById("play").textContent;
  document.getElementById("play").click();
  return button;
}"""
KEYS = """() => {
  for (const key of ["Home", "ArrowRight", "."])
    document.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
}"""

_workspace = []


def samples():
    if not _workspace:
        _workspace.append(workspace("audit"))
    return _workspace[0]


def players():
    for theme in ("dark", "light"):
        page = scratch(f"player-{theme}.html")
        program("share", SESSION, "-w", samples(), "--theme", theme, "-o", page)
        for found in browser.in_order(browser.everywhere(page, scripts=[STATE, PLAYED, STATE, KEYS, STATE])):
            first, button, played, _, sought = found["answers"]
            equal((first["place"], first["button"], button), (0, "▶", "❚❚"), "the player before and while it plays")
            check("deepcritic" in first["words"], first["words"])
            check(600 <= played["place"] <= 3000, f"after 0.9 seconds the player is at {played['place']} ms")
            check(sought["place"] >= 5000 and sought["words"] != first["words"], f"the keys lead to {sought['place']} ms")


def single_pictures():
    for theme in ("dark", "light"):
        page = scratch(f"still-{theme}.html")
        program("share", SESSION, "-w", samples(), "--theme", theme, "-o", page, "--picture", "last")
        for found in browser.in_order(browser.everywhere(page)):
            check("Merged" in found["text"], "the last picture is not shown")


def solutions():
    for number in ("1", "13", "32"):
        page = scratch(f"solution-{number}.html")
        with open(page, "wb") as out:
            out.write(program("show", number, "-w", samples(), "--format", "html").stdout)
        open_folds = "() => document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"
        overflow = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        for found in browser.in_order(browser.everywhere(page, scripts=[open_folds, overflow])):
            check("Step 1" in found["text"], found["text"][:300])
            equal(found["answers"][1], 0, "how far opened folds are wider than the window")


def reports_of_evaluations():
    chance = random.Random(7)
    names = ("critic-of-a-rather-long-name-7b-instruct-2026-01-31", "small critic")
    path = scratch("evaluations")
    program("init", path)
    for name in names:
        rows = []
        for number in range(40):
            steps = [f"Step {i} of problem {number}." for i in range(4)]
            label = -1 if number % 3 == 0 else number % 4
            said = label if chance.random() < 0.7 else chance.randint(-1, 3)
            rows.append({
                "id": f"planted-{number}", "generator": "ab"[number % 2], "problem": f"Problem {number}", "steps": steps,
                "label": label, "final_answer_correct": label < 0, "prediction": said, "match": said == label,
                "generated_critique": f"**Answer**: \\boxed{{{said}}}"})
        files = []
        for side in ("error", "correct"):
            files.append(scratch(f"{name}_{side}.jsonl"))
            with open(files[-1], "w", encoding="utf-8") as out:
                out.writelines(json.dumps(row) + "\n" for row in rows if (row["label"] < 0) == (side == "correct"))
        program("-w", path, "evaluate", "--predictions", *files, "--index-base", "0")
    pages = {name: scratch(f"{name}.html") for name in ("leaderboard", "details")}
    program("-w", path, "leaderboard", "--published", "--html", pages["leaderboard"])
    program("-w", path, "leaderboard", "--details", "--html", pages["details"])
    for page in pages.values():
        for found in browser.in_order(browser.everywhere(page)):
            check(names[0] in found["text"], found["text"][:300])


main(players, single_pictures, solutions, reports_of_evaluations)
