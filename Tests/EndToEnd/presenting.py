#!/usr/bin/env python3
"""Demonstrations and live critiques before an audience: streams at set paces, stalls, breaks, two critics, three stages."""

import os
import subprocess
import time

from support import log
from support.faults import FaultServer
from support.harness import PACKAGE, PROGRAM, check, environment, equal, main, program, sample, scratch, workspace
from support.streamer import Streamer
from support.terminal import Pane

SIZES = [(80, 24), (120, 40), (200, 60)]
CAREFUL = """**Critique of Step 1**: $c + k = 14$ and $5c + 3k = 54$ follow. Let me verify: \\[\\frac{54 - 42}{2} = 6\\] croissants. \\boxed{1}

**Critique of Step 2**: $14 \\times 3 = 42$, the rest is 12. \\boxed{1}

**Critique of Step 3**: $6 \\times 5 = 30$. \\boxed{1}

**Critique of Step 4**: $54 \\times 0.1 = 5.4$. \\boxed{1}

**Critique of Step 5**: However, a percentage is a factor: $0.9 \\cdot 6 = 5.4$. \\boxed{-1}

**Answer**: \\boxed{5}"""
HASTY = "Step 1: fine \\boxed{1}\n\nStep 2: fine \\boxed{1}\n\nEverything holds.\n\n**Answer**: \\boxed{-1}"


def live(path, server, *models, columns=120, rows=40, options=(), solution="1"):
    words = [word for model in models for word in ("--model", model)]
    return Pane([PROGRAM, "-w", path, "live", solution, "--endpoint", server.base, *words, *options], columns, rows)


def ended(pane):
    pane.keys("Q")
    pane.wait_end("exit 0")
    pane.close()


def fits(pane, columns):
    """No line is wider than the screen, and the last one holds the keys."""
    for line in pane.lines():
        check(len(line) <= columns, lambda: f"too wide: {line!r}")
    check("? keys" in pane.lines()[-1], lambda: "the last line has no keys" + pane.shown())


def a_demonstration_needs_nothing():
    for columns, rows in SIZES:
        empty = scratch(f"nothing {columns}")
        os.makedirs(empty)
        pane = Pane(["/bin/sh", "-c", f"cd '{empty}' && exec '{PROGRAM}' demo"], columns, rows)
        pane.wait("demonstration", "croissant", "pause")
        fits(pane, columns)
        pane.keys("Right", "Right", "5")
        pane.wait("guess: step 5")
        for _ in range(60):
            if "The end." in pane.screen() or "This is the end" in pane.screen():
                break
            pane.keys("Right")
            time.sleep(0.03)
        pane.wait("step 5 is the first wrong", "people", "Merged critique")
        check("well" in pane.screen(), "the guess is not judged" + pane.shown())
        fits(pane, columns)
        pane.keys("]")
        pane.wait("demonstration-2")
        pane.keys("Space")
        pane.wait("Paused")
        ended(pane)
        equal(os.listdir(empty), [], "files in the current folder")
    left = [name for name in os.listdir(scratch()) if name.startswith("deepcritic-")]
    equal(left, [], "temporary workspaces")


def a_demonstration_runs_in_plain_text():
    done = subprocess.run([PROGRAM, "demo", "--linear"], capture_output=True, text=True, env=environment(), timeout=60)
    equal(done.returncode, 0, "exit code" + done.stderr)
    for words in ("Problem: At a café", "Step 6:", "Initial critique of step 5:", "missed: step 5 is wrong"):
        check(words in done.stdout, done.stdout)
    # Leaving what the program was started for ends it.
    pane = Pane([PROGRAM, "demo"], 80, 24)
    pane.wait("demonstration", "pause")
    pane.keys("q")
    pane.wait_end("exit 0")
    pane.close()


