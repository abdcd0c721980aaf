#!/usr/bin/env python3
"""Generated files of the shape, the names and the sizes of the real datasets, for machines without the real ones.

    datasets.py FOLDER    writes processbench/gsm8k.json and math.json, mr-gsm8k/processed_test.json, prm800k/samples.jsonl

Nothing in them is taken from the datasets: the problems are arithmetic with made-up things. They are the same every time.
"""

import json
import os
import random
import sys

# Rows, and those of them without an error.
SIZES = {"gsm8k": (400, 193), "math": (1000, 406), "mr-gsm8k": (1418, 693)}
FILES = {
    "gsm8k": ("processbench/gsm8k.json", 2), "math": ("processbench/math.json", 2),
    "mr-gsm8k": ("mr-gsm8k/processed_test.json", 4),
}
GENERATORS = ("adder-1b", "adder-7b-instruct", "adder-72b")
NAMES = "Ada Bo Cleo Dan Eve Finn Gus Hana Ivo Jun Kim Lea Mo Nora Otto Pia Quin Rosa Sam Tess".split()
THINGS = "apples beads coins drums eggs flags gloves hats inks jars kites lamps".split()

# Mathematics as such texts write it: {a}, {b} and {c} are numbers.
FORMULAS = [
    "${a} + {b} = {c}$", "\\({a} \\times {b} = {c}\\)", "\\[\\frac{{{a}}}{{{b}}} = {c}\\]", "$x^2 - {a}x + {b} = 0$",
    "\\[x = \\frac{{-{a} \\pm \\sqrt{{{a}^2 - 4 \\cdot {b}}}}}{{2}}\\]", "$\\sqrt{{{a}}} \\le {b}$", "\\(a_{{{a}}} = {b}\\)",
    "$$\\sum_{{k=1}}^{{{a}}} k = \\frac{{{a}({a}+1)}}{{2}}$$", "$\\angle ABC = {a}^\\circ$", "$\\binom{{{a}}}{{{b}}}$",
    "\\(f(x) = {a}x + {b}\\)", "$\\left( {a}, {b} \\right)$", "\\[\\begin{{aligned}} x &= {a} \\\\ y &= {b} \\end{{aligned}}\\]",
    "${a} \\equiv {b} \\pmod{{{c}}}$", "$\\overline{{AB}} = {a}\\text{{ cm}}$", "\\(\\log_2 {a} < {b}\\)",
    "$A = \\begin{{pmatrix}} {a} & {b} \\\\ {b} & {c} \\end{{pmatrix}}$", "\\({a}\\pi \\neq {b}\\)", "$-{a} < x \\leq {b}$",
    "$\\{{{a}, {b}, \\dots\\}}$", "\\({a}\\% \\text{{ of }} {b}\\)", "$n \\geq {a} \\implies n^{{2}} \\geq {b}$",
    "\\[\\int_0^{{{a}}} 2x \\, dx = {b}\\]", "$\\cos {a}^\\circ \\approx 0.{b}$", "$\\dfrac{{{a}}}{{{b}}} \\div {c}$",
]


class Story:
    """A problem of a few operations, and a solution of it whose step `error` (from 0, -1 for none) is wrong."""

    def __init__(self, chance, length, error):
        name, thing = chance.choice(NAMES), chance.choice(THINGS)
        amount = chance.randint(2, 12)
        self.problem = f"{name} has {amount} {thing}."
        self.steps = []
        true = value = amount
        for index in range(length):
            by = chance.randint(2, 9)
            sign = chance.choice("+-*") if true > by and value > by else "+"
            if true > 60 and sign == "*":
                sign = "-"
            words = {"+": f"finds {by} more", "-": f"gives {by} away", "*": f"makes it {by} times as many"}[sign]
            self.problem += f" Then {name} {words}."
            true, wanted = ({"+": start + by, "-": start - by, "*": start * by}[sign] for start in (true, value))
            result = wanted + (chance.randint(1, 5) if index == error else 0)
            self.steps.append((f"{name} {words}", value, sign, by, result, thing))
            value = result
        self.problem += f" How many {thing} are there in the end?"
        # Now and then a wrong step leads to the right answer all the same.
        self.answer, self.given = true, true if 0 <= error < length - 1 and chance.random() < 0.1 else value


