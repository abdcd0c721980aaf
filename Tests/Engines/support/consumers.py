"""What those who train do with an exported file, in the engine's environment. The last line printed is JSON.

    consumers.py trl|grpo|stepwise|prm800k FILE | llama-factory FOLDER | verl|verl-rl FILE OUT | tokenizer|count FILE TOKENIZER
"""

import json
import os
import sys


def rows(file):
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def texts(row):
    return [turn["content"] for turn in row["messages"]]


def byte_tokenizer(samples, vocabulary=600):
    """A byte-level tokenizer learnt from the samples; every text comes back as it was."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(samples, trainers.BpeTrainer(
        vocab_size=vocabulary, special_tokens=["<|end|>", "<|turn|>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    return tokenizer


def small_model(samples, size):
    """A tokenizer of the samples and an untrained model of one layer."""
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    # Passed to trainers explicitly: looked up by a model's type, another class would be taken and tokenize otherwise.
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=byte_tokenizer(samples), eos_token="<|end|>", pad_token="<|end|>",
        chat_template="{% for message in messages %}<|turn|>{{ message.role }}\n{{ message.content }}<|end|>{% endfor %}"
        "{% if add_generation_prompt %}<|turn|>assistant\n{% endif %}")
    model = LlamaForCausalLM(LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=size, intermediate_size=size, num_hidden_layers=1, num_attention_heads=2,
        max_position_embeddings=8192, pad_token_id=tokenizer.pad_token_id, eos_token_id=tokenizer.eos_token_id))
    return tokenizer, model


def trl(file):
    import torch
    from datasets import load_dataset
    from trl import SFTConfig, SFTTrainer

    data = load_dataset("json", data_files=file, split="train")
    everything = [turn["content"] for row in rows(file) for column in row.values() for turn in column]
    tokenizer, model = small_model(everything, 64)
    for text in everything:
        assert tokenizer.decode(tokenizer.encode(text)) == text, "the tokenizer does not give texts back"
    trainer = SFTTrainer(
        model=model, processing_class=tokenizer, train_dataset=data,
        args=SFTConfig(
            output_dir=os.path.dirname(file) + "-trained", max_steps=2, per_device_train_batch_size=2, max_length=None,
            use_cpu=True, bf16=False, gradient_checkpointing=False, logging_steps=1, save_strategy="no", report_to=[],
            disable_tqdm=True))
    batch = next(iter(trainer.get_train_dataloader()))
    real = batch["attention_mask"].bool() if "attention_mask" in batch else torch.ones_like(batch["input_ids"]).bool()
    counted = int((batch["labels"][real] != -100).sum())
    trainer.train()
    return {
        "steps": trainer.state.global_step, "rows": len(data),
        "losses": [entry["loss"] for entry in trainer.state.log_history if "loss" in entry],
        "tokens": int(real.sum()), "counted": counted}


def reward(prompts, completions, ground_truth, **columns):
    """1 when the last boxed number is the ground truth; what the trainer hands over is looked at."""
    assert len(prompts) == len(completions) == len(ground_truth)
    assert all(isinstance(truth, int) for truth in ground_truth) and all(turn["role"] for turn in completions[0])
    assert len(columns["solution"]) == len(prompts)
    return [float(f"\\boxed{{{truth}}}" in completion[-1]["content"]) for completion, truth in zip(completions, ground_truth)]


def grpo(file):
    import torch
    from datasets import load_dataset
    from trl import GRPOConfig, GRPOTrainer

    torch.manual_seed(1)
    data = load_dataset("json", data_files=file, split="train")
    tokenizer, model = small_model([turn["content"] for row in rows(file) for turn in row["prompt"]], 32)
    trainer = GRPOTrainer(
        model=model, processing_class=tokenizer, reward_funcs=reward, train_dataset=data,
        args=GRPOConfig(
            output_dir=file + "-trained", max_steps=1, per_device_train_batch_size=4, num_generations=4,
            max_completion_length=8, use_cpu=True, bf16=False, gradient_checkpointing=False, logging_steps=1,
            save_strategy="no", report_to=[], disable_tqdm=True, loss_type="grpo"))
    trainer.train()
    logged = [entry for entry in trainer.state.log_history if "reward" in entry]
    return {"steps": trainer.state.global_step, "rows": len(data), "rewards": [entry["reward"] for entry in logged]}


def verl_rl(file, out):
    """The columns that verl's RLHFDataset documents, from JSON Lines and from Parquet; its own class where it is installed."""
    import pandas
    from datasets import load_dataset

    data = load_dataset("json", data_files=file, split="train")
    frame = pandas.read_parquet(out)
    assert list(frame.columns) == data.column_names, (list(frame.columns), data.column_names)
    sources, truths = set(), []
    for row, other in zip(data, frame.to_dict("records")):
        assert [dict(turn) for turn in other["prompt"]] == row["prompt"], "parquet and JSON Lines differ"
        assert [turn["role"] for turn in row["prompt"]] == ["system", "user"]
        assert row["reward_model"]["style"] == "rule" and row["ability"] == "math"
        sources.add(row["data_source"])
        truths.append(int(row["reward_model"]["ground_truth"]))
    try:
        from verl.utils.dataset.rl_dataset import RLHFDataset
        name = RLHFDataset.__name__
    except ImportError:
        name = ""
    return {"rows": len(frame), "sources": sorted(sources), "truths": truths, "class": name,
            "index": [row["extra_info"]["index"] for row in data]}


