"""Runs that are killed again and again, and comparing what they leave with what an undisturbed run left."""

import signal
import subprocess

from .harness import Failure, check, environment


def run_with_kills(command, chance, kills, least, most, env=None, signals=(signal.SIGKILL,), after_kill=None):
    """Runs a command until it ends by itself; the first `kills` runs get a signal after `least` to `most` seconds.

    The signals are used in turn, the times come from `chance`. Gives how many runs were killed: fewer when one was faster.
    """
    killed = 0
    for _ in range(60):
        run = subprocess.Popen(command, env=env or environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            _, words = run.communicate(timeout=chance.uniform(least, most) if killed < kills else 600)
        except subprocess.TimeoutExpired:
            run.send_signal(signals[killed % len(signals)])
            run.wait()
            killed += 1
            if after_kill:
                after_kill()
            continue
        if run.returncode == 0:
            return killed
        # A request may fail for good; the next run asks again.
        check(run.returncode == 3, lambda: f"the run ended with {run.returncode}: {words.decode(errors='replace')}")
    raise Failure("no run came to its end")


def same(actual, expected):
    """Compares parts of a state, each a list of rows, by their names."""
    for name in expected:
        if actual[name] != expected[name]:
            first = next((pair for pair in zip(actual[name], expected[name]) if pair[0] != pair[1]), None)
            raise Failure(f"{name} differ: {len(actual[name])} rows, expected {len(expected[name])}; first difference {first}")