def new_stories(chance, rows, correct, lengths):
    """Problems that all differ, with the labels of their solutions in no order."""
    labels = [-1] * correct + [None] * (rows - correct)
    chance.shuffle(labels)
    seen = set()
    for label in labels:
        while True:
            length = chance.choice(lengths)
            error = chance.randrange(length) if label is None else -1
            story = Story(chance, length, error)
            if story.problem not in seen:
                break
        seen.add(story.problem)
        yield story, error


def row(id, generator, story, steps, error):
    return {
        "id": id, "generator": generator, "problem": story.problem, "steps": steps,
        "final_answer_correct": story.given == story.answer, "label": error}


def gsm8k(chance, story, number, error):
    steps = [
        f"{words}: \\({value} {sign.replace('*', chr(92) + 'times')} {by} = {result}\\), which makes {result} {thing}."
        for words, value, sign, by, result, thing in story.steps]
    steps[-1] += f" The answer is \\boxed{{{story.given}}}."
    return row(f"gsm8k-{number}", chance.choice(GENERATORS), story, steps, error)


def math(chance, story, number, error):
    def formula():
        a, b, c = (chance.randint(2, 99) for _ in range(3))
        return chance.choice(FORMULAS).format(a=a, b=b, c=c)

    story.problem += f" (It helps to know {formula()} and {formula()}.)"
    steps = [
        f"{words}, so we compute {value} {sign.replace('*', '·')} {by} = {result} and recall {formula()}.\nBesides, {formula()}; "
        f"hence {formula()}." for words, value, sign, by, result, _ in story.steps]
    steps[-1] += f" Therefore, the answer is: \\[\\boxed{{{story.given}}}\\]"
    return row(f"math-{number}", chance.choice(GENERATORS), story, steps, error)


def mr_gsm8k(chance, story, number, error):
    steps = [
        f"Step {index}: {words}, so there are {value} {sign} {by} = <<{value}{sign}{by}={result}>>{result} {thing}."
        for index, (words, value, sign, by, result, thing) in enumerate(story.steps, 1)]
    steps.append(f"Step {len(steps) + 1}: #### {story.given}")
    if chance.random() < 0.5:
        steps.append(f"Step {len(steps) + 1}: The answer is: {story.given}")
    return row(number, "", story, steps, error)


def benchmark(name):
    chance = random.Random(name)
    make, lengths = {"gsm8k": (gsm8k, [2, 3, 4, 4, 5, 5, 6, 8]), "math": (math, [2, 3, 4, 5, 5, 6, 6, 7, 8, 9, 12, 18]),
                     "mr-gsm8k": (mr_gsm8k, [2, 3, 4, 5, 5, 6, 7, 9, 14])}[name]
    return [make(chance, story, number, error)
            for number, (story, error) in enumerate(new_stories(chance, *SIZES[name], lengths))]


def completion(text, rating, flagged=False):
    return {"text": text, "rating": rating, "flagged": flagged}


def step(*completions, chosen=0, human=None):
    return {
        "completions": list(completions), "chosen_completion": chosen,
        "human_completion": human and {"text": human, "rating": None, "source": "human", "flagged": False}}


def prm800k_record(labeler, generation, question, steps, finish, screening=False):
    return {
        "labeler": f"generated-{labeler}", "timestamp": f"2022-0{7 + labeler % 3}-30T23:23:32.118856", "generation": generation,
        "is_quality_control_question": False, "is_initial_screening_question": screening, "question": question,
        "label": {"steps": steps, "total_time": 90_000 + 1234 * labeler, "finish_reason": finish}}


def first_phase(labeler, problem, answer, steps, finish="solution"):
    return prm800k_record(labeler, None, {"problem": problem, "ground_truth_answer": answer}, steps, finish)