def llama_factory(folder):
    """Reads dataset_info.json and aligns rows as LLaMA-Factory's sharegpt converter does."""
    from datasets import load_dataset

    found = {}
    with open(folder + "/dataset_info.json", encoding="utf-8") as file:
        sets = json.load(file)
    for name, info in sets.items():
        assert set(info) <= {"file_name", "formatting", "columns", "tags"}, info
        assert info["formatting"] == "sharegpt"
        columns, tags = info["columns"], info.get("tags", {})
        role, content = tags.get("role_tag", "from"), tags.get("content_tag", "value")
        user, assistant = tags.get("user_tag", "human"), tags.get("assistant_tag", "gpt")
        system_tag = tags.get("system_tag")
        found[name] = []
        for row in load_dataset("json", data_files=folder + "/" + info["file_name"], split="train"):
            turns = row[columns["messages"]]
            system = row[columns["system"]] if "system" in columns else ""
            if system_tag and turns[0][role] == system_tag:
                system, turns = turns[0][content], turns[1:]
            assert [turn[role] for turn in turns] == [user, assistant], turns
            found[name].append({"system": system, "prompt": turns[0][content], "response": turns[1][content]})
    return found


def verl(file, out):
    """verl's trainer reads `messages` from Parquet; `datasets` makes it of the very file."""
    import pandas
    from datasets import load_dataset

    load_dataset("json", data_files=file, split="train").to_parquet(out)
    frame = pandas.read_parquet(out, dtype_backend="pyarrow")
    turns = [[dict(turn) for turn in row] for row in frame["messages"].tolist()]
    assert all(set(turn) == {"role", "content"} for row in turns for turn in row)
    return {"rows": len(frame), "roles": [list(k) for k in {tuple(t["role"] for t in row) for row in turns}]}


def stepwise(file):
    from datasets import load_dataset

    data = load_dataset("json", data_files=file, split="train")
    types = {field.name: str(field.type) for field in data.data.schema}
    return {
        "rows": len(data), "types": {name: kind.replace("element: ", "").replace("item: ", "") for name, kind in types.items()},
        "uneven": sum(len(row["completions"]) != len(row["labels"]) for row in data)}


def prm800k(file):
    from datasets import load_dataset

    data = load_dataset("json", data_files=file, split="train")
    ratings = {
        completion["rating"] for row in rows(file) for step in row["label"]["steps"]
        for completion in step["completions"] or []}
    return {"rows": len(data), "ratings": sorted(rating for rating in ratings if rating is not None)}


def tokenizer(file, out):
    byte_tokenizer([text for row in rows(file) for text in texts(row)]).save(out)
    return out


def count(file, path):
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(path)
    return [sum(len(found.encode(text, add_special_tokens=False).ids) for text in texts(row)) for row in rows(file)]


if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    told = {
        "trl": trl, "grpo": grpo, "verl-rl": verl_rl, "llama-factory": llama_factory, "verl": verl, "stepwise": stepwise, "prm800k": prm800k,
        "tokenizer": tokenizer, "count": count}[name](*arguments)
    print(json.dumps(told))
