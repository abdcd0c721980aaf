#!/usr/bin/env python3
"""Grades of the pool, compared with those of math-verify itself on several hundred pairs."""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "EndToEnd"))

from support.engines import grading_environment, python
from support.harness import (
    PROGRAM, alive, check, children, environment, equal, main, processor_seconds, program, scratch, wait_until)

# A reference and ways to write it; then answers that are others.
KINDS = [
    ("42", ["42", "42.0", "+42", "$42$", "\\frac{84}{2}"], ["24", "-42", "4", "43", "420"]),
    ("-\\frac{3}{4}", ["-0.75", "\\frac{-3}{4}", "-\\dfrac34", "-3/4"], ["\\frac34", "-\\frac43", "0.75"]),
    ("\\sqrt{8}", ["2\\sqrt{2}", "\\sqrt8", "8^{1/2}"], ["\\sqrt{2}", "4", "2.8"]),
    ("12\\%", ["12%", "0.12", "\\frac{12}{100}"], ["1.2", "21\\%"]),
    ("5\\text{ cm}", ["5", "5\\text{ cm}", "5 \\text{ centimeters}"], ["6\\text{ cm}", "50"]),
    ("90^\\circ", ["90", "90^{\\circ}", "90 \\text{ degrees}"], ["45^\\circ", "180"]),
    ("\\$18.50", ["18.50", "18.5", "\\$18.5"], ["18", "185"]),
    ("1,000,000", ["1000000", "10^6", "1{,}000{,}000"], ["100000", "1"]),
    ("(1,2)", ["(1, 2)", "\\left(1,2\\right)"], ["(2,1)", "(1,3)", "(1,2,3)"]),
    ("[0,1)", ["[0, 1)", "\\left[0,1\\right)"], ["[0,1]", "(0,1)"]),
    ("(-\\infty, 3]", ["(-\\infty,3]", "\\left(-\\infty,3\\right]"], ["(-\\infty,3)", "[3,\\infty)"]),
    ("\\{1,2,3\\}", ["\\{3,2,1\\}", "1,2,3", "\\left\\{1,2,3\\right\\}"], ["\\{1,2\\}", "\\{1,2,4\\}"]),
    ("\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}", ["\\begin{bmatrix}1&2\\\\3&4\\end{bmatrix}"],
     ["\\begin{pmatrix}1&2\\\\4&3\\end{pmatrix}", "\\begin{pmatrix}1&3\\\\2&4\\end{pmatrix}"]),
    ("x^2+2x+1", ["(x+1)^2", "1+2x+x^2", "x(x+2)+1"], ["x^2+1", "(x-1)^2", "x^2+2x"]),
    ("y=3x+2", ["y = 3x + 2", "3x+2"], ["y=3x-2", "y=2x+3"]),
    ("\\frac{\\pi}{6}", ["\\pi/6", "\\frac{1}{6}\\pi", "\\frac{2\\pi}{12}"], ["\\frac{\\pi}{3}", "30", "6\\pi"]),
    ("Monday", ["Monday", "\\text{Monday}", "\\text{ Monday }"], ["Tuesday", "\\text{Sunday}"]),
    ("\\text{(B)}", ["B", "(B)", "\\text{B}"], ["C", "(A)"]),
    ("\\text{even}", ["even", "\\text{even}"], ["odd"]),
    ("2^{10}", ["1024", "4^5"], ["1000", "2^9"]),
    ("1+2i", ["2i+1", "1 + 2i"], ["1-2i", "2+i"]),
    ("\\frac{1}{3}", ["\\frac{2}{6}", "1/3", "\\tfrac13"], ["0.3", "3", "\\frac{1}{2}"]),
    ("0.\\overline{3}", ["0.\\overline{3}"], ["0.4"]),
    ("x \\le 5", ["x\\leq 5", "x \\leq 5"], ["x \\ge 5", "x < 4"]),
    ("\\log_2 8", ["3", "\\log_{2}8"], ["2", "8"]),
    ("", ["anything"], []),
]


def pairs():
    found = []
    for gold, same, other in KINDS:
        found += [(gold, answer) for answer in [gold, *same, *other] if answer]
    numbers = [0, 1, -1, 7, 12, 100, 365, 1001, 0.5, 2.25, -3.75, 0.125]
    for index, one in enumerate(numbers):
        for other in numbers:
            found.append((str(one), str(other)))
        found += [(f"\\frac{{{index + 1}}}{{{index + 3}}}", f"\\frac{{{2 * index + 2}}}{{{2 * index + 6}}}"),
                  (f"{index}x+{index + 1}", f"{index + 1}+{index}x"), (f"{index}x+{index + 1}", f"{index + 1}x+{index}")]
    return list(dict.fromkeys(found))


