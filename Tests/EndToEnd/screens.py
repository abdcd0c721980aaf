#!/usr/bin/env python3
"""The review workbench, feature by feature: keys in, whole screens out, at three sizes. The screens are in screens/*.txt."""

import json
import re

from support.harness import check, equal, main, program, sample, scratch, workspace
from support.script import SIZES, Script
from support.terminal import workbench

_made = {}


def base(name="plain"):
    """A workspace that scripts copy: made once."""
    if name in _made:
        return _made[name]
    path = workspace("base-" + name, *sample("solutions.prm800k.jsonl", "critiques.deep.jsonl", "critiques.merged.jsonl"))
    if name == "samples":
        for number, verdict in ((2, 1), (3, -1)):
            more = scratch(f"more{number}.jsonl")
            with open(more, "w") as file:
                for line in open(sample("critiques.deep.jsonl")[0]):
                    row = json.loads(line)
                    row["critique_of_critiques"] = [
                        f"Deep sample {number} looks at step {step + 1} from another side. \\boxed{{{verdict}}}"
                        for step in range(len(row["critique_of_critiques"]))]
                    file.write(json.dumps(row) + "\n")
            program("-w", path, "import", "--quiet", more)
    if name == "reviewed":
        def review(who, *lines):
            program("-w", path, "--linear", "--reviewer", who, stdin="\n".join([*lines, "quit", ""]).encode())

        review("ann", "open 1", "y", "n", "c A percent is not a price.", "open 2", "y", "y", "y", "open 3",
               "b Two readings are possible.")
        review("bob", "open 1", "y", "y", "y", "y", "n", "open 2", "n", "open 3", "y", "y", "y", "y", "y", "y")
    _made[name] = path
    return path


def layouts():
    """One, two or three panes, the zoomed pane, and where the line above the critiques stands."""
    for size in SIZES:
        script = Script("layouts", size, base())
        script.see("Enter")
        script.see("|")
        script.see("|")
        script.see("|")
        script.see("2", "z")
        script.see("PageDown")
        script.see("z", "{", "{")
        script.see("}", "}", "}", "}")
        script.end()


def samples():
    """Votes, another sample, choosing it, the stale merge, and back to the rule."""
    for size in SIZES:
        script = Script("samples", size, base("samples"))
        script.see("Enter", "2")
        script.see(".")
        script.see(".")
        script.see("d")
        script.see("3")
        script.see("2", "d")
        script.see("u")
        script.end()


def provenance():
    """Where the merged critique's sentences come from, turning points, quotations, and differences of words."""
    for size in SIZES:
        script = Script("provenance", size, base())
        script.see("Enter", "3", lit=("underline", "italic"))
        script.see("O")
        script.see("3", "T")
        script.see("T", "=", lit=("underline",))
        script.see("=", "=", lit=("underline",))
        script.see("=")
        script.end()


def soundness():
    """The reasoning is said to be unsound, the sentences are chosen and lit, a note is added, and all is undone."""
    for size in SIZES:
        script = Script("soundness", size, base())
        script.see("Enter", "2", "r", lit=("reverse",))
        script.see("j", lit=("reverse",))
        script.see("v", "j", lit=("reverse",))
        script.see("Enter", lit=("underline",))
        script.see("R", type="It assumes what it shows.")
        script.see("Enter")
        script.see("1", "2", words="the status says it again")
        script.see("u", "u")
        script.see("u")
        shown = script.program("show", "1", "--step", "1").stdout.decode()
        check("Reasoning" not in shown, shown)
        script.end()


def blind():
    """The step alone, the verdict, what it reveals, and another verdict afterwards."""
    for size in SIZES:
        script = Script("blind", size, base(), "--mode", "blind")
        script.see()
        script.see("Enter")
        script.see("2")
        script.see("n")
        script.see("y")
        script.see("j")
        script.see("m")
        script.end()


def searching():
    """The filter line with its completions, hits in the opened solution, and a search within it."""
    for size in SIZES:
        script = Script("searching", size, base())
        script.see("/", type="label:wrong deep:a")
        script.see("Tab")
        script.see("C-u", type="has:nonsense")
        script.see("Enter")
        script.see("C-u", type="croissants")
        script.see("Enter")
        script.see("Enter", lit=("reverse",))
        script.see(";", lit=("reverse",))
        script.see(";", ";", lit=("reverse",))
        script.see("/", "C-u", type="bill")
        script.see("Enter", lit=("reverse",))
        script.see("/", "C-u", type="nowhere to be found")
        script.see("Enter")
        script.end()


