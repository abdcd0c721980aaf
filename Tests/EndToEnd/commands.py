#!/usr/bin/env python3
"""The commands of the built program (DEEPCRITIC names it), as scripts and people use them.

Standard library only. Every test works in a folder of its own; nothing outside it is touched.
"""

import contextlib
import fcntl
import json
import os
import re
import pty
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest
from pathlib import Path

from support import report
from support.harness import PACKAGE, PROGRAM, data_folders

SAMPLES = Path(PACKAGE) / "SampleData"
BENCHMARK_FILES = {
    "processbench/gsm8k.json": ("processbench", 400),
    "processbench/math.json": ("processbench", 1000),
    "mr-gsm8k/processed_test.json": ("mrgsm8k", 1418),
    "prm800k/samples.jsonl": ("prm800k", 6),
}
# Solutions first, so that critiques find them.
SAMPLE_FILES = [
    str(SAMPLES / name)
    for name in (
        "solutions.prm800k.jsonl",
        "processbench.sample.json",
        "critiques.deep.jsonl",
        "critiques.merged.jsonl",
    )
]


def environment(**changes):
    env = {k: v for k, v in os.environ.items() if not k.startswith("DEEPCRITIC")}
    env.update({"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "NO_COLOR": ""})
    env["XDG_CONFIG_HOME"] = os.devnull  # Nobody's own settings.
    env.update(changes)
    return env


def record(number, steps=4):
    """A PRM800K record of our own, different for every number."""
    return {
        "labeler": "e2e",
        "timestamp": "2024-01-01T00:00:00",
        "generation": 9,
        "is_quality_control_question": False,
        "is_initial_screening_question": False,
        "question": {
            "problem": f"What is {number} plus {number}?",
            "ground_truth_solution": None,
            "ground_truth_answer": str(2 * number),
            "pre_generated_steps": [],
            "pre_generated_answer": str(2 * number),
            "pre_generated_verifier_score": None,
        },
        "label": {
            "steps": [
                {
                    "completions": [{"text": f"Step {k} about {number}. " + "x" * 300, "rating": 1, "flagged": False}],
                    "human_completion": None,
                    "chosen_completion": 0,
                }
                for k in range(1, steps + 1)
            ],
            "total_time": 1000,
            "finish_reason": "solution",
        },
    }


def write_records(path, numbers):
    with open(path, "w", encoding="utf-8") as file:
        for number in numbers:
            file.write(json.dumps(record(number)) + "\n")


class Commands(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="deepcritic e2e "))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def run_program(self, *arguments, code=0, input=None, env=None, cwd=None, **options):
        """Runs the program and checks its exit code (`None`: any of its own); the output is decoded text."""
        result = subprocess.run(
            [PROGRAM, *map(str, arguments)],
            input=input,
            stdin=subprocess.DEVNULL if input is None else None,
            capture_output=True,
            encoding="utf-8",
            env=env or environment(),
            cwd=cwd or self.folder,
            timeout=180,
            **options,
        )
        self.assertIn(
            result.returncode, (0, 1, 2, 3) if code is None else (code,), f"{arguments}\nstdout: {result.stdout[-2000:]}\nstderr: {result.stderr[-2000:]}"
        )
        return result

    def workspace(self, name="w", files=()):
        path = self.folder / name
        self.run_program("init", path)
        if files:
            self.run_program("import", "-w", path, *files)
        return path

    def json(self, *arguments, **options):
        return json.loads(self.run_program(*arguments, **options).stdout)

    def lines(self, *arguments, **options):
        return [json.loads(line) for line in self.run_program(*arguments, **options).stdout.splitlines()]

    def one_sentence(self, result):
        lines = result.stderr.splitlines()
        self.assertEqual(len(lines), 1, result.stderr)
        self.assertTrue(lines[0].startswith("deepcritic: "), result.stderr)
        return lines[0]

    # The program itself

    def test_version_and_help(self):
        version = self.run_program("--version")
        self.assertRegex(version.stdout, r"^\d+\.\d+\.\d+ \(.+\)\n$")
        self.assertEqual(version.stderr, "")

    def test_help_begins_with_an_example_and_fits(self):
        commands = [[]]
        while commands:
            command = commands.pop()
            text = self.run_program(*command, "--help").stdout
            lines = text.splitlines()
            first = next((line for line in lines if line.startswith("  $ ")), "")
            self.assertTrue(first.startswith("  $ deepcritic"), text)
            self.assertLess(lines.index(first), 4, text)
            self.assertEqual([line for line in lines if len(line) > 80], [])
            self.assertEqual("--version" in text, not command, text)
            self.assertEqual("  -w, --workspace" in text, not command, text)
            below = [line.split()[0] for part in text.split("SUBCOMMANDS:\n")[1:]
                     for line in part.split("\n\n")[0].splitlines() if re.match(r"  [a-z]", line)]
            commands += [command + [name] for name in below if len(command) < 2]

    def test_wrong_usage_is_2(self):
        for arguments in (["nonsense"], ["list", "--sort", "color"], ["import"], ["list", "--limit", "x"],
                          ["list", "--limit", "-1"], ["export", "solutions", "--format", "sft", "--convert"],
                          ["export", "reviews", "-o", "x.gz"], ["--mode", "open"], ["--reviewer", " "]):
            result = self.run_program(*arguments, code=2)
            self.assertEqual(result.stdout, "")
            self.one_sentence(result)

    def test_no_workspace(self):
        sentence = self.one_sentence(self.run_program("list", code=1))
        self.assertIn("deepcritic init", sentence)
        self.assertIn("deepcritic sample", sentence)
        self.assertIn("nowhere", self.one_sentence(self.run_program("stats", "-w", "nowhere", code=1)))

    def test_choice_of_workspace(self):
        first = self.workspace("first", SAMPLE_FILES[:1])
        second = self.workspace("second", SAMPLE_FILES[1:2])
        self.assertEqual(self.json("stats", "--json", cwd=first)["solutions"], 31)
        by_variable = environment(DEEPCRITIC_WORKSPACE=str(second))
        self.assertEqual(self.json("stats", "--json", cwd=first, env=by_variable)["solutions"], 4)
        for arguments in (["stats", "--json", "-w", first], ["-w", first, "stats", "--json"]):
            self.assertEqual(self.json(*arguments, env=by_variable)["solutions"], 31)

    def test_init(self):
        path = self.workspace("new/deep down")
        self.assertTrue((path / "workspace.sqlite").exists())
        self.assertIn("already", self.one_sentence(self.run_program("init", path, code=1)))
        blocked = self.folder / "file"
        blocked.write_text("")
        self.one_sentence(self.run_program("init", blocked / "below", code=1))

    def test_screen_needs_a_terminal(self):
        sentence = self.one_sentence(self.run_program("-w", self.workspace(), code=1))
        self.assertIn("--linear", sentence)

    def test_closed_pipe_ends_quietly(self):
        path = self.workspace(files=SAMPLE_FILES)
        big = self.folder / "big.jsonl"
        write_records(big, range(3000))
        self.run_program("import", "-q", "-w", path, big)
        result = subprocess.run(
            ["bash", "-c", '"$0" list -w "$1" | head -n 1', PROGRAM, str(path)],
            capture_output=True, text=True, env=environment(),
        )
        self.assertEqual(result.stderr, "")
        self.assertEqual(len(result.stdout.splitlines()), 1)

    def test_full_standard_output(self):
        path = self.workspace(files=SAMPLE_FILES)
        with open("/dev/full", "w") as full:
            result = subprocess.run(
                [PROGRAM, "list", "--json", "-w", str(path)], stdout=full, stderr=subprocess.PIPE, text=True,
                env=environment(),
            )
        self.assertEqual(result.returncode, 1)
        self.one_sentence(result)

    # Import

    def test_samples_and_idempotence(self):
        path = self.workspace()
        first = self.json("import", "-w", path, "--json", *SAMPLE_FILES)["files"]
        self.assertEqual([entry["summary"]["records"] for entry in first], [31, 4, 14, 13])
        self.assertEqual(sum(entry["summary"]["added"] for entry in first), 35)
        before = self.json("stats", "-w", path, "--json")
        second = self.json("import", "-w", path, "--json", *SAMPLE_FILES)["files"]
        for entry in second:
            summary = entry["summary"]
            self.assertEqual((summary["added"], summary["critiques"], summary["bad"]), (0, 0, 0), entry)
            self.assertEqual(summary["already"], summary["records"], entry)
        self.assertEqual(self.json("stats", "-w", path, "--json"), before)
        self.assertEqual(before["solutions"], 35)
        self.assertEqual(before["withError"], 18 + 3)
        self.assertEqual(before["critiqued"], {"initial": 14, "deep": 14, "merged": 13})

    def test_benchmark_files(self):
        cases = [(Path(folder) / name, *told) for folder in data_folders() for name, told in BENCHMARK_FILES.items()]
        for number, (source, format, count) in enumerate(cases):
            with self.subTest(source):
                path = self.workspace(f"benchmark-{number}")
                summary = self.json("import", "-w", path, "--json", source)["files"][0]["summary"]
                self.assertEqual((summary["format"], summary["records"], summary["bad"]), (format, count, 0))
                self.assertEqual(self.json("import", "-w", path, "--json", source)["files"][0]["summary"]["added"], 0)
                if source.suffix == ".json":
                    original = json.loads(source.read_text(encoding="utf-8"))
                else:
                    original = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
                exported = self.folder / "exported.json"
                self.run_program("export", "solutions", "-w", path, "--format", format, "-o", exported)
                self.assertEqual(json.loads(exported.read_text(encoding="utf-8")), original)
                self.assertEqual(
                    self.lines("export", "solutions", "-w", path, "--format", format, "-o", "-"), original)
                listed = self.lines("list", "-w", path, "--json")
                self.assertLessEqual(len(listed), count)
                for row in listed[:3] + listed[-3:]:
                    shown = self.json("show", row["key"], "-w", path, "--json")
                    self.assertEqual(len(shown["steps"]), row["steps"])
                    self.run_program("show", f"#{row['number']}", "-w", path)

    def test_bad_files(self):
        path = self.workspace()
        good = [json.dumps(record(n)).encode() for n in range(3)]
        truncated = self.folder / "truncated.jsonl"
        truncated.write_bytes(good[0] + b"\n" + good[1] + b"\n" + good[2][:200])
        result = self.run_program("import", "-w", path, truncated, code=3)
        self.assertIn(f"{truncated}:3: ", result.stderr)
        self.assertIn("cut off", result.stderr)
        badly_coded = self.folder / "coding.jsonl"
        badly_coded.write_bytes(good[0] + b"\n" + good[2].replace(b"What is", b"What \xff is") + b"\n")
        result = self.run_program("import", "-w", path, badly_coded, code=3)
        self.assertIn(f"{badly_coded}:2: ", result.stderr)
        # A missing file fails, but does not stop the next one.
        late = self.folder / "late.jsonl"
        late.write_bytes(json.dumps(record(77)).encode())
        result = self.run_program("import", "-w", path, "--json", self.folder / "missing.jsonl", late, code=1)
        entries = json.loads(result.stdout)["files"]
        self.assertIn("error", entries[0])
        self.assertEqual(entries[1]["summary"]["added"], 1)
        self.assertIn("missing.jsonl", result.stderr)
        # Strict: nothing of the file.
        strict = self.workspace("strict")
        result = self.run_program("import", "-w", strict, "--strict", truncated, code=1)
        self.assertIn(f"{truncated}:3: ", result.stderr)
        self.assertEqual(self.json("stats", "-w", strict, "--json")["solutions"], 0)
        for name, content in {"empty.jsonl": b"", "words.txt": b"no json at all\n" * 5, "x.parquet": b"PAR1" * 99}.items():
            file = self.folder / name
            file.write_bytes(content)
            self.one_sentence(self.run_program("import", "-w", path, file, code=1))
        (self.folder / "nothing").mkdir()
        self.one_sentence(self.run_program("import", "-w", path, self.folder / "nothing", code=1))

    def test_hostile_text(self):
        path = self.workspace()
        hostile = record(1)
        evil = "\x1b]0;owned\x07\x1b[2J\u202edesrever\u200b \x9b31m tail"
        hostile["question"]["problem"] = evil
        hostile["label"]["steps"][0]["completions"][0]["text"] = evil
        source = self.folder / "evil\x1b[31m.jsonl"
        source.write_text(json.dumps(hostile) + "\nnot json \x1b[2J\n")
        result = self.run_program("import", "-w", path, source, code=3)
        outputs = [result.stderr]
        for arguments in (["list"], ["show", "1"], ["list", "\x1b[2Jword"], ["show", "\x1b[2J"]):
            code = 1 if arguments == ["show", "\x1b[2J"] else 0
            result = self.run_program(*arguments, "-w", path, code=code)
            outputs += [result.stdout, result.stderr]
        linear = self.run_program("--linear", "-w", path, input="open 1\n\x1b[2J\nc \x1b[31mred\nshow\n")
        outputs += [linear.stdout, linear.stderr]
        for output in outputs:
            for character in "\x1b\x07\x9b\u202e\u200b":
                self.assertNotIn(character, output)
        self.assertEqual(self.json("show", "1", "-w", path, "--json")["problem"], evil)

    def test_json_cannot_act_on_a_terminal(self):
        path = self.workspace()
        evil = "a\x7f\x9b31m\u200e\u202e\u2028\u2066b √"
        hostile = record(1)
        hostile["question"]["problem"] = evil
        source = self.folder / "evil.jsonl"
        source.write_text(json.dumps(hostile, ensure_ascii=False) + "\n", encoding="utf-8")
        self.run_program("import", "-w", path, source)
        shown = self.run_program("show", "1", "-w", path, "--json").stdout
        for character in evil[1:-3]:
            self.assertFalse(ord(character) > 0x7e and character in shown, repr(character))
        self.assertEqual(json.loads(shown)["problem"], evil)
        self.assertIn("√", shown)
        export = ["export", "solutions", "--format", "prm800k", "-w", path]
        # The very bytes, but for the character at which some readers of lines would split.
        kept = source.read_text(encoding="utf-8").replace("\u2028", "\\u2028")
        self.assertEqual(self.run_program(*export).stdout, kept)
        controller, terminal = pty.openpty()
        process = subprocess.Popen(
            [PROGRAM, *map(str, export)], stdin=subprocess.DEVNULL, stdout=terminal, stderr=subprocess.DEVNULL,
            env=environment(), cwd=self.folder)
        os.close(terminal)
        output = b""
        with contextlib.suppress(OSError):
            while part := os.read(controller, 4096):
                output += part
        os.close(controller)
        self.assertEqual(process.wait(), 0)
        self.assertNotIn("\u202e", output.decode())
        self.assertEqual(json.loads(output), hostile)

    def test_a_directory_is_imported_and_what_is_passed_over_is_named(self):
        path = self.workspace()
        data = self.folder / "data"
        (data / "below").mkdir(parents=True)
        shutil.copy(SAMPLES / "solutions.prm800k.jsonl", data / "below" / "b.jsonl")
        shutil.copy(SAMPLES / "critiques.deep.jsonl", data / "a.jsonl")
        (data / "manifest.json").write_text('{"content_hash": "00"}')
        (data / "table.parquet").write_text("PAR1")
        (data / "other.parquet").write_text("PAR1")
        (data / ".hidden.jsonl").write_text("")
        os.symlink("..", data / "below" / "up")
        self.run_program("init", data / "mine")
        result = self.run_program("import", "-w", path, data, SAMPLES / "processbench.sample.json", "--json")
        report = json.loads(result.stdout)
        self.assertEqual([os.path.relpath(entry["file"], data) for entry in report["files"]][:2],
                         ["a.jsonl", "below/b.jsonl"])
        self.assertEqual([entry["summary"]["added"] for entry in report["files"]], [14, 17, 4])
        self.assertEqual({entry["kind"]: entry["files"] for entry in report["passedOver"]}, {
            "hidden": [".hidden.jsonl"], ".parquet": ["other.parquet", "table.parquet"],
            "link to a directory": ["below/up"], "workspace": ["mine"], "not a dataset": ["manifest.json"]})
        self.assertEqual(result.stderr.count("passed over"), 1)
        # A damaged file is not a kind of file: it is reported, and the others are imported.
        (data / "broken.jsonl").write_text("no JSON")
        result = self.run_program("import", "-w", path, data, code=1)
        self.assertIn("broken.jsonl is not JSON", result.stderr)
        (self.folder / "none").mkdir()
        self.assertIn("holds no file", self.run_program("import", "-w", path, self.folder / "none", code=1).stderr)

    def test_a_limit_of_nothing_lists_nothing(self):
        path = self.workspace(files=SAMPLE_FILES[:1])
        result = self.run_program("list", "-w", path, "--limit", "0")
        self.assertEqual((len(result.stdout.splitlines()), result.stderr), (1, ""))
        self.assertIn("name", result.stdout)
        result = self.run_program("list", "-w", path, "--limit", "0", "--json")
        self.assertEqual((result.stdout, result.stderr), ("", ""))
        self.assertIn("No solution matches", self.run_program("list", "-w", path, "--limit", "0", "steps>99").stderr)

    def test_bad_records_are_listed(self):
        path = self.workspace()
        self.assertEqual(self.json("stats", "--bad", "--json", "-w", path), [])
        source = self.folder / "cut.jsonl"
        source.write_text(json.dumps(record(1)) + "\n" + '{"cut": \n')
        self.run_program("import", "-w", path, source, code=3)
        self.assertTrue(self.run_program("stats", "--bad", "-w", path).stdout.startswith(f"{source}:2: "))
        self.assertEqual([bad["line"] for bad in self.json("stats", "--bad", "--json", "-w", path)], [2])
        write_records(source, [1, 2])
        self.run_program("import", "-w", path, source)
        self.assertEqual(self.run_program("stats", "--bad", "-w", path).stdout, "")

    def test_reviews_of_solutions_not_here_are_counted(self):
        one = self.workspace("one", SAMPLE_FILES)
        self.run_program("--linear", "-w", one, "--reviewer", "ann", input="open 1\ny\nquit\n")
        file = self.folder / "reviews.jsonl"
        self.run_program("export", "reviews", "-w", one, "-o", file)
        two = self.workspace("two", [file])
        self.assertIn("1 reviewed solution is not in this workspace yet", self.run_program("stats", "-w", two).stdout)

    def on_terminal(self, columns, *arguments, stream="stdout"):
        """Runs the program with one stream on a terminal of its own; returns what it wrote there."""
        controller, terminal = pty.openpty()
        fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen(
            [PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL, env=environment(), cwd=self.folder,
            **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, stream: terminal},
        )
        os.close(terminal)
        shown = b""
        while True:
            try:
                part = os.read(controller, 4096)
            except OSError:
                break
            if not part:
                break
            shown += part
        os.close(controller)
        self.assertEqual(process.wait(), 0)
        return shown.decode()

    def test_show_lays_mathematics_out_on_a_terminal(self):
        path = self.workspace()
        row = record(1)
        row["question"]["problem"] = "Simplify \\(x^2\\) over \\[\\frac{a+b}{2}\\]"
        file = self.folder / "one.jsonl"
        file.write_text(json.dumps(row) + "\n")
        self.run_program("import", "-w", path, file)
        shown = self.on_terminal(60, "show", "1", "-w", path)
        self.assertIn("Simplify x² over", shown)
        self.assertIn("a + b\r\n", shown)
        self.assertIn("─────\r\n", shown)
        self.assertIn("\\frac{a+b}{2}", self.on_terminal(60, "show", "1", "--source", "-w", path))
        self.assertIn("\\frac{a+b}{2}", self.run_program("show", "1", "-w", path).stdout)

    def test_formulas_for_other_programs(self):
        formulas = ["\\frac{a+b}{c}", "x^2\\unknown{1}", "a \\le b"]
        lines = self.run_program(
            "render", "--formulas", input="".join(json.dumps(f) + "\n" for f in formulas)).stdout.splitlines()
        rows = [json.loads(line) for line in lines]
        self.assertEqual([row["linear"] for row in rows], ["(a+b)/c", "x² \\unknown{1}", "a ≤ b"])
        self.assertEqual([row["leftAsSource"] for row in rows], [[], ["\\unknown{1}"], []])
        self.assertTrue(all(row["nanoseconds"] >= 0 for row in rows))
        ascii_form = self.run_program("render", "--formulas", "--ascii", input=json.dumps(formulas[2]) + "\n").stdout
        self.assertEqual(json.loads(ascii_form)["linear"], "a <= b")
        for bad in ("\"open\n", "5\n"):
            self.assertIn("-:1", self.one_sentence(self.run_program("render", "--formulas", input=bad, code=1)))
        self.one_sentence(self.run_program("render", "--formulas", "--report", code=2))

    def test_a_text_on_one_line(self):
        text = "Let\n\\[ S = \\sum_{k=1}^n \\frac{1}{k} \\]\nand so on.\n\n" + "Then $x = 1 + 2 + 3$. " * 20
        shown = self.run_program("render", "--linear", input=text).stdout
        self.assertEqual(shown.count("\n"), 1)
        self.assertTrue(shown.startswith("Let S = ∑_(k=1)^n (1/k) and so on. Then x = 1 + 2 + 3. Then"))
        self.assertTrue(self.run_program("--linear", "render", "--ascii", input=text).stdout.startswith("Let S = sum_"))
        self.one_sentence(self.run_program("render", "--linear", "--source", input=text, code=2))

    def test_progress_fits_the_terminal(self):
        path = self.workspace()
        big = self.folder / "a long name for a file of many records.jsonl"
        write_records(big, range(20000))
        shown = self.on_terminal(50, "import", "-w", path, big, stream="stderr")
        frames = [frame for frame in shown.split("\r") if "\x1b[K" in frame and "%" in frame]
        self.assertGreater(len(frames), 1, shown)
        for frame in frames:
            self.assertLess(len(frame.split("\x1b[K")[0]), 50, frame)

    def test_interrupted_import_is_completed(self):
        path = self.workspace()
        big = self.folder / "big.jsonl"
        write_records(big, range(30000))
        process = subprocess.Popen(
            [PROGRAM, "import", "-w", str(path), str(big)], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env=environment(), text=True,
        )
        deadline = time.time() + 60
        while self.json("stats", "-w", path, "--json")["solutions"] == 0 and time.time() < deadline:
            pass
        process.send_signal(signal.SIGINT)
        _, talk = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, talk)
        kept = self.json("stats", "-w", path, "--json")["solutions"]
        self.assertTrue(0 < kept < 30000, kept)
        self.run_program("doctor", "-w", path)
        self.run_program("import", "-q", "-w", path, big)
        self.assertEqual(self.json("stats", "-w", path, "--json")["solutions"], 30000)

    # Looking

    def test_json_everywhere(self):
        path = self.workspace(files=SAMPLE_FILES)
        rows = self.lines("list", "-w", path, "--json")
        self.assertEqual(len(rows), 35)
        self.assertEqual(rows[0]["firstError"], 5)
        self.assertEqual(rows[0]["labels"][:5], [1, 1, 1, 0, -1])
        self.assertEqual(len(self.lines("list", "-w", path, "--json", "--limit", "3")), 3)
        self.assertEqual({row["firstError"] for row in self.lines("list", "-w", path, "--json", "label:right")}, {-1})
        lengths = [row["steps"] for row in self.lines("list", "-w", path, "--json", "--sort", "length")]
        self.assertEqual(lengths, sorted(lengths, reverse=True))
        shown = self.json("show", rows[0]["key"][:8], "-w", path, "--json", "--step", "5")
        self.assertEqual([step["number"] for step in shown["steps"]], [5])
        self.assertEqual(set(shown["steps"][0]["critiques"]), {"initial", "deep", "merged"})
        names = {check["name"] for check in self.json("doctor", "-w", path, "--json")}
        self.assertLessEqual({"sqlite", "terminal", "locale", "database", "decisions", "settings", "disk"}, names)
        self.assertIn("verdict.correct", {entry["action"] for entry in self.json("keys", "--json")})
        self.assertIn("terminal", {entry["name"] for entry in self.json("themes", "--json")})
        self.one_sentence(self.run_program("show", "999", "-w", path, code=1))
        self.one_sentence(self.run_program("show", "1", "--step", "7", "-w", path, code=1))
        self.one_sentence(self.run_program("list", "state:nonsense", "-w", path, code=1))

    def test_blind_hides_labels(self):
        path = self.workspace(files=SAMPLE_FILES)
        with open(path / "deepcritic.toml", "a", encoding="utf-8") as settings:
            settings.write('mode = "blind"\n')
        self.assertNotIn("critique says", self.run_program("show", "1", "-w", path).stdout)
        self.assertIn("critique says", self.run_program("show", "1", "-w", path, "--mode", "audit").stdout)
        self.run_program("--linear", "-w", path, input="open 1\nn\nquit\n")
        self.assertIn("critique says", self.run_program("show", "1", "--step", "1", "-w", path).stdout)

    def test_blind_hides_what_tells_labels(self):
        path = self.workspace(files=SAMPLE_FILES)
        self.run_program("--linear", "-w", path, "--reviewer", "ann", input="open 1\nc Secret remark\nf\nquit\n")
        blind = ["-w", path, "--mode", "blind", "--reviewer", "bob"]
        self.assertNotIn("ann", self.run_program("show", "1", *blind).stdout)
        self.assertIn("Secret remark", self.run_program("show", "1", *blind[:-1], "ann").stdout)
        self.assertIn("Secret remark", self.run_program("show", "1", "-w", path, "--reviewer", "bob").stdout)
        for arguments in (["--sort", "disagreement"], ["--sort", "first-error"], ["label:wrong"], ["differs:deep"]):
            self.assertIn("blind", self.one_sentence(self.run_program("list", *arguments, *blind, code=2)))
            self.run_program("list", *arguments, "-w", path)
        row = self.lines("list", "--json", *blind)[0]
        self.assertEqual(row["steps"], 6)
        for name in ("firstError", "labels", "critiques", "disagreement", "differs"):
            self.assertNotIn(name, row)
        self.run_program("--linear", *blind, input="open 1\nn\nquit\n")
        row = self.lines("list", "--json", *blind)[0]
        self.assertEqual((row["firstError"], row["importedFirstError"]), (1, 5))

    def test_documented_keys_are_current(self):
        self.assertEqual(
            (Path(PACKAGE) / "docs/reference/keys.md").read_text(encoding="utf-8"), self.run_program("keys", "--markdown").stdout,
            "recreate it: deepcritic keys --markdown > docs/reference/keys.md")

    def test_reference_is_current(self):
        for page in ("commands", "conditions", "events", "formats", "settings"):
            self.assertEqual(
                (Path(PACKAGE) / f"docs/reference/{page}.md").read_text(encoding="utf-8"),
                self.run_program("reference", page).stdout,
                f"recreate it: deepcritic reference {page} > docs/reference/{page}.md")

    def test_documented_settings_are_read(self):
        path = self.workspace(files=SAMPLE_FILES)
        page = self.run_program("reference", "settings").stdout
        before = self.json("curate", "-w", path, "--json")
        (path / "deepcritic.toml").write_text(page.split("```toml\n")[1].split("```")[0])
        self.assertNotIn("Not read", self.run_program("--linear", "-w", path, input="settings.show\nquit\n").stdout)
        # They are the defaults.
        self.assertEqual(self.json("curate", "-w", path, "--json"), before)

    def test_messages_end_with_one_full_stop(self):
        path = self.workspace()
        bad = self.folder / "bad.jsonl"
        bad.write_text("x{\n")
        for arguments in (["verdict", "--from", bad], ["render", "--formulas", bad], ["import", bad],
                          ["show", "1", "--theme", self.folder]):
            where = [] if arguments[0] == "render" else ["-w", path]
            result = self.run_program(*arguments, *where, code=None)
            self.assertNotRegex(result.stderr, r"\w\.\.(\s|$)")

    def test_a_created_directory_is_named(self):
        path = self.workspace(files=SAMPLE_FILES)
        target = self.folder / "new/reviews.jsonl"
        said = self.run_program("export", "reviews", "-o", target, "-w", path).stderr
        self.assertIn(f"Created directory {target.parent}.", said)
        self.assertNotIn("Created", self.run_program("export", "reviews", "-o", target, "-w", path).stderr)

    def test_tilde_is_the_home_of_the_environment(self):
        path = self.workspace(files=SAMPLE_FILES)
        (path / "deepcritic.toml").write_text('[curate]\ntokenizer = "~/tokenizer.json"\n')
        said = self.run_program("curate", "-w", path, code=None, env=environment(HOME=str(self.folder))).stderr
        self.assertIn(str(self.folder / "tokenizer.json"), said)

    def test_keys_follow_the_settings(self):
        path = self.workspace()
        self.assertIn("| `y` `+` | `verdict.correct` |", self.run_program("keys", "--markdown").stdout)
        with open(path / "deepcritic.toml", "a", encoding="utf-8") as settings:
            settings.write('[keys]\n"verdict.correct" = "z"\n')
        self.assertIn("| `z` | `verdict.correct` |", self.run_program("keys", "--markdown", "-w", path).stdout)
        (path / "deepcritic.toml").write_text('[keys]\n"verdict.wong" = "z"\n')
        self.assertIn("verdict.wong", self.one_sentence(self.run_program("keys", "-w", path, code=1)))
        self.assertIn("verdict.wong", self.run_program("doctor", "-w", path, code=1).stdout)
        self.one_sentence(self.run_program("--linear", "-w", path, code=1))

    def test_own_settings_win_in_a_shared_folder(self):
        path = self.workspace(files=SAMPLE_FILES)
        (path / "deepcritic.toml").write_text('reviewer = "owner"\nmode = "blind"\n[generate]\nmodel = "m"\n')
        own = self.folder / "config/deepcritic/settings.toml"
        own.parent.mkdir(parents=True)
        own.write_text('reviewer = "guest"\nmode = "audit"\n[keys]\n"verdict.correct" = "z"\n')
        env = environment(XDG_CONFIG_HOME=str(self.folder / "config"))

        def findings(env):
            return {c["name"]: c["finding"] for c in self.json("doctor", "-w", path, "--json", env=env)}

        found = findings(env)
        self.assertEqual(found["reviewer"], f"guest ({own})")
        self.assertEqual(found["mode"], f"blind ({path / 'deepcritic.toml'})")
        self.assertEqual(found["theme"], "terminal (default)")
        self.assertEqual(found["keys"], f"changed: verdict.correct ({own})")
        env["DEEPCRITIC_REVIEWER"] = "visitor"
        self.assertEqual(findings(env)["reviewer"], "visitor (DEEPCRITIC_REVIEWER)")
        self.run_program("--linear", "-w", path, env=env, input="open 1\nz\nquit\n")
        self.run_program("--linear", "-w", path, "--reviewer", "named", env=env, input="open 1\nz\nquit\n")
        del env["DEEPCRITIC_REVIEWER"]
        self.run_program("--linear", "-w", path, env=env, input="open 1\nz\nquit\n")
        log = self.run_program("export", "reviews", "-w", path, "--mode", "audit").stdout
        self.assertEqual(
            [json.loads(line)["reviewer"] for line in log.splitlines()[1:]], ["visitor", "named", "guest"])
        own.write_text('[keys]\n"verdict.wong" = "z"\n')
        self.assertIn(str(own), self.one_sentence(self.run_program("keys", "-w", path, code=1, env=env)))

    # Reviews and exports

    def test_reviews_travel_both_ways(self):
        one = self.workspace("one", SAMPLE_FILES)
        two = self.workspace("two", list(reversed(SAMPLE_FILES)))
        self.run_program(
            "--linear", "-w", one, "--reviewer", "ann",
            input="open 1\ny\nn\nc A remark\nf\nu\nback\nopen 2\ny\ny\ny\nquit\n")
        key = self.lines("list", "-w", one, "--json")[0]["key"]
        self.run_program("--linear", "-w", two, "--reviewer", "bob", input=f"open {key}\nn\nback\nopen 3\nb unclear\nquit\n")
        for source, target in ((one, two), (two, one)):
            file = self.folder / f"{source.name}.jsonl"
            self.run_program("export", "reviews", "-w", source, "-o", file)
            summary = self.json("import", "-w", target, "--json", file)["files"][0]["summary"]
            self.assertGreater(summary["events"], 0)
            self.assertEqual(self.json("import", "-w", target, "--json", file)["files"][0]["summary"]["events"], 0)
        exports = [self.run_program("export", "reviews", "-w", path).stdout for path in (one, two)]
        self.assertEqual(*exports)
        both = [self.json("stats", "-w", path, "--json") for path in (one, two)]
        self.assertEqual(both[0]["reviewers"], both[1]["reviewers"])
        self.assertEqual([entry["reviewer"] for entry in both[0]["reviewers"]], ["ann", "bob"])
        self.assertEqual(both[0]["agreement"], both[1]["agreement"])
        self.assertEqual(both[0]["agreement"][0]["steps"], 1)
        for path in (one, two):
            self.run_program("doctor", "-w", path)

    def test_conversion(self):
        path = self.workspace(files=SAMPLE_FILES)
        for format in ("prm800k", "processbench", "deepcritic"):
            file = self.folder / f"{format}.json"
            # Two sample solutions have no conclusion, which a ProcessBench row needs.
            refused = 2 if format == "processbench" else 0
            result = self.run_program(
                "export", "solutions", "-w", path, "--format", format, "--convert", "-o", file,
                code=3 if refused else 0)
            said = result.stderr.splitlines()
            losses = [line for line in said if re.match(r"\d+ converted solutions? loses?: ", line)]
            self.assertEqual(len(said) - len(losses), refused + 1)
            # Nothing is dropped silently: a row of another format cannot say who labelled a solution.
            self.assertEqual(any("the labeller" in line for line in losses), format != "prm800k")
            other = self.workspace(f"back-{format}", [file])
            self.assertEqual(self.json("stats", "-w", other, "--json")["solutions"], 35 - refused)
        filtered = self.lines(
            "export", "solutions", "-w", path, "--format", "prm800k", "--filter", "label:wrong steps:<4")
        self.assertTrue(0 < len(filtered) < 31)
        # A failed export leaves what was there.
        file = self.folder / "kept.json"
        file.write_text("old")
        self.run_program(
            "export", "solutions", "-w", path, "--format", "prm800k", "--filter", "state:nonsense", "-o", file, code=1)
        self.assertEqual(file.read_text(), "old")
        self.assertEqual(
            [entry.name for entry in self.folder.iterdir() if entry.name.endswith(".tmp")], [])

    def test_records_over_several_lines(self):
        path = self.workspace()
        source = self.folder / "pretty.json"
        source.write_text(json.dumps([record(1), record(2)], indent=2))
        self.run_program("import", "-w", path, source)
        self.assertEqual(self.lines("export", "solutions", "-w", path, "--format", "prm800k"), [record(1), record(2)])

    # A hard life

    def test_doctor_finds_damage(self):
        path = self.workspace(files=SAMPLE_FILES)
        self.run_program("--linear", "-w", path, input="open 1\ny\nn\nquit\n")
        with contextlib.closing(sqlite3.connect(path / "workspace.sqlite")) as database:
            database.execute("UPDATE verdict SET rating = 0")
            database.commit()
        self.assertIn("problem  decisions", self.run_program("doctor", "-w", path, code=1).stdout)
        self.run_program("doctor", "--rebuild", "-w", path)
        self.run_program("doctor", "-w", path)
        (path / "workspace.sqlite").write_bytes(b"nothing of the kind" * 100)
        self.assertIn("backup", self.run_program("doctor", "-w", path, code=1).stdout)
        self.one_sentence(self.run_program("list", "-w", path, code=1))

    def test_read_only_workspace(self):
        path = self.workspace(files=SAMPLE_FILES)
        if os.geteuid() == 0:
            mounted = self.folder / "read only"
            mounted.mkdir()
            if not self.mount("--bind", path, mounted) or not self.mount("-o", "remount,ro,bind", mounted):
                self.skipTest("no read-only mount can be made here, and chmod does not bind root")
            path = mounted
        else:
            for file in path.iterdir():
                file.chmod(0o444)
            path.chmod(0o555)
            self.addCleanup(path.chmod, 0o755)
        self.assertEqual(len(self.lines("list", "-w", path, "--json")), 35)
        self.run_program("show", "1", "-w", path)
        self.run_program("stats", "-w", path)
        self.run_program("export", "solutions", "--format", "prm800k", "-w", path)
        self.run_program("doctor", "-w", path)
        self.assertIn("writable", self.one_sentence(self.run_program("import", "-w", path, SAMPLE_FILES[0], code=1)))
        linear = self.run_program("--linear", "-w", path, input="open 1\ny\nquit\n")
        self.assertIn("cannot be written", linear.stdout)

    def test_a_reader_beside_the_owner(self):
        """Somebody who may only read sees what the owner wrote a moment ago, or hears why not."""
        if os.geteuid() != 0:
            self.skipTest("another user can only be taken on as root")
        path = self.workspace(files=SAMPLE_FILES[:1])
        self.folder.chmod(0o755)
        path.chmod(0o755)
        for file in path.iterdir():
            file.chmod(0o644)
        reader = {"user": 65534, "group": 65534, "extra_groups": []}
        try:
            self.run_program("--version", **reader)
        except (AssertionError, PermissionError):
            self.skipTest("another user cannot run the program here")
        self.assertIn("owner", self.one_sentence(self.run_program("list", "-w", path, code=1, **reader)))
        with contextlib.closing(sqlite3.connect(path / "workspace.sqlite")) as database:
            database.execute("SELECT count(*) FROM solution").fetchone()
            self.run_program("import", "-q", "-w", path, SAMPLE_FILES[1])
            self.assertEqual(len(self.run_program("list", "--json", "-w", path, **reader).stdout.splitlines()), 35)
            self.assertIn("writable", self.one_sentence(
                self.run_program("import", "-w", path, SAMPLE_FILES[0], code=1, **reader)))

    def test_full_disk(self):
        if os.geteuid() != 0:
            self.skipTest("a small disk can only be made as root")
        disk = self.folder / "disk"
        disk.mkdir()
        if not self.mount("-t", "tmpfs", "-o", "size=6m", "tmpfs", disk):
            self.skipTest("no small disk can be mounted here")
        path = disk / "w"
        self.run_program("init", path)
        self.run_program("import", "-q", "-w", path, SAMPLE_FILES[0])
        big = self.folder / "big.jsonl"
        write_records(big, range(6000))
        sentence = self.one_sentence(self.run_program("import", "-q", "-w", path, big, code=1))
        self.assertIn("disk is full", sentence)
        self.assertGreaterEqual(self.json("stats", "-w", path, "--json")["solutions"], 31)
        target = disk / "export.jsonl"
        try:
            with open(disk / "filler", "wb", buffering=0) as filler:
                while True:
                    filler.write(b"x" * 4096)
        except OSError:
            pass
        self.one_sentence(
            self.run_program("export", "solutions", "--format", "prm800k", "-w", path, "-o", target, code=1))
        self.assertFalse(target.exists())

    def mount(self, *arguments):
        """Mounts something until the test ends. False when that is not allowed here."""
        result = subprocess.run(["mount", *map(str, arguments)], capture_output=True)
        if result.returncode == 0:
            self.addCleanup(subprocess.run, ["umount", str(arguments[-1])], capture_output=True)
        return result.returncode == 0

    def test_several_processes_at_once(self):
        path = self.workspace(files=SAMPLE_FILES)
        big = self.folder / "big.jsonl"
        write_records(big, range(20000))
        keys = [row["key"] for row in self.lines("list", "-w", path, "--json", "steps:>3", "--limit", "20")]
        script = "".join(f"open {key}\ny\ny\nn\nf\nback\n" for key in keys) + "quit\n"
        reviewers = [
            subprocess.Popen(
                [PROGRAM, "--linear", "-w", str(path), "--reviewer", name], stdin=subprocess.PIPE,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=environment(),
            )
            for name in ("ann", "bob")
        ]
        importer = subprocess.Popen(
            [PROGRAM, "import", "-w", str(path), str(big)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, encoding="utf-8", env=environment(),
        )
        for process in reviewers:
            process.stdin.write(script)
            process.stdin.close()
            process.stdin = None
        for process in (*reviewers, importer):
            output, talk = process.communicate(timeout=300)
            self.assertEqual(process.returncode, 0, talk)
            self.assertNotIn("locked", output + talk)
        events = [json.loads(line) for line in self.run_program("export", "reviews", "-w", path).stdout.splitlines()][1:]
        for name in ("ann", "bob"):
            kinds = [event["kind"] for event in events if event["reviewer"] == name]
            self.assertEqual((kinds.count("verdict"), kinds.count("flag")), (3 * len(keys), len(keys)), name)
        stats = self.json("stats", "-w", path, "--json")
        self.assertEqual(stats["solutions"], 20035)
        checks = {check["name"]: check["status"] for check in self.json("doctor", "-w", path, "--json", "--thorough")}
        self.assertEqual((checks["database"], checks["decisions"], checks["writing"]), ("ok", "ok", "ok"))


class Result(unittest.TextTestResult):
    """Reports each test as scripts/test reads it."""

    def addSuccess(self, test):
        super().addSuccess(test)
        self.report("passed", test)

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.report("skipped", test, reason)

    def addFailure(self, test, error):
        super().addFailure(test, error)
        self.report("failed", test, error[1])

    addError = addFailure

    def addSubTest(self, test, part, error):
        super().addSubTest(test, part, error)
        if error:
            self.report("failed", part, error[1])

    def report(self, outcome, test, reason=""):
        lines = str(reason).splitlines() or [""]
        report.add(outcome, test.id().split(".test_")[-1].replace("_", " "), lines[0])


if __name__ == "__main__":
    runner = unittest.TextTestRunner(verbosity=2, resultclass=Result)
    sys.exit(0 if unittest.main(testRunner=runner, exit=False).result.wasSuccessful() else 1)
