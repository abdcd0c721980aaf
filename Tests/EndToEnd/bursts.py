#!/usr/bin/env python3
"""Text pasted without the terminal marking it as a paste, keys held down, and a few keys at once."""

from support import log
from support.harness import equal, main, workspace
from support.terminal import workbench

TEXT = "yes, any answer\nof the next one is no\nQ"


def opened(name):
    path = workspace(name)
    pane = workbench(path)
    pane.press("Enter", "▌  1")
    return path, pane


def an_unmarked_paste_decides_nothing():
    path, pane = opened("unmarked")
    pane.paste(TEXT, bracketed=False)
    pane.wait("Pasted text is ignored here")
    equal(log.count(path), 0, "events after an unmarked paste")
    # The program works on as before.
    pane.press("y", "Step 1 correct.")
    equal(log.count(path), 1, "events after a key")
    pane.keys("Q")
    pane.wait_end("exit 0")
    pane.close()


def an_unmarked_paste_into_a_line_is_text():
    path, pane = opened("line")
    pane.press("c", "Comment on this step")
    pane.paste("yes, any answer of it", bracketed=False)
    pane.wait("yes, any answer of it")
    pane.press("Enter", "Comment saved.")
    equal([event["value"] for event in log.events(path)], ["yes, any answer of it"], "the comment")
    pane.close()


def a_few_keys_at_once_and_a_held_arrow_are_obeyed():
    path, pane = opened("few")
    pane.keys("y", "j", "n")
    pane.wait("Step 3 incorrect", patience=10)
    equal(log.count(path), 2, "events after three keys at once")
    pane.keys("q")
    pane.wait("1", "of 35")
    pane.keys(*["Down"] * 20)
    pane.wait_for(lambda screen: screen.split("\n")[23].startswith(" ▸"), "twenty rows down")
    pane.keys(*["j"] * 5)
    pane.wait_for(lambda screen: screen.split("\n")[28].startswith(" ▸"), "five more rows down")
    pane.close()


if __name__ == "__main__":
    main(an_unmarked_paste_decides_nothing, an_unmarked_paste_into_a_line_is_text,
         a_few_keys_at_once_and_a_held_arrow_are_obeyed)
