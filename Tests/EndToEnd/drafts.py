#!/usr/bin/env python3
"""A program that is killed while somebody writes: the text is offered at the next start, and where it is written again."""

import os
import signal
import stat
import time

from support import log
from support.harness import check, equal, home, main, wait_until, workspace
from support.terminal import workbench

DRAFTS = os.path.join(home(), ".local/state/deepcritic/drafts")


def files():
    return os.listdir(DRAFTS) if os.path.isdir(DRAFTS) else []


def begun(name, key, title, text):
    """A workspace in which a text was being written when the program was killed, a second after the last key."""
    path = workspace(name)
    pane = workbench(path)
    pane.press("Enter", "▌  1")
    pane.press(key, title)
    for letter in text:
        pane.type(letter)
    pane.wait("(changed)")
    time.sleep(1)
    pane.signal(signal.SIGKILL)
    pane.wait_end("signal 9")
    pane.close()
    return path


def a_killed_critique():
    text = "The sum is $2x$, so it holds. \\boxed{1}"
    path = begun("critique", "E", "Your own merged critique of step 1", text)
    equal(len(files()), 1, "drafts on the disk")
    mode = stat.S_IMODE(os.stat(os.path.join(DRAFTS, files()[0])).st_mode)
    equal(mode, 0o600, "who may read the draft")
    pane = workbench(path, ready="Welcome back")
    pane.wait("your merged critique of step 1")
    pane.press("d", "Your own merged critique of step 1 (changed)", text)
    pane.press("C-s", "Your critique is used.")
    equal([event["value"] for event in log.events(path)], [text], "the critique")
    equal(files(), [], "drafts when all is saved")
    pane.keys("Q")
    pane.wait_end("exit 0")
    pane.close()


def a_killed_correction_is_offered_again():
    path = begun("correction", "i", "What step 1 should say", "Rather: ")
    pane = workbench(path, ready="Welcome back")
    # Left alone, it is offered where the step is corrected again.
    pane.press("Escape", "solutions-1", gone="Welcome back")
    pane.press("Enter", "▌  1")
    pane.press("i", "A draft is kept", "your correction of step 1", "Rather: ")
    pane.press("Enter", "What step 1 should say (changed)", "Rather: ")
    pane.press("Escape", "This is not saved")
    pane.press("Escape", "Nothing changed.")
    wait_until(lambda: not files(), "the draft that was thrown away is still there")
    pane.keys("Q")
    pane.wait_end("exit 0")
    pane.close()
    pane = workbench(path, ready="Welcome back")
    check("draft" not in pane.screen(), "a draft is offered that was thrown away")
    pane.close()


def a_discarded_draft():
    path = begun("discarded", "E", "Your own merged critique of step 1", "No.")
    pane = workbench(path, ready="Welcome back")
    pane.press("X", "Draft discarded.")
    equal(files(), [], "drafts")
    pane.close()


if __name__ == "__main__":
    main(a_killed_critique, a_killed_correction_is_offered_again, a_discarded_draft)
