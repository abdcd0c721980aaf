#!/usr/bin/env python3
"""Writes PRM800K-shaped JSON Lines: the keys, nesting and sizes of real phase 2 lines, with made-up text.

The same arguments give the same bytes on every machine. Standard library only.

    generate.py --count 100000 --seed 1 OUT.jsonl
"""

import argparse
import itertools
import json
import os
import random
import sys
import uuid

# Words of step-by-step solutions, the commonest first (they are drawn with Zipf's weights).
WORDS = """
the of is to and that a I so this we can in by for are if equation have be which as on with number from means it
then there not use value same let now one side each find know also since two but both get only first must when need
sum divide write simplify equal product at an or term factor expression square solve where point multiply function
three even odd line integer root positive add notice other substitute right left subtract angle triangle total would
all digit should might these possible second variable area case times denominator numerator formula answer fraction
remember prime coefficient given check try length circle way divisible zero negative any form polynomial no greater
less between values power real degree using both terms sides constant half rule sequence different figure radius
ratio next four probability could want see think set look multiple numbers roots factors side's problem simplest
equations like quadratic their common distance rewrite cube remainder combine divisor center segment vertex cases five
because more may isolate graph digits base exponent step ways condition arithmetic geometric maximum minimum theorem
symmetry parallel perpendicular interval domain range complex conjugate modulus matrix vector determinant slope
intercept tangent sine cosine identity logarithm series infinite finite permutation combination choose order arrange
outcomes event independent expected average median mode percent discount price cost cents dollars hours minutes miles
rate speed time work pipe tank age older younger twice thrice box marble red blue green card deck coin dice roll flip
committee member team player game score win lose tie round bracket seat table row column grid path move corner
rectangle square's pentagon hexagon polygon diagonal altitude bisector midpoint centroid circumcircle inscribed
circumscribed sphere cylinder cone pyramid volume surface tetrahedron cube's edge face vertices congruent similar
isosceles equilateral acute obtuse supplementary complementary ordered pair solution solutions unique exactly least
most satisfy satisfies implies therefore hence thus however although either neither unless until while recall wonder
guess verify confirm consistent contradiction assume suppose claim induction hypothesis bound estimate approximate
round nearest tenth hundredth decimal repeating rational irrational absolute inequality system linear nonlinear
parabola hyperbola ellipse asymptote focus directrix axis coordinate plane origin quadrant reflection rotation
translation dilation scale map inverse composite injective piecewise continuous derivative integral limit converge
""".split()
STEMS = """
count order group pair shift mark label cover color weigh measure plot trace fold cut join split match place pick
draw fill pour mix pack stack load test grade rank rate sort trade sell buy rent earn pay save spend plant grow
""".split()
PREFIXES = ["", "re", "un", "over", "pre", "mis", "out", "under", "counter", "inter"]
SUFFIXES = ["", "s", "ed", "ing", "er", "ers", "able", "ment", "ings", "ation"]
OPENINGS = """
So|Now,|Then,|I|We|Therefore,|This means that|I notice that|I recall that|To do this, I|Since|Next,|Let's see if|Thus|
Similarly,|Hence|For example,|If|First,|I can|We know that|That gives me|Right.|But|Finally,|In other words,|And
""".replace("\n", "").split("|")
FORMULAS = [
    "${a}{x}+{b}={c}$", "${x}^2-{a}{x}+{b}=0$", "$\\frac{{{a}}}{{{b}}}$", "$\\sqrt{{{a}}}$", "${x}={a}$", "{a}",
    "{a} * {b} = {c}", "${a}^{{{b}}}\\equiv {c}\\pmod{{{d}}}$", "$\\binom{{{a}}}{{{b}}}$", "$f({x})={a}{x}^2+{b}$",
    "$\\angle ABC={a}^\\circ$", "$({x}-{a})({x}+{b})$", "$\\frac{{{x}+{a}}}{{{y}-{b}}}=\\frac{{{c}}}{{{d}}}$",
    "${a}{x}-{b}{y}={c}$", "$\\pi\\cdot {a}^2$", "({a}, {b})", "$\\sin {a}^\\circ$", "$\\log_{{{a}}} {b}$",
    "$\\left(\\frac{{{a}}}{{{b}}}\\right)^{{{c}}}$", "{a}/{b}", "{x} + {y} = {a}", "$$\\sum_{{k=1}}^{{{a}}} k^{b}={c}$$",
    "$\\triangle {X}BC$", "${x}\\le {a}$", "$-{a}$", "${a}.{b}$", "$\\begin{{aligned}} {x}&={a} \\\\ {y}&={b} \\end{{aligned}}$",
    "{a}%", "$\\overline{{{X}B}}={a}$", "$|{x}-{a}|<{b}$", "$\\text{{gcd}}({a},{b})={d}$", "{a}\u00b0", "\u221a{a}", "{a}\u2013{b}",
]
# Letters and marks beyond ASCII are rare in the real files, too; Python's json writes them as \u escapes.
WEIGHTS = [20 if f.isascii() else 1 for f in FORMULAS]


