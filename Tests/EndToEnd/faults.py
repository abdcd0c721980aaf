#!/usr/bin/env python3
"""What can go wrong under a running workbench: locks, full disks, vanished, read-only and damaged workspaces."""

import os
import shutil
import subprocess
import time

from support import harness, log
from support.harness import Skip, check, environment, equal, main, program, sample, scratch, workspace
from support.terminal import Pane, Pty, workbench


def opened(path, **options):
    pane = workbench(path, **options)
    pane.press("Enter", "▌  1")
    return pane


def quits(pane):
    pane.keys("Q")
    pane.wait_end("exit 0")
    pane.close()


def locked_for_three_seconds():
    path = workspace("locked")
    pane = opened(path)
    other = log.database(path, write=True)
    other.isolation_level = None
    other.execute("BEGIN IMMEDIATE")
    pane.keys("y", "y", "n")
    time.sleep(3)
    check("Error" not in pane.screen(), lambda: "an error while another process writes" + pane.shown())
    equal(log.count(path), 0, "events while another process writes")
    other.execute("COMMIT")
    other.close()
    pane.wait("Step 3 incorrect: labels stop here. Done")
    equal([log.words(event) for event in log.events(path)], ["1 verdict 1", "2 verdict 1", "3 verdict -1"], "events")
    quits(pane)
    log.check_projections(path)


def full_disk():
    if os.geteuid() != 0:
        raise Skip("only root can make a small file system")
    folder = scratch("small")
    os.makedirs(folder)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "none", folder], stderr=subprocess.DEVNULL).returncode:
        raise Skip("a small file system cannot be mounted here")
    try:
        path = folder + "/work"
        program("init", path)
        program("-w", path, "import", "--quiet", *sample("solutions.prm800k.jsonl"))
        pane = opened(path)
        pane.press("y", "Step 1 correct.")
        filler = folder + "/filler"
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        # The log's file may have room left from before: some more decisions fit, then one does not.
        kept = 1
        for _ in range(600):
            pane.keys("f")
            pane.wait_for(lambda s: "Error" in s or log.count(path) > kept, "an answer to a key on a full disk")
            if "Error" in pane.screen():
                break
            kept = log.count(path)
        pane.wait("Error: ", "the disk is full", "free some space")
        equal(log.count(path), kept, "events after the refused one")
        log.check_projections(path)
        # Still alive, and every key is still answered.
        pane.press("?", "─ Keys")
        pane.press("Escape", gone="─ Keys")
        pane.press("y", "Error: ", "the disk is full")
        pane.press("j", gone="Error")
        pane.press("u", "Error: ", "the disk is full")
        equal(log.count(path), kept, "events after further refused ones")
        os.remove(filler)
        pane.press("y", " correct.", gone="Error")
        equal(log.count(path), kept + 1, "events after space was freed")
        quits(pane)
        log.check_projections(path)
        program("-w", path, "doctor", expect=None)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


def workspace_deleted_under_the_program():
    path = workspace("deleted")
    pane = opened(path)
    pane.press("y", "Step 1 correct.")
    shutil.rmtree(path)
    # Whatever is said, a decision that cannot be kept must not look as if it had been.
    pane.press("y", "Error: ", gone="Step 2 correct.")
    pane.press("q", "order as imported")
    pane.press("?", "─ Keys")
    pane.press("Escape", gone="─ Keys")
    quits(pane)

    # Deleted and made again (restored from a backup, say): the program must not write into the old, invisible file.
    path = workspace("replaced")
    pane = opened(path)
    pane.press("y", "Step 1 correct.")
    shutil.rmtree(path)
    program("init", path)
    pane.press("y", "Error: ", gone="Step 2 correct.")
    equal(log.count(path), 0, "events in the new workspace")
    quits(pane)


