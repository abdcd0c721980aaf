#!/usr/bin/env python3
"""Every command keeps the same habits: -w, --json, exit codes, reading that changes
nothing, Ctrl-C. Writes the table of docs with RECORD_TABLE=1; a command that stands nowhere below fails."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time

from support.harness import PACKAGE, PROGRAM, check, environment, equal, main, program, sample, scratch, wait_until, workspace

TABLE = os.path.join(PACKAGE, "docs/reference/consistency.md")

# Commands that only read, with arguments that work on the reviewed sample workspace. Each is run twice.
READ = {
    "export reviews": [], "export solutions": ["--format", "prm800k"], "list": [], "show": ["1"],
    "render": [os.path.join(PACKAGE, "README.md")], "stats": [], "queues list": [], "agreement": [], "adjudicate": [],
    "prompts": [], "curate": [], "explain": ["1"], "sets log": [], "sets diff": ["1", "2"], "lineage": ["1"], "runs list": [],
    "engines list": [], "doctor": [], "trust": [], "keys": [], "themes": [],
}
# Commands that write: run twice, the second time changes nothing, or says that there is nothing to do.
WRITE = {
    "sample": ["--path"], "import": sample(), "verdict": ["3", "--step", "1", "--verdict", "correct"], "flag": ["1", "--step", "1"],
    "tag": ["hard", "2"], "exclude": ["3", "--note", "doubtful"], "include": ["3"], "label estimate": [],
    "queues save": ["mine", "--filter", "state:todo"],
}
# Commands that ask a server: Ctrl-C ends each of them while it waits for one that never answers.
ASK = {
    "generate": ["initial"], "label sample": [], "label rollout": ["--include-labelled", "--include-benchmarks"], "evaluate": ["--benchmark", "@processbench"],
    "guide": ["--critic", "none"], "live": ["1", "--linear"],
}
# What other scripts run: they need a terminal, a run, an environment or a run of an engine.
ELSEWHERE = {
    "": "screens.py", "init": "commands.py", "export sft": "curation.py", "export prm": "curation.py", "export rl": "labels.py",
    "share": "share.py", "queues delete": "queues.py", "comment": "one_label.py", "undo": "commands.py",
    "demo": "presenting.py", "stage": "presenting.py", "stage play": "presenting.py", "stage notes": "presenting.py", "critique": "commands.py",
    "grade": "labels.py", "compare": "evaluate.py", "leaderboard": "evaluate.py", "train": "launch.py", "runs show": "launch.py", "runs logs": "launch.py",
    "runs chart": "launch.py", "runs samples": "launch.py", "runs compare": "launch.py", "runs stop": "launch.py",
    "runs resume": "launch.py", "runs serve": "Engines/serve.py", "runs note": "launch.py", "runs fetch": "launch.py",
    "runs delete": "launch.py", "engines install": "Engines/training.py", "engines check": "Engines/training.py",
}


def commands():
    """Every command with its arguments, by its words."""
    root = json.loads(program("--experimental-dump-help").stdout)["command"]
    found = {}

    def walk(command, words):
        if command["commandName"] == "help" or not command["shouldDisplay"]:
            return
        children = [child for child in command.get("subcommands", []) if child["commandName"] != "help"]
        # A group by itself does nothing but its default.
        if not children or not words:
            found[" ".join(words)] = command
        for child in children:
            walk(child, [*words, child["commandName"]])

    walk(root, [])
    return found


def flags(command):
    return {("--" if name["kind"] == "long" else "-") + name["name"]
            for argument in command.get("arguments", []) for name in argument.get("names", [])}


def reviewed():
    """The sample data with some reviews and two training sets."""
    path = workspace("reviewed")
    program("-w", path, "--linear", "--reviewer", "ann", stdin=b"open 1\nN\nopen 2\nY\nquit\n")
    for name, extra in (("sft", []), ("more", ["--validation", "0.5"])):
        program("-w", path, "export", "sft", "-o", os.path.join(path, name), *extra)
    return path


def every_command_is_tried():
    tried = [*READ, *WRITE, *ASK, *ELSEWHERE]
    equal(sorted(set(commands()) - set(tried)), [], "commands that no table names")
    equal(len(tried), len(set(tried)), "commands named once")
    for script in set(ELSEWHERE.values()):
        folder = "Tests" if "/" in script else "Tests/EndToEnd"
        check(os.path.exists(os.path.join(PACKAGE, folder, script)), f"there is no {script}")


def wrong_usage_is_one_sentence():
    for words in commands():
        done = program(*words.split(), "--no-such-option", expect=2)
        lines = done.stderr.decode().strip().splitlines()
        check(len(lines) == 1 and lines[0].startswith("deepcritic: ") and not done.stdout, f"'{words}': {lines}")


def a_missing_workspace_is_named():
    arguments = {**READ, **WRITE, **ASK}
    for words, command in commands().items():
        # These look at the user's own files.
        if "-w" in flags(command) and words in arguments and words not in ("trust", "keys", "prompts", "engines list", "doctor"):
            done = program(*words.split(), "-w", scratch("nowhere"), *filled(arguments[words]), expect=None)
            said = done.stderr.decode()
            check(done.returncode == 1 and "nowhere" in said, f"'{words}' ended with {done.returncode}: {said}")


def reading_changes_nothing():
    path = reviewed()
    known = commands()
    for words, arguments in READ.items():
        command = [*words.split(), *(["-w", path] if "-w" in flags(known[words]) else []), *arguments]
        first, second = (program(*command).stdout for _ in range(2))
        if words != "doctor":
            equal(second, first, f"the second run of '{words}'")
        if "--json" in flags(known[words]) and words != "render":
            said = program(*command, "--json").stdout
            try:
                for document in ([said] if said.lstrip()[:1] in (b"[", b"{") and b"}\n{" not in said else said.splitlines()):
                    json.loads(document)
            except ValueError as problem:
                check(False, f"'{words} --json': {problem}: {said[:80]!r}")
            check(said.strip() or words == "adjudicate", f"'{words} --json' says nothing")


def writing_twice_is_writing_once():
    path = reviewed() if not os.path.exists(scratch("reviewed")) else scratch("reviewed")
    known = commands()

    def content():
        return program("-w", path, "export", "reviews").stdout, program("-w", path, "list", "--json").stdout

    for words, arguments in WRITE.items():
        command = [*words.split(), *(["-w", path] if "-w" in flags(known[words]) else []), *arguments]
        program(*command, expect=None)
        before = content()
        again = program(*command, expect=None)
        check(again.returncode in (0, 1), f"'{words}' again ended with {again.returncode}: {again.stderr.decode()}")
        check(content() == before, f"'{words}' again has changed the workspace")


class Silent:
    """A server that takes connections and never answers."""

    def __enter__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}/v1"
        return self

    def __exit__(self, *_):
        self.socket.close()


def filled(arguments):
    """Arguments with the names of files in place of @words."""
    problems = scratch("problems.jsonl")
    with open(problems, "w", encoding="utf-8") as file:
        file.write(json.dumps({"problem": "What is 2 + 2?", "answer": "4"}) + "\n")
    names = {"@processbench": sample("processbench.sample.json")[0], "@problems": problems}
    return [names.get(argument, argument) for argument in arguments]


def ctrl_c_ends_what_waits():
    path = scratch("asks")
    shutil.copytree(scratch("reviewed") if os.path.exists(scratch("reviewed")) else reviewed(), path)
    program("-w", path, "import", "--quiet", filled(["@problems"])[0])
    for words, arguments in ASK.items():
        with Silent() as server:
            process = subprocess.Popen(
                [PROGRAM, *words.split(), "-w", path, *filled(arguments), "--endpoint", server.address, "--model", "none"],
                env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            server.socket.settimeout(20)
            try:
                connection, _ = server.socket.accept()
            except TimeoutError:
                process.kill()
                check(False, f"'{words}' asked nothing: {process.communicate()[1].decode()}")
            process.send_signal(signal.SIGINT)
            # The first one waits for what is under way, and says so; the second does not.
            begun = time.monotonic()
            wait_until(lambda: process.poll() is not None or time.monotonic() - begun > 2, "")
            process.send_signal(signal.SIGINT)
            wait_until(lambda: process.poll() is not None, f"'{words}' does not end by Ctrl-C")
            said = process.communicate()[1].decode()
            connection.close()
            equal(process.returncode, 130, f"exit code of '{words}' after Ctrl-C ({said})")


def the_table_is_that_of_the_program():
    lines = ["# What every command has in common", "",
             "Written by `RECORD_TABLE=1 Tests/EndToEnd/consistency.py`, which runs the commands. All of them answer `--help` with an "
             "example, and wrong usage with one sentence and exit code 2; the other codes are those of `deepcritic --help`.", "",
             "- **reads**: changes nothing; a second run prints the same.",
             "- **again**: a second run adds nothing.",
             "- **Ctrl-C**: ends it with exit code 130; what was finished is kept.", "",
             "| command | `-w` | `--json` | `-o` | `-q` | `--dry-run` | habits |", "|---|---|---|---|---|---|---|"]
    for words, command in sorted(commands().items()):
        has = flags(command)
        habits = "reads" if words in READ else "again" if words in WRITE else "Ctrl-C" if words in ASK else ""
        cells = ["✓" if flag in has else "" for flag in ("-w", "--json", "-o", "-q", "--dry-run")]
        lines.append("| `" + f"deepcritic {words}".strip() + "` | " + " | ".join([*cells, habits]) + " |")
    text = "\n".join(lines) + "\n"
    if os.environ.get("RECORD_TABLE"):
        os.makedirs(os.path.dirname(TABLE), exist_ok=True)
        with open(TABLE, "w", encoding="utf-8") as file:
            file.write(text)
    with open(TABLE, encoding="utf-8") as file:
        equal(file.read(), text, "docs/reference/consistency.md (RECORD_TABLE=1 writes it)")


if __name__ == "__main__":
    main(every_command_is_tried, wrong_usage_is_one_sentence, a_missing_workspace_is_named,
         reading_changes_nothing, writing_twice_is_writing_once, ctrl_c_ends_what_waits, the_table_is_that_of_the_program)
