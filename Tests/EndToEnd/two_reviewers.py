#!/usr/bin/env python3
"""Two reviewers in one workspace while a third process imports: neither waits long, nothing is lost."""

import json
import subprocess

from support import harness, log
from support.harness import check, environment, equal, main, program, scratch, wait_until, workspace
from support.terminal import workbench


def generated(path, count):
    """A ProcessBench file of many different solutions."""
    with open(path, "w") as file:
        for i in range(count):
            steps = [f"We add {i} and {k}, which gives {i + k}." for k in range(1, 7)]
            file.write(json.dumps({
                "id": f"generated-{i}", "generator": "none", "problem": f"What is {i} + 6? (number {i})", "steps": steps,
                "final_answer_correct": i % 2 == 0, "label": -1 if i % 2 == 0 else i % 6}) + "\n")


def calm(pane):
    shown = pane.screen()
    check("Error" not in shown and "locked" not in shown, lambda: "an error is on the screen" + pane.shown())


def both_type_while_a_third_imports():
    path = workspace("two")
    big = scratch("big.jsonl")
    generated(big, 40000)
    ann = workbench(path, reviewer="ann")
    bob = workbench(path, reviewer="bob")
    for pane in (ann, bob):
        pane.press("Enter", "▌  1")
    import_ = subprocess.Popen(
        [harness.PROGRAM, "-w", path, "import", big], env=environment(), stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE)
    wait_until(lambda: log.query(path, "SELECT count(*) FROM solution WHERE name LIKE 'generated-%'")[0][0],
               "the import has not begun")
    for pane in (ann, bob):
        pane.press("y", "Step 1 correct.")
    check(import_.poll() is None, "the import was over before the first verdict: nothing was tested")
    # The verdicts of solutions-1 (6 steps), solutions-2 (3 steps) and solutions-3 (4), both at the same time. Each key waits
    # for the one before to show: two of them while the other process writes would count as one held down.
    for key, word, begin, steps in (("y", "correct", 2, 6), ("o", "neutral", 1, 3), ("y", "correct", 1, 4)):
        for step in range(begin, steps + 1):
            ann.keys(key)
            bob.keys(key)
            for pane in (ann, bob):
                pane.wait(f"Step {step} {word}.")
        for pane in (ann, bob):
            pane.wait("Done; ")
            calm(pane)
        for pane in (ann, bob):
            pane.press("Enter", gone="Done; ")
    for name in ("ann", "bob"):
        equal([log.words(event) for event in log.events(path, name)],
              [f"{s} verdict 1" for s in range(1, 7)] + [f"{s} verdict 0" for s in range(1, 4)]
              + [f"{s} verdict 1" for s in range(1, 5)], f"events of {name}")

    # Each sees what the other does, and nobody's undo touches the other's decision.
    for pane in (ann, bob):
        pane.press("q", "order as imported")
        pane.press("g", "▸ solutions-1 ")
        pane.press("Enter", "▌  1", "solutions-1 ")
    ann.press("n", "Step 1 incorrect")
    bob.wait("ann: incorrect", patience=4)
    bob.press("n", "Step 1 incorrect")
    ann.press("u", "Undone: incorrect on step 1 of solutions-1.")
    # Moving removes the message, and the status behind it names the other.
    bob.press("Home", gone="Step 1 incorrect")
    bob.wait("ann: correct", patience=4)
    bob.press("u", "Undone: incorrect on step 1 of solutions-1.")
    for pane in (ann, bob):
        pane.press("q", "order as imported")
        pane.wait_for(lambda screen: "ann,bob" in screen, "both names in the column 'by'", patience=4)
        calm(pane)
    _, said = import_.communicate(timeout=harness.PATIENCE * 3)
    equal(import_.returncode, 0, f"exit code of the import ({said.decode()})")
    # The import shows up without being asked for.
    total = log.query(path, "SELECT count(*) FROM solution")[0][0]
    for pane in (ann, bob):
        pane.wait(f"of {total} done")
        calm(pane)
        pane.keys("Q")
        pane.wait_end("exit 0")
        pane.close()
    log.check_projections(path)
    program("-w", path, "doctor")


def blind_reviewers_learn_nothing_of_each_other():
    path = workspace("blind-two")
    with open(f"{path}/deepcritic.toml", "a", encoding="utf-8") as settings:
        settings.write('mode = "blind"\n')

    def told():
        """What bob can ask about the first solution."""
        words = [program("-w", path, "--linear", "--reviewer", "bob", stdin=b"open 1\np\nA\nshow\nquit\n").stdout]
        words.append(program("-w", path, "--reviewer", "bob", "list", "--json").stdout)
        for form in (["--json"], ["--format", "text"], ["--format", "markdown"], ["--format", "html"]):
            words.append(program("-w", path, "--reviewer", "bob", "show", "1", *form).stdout)
        return words

    before = told()
    program("-w", path, "--linear", "--reviewer", "ann", stdin=b"open 1\nstep 3\nN\nc Lost sign\nf\nquit\n")
    equal([log.words(event) for event in log.events(path, "ann")][:3], ["1 verdict 1", "2 verdict 1", "3 verdict -1"], "N")
    equal(told(), before, "what bob is shown")
    for command in (["lineage", "1"], ["agreement"], ["stats", "--page", "labels"], ["stats", "--json"], ["export", "reviews"],
                    ["export", "solutions", "--format", "prm800k"], ["explain", "1"]):
        refused = program("-w", path, *command, "--reviewer", "bob", expect=None)
        check(refused.returncode != 0 and b"blind mode" in refused.stderr, f"{command}: {refused.stderr.decode()}")
    program("-w", path, "export", "reviews", "--mine", "--reviewer", "bob")
    # Finished, bob sees it; one undo opens it again, and what follows is recorded as audit.
    said = program("-w", path, "--linear", "--reviewer", "bob", stdin=b"open 1\nY\nstep 3\nu\ny\nquit\n").stdout.decode()
    check("ann: incorrect." in said and "Recorded as audit" in said, said)


if __name__ == "__main__":
    main(both_type_while_a_third_imports, blind_reviewers_learn_nothing_of_each_other)
