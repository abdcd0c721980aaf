#!/usr/bin/env python3
"""Real training with the commands of the program: TRL on this machine's CPU, and what can fail."""

import json
import os
import signal
import subprocess
import sys
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "EndToEnd"))

from support import terminal
from support.engines import offline_environment as env
from support.engines import python, run_script
from support.harness import PROGRAM, Failure, Skip, alive, check, equal, main, program, scratch, wait_until

PATIENT = 240
SMALL = ["--set", "threads=1", "--set", "learning_rate=3e-3", "--set", "device=cpu"]
_made = {}


def model():
    if "model" not in _made:
        _made["model"] = scratch("model")
        run_script("tiny_model.py", _made["model"])
    return _made["model"]


def rows(stage, count=64):
    """Rows whose answer is the number in the question: a tiny model can learn it."""
    folder = scratch(f"rows-{stage}")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "train.jsonl"), "w") as file:
        for index in range(count):
            answer = 1 + index % 3
            prompt = [{"role": "user", "content": f"error in step {answer}"}]
            told = [{"role": "assistant", "content": f"\\boxed{{{answer}}}"}]
            row = {"messages": prompt + told} if stage == "sft" else {
                "prompt": prompt, "ground_truth": answer, "solution": f"key-{index}"}
            file.write(json.dumps(row) + "\n")
    return folder


def workspace(name):
    path = scratch(name)
    if not os.path.exists(path):
        program("init", path)
    return path


def deepcritic(path, *arguments, **options):
    options.setdefault("timeout", PATIENT)
    return program("-w", path, *arguments, env=env(), **options)


def train(path, stage, *arguments, base=None, **options):
    done = deepcritic(
        path, "train", stage, "--data", rows(stage), "--model", base or model(), *SMALL, "--json", *arguments, **options)
    return json.loads(done.stdout)


def show(path, name):
    return json.loads(deepcritic(path, "runs", "show", name, "--json").stdout)


def points(path, name, metric):
    told = json.loads(deepcritic(path, "runs", "chart", name, "--metric", metric, "--json").stdout)
    return told[metric][name]


def wait_for(path, name, state, what):
    def there():
        run = show(path, name)
        if run["state"] in ("failed", "dead", "finished") and run["state"] != state:
            raise Failure(f"{what}: the run is {run['state']}: {run['detail']}\n" + log(run))
        return run if run["state"] == state else None
    return wait_until(there, what, PATIENT)


def wait_for_step(path, name, step):
    return wait_until(lambda: (run := show(path, name))["step"] >= step and run, f"step {step} of {name}", PATIENT)


def log(run):
    with open(os.path.join(run["folder"], "log.txt"), errors="replace") as file:
        return file.read()[-3000:]


def trainer(run):
    with open(os.path.join(run["folder"], "feed.jsonl")) as file:
        found = [json.loads(line) for line in file if '"kind": "process"' in line]
    return found[-1]["pid"]


