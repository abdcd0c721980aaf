#!/usr/bin/env python3
"""Training as jobs of a real Ray cluster on this machine: submit, follow, stop, fail, and with a token."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "EndToEnd"))

import training
from support.engines import free_port, python
from support.harness import Failure, check, equal, main, program, scratch, wait_until
from training import PATIENT, SMALL, model, rows, wait_for, workspace

TOKEN = "a-token-of-thirty-two-characters"
_head = {}


def head():
    """The address of a head that asks for a token; started once."""
    if _head:
        return _head["address"]
    port, dashboard = free_port(), free_port()
    ray = os.path.join(os.path.dirname(python("ray")), "ray")
    # A short path: sockets have names of a hundred characters at most.
    folder = f"/tmp/dc-ray-{os.getpid()}"
    environment = training.env(
        RAY_AUTH_MODE="token", RAY_AUTH_TOKEN=TOKEN, RAY_USAGE_STATS_ENABLED="0", RAY_DISABLE_IMPORT_WARNING="1", TMPDIR="/tmp")
    command = [ray, "start", "--head", "--port", str(port), "--dashboard-port", str(dashboard), "--num-cpus", "4",
               "--object-store-memory", "100000000", "--temp-dir", folder, "--include-dashboard", "true", "--block"]
    out = open(scratch("ray.log"), "wb")
    process = subprocess.Popen(command, env=environment, stdout=out, stderr=out, start_new_session=True)
    _head.update(address=f"http://127.0.0.1:{dashboard}", process=process, folder=folder)

    def answers():
        if process.poll() is not None:
            raise Failure("the head ended:\n" + open(scratch("ray.log"), errors="replace").read()[-3000:])
        request = urllib.request.Request(_head["address"] + "/api/jobs/", headers={"Authorization": f"Bearer {TOKEN}"})
        try:
            return urllib.request.urlopen(request, timeout=5).status == 200
        except (urllib.error.URLError, OSError):
            return False

    wait_until(answers, "the head", PATIENT)
    return _head["address"]


def end():
    import shutil
    import signal

    if _head:
        os.killpg(_head["process"].pid, signal.SIGTERM)
        try:
            _head["process"].wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(_head["process"].pid, signal.SIGKILL)
        shutil.rmtree(_head["folder"], ignore_errors=True)


def deepcritic(path, *arguments, token=TOKEN, **options):
    return program("-w", path, *arguments, env=training.env(RAY_AUTH_TOKEN=token), timeout=PATIENT, **options)


def submit(path, *arguments, **options):
    return deepcritic(
        path, "train", "sft", "--data", rows("sft"), "--model", model(), "--launcher", "ray", "--ray-address", head(), *SMALL,
        "--set", "python=" + python("trl"), "--set", "batch=8", "--set", "micro_batch=8", "--set", "max_length=64", "--json",
        *arguments, **options)


# What the other module asks has the token too.
training.deepcritic = deepcritic


def a_job_trains_and_its_log_and_feed_arrive():
    path = workspace("job")
    output = scratch("output")
    run = json.loads(submit(path, "--set", "max_steps=20", "--set", "save_every=10", "--set", f"output={output}").stdout)
    check(run["state"] in ("queued", "running"), str(run))
    done = wait_for(path, run["name"], "finished", "the end of the job")
    equal(done["step"], 20, "steps")
    equal(len(training.points(path, run["name"], "loss")), 20, "losses")
    check("@deepcritic" not in training.log(done), "the feed is in the log")
    # By the job's own name: another run's checkpoints must not be taken for this one's.
    (job,) = os.listdir(output)
    check(os.path.exists(os.path.join(output, job, "model", "model.safetensors")), "the model did not reach the output folder")
    check(done["trainedModel"], "the run's folder does not lead to its model")
    check(TOKEN.encode() not in b"".join(
        open(os.path.join(root, name), "rb").read() for root, _, names in os.walk(done["folder"]) for name in names),
        "the token is in the folder of the run")


def a_job_is_stopped():
    path = workspace("job")
    run = json.loads(submit(path, "--set", "max_steps=5000").stdout)
    training.wait_for_step(path, run["name"], 3)
    stopped = json.loads(deepcritic(path, "runs", "stop", run["name"], "--json").stdout)
    equal(stopped["state"], "stopped", "state")
    # Without an output a cluster of this machine writes into the run's folder.
    check(os.path.isdir(os.path.join(stopped["folder"], "checkpoints")), "there are no checkpoints in the run's folder")


def a_failed_job_reports_its_reason():
    path = workspace("job")
    run = json.loads(submit(path, "--set", "max_length=8", "--skip-checks").stdout)
    failed = wait_for(path, run["name"], "failed", "the failure")
    check("'max_length'" in training.log(failed), training.log(failed))
    listed = deepcritic(path, "runs").stdout.decode()
    check("failed" in listed, listed)


def a_wrong_token_and_a_missing_cluster_are_reported():
    path = workspace("alone")
    done = submit(path, token="another-token-of-32-characters-xx", expect=1, *["--skip-checks"])
    check("wants a token" in done.stderr.decode(), done.stderr.decode())
    done = deepcritic(
        path, "train", "sft", "--data", rows("sft"), "--model", model(), "--launcher", "ray", "--ray-address",
        f"127.0.0.1:{free_port()}", *SMALL, "--set", "batch=8", "--set", "max_length=64", "--skip-checks", expect=1)
    check("cannot be reached" in done.stderr.decode(), done.stderr.decode())
    equal([name for name in os.listdir(os.path.join(path, "runs")) if not name.startswith(".data")], [], "left behind")


if __name__ == "__main__":
    try:
        main(a_job_trains_and_its_log_and_feed_arrive, a_job_is_stopped, a_failed_job_reports_its_reason,
             a_wrong_token_and_a_missing_cluster_are_reported)
    finally:
        end()
