#!/usr/bin/env python3
"""Measures curation for scripts/bench: writing the training set, and the preview of one verdict. Standard library only.

    curate.py measure PROGRAM FOLDER COUNT ROUNDS [--check]
    curate.py generate FILE COUNT      stage rows with initial, deep and merged critiques, the same bytes everywhere
    curate.py python FILE OUT          the peer: the same rows from the same input, as one would write it in Python
    curate.py python FILE OUT MANIFEST also what makes a set traceable: its hash, and a manifest with a line for every row
"""

import hashlib
import json
import os
import random
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SYSTEM = "You are Qwen, created by Alibaba Cloud. You are a helpful assistant."


def generate(path, count):
    sys.path.insert(0, HERE)
    from generate import Texts

    rng = random.Random(5)
    texts = Texts(rng)
    # Texts are drawn from a stock: making a gigabyte of new ones takes minutes and measures nothing.
    stock = [texts.sentence(8, 22) for _ in range(20_000)]

    def say(low, high):
        return " ".join(rng.choices(stock, k=rng.randint(low, high)))

    with open(path + ".part", "w", encoding="utf-8", buffering=1 << 20) as out:
        for number in range(count):
            steps = rng.randint(2, 6)
            wrong = rng.random() < 0.7
            ratings = [0 if rng.random() < 0.1 else 1 for _ in range(steps)]
            if wrong:
                ratings[-1] = -1
            labels = [-1 if rating == -1 else 1 for rating in ratings]
            shown = [{"step_index": k + 1, "text": say(1, 1), "rating": rating} for k, rating in enumerate(ratings)]
            shown += [{"step_index": steps + k + 1, "text": say(1, 1), "rating": None} for k in range(2 if wrong else 0)]
            out.write(json.dumps({
                "problem": f"{say(1, 3)} Number {number}.", "steps": shown, "gt_answer": str(number),
                "contain_erroneous_step": wrong,
                "critiques": [f"{say(1, 3)} \\boxed{{{-label if rng.random() < 0.2 else label}}}" for label in labels],
                "critique_of_critiques": [f"{say(2, 4)} \\boxed{{{label}}}" for label in labels],
                "merged_critiques": [f"{say(4, 8)}\n\n{say(2, 4)} \\boxed{{{label}}}" for label in labels],
            }, ensure_ascii=False) + "\n")
    os.replace(path + ".part", path)


def judgement(text):
    """The last box that holds 1 or -1."""
    at = len(text)
    while (at := text.rfind("\\boxed{", 0, at)) >= 0:
        end = text.find("}", at)
        if end > 0 and text[at + 7:end] in ("1", "-1"):
            return int(text[at + 7:end])
    return None


def peer(path, out, manifest=None):
    """Reads JSONL, applies the rules, formats, and json.dumps; with a manifest also names every row by its content."""
    lines_of_manifest = []
    whole = hashlib.sha256()
    with open(os.path.join(HERE, "../../Sources/CritiqueGeneration/Prompts/critic.md"), encoding="utf-8") as file:
        template = file.read().split("[user]\n")[1].strip()
    with open(path, encoding="utf-8", buffering=1 << 20) as lines, \
            open(out, "w", encoding="utf-8", buffering=1 << 20) as rows:
        for line in lines:
            record = json.loads(line)
            rated = [index for index, step in enumerate(record["steps"]) if step["rating"] is not None]
            labels = [-1 if record["steps"][index]["rating"] == -1 else 1 for index in rated]
            if any(judgement(text) != label for text, label in zip(record["critique_of_critiques"], labels)):
                continue
            if any(judgement(text) != label for text, label in zip(record["merged_critiques"], labels)):
                continue
            first = rated[labels.index(-1)] + 1 if -1 in labels else -1
            kept = [text.strip() for index, text in zip(rated, record["merged_critiques"]) if first < 0 or index < first]
            solution = "\n\n".join(f"Step {k + 1}: {step['text'].strip()}" for k, step in enumerate(record["steps"]))
            user = template.replace("{{problem}}", record["problem"]).replace("{{solution}}", solution)
            assistant = "\n\n".join(kept + [f"**Answer**: \\boxed{{{first}}}"])
            row = json.dumps({"messages": [
                {"role": "system", "content": SYSTEM}, {"role": "user", "content": user},
                {"role": "assistant", "content": assistant}]}, ensure_ascii=False) + "\n"
            rows.write(row)
            if manifest:
                whole.update(row.encode())
                identity = hashlib.sha256(json.dumps(
                    [record["problem"], [[step["text"], step["rating"]] for step in record["steps"]]],
                    ensure_ascii=False).encode()).hexdigest()[:32]
                lines_of_manifest.append(json.dumps({
                    "solution": identity, "split": "train", "answer": first, "labels": "gold",
                    "critiques": [hashlib.sha256(text.encode()).hexdigest()[:32] for text in kept]}))
    if manifest:
        with open(manifest, "w", encoding="utf-8") as file:
            file.write(json.dumps({"hash": whole.hexdigest()})[:-1] + ', "rows": [\n' + ",\n".join(lines_of_manifest) + "\n]}\n")