def both_stages_learn():
    path = workspace("both")
    done = train(path, "sft", "--set", "batch=16", "--set", "micro_batch=16", "--set", "max_steps=60",
                 "--set", "save_every=30", "--set", "max_length=64", "--set", "schedule=constant", "--follow")
    equal(done["state"], "finished", log(done))
    losses = [value for _, value in points(path, "sft-1", "loss")]
    equal(len(losses), 60, "losses")
    check(losses[-1] < losses[0] / 2, f"the loss does not fall: {losses[0]} to {losses[-1]}")
    equal([one["step"] for one in done["checkpoints"]], [30, 60], "checkpoints")
    check(done["trainedModel"], "there is no model")

    done = train(path, "rl", "--set", "batch=8", "--set", "samples=4", "--set", "micro_batch=16", "--set", "max_steps=12",
                 "--set", "save_every=6", "--set", "max_prompt=64", "--set", "max_completion=12", "--set", "sample_every=3",
                 "--set", "learning_rate=1e-3", "--follow", base=done["trainedModel"])
    equal(done["state"], "finished", log(done))
    for metric in ("reward", "entropy", "completion_length", "clipped_ratio", "learning_rate"):
        equal(len(points(path, "rl-1", metric)), 12, metric)
    samples = json.loads(deepcritic(path, "runs", "samples", "rl-1", "--json").stdout)
    check(len(samples) >= 8 and all(one["solution"].startswith("key-") for one in samples), f"samples: {samples[:2]}")
    for one in samples:
        equal(one["reward"], 1.0 if one.get("answer") == one["groundTruth"] else 0.0, f"reward of {one}")
    compared = json.loads(deepcritic(path, "runs", "compare", "sft-1", "rl-1", "--json").stdout)
    check({"stage", "model", "data"} <= {one["key"] for one in compared["settings"]}, str(compared["settings"])[:300])
    known = deepcritic(path, "lineage", done["data"][:12]).stdout.decode()
    check("rl-1" in known and "checkpoint" in known, f"lineage: {known}")


def a_trained_model_is_served_with_its_own_tokenizer():
    path = workspace("both")
    if not os.path.exists(os.path.join(path, "runs", "sft-1", "model")):
        raise Skip("the run before it has left no model")
    server = subprocess.Popen(
        [PROGRAM, "-w", path, "runs", "serve", "sft-1", "--port", "0", "--json"], env=env(), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)
    try:
        told = b""
        while not told.strip().endswith(b"}"):
            piece = server.stdout.readline()
            if not piece:
                raise Failure("the server ended: " + server.stderr.read().decode(errors="replace")[-2000:])
            told += piece
        serving = json.loads(told)
        request = urllib.request.Request(
            serving["endpoint"] + "/chat/completions", headers={"Content-Type": "application/json"},
            data=json.dumps({
                "model": serving["model"], "temperature": 0, "max_tokens": 12, "stream": False,
                "messages": [{"role": "user", "content": "error in step 2"}]}).encode())
        with urllib.request.urlopen(request, timeout=120) as answer:
            text = json.load(answer)["choices"][0]["message"]["content"]
        check("\\boxed{" in text, f"with another tokenizer the model would not know the question: {text!r}")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(30)


def a_run_outlives_the_program_and_is_stopped_and_resumed():
    path = workspace("resumed")
    run = train(path, "sft", "--set", "batch=4", "--set", "micro_batch=1", "--set", "max_steps=3000", "--set", "save_every=5",
                "--set", "max_length=64", "--skip-checks")
    equal(run["state"], "running", "state")
    # The program that started it has ended; nothing of its session is left.
    run = wait_for_step(path, run["name"], 6)
    check(alive(run["pid"]) and alive(trainer(run)), "the trainer does not run")
    deepcritic(path, "runs", "resume", run["name"], expect=1)
    stopped = json.loads(deepcritic(path, "runs", "stop", run["name"], "--json").stdout)
    equal(stopped["state"], "stopped", "state after the stop")
    equal(stopped["checkpoints"][-1]["step"], stopped["step"], "the checkpoint of the last step")
    deepcritic(path, "runs", "resume", run["name"])
    again = wait_for_step(path, run["name"], stopped["step"] + 2)
    equal(again["attempt"], 2, "attempt")
    steps = [step for step, _ in points(path, run["name"], "loss")]
    equal(steps, sorted(set(steps)), "steps in order, each once")

    os.kill(trainer(again), signal.SIGKILL)
    failed = wait_for(path, run["name"], "failed", "the end of a killed trainer")
    check("signal 9" in failed["detail"], failed["detail"])
    deepcritic(path, "runs", "resume", run["name"])
    third = wait_for_step(path, run["name"], failed["step"])
    # A checkpoint that was broken off is passed over.
    folder = os.path.dirname(third["checkpoints"][-1]["path"])
    os.kill(third["pid"], signal.SIGKILL)
    os.kill(trainer(third), signal.SIGKILL)
    # The trainer continued until then: what is last now may be another one, and half-written already.
    last = max((name for name in os.listdir(folder) if name.startswith("checkpoint-")), key=lambda name: int(name.split("-")[1]))
    state = os.path.join(folder, last, "trainer_state.json")
    if os.path.exists(state):
        with open(state, "r+") as file:
            file.truncate(20)
    dead = wait_for(path, run["name"], "dead", "the end of all processes")
    check("disappeared without reporting" in dead["detail"], dead["detail"])
    check(not dead["checkpoints"][-1]["isComplete"], "a broken checkpoint counts as whole")
    words = deepcritic(path, "runs", "show", run["name"]).stdout.decode()
    check("Last lines of its log" in words and "incomplete" in words, words)
    deepcritic(path, "runs", "resume", run["name"])
    wait_for_step(path, run["name"], dead["step"] + 1)
    ended = json.loads(deepcritic(path, "runs", "stop", run["name"], "--now", "--json").stdout)
    equal(ended["state"], "stopped", "state after the firm stop")
    check(not alive(ended["pid"]), "it still runs")


