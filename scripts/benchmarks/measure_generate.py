#!/usr/bin/env python3
"""Runs the measurements for `scripts/bench generate` and prints the table. Standard library only.

    measure_generate.py BIN FOLDER FILE.jsonl PYTHON ROUNDS [--quick] [--check]

BIN holds deepcritic, fault-server and generate-bench; PYTHON has `openai`.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys

from measure import HERE, Table, machine, say, settle, timed

CONCURRENCY = 256
LATENCY = 0.05


class Server:
    """A fault server of its own, as a process."""

    def __init__(self, binaries, latency):
        self.process = subprocess.Popen(
            [os.path.join(binaries, "fault-server"), "--latency-ms", str(latency * 1000)], stdout=subprocess.PIPE, text=True)
        self.base = self.process.stdout.readline().split()[-1]

    def __enter__(self):
        return self.base

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def messages(folder):
    """A prompt as long as ours are for PRM800K: about 2,900 characters."""
    path = os.path.join(folder, "messages.json")
    steps = "\n\n".join(f"Step {k}: Divide both sides by ${k}x$, so that $\\frac{{x}}{{{k}}}={k * 7}$, and note it." for k in range(1, 21))
    user = (
        "Examine one step of a solution. Problem number {number}: find $x$.\n\n<solution>\n" + steps
        + "\n</solution>\n\nThe step to examine, Step 7:\n\n<step>\nDivide both sides by $7x$.\n</step>\n\n"
        + "Redo every calculation of the step. " * 25 + "End with \\boxed{1} or \\boxed{-1}.")
    with open(path, "w") as file:
        json.dump([{"role": "system", "content": "You are a careful mathematician."}, {"role": "user", "content": user}], file)
    return path


def ask(binaries, base, requests, prompt, *more):
    """Requests per second of our client, and its CPU seconds."""
    _, cpu, _, output = timed([
        os.path.join(binaries, "generate-bench"), "ask", "--endpoint", base, "--requests", str(requests),
        "--concurrency", str(CONCURRENCY), "--messages", prompt, *more])
    return requests / json.loads(output)["seconds"], cpu / requests


def ask_python(python, base, requests, prompt, backend):
    _, cpu, _, output = timed([
        python, os.path.join(HERE, "openai_client.py"), base, str(requests), str(CONCURRENCY), prompt, backend])
    return requests / json.loads(output)["seconds"], cpu / requests


def prepare(binaries, folder, file):
    """A workspace with the solutions, without critiques."""
    program = os.path.join(binaries, "deepcritic")
    workspace = os.path.join(folder, "generate-workspace")
    shutil.rmtree(workspace, ignore_errors=True)
    timed([program, "init", workspace])
    say("Importing")
    timed([program, "-w", workspace, "import", "--quiet", file])
    return program, workspace


def generate(program, workspace, base, solutions):
    """Requests per second of `deepcritic generate`, its CPU seconds per request, and its peak memory."""
    _, cpu, memory, output = timed([
        program, "-w", workspace, "generate", "initial", "--endpoint", base, "--model", "m", "--limit", str(solutions),
        "--concurrency", str(CONCURRENCY), "--keep-duplicates", "--quiet", "--json"])
    stage = json.loads(output[output.index("{"):])["stages"][0]
    return stage["done"]["requests"] / stage["seconds"], cpu / stage["done"]["requests"], memory, stage["done"]["requests"]


def main():
    binaries, folder, file, python, rounds = sys.argv[1:6]
    rounds = int(rounds)
    quick = "--quick" in sys.argv
    facts = machine()
    prompt = messages(folder)
    median = statistics.median
    ideal = CONCURRENCY / LATENCY
    program, workspace = prepare(binaries, folder, file)
    settle()

    # Beginning and end of a run have fewer at once: too few requests would measure those.
    solutions = 4000 if quick else 6000
    alone, whole, ours, peers = [], [], [], {"httpx": [], "aiohttp": []}
    for number in range(rounds):
        with Server(binaries, LATENCY) as base:
            alone.append(ask(binaries, base, int(ideal * (2 if quick else 8)), prompt))
        settle()
        with Server(binaries, LATENCY) as base:
            whole.append(generate(program, workspace, base, solutions))
        settle()
        with Server(binaries, 0) as base:
            for backend, rates in peers.items():
                rates.append(ask_python(python, base, 2000 if quick else 8000, prompt, backend))
            ours.append(ask(binaries, base, 10_000 if quick else 60_000, prompt))
        say(
            f"round {number + 1}: at 50 ms {alone[-1][0]:.0f}/s alone, {whole[-1][0]:.0f}/s stored ({whole[-1][3]} requests); "
            f"at 0 ms {ours[-1][0]:.0f}/s, Python " + ", ".join(f"{name} {rates[-1][0]:.0f}/s" for name, rates in peers.items()))

    # Each sample in a request of its own: enough samples for a million requests.
    steps = json.loads(timed([program, "-w", workspace, "generate", "initial", "--keep-duplicates", "--dry-run", "--json"])[3])
    left = steps["stages"][0]["plan"]["requests"]
    samples = -(-(100_000 if quick else 1_000_000) // left)
    say("Planning")
    dry = timed([program, "-w", workspace, "generate", "initial", "--keep-duplicates", "--dry-run", "--json", "--n", str(samples), "--seed", "1"])
    planned = json.loads(dry[3])["stages"][0]["plan"]["requests"]
    pages = timed([os.path.join(binaries, "generate-bench"), "plan", "-w", workspace, "--samples", str(samples)])
    page_facts = json.loads(pages[3])

    table = Table()
    best = max(peers, key=lambda name: median(rate for rate, _ in peers[name]))
    python_rate = median(rate for rate, _ in peers[best])
    our_rate = median(rate for rate, _ in ours)
    table.add("client at 50 ms: share of the ideal rate", 100 * median(r for r, _ in alone) / ideal, "%", 95, at_least=True,
              note=f"{median(r for r, _ in alone):.0f} of {ideal:.0f}/s; CPU {1e6 * median(c for _, c in alone):.0f} µs a request")
    table.add("generate at 50 ms: share of the ideal rate", 100 * median(w[0] for w in whole) / ideal, "%", 95, at_least=True,
              note=f"planned, asked and stored; CPU {1e6 * median(w[1] for w in whole):.0f} µs a request")
    table.add("generate: peak memory", max(w[2] for w in whole) / 1e6, "MB", 300)
    table.add("client at 0 ms", our_rate, "/s", note=f"CPU {1e6 * median(c for _, c in ours):.0f} µs a request")
    for name, rates in peers.items():
        table.add(f"openai AsyncClient, {name}, at 0 ms", median(r for r, _ in rates), "/s",
                  note=f"uvloop; CPU {1e6 * median(c for _, c in rates):.0f} µs a request")
    table.add("client at 0 ms: times as fast as Python", our_rate / python_rate, "", 3, at_least=True, note=f"the faster one, {best}")
    table.add(f"planning {planned} requests: peak memory", dry[2] / 1e6, "MB", 300, note=f"--dry-run, {dry[0]:.1f} s")
    table.add(f"writing {page_facts['requests']} prompts: peak memory", pages[2] / 1e6, "MB", 300,
              note=f"{page_facts['seconds']:.1f} s, {page_facts['bytes'] / 1e9:.1f} GB of text")
    print(facts)
    print(f"medians of {rounds} rounds, in turn; {CONCURRENCY} requests at once; server and client share the machine")
    table.show()
    if table.over:
        print("A figure is over its limit.")
    shutil.rmtree(workspace, ignore_errors=True)
    return 1 if table.over and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
