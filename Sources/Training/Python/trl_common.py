"""What both of TRL's trainers need: settings, tokenizer, model, the feed as a callback, an orderly stop."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

import faithful
import rehearsal
from feed import Feed

# Both import slowly, and --check wants its answer soon.
Trainer = Any


class Problem(Exception):
    """Something wrong with one setting."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key
        self.message = message


class Settings:
    """The settings of a run, as the program wrote them."""

    def __init__(self, folder: str) -> None:
        self.folder = os.path.abspath(folder)
        with open(os.path.join(self.folder, "settings.json"), encoding="utf-8") as file:
            self.values: dict[str, Any] = json.load(file)
        if rehearsal.is_on():
            self.values = rehearsal.reduced(self.values)

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    @property
    def extra(self) -> dict[str, Any]:
        """Settings that go to TRL's own configuration as they are."""
        return dict(self.values.get("extra", {}))

    def path(self, *parts: str) -> str:
        """A path in the run's folder."""
        return os.path.join(self.folder, *parts)

    @property
    def on_cpu(self) -> bool:
        """Whether the processor trains."""
        import torch

        if self["device"] == "auto" or (self["device"] == "gpu" and elsewhere()):
            return not torch.cuda.is_available()
        return bool(self["device"] == "cpu")

    def rows(self, split: str) -> list[dict[str, Any]]:
        """The rows of a file of the dataset; none without the file."""
        path = self.path("data", f"{split}.jsonl")
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            return rehearsal.shortest([json.loads(line) for line in file if not line.isspace()])


def elsewhere() -> bool:
    """Whether the run is only looked at here and trains on another machine."""
    return os.environ.get("DEEPCRITIC_ELSEWHERE") == "1"


def tokenizer(settings: Settings) -> Any:
    """The tokenizer, as its own file says."""
    folder = settings["tokenizer"] or settings["model"]
    try:
        loaded = faithful.tokenizer(folder)
    except faithful.Unfaithful as problem:
        raise Problem("tokenizer", str(problem)) from problem
    if loaded.chat_template is None:
        raise Problem("tokenizer", f"{folder} has no chat template, so that turns cannot be written")
    if loaded.eos_token is None:
        raise Problem("tokenizer", f"{folder} names no token that ends a text (eos_token)")
    if loaded.pad_token is None:
        loaded.pad_token = loaded.eos_token
    return loaded


def load_model(settings: Settings) -> Any:
    """The base model, in the precision of the settings."""
    import torch
    from transformers import AutoModelForCausalLM

    bf16 = precision(settings)
    return AutoModelForCausalLM.from_pretrained(settings["model"], dtype=torch.bfloat16 if bf16 else torch.float32)


def precision(settings: Settings) -> bool:
    """Whether numbers have 16 bits."""
    import torch

    if settings["precision"] == "auto":
        return not settings.on_cpu and torch.cuda.is_bf16_supported()
    return bool(settings["precision"] == "bf16")


def common_arguments(settings: Settings) -> dict[str, Any]:
    """The arguments that both configurations share."""
    cpu = settings.on_cpu
    checkpointing = settings["gradient_checkpointing"]
    arguments: dict[str, Any] = {
        "output_dir": settings.path("checkpoints"),
        "learning_rate": settings["learning_rate"],
        "lr_scheduler_type": settings["schedule"],
        "warmup_steps": settings["warmup"],
        "num_train_epochs": settings["epochs"],
        "max_steps": settings["max_steps"] or -1,
        "weight_decay": settings["weight_decay"],
        "max_grad_norm": settings["max_grad_norm"],
        "seed": settings["seed"],
        "bf16": precision(settings) and not cpu,
        "use_cpu": cpu,
        "gradient_checkpointing": (not cpu) if checkpointing == "auto" else checkpointing == "on",
        "logging_steps": settings["log_every"],
        "logging_strategy": "steps",
        "logging_first_step": True,
        "logging_nan_inf_filter": False,
        "save_strategy": "steps",
        "save_steps": settings["save_every"],
        "save_total_limit": settings["keep_checkpoints"],
        "report_to": "none",
        "disable_tqdm": True,
        "dataloader_pin_memory": not cpu,
    }
    return arguments | _tracking(settings) | _sharding(settings, arguments)


def _tracking(settings: Settings) -> dict[str, Any]:
    """What hands the values to a tracker besides the feed."""
    from transformers.integrations import get_available_reporting_integrations

    name = settings["tracker"]
    if name == "none":
        return {}
    if name not in get_available_reporting_integrations():
        raise Problem("tracker", f"is {name}; install it with: {sys.executable} -m pip install {name}")
    return {
        "report_to": [name], "run_name": os.path.basename(settings.folder),
        "project": settings["tracker_project"]}


