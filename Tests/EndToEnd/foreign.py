#!/usr/bin/env python3
"""Workspaces, files and servers from elsewhere: nothing they name is run, read or sent unasked, and no key is shown."""

import json
import os
import shutil
import socket
import stat
import subprocess

from support.faults import FaultServer
from support.harness import PROGRAM, check, environment, equal, main, program, sample, scratch, wait_until, workspace
from support.log import query as rows
from support.terminal import Pane

SOLUTIONS = sample("solutions.prm800k.jsonl")[0]
KEY = "sk-secret-of-the-test"


def foreign(name, settings):
    """A workspace that somebody else made: copied, so that it is not the one that was made here."""
    made = workspace(name + "-made", SOLUTIONS)
    path = scratch(name)
    shutil.copytree(made, path)
    with open(path + "/deepcritic.toml", "w") as file:
        file.write(settings)
    return path


def trap(name):
    """A program that leaves a trace when it is run."""
    program_path, trace = scratch(name), scratch(name + ".trace")
    with open(program_path, "w") as file:
        file.write(f"#!/bin/sh\nenv > {trace}\nexit 1\n")
    os.chmod(program_path, 0o755)
    return program_path, trace


def said(done):
    return done.stderr.decode()


def interpreters_are_not_run():
    python, trace = trap("python")
    path = foreign("interpreters", f'[train.python]\ntrl = "{python}"\n[label.grading]\npython = "{python}"\n')
    done = program("-w", path, "doctor", "--json", expect=None)
    found = {check["name"]: check for check in json.loads(done.stdout)}
    equal(found["trust"]["status"], "warning", "doctor about trust")
    check(python in found["trust"]["finding"] and "deepcritic trust" in found["trust"]["remedy"], found["trust"])
    program("-w", path, "engines", "list", expect=None)
    program("-w", path, "engines", "check", "trl", expect=None)
    done = program("-w", path, "grade", "1/2", "0.5", expect=1)
    check(f"wants to run {python} (label.grading.python)" in said(done) and "deepcritic trust" in said(done), said(done))
    check(not os.path.exists(trace), "the workspace's interpreter was run")
    # For once, then for good, then changed.
    program("-w", path, "--trust", "grade", "1/2", "0.5", expect=None)
    check(os.path.exists(trace), "with --trust it is run")
    with open(trace) as file:
        check(KEY not in file.read(), "a child got a key")
    os.remove(trace)
    done = program("trust", path, "--list")
    equal(done.stdout.decode().count("not allowed"), 2, "values that are not allowed")
    program("trust", path)
    program("-w", path, "grade", "1/2", "0.5", expect=None, env=environment(OPENAI_API_KEY=KEY, HF_TOKEN=KEY, AWS_PROFILE="p"))
    with open(trace) as file:
        kept = file.read()
    check(KEY not in kept and "AWS_" not in kept and "PATH=" in kept, kept)
    os.remove(trace)
    other, second = trap("python-2")
    with open(path + "/deepcritic.toml", "w") as file:
        file.write(f'[label.grading]\npython = "{other}"\n')
    done = program("-w", path, "grade", "1/2", "0.5", expect=1)
    check(other in said(done) and not os.path.exists(second), said(done))
    program("trust", path, "--revoke")
    record = scratch("home") + "/.local/state/deepcritic/trust"
    for name in os.listdir(record):
        equal(stat.S_IMODE(os.stat(os.path.join(record, name)).st_mode), 0o600, "the record's mode")


def servers_and_key_files_are_not_used():
    server = FaultServer("--key", KEY)
    key = scratch("key.txt")
    with open(key, "w") as file:
        file.write(KEY + "\n")
    os.chmod(key, 0o600)
    path = foreign("servers", '[generate]\nendpoints = ["http://192.0.2.1:9/v1"]\nmodel = "critic"\n')
    done = program("-w", path, "generate", "initial", expect=1, env=environment(OPENAI_API_KEY=KEY))
    check("send questions, and your API key if there is one, to http://192.0.2.1:9/v1" in said(done), said(done))
    # A server of this machine needs no leave, a file with a key does.
    with open(path + "/deepcritic.toml", "w") as file:
        file.write(f'[generate]\nendpoints = ["{server.base}"]\nmodel = "critic"\napi_key_file = "{key}"\n')
    done = program("-w", path, "generate", "initial", "--limit", "1", expect=1)
    check(f"read the key in {key} and send it to {server.base}" in said(done), said(done))
    equal(server.stats()["requests"], 0, "requests")
    program("-w", path, "generate", "initial", "--limit", "1", "--trust")
    # The user's own settings ask nothing.
    home = scratch("own-home")
    os.makedirs(home + "/.config/deepcritic")
    with open(home + "/.config/deepcritic/settings.toml", "w") as file:
        file.write(f'[generate]\nendpoints = ["{server.base}"]\napi_key_file = "{key}"\n')
    with open(path + "/deepcritic.toml", "w") as file:
        file.write('[generate]\nendpoints = ["http://192.0.2.1:9/v1"]\nmodel = "critic"\n')
    program("-w", path, "generate", "initial", "--limit", "2", env=environment(HOME=home))


