#!/usr/bin/env python3
"""Several reviewers: conflicts are resolved, and the figures are right, on the screen and in commands."""

import json

from support import log
from support.harness import check, equal, main, program, workspace
from support.terminal import workbench


def said(done):
    return done.stderr.decode()


def review(path, name, *lines, mode="audit"):
    program("-w", path, "--linear", "--reviewer", name, "--mode", mode, stdin="\n".join([*lines, "quit", ""]).encode())


def contested(name):
    """Ann and bob have reviewed two solutions; they differ on step 2 of the first and step 1 of the second."""
    path = workspace(name)
    review(path, "ann", "open 1", "y", "n", "c A percent is not a price.", "open 2", "y", "y", "y")
    review(path, "bob", "open 1", "y", "y", "y", "y", "n", "open 2", "n")
    return path


def statistics(path):
    return json.loads(program("-w", path, "stats", "--json").stdout)


def conflicts(path, *options):
    done = program("-w", path, "adjudicate", "--json", *options)
    return [json.loads(line) for line in done.stdout.splitlines()]


def disputes_about_problems_are_resolved():
    path = contested("problems")
    review(path, "ann", "open 3", "b Two readings.")
    review(path, "bob", "open 3", "n")
    found = [one for one in conflicts(path) if one["step"] == 0]
    equal([(one["solution"], {verdict["reviewer"]: verdict["rating"] for verdict in one["verdicts"]}) for one in found],
          [(3, {"ann": -1, "bob": 1})], "disputes about problems")
    listed = program("-w", path, "adjudicate").stdout.decode()
    check("problem" in listed and "ann says bad problem, bob says good problem" in listed, listed)
    check("NO   problem usable: bad problem (ann)" in program("explain", "3", "-w", path).stdout.decode(), "ann's mark")
    error = program("-w", path, "adjudicate", "3", "--step", "0", "--verdict", "neutral", expect=1)
    check("good or bad" in said(error), said(error))
    done = program("-w", path, "adjudicate", "3", "--step", "0", "--verdict", "correct", "--reviewer", "lead")
    check("settled as good" in said(done), said(done))
    equal([one for one in conflicts(path) if one["step"] == 0], [], "open disputes")
    check("yes  problem usable" in program("explain", "3", "-w", path).stdout.decode(), "settled as good")
    program("-w", path, "adjudicate", "3", "--step", "0", "--reopen", "--reviewer", "lead")
    check("NO   problem usable" in program("explain", "3", "-w", path).stdout.decode(), "open again")


def conflicts_are_resolved_from_the_command_line():
    path = contested("commands")
    found = conflicts(path)
    equal([(one["solution"], one["step"]) for one in found], [(1, 2), (2, 1)], "conflicts")
    equal({verdict["reviewer"]: verdict["rating"] for verdict in found[0]["verdicts"]}, {"ann": -1, "bob": 1}, "verdicts")
    equal(found[0]["verdicts"][0]["comments"], ["A percent is not a price."], "comments")
    listed = program("-w", path, "adjudicate").stdout.decode().splitlines()
    check(len(listed) == 2 and "ann says incorrect, bob says correct" in listed[0], listed)

    done = program("-w", path, "adjudicate", "1", "--step", "2", "--verdict", "-1", "--note", "It is.", "--reviewer", "lead")
    check("resolved as incorrect" in said(done) and "First error: 2." in said(done), said(done))
    equal([(one["solution"], one["step"]) for one in conflicts(path)], [(2, 1)], "open conflicts")
    settled = [one for one in conflicts(path, "--settled") if "settled" in one]
    equal([(one["settled"]["reviewer"], one["settled"]["note"], one["settled"]["rating"]) for one in settled],
          [("lead", "It is.", -1)], "settled conflicts")
    told = statistics(path)["review"]["progress"]
    equal((told["openConflicts"], told["settledConflicts"]), (1, 1), "conflicts counted")
    program("-w", path, "adjudicate", "1", "--step", "2", "--reopen", "--reviewer", "lead")
    equal(len(conflicts(path)), 2, "open conflicts after undoing it")
    # Every step of it is an event of its own.
    equal([log.words(event) for event in log.events(path, "lead")], ["2 adjudication -1", "2 adjudication"], "events")

    for arguments, words in [
            (["1", "--step", "9", "--verdict", "correct"], "has 6 steps"),
            (["nobody", "--step", "1", "--verdict", "correct"], "There is no solution"),
            (["1", "--step", "3", "--reopen"], "is not resolved")]:
        check(words in said(program("-w", path, "adjudicate", *arguments, expect=1)), arguments)
    for arguments, words in [
            (["1", "--verdict", "correct"], "Say which step"), (["--step", "1"], "Name the solution"),
            (["1", "--step", "1"], "Say which step"), (["1", "--step", "1", "--verdict", "maybe"], "maybe")]:
        check(words in said(program("-w", path, "adjudicate", *arguments, expect=2)), arguments)
    equal(len(log.events(path, "lead")), 2, "events after commands that fail")


