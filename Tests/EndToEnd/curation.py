#!/usr/bin/env python3
"""Training sets from the command line: the choice of the public pipeline, interrupted exports, lineage, decisions by hand."""

import hashlib
import json
import os
import random
import signal
import subprocess
import time

from support import harness
from support.harness import check, environment, equal, main, program, scratch, unwritable_folder, workspace

BOX = {1: "\\boxed{1}", -1: "\\boxed{-1}"}


def stage_rows(count, seed):
    """Rows as the authors' generation scripts write them, with everything that goes wrong in them."""
    dice = random.Random(seed)
    rows = []
    for number in range(count):
        steps = dice.randint(1, 5)
        ratings = [dice.choice((0, 1, 1, 1)) for _ in range(steps)]
        if dice.random() < 0.6:
            ratings[-1] = -1
        labels = [-1 if rating == -1 else 1 for rating in ratings]

        def critiques(name, miss, empty=0.0):
            return [
                "" if dice.random() < empty else f"{name} {number}.{k + 1} {BOX[-label if dice.random() < miss else label]}"
                for k, label in enumerate(labels)]

        shown = [{"step_index": k + 1, "text": f"We get {dice.randint(0, 10**9)}.", "rating": rating}
                 for k, rating in enumerate(ratings)]
        if ratings[-1] == -1:
            shown.append({"step_index": steps + 1, "text": "And so on.", "rating": None})
        rows.append({
            "problem": f"What is problem {number}?", "steps": shown, "gt_answer": "1",
            "contain_erroneous_step": -1 in ratings, "critiques": critiques("initial", 0.3),
            "critique_of_critiques": critiques("deep", 0.1), "merged_critiques": critiques("merged", 0.04, 0.03)})
    return rows


def box(text):
    found = [part.split("}")[0] for part in text.split("\\boxed{")[1:]]
    found = [int(part) for part in found if part in ("1", "-1")]
    return found[-1] if found else None


def public_choice(rows):
    """The method's rules, written again from its description: what goes in, and with which answer turn."""
    chosen, contradicting, plain = {}, [], []
    for row in rows:
        rated = [(k + 1, step["rating"]) for k, step in enumerate(row["steps"]) if step["rating"] is not None]
        labels = [-1 if rating == -1 else 1 for _, rating in rated]
        if any(box(text) != label for text, label in zip(row["critique_of_critiques"], labels)):
            continue
        if not all(row["merged_critiques"]):
            continue
        first = next((step for step, rating in rated if rating == -1), -1)
        kept = [text for (step, _), text in zip(rated, row["merged_critiques"]) if first < 0 or step <= first]
        chosen[row["problem"]] = "\n\n".join(kept + [f"**Answer**: \\boxed{{{first}}}"])
        # The one fault of the scripts that changes the choice: they do not look at merged judgements.
        if any(box(text) != label for text, label in zip(row["merged_critiques"], labels)):
            contradicting.append(row["problem"])
        elif first < 0 and all(box(text) == label for text, label in zip(row["critiques"], labels)):
            plain.append(row["problem"])
    return chosen, contradicting, plain


def written(folder):
    """The answer turn of every row, by problem."""
    found = {}
    with open(folder + "/train.jsonl", encoding="utf-8") as file:
        for line in file:
            turns = json.loads(line)["messages"]
            problem = turns[1]["content"].split("<Problem>\n")[1].split("\n</Problem>")[0]
            found[problem] = turns[2]["content"]
    return found


def staged(name, rows):
    path = scratch(name + ".jsonl")
    with open(path, "w") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    return workspace(name, path)


