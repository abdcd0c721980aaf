"""The comparison itself; see `compare`.

Share clean: formulas of the data whose output holds no backslash command and raised no error.
Share kept: hand-checked cases (those our parser reads fully) whose output says the same. The criterion, for all alike:
blanks do not count; ^(…) and _(…) equal raised and lowered characters; look-alike signs (−-, ×*, ∗*, ·⋅, ′', |∣) count
as one; brackets around a single letter or number do not count; combining marks may come composed or not; √ may be
written with or without brackets around what it covers when that is one letter or number. Further answers that read
the same are listed in ACCEPTED. A fraction without the brackets it needs, a script that ends too early, or a binomial
turned into a product does not read the same. Cases whose only line form is a convention of our own (grids, cases,
labelled braces, boxes) are counted separately and not held against anyone.
Time: wall time per formula inside each tool, start-up not counted; utftex is a process per formula, without start-up
cost taken off.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import time
import unicodedata
import warnings

warnings.filterwarnings("ignore")

SUP = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ",
               "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW"))
SUB = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-=()aehijklmnoprstuvx"))
SIGNS = str.maketrans({"−": "-", "×": "*", "∗": "*", "⋅": "·", "′": "'", "’": "'", "∣": "|", "ϕ": "φ", "ϵ": "ε",
                       "⟶": "→", "⟹": "⇒", "⟺": "⇔", "‖": "∥", "⦀": "∥", "𝑖": "i", "½": "1/2"})
CONVENTION = re.compile(r"begin\{(?!equation)|\\(boxed|fbox|over|under|cancel|widehat|tag|substack|xrightarrow|stackrel"
                        r"|phantom|multicolumn|label|left\.|\\)|right\.")
ACCEPTED = {
    r"\binom nk": ["C(n,k)", "(nchoosek)", "binom(n,k)"],
    r"{n \choose k}": ["C(n,k)", "(nchoosek)", "binom(n,k)"],
    r"\dbinom{10}{3}": ["C(10,3)", "(10choose3)", "binom(10,3)"],
    r"\sqrt[n]{x}": ["ⁿ√x", "n√x", "root(n,x)"],
    r"\frac12x": ["(1/2)x", "½x"],
}


def canonical(text):
    """The text in the form in which answers are compared."""
    text = unicodedata.normalize("NFKC", re.sub("[" + "".join(SUP) + "]+",
        lambda m: "^(" + "".join(SUP[c] for c in m[0]) + ")", re.sub("[" + "".join(SUB) + "]+",
        lambda m: "_(" + "".join(SUB[c] for c in m[0]) + ")", text))).translate(SIGNS)
    text = unicodedata.normalize("NFD", re.sub(r"\s+", "", text)).replace("''", "″").replace("″", "''")
    for _ in range(3):
        text = re.sub(r"([\^_√])\((\d+(?:\.\d+)?|\w)\)", r"\1\2", text)
        text = re.sub(r"([\^_√])\{([^{}]*)\}", lambda m: m[1] + (m[2] if len(m[2]) == 1 else "(" + m[2] + ")"), text)
    return text


def formulas(paths):
    found = []
    pattern = re.compile(r"\\\((.+?)\\\)|\\\[(.+?)\\\]|\$\$(.+?)\$\$|(?<![\\$\d])\$((?:\\.|[^$\\\n])+)\$(?!\d)", re.S)
    for path in paths:
        for row in json.load(open(path)):
            for text in [row["problem"], *row["steps"]]:
                found += [next(g for g in m.groups() if g is not None).strip() for m in pattern.finditer(text)]
    # Two amounts of money are no formula, and nobody is asked to read half a group.
    return [f for f in found if "\\" in f and f.count("{") == f.count("}") and not re.search(r"\\[(\[]", f)]


def cases(path):
    result, current = [], None
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if line.startswith("> "):
            current = line[2:]
        elif line.startswith("= ") and current:
            result.append((current, line[2:]))
            current = None
    return result


def ours(binary, inputs):
    data = "".join(json.dumps(i) + "\n" for i in inputs)
    out = subprocess.run([binary], input=data, capture_output=True, text=True, check=True).stdout
    return [(row["linear"], row["ns"] / 1e9, row["full"]) for row in map(json.loads, out.splitlines())]


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


def tools():
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
    case_file, *paths = sys.argv[1:]
    data = formulas(paths)
    hand = [(i, e) for i, e in cases(case_file) if "\\" not in e or i.startswith(r"A\setminus")]
    judged = [(i, e) for i, e in hand if not CONVENTION.search(i)]
    print(f"{len(data)} formulas of the data; {len(judged)} hand-checked cases judged, "
          f"{len(hand) - len(judged)} with a line form of our own left out")
    print(f"{'tool':<12} {'clean':>8} {'kept':>8} {'time per formula':>18}")
    runs = {}
    binary = os.environ.get("MATHTEXT_BINARY")
    if binary:
        runs["MathText"] = lambda inputs: ours(binary, inputs)
    else:
        print("MathText: MATHTEXT_BINARY is not set; only the others are measured")
    for name, function in tools().items():
        runs[name] = lambda inputs, function=function: timed(function, inputs)
    for name, run in runs.items():
        sample = data if name != "utftex" else data[:2000]
        results = run(sample)
        clean = sum(1 for text, _, full in results if full and text and not re.search(r"\\[A-Za-z]+", text))
        kept = 0
        for (item, expected), (text, _, _) in zip(judged, run([i for i, _ in judged])):
            accepted = {canonical(a) for a in [expected, *ACCEPTED.get(item, [])]}
            good = text is not None and canonical(text) in accepted
            kept += good
            if not good and os.environ.get("SHOW") == name:
                print("   ", item, "|", text, "|", expected)
        seconds = sum(t for _, t, _ in results) / max(1, len(results))
        print(f"{name:<12} {clean / max(1, len(results)):>8.2%} {kept / len(judged):>8.1%} {seconds * 1e6:>15.1f} µs")


if __name__ == "__main__":
    main()