def _sharding(settings: Settings, arguments: dict[str, Any]) -> dict[str, Any]:
    """What shares weights, gradients and optimizer among the processes of a run."""
    kind = settings["sharding"]
    if kind == "fsdp":
        # FSDP computes activations again by itself; both together would gather the weights once more.
        return {
            "fsdp": True, "gradient_checkpointing": False,
            "fsdp_config": {"version": 2, "activation_checkpointing": arguments["gradient_checkpointing"]}}
    if kind == "off":
        return {}
    auto = ("train_batch_size", "train_micro_batch_size_per_gpu", "gradient_accumulation_steps", "gradient_clipping")
    zero = {"stage": int(kind[-1]), "stage3_gather_16bit_weights_on_model_save": True}
    return {"deepspeed": {"zero_optimization": zero, "bf16": {"enabled": "auto"}, **dict.fromkeys(auto, "auto")}}


def adapters(settings: Settings) -> Any:
    """The configuration of LoRA; ``None`` where all weights are trained."""
    if not settings["lora_rank"]:
        return None
    try:
        from peft import LoraConfig
    except ImportError:
        raise Problem(
            "lora_rank", f"needs peft; install it with: {sys.executable} -m pip install 'peft>=0.13.0'") from None
    names = [name for name in settings["lora_targets"].replace(",", " ").split() if name]
    return LoraConfig(
        r=settings["lora_rank"], lora_alpha=settings["lora_alpha"], task_type="CAUSAL_LM",
        target_modules="all-linear" if names == ["all-linear"] else names)


def save(settings: Settings, trainer: Trainer) -> None:
    """Writes the model that came out; adapters also merged into it, so that any server can load it."""
    if not settings["lora_rank"]:
        trainer.save_model(settings.path("model"))
        return
    trainer.save_model(settings.path("adapter"))
    if trainer.state.is_world_process_zero:
        from peft import PeftModel

        # From the files, since the trainer's own weights may be shared among several processes.
        merged = PeftModel.from_pretrained(load_model(settings), settings.path("adapter")).merge_and_unload()
        merged.save_pretrained(settings.path("model"))


def make_config(kind: Callable[..., Any], arguments: dict[str, Any], extra: dict[str, Any]) -> Any:
    """TRL's configuration; a setting that it lacks or refuses is named."""
    known = kind.__dataclass_fields__  # type: ignore[attr-defined]
    for key in extra:
        if key not in known:
            raise Problem(f"trl.{key}", f"{kind.__name__} of this version of TRL has no such setting")
    if "activation_checkpointing" in known:
        # The name of later versions.
        arguments["activation_checkpointing"] = arguments.pop("gradient_checkpointing")
    try:
        return kind(**{**arguments, **extra})
    except ImportError as problem:
        raise Problem("sharding", f"is {arguments.get('deepspeed') and 'ZeRO' or 'FSDP'}: {problem}") from problem
    except (TypeError, ValueError) as problem:
        named = [key for key in extra if key in str(problem)]
        raise Problem(f"trl.{named[0]}" if named else "trl", str(problem)) from problem


def last_checkpoint(settings: Settings) -> str | None:
    """The newest checkpoint that was written to its end."""
    folder = settings.path("checkpoints")
    names = [name for name in os.listdir(folder) if name.startswith("checkpoint-")] if os.path.isdir(folder) else []
    for name in sorted(names, key=lambda name: -int(name.split("-")[1]) if name.split("-")[1].isdigit() else 0):
        try:
            # The trainer writes its state last.
            with open(os.path.join(folder, name, "trainer_state.json"), encoding="utf-8") as file:
                json.load(file)
            return os.path.join(folder, name)
        except (OSError, ValueError):
            continue
    return None