def critics_write_side_by_side():
    server = Streamer(careful={"text": CAREFUL, "rate": 100}, hasty={"text": HASTY, "rate": 30})
    path = workspace("side")
    for columns, rows in SIZES:
        pane = live(path, server, "careful", "hasty", columns=columns, rows=rows)
        pane.wait("first error: step 5", "all steps correct", "label", "careful sees it, hasty does not")
        fits(pane, columns)
        # Rendered, not as source: the fraction has its bar.
        if rows > 24:
            check("───────" in pane.screen() and "\\frac" not in pane.screen(), "no formula" + pane.shown())
        pane.keys("v")
        pane.wait("\\boxed{")
        ended(pane)


def names_are_hidden_until_asked_for():
    server = Streamer(careful={"text": CAREFUL, "rate": 500}, hasty={"text": HASTY, "rate": 500})
    pane = live(workspace("blind"), server, "careful", "hasty", options=["--blind"])
    pane.wait("Critic A", "Critic B", "first error: step 5")
    check("careful" not in pane.screen() and "hasty" not in pane.screen(), "a name is seen" + pane.shown())
    pane.keys("H")
    pane.wait("careful", "hasty", "Critic A is")
    ended(pane)


def formulas_appear_when_they_close():
    text = "Let me see: \\[\\frac{a}{b}\\] done. \\boxed{1}"
    server = Streamer(slow={"text": text, "rate": 1000, "size": 1, "stall": (22, 3)})
    pane = live(workspace("formula"), server, "slow")
    pane.wait("\\[\\frac{a}")
    pane.wait("done.", gone="\\frac")
    ended(pane)


def every_pace_is_followed():
    for rate, size, burst in ((1, None, 1), (50, None, 1), (50, None, 25), (2000, 4, 1)):
        text = CAREFUL if rate > 1 else "Step 1: fine \\boxed{1}\n\n**Answer**: \\boxed{-1}"
        if rate == 2000:
            text = (CAREFUL.split("**Answer**")[0]) * 60 + "**Answer**: \\boxed{5}"
        server = Streamer(paced={"text": text, "rate": rate, "size": size, "burst": burst})
        pane = live(workspace(f"pace {rate} {burst}"), server, "paced", options=["--max-tokens", "100000"])
        pane.wait("writing")
        # Keys work meanwhile.
        pane.keys("?")
        pane.wait("On the live screen")
        pane.keys("Escape")
        pane.wait("first error: step 5" if rate > 1 else "all steps correct", patience=30)
        ended(pane)


def failures_while_streaming_are_reported():
    server = Streamer(
        broken={"text": CAREFUL, "rate": 500, "break": 12}, burning={"text": CAREFUL, "rate": 500, "error": 12})
    pane = live(workspace("broken"), server, "broken", "burning")
    pane.wait("failed", "the graphics card has caught fire")
    # What came before it stays.
    check(pane.screen().count("Critique of Step 1") == 2, "the text before the failure has vanished" + pane.shown())
    pane.keys("C-s")
    pane.wait("nothing to save")
    equal(len(server.requests), 2, "requests")
    ended(pane)


def a_stall_can_be_stopped():
    server = Streamer(stuck={"text": CAREFUL, "rate": 500, "stall": (8, 60)})
    path = workspace("stall")
    pane = live(path, server, "stuck")
    pane.wait("Critique of Step 1")
    pane.keys("C-x")
    pane.wait("stopped")
    pane.keys("]")
    pane.wait("solutions-2")
    ended(pane)
    # Leaving while it streams is fine too.
    pane = live(path, server, "stuck")
    pane.wait("Critique of Step 1")
    ended(pane)


