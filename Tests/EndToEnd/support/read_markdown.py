"""What readers of Markdown with mathematics find in texts: run by the interpreter of the environment 'markdown'.

Reads a JSON array of texts, writes for every reader and text an array of blocks: a kind and its runs, each a kind
(text, formula, code, other) and its content.
"""

import json
import sys

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.texmath import texmath_plugin


def reader(plugin, **options):
    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(plugin, **options)


READERS = {
    "dollarmath": reader(dollarmath_plugin),
    "dollarmath, strict": reader(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True),
    "texmath with dollars": reader(texmath_plugin, delimiters="dollars"),
    "texmath with brackets": reader(texmath_plugin, delimiters="brackets"),
}


def runs(token):
    for child in token.children or []:
        if child.type in ("softbreak", "hardbreak"):
            yield "text", "\n"
        elif child.type in ("text", "text_special"):
            yield "text", child.content
        elif child.type.startswith("math"):
            yield "formula", child.content
        elif child.type == "code_inline":
            yield "code", child.content
        else:
            yield "other", child.type


def blocks(tokens):
    opened = ""
    for token in tokens:
        if token.type.endswith("_open"):
            opened = token.type.removesuffix("_open")
        elif token.type == "inline":
            yield opened, list(runs(token))
        elif token.type.startswith("math"):
            yield "paragraph", [("formula", token.content)]
        elif not token.type.endswith("_close"):
            yield token.type, []


texts = json.load(sys.stdin)
json.dump({name: [list(blocks(reader.parse(text))) for text in texts] for name, reader in READERS.items()}, sys.stdout)
