"""Scripts of keys and the whole screens that follow, kept as text beside the tests.

A file `screens/FEATURE-WIDTHxHEIGHT.txt` holds one feature at one size: what was typed, then the screen, again and again.
RECORD_SCREENS=1 writes the files again; read their difference like code.
"""

import difflib
import os
import re
import shutil
import time

from . import harness
from .harness import Failure, environment, home, scratch
from .terminal import workbench

FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "screens")
RECORDS = os.environ.get("RECORD_SCREENS") == "1"
SIZES = ((80, 24), (120, 40), (200, 60))
MOVES = set("jk|{}=.,;]") | {"Up", "Down", "PageDown", "BSpace"}
STYLES = {"1": "bold", "2": "dim", "3": "italic", "4": "underline", "7": "reverse"}


def copied(workspace, name):
    """A workspace for one script, with the same name on the screen as every other."""
    path = scratch(os.path.join(name, "audit"))
    shutil.copytree(workspace, path)
    return path


def lit(escapes, styles):
    """Stretches of a screen in some of the styles, by row and column from 1."""
    found = []
    # Styles continue from line to line.
    active = set()
    for row, line in enumerate(escapes.split("\n"), 1):
        column, text, start = 1, "", 1

        def finish():
            if text.strip():
                found.append(f"{'+'.join(sorted(current))} {row}:{start} {text.strip()}")

        current = frozenset()
        for part in re.split(r"(\x1b\[[0-9;:]*m)", line):
            codes = re.fullmatch(r"\x1b\[([0-9;:]*)m", part)
            if not codes:
                wanted = frozenset(active & set(styles))
                if wanted != current:
                    if current:
                        finish()
                    current, text, start = wanted, "", column
                if current:
                    text += part
                column += len(part)
                continue
            for code in (codes[1] or "0").split(";"):
                if code in ("", "0"):
                    active.clear()
                elif code in STYLES:
                    active.add(STYLES[code])
                elif code in ("22", "23", "24", "27"):
                    active -= {"22": {"bold", "dim"}, "23": {"italic"}, "24": {"underline"}, "27": {"reverse"}}[code]
        if current:
            finish()
    return found


class Script:
    """The workbench in a pane of one size, and the file with what is typed and seen."""

    def __init__(self, feature, size, base, *options, hide=(), **variables):
        self.name = f"{feature}-{size[0]}x{size[1]}"
        self.file = os.path.join(FOLDER, self.name + ".txt")
        self.hide = hide
        self.path = base if os.path.dirname(base).endswith(self.name) else copied(base, self.name)
        self.home = home(os.path.join("homes", self.name))
        self.variables = {"HOME": self.home, **variables}
        self.pane = workbench(self.path, *options, columns=size[0], rows=size[1], **self.variables)
        self.parts = []
        self.expected = []
        if not RECORDS:
            if not os.path.exists(self.file):
                raise Failure(f"{self.file} is missing; RECORD_SCREENS=1 writes it")
            with open(self.file, encoding="utf-8") as file:
                self.expected = re.split(r"(?m)^(?=\$ )", file.read())[1:]

    def _masked(self, screen):
        for pattern, replacement in self.hide:
            screen = re.sub(pattern, replacement, screen)
        return "\n".join(line.rstrip() for line in screen.split("\n")).rstrip("\n")

    def _part(self, words, styles, pane):
        screen = self._masked(pane.screen())
        shown = "".join(f"{line}\n" for line in screen.split("\n"))
        if styles:
            shown += "".join(f"~ {line}\n" for line in lit(pane.screen(escapes=True), styles))
        return f"$ {words}\n{shown}"

    def see(self, *keys, type=None, paste=None, lit=(), words=None, pane=None):
        """Sends keys (tmux's names), then a text, and compares the whole screen; `lit` shows what stands out, too."""
        pane = pane or self.pane
        said = list(keys)
        # A semicolon of its own would end tmux's command. Keys go together, except the same one again (a key held down gives
        # one verdict) and what follows escape (together they would be another key).
        together = "Escape" not in keys and all(a != b or a in MOVES for a, b in zip(keys, keys[1:]))
        sent = ["\\;" if key == ";" else key for key in keys]
        for group in [sent] if together and sent else [[key] for key in sent]:
            pane.keys(*group)
        if type is not None:
            pane.type(type)
            said.append(f"“{type}”")
        if paste is not None:
            pane.paste(paste)
            said.append(f"pasted “{paste}”")
        words = words or " ".join(said).replace("\n", "⏎") or "at first"
        if RECORDS:
            self.parts.append(self._settled(words, lit, pane))
            return
        number = len(self.parts)
        expected = self.expected[number] if number < len(self.expected) else ""
        part = ""
        deadline = time.monotonic() + harness.PATIENCE
        while time.monotonic() < deadline:
            part = self._part(words, lit, pane)
            if part == expected:
                break
            time.sleep(0.02)
        self.parts.append(part)
        if part != expected:
            lines = difflib.unified_diff(
                expected.splitlines(), part.splitlines(), f"{self.name}.txt, screen {number + 1}", "shown", lineterm="")
            raise Failure(f"the screen after '{words}' is another one\n" + "\n".join("  " + line for line in lines))

    def _settled(self, words, styles, pane):
        """The screen when it has not changed for a while."""
        last, since = "", time.monotonic()
        while time.monotonic() - since < 0.6:
            part = self._part(words, styles, pane)
            if part != last:
                last, since = part, time.monotonic()
            time.sleep(0.03)
        return last

    def end(self):
        """Ends the program; everything in the file has to have been seen."""
        self.pane.close()
        if RECORDS:
            os.makedirs(FOLDER, exist_ok=True)
            with open(self.file, "w", encoding="utf-8") as file:
                file.write("".join(self.parts))
        elif len(self.parts) != len(self.expected):
            raise Failure(f"{self.name}.txt has {len(self.expected)} screens, the script shows {len(self.parts)}")

    def program(self, *arguments, **options):
        """A command on the same workspace, by the same user."""
        return harness.program("-w", self.path, *arguments, env=environment(**self.variables), **options)