def three_stages_and_saving():
    server = FaultServer("--labels", os.path.join(PACKAGE, "SampleData/solutions.prm800k.jsonl"))
    path = workspace("stages", *sample("solutions.prm800k.jsonl"))
    pane = live(path, server, "critic", options=["--stages"], solution="2")
    pane.wait("Initial of step", "Deep of step", "Merged of step", "label")
    pane.keys("C-s")
    pane.wait("9 critiques saved")
    equal(log.query(path, "SELECT count(*) FROM critique"), [(9,)], "critiques in the workspace")
    pane.keys("C-s")
    pane.wait("Saved already")
    pane.keys("k")
    pane.wait("Merged of step 2")
    ended(pane)
    shown = subprocess.run([PROGRAM, "-w", path, "show", "2"], capture_output=True, env=environment(), text=True)
    check("Merged" in shown.stdout or "merged" in shown.stdout, shown.stdout[:2000])


def a_typed_solution_is_saved():
    server = Streamer(careful={"text": "Step 2: no \\boxed{-1}\n\n**Answer**: \\boxed{2}", "rate": 500})
    path = scratch("typed")
    program("init", path)
    file = scratch("typed.txt")
    with open(file, "w") as out:
        out.write("# Problem\n\nWhat is 1 + 1?\n\n# Solution\n\nStep 1: It is easy.\n\nStep 2: It is 3.\n")
    pane = Pane([PROGRAM, "-w", path, "live", "--file", file, "--endpoint", server.base], 120, 40)
    pane.wait("What is 1 + 1?")
    pane.keys("Enter")
    pane.wait("first error: step 2")
    pane.keys("C-s")
    pane.wait("1 critique saved")
    ended(pane)
    equal(log.query(path, "SELECT count(*) FROM solution"), [(1,)], "solutions")
    # In $EDITOR, and with a comment that is taken out.
    editor = scratch("write")
    with open(editor, "w") as out:
        out.write("#!/bin/sh\nprintf '# Problem\\nHow many?\\n\\n# Solution\\nTwo.\\n\\nOr three.\\n' > \"$1\"\n")
    os.chmod(editor, 0o700)
    pane = Pane([PROGRAM, "-w", path, "live", "--endpoint", server.base], 120, 40, EDITOR=editor)
    pane.wait("live critique")
    pane.keys("e")
    pane.wait("How many?", "Or three.")
    ended(pane)


def the_audience_guesses():
    server = Streamer(careful={"text": CAREFUL, "rate": 1000})
    pane = live(workspace("challenge"), server, "careful", options=["--challenge"])
    pane.wait("Which step is the first error?")
    pane.keys("Enter")
    pane.wait("First your guess")
    pane.keys("4")
    pane.wait("You say: step 4")
    pane.keys("Enter")
    pane.wait("The critic says: step 5", "you 0, critic 1 of 1", "the critic is right")
    ended(pane)


