#!/usr/bin/env python3
"""The commands of the tutorials work: every block marked `sh`. Blocks marked `bash` need a screen, a server or a model."""

import os
import re
import subprocess

from support.harness import PACKAGE, PROGRAM, check, environment, main, scratch


def walk(page):
    with open(os.path.join(PACKAGE, "docs/tutorials", page + ".md"), encoding="utf-8") as file:
        blocks = re.findall(r"```sh\n(.*?)```", file.read(), re.S)
    check(len(blocks) > 1, f"{page}: {len(blocks)} blocks")
    folder = scratch("tutorial-" + page)
    os.makedirs(folder, exist_ok=True)
    env = environment()
    env["PATH"] = os.path.dirname(PROGRAM) + ":" + env.get("PATH", "/usr/bin:/bin")
    for block in blocks:
        done = subprocess.run(["bash", "-ec", block], cwd=folder, env=env, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=120)
        check(done.returncode == 0, f"{block}\n{done.stderr.decode()}")


def a_reviewer():
    walk("reviewer")


def a_curator():
    walk("curator")


def a_researcher():
    walk("researcher")


def a_presenter():
    walk("presenter")


main(a_reviewer, a_curator, a_researcher, a_presenter)