def callback(feed: Feed, model: Any, lengths: dict[str, Any]) -> Any:
    """Writes logs and checkpoints into the feed, and stops in an orderly way when asked."""
    import torch
    import transformers
    import trl

    asked: list[bool] = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append(True))

    class FeedCallback(transformers.TrainerCallback):  # type: ignore[misc]
        """What the trainer calls."""

        def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if state.is_world_process_zero:
                feed.write(
                    "start", step=state.global_step, total=state.max_steps,
                    versions={"trl": trl.__version__, "transformers": transformers.__version__, "torch": torch.__version__},
                    parameters=sum(one.numel() for one in model.parameters()), device=str(args.device),
                    threads=torch.get_num_threads(), **lengths)

        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
            if state.is_world_process_zero and logs:
                feed.write("log", step=state.global_step, values=dict(logs))

        def on_save(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if state.is_world_process_zero:
                feed.write("checkpoint", step=state.global_step, path=f"checkpoints/checkpoint-{state.global_step}")

        def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if asked:
                control.should_save = True
                control.should_training_stop = True

    made = FeedCallback()
    made.asked = asked
    return made


def train(settings: Settings, feed: Feed, trainer: Trainer, watcher: Any, loaded_tokenizer: Any) -> None:
    """Trains from the beginning or the last checkpoint, and writes the model when it came to the end."""
    began = time.monotonic()
    trainer.train(resume_from_checkpoint=last_checkpoint(settings))
    if trainer.state.is_world_process_zero:
        feed.write("trained", step=trainer.state.global_step, seconds=time.monotonic() - began)
    if watcher.asked and trainer.state.global_step < trainer.state.max_steps:
        return
    save(settings, trainer)
    if trainer.state.is_world_process_zero:
        loaded_tokenizer.save_pretrained(settings.path("model"))
        feed.write("model", step=trainer.state.global_step, path="model")


def run(body: Callable[[Settings, Feed], None], check: Callable[[Settings], dict[str, Any]]) -> int:
    """Runs a script: ``SCRIPT FOLDER`` trains, ``SCRIPT FOLDER --check`` reports problems as JSON."""
    settings = Settings(sys.argv[1])
    if "--check" in sys.argv[2:]:
        return _check(settings, check)
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    feed = Feed(settings.folder, int(os.environ.get("DEEPCRITIC_ATTEMPT", "1")))
    try:
        _threads(settings)
        body(settings, feed)
    except Problem as problem:
        feed.write("error", key=problem.key, message=f"'{problem.key}': {problem.message}")
        print(f"'{problem.key}': {problem.message}", file=sys.stderr, flush=True)
        return 1
    except BaseException as problem:
        feed.write("error", message=f"{type(problem).__name__}: {problem}")
        traceback.print_exc()
        return 1
    return 0


def _threads(settings: Settings) -> None:
    import torch

    if settings["threads"]:
        torch.set_num_threads(settings["threads"])


def _check(settings: Settings, check: Callable[[Settings], dict[str, Any]]) -> int:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Nothing that a library prints may get between.
    os.dup2(2, 1)
    found: dict[str, Any] = {"problems": []}
    try:
        found.update(check(settings))
    except Problem as problem:
        found["problems"].append({"key": problem.key, "message": problem.message})
    except Exception as problem:
        found["problems"].append({"key": "model", "message": f"{type(problem).__name__}: {problem}"})
    answers.write(json.dumps(found) + "\n")
    answers.flush()
    return 0


def facts(settings: Settings) -> dict[str, Any]:
    """What the model and the machine are like."""
    import torch
    import transformers
    from transformers import AutoConfig, AutoModelForCausalLM

    if not os.path.isdir(settings["model"]) and os.environ.get("HF_HUB_OFFLINE") == "1":
        raise Problem("model", f"there is no folder {settings['model']}")
    config = AutoConfig.from_pretrained(settings["model"])
    with torch.device("meta"):
        parameters = sum(one.numel() for one in AutoModelForCausalLM.from_config(config).parameters())
    gpus = [
        {"name": torch.cuda.get_device_name(index), "memory": torch.cuda.get_device_properties(index).total_memory}
        for index in range(torch.cuda.device_count())
    ]
    if settings["device"] == "gpu" and not gpus and not elsewhere():
        raise Problem("device", "there is no GPU that PyTorch can use here; set it to cpu or auto")
    return {
        "parameters": parameters, "gpus": gpus, "context": getattr(config, "max_position_embeddings", None),
        "device": "cpu" if settings.on_cpu else "gpu", **shape(config),
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
    }


def shape(config: Any) -> dict[str, Any]:
    """The sizes that memory depends on, where the model's configuration names them."""
    text = config.get_text_config() if hasattr(config, "get_text_config") else config
    names = {"hidden": "hidden_size", "layers": "num_hidden_layers", "vocabulary": "vocab_size",
             "intermediate": "intermediate_size"}
    return {key: value for key, name in names.items() if isinstance(value := getattr(text, name, None), int)}


def longest(
    rows: list[dict[str, Any]], size: Callable[[dict[str, Any]], int], count: Callable[[dict[str, Any]], int]
) -> tuple[int, int]:
    """The length in tokens and the place of the longest row, of those that have the most characters."""
    order = sorted(range(len(rows)), key=lambda index: -size(rows[index]))[:64]
    return max(((count(rows[index]), index + 1) for index in order), default=(0, 0))