def plain_text_streams():
    server = Streamer(careful={"text": CAREFUL, "rate": 500}, hasty={"text": HASTY, "rate": 500})
    path = workspace("plain")

    def run(*options, expect=0, **more):
        done = subprocess.run(
            [PROGRAM, "-w", path, "live", *options], capture_output=True, env=environment(), text=True, timeout=60, **more)
        equal(done.returncode, expect, f"exit code\n{done.stdout}\n{done.stderr}")
        return done

    done = run("1", "--endpoint", server.base, "--model", "careful", "--linear")
    check("Critique of Step 1" in done.stdout and "6.\n" not in done.stdout[:5], f"the critique itself:\n{done.stdout}")
    check("\\frac" not in done.stdout and "$" not in done.stdout.split("first error")[0], f"raw TeX is spoken:\n{done.stdout}")
    check("first error: step 5\nBy the label, step 5 is the first error: the critic sees it.\n" in done.stdout, done.stdout)
    check("tokens" in done.stderr, done.stderr)
    done = run("1", "--endpoint", server.base, "--model", "careful", "--model", "hasty", "--linear", "--save")
    check("careful: first error: step 5\nhasty: no error\n" in done.stdout, done.stdout)
    check("careful sees it, hasty does not." in done.stdout, done.stdout)
    equal(log.query(path, "SELECT count(*) FROM critique WHERE step = 0"), [(2,)], "saved critiques of the whole")
    # One that is read from standard input; several models to choose from; no server; no solution.
    done = run("--file", "-", "--endpoint", server.base, "--model", "hasty", "--linear", input="P?\n\nStep 1: a\n\nStep 2: b\n")
    check("no error" in done.stdout, done.stdout)
    done = run("1", "--endpoint", server.base, "--linear", expect=1)
    check("careful, hasty" in done.stderr, done.stderr)
    done = run("1", "--endpoint", "http://127.0.0.1:9/v1", "--model", "x", "--linear", expect=3)
    check("127.0.0.1:9" in done.stderr, done.stderr)
    done = run("--linear", "--model", "x", expect=1)
    check("--file" in done.stderr, done.stderr)
    done = run("--file", os.path.join(PACKAGE, "Package.swift"), "--linear", "--model", "x", expect=3)
    done = run("1", "--file", "x", expect=2)
    # The audience guesses on standard input, and the verdict waits for the enter key.
    done = run("1", "--endpoint", server.base, "--model", "careful", "--linear", "--challenge", "--wait", input="9\n4\n\n")
    check("There are 6 steps." in done.stderr and "Press enter for the verdict." in done.stderr, done.stderr)
    check("you are wrong, the critic is right." in done.stdout, done.stdout)
    done = run("--file", "-", "--linear", "--challenge", "--model", "x", expect=2)
    # A recorded critique replaces a server that is missing.
    recorded = scratch("recorded.txt")
    with open(recorded, "w") as out:
        out.write(CAREFUL)
    done = run("1", "--endpoint", "http://127.0.0.1:9/v1", "--model", "x", "--linear", "--fallback", recorded)
    check("x (recorded):" in done.stdout and "the critic (recorded) sees it" in done.stdout, done.stdout)
    check("127.0.0.1:9" in done.stderr, done.stderr)
    # Where a server breaks off in the middle, what follows is marked.
    server.models["careful"]["break"] = 30
    done = run("1", "--endpoint", server.base, "--model", "careful", "--linear", "--fallback", recorded)
    check("(recorded)\n" in done.stdout and "the critic (recorded) sees it" in done.stdout, done.stdout)
    # Without one it is not the critic that has no answer.
    done = run("1", "--endpoint", server.base, "--model", "careful", "--linear", expect=3)
    check("no answer: the server failed or broke off" in done.stdout, done.stdout)


def a_server_that_dies_and_comes_back():
    server = Streamer(
        careful={"text": CAREFUL, "rate": 500, "break": 12}, dead={"text": CAREFUL, "rate": 500, "stall": (8, 60)})
    recorded = scratch("stands-in.txt")
    with open(recorded, "w") as out:
        out.write(CAREFUL)
    path = workspace("back")
    pane = live(path, server, "careful", options=["--fallback", recorded])
    pane.wait("recorded, writing")
    pane.wait("recorded, ✗ step 5")
    pane.keys("C-s")
    pane.wait("There is nothing to save: this critique is recorded.")
    # It comes back in the middle of the talk.
    server.models["careful"].pop("break")
    pane.keys("Enter")
    pane.wait("take 2 of 2", "✗ first error: step 5", gone="recorded")
    # And dies again: without a file the last take continues.
    ended(pane)
    pane = live(path, server, "careful")
    pane.wait("✗ first error: step 5")
    server.models["careful"]["break"] = 12
    pane.keys("Enter")
    pane.wait("take 2 of 2", "recorded, ✗ step 5")
    ended(pane)
    # Silence is said, with the key that ends it.
    pane = live(path, server, "dead")
    pane.wait("no token for", "X stops", patience=30)
    pane.keys("C-x")
    pane.wait("stopped")
    ended(pane)


