#!/usr/bin/env python3
"""Runs on a cluster, from the command line: submitted, watched, stopped, resumed, and what may go wrong is shown."""

import json
import os
import signal
import subprocess
import sys

from support.harness import PACKAGE, PROGRAM, check, environment, equal, main, program, scratch, wait_until, workspace

ENV = environment(RAY_AUTH_MODE="disabled")


class Cluster:
    """A stand-in for a Ray cluster."""

    def __init__(self, name, *options):
        self.folder = scratch("ray-" + name)
        os.makedirs(self.folder)
        script = os.path.join(PACKAGE, "Tests/EndToEnd/support/fake_ray.py")
        self.process = subprocess.Popen(
            [sys.executable, script, self.folder, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        self.process.kill()
        self.process.communicate()

    def refuse(self, reason):
        path = os.path.join(self.folder, "refuse")
        if reason is None:
            os.remove(path)
        else:
            with open(path, "w", encoding="utf-8") as file:
                file.write(reason)

    def submitted(self):
        with open(os.path.join(self.folder, "requests.jsonl"), encoding="utf-8") as file:
            requests = [json.loads(line) for line in file]
        return [one["body"] for one in requests if (one["method"], one["path"]) == ("POST", "/api/jobs/")]


def inputs(path):
    """A model and rows that nothing reads."""
    for name, file, text in (("model", "config.json", "{}"), ("rows", "train.jsonl", 8 * (json.dumps({"messages": [
            {"role": "user", "content": "1"}, {"role": "assistant", "content": "\\boxed{1}"}]}) + "\n"))):
        os.makedirs(os.path.join(path, name), exist_ok=True)
        with open(os.path.join(path, name, file), "w", encoding="utf-8") as out:
            out.write(text)
    return ["--data", os.path.join(path, "rows"), "--model", os.path.join(path, "model"), "--set", "batch=4"]


def train(path, cluster, *more, **options):
    return program(
        "-w", path, "train", "sft", *inputs(path), "--launcher", "ray", "--ray-address", cluster.address, *more, env=ENV,
        **options)


def runs(path, *arguments, **options):
    return program("-w", path, "runs", *arguments, env=ENV, **options)


def shown(path):
    return json.loads(runs(path, "show", "latest", "--json").stdout)


def a_run_is_submitted_stopped_and_resumed():
    path = workspace("whole")
    with Cluster("whole") as cluster:
        done = train(path, cluster, "--set", "python=/opt/it's/python", "--set", "threads=3")
        check("sft-1 has started and keeps running" in done.stderr.decode(), done.stderr)
        job = cluster.submitted()[0]
        equal(job["entrypoint"], "'/opt/it'\\''s/python' scripts/attend.py . 1", "entry point")
        equal((job["entrypoint_num_cpus"], job["entrypoint_num_gpus"]), (3, 1), "resources")
        wait_until(lambda: shown(path)["step"] > 2, "steps")
        equal(shown(path)["state"], "running", "state")
        stopped = json.loads(runs(path, "stop", "sft-1", "--json").stdout)
        equal(stopped["state"], "stopped", "state")
        failed = runs(path, "stop", "sft-1", expect=1)
        check("does not run" in failed.stderr.decode(), failed.stderr)
        done = runs(path, "resume", "latest", "--follow")
        check("sft-1 has finished after 20 steps" in done.stderr.decode(), done.stderr)
        check("loading" in runs(path, "logs", "sft-1").stdout.decode(), "log")
        equal(shown(path)["attempt"], 2, "attempt")


def a_refused_run_is_told_with_its_reason():
    path = workspace("refused")
    with Cluster("refused") as cluster:
        cluster.refuse("no room for another job")
        done = train(path, cluster, expect=1)
        check("sft-1 could not be submitted" in done.stderr.decode(), done.stderr)
        check("no room for another job" in done.stderr.decode(), done.stderr)
        run = shown(path)
        equal(run["state"], "failed", "state")
        check("no room for another job" in run["detail"], run)
        cluster.refuse(None)
        runs(path, "resume", "sft-1")
        wait_until(lambda: shown(path)["state"] == "finished", "the end")


def a_cluster_that_is_gone_is_told():
    path = workspace("gone")
    with Cluster("gone") as cluster:
        train(path, cluster)
        wait_until(lambda: shown(path)["step"] > 0, "a step")
    listed = runs(path, "list")
    check("sft-1 is shown as last heard of" in listed.stderr.decode(), listed.stderr)
    check("running" in listed.stdout.decode(), listed.stdout)
    done = train(path, cluster, expect=1)
    check("cannot be reached" in done.stderr.decode(), done.stderr)
    equal(sorted(name for name in os.listdir(os.path.join(path, "runs")) if name[0] != "."), ["sft-1"], "left behind")
    done = program("-w", path, "train", "sft", *inputs(path), "--launcher", "ray", "--ray-address", "ftp://x", env=ENV, expect=2)
    check("'ray_address' cannot be used" in done.stderr.decode(), done.stderr)


def watching_ends_with_ctrl_c_and_the_run_goes_on():
    path = workspace("watched")
    with Cluster("watched") as cluster:
        train(path, cluster)
        for number in (signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen(
                [PROGRAM, "-w", path, "runs", "show", "latest", "--follow"], env=ENV, stderr=subprocess.PIPE)
            before = shown(path)["step"]
            # It listens from before its first look on.
            wait_until(lambda before=before: shown(path)["step"] > before + 3, "a look")
            process.send_signal(number)
            _, words = process.communicate(timeout=20)
            equal(process.returncode, 128 + number, "exit code")
            check("The training keeps running" in words.decode(), words)
        equal(shown(path)["state"], "running", "state")


if __name__ == "__main__":
    main(
        a_run_is_submitted_stopped_and_resumed, a_refused_run_is_told_with_its_reason, a_cluster_that_is_gone_is_told,
        watching_ends_with_ctrl_c_and_the_run_goes_on)