class Texts:
    """Sentences from a fixed stock of words and formulas, all drawn from one random generator."""

    def __init__(self, rng):
        self.rng = rng
        tail = [p + s + e for p in PREFIXES for s in STEMS for e in SUFFIXES]
        random.Random(7).shuffle(tail)
        words = list(dict.fromkeys(WORDS + tail))
        stock = random.Random(8)

        def number():
            return stock.choice((stock.randint(1, 12), stock.randint(1, 100), stock.randint(1, 100), stock.randint(1, 9999)))

        formulas = [
            template.format(
                a=number(), b=number(), c=number(), d=number(),
                x=stock.choice("xnatkrpm"), y=stock.choice("yzbsq"), X=stock.choice("ADEFGMPQ"))
            for template in stock.choices(FORMULAS, WEIGHTS, k=40_000)
        ]
        # One token in five is a formula or a number.
        weights = [1.0 / (rank + 2.7) ** 1.2 for rank in range(len(words))]
        share = sum(weights) / 4 / len(formulas)
        self.tokens = words + formulas
        self.cumulative = list(itertools.accumulate(weights + [share] * len(formulas)))
        self.words = words

    def take(self, count):
        return self.rng.choices(self.tokens, cum_weights=self.cumulative, k=count)

    def sentence(self, low, high):
        return self.rng.choice(OPENINGS) + " " + " ".join(self.take(self.rng.randint(low, high))) + "."

    def problem(self):
        rng = self.rng
        sentences = [" ".join(self.take(rng.randint(9, 22))) + "." for _ in range(rng.randint(1, 4))]
        return " ".join(text[0].upper() + text[1:] for text in sentences) + rng.choice((" Find $x$.", " How many are there?", " What is the value of $x+y$?", ""))


# The record with sixty steps, more than any page shows at once.
LONG = 59
LABELERS = [str(uuid.UUID(int=random.Random(i).getrandbits(128), version=4)) for i in range(60)]


def rated(text, rating, flagged=None):
    return {"text": text, "rating": rating, "flagged": flagged}


def line(texts, number, problem, reference, answer):
    """One record: solutions stop at their first error, where labellers saw several completions."""
    rng = texts.rng
    count = max(2, min(20, round(rng.gauss(10, 4))))
    if number == LONG:
        count = 60
    steps = [texts.sentence(5, 21) for _ in range(count)]
    final = str(rng.randint(1, 99_999))
    steps[-1] += "\n\n# Answer\n\n" + final
    draw = rng.random()
    reason = "found_error" if draw < 0.55 else "solution" if draw < 0.93 else "give_up" if draw < 0.97 else "bad_problem"
    labelled = count if reason == "solution" else rng.randint(max(1, count // 2), count)
    label_steps = []
    for index in range(labelled):
        if reason == "found_error" and index == labelled - 1:
            completions = [rated(steps[index], -1)]
            for _ in range(rng.choice((0, 0, 1, 2, 3, 4))):
                completions.append(rated(texts.sentence(5, 21), rng.choice((-1, 1, 1)), False))
            label_steps.append({"completions": completions, "human_completion": None, "chosen_completion": None})
        else:
            rating = 0 if rng.random() < 0.12 else 1
            label_steps.append(
                {"completions": [rated(steps[index], rating)], "human_completion": None, "chosen_completion": 0})
    month, day, hour = rng.randint(7, 12), rng.randint(1, 28), rng.randint(0, 23)
    minute, second, micro = rng.randint(0, 59), rng.randint(0, 59), rng.randint(0, 999_999)
    screening = rng.random() < 0.02
    return {
        "labeler": rng.choice(LABELERS),
        "timestamp": f"2022-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{micro:06}",
        "generation": -1 if screening else rng.randint(0, 9),
        "is_quality_control_question": rng.random() < 0.02,
        "is_initial_screening_question": screening,
        "question": {
            "problem": problem,
            "ground_truth_solution": reference,
            "ground_truth_answer": answer,
            "pre_generated_steps": steps,
            "pre_generated_answer": final,
            # Never below 0.001: smaller numbers are spelled differently by different JSON libraries.
            "pre_generated_verifier_score": 0.001 + rng.random() * 0.998,
        },
        # The number of the line in the time keeps all lines distinct whatever else they say.
        "label": {"steps": label_steps, "total_time": rng.randint(20, 900) * 1_000_000 + number, "finish_reason": reason},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", help="file to write")
    parser.add_argument("--count", type=int, default=100_000, help="solutions (default 100000, about 450 MB)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    texts = Texts(random.Random(options.seed))
    rng = texts.rng
    encode = json.JSONEncoder().encode
    part = options.out + ".part"
    written = 0
    # Phase 2 has about eight solutions to a problem.
    problems = []
    with open(part, "w", encoding="ascii", buffering=1 << 20) as out:
        for number in range(options.count):
            if number % 8 == 0:
                reference = " ".join(texts.sentence(8, 24) for _ in range(rng.randint(1, 6)))
                problems.append((texts.problem(), reference, str(rng.randint(1, 9999))))
                if len(problems) > 500:
                    problems.pop(0)
            text = encode(line(texts, number, *rng.choice(problems)))
            out.write(text)
            out.write("\n")
            written += len(text) + 1
    os.replace(part, options.out)
    print(f"{options.count} solutions, {written / 1e6:.0f} MB", file=sys.stderr)


if __name__ == "__main__":
    main()
