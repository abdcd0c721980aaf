"""Reads a line of mathematical text as a mathematician does and works out its value.

One reader for every tool, with the conventions of printed mathematics and no knowledge of any tool:

- What stands side by side is a product. Products and quotients bind alike, from left to right: a/bc is (a/b)c, so
  a/(bc) needs its brackets.
- ^ and _ apply to what directly follows: one number, one letter, one bracket, or a run of raised or lowered signs.
- √ covers the number, letter or bracket that directly follows, with its scripts; ∛ and ∜ likewise.
- A function's name applies to the bracket that directly follows, else to the product that follows, up to + − a relation
  or the next function.
- ∑ and ∏ apply to the product that follows their limits; limits are _(i=1)^n, or raised and lowered signs.
- (n choose k), C(n,k) and binom(n,k) are binomials; root(n,x) is a root; (mod n) after a relation is its modulus.
- Letters n k m p q r s t i j stand for whole numbers, all others for numbers; a letter with a lowered index is another
  variable. Values are compared, so it does not matter in which form a tool writes the same.

What is left of LaTeX's commands is not text that could be read.
"""

import itertools
import math
import random
import re
import unicodedata

RAISED = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ",
                  "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW"))
LOWERED = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-=()aehijklmnoprstuvx"))
SIGNS = str.maketrans({"−": "-", "–": "-", "×": "*", "∗": "*", "·": "*", "⋅": "*", "÷": "/", "⁄": "/", "∕": "/",
                       "∣": "|", "⟹": "⇒", "⟶": "→", "⟺": "⇔", "⩽": "≤", "⩾": "≥", "\u2061": "", "\u00a0": " ",
                       "[": "(", "]": ")", "{": "(", "}": ")"})
GREEK = {"α": "alpha", "β": "beta", "π": "pi", "θ": "theta", "γ": "gamma", "δ": "delta"}
FUNCTIONS = {"sin": math.sin, "cos": math.cos, "tan": math.tan, "ln": math.log, "exp": math.exp, "log": math.log}
CALLED = {"gcd": math.gcd, "lcm": math.lcm, "max": max, "min": min, "C": math.comb, "binom": math.comb,
          "root": lambda n, x: x ** (1 / n)}
RELATIONS = "=<>≤≥≠≈≡⇒:,"
WHOLE = "nkmpqrstij"


class Unreadable(Exception):
    pass


def values(seed):
    """What the variables stand for: the same for every tool."""
    table = {}

    def value(name):
        if name == "pi":
            return math.pi
        if name == "e":
            return math.e
        if name not in table:
            picked = random.Random(f"{seed} {name}")
            table[name] = picked.randint(2, 6) if name[0] in WHOLE and name not in GREEK.values() else picked.uniform(1.1, 2.9)
        return table[name]

    return value


