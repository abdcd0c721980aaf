"""Tables and charts of what the seeds gave."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

COLOURS = ("#2f6db3", "#c4622d", "#3d8b55", "#8a5aa8", "#777777")
FONT = 'font-family="sans-serif" font-size="12"'


def interval(value: dict[str, float | None] | None) -> str:
    """An interval in brackets."""
    if not value or value.get("low") is None or value.get("high") is None:
        return ""
    return f" [{value['low']:.1f}, {value['high']:.1f}]"


def number(value: float | None) -> str:
    """A score."""
    return "–" if value is None else f"{value:.1f}"


def names(results: Sequence[dict[str, Any]]) -> list[str]:
    """The critics' names in the order in which they were evaluated."""
    found: dict[str, None] = {}
    for result in results:
        found.update(dict.fromkeys(result["critics"]))
    return list(found)


def mean_f1(results: Sequence[dict[str, Any]], name: str) -> float:
    """The mean F1 of a critic over the seeds that have it."""
    values = [result["critics"][name]["f1"] or 0.0 for result in results if name in result["critics"]]
    return sum(values) / len(values)


def table(results: Sequence[dict[str, Any]]) -> str:
    """F1 with its interval for every critic and seed, then both accuracies."""
    seeds = [f"seed {result['seed']}" for result in results]
    lines = ["| critic | " + " | ".join(seeds) + " | mean F1 |", "|---|" + "---|" * (len(seeds) + 1)]
    for name in names(results):
        cells = []
        for result in results:
            one = result["critics"].get(name)
            cells.append(number(one["f1"]) + interval(one["interval"]) if one else "–")
        lines.append(f"| {name} | " + " | ".join(cells) + f" | **{mean_f1(results, name):.1f}** |")
        ones = [result["critics"][name].get("one") for result in results if name in result["critics"]]
        if ones and None not in ones:
            # What voting gains shows beside single answers of the same sampling.
            lines.append(
                f"| {name}: one of these answers | " + " | ".join(map(number, ones)) + f" | {sum(ones) / len(ones):.1f} |")
    header = " | ".join(seeds) + " |"
    rule = "|---|" + "---|" * len(seeds)
    lines += ["", "Error accuracy / correct accuracy:", "", "| critic | " + header, rule]
    for name in names(results):
        cells = []
        for result in results:
            one = result["critics"].get(name)
            cells.append(f"{number(one['error']['percent'])} / {number(one['correct']['percent'])}" if one else "–")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += ["", "Seconds:", "", "| part | " + header, rule]
    for part in results[0]["seconds"]:
        lines.append(f"| {part} | " + " | ".join(f"{result['seconds'].get(part, 0):.0f}" for result in results) + " |")
    return "\n".join(lines) + "\n"


def shape(results: Sequence[dict[str, Any]]) -> list[str]:
    """What of the paper's shape did not come out; empty when all of it did."""
    missing = []
    for result in results:
        critics, seed = result["critics"], result["seed"]
        for lower, higher in (("base", "SFT"), ("SFT", "RL")):
            low, high = critics[lower]["interval"], critics[higher]["interval"]
            # A critic that is never right has no interval.
            top = low["high"] if low and low.get("high") is not None else critics[lower]["f1"] or 0.0
            bottom = high["low"] if high and high.get("low") is not None else critics[higher]["f1"] or 0.0
            if bottom <= top:
                missing.append(f"seed {seed}: {higher} is not clearly above {lower}")
        for name, one in critics.items():
            if name.startswith("RL, Maj@") and one["f1"] < critics["RL"]["f1"]:
                missing.append(f"seed {seed}: {name} is below the single answer")
            if one.get("one") is not None and one["f1"] < one["one"]:
                missing.append(f"seed {seed}: {name} is below one of its answers")
    return missing