def digest(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def measure(program, folder, count, rounds):
    from measure import Table, machine, settle, timed, say

    facts = machine()
    with open(__file__, "rb") as file:
        edition = hashlib.sha256(file.read()).hexdigest()[:8]
    data = os.path.join(folder, f"stages-{count}-{edition}.jsonl")
    if not os.path.exists(data):
        say(f"Generating {count} solutions with critiques")
        generate(data, count)
    workspace = os.path.join(folder, "curation")
    shutil.rmtree(workspace, ignore_errors=True)
    timed([program, "init", workspace])
    say("Importing them")
    timed([program, "-w", workspace, "import", "--quiet", data])
    ours, theirs, bare = [], [], []
    target, rows = os.path.join(folder, "curation-set"), os.path.join(folder, "curation-peer.jsonl")
    export = [program, "-w", workspace, "export", "sft", "-o", target, "--all-correct", "none", "--quiet"]
    for number in range(rounds):
        shutil.rmtree(target, ignore_errors=True)
        settle()
        ours.append(timed(export))
        settle()
        theirs.append(timed([sys.executable, __file__, "python", data, rows, rows + ".manifest"]))
        settle()
        bare.append(timed([sys.executable, __file__, "python", data, rows]))
        say(f"round {number + 1}: deepcritic {ours[-1][0]:.2f} s (CPU {ours[-1][1]:.2f}), "
            f"Python {theirs[-1][0]:.2f} s (CPU {theirs[-1][1]:.2f}), the rows alone {bare[-1][0]:.2f} s")
    if digest(os.path.join(target, "train.jsonl")) != digest(rows):
        sys.exit("deepcritic and Python did not write the same rows")
    say("deepcritic and Python wrote the same bytes")
    preview = json.loads(subprocess.run(
        [program, "-w", workspace, "curate", "--measure-previews", "3000"], stdout=subprocess.PIPE, check=True).stdout)
    whole = timed([program, "-w", workspace, "curate", "--json"])

    from statistics import median
    table = Table()
    our_time, python_time, bare_time = (median(one[0] for one in times) for times in (ours, theirs, bare))
    table.add("export", our_time, "s", note=f"{count} solutions, {os.path.getsize(data) / 1e6:.0f} MB in, "
              f"{os.path.getsize(rows) / 1e6:.0f} MB out, with manifest and lineage, synced; CPU {median(o[1] for o in ours):.1f} s")
    table.add("export, Python", python_time, "s", note="json.loads, format, json.dumps, hashes and manifest; not synced")
    table.add("export: times as fast as Python", python_time / our_time, "", 3, at_least=True)
    table.add("export, Python, the rows alone", bare_time, "s", note="without hashes and manifest, which ours writes all the same")
    table.add("export: times as fast as that", bare_time / our_time, "")
    table.add("export: peak memory", max(o[2] for o in ours) / 1e6, "MB")
    table.add("deciding about everything", whole[0], "s", note="deepcritic curate")
    table.add("preview of a verdict, p99", preview["p99_ms"], "ms", 5,
              note=f"{preview['previews']} verdicts, median {preview['median_ms']:.3f} ms, max {preview['max_ms']:.2f} ms")
    table.add("reading an item for previews, p99", preview["item_p99_ms"], "ms", note="once, when it is opened")
    print(facts)
    print(f"medians of {rounds} rounds in turn, warm page cache")
    table.show()
    return table.over


def main():
    arguments = [argument for argument in sys.argv[1:] if argument != "--check"]
    if arguments[0] == "generate":
        generate(arguments[1], int(arguments[2]))
    elif arguments[0] == "python":
        peer(*arguments[1:])
    else:
        if measure(arguments[1], arguments[2], int(arguments[3]), int(arguments[4])):
            print("A figure is over its limit.")
            return 1 if "--check" in sys.argv else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
