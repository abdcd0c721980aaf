"""Writes a manual page for each command: man_pages.py PROGRAM DIRECTORY."""

import datetime
import json
import os
import re
import subprocess
import sys

EXIT_STATUS = (("0", "Done."), ("1", "Failed."), ("2", "Wrong usage."),
               ("3", "Done, except for records that could not be read or written."), ("130", "Interrupted."))


def escape(text):
    """Text that no line of is taken for a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "\\(ga").replace("^", "\\(ha")
    text = text.replace("~", "\\(ti").replace("…", "...")
    return re.sub(r"(?m)^\.", r"\\&.", text)


def spelled(argument):
    """An argument as the synopsis shows it."""
    if argument["kind"] == "positional":
        return f"\\fI{escape(argument['valueName'])}\\fR"
    name = argument["preferredName"]
    text = f"\\fB{escape(('--' if name['kind'] == 'long' else '-') + name['name'])}\\fR"
    return text if argument["kind"] == "flag" else f"{text} \\fI{escape(argument['valueName'])}\\fR"


def synopsis(argument):
    text = spelled(argument) + (" ..." if argument["isRepeating"] else "")
    return f"[{text}]" if argument["isOptional"] else text


def option(argument):
    names = ", ".join(
        f"\\fB{escape(('--' if name['kind'] == 'long' else '-') + name['name'])}\\fR"
        for name in sorted(argument.get("names", []), key=lambda name: len(name["name"])))
    value = f"\\fI{escape(argument['valueName'])}\\fR"
    title = value if argument["kind"] == "positional" else names if argument["kind"] == "flag" else f"{names} {value}"
    lines = [".TP", title, *body(argument.get("abstract", ""))]
    if argument.get("allValues"):
        lines.append("One of " + ", ".join(f"\\fB{escape(value)}\\fR" for value in argument["allValues"]) + ".")
    return lines


def body(text):
    """Paragraphs; what is indented or is a command stays as it is."""
    lines, verbatim = [], False
    for line in text.strip("\n").split("\n"):
        is_code = line.startswith("  ") or line.startswith("deepcritic ")
        if is_code != verbatim:
            lines += [".nf", ".RS 4"] if is_code else [".RE", ".fi"]
            verbatim = is_code
        lines.append(escape(line.strip()) if line.strip() else ".PP" if lines and lines[-1] != ".PP" else "")
    if verbatim:
        lines += [".RE", ".fi"]
    return [line for line in lines if line]


def examples(program, path):
    """The examples with which the help of a command begins."""
    done = subprocess.run([program, *path[1:], "--help"], check=True, capture_output=True, text=True)
    return [line[4:] for line in done.stdout.splitlines() if line.startswith("  $ ")]


def page(command, path, others, shown_examples, version, date):
    name = "-".join(path)
    abstract = command.get("abstract", "").rstrip(".")
    # What every command takes is described once.
    everywhere = ("help", "version") if len(path) > 1 else ()
    shown = [argument for argument in command.get("arguments", []) if argument["shouldDisplay"]
             and argument.get("preferredName", {}).get("name") not in everywhere]
    children = [child for child in command.get("subcommands", []) if child["shouldDisplay"] and child["commandName"] != "help"]
    lines = [f'.TH "{name.upper()}" "1" "{date}" "deepcritic {version}" "DeepCritic Workbench"', ".SH NAME",
             f"{escape(name)} \\- {escape(abstract[:1].lower() + abstract[1:])}", ".SH SYNOPSIS",
             f"\\fB{escape(' '.join(path))}\\fR"]
    if children:
        lines.append("[\\fIcommand\\fR]")
    lines += [synopsis(argument) for argument in shown]
    if command.get("discussion"):
        lines += [".SH DESCRIPTION", *body(command["discussion"])]
    for title, kinds in (("ARGUMENTS", ("positional",)), ("OPTIONS", ("flag", "option"))):
        chosen = [argument for argument in shown if argument["kind"] in kinds]
        if chosen:
            lines.append(f".SH {title}")
            for argument in chosen:
                lines += option(argument)
    if children:
        lines.append(".SH COMMANDS")
        for child in children:
            lines += [".TP", f"\\fB{escape('-'.join([*path, child['commandName']]))}\\fR(1)", *body(child.get("abstract", ""))]
    if shown_examples:
        lines += [".SH EXAMPLES", ".nf", *(escape(line) for line in shown_examples), ".fi"]
    lines.append(".SH EXIT STATUS")
    for status, meaning in EXIT_STATUS:
        lines += [".TP", f"\\fB{status}\\fR", escape(meaning)]
    if others:
        lines += [".SH SEE ALSO", ",\n".join(f"\\fB{escape(other)}\\fR(1)" for other in others)]
    return "\n".join(lines) + "\n"


def main():
    program, directory = sys.argv[1:]
    root = json.loads(subprocess.run([program, "--experimental-dump-help"], check=True, capture_output=True).stdout)["command"]
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.split()[0]
    date = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), datetime.timezone.utc).date()

    def walk(command, path):
        if not command["shouldDisplay"] or command["commandName"] == "help":
            return
        others = ["-".join(path[:-1])] if len(path) > 1 else []
        with open(os.path.join(directory, "-".join(path) + ".1"), "w", encoding="utf-8") as file:
            file.write(page(command, path, others, examples(program, path), version, date))
        for child in command.get("subcommands", []):
            walk(child, [*path, child["commandName"]])

    walk(root, [root["commandName"]])


if __name__ == "__main__":
    main()
