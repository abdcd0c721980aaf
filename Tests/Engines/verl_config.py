#!/usr/bin/env python3
"""Every setting for verl, composed with verl's own configuration; no GPU is needed."""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "EndToEnd"))

from support.engines import verl_configuration
from support.harness import Failure, check, environment, equal, main, program, scratch
from training import rows, workspace

VERSIONS = [
    [], ["nodes=4", "gpus=8", "batch=64"], ["kl=0.001"], ["warmup=25", "max_steps=77"], ["offload=off", "gradient_checkpointing=off"],
    ["overlong=drop"], ["sampler=sglang", "tensor_parallel=4", "gpus=4"], ["sample_every=0"], ["schedule=constant"],
    ["tokenizer=" + os.path.dirname(os.path.abspath(__file__))], ["learning_rate=2.5e-07"],
    ["lora_rank=16"], ["lora_rank=16", "lora_targets=q_proj,v_proj"], ["tracker=trackio", "tracker_project=my critic's"],
    ["verl.trainer.project_name=it's a \"name\"", "verl.actor_rollout_ref.rollout.enforce_eager=true"],
]


def compose(stage, overrides):
    script = os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "..", "..", "Sources", "Training", "Python", "verl_check.py")
    path = scratch("overrides.txt")
    with open(path, "w") as file:
        file.write("\n".join(overrides) + "\n")
    python, files = verl_configuration()
    done = subprocess.run(
        [python, "-B", script, {"sft": "sft_trainer_engine", "rl": "ppo_trainer"}[stage], path, files], capture_output=True,
        env=environment(), check=False)
    if done.returncode:
        raise Failure(done.stderr.decode(errors="replace")[-3000:])
    return json.loads(done.stdout)["problems"]


def overrides(path, stage, *settings):
    folder = scratch(f"verl-{stage}")
    if not os.path.exists(folder):
        os.makedirs(folder)
        source = os.path.join(rows(stage), "train.jsonl")
        with open(source) as file, open(os.path.join(folder, "train.jsonl"), "w") as target:
            target.write(file.read())
    arguments = [word for setting in settings for word in ("--set", setting)]
    done = program(
        "-w", path, "train", stage, "--engine", "verl", "--launcher", "script:slurm", "--data", folder, "--model", "Qwen/Qwen2.5-7B",
        "--set", "batch=16", *arguments, "--skip-checks", "--dry-run", "--json")
    told = json.loads(done.stdout)
    return [word for word in told["command"] if "=" in word]


def every_override_composes():
    verl_configuration()
    path = workspace("verl")
    for stage in ("sft", "rl"):
        for settings in VERSIONS:
            if any(one.split("=")[0] in ("kl", "sampler", "tensor_parallel", "sample_every") for one in settings) and stage == "sft":
                continue
            if any("actor_rollout_ref" in one for one in settings) and stage == "sft":
                continue
            if any(one.startswith("tokenizer=") for one in settings):
                settings = ["tokenizer=Qwen/Qwen2.5-7B"]
            list_ = overrides(path, stage, *settings)
            check(len(list_) > 25, f"only {len(list_)} overrides")
            equal(compose(stage, list_), [], f"{stage} {settings}")


def an_unknown_override_is_reported():
    verl_configuration()
    path = workspace("verl")
    for wrong, key in [("trainer.nonsense=3", "verl.trainer.nonsense"), ("actor_rollout_ref.rollout.nme=vllm", "verl.actor_rollout_ref.rollout.nme")]:
        problems = compose("rl", overrides(path, "rl") + [wrong])
        equal([one["key"] for one in problems], [key], wrong)


def the_old_place_of_the_reward_is_reported():
    verl_configuration()
    path = workspace("verl")
    list_ = [one for one in overrides(path, "rl") if not one.startswith("reward.custom")]
    # It composes, which is why it is a trap.
    problems = compose("rl", list_ + ["custom_reward_function.path=reward.py"])
    equal([one["key"] for one in problems], ["verl.reward.custom_reward_function.path"], "the trap")
    done = program("-w", path, "train", "rl", "--set", "verl.custom_reward_function.path=x.py", "--data", "x", expect=2)
    check("reward.custom_reward_function.path" in done.stderr.decode(), done.stderr.decode())


if __name__ == "__main__":
    main(every_override_composes, an_unknown_override_is_reported, the_old_place_of_the_reward_is_reported)