def read_only_workspace():
    path = workspace("readonly")
    log.database(path, write=True).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = [log.count(path)]
    user = None
    if os.geteuid() == 0:
        # Root may write anywhere: the pane runs as nobody, where that can be arranged.
        if shutil.which("setpriv") is None:
            raise Skip("setpriv is not installed, and root may write anywhere")
        user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        os.chmod(scratch(), 0o755)
    for name in os.listdir(path):
        os.chmod(os.path.join(path, name), 0o444)
    os.chmod(path, 0o555)
    if user and subprocess.run([*user, harness.PROGRAM, "--version"], capture_output=True, env=environment()).returncode:
        raise Skip("another user cannot run the program from here")
    pane = Pane([*(user or []), harness.PROGRAM, "-w", path, "--reviewer", "ann"])
    pane.wait("order as imported", "read-only")
    pane.press("Enter", "▌  1")
    for key in ("y", "n", "o", "a", "x", "f", "c", "b", "X", "s", "u", "C"):
        pane.press("j")
        pane.press(key, "cannot be written to. Make the folder and its files writable")
        check("enter keep" not in pane.screen(), lambda: f"{key} opens a line although nothing can be kept" + pane.shown())
    pane.press("]", "solutions-2")
    quits(pane)
    equal([log.count(path)], before, "events")


def damaged_database():
    def refused(path, words, what):
        terminal = Pty(["-w", path])
        equal(terminal.wait_end(), 1, f"exit code: {what}")
        text = terminal.output.decode()
        check(text.startswith("deepcritic: ") and words in text and text.count("\n") == 1 and "\x1b" not in text,
              f"{what}: {text!r}")
        check(terminal.modes_restored(), f"{what}: the terminal's modes")
        terminal.close()

    path = workspace("damaged")
    name = path + "/workspace.sqlite"
    whole = open(name, "rb").read()

    def damage(content):
        for end in ("-wal", "-shm"):
            if os.path.exists(name + end):
                os.remove(name + end)
        with open(name, "wb") as file:
            file.write(content)

    damage(b"this is not a database at all, but some text that is long enough to be looked at\n" * 100)
    refused(path, "is not a database", "text in place of the database")
    damage(whole[:4096 * 3] + b"\xff" * (len(whole) - 4096 * 3))
    refused(path, "damaged or cut short", "all but three pages overwritten")
    damage(whole[:5000])
    refused(path, "damaged or cut short", "the file cut off")
    os.remove(name)
    os.mkdir(name)
    refused(path, "cannot open the workspace", "a folder in place of the database")
    os.rmdir(name)
    refused(path, "no workspace here", "no database")
    refused(path + "/none", "no workspace here", "no folder")

    # Settings that cannot be read, or name keys and actions that do not exist.
    path = workspace("settings")
    for text, words in (
            ("mode = \"sideways\"\n", "deepcritic.toml"), ("[keys\n", "deepcritic.toml"),
            ("[keys]\n\"no.such.action\" = [\"y\"]\n", "unknown action"),
            ("[keys]\nundo = [\"hyper-q\"]\n", "is not a key"), ("theme = \"no such theme\"\n", "no such theme")):
        with open(path + "/deepcritic.toml", "w") as file:
            file.write(text)
        refused(path, words, f"settings {text!r}")


def damage_met_while_running():
    """Pages that turn bad under the running program: a sentence, not a crash, and not a false 'saved'."""
    path = workspace("turnsbad")
    log.database(path, write=True).execute("PRAGMA wal_checkpoint(TRUNCATE)")
    pane = workbench(path)
    pane.wait("solutions-1")
    name = path + "/workspace.sqlite"
    with open(name, "r+b") as file:
        file.seek(4096 * 2)
        file.write(b"\xff" * (os.path.getsize(name) - 4096 * 2))
    pane.press("G")
    pane.press("Enter")
    pane.keys("y")
    pane.press("?", "─ Keys")
    pane.press("Escape", gone="─ Keys")
    check("correct." not in pane.screen() or log.count(path), lambda: "a decision was lost silently" + pane.shown())
    quits(pane)


if __name__ == "__main__":
    main(locked_for_three_seconds, full_disk, workspace_deleted_under_the_program, read_only_workspace, damaged_database,
         damage_met_while_running)