def a_demonstration_without_critiques_says_so():
    path = workspace("lacking")
    for options in (["--linear"], []):
        done = subprocess.run(
            [PROGRAM, "-w", path, "demo", "29", *options], capture_output=True, env=environment(), text=True, timeout=60)
        equal(done.returncode, 1, f"exit code: {done.stdout}")
    pane = Pane([PROGRAM, "-w", path, "demo", "29"], 80, 24)
    pane.wait_end("exit 1")
    check("solutions can: 1, 2" in pane.screen(), "no reason" + pane.shown())
    pane.close()


def talk(name, server, **more):
    """A talk of three items: a demonstration, a live round with a text to fall back on, a recording."""
    folder = scratch(name)
    os.makedirs(folder)
    with open(os.path.join(folder, "fallback.txt"), "w") as out:
        out.write(CAREFUL)
    samples = os.path.join(PACKAGE, "SampleData")
    text = f"""title = "{name}"
[[item]]
title = "First"
show = "demonstration"
file = "{samples}/demonstrations/demonstrations.jsonl"
notes = "Remember the hands."
minutes = 2
[[item]]
title = "Second"
show = "live"
file = "{samples}/demonstrations/demonstrations.jsonl"
endpoints = "{server.base}"
models = "careful"
challenge = true
fallback = "fallback.txt"
notes = "Press enter after the votes."
[[item]]
title = "Third"
show = "recording"
file = "{samples}/talk/review.cast"
"""
    path = os.path.join(folder, "talk.toml")
    with open(path, "w") as out:
        out.write(text)
    return path


def a_talk_and_its_notes():
    server = Streamer(careful={"text": CAREFUL, "rate": 500, "stall": (12, 1), "break": 20})
    path = talk("hundred", server)
    notes = Pane([PROGRAM, "stage", "notes", path], 60, 20)
    notes.wait("The talk is not running.")
    stage = Pane([PROGRAM, "stage", path], 80, 24)
    stage.wait("First", "croissant")
    notes.wait("1/3  First", "Remember the hands.", "Next: Second", "of 2:00")
    # Hands are counted; the screen goes black and comes back.
    stage.keys("J")
    stage.wait("Guesses")
    stage.type("6")
    stage.keys("Enter")
    stage.wait("Step", "6  ")
    stage.keys("W")
    stage.wait("Votes")
    for key in ("End", "Up", "Up", "1", "2", "Escape"):
        stage.keys(key)
    notes.wait("12 votes: 12 for step 5.")
    stage.keys("b")
    stage.wait_for(lambda screen: not screen.strip(), "the screen is not black")
    notes.wait("The screen is black")
    stage.keys("b")
    stage.wait("croissant")
    # The notes are killed and come back; the talk does not care.
    notes.signal(9)
    notes.wait_end("signal 9")
    notes.close()
    stage.keys("]")
    stage.wait("Second", "Which step is the first error?")
    notes = Pane([PROGRAM, "stage", "notes"], 120, 30)
    notes.wait("2/3  Second", "Press enter after the votes.", "Next: Third")
    # The server stalls and dies in the middle: the recorded critique continues.
    stage.keys("5")
    stage.wait("You say: step 5")
    stage.keys("Enter")
    stage.wait("recorded, ✗ step 5", "you are right", patience=30)
    # Only what is for the audience, at every size.
    stage.keys("P")
    stage.wait_for(lambda screen: "? keys" not in screen, "the keys are still there")
    for columns, rows in [(60, 20), (200, 60), (20, 6), (80, 24)]:
        stage.resize(columns, rows)
        notes.resize(columns, rows)
        stage.wait_for(lambda screen: bool(screen.strip()), "nothing is drawn")
    stage.wait("step 5")
    notes.wait("2/3  Second")
    stage.keys("P")
    # The talk is killed: the notes say so, and follow the next one.
    stage.signal(9)
    stage.wait_end("signal 9")
    stage.close()
    notes.wait("The talk is not running.", "in item 2", patience=15)
    stage = Pane([PROGRAM, "stage", path], 80, 24)
    notes.wait("1/3  First")
    stage.keys("L")
    stage.wait("1. First", "3. Third")
    stage.type("3")
    stage.keys("Enter")
    stage.wait("solutions-1")
    notes.wait("3/3  Third", "This is the last item.")
    stage.keys("q")
    stage.wait_end("exit 0")
    stage.close()
    notes.wait("The talk is not running.")
    notes.keys("q")
    notes.wait_end("exit 0")
    notes.close()