def bars(results: Sequence[dict[str, Any]]) -> str:
    """F1 of every critic, a bar for each seed with its interval, as SVG."""
    critics = names(results)
    group, height, left, top = 120, 220, 44, 32
    width = left + group * len(critics) + 10
    parts = [frame(width, height + top + 40, "F1 on held-out problems, with 95 % intervals")]
    for value in range(0, 101, 20):
        y = top + height - height * value / 100
        parts.append(f'<line x1="{left}" x2="{width - 8}" y1="{y:.1f}" y2="{y:.1f}" stroke="#8885"/>')
        parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{value}</text>')
    bar = (group - 30) / max(len(results), 1)
    for place, name in enumerate(critics):
        for index, result in enumerate(results):
            one = result["critics"].get(name)
            if not one:
                continue
            x = left + place * group + 15 + index * bar
            size = height * (one["f1"] or 0.0) / 100
            parts.append(
                f'<rect x="{x:.1f}" y="{top + height - size:.1f}" width="{bar - 4:.1f}" height="{max(size, 1):.1f}" '
                f'fill="{COLOURS[index % len(COLOURS)]}"><title>seed {result["seed"]}: {number(one["f1"])}'
                f'{interval(one["interval"])}</title></rect>')
            if interval(one["interval"]):
                ends = [top + height - height * one["interval"][end] / 100 for end in ("low", "high")]
                middle = x + (bar - 4) / 2
                parts.append(
                    f'<line x1="{middle:.1f}" x2="{middle:.1f}" y1="{ends[0]:.1f}" y2="{ends[1]:.1f}" '
                    'stroke="#888" stroke-width="2"/>')
        parts.append(
            f'<text x="{left + place * group + group / 2:.0f}" y="{top + height + 18}" text-anchor="middle">'
            f'{name}</text>')
    return "\n".join(parts) + "\n</svg>\n"


def curve(results: Sequence[dict[str, Any]], log: str, metric: str, title: str) -> str:
    """A metric of a run over its steps, a line for each seed, as SVG."""
    width, height, left, top = 560, 200, 48, 24
    series = [[(row["step"], float(row[metric])) for row in result.get(log, []) if metric in row] for result in results]
    points = [point for one in series for point in one]
    parts = [frame(width, height + top + 34, title)]
    if points:
        last = max(step for step, _ in points)
        low, high = min(value for _, value in points), max(value for _, value in points)
        span = (high - low) or 1.0
        for share in (0.0, 0.5, 1.0):
            y = top + height * (1 - share)
            parts.append(f'<line x1="{left}" x2="{width - 8}" y1="{y:.1f}" y2="{y:.1f}" stroke="#8885"/>')
            parts.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{low + span * share:.2f}</text>')
        parts.append(f'<text x="{width - 8}" y="{top + height + 18}" text-anchor="end">step {last}</text>')
        for index, one in enumerate(series):
            path = " ".join(
                f"{left + (width - left - 8) * step / last:.1f},{top + height * (1 - (value - low) / span):.1f}"
                for step, value in smooth(one))
            parts.append(
                f'<polyline points="{path}" fill="none" stroke="{COLOURS[index % len(COLOURS)]}" stroke-width="1.5"/>')
    return "\n".join(parts) + "\n</svg>\n"


def smooth(points: Sequence[tuple[int, float]], window: int = 9) -> list[tuple[int, float]]:
    """Each value as the mean of those around it."""
    half = window // 2 if len(points) > 3 * window else 0
    found = []
    for index, (step, _) in enumerate(points):
        near = points[max(index - half, 0): index + half + 1]
        found.append((step, sum(value for _, value in near) / len(near)))
    return found


def frame(width: int, height: int, title: str) -> str:
    """The beginning of an SVG."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'{FONT}>\n'
        f'<style>text{{fill:#555}}@media(prefers-color-scheme:dark){{text{{fill:#aaa}}}}</style>\n'
        f'<text x="8" y="14" font-weight="bold">{title}</text>')


def write(results: Sequence[dict[str, Any]], folder: str) -> list[str]:
    """Writes table.md, results.json and the charts; gives their paths."""
    files = {
        "table.md": table(results),
        "results.json": json.dumps(list(results), indent=1) + "\n",
        "f1.svg": bars(results),
        "sft-loss.svg": curve(results, "sft log", "loss", "Loss of supervised fine-tuning"),
        "rl-reward.svg": curve(results, "rl log", "reward", "Mean reward of reinforcement learning"),
    }
    paths = []
    for name, text in files.items():
        paths.append(os.path.join(folder, name))
        with open(paths[-1], "w", encoding="utf-8") as file:
            file.write(text)
    return paths