def the_set_is_that_of_the_public_pipeline_without_its_faults():
    rows = stage_rows(500, 3)
    path = staged("public", rows)
    chosen, contradicting, plain = public_choice(rows)
    check(len(contradicting) > 5 and 20 < len(plain) < 250, f"a poor sample: {len(contradicting)}, {len(plain)}")
    folder = scratch("public-set")
    program("-w", path, "export", "sft", "-o", folder)
    found = written(folder)
    equal({problem: found.get(problem) for problem in chosen if problem not in contradicting},
          {problem: text for problem, text in chosen.items() if problem not in contradicting}, "rows")
    equal(sorted(set(found) - set(chosen)), [], "rows that the pipeline has not")
    listed = program("-w", path, "curate", "--reason", "merged-contradicts-label", "--json").stdout.decode()
    equal(sum("merged-contradicts-label" in line for line in listed.splitlines()) >= len(contradicting), True, "reason")
    # The cap takes so many of the solutions without an error in which nothing was corrected, and no others away.
    program("-w", path, "export", "sft", "-o", folder, "--all-correct", "7")
    capped = written(folder)
    equal(sorted(set(found) - set(capped) - set(plain)), [], "rows lost to the cap that it does not count")
    equal(len(set(plain) & set(capped)), 7, "rows within the cap")


def is_whole(folder):
    """The files are those that the manifest tells of; its hash."""
    with open(folder + "/manifest.json") as file:
        manifest = json.load(file)
    lines = ""
    for entry in manifest["files"]:
        with open(f"{folder}/{entry['name']}", "rb") as file:
            data = file.read()
        equal(hashlib.sha256(data).hexdigest(), entry["sha256"], entry["name"])
        lines += f"{entry['sha256']}  {entry['name']}\n"
    equal(hashlib.sha256(lines.encode()).hexdigest(), manifest["content_hash"], "content hash")
    return manifest["content_hash"]