def mistakes_are_reported_before_a_run_starts():
    path = workspace("refused")
    def refused(stage, *arguments):
        done = deepcritic(path, "train", stage, "--data", rows(stage), "--model", model(), *arguments, expect=2)
        return done.stderr.decode()
    def named(key, words):
        check(f"'{key}'" in words and len(words) < 1200, words)
    named("max_length", refused("sft", "--set", "batch=4", "--set", "max_length=8"))
    named("trl.nonsense", refused("sft", "--set", "batch=4", "--set", "trl.nonsense=1"))
    named("max_prompt", refused("rl", "--set", "batch=4", "--set", "micro_batch=4", "--set", "max_prompt=5"))
    named("max_completion", refused("rl", "--set", "batch=4", "--set", "micro_batch=4", "--set", "max_completion=5000"))
    named("device", refused("sft", "--set", "batch=4", "--set", "device=gpu", "--set", "max_length=64"))
    equal([name for name in os.listdir(os.path.join(path, "runs")) if not name.startswith(".data")], [], "left behind")
    done = deepcritic(path, "train", "sft", "--data", rows("sft"), "--model", model(), "--set", "batch=4", "--set",
                      "max_length=64", "--dry-run", "--json")
    told = json.loads(done.stdout)
    equal(told["facts"]["rows"] if "rows" in told["facts"] else told["rows"]["train.jsonl"], 64, "rows")
    check(told["command"][0] == python("trl") and told["settings"]["batch"] == "4", str(told["command"]))
    equal(json.loads(deepcritic(path, "runs", "--json").stdout), [], "runs after a dry run")


def an_error_of_the_trainer_is_reported():
    path = workspace("error")
    run = train(path, "sft", "--set", "batch=4", "--set", "max_length=8", "--skip-checks")
    failed = wait_for(path, run["name"], "failed", "the refusal of long rows")
    check("'max_length'" in failed["detail"], failed["detail"])


def a_full_disk_is_reported():
    path = workspace("full")
    disk = scratch("disk")
    os.makedirs(disk, exist_ok=True)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=120k", "none", disk], stderr=subprocess.DEVNULL).returncode:
        raise Skip("this user may not mount a small file system")
    try:
        os.makedirs(os.path.join(path, "runs"), exist_ok=True)
        run = train(path, "sft", "--set", "batch=4", "--set", "max_steps=60", "--set", "save_every=60", "--set",
                    "max_length=64", "--skip-checks")
        # Checkpoints go where there is no room.
        os.symlink(os.path.join(disk, "checkpoints"), os.path.join(run["folder"], "checkpoints"))
        os.makedirs(os.path.join(disk, "checkpoints"))
        failed = wait_for(path, run["name"], "failed", "the end on a full disk")
        check("space" in failed["detail"] or "disk" in failed["detail"].lower(), failed["detail"])
    finally:
        subprocess.run(["umount", disk], check=False)