def tokens(text):
    if "\\" in text:
        raise Unreadable("a command is left")
    text = unicodedata.normalize("NFC", text)
    for fraction in "½⅓⅔¼¾⅕⅖⅗⅘⅙⅛":
        text = text.replace(fraction, "(" + unicodedata.normalize("NFKC", fraction).replace("⁄", "/") + ")")
    text = text.translate(SIGNS)
    found = []
    at = 0
    blank = False
    while at < len(text):
        c = text[at]
        if c.isspace():
            blank = True
            at += 1
            continue
        if c in RAISED or c in LOWERED:
            table = RAISED if c in RAISED else LOWERED
            start = at
            while at < len(text) and text[at] in table:
                at += 1
            run = "".join(table[x] for x in text[start:at])
            found.append(("^" if table is RAISED else "_", run, blank))
        elif number := re.match(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+", text[at:]):
            found.append(("number", number[0].replace(",", ""), blank))
            at += len(number[0])
        elif c.isalpha():
            word = "".join(itertools.takewhile(lambda x: x.isalpha() and x not in RAISED and x not in LOWERED, text[at:]))
            found.append(("word", word, blank))
            at += len(word)
        else:
            found.append(("sign", c, blank))
            at += 1
        blank = False
    return found


class Reader:
    """Recursive descent over the tokens; gives a value."""

    def __init__(self, items, value):
        self.items, self.at, self.value = self.split_words(items), 0, value

    @staticmethod
    def split_words(items):
        """Names of functions found in runs of letters; the other letters one by one."""
        result = []
        names = sorted([*FUNCTIONS, *CALLED, "choose", "mod", "or"], key=len, reverse=True)
        for kind, text, blank in items:
            if kind != "word":
                result.append((kind, text, blank))
                continue
            while text:
                name = next((n for n in names if len(n) > 1 and text.startswith(n)), None)
                part = name or text[0]
                result.append(("name" if name else "letter", GREEK.get(part, part), blank))
                text, blank = text[len(part):], False
        return result

    def peek(self, offset=0):
        at = self.at + offset
        return self.items[at] if at < len(self.items) else ("end", "", False)

    def sign(self, *signs):
        kind, text, _ = self.peek()
        if kind == "sign" and text in signs:
            self.at += 1
            return text
        return None

    def expression(self):
        negative = bool(self.sign("-"))
        if not negative:
            self.sign("+")
        total = -self.product() if negative else self.product()
        while sign := self.sign("+", "-"):
            negative = bool(self.sign("-"))
            term = self.product()
            term = -term if negative else term
            total = total + term if sign == "+" else total - term
        return total

    def product(self, inside_function=False):
        result = self.factor()
        while True:
            kind, text, _ = self.peek()
            if kind == "sign" and text in "*/":
                if inside_function:
                    return result
                self.at += 1
                negative = bool(self.sign("-"))
                other = self.factor()
                other = -other if negative else other
                result = result * other if text == "*" else result / other
            elif kind == "name" and text == "mod" and not inside_function:
                self.at += 1
                result = result % self.factor()
            elif self.starts_factor() and not (inside_function and kind == "name"):
                result *= self.factor()
            else:
                return result

    def starts_factor(self):
        kind, text, _ = self.peek()
        if kind in ("number", "letter"):
            return True
        if kind == "name":
            return text not in ("choose", "mod", "or")
        return kind == "sign" and text in "(√∛∜⌊⌈∑∏" or kind == "sign" and text == "|" and not self.bars

    bars = 0

    def factor(self):
        return self.scripts(self.atom())

    def scripts(self, base):
        while True:
            kind, text, blank = self.peek()
            if kind == "^" and not blank:
                self.at += 1
                base = base ** self.run(text)
            elif self.sign("^"):
                base = base ** self.script()
            elif self.sign("!"):
                if base != int(base) or base < 0:
                    raise Unreadable("factorial of a fraction")
                base = math.factorial(int(base))
            elif self.sign("%"):
                base /= 100
            else:
                return base

    def run(self, text):
        """The value of raised or lowered signs."""
        return Reader(tokens(text), self.value).whole()

    def script(self):
        negative = bool(self.sign("-"))
        kind, text, _ = self.peek()
        if kind == "number":
            self.at += 1
            result = float(text) if "." in text else int(text)
        elif kind == "letter":
            self.at += 1
            result = self.variable(text)
            # An exponent may have one of its own: a^bᶜ.
            if self.peek()[0] == "^" and not self.peek()[2]:
                raise Unreadable("two raised signs")
        elif kind == "sign" and text == "(":
            result = self.atom()
        else:
            raise Unreadable("nothing after ^")
        return -result if negative else result

    def variable(self, name):
        kind, text, blank = self.peek()
        if kind == "_" and not blank:
            self.at += 1
            return self.value(name + "_" + text)
        if kind == "sign" and text == "_":
            self.at += 1
            kind, text, _ = self.peek()
            if kind not in ("number", "letter"):
                raise Unreadable("an index")
            self.at += 1
            return self.value(name + "_" + text)
        return self.value(name)

    def atom(self):
        kind, text, _ = self.peek()
        self.at += 1
        if kind == "number":
            return float(text) if "." in text else int(text)
        if kind == "letter":
            if text in ("C",) and self.peek()[1] == "(":
                return self.call(text)
            return self.variable(text)
        if kind == "name":
            return self.call(text) if text in CALLED else self.function(text)
        if kind == "sign":
            if text == "(":
                return self.bracket()
            if text in "√∛∜":
                index = {"√": 2, "∛": 3, "∜": 4}[text]
                return self.scripts_before_root(self.atom()) ** (1 / index)
            if text in "⌊⌈":
                body = self.expression()
                self.expect("⌋" if text == "⌊" else "⌉")
                return math.floor(body) if text == "⌊" else math.ceil(body)
            if text == "|":
                self.bars += 1
                body = self.expression()
                self.bars -= 1
                self.expect("|")
                return abs(body)
            if text in "∑∏":
                return self.big(text)
        raise Unreadable(f"{text or 'the end'}")

    def scripts_before_root(self, base):
        """√x² covers x² for the eye; √2² with a bracket or digit is as ambiguous, so a bare power is refused."""
        if self.peek()[0] == "^" and not self.peek()[2]:
            raise Unreadable("a root with a raised sign")
        return base

    def bracket(self):
        bars, self.bars = self.bars, 0
        body = self.expression()
        if self.peek()[:2] == ("name", "choose"):
            self.at += 1
            body = math.comb(body, self.expression())
        self.bars = bars
        self.expect(")")
        return body

    def expect(self, sign):
        if not self.sign(sign):
            raise Unreadable(f"{sign} is missing")

    def call(self, name):
        self.expect("(")
        arguments = [self.expression()]
        while self.sign(","):
            arguments.append(self.expression())
        self.expect(")")
        return CALLED[name](*arguments)

    def function(self, name):
        if name not in FUNCTIONS:
            raise Unreadable(name)
        work, power, base = FUNCTIONS[name], 1, None
        while True:
            kind, text, _ = self.peek()
            if kind == "^":
                self.at += 1
                power = self.run(text)
            elif kind == "_" and name == "log":
                self.at += 1
                base = self.run(text)
            elif kind == "sign" and text == "^":
                self.at += 1
                power = self.script()
            elif kind == "sign" and text == "_" and name == "log":
                self.at += 1
                base = self.script()
            else:
                break
        kind, text, blank = self.peek()
        if kind == "sign" and text == "(":
            self.at += 1
            argument = self.scripts(self.bracket())
        else:
            argument = self.product(inside_function=True)
        result = work(argument)
        if base is not None:
            result /= math.log(base)
        return result ** power

    def big(self, sign):
        below = above = None
        while True:
            kind, text, _ = self.peek()
            if kind in ("_", "^"):
                self.at += 1
                part = tokens(text)
            elif kind == "sign" and text in "_^":
                self.at += 1
                kind = text
                part = self.part()
            else:
                break
            if kind == "_":
                below = part
            else:
                above = part
        if not below or not above or len(below) < 3 or below[1][1] != "=":
            raise Unreadable("limits")
        index = below[0][1]
        first = Reader(below[2:], self.value).whole()
        last = Reader(above, self.value).whole()
        start = self.at
        outer, result = self.value, 0 if sign == "∑" else 1
        for number in range(int(first), int(last) + 1):
            self.at = start
            self.value = lambda name, number=number: number if name == index else outer(name)
            term = self.product()
            result = result + term if sign == "∑" else result * term
        self.value = outer
        return result

    def part(self):
        """The tokens of a script after _ or ^."""
        kind, text, _ = self.peek()
        if kind != "sign" or text != "(":
            self.at += 1
            return [(("word" if kind in ("letter", "name") else kind), text, False)]
        depth, start = 0, self.at + 1
        while self.at < len(self.items):
            text = self.items[self.at][1]
            depth += (text == "(") - (text == ")")
            self.at += 1
            if depth == 0:
                return [(("word" if k in ("letter", "name") else k), t, b) for k, t, b in self.items[start:self.at - 1]]
        raise Unreadable("brackets")

    def whole(self):
        result = self.expression()
        if self.at < len(self.items):
            raise Unreadable(f"{self.peek()[1]} is left over")
        return result


def statements(text):
    """The text cut at its relations, commas and the word or outside of brackets, and those signs."""
    parts, signs, depth, start = [], [], 0, 0
    text = text.strip()
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1 and "," in text:
        text = text[1:-1]
    at = 0
    while at < len(text):
        c = text[at]
        depth += (c in "([{⌊⌈") - (c in ")]}⌋⌉")
        word = re.match(r"\s+or\s+", text[at:])
        if depth == 0 and (c in RELATIONS and not re.match(r",\d{3}(?!\d)", text[at:]) or c == "⟹" or word):
            parts.append(text[start:at])
            signs.append("or" if word else c.translate(SIGNS))
            at += len(word[0]) if word else 1
            start = at
        else:
            at += 1
    parts.append(text[start:])
    return parts, signs


def reading(text, seed):
    """The values of the parts of a text and the signs between them."""
    value = values(seed)
    text = text.strip().rstrip(".")
    modulus = re.search(r"\(mod\s*(.+)\)\s*$", text)
    found = []
    if modulus:
        found.append(Reader(tokens(modulus[1]), value).whole())
        text = text[:modulus.start()]
    tuples = re.fullmatch(r"\s*\(([^()]*,[^()]*)\)\s*=\s*\(([^()]*,[^()]*)\)\s*", text)
    if tuples:
        text = tuples[1] + "=" + tuples[2]
    parts, signs = statements(text)
    return found + [Reader(tokens(part), value).whole() for part in parts], signs


def meaning(expression, seed):
    """The same for an expression of `meaning.txt`."""
    value = values(seed)
    names = {"sqrt": math.sqrt, "factorial": math.factorial, "comb": math.comb, "floor": math.floor, "ceil": math.ceil,
             "abs": abs, "sin": math.sin, "cos": math.cos, "tan": math.tan, "log": math.log, "gcd": math.gcd,
             "max": max, "min": min}

    class Names(dict):
        def __missing__(self, name):
            return value(name)

    def work(text):
        return eval(text, {"__builtins__": {}}, Names(names))  # Our own file.

    found = []
    modulus = re.search(r"\(mod (.+)\)$", expression)
    if modulus:
        found.append(work(modulus[1]))
        expression = expression[:modulus.start()]
    parts = re.split(r'\s(=|<|>|≤|≥|≠|≈|≡|⇒|:|,|"or")\s', expression.strip())
    return found + [work(part) for part in parts[::2]], [sign.strip('"') for sign in parts[1::2]]


def same(text, expression):
    """Whether a text says what an expression does, for three choices of the variables."""
    for seed in range(3):
        expected, signs = meaning(expression, seed)
        try:
            found, found_signs = reading(text, seed)
        except (Unreadable, ArithmeticError, ValueError, TypeError, RecursionError):
            return False
        if signs != found_signs or len(found) != len(expected):
            return False
        for one, other in zip(found, expected):
            if isinstance(one, complex) or not math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9):
                return False
    return True