def killed_at_any_moment_an_export_leaves_a_whole_set():
    path = staged("killed", stage_rows(4000, 4))
    target = scratch("killed-sets/set")
    os.makedirs(os.path.dirname(target))
    command = [harness.PROGRAM, "-w", path, "export", "sft", "-o", target, "--quiet"]
    began = time.monotonic()
    subprocess.run(command + ["--all-correct", "1"], env=environment(), check=True)
    whole = time.monotonic() - began
    hashes = {is_whole(target)}
    for attempt in range(10):
        process = subprocess.Popen(command, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(whole * (attempt + 0.5) / 10)
        process.send_signal(signal.SIGKILL if attempt % 2 else signal.SIGINT)
        process.wait()
        hashes.add(is_whole(target))
    check(len(hashes) <= 2, "sets that no export wrote")
    # What killed exports left is swept once it cannot be in the making any more.
    for name in os.listdir(os.path.dirname(target)):
        if name.startswith(".set."):
            os.utime(os.path.join(os.path.dirname(target), name), (time.time() - 60,) * 2)
    program("-w", path, "export", "sft", "-o", target, "--quiet")
    is_whole(target)
    equal(os.listdir(os.path.dirname(target)), ["set"], "what is left beside the set")


def a_folder_that_cannot_be_written_is_reported():
    path = workspace("unwritable")
    place = os.path.join(unwritable_folder(), "deepcritic-set")
    done = program("-w", path, "export", "sft", "-o", place, expect=1)
    check(place.encode() in done.stderr and b"was not written" in done.stderr, done.stderr.decode())
    check(not os.path.exists(place), "something was written")


def decisions_by_hand_change_the_set_and_are_reported():
    path = workspace("hand")
    folder = scratch("hand-set")
    program("-w", path, "export", "sft", "-o", folder)
    program("-w", path, "exclude", "solutions-1", "--note", "too easy", "--reviewer", "lead")
    told = json.loads(program("-w", path, "explain", "1", "--json").stdout)
    equal((told["included"], [reason["reason"] for reason in told["reasons"]]), (False, ["excluded"]), "explained")
    check("lead: too easy" in told["reasons"][0]["words"], f"who and why: {told['reasons']}")
    program("-w", path, "export", "sft", "-o", folder)
    first, second = [entry["hash"] for entry in json.loads(program("-w", path, "lineage", "--json").stdout)][::-1]
    by_solution = json.loads(program("-w", path, "lineage", "solutions-1", "--json").stdout)
    equal([(entry["dataset"]["hash"], len(entry["rows"]), [event["role"] for event in entry["events"]])
           for entry in by_solution], [(second, 0, ["kept-out"]), (first, 1, [])], "lineage of the solution")
    by_set = json.loads(program("-w", path, "lineage", second[:12], "--json").stdout)
    equal([(event["kind"], event["reviewer"], event["value"]) for event in by_set["events"]],
          [("placement", "lead", "out")], "lineage of the set")
    by_event = json.loads(program("-w", path, "lineage", by_set["events"][0]["event"], "--json").stdout)
    equal([entry["dataset"]["hash"] for entry in by_event], [second], "lineage of the decision")
    equal(json.loads(program("-w", path, "lineage", folder, "--json").stdout)["dataset"]["hash"], second, "by folder")
    program("-w", path, "include", "--reset", "1", "--reviewer", "other")
    program("-w", path, "export", "sft", "-o", folder)
    equal(is_whole(folder), first, "the set when the decision is undone")
    done = program("-w", path, "lineage", "nonsense", expect=1)
    check(b"is not a solution, dataset or decision of this workspace" in done.stderr, done.stderr.decode())


def two_sets_are_compared_with_the_decisions_between_them():
    path = workspace("compared")
    first, second, moved = scratch("compared/one"), scratch("compared/deep/two"), scratch("compared-moved")
    done = program("-w", path, "export", "sft", "-o", first, "--validation", "0.000001")
    check(b"No validation rows at this share" in done.stderr, done.stderr.decode())
    check(not os.path.exists(first + "/validation.jsonl"), "an empty file")
    program("-w", path, "exclude", "solutions-1", "--note", "too easy", "--reviewer", "lead")
    # Agrees with the label: it changes nothing.
    program("-w", path, "verdict", "solutions-3", "--step", "1", "--verdict=-1", "--reviewer", "ana")
    program("-w", path, "export", "sft", "-o", second, "--seed", "42")
    os.rename(second, moved)
    log = json.loads(program("-w", path, "sets", "log", "--json").stdout)
    equal([(entry["dataset"]["number"], entry["dataset"]["kind"], entry["runs"]) for entry in log],
          [(2, "sft", []), (1, "sft", [])], "log")
    told = json.loads(program("-w", path, "sets", "diff", first, moved, "--json").stdout)
    equal((len(told["added"]), len(told["dropped"]), len(told["changed"])), (0, 1, 0), "rows")
    row = told["dropped"][0]
    equal((row["name"], [(one["reviewer"], one["note"], one["role"]) for one in row["decisions"]]),
          ("solutions-1", [("lead", "too easy", "kept-out")]), "the decision behind it")
    equal([one["name"] for one in told["settings"]], ["validation"], "settings")
    shown = program("-w", path, "sets", "diff", "1", log[0]["dataset"]["hash"][:10]).stdout.decode()
    check("0 rows added, 1 dropped, 0 changed" in shown and "excluded by lead" in shown, shown)
    equal(json.loads(program("-w", path, "lineage", moved, "--json").stdout)["dataset"]["path"], moved, "by folder")
    done = program("-w", path, "sets", "diff", "1", "nonsense", expect=1)
    check(b"is not an exported set" in done.stderr, done.stderr.decode())


def the_consequence_of_a_verdict_is_previewed():
    path = workspace("tried")
    before = harness.program("-w", path, "stats", "--json").stdout
    told = program("-w", path, "explain", "solutions-1", "--if", "2=-1").stdout.decode()
    check("out instead of in" in told and "deep misses the label at step 2" in told, told)
    check("+ **Answer**: \\boxed{2}" in told or "no row" in told, told)
    equal(harness.program("-w", path, "stats", "--json").stdout, before, "the workspace afterwards")
    done = program("-w", path, "explain", "solutions-1", "--if", "99=1", expect=2)
    check(b"has no step 99" in done.stderr, done.stderr.decode())


def tokenizers(name, body):
    """A stand-in for the Python package, one word a token; variables that make the program find it."""
    folder = scratch(name)
    os.makedirs(folder)
    with open(folder + "/tokenizers.py", "w") as file:
        file.write(
            "import collections, os, time\nEncoding = collections.namedtuple('Encoding', 'ids')\n"
            "class Tokenizer:\n    @staticmethod\n    def from_file(path):\n        return Tokenizer()\n"
            f"    def encode_batch(self, texts, add_special_tokens):\n        {body}\n"
            "        return [Encoding(text.split()) for text in texts]\n")
    return environment(PYTHONPATH=folder)


def tokens_are_counted_once_and_ctrl_c_ends_the_counting():
    path, calls = workspace("counted"), scratch("calls")
    with open(path + "/deepcritic.toml", "a") as file:
        file.write(f'\n[curate]\ntokenizer = "{harness.sample("README.md")[0]}"\nmax_tokens = 250\n')
    env = tokenizers("counting", f"open({calls!r}, 'a').write('x')")
    # A filter by a reason counts what nobody has counted.
    listed = program("-w", path, "list", "reason:too-long", "--json", env=env).stdout.splitlines()
    report = json.loads(program("-w", path, "curate", "--json", env=env).stdout)
    reasons = {one["reason"]: one["count"] for one in report["reasons"]}
    check(0 < len(listed) == reasons["too-long"], f"{len(listed)} listed, {reasons}")
    counted = os.path.getsize(calls)
    told = program("-w", path, "explain", "solutions-1", "--if", "1=-1", env=env).stdout.decode()
    check(os.path.getsize(calls) == counted + 1 and told, "the row of the verdict is counted, and no other")
    program("-w", path, "explain", "solutions-1", "--if", "1=-1", env=env)
    equal(os.path.getsize(calls), counted + 1, "rows that were counted again")

    slow, began = workspace("slow"), scratch("began")
    env = tokenizers("slowly", f"open({began!r}, 'w').write(str(os.getpid())); time.sleep(60)")
    process = subprocess.Popen(
        [harness.PROGRAM, "-w", slow, "curate", "--tokenizer", harness.sample("README.md")[0], "--max-tokens", "10"], env=env,
        stderr=subprocess.PIPE, start_new_session=True)
    harness.wait_until(lambda: os.path.exists(began) and open(began).read(), "Python to begin")
    child = int(open(began).read())
    process.send_signal(signal.SIGINT)
    words = process.communicate(timeout=20)[1].decode()
    equal(process.returncode, 130, words)
    check("run the command again" in words, words)
    harness.wait_until(lambda: not harness.alive(child), "Python to be ended")


def blind_mode_hides_reasons():
    path = workspace("blind")
    for arguments in (["explain", "1"], ["curate"], ["curate", "--reason", "no-critique"], ["curate", "--included"]):
        done = program("-w", path, *arguments, "--mode", "blind", expect=2)
        check(b"--mode audit" in done.stderr, done.stderr.decode())


def wrong_settings_are_reported_with_their_file():
    path = workspace("settings")
    with open(path + "/deepcritic.toml", "a") as file:
        file.write("\n[curate]\nall_correct_limit = 0\nvalidation = 0.5\n")
    report = json.loads(program("-w", path, "curate", "--json").stdout)
    equal(report["settings"]["all_correct_limit"], "0", "limit")
    check(any(reason["reason"] == "over-cap" for reason in report["reasons"]), f"reasons: {report['reasons']}")
    with open(path + "/deepcritic.toml", "a") as file:
        file.write("seeds = 3\n")
    done = program("-w", path, "curate", expect=1)
    check(b"deepcritic.toml" in done.stderr and b"curate.seeds" in done.stderr, done.stderr.decode())


if __name__ == "__main__":
    main(
        two_sets_are_compared_with_the_decisions_between_them,
        the_set_is_that_of_the_public_pipeline_without_its_faults, killed_at_any_moment_an_export_leaves_a_whole_set,
        a_folder_that_cannot_be_written_is_reported, decisions_by_hand_change_the_set_and_are_reported,
        the_consequence_of_a_verdict_is_previewed, tokens_are_counted_once_and_ctrl_c_ends_the_counting, blind_mode_hides_reasons, wrong_settings_are_reported_with_their_file)