def a_full_disk_leaves_nothing_half_written():
    disk = scratch("small-disk")
    os.makedirs(disk, exist_ok=True)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "none", disk], stderr=subprocess.DEVNULL).returncode:
        raise Skip("this user may not mount a small file system")
    try:
        path = os.path.join(disk, "audit")
        program("init", path)
        many = scratch("many")
        os.makedirs(many, exist_ok=True)
        with open(os.path.join(rows("sft"), "train.jsonl")) as file, open(os.path.join(many, "train.jsonl"), "w") as target:
            target.write(file.read() * 800)
        done = deepcritic(
            path, "train", "sft", "--data", many, "--model", model(), "--set", "batch=4", "--skip-checks", expect=1)
        words = done.stderr.decode()
        check("disk is full" in words and "free some space" in words, words)
        left = os.listdir(os.path.join(path, "runs"))
        kept = os.path.join(path, "runs", ".data")
        check(all(name == ".data" for name in left) and not (os.path.isdir(kept) and os.listdir(kept)), f"left: {left}")
    finally:
        subprocess.run(["umount", disk], check=False)


def training_survives_a_kill_of_the_program():
    path = workspace("killed")
    starter = subprocess.Popen(
        [PROGRAM, "-w", path, "train", "sft", "--data", rows("sft"), "--model", model(), *SMALL, "--set", "batch=4", "--set",
         "max_steps=3000", "--set", "max_length=64", "--skip-checks", "--follow"], env=env(), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, start_new_session=True)
    wait_until(lambda: json.loads(deepcritic(path, "runs", "--json").stdout), "the run", PATIENT)
    run = wait_for_step(path, "sft-1", 3)
    os.killpg(starter.pid, signal.SIGKILL)
    starter.wait()
    later = wait_for_step(path, "sft-1", run["step"] + 3)
    equal(later["state"], "running", "state after the program that watched was killed")
    deepcritic(path, "runs", "stop", "sft-1", "--now")


def a_run_started_in_the_workbench_outlives_it():
    path = workspace("both")
    if not os.path.exists(os.path.join(path, "runs", "sft-1", "model")):
        raise Skip("the run before it has left nothing to start from")
    variables = {name: value for name, value in env().items() if name.startswith(("DEEPCRITIC", "HF_"))}
    before = {run["name"] for run in json.loads(deepcritic(path, "runs", "--json").stdout)}
    pane = terminal.workbench(path, **variables)
    pane.press("F4", "sft-1", "finished")
    pane.press("G", "▸")
    pane.press("A", "New run", "learning_rate", patience=PATIENT)
    # Down to the number of steps.
    for _ in range(11):
        pane.press("j")
    pane.press("e", "max_steps: ")
    pane.press("C-u")
    pane.type("3000")
    pane.press("Enter", "3000 (changed)")
    pane.press("C-s", "has started, and keeps running", patience=PATIENT)
    (name,) = {run["name"] for run in json.loads(deepcritic(path, "runs", "--json").stdout)} - before
    pane.wait(name, "running", patience=PATIENT)
    run = wait_for_step(path, name, 3)
    # Review continues beside it.
    pane.press("q", "training " + name)
    pane.signal(signal.SIGKILL)
    later = wait_for_step(path, name, run["step"] + 5)
    equal(later["state"], "running", "state after the workbench was killed")
    again = terminal.workbench(path, **variables)
    again.press("F4", name, "running", "loss", patience=PATIENT)
    again.press("C-x", "stops after the step", patience=PATIENT)
    again.wait("stopped", patience=PATIENT)
    equal(show(path, name)["state"], "stopped", "state after the stop")
    again.close()
    pane.close()