DIRECT = """
import json, logging, sys
logging.disable(logging.CRITICAL)
from math_verify import parse, verify
read = lambda text: parse("\\\\boxed{" + text + "}", parsing_timeout=None)
for line in sys.stdin:
    gold, answer = json.loads(line)
    print(json.dumps(bool(verify(read(gold), read(answer), timeout_seconds=None))))
"""


def grades(rows, *options):
    file = scratch("pairs.jsonl")
    with open(file, "w") as out:
        out.writelines(json.dumps({"gold": gold, "answer": answer}) + "\n" for gold, answer in rows)
    done = program("grade", "--file", file, *options, env=grading_environment(), timeout=300)
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def pool_and_library_agree():
    env, rows = grading_environment(), pairs()
    check(len(rows) >= 300, f"only {len(rows)} pairs")
    direct = subprocess.run(
        [python("grading"), "-c", DIRECT], input="".join(json.dumps(row) + "\n" for row in rows), text=True, capture_output=True,
        env=env, timeout=300, check=True)
    expected = ["right" if json.loads(line) else "wrong" for line in direct.stdout.splitlines()]
    check(expected.count("right") >= 80 and expected.count("wrong") >= 80, "too few of one kind")
    told = grades(rows)
    equal([(one["gold"], one["answer"]) for one in told], rows, "pairs, in their order")
    differing = [(row, one["outcome"], other) for row, one, other in zip(rows, told, expected) if one["outcome"] != other]
    equal(differing, [], f"pairs of {len(rows)} that are graded otherwise")
    # The planned ones are as planned, so that both being wrong would show.
    outcomes = dict(zip(rows, expected))
    planned = [(gold, answer) for gold, same, _ in KINDS[:4] for answer in same]
    check(all(outcomes[pair] == "right" for pair in planned if pair in outcomes),
          [pair for pair in planned if outcomes.get(pair) != "right"])


def a_pair_that_hangs_costs_itself_only():
    rows = [(str(number), f"{number}.0") for number in range(12)]
    rows[5:5] = [("5", "9^{9^{9^{9}}}"), ("2^{100000000}", "3^{70000000}")]
    told = grades(rows, "--time-limit", "2", "--workers", "2")
    equal([one["outcome"] for one in told],
          ["right"] * 5 + ["undecided"] * 2 + ["right"] * 7, "outcomes")


def workers_end_when_the_program_is_killed():
    env = grading_environment()
    file = scratch("hang.jsonl")
    with open(file, "w") as out:
        out.write(json.dumps({"gold": "1", "answer": "2"}) + "\n" + json.dumps({"gold": "5", "answer": "9^{9^{9^{9}}}"}) + "\n")
    run = subprocess.Popen(
        [PROGRAM, "grade", "--file", file, "--workers", "2", "--time-limit", "3"], env=env, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    workers = wait_until(lambda: len(found := children(run.pid)) > 1 and found, "two workers")
    # One of them is at the pair that hangs.
    wait_until(lambda: any(processor_seconds(pid) > 1.5 for pid in workers if alive(pid)), "work on the pair that hangs")
    run.kill()
    run.wait()
    wait_until(lambda: not any(alive(pid) for pid in workers), "workers that end by themselves", 120)


def one_pair_from_the_command_line():
    env = grading_environment()
    equal(program("grade", "\\frac12", "So it is \\boxed{0.5}.", env=env).stdout.strip(), b"right", "one half")
    equal(program("grade", "12", "21", env=env).stdout.strip(), b"wrong", "another number")
    told = json.loads(program("grade", "3", "3", "--json", env=env).stdout)
    equal((told["outcome"], told["detail"]), ("right", "same text"), "the same text")
    file = scratch("bad.jsonl")
    with open(file, "w") as out:
        out.write('{"gold": 1, "answer": "1"}\nnothing\n{"gold": "1"}\n')
    done = program("grade", "--file", file, env=env, expect=3)
    equal(len(done.stdout.splitlines()), 1, "lines graded")
    check(f"{file}:2:" in done.stderr.decode() and f"{file}:3:" in done.stderr.decode(), done.stderr)
    broken = program("grade", "1", "2", env=environment(DEEPCRITIC_GRADING_PYTHON="/usr/bin/false"), expect=1)
    check(b"deepcritic engines install grading" in broken.stderr, broken.stderr)


if __name__ == "__main__":
    main(pool_and_library_agree, a_pair_that_hangs_costs_itself_only, workers_end_when_the_program_is_killed,
         one_pair_from_the_command_line)
