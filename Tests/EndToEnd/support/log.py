"""The event log and what must follow from it, computed here once more and in another language.

The rule is that of ARCHITECTURE.md: what stands is a function of the set of events of a solution, in the order of
logical time and UUID, without those whose last undo or redo is an undo.
"""

import sqlite3

from .harness import Failure, equal

KEYS = "uuid solution step kind value note basis reviewer at elapsed mode target clock".split()
TABLES = {
    "verdict": "solution step reviewer rating event at mode basis",
    "flag": "solution step reviewer",
    "comment": "solution event step reviewer text at",
    "review": "solution reviewer state ratings first_error mark mark_reason flags comments differs elapsed at clock",
}
SIGNS = {1: "+", 0: "0", -1: "-"}


def database(path, write=False):
    return sqlite3.connect(f"file:{path}/workspace.sqlite?mode={'rw' if write else 'ro'}", uri=True, timeout=10)


def query(path, sql, *values):
    connection = database(path)
    try:
        return connection.execute(sql, values).fetchall()
    finally:
        connection.close()


def events(path, reviewer=None):
    """Every event in order of effect, as dictionaries."""
    rows = query(path, f"SELECT {','.join(KEYS)} FROM event ORDER BY clock, uuid")
    found = [dict(zip(KEYS, row)) for row in rows]
    return [event for event in found if reviewer in (None, event["reviewer"])]


def count(path, reviewer=None):
    return len(events(path, reviewer))


def words(event):
    """An event as a short text, for comparing with what was typed."""
    return f"{event['step']} {event['kind']} {event['value']}".strip()


def standing(path):
    """Events that count: by the last undo or redo of each."""
    all_events = events(path)
    undone = set()
    for event in all_events:
        if event["kind"] == "undo":
            undone.add(event["target"])
        if event["kind"] == "redo":
            undone.discard(event["target"])
    return [e for e in all_events if e["kind"] not in ("undo", "redo") and e["uuid"] not in undone]


def expected_tables(path):
    views = {}
    for event in standing(path):
        view = views.setdefault(
            (event["solution"], event["reviewer"]),
            {"verdict": {}, "flag": set(), "comment": [], "mark": None, "at": 0, "clock": 0, "elapsed": 0})
        kind, step, value = event["kind"], event["step"], event["value"]
        if kind == "verdict":
            if value not in ("-1", "0", "1") or step < 1:
                continue
            view["verdict"][step] = (int(value), event["uuid"], event["at"], event["mode"], event["basis"])
        elif kind == "clear":
            view["verdict"].pop(step, None)
        elif kind == "flag":
            (view["flag"].discard if value == "0" else view["flag"].add)(step)
        elif kind == "comment":
            view["comment"] = [c for c in view["comment"] if c[0] != event["target"]]
            if value:
                view["comment"].append((event["uuid"], step, value, event["at"]))
        elif kind == "mark":
            view["mark"] = (value, event["note"]) if value in ("bad_problem", "give_up", "skip") else None
        else:
            continue
        view["at"], view["clock"] = event["at"], event["clock"]
        view["elapsed"] += event["elapsed"] or 0

    solutions = {key: (steps, ratings) for key, steps, ratings in query(
        path, "SELECT key, steps, coalesce(imported, ratings) FROM solution")}
    tables = {name: [] for name in TABLES}
    for (solution, reviewer), view in views.items():
        verdicts, mark = view["verdict"], view["mark"]
        if not (verdicts or view["flag"] or view["comment"] or mark):
            continue
        steps, labels = solutions.get(solution, (0, ""))
        highest = max([steps, *verdicts])
        signature = "".join(SIGNS[verdicts[s][0]] if s in verdicts else "." for s in range(1, highest + 1))
        differs = sum(
            1 for mine, label in zip(signature, labels) if "." not in (mine, label) and (mine == "-") != (label == "-"))
        wrong = [step for step in verdicts if verdicts[step][0] == -1]
        needed = min(wrong) if wrong else steps
        complete = needed > 0 and all(step in verdicts for step in range(1, needed + 1))
        if mark and mark[0] in ("bad_problem", "give_up"):
            state = mark[0]
        elif mark and not verdicts:
            state = "skipped"
        elif not verdicts:
            state = "untouched"
        elif complete:
            state = "complete"
        else:
            state = "skipped" if mark else "started"
        for step, verdict in verdicts.items():
            tables["verdict"].append((solution, step, reviewer, *verdict))
        for step in view["flag"]:
            tables["flag"].append((solution, step, reviewer))
        for uuid, step, text, at in view["comment"]:
            tables["comment"].append((solution, uuid, step, reviewer, text, at))
        tables["review"].append((
            solution, reviewer, state, signature, min(wrong) if wrong else None, mark[0] if mark else None,
            mark[1] if mark else None, len(view["flag"]), len(view["comment"]), differs, view["elapsed"], view["at"],
            view["clock"]))
    return {name: sorted(rows, key=repr) for name, rows in tables.items()}


def actual_tables(path):
    return {
        name: sorted(query(path, f"SELECT {columns.replace(' ', ',')} FROM {name}"), key=repr)
        for name, columns in TABLES.items()}


def expected_labels(path):
    """The label of every solution that somebody decided about, by the rule in docs/explanation/curation.md, every reviewer counting."""
    settled, verdicts = {}, {}
    for event in standing(path):
        solution, step, value = event["solution"], event["step"], event["value"]
        if event["kind"] == "adjudication" and step > 0:
            settled.setdefault(solution, {})[step] = value
        elif event["kind"] == "verdict" and value in ("-1", "0", "1"):
            verdicts.setdefault(solution, {}).setdefault(step, {})[event["reviewer"]] = int(value)
        elif event["kind"] == "clear":
            verdicts.setdefault(solution, {}).setdefault(step, {}).pop(event["reviewer"], None)
    labels = {}
    for solution, imported in query(path, "SELECT key, coalesce(imported, ratings) FROM solution"):
        if solution not in settled and solution not in verdicts:
            continue
        label = ""
        for step, given in enumerate(imported, 1):
            said = verdicts.get(solution, {}).get(step, {}).values()
            word = settled.get(solution, {}).get(step)
            if "-" in label:
                label += given
            elif word:
                label += SIGNS[int(word)]
            elif said:
                label += SIGNS[min(said)] if len({rating < 0 for rating in said}) == 1 else "."
            else:
                label += given
        if "-" in label and label.index("-") < (imported + "-").index("-"):
            first = label.index("-") + 1
            label = label[:first] + "." * (len(label) - first)
        labels[solution] = label
    return labels


def check_projections(path):
    """The tables kept up to date by the program equal those computed here from its log, and the database is sound."""
    expected, actual = expected_tables(path), actual_tables(path)
    for name in TABLES:
        if expected[name] != actual[name]:
            missing = [row for row in expected[name] if row not in actual[name]]
            extra = [row for row in actual[name] if row not in expected[name]]
            raise Failure(f"table {name} is not what the log says:\n  missing {missing}\n  extra   {extra}")
    labels = dict(query(path, "SELECT key, ratings FROM solution"))
    expected = expected_labels(path)
    estimated = {key for key, in query(path, "SELECT key FROM solution WHERE id IN (SELECT solution_id FROM estimate)")}
    for solution in expected.keys() - estimated:
        equal(labels[solution], expected[solution], f"the label of {solution}")
    equal(query(path, "PRAGMA integrity_check"), [("ok",)], "PRAGMA integrity_check")
    clock = [event["clock"] for event in events(path)]
    equal(len(clock), len(set(clock)), "distinct logical times of events")
