#!/usr/bin/env python3
"""Rehearsals with the real engines: one step of a tiny model from the written files, and what they find."""

import glob
import json
import os
import stat
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "EndToEnd"))

from support.engines import python, verl_configuration
from support.harness import check, equal, main, program, scratch
from training import PATIENT, SMALL, deepcritic, env, model, rows, workspace

LAUNCHERS = ["local", "script:slurm", "script:kuberay", "script:skypilot"]
PLACES = ["--set", "image=image:1", "--set", "secrets=HF_TOKEN", "--set", "bucket=s3://bucket/runs"]


def rehearse(path, stage, launcher, *arguments, expect=0, base=None, **options):
    done = deepcritic(
        path, "train", stage, "--data", rows(stage), "--model", base or model(), "--launcher", launcher, *SMALL, *PLACES,
        "--rehearse", "--json", "--skip-checks", *arguments, expect=expect, **options)
    return json.loads(done.stdout)


def both_stages_train_a_step_from_every_launchers_files():
    path = workspace("rehearsals")
    for launcher in LAUNCHERS:
        found = rehearse(path, "sft", launcher, "--set", "batch=16", "--set", "max_length=64")
        equal((found["hasPassed"], found["steps"]), (True, 1), f"{launcher}: {found}")
    found = rehearse(path, "rl", "script:slurm", "--set", "batch=8", "--set", "max_prompt=64")
    equal((found["hasPassed"], found["steps"]), (True, 1), str(found))
    equal(os.listdir(os.path.join(path, "runs")), [".data"], "left behind")


def a_stand_in_trains_for_a_model_of_the_cluster():
    path = workspace("rehearsals")
    there = ["--set", "batch=16", "--set", "gpus=8", "--set", "device=gpu"]
    found = rehearse(path, "sft", "script:kuberay", *there, base="/cluster/models/base", expect=1)
    check("this machine has no config.json there" in found["problems"][0], str(found))
    found = rehearse(path, "sft", "script:kuberay", *there, "--stand-in", model(), base="/cluster/models/base")
    check(found["hasPassed"] and any("GPUs" in one for one in found["leftOut"]), str(found))


def what_fails_there_fails_here():
    path = workspace("rehearsals")
    long = rehearse(path, "sft", "script:skypilot", "--set", "batch=16", "--set", "max_length=8", expect=1)
    check("is longer than 8 tokens" in str(long["problems"]), str(long))
    wrong = rehearse(path, "sft", "script:slurm", "--set", "batch=16", "--set", "trl.nonsense=1", expect=1)
    check("trl.nonsense" in str(wrong["problems"]), str(wrong))
    mine = rehearse(path, "sft", "script:slurm", "--set", "batch=16", "--set", "extra_sbatch=--exclusiv", expect=1)
    check("--exclusiv" in str(mine["log"]), str(mine))


def verls_configuration_is_composed_by_the_written_script():
    """An interpreter with verl's files, empty packages of what only GPUs load, and a real ray beside it."""
    configuration, files = verl_configuration()
    ray = os.path.join(os.path.dirname(python("ray")), "ray")
    place = scratch("verl-bin")
    packages = os.path.join(place, "packages", "vllm-0.24.0.dist-info")
    os.makedirs(packages, exist_ok=True)
    with open(os.path.join(packages, "METADATA"), "w") as file:
        file.write("Metadata-Version: 2.1\nName: vllm\nVersion: 0.24.0\n")
    own = os.path.join(place, "python")
    # Under another name Python does not find the packages of its own environment.
    own_packages = glob.glob(os.path.join(os.path.dirname(os.path.dirname(configuration)), "lib", "python3*", "site-packages"))
    paths = os.pathsep.join([os.path.dirname(packages), files.split("/verl/trainer")[0], *own_packages])
    with open(own, "w") as file:
        # sys.executable is what attend.py and the check look beside.
        file.write(f"#!/bin/bash\nexport PYTHONPATH={paths}\nexec -a {own} {configuration} \"$@\"\n")
    os.chmod(own, os.stat(own).st_mode | stat.S_IXUSR)
    folder = scratch("verl-rows")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(rows("rl"), "train.jsonl")) as file, open(os.path.join(folder, "train.jsonl"), "w") as target:
        target.write(file.read())
    path = workspace("rehearsals")

    def attempt(launcher, *arguments, expect):
        done = program(
            "-w", path, "train", "rl", "--engine", "verl", "--data", folder, "--model", model(), "--launcher", launcher,
            "--set", "batch=16", "--set", "gpus=8", "--set", "nodes=2", *PLACES, "--rehearse", "--json", "--skip-checks",
            *arguments, env=env(DEEPCRITIC_VERL_PYTHON=own), timeout=PATIENT, expect=expect)
        return json.loads(done.stdout)

    found = attempt("script:slurm", expect=1)
    check("Ray must be installed beside" in str(found), str(found))
    with open(os.path.join(place, "ray"), "w") as file:
        file.write(f'#!/bin/bash\nexec {ray} "$@"\n')
    os.chmod(os.path.join(place, "ray"), 0o755)
    for launcher in ("script:slurm", "script:kuberay"):
        found = attempt(launcher, expect=0)
        check(found["hasPassed"], f"{launcher}: {found}")
    found = attempt("script:kuberay", "--set", "verl.trainer.nonsense=3", expect=1)
    check("trainer.nonsense" in str(found["problems"] + found["log"]), str(found))


if __name__ == "__main__":
    main(both_stages_train_a_step_from_every_launchers_files, a_stand_in_trains_for_a_model_of_the_cluster,
         what_fails_there_fails_here, verls_configuration_is_composed_by_the_written_script)