def second_phase(labeler, generation, problem, truth, texts, given, steps, finish, screening=False):
    question = {
        "problem": problem, "ground_truth_solution": truth and f"We count, and the answer is ${truth}$.",
        "ground_truth_answer": truth, "pre_generated_steps": texts, "pre_generated_answer": given,
        "pre_generated_verifier_score": 0.0011546110201324836 * labeler}
    return prm800k_record(labeler, generation, question, steps, finish, screening)


def prm800k():
    """Six records: of both phases, with and without an error, with steps of people, given up, and of the screening."""
    pencils = "Three pencils and a rubber cost $\\$1.24$, five pencils and a rubber $\\$1.82$. How many cents is a pencil?"
    yield first_phase(1, pencils, "29", [
        step(completion("Let p be the price of a pencil and r that of a rubber.", 1)),
        step(*(completion(f"The equation is 3p + r = {wrong}.", -1) for wrong in (124, 182, 12.4, 18.2, 306)), chosen=None,
             human="We have $3p+r=1.24$ and $5p+r=1.82$."),
        step(completion("We subtract the first from the second.", 1)),
        step(completion("$5p+r-3p-r=1.82-1.24$.", 1)),
        step(completion("So $2p=0.58$ and $p=0.29$.", 1)),
        step(completion("We could substitute, too.", 0), completion("A pencil costs $0.29.", 1),
             completion("A pencil costs 29 cents.\n\n# Answer\n\n29", 1), chosen=2),
    ])
    texts = [f"There are {number} ways to seat guest {number}." for number in range(1, 13)] + ["# Answer\n\n7200"]
    yield second_phase(
        2, 6, "In how many ways can 13 guests be seated at a round table?", "479001600", texts, "7200",
        [step(completion(text, 0 if index == 1 else 1, None)) for index, text in enumerate(texts[:6])] + [
            step(completion(texts[6], -1, None), *(completion(f"Seat {seat} first.", 1) for seat in (1, 2, 3)), chosen=None)],
        "found_error")
    for labeler, factor in ((3, 7.8), (4, 9.2)):
        yield first_phase(labeler, f"How many seconds are in {factor} minutes?", str(round(factor * 60)), [
            step(completion("A minute has 60 seconds.", 1)),
            step(completion(f"We multiply: ${factor} \\times 60 = {round(factor * 60)}$.", 1)),
            step(completion("Let us check that.", 0), completion(f"Right.\n\n# Answer\n\n{round(factor * 60)}", 1), chosen=1),
        ])
    yield first_phase(
        5, "What is the surface of half a tetrahedron of side 2?", "1+2\\sqrt{3}",
        [step(completion(f"A face has the area $\\sqrt{{3}}$, so {count} of them have ${count}\\sqrt{{3}}$.", 1))
         for count in range(1, 8)] + [
            step(*(completion(f"So we add $\\dfrac{{\\sqrt{{3}}}}{{{part}}}$.", -1) for part in range(2, 8)), chosen=None,
                 human="The cut is a square of side $1$, whose area we add."),
            step(chosen=None)],
        "give_up")
    powers = [f"The power $2^{{{exponent}}} = {2 ** exponent}$." for exponent in range(1, 12)] + [
        "Together: $$\\begin{aligned} a&=8 \\\\ b&=3 \\\\ c&=1 \\end{aligned}$$\n\n# Answer\n\n8, 3, 1"]
    yield second_phase(
        6, -1, "Solve over the integers: $$2^a+4^b+8^c=328.$$", None, powers, "8, 3, 1",
        [step(completion(text, 1, None)) for text in powers], "solution", screening=True)


def write(folder):
    """Writes all files into a folder."""
    for name, (path, indent) in FILES.items():
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
            json.dump(benchmark(name), file, indent=indent, ensure_ascii=False)
    os.makedirs(os.path.join(folder, "prm800k"), exist_ok=True)
    with open(os.path.join(folder, "prm800k", "samples.jsonl"), "w", encoding="utf-8") as file:
        file.writelines(json.dumps(record) + "\n" for record in prm800k())


if __name__ == "__main__":
    write(sys.argv[1])
