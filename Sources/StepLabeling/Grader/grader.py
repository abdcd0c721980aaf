"""Tells whether answers equal references, by math-verify: one JSON object a line in, one out.

In: {"gold": "…", "answer": "…", "limit": seconds}. Out: {"correct": true} or {"correct": false, "error": "…"}.
The first line out says who grades. Ends when there is nothing more to read.
"""

import importlib.metadata
import json
import logging
import math
import os
import resource
import sys

# Nothing that a library prints may get between the answers.
answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
os.dup2(2, 1)
logging.disable(logging.CRITICAL)
GIBIBYTE = 1 << 30


def say(value):
    answers.write(json.dumps(value) + "\n")
    answers.flush()


try:
    from math_verify import parse, verify
except ImportError as problem:
    say({"problem": f"the Python package math-verify is missing ({problem})"})
    sys.exit(1)


def read(text):
    # Our own time limit holds: the library's uses a signal, and is not for the work of a pool.
    return parse("\\boxed{" + text + "}", parsing_timeout=None) or parse(text, parsing_timeout=None)


def grade(gold, answer):
    return bool(verify(read(gold), read(answer), timeout_seconds=None))


# An answer such as 10^{10^{10}} must not take the machine's memory.
try:
    resource.setrlimit(resource.RLIMIT_AS, (4 * GIBIBYTE, resource.getrlimit(resource.RLIMIT_AS)[1]))
except (ValueError, OSError):
    pass
# The parser is built when it is first used.
grade("\\frac{1}{2}", "0.5")
say({"grader": "math-verify " + importlib.metadata.version("math-verify")})

for line in sys.stdin.buffer:
    pair = json.loads(line)
    # Should nobody be there any more to end a worker that is stuck, the system does.
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowance = math.ceil(used.ru_utime + used.ru_stime + 2 * pair["limit"] + 5)
    resource.setrlimit(resource.RLIMIT_CPU, (allowance, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    try:
        say({"correct": grade(pair["gold"], pair["answer"])})
    except (Exception, RecursionError, MemoryError) as problem:
        say({"correct": False, "error": f"{type(problem).__name__}"})
