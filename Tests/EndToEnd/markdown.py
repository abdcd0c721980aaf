#!/usr/bin/env python3
"""Markdown of the program, read by readers of Markdown with mathematics: they find the formulas and the text that we mean."""

import json
import os
import re
import subprocess

from support import engines
from support.harness import (
    PACKAGE, Skip, check, equal, main, program, sample, scratch)

PER_SOLUTION = 25
# What means something to some reader of Markdown, alone and beside words, digits and formulas.
MARKED = [
    "It costs $5 and sells for $3.", "From $5 to $10, then $x$ and $3.", "$5 - $3 = $2", "$1,200.50/month, $7 a day", "He paid $5.",
    "cost: $20, $x=3$ of them", "a $x$b", "2$x$3", "$a$$b$", "\\$5 and \\$6", "\\$5 and $y$", "US$5 and CA$6", "100$ and 200$",
    "*a* and **b** and _c_ and __d__", "snake_case_name and 2*3*4", "~~gone~~ ~x~", "<b>bold</b> <!-- x --> &amp; &lt;",
    "# head", "## head $x$", "#1 and # 2", "- item", "+ item", "* item", "1. one", "12) twelve", "> quoted", "---", "===", "a\n---\nb",
    "a\n===\nb", "```\ncode\n```", "`code` and ``more``", "an unclosed ` here", "    indented", "\tindented", "| a | b |\n|---|---|\n| 1 | 2 |",
    "[a](b) ![c](d) [e]: f", "[^1] and [x][y]", "\\(x\\) and \\[y\\]", "\\(open", "\\[open", "closed\\)", "\\\\(a\\\\) so", "\\ alone", "a\\",
    "a  \nb", "a\\\nb", "5% of $x%$ and $10\\%$", "$a<b$ and $c > d$", "$a~b$", "$x_1*y*z_2$", "$|a|$", "\\boxed{-1}", "\\boxed{$5}",
    "\\frac{1}{2} of it", "$$x$$", "text $$x$$ text", "$$\nx\n$$", "\\begin{align}a&=b\\\\c&=d\\end{align}", "$\\text{for }$5$",
    "http://x.y www.a.b @who #7", "{{ x }} {% y %}", "a|b", "!", "$", "$$", "$$$", "\\", "*", "_", "`", "<", "(a) [b] {c}", "x^2 and x_1",
    "\\\\[a\\\\] and \\\\frac{1}{2}", "$x$ costs $5", "$5 + $\\frac{1}{2}$", "($5)", "$5$ and $6$", "$-3$", "a$-3$b", "$ x $", "a $ b $ c",
    "Tom has $12.50. He spends $3.75 on *lunch* and $2 on a _drink_.", "1. $5\n2. $6\n- $7\n# $8",
]


def texts_of(value):
    """Every string of a record that reads as a text."""
    if isinstance(value, str):
        return [value] if len(value) > 15 and " " in value else []
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for one in values for text in texts_of(one)]


