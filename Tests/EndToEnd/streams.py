#!/usr/bin/env python3
"""Standard streams that are closed, full or read no more: messages are dropped, products fail with a code, nothing traps."""

import shlex
import subprocess

from support.harness import PROGRAM, check, environment, equal, main, program, sample, scratch, workspace

SOLUTIONS = sample("solutions.prm800k.jsonl")[0]
_path = None


def path():
    global _path
    if _path is None:
        _path = workspace("streams", SOLUTIONS)
    return _path


def commands():
    """A command of each family that ends well, and whether standard output is its product."""
    first = path()
    return [
        (["--help"], True), (["--version"], True), (["keys"], True), (["themes"], True), (["prompts", "deep"], True),
        (["-w", first, "list"], True), (["-w", first, "list", "--json"], True), (["-w", first, "show", "#1"], True),
        (["-w", first, "show", "#1", "--format", "html"], True), (["-w", first, "stats"], True),
        (["-w", first, "agreement"], True), (["-w", first, "curate"], True), (["-w", first, "explain", "#1"], True),
        (["-w", first, "queues"], False), (["-w", first, "sets"], False), (["-w", first, "runs"], False),
        (["-w", first, "export", "reviews"], False),
        (["-w", first, "export", "solutions", "--format", "prm800k"], True),
        (["-w", first, "leaderboard"], False), (["-w", first, "trust"], False), (["engines", "list"], True),
        (["-w", first, "generate", "initial", "--dry-run", "--model", "m"], True),
        (["-w", first, "comment", "#1", "--step", "1", "--text", "a remark"], False), (["-w", first, "undo"], False),
        (["-w", first, "import", SOLUTIONS], False), (["init", scratch("streams-new")], False),
    ]


def code(arguments, ending):
    """Runs the program with redirections; gives its own exit code."""
    place = scratch("code")
    line = " ".join(shlex.quote(word) for word in [PROGRAM, *arguments])
    subprocess.run(
        ["bash", "-c", f"{line} {ending}\necho ${{PIPESTATUS[0]}} > {shlex.quote(place)}"], env=environment(),
        stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    with open(place) as file:
        return int(file.read())


def messages_that_cannot_be_written_are_dropped():
    for arguments, _ in commands():
        if arguments[0] == "init":
            continue
        usual = code(arguments, ">/dev/null 2>/dev/null")
        for ending in ["2>&-", "2>/dev/full", "2> >(exit)"]:
            equal(code(arguments, ">/dev/null " + ending), usual, f"{' '.join(arguments)} {ending}")
    # What fails has its own code all the same.
    for ending in ["2>&-", "2>/dev/full", "2> >(exit)"]:
        equal(code(["-w", scratch("nowhere"), "list"], ">/dev/null " + ending), 1, f"a failure {ending}")
        equal(code(["list", "--nonsense"], ">/dev/null " + ending), 2, f"wrong usage {ending}")


def a_product_that_cannot_be_written_is_an_error():
    for arguments, is_product in commands():
        if arguments[0] == "init":
            continue
        for ending in [">/dev/full", ">&-"]:
            got = code(arguments, ending + " 2>/dev/null")
            check(got in ((1,) if is_product else (0, 1, 3)), f"{' '.join(arguments)} {ending} ended with {got}")
    done = subprocess.run(
        ["bash", "-c", f"{shlex.quote(PROGRAM)} -w {shlex.quote(path())} list >/dev/full"], env=environment(),
        capture_output=True, timeout=60)
    check(b"standard output cannot be written to" in done.stderr, done.stderr.decode())


def a_reader_that_has_seen_enough_ends_the_command():
    for arguments, is_product in commands():
        if arguments[0] == "init":
            continue
        got = code(arguments, "2>/dev/null | head -1")
        # A short text was written before the pipe was closed.
        check(got in (0, 1, 3, 141), f"{' '.join(arguments)} | head -1 ended with {got}")
        got = code(arguments, "2>/dev/null | exit")
        check(got in (0, 1, 3, 141), f"{' '.join(arguments)} | exit ended with {got}")
    done = subprocess.run(
        ["bash", "-c", f"{shlex.quote(PROGRAM)} -w {shlex.quote(path())} export solutions --format prm800k | head -c 1"],
        env=environment(), capture_output=True, timeout=60)
    check(b"cannot" not in done.stderr and b"atal" not in done.stderr, done.stderr.decode())


def with_all_streams_closed_nothing_goes_into_the_database():
    first = path()
    before = program("-w", first, "export", "reviews").stdout
    for _ in range(3):
        equal(code(["-w", first, "comment", "#1", "--step", "1", "--text", "said into nothing"], "<&- >&- 2>&-") in (0, 1), True, "all closed")
    program("-w", first, "doctor", expect=None)
    after = program("-w", first, "export", "reviews").stdout
    check(after.startswith(before), "the log has changed")
    with open(first + "/workspace.sqlite", "rb") as file:
        equal(file.read(16), b"SQLite format 3\0", "the database's first bytes")


def standard_input_that_cannot_be_read_is_an_error():
    done = subprocess.run(
        ["bash", "-c", f"{shlex.quote(PROGRAM)} render - < /"], env=environment(), capture_output=True, timeout=60)
    equal(done.returncode, 1, "a directory as standard input")
    check(b"standard input cannot be read" in done.stderr, done.stderr.decode())


main(
    messages_that_cannot_be_written_are_dropped, a_product_that_cannot_be_written_is_an_error,
    a_reader_that_has_seen_enough_ends_the_command, with_all_streams_closed_nothing_goes_into_the_database,
    standard_input_that_cannot_be_read_is_an_error)