def one_s_own_workspace_is_not_asked_about():
    python, trace = trap("own-python")
    path = workspace("own", SOLUTIONS)
    with open(path + "/deepcritic.toml", "a") as file:
        file.write(f'\n[label.grading]\npython = "{python}"\n')
    program("-w", path, "grade", "1/2", "0.5", expect=None)
    check(os.path.exists(trace), "the interpreter of an own workspace was not run")


def the_workbench_asks_when_it_matters():
    path = foreign("asking", '[generate]\nendpoints = ["http://192.0.2.1:9/v1"]\nmodel = "critic"\n')
    pane = Pane([PROGRAM, "-w", path], OPENAI_API_KEY=KEY)
    pane.wait("solutions-")
    check("wants to" not in pane.screen(), "asked at opening")
    pane.keys("F2")
    pane.wait("192.0.2.1")
    check("wants to" not in pane.screen(), "asked at opening the screen")
    pane.press("C-s", "again begins")
    pane.keys("C-s")
    pane.wait("This workspace came from elsewhere and wants to", "generate.endpoints", "Not now", "Allow")
    pane.keys("Escape")
    pane.wait("192.0.2.1", gone="This workspace came from elsewhere")
    pane.keys("Q")
    pane.wait_end("exit 0")
    pane.close()


def a_run_s_scripts_are_not_executed():
    path = foreign("scripts", "")
    trace = scratch("fetched")
    folder = path + "/runs/sft-1"
    os.makedirs(folder)
    for name, text in {
        "run.json": json.dumps({
            "name": "sft-1", "stage": "sft", "engine": "trl", "launcher": "kuberay", "model": "m", "dataset": "", "spec": "",
            "programVersion": "1", "at": 0, "id": 0, "feedOffset": 0, "badLines": 0, "step": 0}), "fetch.sh": f"touch {trace}\n", "spec.toml": 'model = "m"\n',
    }.items():
        with open(folder + "/" + name, "w") as file:
            file.write(text)
    done = program("-w", path, "runs", "fetch", "sft-1", expect=1)
    check(not os.path.exists(trace), said(done))
    check("run the scripts of sft-1" in said(done), said(done))


def no_key_is_shown_or_stored():
    for fault in ["echo-key", "echo-key-in-answer"]:
        server = FaultServer("--key", KEY)
        path = workspace("echo-" + fault, SOLUTIONS)
        done = program(
            "-w", path, "generate", "initial", "--limit", "1", "--endpoint", server.base, "--model", "fault:" + fault,
            env=environment(DEEPCRITIC_API_KEY=KEY), expect=None)
        check(KEY not in said(done) + done.stdout.decode(), said(done))
        for name in os.listdir(path):
            with open(os.path.join(path, name), "rb") as file:
                check(KEY.encode() not in file.read(), f"the key is in {name}")
        if fault == "echo-key-in-answer":
            texts = rows(path, "SELECT text FROM critique WHERE answer_id IS NOT NULL")
            check(texts and all("‹key›" in text for (text,) in texts), texts[:1])
        else:
            check("‹key›" in said(done), said(done))
    done = program("-w", path, "generate", "initial", "--endpoint", "https://me:pass-word@host/v1", "--model", "m", expect=1)
    check("pass-word" not in said(done) and "‹key›" in said(done), said(done))


def servers_differ():
    """What a server refuses is learned once, said once, and the run ends well."""
    server = FaultServer("--refuses", "max_tokens,n,stream,seed")
    path = workspace("differ", SOLUTIONS)
    done = program("-w", path, "generate", "all", "--limit", "1", "--n", "3", "--endpoint", server.base, "--model", "critic")
    for words in ["it takes max_completion_tokens in place of max_tokens", "it takes no n: one sample a request"]:
        equal(said(done).count(words), 1, f"'{words}' in {said(done)}")
    equal(rows(path, "SELECT count(*) FROM seed WHERE reason = 'in'") != [], True, "seeds")
    # The texts of a server that sends parts are texts.
    server = FaultServer()
    path = workspace("parts", SOLUTIONS)
    program("-w", path, "generate", "initial", "--limit", "1", "--endpoint", server.base, "--model", "fault:parts")
    equal(rows(path, "SELECT count(*) FROM critique WHERE fault IS NOT NULL AND answer_id IS NOT NULL")[0][0], 0, "empty answers")
    path = workspace("thinking", SOLUTIONS)
    program("-w", path, "generate", "initial", "--limit", "1", "--endpoint", server.base, "--model", "fault:think")
    kept = rows(path, "SELECT c.text, a.reasoning FROM critique c JOIN answer a ON a.id = c.answer_id")
    check(kept and all("<think>" not in text and "Hm" in thoughts for text, thoughts in kept), kept[:1])
    path = workspace("numbers", SOLUTIONS)
    done = program(
        "-w", path, "generate", "initial", "--endpoint", server.base, "--model", "fault:huge-usage", "--json", timeout=120)
    check(json.loads(done.stdout)["total"]["promptTokens"] > 0, done.stdout)