def blind_reviewers_are_not_shown_others():
    path = contested("blind")
    hidden = program("-w", path, "adjudicate", "--mode", "blind", "--reviewer", "new")
    equal(hidden.stdout, b"", "what is listed")
    check("that you have not finished are hidden" in said(hidden), said(hidden))
    equal(len(conflicts(path, "--mode", "blind", "--reviewer", "bob")), 2, "what bob, who is done, may see")


def figures_match_the_log():
    path = contested("figures")
    told = statistics(path)
    review_ = told["review"]
    equal([one["reviewer"] for one in review_["reviewers"]], ["ann", "bob"], "reviewers")
    ann, bob = review_["reviewers"]
    equal((ann["verdicts"], ann["finished"], bob["verdicts"], bob["finished"]), (5, 2, 6, 2), "verdicts and solutions")
    equal(ann["today"], log.count(path, "ann"), "decisions today")
    equal((ann["asOthers"]["part"], ann["asOthers"]["whole"]), (1, 3), "agreement with the other")
    figures = review_["agreement"]["judgement"]
    equal((figures["units"], figures["solutions"]), (3, 2), "units")
    check(abs(figures["percent"]["value"] - 1 / 3) < 1e-9, figures["percent"])
    equal(review_["agreement"]["firstError"]["units"], 2, "solutions that both finished")
    # The old counts are still there.
    equal((told["solutions"] > 30, told["agreement"][0]["steps"]), (True, 3), "counts of the workspace")

    only = json.loads(program("-w", path, "agreement", "--json", "--filter", "steps:>5").stdout)
    equal(only["judgement"]["units"], 2, "units of the first solution")
    first = json.loads(program("-w", path, "agreement", "--json", "--samples", "200", "--seed", "7").stdout)
    again = json.loads(program("-w", path, "agreement", "--json", "--samples", "200", "--seed", "7").stdout)
    equal(first, again, "the same seed")
    check("Known reviewers: ann, bob" in said(
        program("-w", path, "agreement", "--between", "ann", "--between", "zoe", expect=1)), "unknown reviewer")
    lines = program("-w", path, "agreement").stdout.decode()
    check("Krippendorff's alpha" in lines and "3 steps of 2 solutions, 2 reviewers" in lines, lines)


def what_sways_a_blind_reviewer_is_counted():
    path = workspace("sway")
    # Step 5 is wrong by its label; the reviewer says correct, sees the label and changes, which is asked about.
    review(path, "ann", "open 1", "Y", "step 5", "n", "n", mode="blind")
    ann = statistics(path)["review"]["reviewers"][0]
    equal(ann["sway"], {"answered": 6, "changed": 1, "towardLabel": 1, "towardMerged": 1}, "sway")
    equal(ann["flips"], 1, "flips")


def the_screens_show_and_resolve_conflicts():
    path = contested("screens")
    for columns, rows in ((80, 24), (120, 40), (200, 60)):
        pane = workbench(path, reviewer="lead", columns=columns, rows=rows)
        pane.press("F7", "Adjudication", "ann", "bob", "open")
        pane.wait("A percent is not a price.")
        pane.press("n", "settled as incorrect. 1 left")
        pane.press("u", "Undone: settled as incorrect on step 2")
        pane.press("c", " Reason:")
        pane.type("A percentage is a factor.")
        pane.press("Enter", "The reason will be saved with your decision")
        pane.press("o", "settled as neutral. 1 left", "by lead: A percentage is a factor.")
        pane.press("Enter", gone="1 left")
        pane.press("y", "No conflict is left.")
        pane.press("F6", "Statistics", "Steps and problems on which reviewers")
        pane.press("G", "▸ Days")
        pane.keys("k", "k")
        pane.wait("▸ Agreement", "Each step, correct or incorrect", "Krippendorff's alpha")
        # Back to where the figures were opened from, and from there to the queue.
        pane.press("q", "Adjudication")
        pane.press("q", "order as imported")
        pane.keys("u", "u")
        pane.wait("Undone: settled as neutral")
        pane.keys("Q")
        pane.wait_end("exit 0")
        pane.close()
        equal(len(conflicts(path)), 2, "open conflicts after undo")
    log.check_projections(path)


def a_bad_setting_is_named_with_its_file():
    path = workspace("settings")
    with open(path + "/deepcritic.toml", "a") as file:
        file.write("\n[review]\ngold_rate = 2\n")
    for command in (["stats"], ["--linear"]):
        done = program("-w", path, *command, expect=1)
        check("deepcritic.toml" in said(done) and "'review.gold_rate' must be a number, from 0 to 0.5" in said(done), said(done))


if __name__ == "__main__":
    main(disputes_about_problems_are_resolved, conflicts_are_resolved_from_the_command_line, blind_reviewers_are_not_shown_others,
         figures_match_the_log, what_sways_a_blind_reviewer_is_counted, the_screens_show_and_resolve_conflicts, a_bad_setting_is_named_with_its_file)