def a_talk_in_plain_text_and_its_mistakes():
    server = Streamer(careful={"text": CAREFUL, "rate": 500})
    path = talk("plain talk", server)

    def run(*options, expect=0):
        done = subprocess.run(
            [PROGRAM, "stage", *options], capture_output=True, env=environment(), text=True, timeout=60)
        equal(done.returncode, expect, f"exit code\n{done.stdout}\n{done.stderr}")
        return done

    check("3 items" in run("--check", path).stderr, "no summary")
    said = run("--linear", path).stdout
    for words in ("Item 1: First, 2 min planned.", "Notes: Remember the hands.", "Item 2: Second", "Item 3: Third", "Recording of"):
        check(words in said, said)
    check("The talk is not running." in run("notes", "--linear", expect=1).stdout, "no talk")
    with open(path, "a") as out:
        out.write('[[item]]\ntitle = "Fourth"\nshow = "recording"\nfile = "none.cast"\n[[item]]\ntitel = "x"\n')
    problems = run("--check", path, expect=1).stderr.strip().split("\n")
    equal(len(problems), 4, f"mistakes: {problems}")
    check("talk.toml:24:" in problems[0] and "none.cast" in problems[0], problems[0])
    check("'item.titel' is unknown" in problems[2] and "'item.title' is missing" in problems[3], str(problems))
    check("talk.toml:25:" in problems[1] and "'item.show' is missing" in problems[1], problems[1])
    # Nothing was begun, and the built-in example is whole.
    run(path, expect=1)
    run("--check", os.path.join(PACKAGE, "SampleData/talk/talk.toml"))


def a_written_text_is_demonstrated_and_imported():
    file = scratch("sum.txt")
    with open(file, "w") as out:
        out.write("What is 1 + 1?\n\n# Solution\nStep 1: It is easy.\nStep 2: It is 3.\n")
    for options in (["--linear"], []):
        done = subprocess.run(
            [PROGRAM, "demo", "--file", file, *options], capture_output=True, env=environment(), text=True, timeout=60)
        equal(done.returncode, 1, done.stdout)
        check("sum.txt cannot be demonstrated: it has no critiques of its steps" in done.stderr, done.stderr)
    path = scratch("written")
    program("init", path)
    program("import", "-w", path, file)
    equal(log.query(path, "SELECT steps FROM solution"), [(2,)], "steps")
    # A file with critiques plays; leaving it ends.
    pane = Pane([PROGRAM, "demo", "--file", os.path.join(PACKAGE, "SampleData/critiques.merged.jsonl")], 80, 24)
    pane.wait("demonstration", "pause")
    pane.keys("]")
    pane.wait("critiques.merged-2")
    ended(pane)


if __name__ == "__main__":
    main(
        a_demonstration_needs_nothing, a_demonstration_runs_in_plain_text, critics_write_side_by_side,
        names_are_hidden_until_asked_for, formulas_appear_when_they_close, every_pace_is_followed, failures_while_streaming_are_reported,
        a_stall_can_be_stopped, three_stages_and_saving, a_typed_solution_is_saved, the_audience_guesses,
        plain_text_streams, a_server_that_dies_and_comes_back, a_demonstration_without_critiques_says_so,
        a_talk_and_its_notes, a_talk_in_plain_text_and_its_mistakes, a_written_text_is_demonstrated_and_imported)
