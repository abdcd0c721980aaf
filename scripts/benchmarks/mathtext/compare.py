"""The comparison itself; see `compare`.

Share clean: formulas of the data whose output holds no backslash command, with no error raised and (ours) no piece left
as source.
Share kept: formulas of `meaning.txt` whose output still says what they mean. A neutral reader (`reading.py`), which knows
no tool, reads each output as printed mathematics is read and works out its value; it is compared with that of an
expression written by hand, for three choices of the variables. `SHOW=NAME` lists what a tool got wrong.
Time: wall time per formula inside each tool, start-up not counted. utftex is a process per formula and draws in two
dimensions, which the reader does not read.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import warnings

from reading import same

warnings.filterwarnings("ignore")


def formulas(paths):
    found = []
    pattern = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]|\$\$(.+?)\$\$|(?<![\\$\d])\$((?:\\.|[^$\\\n])+)\$(?!\d)", re.S)
    for path in paths:
        for row in json.load(open(path)):
            for text in [row["problem"], *row["steps"]]:
                found += [next(g for g in m.groups() if g is not None).strip() for m in pattern.finditer(text)]
    # Two amounts of money are not a formula, and nobody is asked to read half a group.
    return [f for f in found if "\\" in f and f.count("{") == f.count("}") and not re.search(r"\\[(\[]", f)]


def meanings(path):
    lines = (line.rstrip("\n") for line in open(path, encoding="utf-8"))
    return [tuple(line.split(" :: ")) for line in lines if line and not line.startswith("#")]


def ours(program, inputs):
    data = "".join(json.dumps(i) + "\n" for i in inputs)
    out = subprocess.run([program, "render", "--formulas", "-"], input=data, capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in out.stdout.splitlines()]
    assert len(rows) == len(inputs)
    return [(row["linear"], row["nanoseconds"] / 1e9, not row["leftAsSource"]) for row in rows]


def timed(function, inputs):
    result = []
    for item in inputs:
        start = time.perf_counter()
        try:
            text = function(item)
        except Exception:
            text = None
        result.append((text, time.perf_counter() - start, text is not None))
    return result


def peers():
    from pylatexenc.latex2text import LatexNodes2Text
    import flatlatex
    import unicodeit

    flat = flatlatex.converter()
    plain = LatexNodes2Text(math_mode="text", keep_comments=True)
    found = {
        "pylatexenc": lambda f: plain.latex_to_text("$" + f + "$"),
        "unicodeit": unicodeit.replace,
        "flatlatex": flat.convert,
    }
    if shutil.which("utftex"):
        found["utftex"] = lambda f: subprocess.run(["utftex", f], capture_output=True, text=True, check=True).stdout
    return found


def main():
    program, meaning_file, *paths = sys.argv[1:]
    data = formulas(paths)
    judged = meanings(meaning_file)
    for latex, expression in judged:
        same("0", expression)  # A slip in the file itself is an error here, not a tool's fault.
    print(f"{len(data)} formulas of the data; {len(judged)} formulas with their meaning written by hand")
    print(f"{'tool':<12} {'clean':>8} {'kept':>8} {'time per formula':>18}")
    runs = {"deepcritic": lambda inputs: ours(program, inputs)}
    for name, function in peers().items():
        runs[name] = lambda inputs, function=function: timed(function, inputs)
    for name, run in runs.items():
        results = run(data if name != "utftex" else data[:2000])
        clean = sum(1 for text, _, full in results if full and text and not re.search(r"\\[A-Za-z]+", text))
        kept = 0
        for (latex, expression), (text, _, _) in zip(judged, run([latex for latex, _ in judged])):
            good = text is not None and same(text, expression)
            kept += good
            if not good and os.environ.get("SHOW") == name:
                print("   ", latex, "|", text, "|", expression)
        share = f"{kept / len(judged):>8.1%}" if name != "utftex" else f"{'—':>8}"
        seconds = sum(t for _, t, _ in results) / max(1, len(results))
        print(f"{name:<12} {clean / max(1, len(results)):>8.2%} {share} {seconds * 1e6:>15.1f} µs")


if __name__ == "__main__":
    main()
