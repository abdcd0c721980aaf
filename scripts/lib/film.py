#!/usr/bin/env python3
"""Joins SVG pictures of one size into one that plays them: film.py SECONDS PICTURE… > film.svg"""

import re
import sys
from pathlib import Path


def main():
    seconds, paths = float(sys.argv[1]), sys.argv[2:]
    pictures = []
    for path in paths:
        text = Path(path).read_text(encoding="utf-8")
        # Two equal pictures in a row are one.
        if not pictures or pictures[-1] != text:
            pictures.append(text)
    head = re.match(r"<svg[^>]*>\n<title>.*?</title>\n", pictures[0]).group(0)
    share = 100 / len(pictures)
    out = [head, "<style>.f{visibility:hidden;animation:f ", f"{seconds * len(pictures):g}s infinite step-end}}",
           f"@keyframes f{{0%{{visibility:visible}}{share:.4g}%{{visibility:hidden}}}}",
           "@media(prefers-reduced-motion){.f{animation:none}.f:last-child{visibility:visible}}</style>\n"]
    for number, text in enumerate(pictures):
        body = text[len(re.match(r"<svg[^>]*>\n<title>.*?</title>\n", text).group(0)):].rsplit("</svg>", 1)[0]
        out.append(f'<g class="f" style="animation-delay:{seconds * number:g}s">\n{body}</g>\n')
    sys.stdout.write("".join(out) + "</svg>\n")


if __name__ == "__main__":
    main()
