#!/usr/bin/env python3
"""The outcome of every part of the tests, and the summary of it.

Each script adds its parts to the file that DEEPCRITIC_TEST_REPORT names, one a line: outcome, script, part and reason,
with tabs between them. Without that variable nothing is written.

    report.py REPORT [XUNIT …]    prints the summary of a report and of the files that `swift test --xunit-output` wrote;
                                  ends with 1 when something has failed
"""

import collections
import os
import sys
import xml.etree.ElementTree

PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
Part = collections.namedtuple("Part", "outcome script part reason")


def add(outcome, part, reason=""):
    """Adds a part of the running script that has "passed", "failed" or was "skipped"."""
    file = os.environ.get("DEEPCRITIC_TEST_REPORT")
    if not file:
        return
    fields = [outcome, os.path.relpath(os.path.abspath(sys.argv[0]), PACKAGE), part, reason]
    with open(file, "a", encoding="utf-8") as report:
        report.write("\t".join(" ".join(str(field).split()) for field in fields) + "\n")


def read(file):
    with open(file, encoding="utf-8") as report:
        return [Part(*line.rstrip("\n").split("\t")) for line in report]


def unit_tests(file):
    """The parts in a file of `swift test`: a suite and a test each."""
    found = []
    for case in xml.etree.ElementTree.parse(file).iter("testcase"):
        name = f"{case.get('classname', '').split('.')[-1]}/{case.get('name', '').split('(')[0]}"
        outcome, reason = "passed", ""
        for element, word in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
            if case.find(element) is not None:
                outcome, reason = word, case.find(element).get("message") or case.find(element).text or ""
                break
        found.append(Part(outcome, "unit tests", name, " ".join(reason.split())))
    return found


def summary(parts):
    """What was skipped and what has failed, each with its reason, and the numbers on the last line."""
    lines = []
    for outcome in ("skipped", "failed"):
        listed = [part for part in parts if part.outcome == outcome]
        if listed:
            lines.append(outcome.capitalize() + ":")
        lines += ["  " + " · ".join(filter(None, part[1:])) for part in listed]
    numbers = collections.Counter(part.outcome for part in parts)
    lines.append(", ".join(f"{numbers[outcome]} {outcome}" for outcome in ("passed", "failed", "skipped")))
    return "\n".join(lines)


if __name__ == "__main__":
    report, *files = sys.argv[1:]
    everything = [part for file in files for part in unit_tests(file)] + read(report)
    print(summary(everything))
    sys.exit(any(part.outcome == "failed" for part in everything))
