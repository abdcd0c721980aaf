#!/usr/bin/env python3
"""Long comments in $EDITOR: a good one, a failing one, a missing one, one that changes nothing, one during a resize."""

import os

from support import log
from support.harness import check, equal, main, scratch, workspace
from support.terminal import workbench


def script(name, body):
    path = scratch("editor " + name)
    with open(path, "w") as file:
        file.write("#!/bin/sh\n" + body)
    os.chmod(path, 0o700)
    return path


def reviewed(name, editor, **variables):
    """A workbench with the first solution open; a script's path is quoted as a person would."""
    path = workspace(name)
    pane = workbench(path, EDITOR=editor if "/" not in editor or editor.startswith("/no/") else f'"{editor}"', **variables)
    pane.press("Enter", "▌  1")
    return path, pane


def ends_well(path, pane):
    pane.press("y", "Step 1 correct.")
    pane.keys("Q")
    pane.wait_end("exit 0")
    pane.close()
    log.check_projections(path)
    left = [name for name in os.listdir(scratch()) if name.startswith("deepcritic") and name != "home"]
    equal(left, [], "files left behind by the editor")


def long_comment():
    text = "First line, √2 ≤ 2.\n\n\tindented; $(touch hacked) `x` \"quoted\" \\frac{1}{2}\nlast line"
    with open(scratch("text"), "w") as file:
        file.write(text + "\n")
    seen = scratch("seen")
    path, pane = reviewed("long", script("good", f'cat "$1" > {seen}; ls -ld "$1" "$(dirname "$1")" > {seen}.modes\n'
                                         f'stty -a > {seen}.stty; cp {scratch("text")} "$1"\n'))
    pane.press("C", "Comment saved.")
    equal(log.events(path)[0]["value"], text, "the comment")
    equal(open(seen).read(), "", "the text given to the editor at first")
    modes = open(seen + ".modes").read().split("\n")
    check(modes[0].startswith("drwx------") and modes[1].startswith("-rw-------"), f"others can read the text: {modes}")
    check(" icanon" in open(seen + ".stty").read(), "the editor did not get the terminal in its usual modes")
    # Once more: the editor is given the comment; nothing changes when it is left alone.
    pane.press("C", "The comment is as it was.")
    equal(open(seen).read().rstrip("\n"), text, "the text given to the editor again")
    equal(log.count(path), 1, "events")
    # The one-line editor must not flatten it behind the reviewer's back either.
    pane.press("c", "Comment on step 1", "line 4 of 4")
    pane.press("C-s", "The comment is as it was.")
    equal(log.query(path, "SELECT text FROM comment"), [(text,)], "a multi-line comment after 'c' and enter")
    ends_well(path, pane)


def editor_with_arguments_and_VISUAL():
    good = script("with arguments", 'test "$1" = "two words" && test "$2" = --wait && echo seen > "$3"\n')
    path, pane = reviewed("visual", "false", VISUAL=f"'{good}' \"two words\" --wait")
    pane.press("C", "Comment saved.")
    equal(log.events(path)[0]["value"], "seen", "the comment")
    ends_well(path, pane)


def failing_and_missing_editors():
    for name, editor, words in (
            ("fails", script("fails", 'echo lost > "$1"; exit 3\n'), "ended with status 3; the text is unchanged"),
            ("killed", script("killed", 'kill -9 $$\n'), "ended with status 137"),
            ("missing", "/no/such/editor", "there is no editor \"/no/such/editor\""),
            ("quote", "vi 'unbalanced", "unmatched quote"),
            ("binary", script("binary", 'printf "\\377\\376" > "$1"\n'), "not UTF-8"),
            ("removed", script("removed", 'rm "$1"\n'), "could not be read")):
        path, pane = reviewed(name, editor)
        pane.press("C", "Error: ", words)
        equal(log.count(path), 0, f"events after an editor that {name}")
        pane.wait("Problem", "solutions-1")
        ends_well(path, pane)


def resize_while_the_editor_runs():
    go = scratch("go")
    waiting = script("waiting", f'clear; echo EDITING; while [ ! -e {go} ]; do sleep 0.02; done; echo done > "$1"\n')
    path, pane = reviewed("resize", waiting)
    pane.press("C", "EDITING")
    for size in ((60, 20), (1, 1), (200, 60), (90, 30)):
        pane.resize(*size)
    open(go, "w").close()
    pane.wait("Comment saved.", gone="EDITING")
    pane.wait_for(lambda screen: len(screen.split("\n")) == 30 and "? keys" in screen.split("\n")[29],
                  "the hint line is not in the last row of the new size")
    # Ctrl-C belongs to the editor, not to the program behind it.
    os.remove(go)
    pane.press("C", "EDITING")
    pane.keys("C-c")
    pane.wait("Error: ", "ended with status 130")
    equal([event["value"] for event in log.events(path)], ["done"], "comments")
    ends_well(path, pane)


def control_characters_from_an_editor():
    path, pane = reviewed("control", script("control", 'printf "red \\033[31m\\a and \\000 nul" > "$1"\n'))
    pane.press("C", "Comment saved.")
    pane.press("Home", "│ red ")
    check("\x1b[31m\x07" not in pane.screen(escapes=True), "an escape sequence of a comment reached the terminal")
    ends_well(path, pane)


def the_window_hands_its_text_over():
    """A text begun on the screen continues in $EDITOR; when that fails, nothing is lost."""
    flag = scratch("works")
    path, pane = reviewed("handed", script("handed", f'test -e {flag} || exit 3\ncp "$1" {scratch("got")}\necho more >> "$1"\n'))
    pane.press("E", "Your own merged critique of step 1")
    pane.type("Right so far. \\boxed{1}")
    pane.wait("(changed)")
    pane.press("C-e", "ended with status 3; the text is unchanged", "Right so far.")
    equal(log.count(path), 0, "events after an editor that failed")
    open(flag, "w").close()
    pane.press("C-e", "Your critique is used.", gone="Your own merged critique")
    equal(open(scratch("got")).read(), "Right so far. \\boxed{1}", "the text that the editor got")
    equal([event["value"] for event in log.events(path)], ["Right so far. \\boxed{1}more"], "the critique")
    pane.press("u", "Undone: version of a critique")
    ends_well(path, pane)


if __name__ == "__main__":
    main(the_window_hands_its_text_over, long_comment, editor_with_arguments_and_VISUAL, failing_and_missing_editors, resize_while_the_editor_runs,
         control_characters_from_an_editor)