def planned_steps_are_those_that_are_trained():
    path = workspace("steps")
    for stage, settings, steps in (("sft", ["max_length=64"], 6), ("rl", ["max_prompt=64", "max_completion=4", "samples=2"], 3)):
        folder = scratch(f"seven-{stage}")
        os.makedirs(folder)
        with open(os.path.join(rows(stage, 7), "train.jsonl")) as file, open(os.path.join(folder, "train.jsonl"), "w") as copy:
            copy.write(file.read())
        open(os.path.join(folder, "validation.jsonl"), "w").close()
        words = ["train", stage, "--data", folder, "--model", model(), *SMALL, "--set", "batch=4", "--set", "micro_batch=4",
                 "--set", "epochs=3", "--json"] + [word for one in settings for word in ("--set", one)]
        planned = json.loads(deepcritic(path, *words, "--dry-run").stdout)
        equal(planned["steps"], steps, f"planned steps of {stage}")
        check("validation.jsonl has no rows, so the run has no validation loss" in planned["warnings"], str(planned["warnings"]))
        done = json.loads(deepcritic(path, *words, "--follow").stdout)
        equal((done["state"], done["step"], done["total"]), ("finished", steps, steps), log(done))
    rows("sft"), rows("rl")


def adapters_are_merged_into_the_model():
    if subprocess.run([python("trl"), "-c", "import peft"], capture_output=True, check=False).returncode:
        path = workspace("adapters")
        done = deepcritic(
            path, "train", "sft", "--data", rows("sft"), "--model", model(), *SMALL, "--set", "lora_rank=4", "--set", "batch=4",
            "--set", "max_length=64", expect=2)
        check("'lora_rank' needs peft; install it with" in done.stderr.decode(), done.stderr.decode())
        raise Skip("peft is not in the environment of TRL: only its absence was tested")
    path = workspace("adapters")
    done = train(path, "sft", "--set", "lora_rank=4", "--set", "batch=16", "--set", "micro_batch=16", "--set", "max_steps=4",
                 "--set", "max_length=64", "--follow")
    equal(done["state"], "finished", log(done))
    for name in ("adapter/adapter_model.safetensors", "model/model.safetensors", "model/tokenizer.json"):
        check(os.path.exists(os.path.join(done["folder"], name)), f"there is no {name}")
    size = os.path.getsize(os.path.join(model(), "model.safetensors"))
    check(abs(os.path.getsize(os.path.join(done["folder"], "model", "model.safetensors")) - size) < 4096, "another size")


def a_trainer_without_a_leader_is_stopped():
    path = workspace("orphan")
    run = train(path, "sft", "--set", "batch=4", "--set", "micro_batch=4", "--set", "max_steps=3000", "--set", "max_length=64")
    wait_for_step(path, run["name"], 3)
    os.kill(run["pid"], signal.SIGKILL)
    pid = trainer(run)
    stopped = json.loads(deepcritic(path, "runs", "stop", run["name"], "--json").stdout)
    equal(stopped["state"], "stopped", stopped["detail"])
    check(not alive(pid), "the trainer is still there")
    check(any(one["isComplete"] for one in stopped["checkpoints"]), f"no checkpoint: {stopped['checkpoints']}")
    deepcritic(path, "runs", "note", run["name"], "lost its leader")
    check("lost its leader" in deepcritic(path, "runs").stdout.decode(), "the note is not listed")
    deepcritic(path, "runs", "delete", run["name"])
    check(not os.path.exists(stopped["folder"]), "the folder is still there")


if __name__ == "__main__":
    main(planned_steps_are_those_that_are_trained, adapters_are_merged_into_the_model, a_trainer_without_a_leader_is_stopped,
         both_stages_learn, a_trained_model_is_served_with_its_own_tokenizer,
         a_run_started_in_the_workbench_outlives_it,
         a_run_outlives_the_program_and_is_stopped_and_resumed, mistakes_are_reported_before_a_run_starts,
         an_error_of_the_trainer_is_reported, a_full_disk_is_reported,
         a_full_disk_leaves_nothing_half_written, training_survives_a_kill_of_the_program)