def what_is_no_file_is_named():
    folder = scratch("kinds")
    os.makedirs(folder)
    fifo, plug = folder + "/fifo", folder + "/socket"
    os.mkfifo(fifo)
    server = socket.socket(socket.AF_UNIX)
    server.bind(plug)
    path = workspace("kinds-work", SOLUTIONS)
    kinds = {fifo: "a pipe", plug: "a socket", folder: "a directory", "/dev/zero": "a device", folder + "/missing": ""}
    for name, kind in kinds.items():
        for arguments in [
            ["share", name, "--output", folder + "/out.html"], ["render", name], ["-w", path, "import", name],
            ["-w", path, "verdict", "--from", name], ["-w", path, "live", name, "--model", "m"], ["grade", "--file", name],
            ["-w", path, "train", "--spec", name, "--dry-run"], ["--theme", name, "-w", path, "--replay", name, "--frame"],
            ["-w", path, "--replay", name, "--frame"],
            ["-w", path, "generate", "initial", "--prompt", f"initial={name}", "--model", "m", "--dry-run"],
            ["-w", path, "critique", "#1", "--stage", "merged", "--step", "1", "--write", name],
            ["-w", path, "evaluate", "--predictions", name],
        ]:
            done = program(*arguments, expect=None, timeout=30)
            check(done.returncode in (1, 2, 3), f"{arguments} ended with {done.returncode}: {said(done)}")
            check("Fatal error" not in said(done) and said(done).count("\n") <= 3, f"{arguments}: {said(done)}")
        if kind:
            for arguments in [
                ["-w", path, "export", "reviews", "-o", name],
                ["-w", path, "export", "solutions", "--format", "prm800k", "-o", name],
                ["-w", path, "generate", "initial", "--model", "m", "--write-batch", name],
            ]:
                if kind == "a device":
                    continue
                done = program(*arguments, expect=None, timeout=30)
                check(done.returncode == 1, f"{arguments} ended with {done.returncode}: {said(done)}")
                check(os.path.exists(name), f"{arguments} took {name} away")
    done = program("-w", path, "export", "reviews", "-o", "/dev/null", expect=1)
    check(stat.S_ISCHR(os.stat("/dev/null").st_mode) and "it is a device" in said(done), said(done))
    done = program("render", folder + "/missing", expect=1)
    check("there is no such file" in said(done), said(done))


def what_leaves_is_one_line_and_no_link():
    hostile = "$\\href{javascript:alert(1)}{x}$ $\\require{html}\\style{color:red}{x}$ \u2028 \u2029 \u0085 $\\class{a}{b}$ [a](http://x)"
    data = scratch("hostile.jsonl")
    with open(data, "w", encoding="utf-8") as file:
        for number in range(4):
            file.write(json.dumps({"problem": f"{number} {hostile}", "steps": [hostile], "label": -1}, ensure_ascii=False) + "\n")
    path = workspace("leaving", data)
    program("-w", path, "comment", "#1", "--step", "1", "--text", "one\u2028two\u0085three")
    for arguments in [["reviews"], ["solutions", "--format", "processbench", "--convert"]]:
        out = program("-w", path, "export", *arguments).stdout.decode()
        equal(len(out.splitlines()), out.count("\n"), f"lines of {arguments}")
    text = program("-w", path, "show", "#1", "--format", "markdown").stdout.decode()
    # Between dollars nothing of it is left; it is shown as code.
    for part in text.split("`")[::2]:
        check("\\href" not in part.replace("\\\\", ""), part)
    html = program("-w", path, "show", "#1", "--format", "html").stdout.decode()
    check(html.count('href="') == html.count('href="#') and "<script" not in html, html[:500])
    cast = scratch("session.cast")
    pane = Pane([PROGRAM, "-w", path, "--record-screen", cast])
    pane.wait("hostile-")
    pane.keys("Q")
    pane.wait_end("exit 0")
    pane.close()
    equal(stat.S_IMODE(os.stat(cast).st_mode), 0o600, "the mode of a cast")


main(
    interpreters_are_not_run, servers_and_key_files_are_not_used, one_s_own_workspace_is_not_asked_about,
    the_workbench_asks_when_it_matters, a_run_s_scripts_are_not_executed, no_key_is_shown_or_stored, servers_differ,
    what_is_no_file_is_named, what_leaves_is_one_line_and_no_link)