def texts_in(folder, most):
    """Texts of the data files in a folder, spread over each."""
    found = []
    for name in sorted(os.listdir(folder)):
        if not re.search(r"\.jsonl?$", name):
            continue
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            whole = file.read()
        records = [json.loads(line) for line in whole.splitlines() if line] if name.endswith("l") else json.loads(whole)
        texts = [text for record in records for text in texts_of(record)]
        money = [text for text in texts if re.search(r"\$\d", text)]
        for chosen in (texts, money):
            found += chosen[:: max(1, len(chosen) // most)]
    return found


def shown(texts):
    """The Markdown of solutions with these texts as steps, and how many formulas the program sees in each solution."""
    pages, counts, groups = [], [], [texts[at : at + PER_SOLUTION] for at in range(0, len(texts), PER_SOLUTION)]
    path = scratch(f"workspace-{len(os.listdir(scratch()))}")
    program("init", path)
    for number, group in enumerate(groups, 1):
        file = scratch(f"texts-{number}.json")
        with open(file, "w", encoding="utf-8") as out:
            json.dump([{"id": f"t{number}", "problem": "p", "steps": group, "label": -1, "final_answer_correct": True}], out)
        program("-w", path, "import", "--quiet", file)
        pages.append(program("-w", path, "show", str(number), "--format", "markdown").stdout.decode())
        counts.append(json.loads(program("render", "--report", "--json", file).stdout)["formulas"])
    return groups, pages, counts


def read(pages):
    done = subprocess.run(
        [engines.python("markdown"), os.path.join(PACKAGE, "Tests/EndToEnd/support/read_markdown.py")],
        input=json.dumps(pages), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def sections(blocks):
    """The runs of each step."""
    found = []
    for kind, runs in blocks:
        text = "".join(content for _, content in runs)
        if kind == "heading" and re.match(r"Step \d+ of \d+", text):
            found.append([])
        elif found:
            found[-1] += runs if kind == "paragraph" else [("other", kind)]
    return found


def bare(text):
    """Without blanks and what joins."""
    return re.sub(r"[\s\u00a0\u2060]+", "", text)


def plain(formula):
    """A formula without blanks and backslashes, which tell one written as `\\\\frac`, `~` or `%` from ours."""
    formula = re.sub(r"\\lt(?![A-Za-z])", "<", re.sub(r"\\gt(?![A-Za-z])", ">", formula)).replace("\u2018", "`")
    return re.sub(r"[\s~\\]+", "", formula)


def matches(source, runs):
    """Whether the runs are the source: text by text, formulas without their delimiters. Says where it ends."""
    rest = bare(source)
    for kind, content in runs:
        if kind == "text" or kind == "code":
            wanted = bare(content)
            check(rest.startswith(wanted), lambda: f"the text {content!r} is not next in {rest[:60]!r} of {source!r}")
            rest = rest[len(wanted):]
            continue
        check(kind == "formula", lambda: f"a reader sees {content} in {source!r}")
        opening = re.match(r"\$\$|\\\\?[(\[]|\$|", rest).group()
        closing = {"$$": "$$", "$": "$", "\\(": "\\)", "\\[": "\\]", "\\\\(": "\\\\)", "\\\\[": "\\\\]", "": ""}[opening]
        for end in range(len(opening), len(rest) + 1):
            if rest.startswith(closing, end) and plain(rest[len(opening):end]) == plain(content):
                rest = rest[end + len(closing):]
                break
        else:
            check(False, f"the formula {content!r} is not next in {rest[:60]!r} of {source!r}")
    equal(rest, "", f"what is lost of {source!r}")


def agree(texts):
    # A reader takes a digit at a text's end for one before the dollar at its beginning.
    texts = [text + "." if text[-1:].isdigit() else text for text in texts]
    groups, pages, counts = shown(texts)
    for name, found in read(pages).items():
        for group, blocks, count in zip(groups, found, counts):
            steps = sections(blocks)
            equal(len(steps), len(group), f"steps that {name} sees")
            formulas = sum(kind in ("formula", "code") for runs in steps for kind, _ in runs)
            if name == "texmath with brackets":
                check(not any(kind == "formula" for runs in steps for kind, _ in runs), f"{name} sees formulas")
                continue
            # This reader knows no escaped dollar within a formula.
            if name == "texmath with dollars" and any("\\$" in source for source in group):
                continue
            for source, runs in zip(group, steps):
                matches(source, runs)
            equal(formulas, count, f"formulas that {name} sees in {group!r}")


def marks_stay_text():
    agree(MARKED)


def money_and_formulas_of_the_samples():
    agree(texts_in(os.path.dirname(sample("x")[0]), 150))


def money_and_formulas_of_benchmarks():
    folder = os.path.join(os.path.dirname(PACKAGE), "shared", "data")
    if not os.path.isdir(folder):
        raise Skip("there is no data beside the package")
    for name in ("processbench", "mr-gsm8k", "prm800k", "formats"):
        agree(texts_in(os.path.join(folder, name), 150))


def the_table_of_keys_is_what_it_says():
    bindings = json.loads(program("keys", "--json").stdout)
    page = program("keys", "--markdown").stdout.decode()
    for name, (blocks,) in read([page]).items():
        cells = ["".join(content for _, content in runs) for kind, runs in blocks if kind == "td"]
        rows = [cells[at : at + 3] for at in range(0, len(cells), 3)]
        equal(
            [[bare(cell) for cell in row] for row in rows],
            [[bare("".join(one["keys"])), one["action"], bare(one["summary"])] for one in bindings], f"rows that {name} sees")


main(
    marks_stay_text, money_and_formulas_of_the_samples, money_and_formulas_of_benchmarks, the_table_of_keys_is_what_it_says)