def queues():
    """A queue is saved, opened, reserved by one reviewer and passed over by the other, and finished."""
    for size in SIZES:
        script = Script("queues", size, base())
        script.see("/", type="label:wrong steps<7")
        script.see("Enter", "t")
        script.see("C-s", type="audit quota=2 overlap=1")
        script.see("Enter")
        script.see("BSpace", "L")
        script.see("Down", "Enter")
        script.see("Enter")
        other = workbench(
            script.path, "--queue", "audit", columns=size[0], rows=size[1], reviewer="bob", **script.variables)
        script.see(pane=other, words="bob opens the queue")
        script.see("Enter", pane=other, words="bob: Enter")
        other.close()
        script.see("n", "Enter")
        script.see("n", "Enter")
        script.see("q")
        script.end()


def adjudication():
    """Conflicts about steps and about a problem, settled, with a reason, and undone."""
    for size in SIZES:
        script = Script("adjudication", size, base("reviewed"), reviewer="lead")
        script.see("F7")
        script.see("c", type="It is the bill that counts.")
        script.see("Enter", "y")
        script.see("Enter")
        script.see("Enter", "o")
        script.see("n")
        script.see("u")
        script.see("l")
        script.end()


def figures():
    """Pages of statistics that do not tell the time."""
    for size in SIZES:
        script = Script("figures", size, base("reviewed"))
        script.see("F6")
        script.see("j")
        script.see("j")
        script.see("j")
        script.see("j")
        script.see("q")
        script.end()


def palette():
    """Commands found by parts of their words; what cannot be done now says why."""
    for size in SIZES:
        script = Script("palette", size, base())
        script.see(":")
        script.see(type="zom")
        script.see("Escape", "Enter", ":", type="zom")
        script.see("Enter")
        script.see(":", type="no such thing")
        script.end()


def help_and_guide():
    """Every key, searched; the guide for newcomers."""
    for size in SIZES:
        script = Script("help", size, base())
        script.see("Enter", "?")
        script.see("/", type="sample")
        script.see("BSpace", "BSpace", "BSpace", "BSpace", "BSpace", "BSpace", type="nothing at all")
        script.see("Escape", "Escape", "F12")
        script.see("Space")
        script.end()


def settings():
    """Settings with where they come from; personal ones are changed."""
    for size in SIZES:
        script = Script("settings", size, base())
        script.see("F8")
        script.see("Down", "Down")
        script.see("Enter")
        script.see("Home", "Enter")
        script.see("Escape", "Escape")
        script.end()


def bookmarks():
    """A bookmark, the list of places, and the way back."""
    for size in SIZES:
        script = Script("bookmarks", size, base())
        script.see("Enter", "j", "j", "M")
        script.see("]", "]", "'")
        script.see("Enter")
        script.see("M")
        script.end()


def writing():
    """A critique is changed in the window, in every size; a comment grows; escape asks before it throws away."""
    for size in SIZES:
        script = Script("writing", size, base())
        script.see("Enter", "3", "e")
        script.see("M->", type=" And so it is.")
        script.pane.resize(size[0], 1)
        script.see(type="!", words="“!” in one row")
        script.pane.resize(*size)
        script.see(words="back in the old size")
        script.see("C-s")
        script.see("=", "=", "=", "=", lit=("underline",))
        script.see("c", paste="One line\nand another")
        script.see("Escape")
        script.see("Escape")
        script.see("i", "C-k", type="Let c and k be what they are.")
        script.see("C-s")
        script.end()


def reading():
    """Answer, reference, alternatives, raw source, both; what a verdict would change."""
    for size in SIZES:
        script = Script("reading", size, base())
        script.see("Enter", "h")
        script.see("H")
        script.see("H", "V")
        script.see("V", "w")
        script.see("w", "j", "j", "j", "j", "A")
        script.see("A", "p")
        script.end()


def orders():
    """Other orders of the queue, and why a solution is where it is."""
    for size in SIZES:
        script = Script("orders", size, base("reviewed"))
        script.see("t", "t")
        script.see("t", "t", "t", "t", "t")
        script.see("Enter")
        script.end()


def themes():
    """Colours change at once; what is read stays the same, also without colours."""
    for size in SIZES:
        script = Script("themes", size, base())
        script.see("Enter")
        usual = script.pane.screen(escapes=True)
        script.see("F10")
        script.see("Down", "Enter")
        changed = script.pane.screen(escapes=True)
        check(usual != changed, "another theme looks the same")
        script.end()
        plain = Script("no-color", size, base(), NO_COLOR="1")
        plain.see("Enter", lit=("bold", "reverse"))
        escapes = plain.pane.screen(escapes=True)
        codes = {int(code) for part in re.findall(r"\x1b\[([0-9;]*)m", escapes) for code in part.split(";") if code}
        colours = {code for code in codes if 30 <= code <= 38 or 40 <= code <= 48 or 90 <= code <= 107}
        equal(colours, set(), "colours in spite of NO_COLOR")
        plain.see("y")
        plain.end()


main(layouts, samples, provenance, soundness, blind, searching, queues, adjudication, figures, palette, help_and_guide,
     settings, bookmarks, writing, reading, orders, themes)
