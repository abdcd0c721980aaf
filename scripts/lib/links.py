#!/usr/bin/env python3
"""Checks relative links and anchors in all Markdown files of the repository; exit code 1 after a broken one."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def text_of(path):
    """A file without its code blocks, which may hold brackets and hashes."""
    return re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)


def anchors(path):
    """The anchors of headings, as GitHub makes them."""
    titles = re.findall(r"^#+ (.*)$", text_of(path), re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def main():
    broken = 0
    pages = [path for pattern in ("*.md", "docs/**/*.md", "SampleData/**/*.md") for path in ROOT.glob(pattern)]
    for page in sorted(pages):
        links = re.findall(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"", text_of(page))
        for link in (first or second for first, second in links):
            if re.match(r"[a-z]+:", link):
                continue
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            if not target.exists() or anchor and target.suffix == ".md" and anchor not in anchors(target):
                print(f"{page.relative_to(ROOT)}: broken link '{link}'")
                broken += 1
    if broken:
        sys.exit(f"{broken} broken link(s).")


if __name__ == "__main__":
    main()
